#include "drive/maintenance.h"

#include "content/content.h"
#include "drive/blob.h"
#include "drive/event.h"
#include "drive/hashing.h"
#include "drive/site.h"
#include "store/drives.h"
#include "store/nodes.h"
#include "store/people.h"
#include "store/store.h"
#include "store/uploads.h"

enum { ROWS_A_ROUND = 2000 };

/* ---- uploads that nobody finished ---- */

static enum fault purge_upload(struct cx *cx, const struct upload *upload)
{
    struct list parts;
    bool        fits;
    TRY(store_parts(cx, upload->id, 0, 1 << 20, &parts));
    for (size_t i = 0; i < parts.count; i++)
        TRY(store_chunk_unused(cx, ((const struct part *)parts.items)[i].chunk, cx->now));
    TRY(store_parts_remove(cx, upload->id));
    TRY(store_drive_charge(cx, upload->drive, 0, -upload->reserved, &fits));
    hashing_forget(cx->site->hashing, upload->id);
    return store_upload_remove(cx, upload->id);
}

static enum fault purge_uploads(struct cx *cx, struct list *uploads, int *budget)
{
    for (size_t i = 0; i < uploads->count; i++, --*budget)
        TRY(purge_upload(cx, &((const struct upload *)uploads->items)[i]));
    return OK;
}

/* ---- nodes ---- */

struct first_child {
    id   node;
    bool found;
};

static bool see_child(void *arg, void *row)
{
    struct first_child *child = arg;
    child->node = ((const struct node_row *)row)->node.id;
    child->found = true;
    return false;
}

static enum fault erase_revisions(struct cx *cx, const struct node *node, int64_t *bytes)
{
    struct list revisions;
    TRY(store_revisions_of_node(cx, node->drive, node->id, &revisions));
    const struct revision *r = revisions.items;
    for (size_t i = 0; i < revisions.count; i++) {
        TRY(blob_release(cx, r[i].content));
        TRY(store_revision_remove(cx, &r[i]));
        *bytes += r[i].size;
    }
    return OK;
}

static enum fault erase_one(struct cx *cx, const struct node *node)
{
    bool    fits;
    int64_t bytes = node->kind == NODE_FILE ? node->size : 0;
    if (node->content.v)
        TRY(blob_release(cx, node->content));
    if (node->version > 1)
        TRY(erase_revisions(cx, node, &bytes));
    if (bytes)
        TRY(store_drive_charge(cx, node->drive, -bytes, 0, &fits));
    TRY(store_node_remove(cx, node->drive, node->id));
    return event_add_from(cx, node->drive, node->id, EVENT_DELETE, node->trashed.ms ? node->origin : node->parent);
}

/* Down to a leaf, remove it, and again from the top: no list of a large tree is ever held. */
enum fault node_erase(struct cx *cx, id drive, id top, int *budget, bool *left)
{
    struct node node;
    const struct node_position start = { .is_start = true };
    *left = true;
    while (*budget > 0) {
        struct first_child child = { .node = top, .found = true };
        id at = top;
        while (child.found) {
            at = child.node;
            child.found = false;
            TRY(store_nodes_each(cx, drive, at, ORDER_CREATED, false, &start, 1, see_child, &child));
        }
        const enum fault fault = store_node(cx, drive, at, &node);
        if (fault == OK)
            TRY(erase_one(cx, &node));
        else if (fault != FAULT_NOT_FOUND)
            return fault;
        --*budget;
        if (at.v == top.v) {
            *left = false;
            return OK;
        }
    }
    return OK;
}

/* ---- drives ---- */

static enum fault erase_drive(struct cx *cx, const struct drive *drive, int *budget)
{
    struct list uploads, nodes, revisions;
    TRY(store_uploads_of_drive(cx, drive->id, *budget, &uploads));
    TRY(purge_uploads(cx, &uploads, budget));
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
    return *budget > 0 ? store_drive_remove(cx, drive->id) : OK;
}

static enum fault erase_drives(struct cx *cx, int *budget)
{
    struct list drives;
    TRY(store_drives_deleted(cx, 16, &drives));
    for (size_t i = 0; i < drives.count && *budget > 0; i++)
        TRY(erase_drive(cx, &((const struct drive *)drives.items)[i], budget));
    return OK;
}

/* ---- the bin's end ---- */

struct oldest {
    id   node;
    instant trashed;
};

static bool see_oldest(void *arg, void *row)
{
    struct oldest *oldest = arg;
    const struct node *node = &((const struct node_row *)row)->node;
    *oldest = (struct oldest){ node->id, node->trashed };
    return false;
}

static enum fault empty_bin(struct cx *cx, const struct drive *drive, int *budget)
{
    const instant before = { cx->now.ms - (int64_t)cx->site->domain.bin_days * 24 * 3600 * 1000 };
    const struct node_position start = { .is_start = true };
    bool left = false;
    while (*budget > 0 && !left) {
        struct oldest oldest = { 0 };
        TRY(store_nodes_each(cx, drive->id, drive->bin, ORDER_TRASHED, false, &start, 1, see_oldest, &oldest));
        if (!oldest.node.v || oldest.trashed.ms >= before.ms)
            return OK;
        TRY(node_erase(cx, drive->id, oldest.node, budget, &left));
    }
    return OK;
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
    TRY(store_uploads_expired(cx, cx->now, budget, &uploads));
    TRY(purge_uploads(cx, &uploads, &budget));
    TRY(store_tokens_remove_expired(cx, cx->now));
    if (budget > 0)
        TRY(erase_drives(cx, &budget));
    if (budget > 0)
        TRY(empty_bins(cx, &budget));
    *gone = (struct list){ 0 };
    if (budget > 0)
        TRY(drop_content(cx, (instant){ cx->now.ms - cx->site->grace_ms }, gone, &budget));
    *more = budget <= 0;
    return OK;
}

void maintenance_sweep(struct cx *cx, const struct list *gone)
{
    for (size_t i = 0; i < gone->count; i++)
        if (content_remove(cx, cx->site->content, ((const id *)gone->items)[i]) != OK)
            return; /* what stays is told by check, and goes with --repair */
}
