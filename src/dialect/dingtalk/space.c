/* dialect/dingtalk/space.c: spaces, what the core calls drives: a user's is `personal`, a team's `org`. */
#include "dialect/dingtalk/parts.h"

#include "drive/drive.h"

/* ---- what is answered ---- */

struct space {
    id      space_id;
    str     space_name, permission_mode;
    int     space_type; /* enum owner_kind */
    int64_t quota, used_quota;
    instant create_time, modify_time;
};

static const struct word space_types[] = { { "personal", OWNER_USER }, { "org", OWNER_GROUP }, { 0 } };

#define OUT struct space
static const struct field space_out[] = {
    { "spaceId",        BODY, AT(OUT, space_id) },
    { "spaceName",      BODY, AT(OUT, space_name) },
    { "spaceType",      BODY, AT(OUT, space_type), .words = space_types },
    { "quota",          BODY, AT(OUT, quota), .doc = "bytes; -1: no limit of its own" },
    { "usedQuota",      BODY, AT(OUT, used_quota), .doc = "bytes" },
    { "permissionMode", BODY, AT(OUT, permission_mode) },
    { "createTime",     BODY, AT(OUT, create_time), .as = AS_SECONDS },
    { "modifyTime",     BODY, AT(OUT, modify_time), .as = AS_SECONDS },
    { 0 },
};
#undef OUT
static const struct shape space_shape = { "DriveSpace", space_out, sizeof(struct space) };

static struct space space_of(const struct drive *drive)
{
    return (struct space){
        .space_id = drive->id,
        .space_name = drive->name.p ? drive->name : S(""),
        .space_type = drive->owner_kind,
        .quota = drive->quota,
        .used_quota = drive->used,
        .permission_mode = S("acl"), /* rights come from members; `custom` is for AddCustomSpace */
        .create_time = drive->created,
        .modify_time = drive->modified.ms ? drive->modified : drive->created,
    };
}

static void spaces_of(struct cx *cx, const struct list *drives, struct list *out)
{
    const struct drive *drive = drives->items;
    struct space       *spaces = ARENA_MANY(cx->arena, struct space, drives->count + 1);
    for (size_t i = 0; i < drives->count; i++)
        spaces[i] = space_of(&drive[i]);
    *out = (struct list){ spaces, drives->count };
}

/* ---- ListSpaces ---- */

struct list_spaces {
    str union_id, next_token;
    int space_type, max_results;
};

#define IN struct list_spaces
static const struct field list_spaces_in[] = {
    UNION_ID_IN(IN, QUERY, BODY),
    { "spaceType", QUERY, AT(IN, space_type), .required = true, .words = space_types,
      .doc = "the page knows org; personal is for a user's own token" },
    NEXT_TOKEN_IN(IN),
    MAX_RESULTS_IN(IN),
    { 0 },
};
#undef IN

struct spaces {
    struct list spaces;
    str         next_token;
};

static const struct field list_spaces_out[] = {
    { "spaces",    BODY, AT(struct spaces, spaces), .shape = &space_shape },
    { "nextToken", BODY, AT(struct spaces, next_token), .doc = "empty at the end" },
    { 0 },
};

/* An app's token is refused for personal spaces, as the real service was seen to do. */
static enum fault list_spaces(struct cx *cx, const void *in, void *out)
{
    const struct list_spaces *ask = in;
    struct spaces            *answer = out;
    struct drive_page         page = { 0 };
    TRY(dingtalk_act_as(cx, ask->union_id));
    if (ask->space_type == OWNER_USER && cx->caller->by_app)
        return fail(cx, FAULT_FORBIDDEN, .because = "personal spaces are listed for their owner's token");
    if (ask->space_type == OWNER_USER)
        TRY(drive_list_owned(cx, cx->caller->user, ask->max_results, ask->next_token, "nextToken", &page));
    else
        TRY(drive_list_teams(cx, ask->max_results, ask->next_token, "nextToken", &page));
    spaces_of(cx, &page.drives, &answer->spaces);
    answer->next_token = dingtalk_next_token(page.next);
    return OK;
}

/* ---- AddSpace ---- */

struct add_space {
    str name, union_id;
};

#define IN struct add_space
static const struct field add_space_in[] = {
    { "name", BODY, AT(IN, name), .required = true, .min = 1, .max = 128,
      .doc = "the page gives no length; 128 is the store's" },
    UNION_ID_IN(IN, BODY, QUERY),
    { 0 },
};
#undef IN

