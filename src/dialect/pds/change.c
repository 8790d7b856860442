/* dialect/pds/change.c: files changed in their place: MoveFile, CopyFile, DeleteFile.
 *
 * What is done when it answers has no async_task_id: moving in a drive always; to another drive, and deleting,
 * where the tree is small. Copying a folder is a task in any case, as the page says.
 *
 * The page leaves open what a move into the folder itself, or below it, answers: InvalidParameter.ToParentFileId,
 * of which clients tell. It names no way for a copy to refuse a taken name: without auto_rename there are then
 * two of it, as check_name_mode ignore has it. */
#include "dialect/pds/inner.h"

#include "drive/copy.h"
#include "drive/erase.h"
#include "drive/move.h"
#include "drive/share.h"

static const struct word modes[] = {
    { "ignore", CONFLICT_ALLOW }, { "auto_rename", CONFLICT_STAMP }, { "refuse", CONFLICT_REFUSE }, { 0 }
};

/* ---- what they share ---- */

/* The folder something is to be put into; `to_drive` in the same drive when it is none. What is not there is told
 * before what is not allowed. */
static enum fault find_target(struct cx *cx, str to_drive, str drive_id, str to_parent, struct drive *drive,
                              struct node *parent)
{
    const enum fault fault = pds_find_parent(cx, to_drive.n ? to_drive : drive_id, to_parent, ACTION_LIST, drive, parent);
    if (fault == FAULT_NOT_FOLDER)
        cx->why.field = "to_parent_file_id";
    return fault;
}

/* The core's parent is the page's target. */
static enum fault at_target(struct cx *cx, enum fault fault)
{
    if (fault != OK && cx->why.thing == THING_PARENT && !cx->why.field)
        cx->why.field = "to_parent_file_id";
    return fault;
}

/* Text of a task, or "" for none. */
static str task_text(struct cx *cx, id task)
{
    return task.v ? arena_print(cx->arena, "%lld", (long long)task.v) : S("");
}

struct started {
    str domain_id, file_id, async_task_id;
    id  drive_id;
};

static int accepted_or_done(const void *out)
{
    return ((const struct started *)out)->async_task_id.n ? 202 : 204;
}

static int accepted_or_made(const void *out)
{
    return ((const struct started *)out)->async_task_id.n ? 202 : 201;
}

#define OUT struct started
static const struct field started_rows[] = {
    { "domain_id", BODY, AT(OUT, domain_id) },
    { "drive_id", BODY, AT(OUT, drive_id) },
    { "file_id", BODY, AT(OUT, file_id) },
    { "async_task_id", BODY, AT(OUT, async_task_id), .doc = "ask GetAsyncTask for its end" },
    { 0 }
};
static const struct field copied_rows[] = {
    { "domain_id", BODY, AT(OUT, domain_id) },
    { "drive_id", BODY, AT(OUT, drive_id) },
    { "file_id", BODY, AT(OUT, file_id), .doc = "of the copy" },
    { "async_task_id", BODY, AT(OUT, async_task_id), .omit = true, .doc = "of a folder: it is there when the task succeeded" },
    { 0 }
};
#undef OUT

/* ---- MoveFile ---- */

struct move_file {
    str  drive_id, file_id, to_drive_id, to_parent_file_id, new_name;
    int  check_name_mode;
    bool auto_rename;
    struct tree known; /* by prepare */
};

#define IN struct move_file
static const struct field move_file_in[] = {
    PDS_DRIVE_ID(IN, true),
    PDS_FILE_ID(IN),
    { "to_parent_file_id", BODY, AT(IN, to_parent_file_id), .required = true, .min = 1, .max = 50,
      .doc = "root or a folder" },
    { "check_name_mode",   BODY, AT(IN, check_name_mode),   .words = modes, .absent = CONFLICT_ALLOW },
    { "to_drive_id",       BODY, AT(IN, to_drive_id),       .form = FORM_DIGITS, .max = 50, .empty_ok = true,
      .doc = "of SDKs; the same drive" },
    { "new_name",          BODY, AT(IN, new_name),          .max = NAME_MAX_BYTES, .bytes = true, .form = FORM_NAME,
      .empty_ok = true, .doc = "of SDKs" },
    { "auto_rename",       BODY, AT(IN, auto_rename),       .doc = "of SDKs: as check_name_mode auto_rename" },
    { 0 }
};
#undef IN

struct moved_file {
    str     domain_id, file_id, file_name, async_task_id;
    id      drive_id, revision_id;
    bool    exist;
    instant updated_at;
};

