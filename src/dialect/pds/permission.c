/* dialect/pds/permission.c: permissions on files: who else may do what, to a file or to a folder with all
 * below it.
 *
 * A role is a set of the page's actions; role_id wins over action_list. The core keeps the actions, and the
 * number of the role beside them, so that it is told again under its name.
 *
 * Source  PDS API reference, AddPermission, RemovePermission, ListPermission, ListReceivedFile; the role ids
 *         and actions of "file permissions" */
#include "dialect/pds/file_shape.h"

#include "drive/grant.h"

/* How the page says that a permission does not end. */
#define NEVER_MS INT64_C(4775500800000)

/* ---- roles and actions ---- */

enum {
    LOOK = ACTION_LIST,
    VIEW = LOOK | ACTION_PREVIEW,
    DOWN = VIEW | ACTION_DOWNLOAD | ACTION_COPY,
    UP = LOOK | ACTION_CREATE,
    CHANGE = DOWN | ACTION_CREATE | ACTION_EDIT | ACTION_MOVE | ACTION_DELETE,
};

static const struct file_role {
    const char *name;
    unsigned    actions;
} roles[] = {
    { NULL, 0 }, /* the number 0 is none */
    { "SystemFileOwner", CHANGE | ACTION_SHARE | ACTION_GRANT },
    { "SystemFileEditor", CHANGE | ACTION_SHARE },
    { "SystemFileEditorWithoutDelete", (CHANGE | ACTION_SHARE) & ~(unsigned)(ACTION_DELETE | ACTION_MOVE) },
    { "SystemFileEditorWithoutShareLink", CHANGE },
    { "SystemFileUploaderAndDownloaderWithShareLink", UP | DOWN | ACTION_SHARE },
    { "SystemFileUploaderAndDownloader", UP | DOWN },
    { "SystemFileUploaderAndViewer", UP | VIEW },
    { "SystemFileUploaderWithShareLink", UP | ACTION_SHARE },
    { "SystemFileUploader", UP },
    { "SystemFileDownloaderWithShareLink", DOWN | ACTION_SHARE },
    { "SystemFileDownloader", DOWN },
    { "SystemFileViewer", VIEW },
    { "SystemFileMetaViewer", LOOK },
};

static const struct word role_ids[] = {
    { "SystemFileOwner", 1 }, { "SystemFileEditor", 2 }, { "SystemFileEditorWithoutDelete", 3 },
    { "SystemFileEditorWithoutShareLink", 4 }, { "SystemFileUploaderAndDownloaderWithShareLink", 5 },
    { "SystemFileUploaderAndDownloader", 6 }, { "SystemFileUploaderAndViewer", 7 },
    { "SystemFileUploaderWithShareLink", 8 }, { "SystemFileUploader", 9 },
    { "SystemFileDownloaderWithShareLink", 10 }, { "SystemFileDownloader", 11 }, { "SystemFileViewer", 12 },
    { "SystemFileMetaViewer", 13 }, { 0 }
};

static const struct word actions[] = {
    { "FILE.VISIBLE", ACTION_LIST },      { "FILE.LIST", ACTION_LIST },   { "FILE.PREVIEW", ACTION_PREVIEW },
    { "FILE.DOWNLOAD", ACTION_DOWNLOAD }, { "FILE.COPY", ACTION_COPY },   { "FILE.CREATE", ACTION_CREATE },
    { "FILE.UPDATE", ACTION_EDIT },       { "FILE.MOVE", ACTION_MOVE },   { "FILE.DELETE", ACTION_DELETE },
    { "FILE.SHARELINK", ACTION_SHARE },   { 0 }
};

/* ---- members, as asked ---- */

static const struct word identity_types[] = { { "IT_User", OWNER_USER }, { "IT_Group", OWNER_GROUP }, { 0 } };

struct identity {
    int identity_type;
    str identity_id;
};
static const struct field identity_rows[] = {
    { "identity_type", BODY, AT(struct identity, identity_type), .required = true, .words = identity_types },
    { "identity_id", BODY, AT(struct identity, identity_id), .required = true, .min = 1, .max = 64,
      .doc = "a user_id or a group_id" },
    { 0 }
};
static const struct shape identity_shape = { "Identity", identity_rows, sizeof(struct identity) };

struct one_action {
    int action;
};
static const struct field one_action_rows[] = {
    { "", BODY, AT(struct one_action, action), .words = actions }, { 0 }
};
static const struct shape one_action_shape = { "Action", one_action_rows, sizeof(struct one_action) };

