#include "drive/upload.h"

#include "base/hash.h"
#include "base/names.h"
#include "drive/access.h"
#include "drive/blob.h"
#include "drive/event.h"
#include "drive/hashing.h"
#include "drive/place.h"
#include "drive/revision.h"
#include "drive/share.h"
#include "drive/site.h"
#include "store/drives.h"
#include "store/nodes.h"
#include "store/store.h"
#include "store/uploads.h"

/* ---- beginning ---- */

static enum fault charge(struct cx *cx, id drive, int64_t used, int64_t reserved)
{
    bool fits;
    TRY(store_drive_charge(cx, drive, used, reserved, &fits));
    return fits ? OK : fail(cx, FAULT_QUOTA, .thing = THING_DRIVE, .field = "size");
}

static enum fault check_overwrite(struct cx *cx, const struct upload_want *want, struct node *old)
{
    struct drive drive;
    const str    number = arena_decimal(cx->arena, (uint64_t)want->overwrite.v);
    const str    drive_number = arena_decimal(cx->arena, (uint64_t)want->drive.id.v);
    TRY(node_find(cx, drive_number, number, SCOPE_LIVE, ACTION_EDIT, &drive, old));
    return old->kind == NODE_FILE ? OK : fail(cx, FAULT_IS_FOLDER, .thing = THING_NODE);
}

static enum fault announced_here(struct cx *cx, const struct upload_want *want, struct content_record *out)
{
    bool alike = false;
    if (want->size < 0)
        return FAULT_NOT_FOUND;
    const enum fault fault = blob_find(cx, want->size, want->sha256, want->sha1, out);
    if (fault != FAULT_NOT_FOUND || !want->pre_sha1.n || want->sha1.n || want->sha256.n)
        return fault;
    TRY(blob_begins_alike(cx, want->size, want->pre_sha1, &alike));
    return alike ? fail(cx, FAULT_MAYBE_HERE, .field = "pre_hash") : FAULT_NOT_FOUND;
}

static struct node node_wanted(struct cx *cx, const struct upload_want *want)
{
    return (struct node){
        .drive = want->drive.id, .parent = want->parent.id, .kind = NODE_FILE, .name = want->name,
        .sha256 = want->sha256, .creator = cx->caller->user,
    };
}

/* What the file will be called, or that it is there. Known now for the answer, settled again at the end. */
static enum fault settle_name(struct cx *cx, const struct upload_want *want, const struct node *old, struct node *node,
                              struct upload_made *out)
{
    if (old) {
        node->id = old->id;
        node->parent = old->parent;
        node->name = old->name;
        return OK;
    }
    TRY(place_settle(cx, node, want->conflict, &out->exists, &out->node));
    return OK;
}

static id share_of(const struct cx *cx)
{
    return share_visit(cx) ? share_visit(cx)->share.id : ID_NONE;
}

/* A visitor of a share without an account is known by the share alone. */
static bool is_callers(const struct cx *cx, const struct upload *upload)
{
    return upload->user.v == cx->caller->user.v && upload->app.v == (upload->user.v ? upload->app.v : cx->caller->app.v)
           && upload->share.v == share_of(cx).v && (upload->user.v || upload->app.v || upload->share.v);
}

static struct upload upload_of(struct cx *cx, const struct upload_want *want, const struct node *node, bool overwrites)
{
    return (struct upload){
        .drive = want->drive.id, .parent = node->parent, .node = node->id, .user = cx->caller->user,
        .app = cx->caller->app, .share = share_of(cx), .overwrites = overwrites, .parallel = want->parallel, .state = UPLOAD_OPEN, .conflict = want->conflict,
        .name = node->name, .media_type = want->media_type, .file_type = want->file_type,
        .description = want->description, .tags = want->tags, .local_created = want->local_created,
        .local_modified = want->local_modified, .hidden = want->hidden, .size = want->size,
        .reserved = want->size > 0 ? want->size : 0, .sha1 = want->sha1, .sha256 = want->sha256, .created = cx->now,
        .expires = { cx->now.ms + (want->ttl_ms ? want->ttl_ms : cx->site->upload_ttl_ms) },
        .file_created = want->created,
    };
}