static bool is_name(str name)
{
    for (size_t i = 0; i < name.n; i++)
        if ((unsigned char)name.p[i] < 0x20 || name.p[i] == 0x7F)
            return false;
    return str_trim(name).n > 0;
}

static enum fault add_space(struct cx *cx, const void *in, void *out)
{
    const struct add_space *ask = in;
    struct drive            made = { 0 };
    TRY(dingtalk_act_as(cx, ask->union_id));
    if (!is_name(ask->name))
        return fail(cx, FAULT_INVALID, .field = "name", .how = HOW_FORM, .got = ask->name,
                    .because = "not blank, without control characters");
    TRY(drive_create_team(cx, ask->name, &made));
    *(struct space *)out = space_of(&made);
    return OK;
}

/* ---- InfoSpace, DeleteSpace ---- */

struct one_space {
    str space_id, union_id;
};

#define IN struct one_space
static const struct field one_space_in[] = {
    { "spaceId", PATH, AT(IN, space_id) },
    UNION_ID_IN(IN, QUERY, BODY),
    { 0 },
};
#undef IN

static enum fault space_find(struct cx *cx, const struct one_space *ask, struct drive *out)
{
    TRY(dingtalk_act_as(cx, ask->union_id));
    return dingtalk_space_find(cx, ask->space_id, out);
}

static enum fault info_space(struct cx *cx, const void *in, void *out)
{
    struct drive drive = { 0 };
    TRY(space_find(cx, in, &drive));
    *(struct space *)out = space_of(&drive);
    return OK;
}

/* The call takes away what AddSpace made. The all-staff space and personal ones are not its to
 * take, whoever asks. */
static enum fault delete_space(struct cx *cx, const void *in, void *out)
{
    const struct one_space *ask = in;
    struct drive            drive = { 0 };
    (void)out;
    TRY(space_find(cx, ask, &drive));
    if (drive.is_staff || drive.owner_kind == OWNER_USER)
        return fail(cx, FAULT_CONFLICT, .thing = THING_DRIVE,
                    .because = "only spaces made by AddSpace can be deleted");
    return drive_delete(cx, ask->space_id, true);
}

/* ---- GetMySpaceInfo ---- */

struct my_space {
    str union_id;
};

static const struct field my_space_in[] = { UNION_ID_IN(struct my_space, QUERY, BODY), { 0 } };

static enum fault get_my_space_info(struct cx *cx, const void *in, void *out)
{
    const struct my_space *ask = in;
    struct list            personal = { 0 };
    TRY(dingtalk_act_as(cx, ask->union_id));
    TRY(drive_list_personal(cx, &personal));
    const struct drive *drives = personal.items, *mine = drives;
    for (size_t i = 0; i < personal.count; i++)
        if (drives[i].is_default)
            mine = &drives[i];
    if (!personal.count)
        return fail(cx, FAULT_NOT_FOUND, .thing = THING_DRIVE, .because = "no space of their own");
    *(struct space *)out = space_of(mine);
    return OK;
}

const struct op dingtalk_space_ops[] = {
    { "ListSpaces", "GET", "/v1.0/drive/spaces", "DingTalk ListSpaces, 2026-08", USER, READ,
      list_spaces_in, sizeof(struct list_spaces), list_spaces_out, sizeof(struct spaces), list_spaces },
    { "AddSpace", "POST", "/v1.0/drive/spaces", "DingTalk AddSpace, 2026-08", USER, WRITE,
      add_space_in, sizeof(struct add_space), space_out, sizeof(struct space), add_space },
    { "DeleteSpace", "DELETE", "/v1.0/drive/spaces/{spaceId}", "DingTalk DeleteSpace, 2026-08", USER,
      WRITE, one_space_in, sizeof(struct one_space), NULL, 0, delete_space },
    { "InfoSpace", "GET", "/v1.0/drive/spaces/{spaceId}", "DingTalk InfoSpace, 2026-08", USER, READ,
      one_space_in, sizeof(struct one_space), space_out, sizeof(struct space), info_space },
    { "GetMySpaceInfo", "GET", "/v1.0/drive/mySpaces", "DingTalk GetMySpaceInfo, SDK 2.2.27", USER, READ,
      my_space_in, sizeof(struct my_space), space_out, sizeof(struct space), get_my_space_info },
    { 0 },
};