struct member_asked {
    struct identity identity;
    int             role_id;
    struct list     action_list; /* struct one_action */
    int64_t         expire_time;
    bool            disinherit_sub_group;
};
#define IN struct member_asked
static const struct field add_member_rows[] = {
    { "identity", BODY, WITHIN(IN, identity), .required = true, .shape = &identity_shape },
    { "role_id", BODY, AT(IN, role_id), .words = role_ids, .empty_ok = true, .doc = "or action_list" },
    { "action_list", BODY, AT(IN, action_list), .max = 100, .shape = &one_action_shape,
      .doc = "without role_id; to see the file is always among them" },
    { "expire_time", BODY, AT(IN, expire_time), .min = 1, .max = INT64_MAX, .absent = NEVER_MS,
      .doc = "milliseconds since 1970, in the future" },
    { "disinherit_sub_group", BODY, AT(IN, disinherit_sub_group),
      .doc = "of a group: not for members of the groups below it" },
    { 0 }
};
static const struct field remove_member_rows[] = {
    { "identity", BODY, WITHIN(IN, identity), .required = true, .shape = &identity_shape },
    { "role_id", BODY, AT(IN, role_id), .words = role_ids, .empty_ok = true,
      .doc = "only this role; without it whatever the member has" },
    { 0 }
};
#undef IN
static const struct shape add_member_shape = { "AddFilePermissionMember", add_member_rows,
                                               sizeof(struct member_asked) };
static const struct shape remove_member_shape = { "RemoveFilePermissionMember", remove_member_rows,
                                                  sizeof(struct member_asked) };

struct change_permission {
    str         drive_id, file_id;
    struct list member_list; /* struct member_asked */
};
#define IN struct change_permission
#define CHANGE_IN(shape_)                                                                        \
    {                                                                                            \
        PDS_DRIVE_ID(IN, true), PDS_FILE_ID(IN),                                                 \
        { "member_list", BODY, AT(IN, member_list), .required = true, .min = 1, .max = 100,      \
          .shape = shape_ },                                                                     \
        { 0 }                                                                                    \
    }
static const struct field add_permission_in[] = CHANGE_IN(&add_member_shape);
static const struct field remove_permission_in[] = CHANGE_IN(&remove_member_shape);
#undef IN

static enum fault actions_asked(struct cx *cx, const struct member_asked *member, int *out)
{
    const struct one_action *items = member->action_list.items;
    *out = (int)roles[member->role_id].actions;
    if (!member->role_id && !member->action_list.count)
        return fail(cx, FAULT_INVALID, .field = "role_id", .how = HOW_MISSING);
    for (size_t i = 0; !member->role_id && i < member->action_list.count; i++)
        *out |= items[i].action;
    return OK;
}

static enum fault add_member(struct cx *cx, const struct drive *drive, const struct node *node,
                             const struct member_asked *member)
{
    struct grant want = { .holder_kind = member->identity.identity_type, .label = member->role_id,
                          .direct_only = member->disinherit_sub_group };
    if (member->expire_time < NEVER_MS)
        want.expires.ms = member->expire_time;
    TRY(actions_asked(cx, member, &want.actions));
    TRY(grant_holder(cx, want.holder_kind, member->identity.identity_id, "identity_id", &want.holder));
    return grant_put(cx, drive, node, &want);
}

static enum fault add_permission(struct cx *cx, const void *in, void *out)
{
    const struct change_permission *ask = in;
    const struct member_asked      *members = ask->member_list.items;
    struct drive drive;
    struct node  node;
    (void)out;
    TRY(pds_find(cx, ask->drive_id, ask->file_id, SCOPE_LIVE, ACTION_GRANT, &drive, &node));
    for (size_t i = 0; i < ask->member_list.count; i++)
        TRY(add_member(cx, &drive, &node, &members[i]));
    return OK;
}

static enum fault remove_permission(struct cx *cx, const void *in, void *out)
{
    const struct change_permission *ask = in;
    const struct member_asked      *members = ask->member_list.items;
    struct drive drive;
    struct node  node;
    id           holder;
    (void)out;
    TRY(pds_find(cx, ask->drive_id, ask->file_id, SCOPE_ANY, ACTION_GRANT, &drive, &node));
    for (size_t i = 0; i < ask->member_list.count; i++) {
        const struct identity *identity = &members[i].identity;
        TRY(grant_holder(cx, identity->identity_type, identity->identity_id, "identity_id", &holder));
        TRY(grant_remove(cx, &drive, &node, holder, members[i].role_id));
    }
    return OK;
}

/* ---- members, as shown ---- */