static enum fault finish(struct cx *cx, const struct upload *upload, const struct content_record *content,
                         struct node *out);

enum fault upload_start(struct cx *cx, const struct upload_want *want, struct upload_made *out)
{
    struct node           old, node = node_wanted(cx, want);
    struct content_record content;
    const bool            overwrites = want->overwrite.v != 0;
    *out = (struct upload_made){ 0 };
    TRY(node_check_name(cx, want->name, "name"));
    TRY(overwrites ? check_overwrite(cx, want, &old) : place_check_parent(cx, &want->drive, &want->parent));
    TRY(settle_name(cx, want, overwrites ? &old : NULL, &node, out));
    if (out->exists)
        return OK;
    const enum fault here = announced_here(cx, want, &content);
    if (here != OK && here != FAULT_NOT_FOUND)
        return here;
    if (!overwrites)
        TRY(store_next_id(cx, &node.id));
    struct upload upload = upload_of(cx, want, &node, overwrites);
    if (here == OK) {
        out->instant = true;
        upload.reserved = 0;
        TRY(blob_refer(cx, content.id));
        return finish(cx, &upload, &content, &out->node);
    }
    TRY(store_next_id(cx, &upload.id));
    TRY(charge(cx, want->drive.id, 0, upload.reserved));
    TRY(store_upload_add(cx, &upload));
    out->node = node;
    out->upload = upload;
    return OK;
}

/* ---- finding ---- */

/* What it goes into must be the caller's to write to, at each step anew: the file of a new revision, wherever it
 * stands by now, else the folder. */
static enum fault require_place(struct cx *cx, const struct upload *upload, enum node_scope scope)
{
    struct drive drive;
    struct node  place;
    const id     into = upload->overwrites ? upload->node : upload->parent;
    return node_find(cx, arena_decimal(cx->arena, (uint64_t)upload->drive.v), arena_decimal(cx->arena, (uint64_t)into.v),
                     scope, upload->overwrites ? ACTION_EDIT : ACTION_CREATE, &drive, &place);
}

enum fault upload_find(struct cx *cx, str drive_text, str node_text, str upload_text, bool done_too,
                       struct upload *out)
{
    int64_t    number = 0, drive = 0;
    enum fault fault = FAULT_NOT_FOUND;
    if (upload_text.p && str_int64(upload_text, &number))
        fault = store_upload(cx, (id){ number }, out);
    else if (!upload_text.p && str_int64(node_text, &number))
        fault = store_upload_of_node(cx, (id){ number }, out);
    if (fault != OK && fault != FAULT_NOT_FOUND)
        return fault;
    bool mine = fault == OK && is_callers(cx, out);
    if (mine && node_text.p)
        mine = str_int64(node_text, &number) && number == out->node.v;
    if (mine && drive_text.p)
        mine = str_int64(drive_text, &drive) && drive == out->drive.v;
    if (!mine || (out->state == UPLOAD_DONE && !done_too) || out->expires.ms <= cx->now.ms)
        return fail(cx, FAULT_NOT_FOUND, .thing = THING_UPLOAD, .got = upload_text.p ? upload_text : node_text);

    fault = require_place(cx, out, SCOPE_ANY);
    if (fault == FAULT_NOT_FOUND) /* the same words for him as for an upload that never was */
        return fail(cx, FAULT_NOT_FOUND, .thing = THING_UPLOAD, .got = upload_text.p ? upload_text : node_text);
    return fault;
}

enum fault upload_parts(struct cx *cx, id upload, int after, int limit, struct list *out)
{
    return store_parts(cx, upload, after, limit, out);
}

/* ---- finishing ---- */

