#include "drive/maintenance.h"

#include "content/content.h"
#include "drive/blob.h"
#include "drive/erase.h"
#include "drive/site.h"
#include "store/drives.h"
#include "store/grants.h"
#include "store/nodes.h"
#include "store/revisions.h"
#include "store/people.h"
#include "store/shares.h"
#include "store/search.h"
#include "store/store.h"
#include "store/tasks.h"
#include "store/uploads.h"

enum {
    ROWS_A_ROUND = 2000,
    UPLOADS_A_ROUND = 100, /* each has texts and parts */
    WORDS_A_ROUND = 1000,  /* nodes whose words are listed */
};

/* ---- uploads that nobody finished ---- */

/* As many as one round takes leave nothing for the rest of it. */
static enum fault purge_uploads(struct cx *cx, struct list *uploads, int *budget)
{
    for (size_t i = 0; i < uploads->count; i++, --*budget)
        TRY(upload_erase(cx, &((const struct upload *)uploads->items)[i]));
    if (uploads->count == UPLOADS_A_ROUND)
        *budget = 0;
    return OK;
}

/* ---- drives ---- */

static enum fault erase_drive(struct cx *cx, const struct drive *drive, int *budget)
{
    struct list uploads, nodes, revisions;
    TRY(store_uploads_of_drive(cx, drive->id, UPLOADS_A_ROUND, &uploads));
    TRY(purge_uploads(cx, &uploads, budget));
    if (*budget <= 0)
        return OK;
    TRY(store_revisions_of_drive(cx, drive->id, *budget, &revisions));
    for (size_t i = 0; i < revisions.count; i++, --*budget) {
        const struct revision *r = &((const struct revision *)revisions.items)[i];
        TRY(blob_release(cx, r->content));
        TRY(store_revision_remove(cx, r));
    }
    if (*budget <= 0)
        return OK;
    TRY(store_nodes_of_drive(cx, drive->id, ID_NONE, *budget, &nodes));
    for (size_t i = 0; i < nodes.count; i++, --*budget) {
        const struct node *n = &((const struct node *)nodes.items)[i];
        if (n->content.v)
            TRY(blob_release(cx, n->content));
        TRY(store_node_remove(cx, drive->id, n->id));
    }
    if (nodes.count) { /* those were not all, or it is not known */
        *budget = 0;
        return OK;
    }
    TRY(store_shares_remove_of_drive(cx, drive->id));
    return store_drive_remove(cx, drive->id);
}

static enum fault erase_drives(struct cx *cx, int *budget)
{
    struct list drives;
    int64_t     moving;
    TRY(store_drives_deleted(cx, 16, &drives));
    for (size_t i = 0; i < drives.count && *budget > 0; i++) {
        const struct drive *drive = &((const struct drive *)drives.items)[i];
        TRY(store_tasks_moving(cx, drive->id, &moving));
        if (!moving) /* a tree on its way is put back first */
            TRY(erase_drive(cx, drive, budget));
    }
    return OK;
}

/* ---- the bin's end ---- */

struct oldest {
    instant trashed;
    bool    found;
};

static bool see_oldest(void *arg, void *row)
{
    *(struct oldest *)arg = (struct oldest){ ((const struct node_row *)row)->node.trashed, true };
    return false;
}

/* What was kept long enough goes by a task of the drive's, unless one is at it. */
static enum fault empty_bin(struct cx *cx, const struct drive *drive, int *budget)
{
    const instant before = { cx->now.ms - (int64_t)cx->site->domain.bin_days * 24 * 3600 * 1000 };
    const struct node_position start = { .is_start = true };
    struct oldest oldest = { .found = false };
    int64_t       running;
    id            task;
    TRY(store_nodes_each(cx, drive->id, drive->bin, ORDER_TRASHED, false, &start, 1, see_oldest, &oldest));
    if (!oldest.found || oldest.trashed.ms >= before.ms)
        return OK;
    TRY(store_tasks_on_drive(cx, drive->id, TASK_CLEAR, &running));
    --*budget;
    return running ? OK : bin_clear(cx, drive, before, 0, true, &task);
}

static enum fault empty_bins(struct cx *cx, int *budget)
{
    struct list drives;
    id          after = ID_NONE;
    if (!cx->site->domain.bin_days)
        return OK;
    do {
        TRY(store_drives_all(cx, cx->site->domain.id, after, 256, &drives));
        const struct drive *items = drives.items;
        for (size_t i = 0; i < drives.count && *budget > 0; i++)
            TRY(empty_bin(cx, &items[i], budget));
        if (drives.count)
            after = items[drives.count - 1].id;
    } while (drives.count == 256 && *budget > 0);
    return OK;
}

/* ---- content ---- */

static enum fault drop_content(struct cx *cx, instant before, struct list *gone, int *budget)
{
    struct list contents, chunks;
    TRY(store_contents_unused(cx, before, *budget, &contents));
    for (size_t i = 0; i < contents.count; i++, --*budget)
        TRY(store_content_remove(cx, ((const struct content_record *)contents.items)[i].id, cx->now));
    TRY(store_chunks_unused(cx, before, *budget > 0 ? *budget : 1, &chunks));
    id *ids = ARENA_MANY(cx->arena, id, chunks.count + 1);
    *gone = (struct list){ ids, 0 };
    for (size_t i = 0; i < chunks.count; i++, --*budget) {
        const struct chunk *c = &((const struct chunk *)chunks.items)[i];
        TRY(store_chunk_remove(cx, c->id));
        if (!c->stored_here)
            ids[gone->count++] = c->id;
    }
    return OK;
}

enum fault maintenance_run(struct cx *cx, struct list *gone, bool *more)
{
    struct list uploads;
    int         budget = ROWS_A_ROUND;
    TRY(store_uploads_expired(cx, cx->now, UPLOADS_A_ROUND, &uploads));
    TRY(purge_uploads(cx, &uploads, &budget));
    TRY(store_tokens_remove_expired(cx, cx->now));
    TRY(store_grants_remove_ended(cx, cx->now));
    if (budget > 0)
        TRY(erase_drives(cx, &budget));
    if (budget > 0)
        TRY(tasks_purge(cx, &budget));
    if (budget > 0)
        TRY(empty_bins(cx, &budget));
    *gone = (struct list){ 0 };
    if (budget > 0)
        TRY(drop_content(cx, (instant){ cx->now.ms - cx->site->grace_ms }, gone, &budget));
    int words = WORDS_A_ROUND;
    TRY(store_search_index(cx, &words));
    *more = budget <= 0 || words <= 0;
    return OK;
}

void maintenance_sweep(struct cx *cx, const struct list *gone)
{
    for (size_t i = 0; i < gone->count; i++)
        if (content_remove(cx, cx->site->content, ((const id *)gone->items)[i]) != OK)
            return; /* what stays is told by check, and goes with --repair */
}