struct member_shown {
    struct identity identity;
    str             role_id;
    struct list     action_list; /* struct pds_text */
    int64_t         expire_time;
    bool            disinherit_sub_group;
};
#define OUT struct member_shown
static const struct field member_rows[] = {
    { "identity", BODY, WITHIN(OUT, identity), .shape = &identity_shape },
    { "role_id", BODY, AT(OUT, role_id), .omit = true },
    { "action_list", BODY, AT(OUT, action_list), .shape = &pds_text_shape },
    { "expire_time", BODY, AT(OUT, expire_time), .doc = "milliseconds; 4775500800000: never" },
    { "disinherit_sub_group", BODY, AT(OUT, disinherit_sub_group) },
    { 0 }
};
#undef OUT
static const struct shape member_shape = { "FilePermissionMember", member_rows, sizeof(struct member_shown) };

struct inherited {
    str                 file_id;
    struct member_shown member;
};
static const struct field inherited_rows[] = {
    { "file_id", BODY, AT(struct inherited, file_id), .doc = "where the permission was given" },
    { "member", BODY, WITHIN(struct inherited, member), .shape = &member_shape },
    { 0 }
};
static const struct shape inherited_shape = { "InheritPermission", inherited_rows, sizeof(struct inherited) };

static enum fault show_member(struct cx *cx, const struct grant *grant, struct member_shown *out)
{
    const unsigned may = grant->role ? access_of_role(grant->role) : (unsigned)grant->actions;
    *out = (struct member_shown){
        .identity.identity_type = grant->holder_kind,
        .role_id = grant->label > 0 && grant->label < (int)COUNT(roles) ? str_of(roles[grant->label].name) : S0,
        .action_list = pds_action_list(cx, may),
        .expire_time = grant->expires.ms ? grant->expires.ms : NEVER_MS,
        .disinherit_sub_group = grant->direct_only,
    };
    return grant_holder_text(cx, grant, &out->identity.identity_id);
}

struct list_permission {
    str drive_id, file_id;
};
static const struct field list_permission_in[] = {
    PDS_DRIVE_ID(struct list_permission, true), PDS_FILE_ID(struct list_permission), { 0 }
};

struct members_out {
    struct list members; /* struct member_shown */
};
static const struct field members_rows[] = { { "", BODY, AT(struct members_out, members), .shape = &member_shape }, { 0 } };

struct inherited_out {
    struct list items; /* struct inherited */
};
static const struct field inherited_out_rows[] = {
    { "items", BODY, AT(struct inherited_out, items), .shape = &inherited_shape }, { 0 }
};

static enum fault list_permission(struct cx *cx, const void *in, void *out)
{
    const struct list_permission *ask = in;
    struct drive drive;
    struct node  node;
    struct list  grants;
    TRY(pds_find(cx, ask->drive_id, ask->file_id, SCOPE_LIVE, ACTION_GRANT, &drive, &node));
    TRY(grant_list(cx, &drive, &node, &grants));
    struct member_shown *items = ARENA_MANY(cx->arena, struct member_shown, grants.count + 1);
    for (size_t i = 0; i < grants.count; i++)
        TRY(show_member(cx, &((const struct grant *)grants.items)[i], &items[i]));
    ((struct members_out *)out)->members = (struct list){ items, grants.count };
    return OK;
}

static enum fault show_inherited(struct cx *cx, const struct drive *drive, const struct list *grants, void *out)
{
    const struct grant *grant = grants->items;
    struct inherited   *items = ARENA_MANY(cx->arena, struct inherited, grants->count + 1);
    for (size_t i = 0; i < grants->count; i++) {
        items[i].file_id = pds_file_id(cx, drive, grant[i].node);
        TRY(show_member(cx, &grant[i], &items[i].member));
    }
    ((struct inherited_out *)out)->items = (struct list){ items, grants->count };
    return OK;
}

static enum fault list_inherit_permission(struct cx *cx, const void *in, void *out)
{
    const struct list_permission *ask = in;
    struct drive drive;
    struct node  node;
    struct list  grants;
    TRY(pds_find(cx, ask->drive_id, ask->file_id, SCOPE_LIVE, ACTION_GRANT, &drive, &node));
    TRY(grant_list_above(cx, &drive, &node, &grants));
    return show_inherited(cx, &drive, &grants, out);
}

static enum fault list_user_permission(struct cx *cx, const void *in, void *out)
{
    const struct list_permission *ask = in;
    struct drive drive;
    struct node  node;
    struct list  grants;
    TRY(pds_find(cx, ask->drive_id, ask->file_id, SCOPE_LIVE, ACTION_LIST, &drive, &node));
    TRY(grant_list_mine(cx, &drive, &node, &grants));
    return show_inherited(cx, &drive, &grants, out);
}