/* The node's new content takes the place of the old one, which becomes a revision. */
static enum fault overwrite(struct cx *cx, const struct upload *upload, const struct content_record *content,
                            struct node *out)
{
    const enum fault fault = store_node(cx, upload->drive, upload->node, out);
    if (fault == FAULT_NOT_FOUND)
        return fail(cx, FAULT_NOT_FOUND, .thing = THING_NODE);
    TRY(fault);
    TRY(revision_push(cx, out));
    TRY(charge(cx, upload->drive, content->size, -upload->reserved));
    blob_into_node(content, out);
    TRY(store_next_id(cx, &out->revision));
    out->version++;
    out->media_type = upload->media_type.n ? upload->media_type : media_type_of(out->name);
    out->category = category_of(out->name, out->media_type);
    out->editor = cx->caller->user;
    out->modified = cx->now;
    if (upload->local_modified.p)
        out->local_modified = upload->local_modified;
    TRY(store_node_set_content(cx, out));
    return event_add(cx, out->drive, out->id, EVENT_OVERWRITE);
}

static enum fault create(struct cx *cx, const struct upload *upload, const struct content_record *content,
                         struct node *out)
{
    struct node in_the_way;
    bool        taken;
    *out = (struct node){
        .id = upload->node, .drive = upload->drive, .parent = upload->parent, .kind = NODE_FILE, .name = upload->name,
        .media_type = upload->media_type.n ? upload->media_type : media_type_of(upload->name),
        .file_type = upload->file_type, .description = upload->description, .tags = upload->tags,
        .local_created = upload->local_created, .local_modified = upload->local_modified, .hidden = upload->hidden,
        .creator = cx->caller->user, .editor = cx->caller->user, .version = 1,
        .created = upload->file_created.ms ? upload->file_created : cx->now, .modified = cx->now,
    };
    blob_into_node(content, out);
    out->category = category_of(out->name, out->media_type);
    TRY(place_settle(cx, out, (enum conflict)upload->conflict, &taken, &in_the_way));
    if (taken)
        return fail(cx, FAULT_EXISTS, .thing = THING_NODE, .field = "name", .got = upload->name, .other = in_the_way.id.v);
    TRY(store_next_id(cx, &out->revision));
    TRY(charge(cx, upload->drive, content->size, -upload->reserved));
    const enum fault fault = store_node_add(cx, out);
    if (fault == FAULT_EXISTS)
        return fail(cx, FAULT_EXISTS, .thing = THING_NODE, .field = "name", .got = upload->name);
    TRY(fault);
    return event_add(cx, out->drive, out->id, EVENT_CREATE);
}

/* The one way a file comes to be: by a completed upload or at once. The content is already referred to. */
static enum fault finish(struct cx *cx, const struct upload *upload, const struct content_record *content,
                         struct node *out)
{
    return upload->overwrites ? overwrite(cx, upload, content, out) : create(cx, upload, content, out);
}

/* The digests are those of one part, or must be worked out first: said before many parts are read. */
static enum fault read_parts(struct cx *cx, const struct upload *upload, struct list *parts)
{
    struct prefix known;
    TRY(store_parts(cx, upload->id, 0, 2, parts));
    if (parts->count < 2)
        return OK;
    cx->wants_prepare = cx->may_prepare && !hashing_look(cx->site->hashing, upload->id, &known);
    if (cx->wants_prepare)
        return fail(cx, FAULT_CONFLICT, .thing = THING_UPLOAD, .because = "its digests are not known yet");
    return store_parts(cx, upload->id, 0, PARTS_MAX + 1, parts);
}

/* The parts must be 1 to n without a gap, and as long together as was announced. */
static enum fault whole_of(struct cx *cx, const struct upload *upload, struct list *parts, struct content_record *whole)
{
    *whole = (struct content_record){ 0 };
    TRY(read_parts(cx, upload, parts));
    const struct part *part = parts->items;
    for (size_t i = 0; i < parts->count; i++) {
        if (part[i].number != (int)i + 1)
            return fail(cx, FAULT_INCOMPLETE, .thing = THING_PART, .min = (int)i + 1);
        whole->crc64 = (int64_t)crc64_join((uint64_t)whole->crc64, (uint64_t)part[i].crc64, (uint64_t)part[i].size);
        whole->size += part[i].size;
    }
    if (!parts->count)
        return fail(cx, FAULT_INCOMPLETE, .thing = THING_PART, .min = 1);
    if (upload->size >= 0 && whole->size != upload->size)
        return fail(cx, whole->size < upload->size ? FAULT_INCOMPLETE : FAULT_MISMATCH, .thing = THING_UPLOAD,
                    .field = "size", .min = upload->size, .max = whole->size);
    return OK;
}

