#include "drive/revision.h"

#include "base/encode.h"
#include "drive/blob.h"
#include "drive/cursor.h"
#include "drive/event.h"
#include "store/drives.h"
#include "store/nodes.h"
#include "store/revisions.h"
#include "store/store.h"

/* One is pushed out by each new one; more where a store kept all of them once. */
enum { PUSHED_OUT_MAX = 8 };

/* ---- finding ---- */

static enum fault latest(struct cx *cx, const struct node *node, struct file_revision *out)
{
    struct revision_mark mark = { 0 };
    const enum fault fault = store_revision_mark(cx, node->drive, node->id, node->revision, &mark);
    if (fault != OK && fault != FAULT_NOT_FOUND)
        return fault;
    *out = (struct file_revision){
        .id = node->revision, .content = node->content, .editor = node->editor, .version = node->version,
        .size = node->size, .crc64 = node->crc64, .sha1 = node->sha1, .sha256 = node->sha256,
        .description = mark.description, .is_latest = true, .is_kept = mark.is_kept, .created = node->modified,
    };
    return OK;
}

static struct file_revision shown(const struct old_revision *old)
{
    const struct revision *r = &old->revision;
    return (struct file_revision){
        .id = r->id, .content = r->content, .editor = r->editor, .version = r->version, .size = r->size,
        .crc64 = old->crc64, .sha1 = old->sha1, .sha256 = old->sha256, .description = old->mark.description,
        .is_kept = old->mark.is_kept, .created = r->created,
    };
}

enum fault revision_find(struct cx *cx, const struct node *node, str text, struct file_revision *out)
{
    struct old_revision old;
    int64_t             number;
    if (!str_int64(text, &number) || number <= 0)
        return fail(cx, FAULT_NOT_FOUND, .thing = THING_REVISION, .got = text);
    if (number == node->revision.v)
        return latest(cx, node, out);
    const enum fault fault = store_old_revision(cx, node->drive, node->id, (id){ number }, &old);
    if (fault == FAULT_NOT_FOUND)
        return fail(cx, FAULT_NOT_FOUND, .thing = THING_REVISION, .got = text);
    TRY(fault);
    *out = shown(&old);
    return OK;
}

void revision_into_node(const struct file_revision *revision, struct node *node)
{
    node->revision = revision->id;
    node->version = revision->version;
    node->content = revision->content;
    node->size = revision->size;
    node->crc64 = revision->crc64;
    node->sha1 = revision->sha1;
    node->sha256 = revision->sha256;
    node->editor = revision->editor;
    node->modified = revision->created;
}

enum fault revision_list(struct cx *cx, const struct node *node, const char *operation, const char *cursor_field,
                         str cursor, int limit, struct revision_page *out)
{
    struct list old;
    str         position;
    const str   bound = arena_print(cx->arena, "%s|%lld|%lld", operation, (long long)node->drive.v, (long long)node->id.v);
    struct file_revision *items = ARENA_MANY(cx->arena, struct file_revision, (size_t)limit + 1);
    TRY(cursor_read(cx, cursor_field, bound, cursor, &position));
    const int64_t below = position.n == 8 ? (int64_t)be64_get(position.p) : node->version;
    *out = (struct revision_page){ { items, 0 }, S0 };
    if (position.n != 8)
        TRY(latest(cx, node, &items[out->revisions.count++]));
    TRY(store_old_revisions(cx, node->drive, node->id, below, limit + 1, &old));
    size_t i = 0;
    while (i < old.count && out->revisions.count < (size_t)limit)
        items[out->revisions.count++] = shown((const struct old_revision *)old.items + i++);
    if (i < old.count) {
        char *last = arena_make(cx->arena, 8);
        be64_put(last, (uint64_t)items[out->revisions.count - 1].version);
        out->next = cursor_make(cx, bound, (str){ last, 8 });
    }
    return OK;
}

/* ---- changing ---- */

enum fault revision_describe(struct cx *cx, const struct node *node, struct file_revision *revision, int kept,
                             const char *kept_field, str description)
{
    int64_t count;
    if (kept == 1 && !revision->is_kept) {
        TRY(store_revisions_kept(cx, node->drive, node->id, &count));
        if (count >= REVISIONS_KEPT_MAX)
            return fail(cx, FAULT_INVALID, .field = kept_field, .how = HOW_TOO_LARGE, .max = REVISIONS_KEPT_MAX,
                        .because = "as many revisions of the file are kept already");
    }
    if (kept >= 0)
        revision->is_kept = kept;
    if (description.p)
        revision->description = description;
    return store_revision_mark_put(cx, node->drive, node->id, revision->id,
                                   &(struct revision_mark){ revision->is_kept, revision->description });
}

static enum fault charge(struct cx *cx, id drive, int64_t bytes)
{
    bool fits;
    TRY(store_drive_charge(cx, drive, bytes, 0, &fits));
    return fits ? OK : fail(cx, FAULT_QUOTA, .thing = THING_DRIVE, .field = "size");
}

static enum fault let_go(struct cx *cx, const struct revision *revision)
{
    TRY(blob_release(cx, revision->content));
    TRY(store_revision_remove(cx, revision));
    TRY(store_revision_mark_remove(cx, revision->drive, revision->node, revision->id));
    return charge(cx, revision->drive, -revision->size);
}

enum fault revision_push(struct cx *cx, const struct node *node)
{
    struct list past;
    const struct revision old = { .drive = node->drive, .node = node->id, .id = node->revision,
                                  .content = node->content, .editor = node->editor, .version = node->version,
                                  .size = node->size, .created = node->modified };
    TRY(store_revision_add(cx, &old));
    if (node->version <= REVISIONS_MAX)
        return OK;
    TRY(store_revisions_past(cx, node->drive, node->id, REVISIONS_MAX, PUSHED_OUT_MAX, &past));
    for (size_t i = 0; i < past.count; i++)
        TRY(let_go(cx, (const struct revision *)past.items + i));
    return OK;
}

static enum fault refuse_latest(struct cx *cx, const struct file_revision *revision)
{
    return revision->is_latest ? fail(cx, FAULT_CONFLICT, .thing = THING_REVISION, .because = "it is the newest one") : OK;
}

enum fault revision_restore(struct cx *cx, const struct node *node, const struct file_revision *revision,
                            struct node *out, struct file_revision *made)
{
    TRY(refuse_latest(cx, revision));
    *out = *node;
    TRY(blob_refer(cx, revision->content)); /* first: pushing may let this very revision go */
    TRY(revision_push(cx, node));
    TRY(charge(cx, node->drive, revision->size));
    revision_into_node(revision, out);
    TRY(store_next_id(cx, &out->revision));
    out->version = node->version + 1;
    out->editor = cx->caller->user;
    out->modified = cx->now;
    TRY(store_node_set_content(cx, out));
    TRY(event_add(cx, out->drive, out->id, EVENT_OVERWRITE));
    return latest(cx, out, made);
}

enum fault revision_remove(struct cx *cx, const struct node *node, const struct file_revision *revision)
{
    TRY(refuse_latest(cx, revision));
    return let_go(cx, &(struct revision){ .drive = node->drive, .node = node->id, .id = revision->id,
                                          .content = revision->content, .size = revision->size });
}
