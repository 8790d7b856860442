#include "drive/blob.h"

#include "drive/access.h"
#include "drive/share.h"
#include "drive/site.h"
#include "store/drives.h"
#include "store/grants.h"
#include "store/nodes.h"
#include "store/store.h"
#include "store/uploads.h"

enum { DRIVES_LOOKED_AT = 500, NODES_LOOKED_AT = 50 };

/* Does a file of this drive that the caller may download hold the content? */
static enum fault drive_shows(struct cx *cx, const struct drive *drive, id content, bool *shown)
{
    struct node node = { 0 };
    unsigned    actions;
    *shown = false;
    for (int i = 0; i < NODES_LOOKED_AT && !*shown; i++) {
        const enum fault fault = store_node_with_content(cx, drive->id, content, node.id, &node);
        if (fault == FAULT_NOT_FOUND)
            return OK;
        TRY(fault);
        TRY(access_to_node(cx, drive, &node, &actions));
        *shown = (actions & ACTION_DOWNLOAD) != 0;
    }
    return OK;
}

static enum fault any_shows(struct cx *cx, const struct list *drives, id content, bool *shown)
{
    const struct drive *items = drives->items;
    *shown = false;
    for (size_t i = 0; i < drives->count && !*shown; i++)
        TRY(drive_shows(cx, &items[i], content, shown));
    return OK;
}

static enum fault granted_shows(struct cx *cx, id content, bool *shown)
{
    struct list  numbers;
    struct drive drive;
    *shown = false;
    TRY(store_granted_drives(cx, cx->caller->user, &numbers));
    for (size_t i = 0; i < numbers.count && !*shown; i++)
        if (store_drive(cx, cx->site->domain.id, ((const id *)numbers.items)[i], &drive) == OK)
            TRY(drive_shows(cx, &drive, content, shown));
    return OK;
}

/* A digest is a way to take files, so a match counts only against what the caller can read already: his
 * own drives, his teams', the one of all staff, and what was granted to him. */
static enum fault can_read(struct cx *cx, id content, bool *shown)
{
    struct list  drives;
    struct drive staff;
    const id     domain = cx->site->domain.id;
    *shown = cx->site->domain.instant_any_owner;
    if (*shown)
        return OK;
    if (share_visit(cx)) { /* nothing else is his to read */
        TRY(share_drive(cx, &staff));
        return drive_shows(cx, &staff, content, shown);
    }
    if (!cx->caller->user.v) {
        TRY(store_drives_all(cx, domain, ID_NONE, DRIVES_LOOKED_AT, &drives));
        return any_shows(cx, &drives, content, shown);
    }
    TRY(store_drives_of(cx, cx->caller->user, ID_NONE, DRIVES_LOOKED_AT, &drives));
    TRY(any_shows(cx, &drives, content, shown));
    if (!*shown) {
        TRY(store_drives_of_groups(cx, domain, cx->caller->user, false, ID_NONE, DRIVES_LOOKED_AT, &drives));
        TRY(any_shows(cx, &drives, content, shown));
    }
    if (!*shown && store_drive(cx, domain, cx->site->domain.staff_drive, &staff) == OK)
        TRY(drive_shows(cx, &staff, content, shown));
    return *shown ? OK : granted_shows(cx, content, shown);
}

enum fault blob_find(struct cx *cx, int64_t size, str sha256, str sha1, struct content_record *out)
{
    struct list candidates = { 0 };
    bool        shown = false;
    if (sha256.n) {
        struct content_record *one = ARENA_NEW(cx->arena, struct content_record);
        const enum fault fault = store_content_by_sha256(cx, sha256, one);
        if (fault != OK)
            return fault;
        candidates = (struct list){ one, 1 };
    } else if (sha1.n) {
        TRY(store_contents_by_sha1(cx, sha1, size, &candidates));
    }
    const struct content_record *c = candidates.items;
    for (size_t i = 0; i < candidates.count && !shown; i++) {
        if (c[i].size != size || (sha1.n && !str_eq(c[i].sha1, sha1)))
            continue;
        TRY(can_read(cx, c[i].id, &shown));
        if (shown)
            *out = c[i];
    }
    return shown ? OK : FAULT_NOT_FOUND;
}

enum fault blob_begins_alike(struct cx *cx, int64_t size, str pre_sha1, bool *out)
{
    struct list candidates;
    *out = false;
    TRY(store_contents_by_pre(cx, pre_sha1, size, &candidates));
    const struct content_record *c = candidates.items;
    for (size_t i = 0; i < candidates.count && !*out; i++)
        TRY(can_read(cx, c[i].id, out));
    return OK;
}

enum fault blob_from_parts(struct cx *cx, const struct content_record *want, const struct list *parts, id *content)
{
    struct content_record record = *want;
    const struct part    *part = parts->items;
    TRY(store_next_id(cx, &record.id));
    record.references = 1;
    record.chunks = (int64_t)parts->count;
    const enum fault fault = store_content_add(cx, &record);
    if (fault == FAULT_EXISTS) {
        TRY(store_content_by_sha256(cx, want->sha256, &record));
        for (size_t i = 0; i < parts->count; i++)
            TRY(store_chunk_unused(cx, part[i].chunk, cx->now));
        *content = record.id;
        return store_content_refer(cx, record.id, 1, cx->now);
    }
    TRY(fault);
    for (size_t i = 0; i < parts->count; i++)
        TRY(store_content_chunk_add(cx, record.id, (int64_t)i, part[i].chunk));
    *content = record.id;
    return OK;
}

enum fault blob_refer(struct cx *cx, id content)
{
    return store_content_refer(cx, content, 1, cx->now);
}

enum fault blob_release(struct cx *cx, id content)
{
    return store_content_refer(cx, content, -1, cx->now);
}

void blob_into_node(const struct content_record *content, struct node *node)
{
    node->content = content->id;
    node->size = content->size;
    node->sha1 = content->sha1;
    node->sha256 = content->sha256;
    node->crc64 = content->crc64;
}
