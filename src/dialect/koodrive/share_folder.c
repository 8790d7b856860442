/* dialect/koodrive/share_folder.c: shared ("family") folders: making one, listing the caller's.
 *
 * A shared folder has three numbers: its record's, its folder's, its group's. ownerId and groupId are
 * Long in places, and the vendor's own examples show such numbers rounded by a JavaScript client; ours
 * stay below 2^53, so number and string agree.
 * Source: Listing Shared Folders, Creating a Shared Folder, 2026 (Carrier) */
#include "dialect/koodrive/inner.h"

#include "drive/shared_folder.h"
#include "drive/user.h"

/* The page names no limit; its examples show 2. */
enum { MEMBERS_MAX = 100 };

struct share_folder {
    str     tenant, creator, name;
    instant created;
    id      owner, id, container, folder, group;
    int     status, max_members;
};

/* ---- list ---- */

#define OUT struct share_folder
static const struct field folder_rows[] = {
    { "tenantId",          BODY, AT(OUT, tenant) },
    { "creator",           BODY, AT(OUT, creator) },
    { "createTime",        BODY, AT(OUT, created) },
    { "ownerId",           BODY, AT(OUT, owner), .as = AS_NUMBER },
    { "status",            BODY, AT(OUT, status), .doc = "0 normal, 1 deleted" },
    { "id",                BODY, AT(OUT, id) },
    { "containerId",       BODY, AT(OUT, container) },
    { "shareFolderFileId", BODY, AT(OUT, folder) },
    { "name",              BODY, AT(OUT, name) },
    { "groupId",           BODY, AT(OUT, group) },
    { "maxMember",         BODY, AT(OUT, max_members) },
    { 0 }
};
#undef OUT
static const struct shape folder_shape = { "ShareFolder", folder_rows, sizeof(struct share_folder) };

enum { FOLDER_NORMAL, FOLDER_DELETED };
static const struct word statuses[] = { { "0", FOLDER_NORMAL }, { "1", FOLDER_DELETED }, { 0 } };

struct list_share_folder {
    struct koodrive_common common;
    int64_t                offset;
    int                    limit, status, query_type;
    str                    key_word;
};
#define IN struct list_share_folder
static const struct field list_share_folder_in[] = {
    KOODRIVE_COMMON(IN),
    { "offset",    QUERY, AT(IN, offset), .required = true, .min = 0, .max = INT64_MAX, .tolerate = TOLERATE_MISSING,
      .lenient = "the vendor's own example has no offset" },
    { "limit",     QUERY, AT(IN, limit), .required = true, .min = 1, .max = 1000 },
    { "keyWord",   QUERY, AT(IN, key_word), .max = 32, .doc = "part of the name, without regard to case" },
    { "status",    QUERY, AT(IN, status), .words = statuses, .absent = FOLDER_NORMAL, .doc = "1 finds nothing" },
    { "queryType", QUERY, AT(IN, query_type), .min = WHOSE_ALL, .max = WHOSE_JOINED, .absent = WHOSE_ALL,
      .doc = "0 all, 1 created by me, 2 joined by me" },
    { 0 }
};
#undef IN

struct share_folders {
    struct list folders; /* struct share_folder */
};
static const struct field share_folders_out[] = {
    { "folders", BODY, AT(struct share_folders, folders), .shape = &folder_shape }, { 0 }
};

static enum fault show(struct cx *cx, const struct shared_folder *shared, struct share_folder *out)
{
    struct user_label creator;
    TRY(user_label(cx, shared->creator, &creator));
    *out = (struct share_folder){
        .tenant = koodrive_tenant(cx),
        .creator = creator.public_id,
        .name = shared->name,
        .created = shared->created,
        .owner = shared->owner,
        .id = shared->id,
        .container = shared->drive,
        .folder = shared->folder,
        .group = shared->group,
        .status = FOLDER_NORMAL,
        .max_members = shared->max_members,
    };
    return OK;
}

static enum fault list_share_folder(struct cx *cx, const void *in, void *out)
{
    const struct list_share_folder *ask = in;
    struct share_folders           *answer = out;
    struct list                     found = { 0 };
    if (ask->status == FOLDER_NORMAL)
        TRY(shared_folder_list(cx, (enum shared_folder_whose)ask->query_type, ask->key_word, ask->offset, ask->limit,
                               &found));
    const struct shared_folder *shared = found.items;
    struct share_folder        *folders = ARENA_MANY(cx->arena, struct share_folder, found.count);
    for (size_t i = 0; i < found.count; i++)
        TRY(show(cx, &shared[i], &folders[i]));
    answer->folders = (struct list){ folders, found.count };
    return OK;
}

/* ---- create ---- */

static const struct word share_types[] = { { "0", 0 }, { 0 } };

struct create_share_folder {
    struct koodrive_common common;
    int                    share_type;
    str                    container, name;
};
#define IN struct create_share_folder
static const struct field create_share_folder_in[] = {
    KOODRIVE_COMMON(IN),
    { "shareType", BODY, AT(IN, share_type), .required = true, .words = share_types, .raw_words = true,
      KOODRIVE_NUMBER, .doc = "0 family" },
    KOODRIVE_CONTAINER(IN),
    { "name",      BODY, AT(IN, name), .required = true, .min = 1, .max = 31, .doc = "no emoji" },
    { 0 }
};
#undef IN

#define OUT struct share_folder
static const struct field created_rows[] = {
    { "tenantId",      BODY, AT(OUT, tenant) },
    { "creator",       BODY, AT(OUT, creator) },
    { "createTime",    BODY, AT(OUT, created) },
    { "groupId",       BODY, AT(OUT, group), .as = AS_NUMBER },
    { "id",            BODY, AT(OUT, id) },
    { "shareFolderId", BODY, AT(OUT, folder) },
    { 0 }
};
#undef OUT
static const struct shape created_shape = { "CreatedShareFolder", created_rows, sizeof(struct share_folder) };

struct created_share_folder {
    id                  id;
    struct share_folder made;
};
static const struct field created_out[] = {
    { "id",   BODY, AT(struct created_share_folder, id) },
    { "data", BODY, WITHIN(struct created_share_folder, made), .shape = &created_shape },
    { 0 }
};

static enum fault create_share_folder(struct cx *cx, const void *in, void *out)
{
    const struct create_share_folder *ask = in;
    struct created_share_folder      *answer = out;
    struct drive                      drive;
    struct shared_folder              shared;
    TRY(koodrive_check_share_name(cx, "name", ask->name));
    TRY(drive_get(cx, ask->container, &drive));
    TRY(shared_folder_create(cx, &drive, ask->name, MEMBERS_MAX, &shared));
    answer->id = shared.id;
    return show(cx, &shared, &answer->made);
}

#define PAGE(title) "KooDrive " title ", 2026-05"

const struct op koodrive_share_folder_ops[] = {
    { "ListShareFolder", "GET", KOODRIVE "/sharefolder/list", PAGE("Listing Shared Folders"), USER, READ,
      list_share_folder_in, sizeof(struct list_share_folder), share_folders_out, sizeof(struct share_folders),
      list_share_folder },
    { "CreateShareFolder", "POST", KOODRIVE "/sharefolder/create", PAGE("Creating a Shared Folder"), USER, WRITE,
      create_share_folder_in, sizeof(struct create_share_folder), created_out, sizeof(struct created_share_folder),
      create_share_folder },
    { 0 },
};