static enum fault digests_of(struct cx *cx, const struct upload *upload, const struct list *parts,
                             struct content_record *whole)
{
    const struct part *part = parts->items;
    struct prefix      known;
    if (parts->count == 1) {
        whole->sha256 = part->sha256;
        whole->sha1 = part->sha1;
        whole->pre_sha1 = part->pre_sha1;
        return OK;
    }
    uint64_t chain = 0;
    for (size_t i = 0; i < parts->count; i++)
        chain = prefix_chain(chain, part[i].chunk);
    if (!hashing_look(cx->site->hashing, upload->id, &known) || !known.is_whole || known.parts != (int)parts->count
        || known.chain != chain || known.bytes != whole->size) {
        cx->wants_prepare = cx->may_prepare;
        return fail(cx, FAULT_CONFLICT, .thing = THING_UPLOAD, .because = "a part came while the upload was completed");
    }
    whole->sha256 = arena_copy(cx->arena, (str){ known.whole_sha256, SHA256_BYTES });
    whole->sha1 = arena_copy(cx->arena, (str){ known.whole_sha1, SHA1_BYTES });
    whole->pre_sha1 = arena_copy(cx->arena, (str){ known.pre_sha1, SHA1_BYTES });
    return OK;
}

static enum fault compare(struct cx *cx, const struct upload *upload, const struct upload_expect *expect,
                          const struct content_record *whole)
{
    if (upload->sha1.n && !str_eq(upload->sha1, whole->sha1))
        return fail(cx, FAULT_MISMATCH, .thing = THING_UPLOAD, .field = "sha1");
    if (upload->sha256.n && !str_eq(upload->sha256, whole->sha256))
        return fail(cx, FAULT_MISMATCH, .thing = THING_UPLOAD, .field = "sha256");
    if (expect->sha256.n && !str_eq(expect->sha256, whole->sha256))
        return fail(cx, FAULT_MISMATCH, .thing = THING_UPLOAD, .field = "sha256");
    if (expect->has_crc64 && expect->crc64 != (uint64_t)whole->crc64)
        return fail(cx, FAULT_MISMATCH, .thing = THING_UPLOAD, .field = "crc64");
    return OK;
}

enum fault upload_complete(struct cx *cx, const struct upload *asked, const struct upload_expect *expect,
                           struct node *out)
{
    struct upload         upload;
    struct list           parts;
    struct content_record whole;
    const enum fault found = store_upload(cx, asked->id, &upload);
    if (found == FAULT_NOT_FOUND || (found == OK && upload.state != UPLOAD_OPEN))
        return fail(cx, FAULT_NOT_FOUND, .thing = THING_UPLOAD);
    TRY(found);
    TRY(require_place(cx, &upload, SCOPE_LIVE));
    TRY(whole_of(cx, &upload, &parts, &whole));
    TRY(digests_of(cx, &upload, &parts, &whole));
    TRY(compare(cx, &upload, expect, &whole));
    TRY(blob_from_parts(cx, &whole, &parts, &whole.id));
    TRY(store_parts_remove(cx, upload.id));
    TRY(store_upload_done(cx, upload.id));
    TRY(finish(cx, &upload, &whole, out));
    hashing_forget(cx->site->hashing, upload.id);
    return OK;
}

/* ---- sending ---- */

enum fault content_extents(struct cx *cx, id content, struct list *out)
{
    return store_content_extents(cx, content, out);
}

enum fault content_stored_bytes(struct cx *cx, id chunk, str *out)
{
    const enum fault fault = store_chunk_bytes(cx, chunk, out);
    return fault == FAULT_NOT_FOUND ? fail(cx, FAULT_INTERNAL, .because = "a chunk's row is gone") : fault;
}