/* ---- what is shared ---- */

struct list_granted {
    int limit;
    str marker;
};
static const struct field list_granted_in[] = {
    { "limit", BODY, AT(struct list_granted, limit), .min = 1, .max = 100, .absent = 100 },
    PDS_MARKER(struct list_granted),
    { 0 }
};

static enum fault show_granted(struct cx *cx, enum granted_how how, const void *in, void *out)
{
    const struct list_granted *ask = in;
    struct granted_page        page;
    TRY(granted_list(cx, how, ask->limit, ask->marker, "marker", &page));
    const struct granted *granted = page.items.items;
    struct pds_file      *files = ARENA_MANY(cx->arena, struct pds_file, page.items.count + 1);
    for (size_t i = 0; i < page.items.count; i++) {
        const struct pds_view view = { .drive = &granted[i].drive, .url_expire_sec = PDS_LINK_TTL_S };
        TRY(pds_show_file(cx, &view, &granted[i].node, &files[i]));
        files[i].action_list = pds_action_list(cx, granted[i].actions);
    }
    *(struct pds_file_page *)out = (struct pds_file_page){ .items = { files, page.items.count },
                                                           .next_marker = page.next };
    return OK;
}

static enum fault list_received_file(struct cx *cx, const void *in, void *out)
{
    return show_granted(cx, GRANTED_TO_ME, in, out);
}

static enum fault list_sharing_file(struct cx *cx, const void *in, void *out)
{
    return show_granted(cx, GRANTED_BY_ME, in, out);
}

static enum fault list_manage_sharing_file(struct cx *cx, const void *in, void *out)
{
    return show_granted(cx, GRANTED_OF_MINE, in, out);
}

#define PROOF "pds_permission.test.mjs"
#define SDKS "official SDKs; not in the 2022-03-01 reference"

const struct op pds_permission_ops[] = {
    { "FileAddPermission", "POST", "/v2/file/add_permission", "PDS AddPermission, 2022-03-01", USER, WRITE,
      add_permission_in, sizeof(struct change_permission), NULL, 0, add_permission, .status = 204,
      .scope = "SHARE.CREATE", .proof = PROOF },
    { "FileRemovePermission", "POST", "/v2/file/remove_permission", "PDS RemovePermission, 2022-03-01", USER, WRITE,
      remove_permission_in, sizeof(struct change_permission), NULL, 0, remove_permission, .status = 204,
      .scope = "SHARE.DELETE", .proof = PROOF },
    { "FileListPermission", "POST", "/v2/file/list_permission", "PDS ListPermission, 2022-03-01", USER, READ,
      list_permission_in, sizeof(struct list_permission), members_rows, sizeof(struct members_out), list_permission,
      .status = 200, .scope = "SHARE.LIST", .proof = PROOF },
    { "ListInheritPermission", "POST", "/v2/file/list_inherit_permission", SDKS, USER, READ,
      list_permission_in, sizeof(struct list_permission), inherited_out_rows, sizeof(struct inherited_out),
      list_inherit_permission, .status = 200, .scope = "SHARE.LIST", .proof = PROOF },
    { "ListUserPermission", "POST", "/v2/file/list_user_permission", SDKS, USER, READ,
      list_permission_in, sizeof(struct list_permission), inherited_out_rows, sizeof(struct inherited_out),
      list_user_permission, .status = 200, .scope = "SHARE.LIST", .proof = PROOF,
      .partial = "its request is not described: the caller's own permissions at the file are listed" },
    { "ListReceivedFile", "POST", "/v2/file/list_received_file", "PDS ListReceivedFile, 2022-03-01", USER, READ,
      list_granted_in, sizeof(struct list_granted), pds_file_page_rows, sizeof(struct pds_file_page),
      list_received_file, .status = 200, .scope = "FILE.LIST", .proof = PROOF },
    { "ListSharingFile", "POST", "/v2/file/list_sharing_file", SDKS, USER, READ,
      list_granted_in, sizeof(struct list_granted), pds_file_page_rows, sizeof(struct pds_file_page),
      list_sharing_file, .status = 200, .scope = "FILE.LIST", .proof = PROOF },
    { "ListManageSharingFile", "POST", "/v2/file/list_manage_sharing_file", SDKS, USER, READ,
      list_granted_in, sizeof(struct list_granted), pds_file_page_rows, sizeof(struct pds_file_page),
      list_manage_sharing_file, .status = 200, .scope = "FILE.LIST", .proof = PROOF },
    { 0 }
};