#define OUT struct moved_file
static const struct field moved_file_rows[] = {
    { "domain_id",     BODY, AT(OUT, domain_id) },
    { "drive_id",      BODY, AT(OUT, drive_id), .doc = "where it is now" },
    { "file_id",       BODY, AT(OUT, file_id) },
    { "file_name",     BODY, AT(OUT, file_name), .doc = "as it is now, after a rename" },
    { "exist",         BODY, AT(OUT, exist), .doc = "the name was taken: nothing was moved" },
    { "revision_id",   BODY, AT(OUT, revision_id), .omit = true },
    { "updated_at",    BODY, AT(OUT, updated_at) },
    { "async_task_id", BODY, AT(OUT, async_task_id), .doc = "empty: it is done" },
    { 0 }
};
#undef OUT

/* How high the tree is, on a worker: of a large one that takes a while. What cannot be found is move_file's
 * to tell. */
static enum fault measure_moved(struct cx *cx, void *in, void *out)
{
    struct move_file *ask = in;
    struct drive drive;
    struct node  node;
    (void)out;
    if (pds_find(cx, ask->drive_id, ask->file_id, SCOPE_LIVE, ACTION_EDIT, &drive, &node) != OK)
        return OK;
    return tree_measure(cx, &drive, &node, &ask->known);
}

static enum fault move_file(struct cx *cx, const void *in, void *out)
{
    const struct move_file *ask = in;
    const bool over = ask->to_drive_id.n && !str_eq(ask->to_drive_id, ask->drive_id);
    struct move_want want = { .name = ask->new_name.n ? ask->new_name : S0, .known = &ask->known,
                              .conflict = ask->auto_rename ? CONFLICT_STAMP : (enum conflict)ask->check_name_mode };
    struct moved moved;
    TRY(pds_check_name(cx, "new_name", ask->new_name));
    TRY(pds_find(cx, ask->drive_id, ask->file_id, SCOPE_LIVE, ACTION_LIST, &want.from, &want.node));
    TRY(find_target(cx, ask->to_drive_id, ask->drive_id, ask->to_parent_file_id, &want.to, &want.parent));
    TRY(access_require(cx, &want.from, &want.node, move_actions(over)));
    TRY(access_require(cx, &want.to, &want.parent, ACTION_CREATE));
    TRY(at_target(cx, node_move(cx, &want, &moved)));
    *(struct moved_file *)out = (struct moved_file){
        .domain_id = pds_domain_id(cx), .drive_id = want.to.id, .file_id = pds_file_id(cx, &want.to, moved.node.id),
        .file_name = moved.node.name, .exist = moved.exists, .revision_id = moved.node.revision,
        .updated_at = moved.node.modified, .async_task_id = task_text(cx, moved.task),
    };
    return OK;
}

/* ---- CopyFile ---- */

struct copy_file {
    str  drive_id, share_id, file_id, to_drive_id, to_share_id, to_parent_file_id, new_name;
    bool auto_rename, keep_user_tags;
};

#define IN struct copy_file
static const struct field copy_file_in[] = {
    PDS_DRIVE_ID(IN, false),
    PDS_SHARE_ID(IN),
    PDS_FILE_ID(IN),
    { "to_drive_id",       BODY, AT(IN, to_drive_id),       .form = FORM_DIGITS, .max = 50, .empty_ok = true,
      .doc = "default: drive_id" },
    { "to_share_id",       BODY, AT(IN, to_share_id),       .empty_ok = true,
      .doc = "of SDKs: instead of to_drive_id, by the token of that share" },
    { "to_parent_file_id", BODY, AT(IN, to_parent_file_id), .required = true, .min = 1, .max = 50,
      .doc = "root or a folder" },
    { "auto_rename",       BODY, AT(IN, auto_rename),       .doc = "without it there may be two of a name" },
    { "new_name",          BODY, AT(IN, new_name),          .max = NAME_MAX_BYTES, .bytes = true, .form = FORM_NAME,
      .empty_ok = true, .doc = "of SDKs" },
    { "keep_user_tags",    BODY, AT(IN, keep_user_tags),    .doc = "of SDKs" },
    { 0 }
};
#undef IN

static enum fault check_copy(struct cx *cx, const struct copy_file *ask)
{
    TRY(pds_drive_named(cx, ask->drive_id, ask->share_id));
    return pds_check_name(cx, "new_name", ask->new_name);
}

/* What is copied, seen from inside a share where one is named. */
static enum fault find_source(struct cx *cx, const struct copy_file *ask, struct copy_want *want, unsigned *allowed)
{
    TRY(pds_find(cx, ask->drive_id, ask->file_id, SCOPE_LIVE, ACTION_LIST, &want->from, &want->node));
    *allowed = copy_actions(share_visit(cx) != NULL);
    if (!share_visit(cx))
        return OK;
    want->share = share_visit(cx)->share.id;
    return access_require(cx, &want->from, &want->node, *allowed);
}

/* Into a share: seen from inside of it, and left again for the copying, which knows it by its number. */
static enum fault find_place_in_share(struct cx *cx, const struct copy_file *ask, struct copy_want *want)
{
    if (!want->share.v) /* his own rights, which do not count inside */
        TRY(access_require(cx, &want->from, &want->node, copy_actions(false)));
    TRY(pds_drive_named(cx, S0, ask->to_share_id));
    TRY(find_target(cx, S0, S0, ask->to_parent_file_id, &want->to, &want->parent));
    TRY(access_require(cx, &want->to, &want->parent, ACTION_CREATE));
    want->to_share = share_visit(cx)->share.id;
    share_leave(cx);
    return OK;
}

/* Out of a share it is "save to my drive": the caller is himself again where he puts it, and one save is counted. */
static enum fault find_place_of_copy(struct cx *cx, const struct copy_file *ask, struct copy_want *want)
{
    const str drive_id = ask->to_drive_id.n ? ask->to_drive_id : ask->drive_id;
    if (want->share.v) {
        TRY(share_count(cx, SHARE_SAVE));
        share_leave(cx);
    }
    if (ask->to_share_id.n)
        return find_place_in_share(cx, ask, want);
    TRY(pds_drive_named(cx, drive_id, S0));
    return find_target(cx, drive_id, drive_id, ask->to_parent_file_id, &want->to, &want->parent);
}

static enum fault copy_file(struct cx *cx, const void *in, void *out)
{
    const struct copy_file *ask = in;
    struct copy_want want = { .name = ask->new_name.n ? ask->new_name : S0, .keep_tags = ask->keep_user_tags,
                              .conflict = ask->auto_rename ? CONFLICT_STAMP : CONFLICT_ALLOW };
    struct copied copied;
    unsigned      allowed;
    TRY(check_copy(cx, ask));
    TRY(find_source(cx, ask, &want, &allowed));
    TRY(find_place_of_copy(cx, ask, &want));
    if (!want.to_share.v && !want.share.v)
        TRY(access_require(cx, &want.from, &want.node, allowed));
    if (!want.to_share.v)
        TRY(access_require(cx, &want.to, &want.parent, ACTION_CREATE));
    TRY(at_target(cx, node_copy(cx, &want, &copied)));
    *(struct started *)out = (struct started){
        .domain_id = pds_domain_id(cx), .drive_id = want.to.id, .file_id = pds_file_id(cx, &want.to, copied.node.id),
        .async_task_id = copied.task.v ? task_text(cx, copied.task) : S0,
    };
    return OK;
}

/* ---- DeleteFile ---- */

struct delete_file {
    str  drive_id, share_id, file_id;
    bool permanently;
};

#define IN struct delete_file
static const struct field delete_file_in[] = {
    PDS_DRIVE_ID(IN, false),
    PDS_SHARE_ID(IN),
    PDS_FILE_ID(IN),
    { "permanently", BODY, AT(IN, permanently), .doc = "of SDKs; it is permanent in any case" },
    { 0 }
};
#undef IN

static enum fault delete_file(struct cx *cx, const void *in, void *out)
{
    const struct delete_file *ask = in;
    struct drive drive;
    struct node  node;
    id           task;
    TRY(pds_drive_named(cx, ask->drive_id, ask->share_id));
    TRY(pds_find(cx, ask->drive_id, ask->file_id, SCOPE_ANY, ACTION_DELETE, &drive, &node));
    TRY(node_delete(cx, &drive, &node, &task));
    *(struct started *)out = (struct started){
        .domain_id = pds_domain_id(cx), .drive_id = drive.id, .file_id = ask->file_id,
        .async_task_id = task_text(cx, task),
    };
    return OK;
}

#define PROOF "pds_change.test.mjs"

const struct op pds_change_ops[] = {
    { "MoveFile", "POST", "/v2/file/move", "PDS MoveFile, 2022-03-01", USER, WRITE,
      move_file_in, sizeof(struct move_file), moved_file_rows, sizeof(struct moved_file), move_file,
      .prepare = measure_moved, .status = 200, .scope = "FILE.MOVE", .proof = PROOF },
    { "CopyFile", "POST", "/v2/file/copy", "PDS CopyFile, 2022-03-01", USER, WRITE,
      copy_file_in, sizeof(struct copy_file), copied_rows, sizeof(struct started), copy_file,
      .status = 201, .choose_status = accepted_or_made, .status_also = 202, .scope = "FILE.COPY", .proof = PROOF },
    { "DeleteFile", "POST", "/v2/file/delete", "PDS DeleteFile, 2022-03-01", USER, WRITE,
      delete_file_in, sizeof(struct delete_file), started_rows, sizeof(struct started), delete_file,
      .status = 204, .choose_status = accepted_or_done, .status_also = 202, .scope = "FILE.DELETE", .proof = PROOF },
    { 0 }
};
