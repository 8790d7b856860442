/* dialect/pds/user_list.c: users with what belongs to them, and lists of users: ListUser, SearchUser, and what only
 * the SDKs know: GeneralGetUser, GeneralSearchUser, ListGroupUser.
 *
 * The general ones also tell of a user's drives and groups where `extra_return_info` asks for them, each in a
 * member of the word that asks. That is many small reads, hence on a worker. */
#include "dialect/pds/drive_shape.h"
#include "dialect/pds/group_shape.h"
#include "dialect/pds/user_shape.h"
#include "drive/belongings.h"

#define SDKS "official SDKs; not in the 2022-03-01 reference"

/* ---- a user with what belongs to him ---- */

enum extra { EXTRA_DRIVE = 1, EXTRA_GROUP };
static const struct word extras[] = { { "drive", EXTRA_DRIVE }, { "group", EXTRA_GROUP }, { 0 } };

struct extra_word {
    int word;
};
static const struct field extra_rows[] = { { "", BODY, AT(struct extra_word, word), .words = extras }, { 0 } };
static const struct shape extra_shape = { "ExtraReturnInfo", extra_rows, sizeof(struct extra_word) };

#define EXTRA_ROW(T)                                                                            \
    { "extra_return_info", BODY, AT(T, extra_return_info), .max = 10, .shape = &extra_shape,    \
      .doc = "what else is told of a user" }

struct general_user {
    struct pds_user user;
    struct list     drive, group; /* struct pds_drive, struct pds_group; not given: not asked for */
};
static const struct field general_user_rows[] = {
    PDS_USER_ROWS(struct general_user),
    { "drive", BODY, AT(struct general_user, drive), .shape = &pds_drive_shape, .omit = true,
      .doc = "his drives, for himself and administrators" },
    { "group", BODY, AT(struct general_user, group), .shape = &pds_group_shape, .omit = true,
      .doc = "the groups he stands in that one may see" },
    { 0 }
};
static const struct shape general_user_shape = { "GeneralUser", general_user_rows, sizeof(struct general_user) };

static bool asks_for(const struct list *asked, enum extra extra)
{
    const struct extra_word *words = asked->items;
    for (size_t i = 0; i < asked->count; i++)
        if (words[i].word == (int)extra)
            return true;
    return false;
}

static enum fault show_general(struct cx *cx, const struct person *person, const struct list *asked,
                               struct general_user *out)
{
    struct list found;
    TRY(pds_show_user(cx, person, &out->user));
    if (asks_for(asked, EXTRA_DRIVE)) {
        TRY(belongings_drives(cx, person->user.id, &found));
        out->drive = pds_show_drives(cx, &found);
    }
    if (asks_for(asked, EXTRA_GROUP)) {
        TRY(belongings_teams(cx, person->user.id, &found));
        TRY(pds_show_groups(cx, &found, &out->group));
    }
    return OK;
}

static enum fault show_generals(struct cx *cx, const struct list *people, const struct list *asked, struct list *out)
{
    struct general_user *items = ARENA_MANY(cx->arena, struct general_user, people->count + 1);
    const struct person *from = people->items;
    for (size_t i = 0; i < people->count; i++)
        TRY(show_general(cx, &from[i], asked, &items[i]));
    *out = (struct list){ items, people->count };
    return OK;
}

/* All of it is done by prepare. */
static enum fault shown(struct cx *cx, const void *in, void *out)
{
    (void)cx, (void)in, (void)out;
    return OK;
}

/* ---- ListUser, SearchUser ---- */

struct find_users {
    str         user_name, nick_name, nick_name_for_fuzzy, email, phone, marker;
    int         role, status, limit;
    struct list extra_return_info; /* struct extra_word */
};

#define IN struct find_users
#define SEARCH_ROWS                                                                                     \
    { "user_name", BODY, AT(IN, user_name), .max = 128, .empty_ok = true, .doc = "exactly" },           \
    { "nick_name", BODY, AT(IN, nick_name), .max = 128, .empty_ok = true, .doc = "exactly" },           \
    { "nick_name_for_fuzzy", BODY, AT(IN, nick_name_for_fuzzy), .max = 128, .empty_ok = true,           \
      .doc = "a part of it, in any case" },                                                             \
    { "email",     BODY, AT(IN, email),     .max = EMAIL_MAX, .empty_ok = true },                       \
    { "phone",     BODY, AT(IN, phone),     .max = PHONE_MAX, .empty_ok = true },                       \
    { "role",      BODY, AT(IN, role),      .words = pds_asked_roles, .empty_ok = true },               \
    { "status",    BODY, AT(IN, status),    .words = pds_statuses, .empty_ok = true },                  \
    PDS_LIMIT_100(IN),                                                                                  \
    PDS_MARKER(IN)
static const struct field list_user_in[] = { PDS_LIMIT_100(IN), PDS_MARKER(IN), { 0 } };
static const struct field search_user_in[] = { SEARCH_ROWS, { 0 } };
static const struct field general_search_in[] = { SEARCH_ROWS, EXTRA_ROW(IN), { 0 } };
#undef IN

struct users_out {
    struct list items;
    str         next_marker;
};
static const struct field users_rows[] = {
    { "items", BODY, AT(struct users_out, items), .shape = &pds_user_shape },
    { "next_marker", BODY, AT(struct users_out, next_marker), .doc = "empty at the end" },
    { 0 }
};

static enum fault find_page(struct cx *cx, const struct find_users *ask, struct person_page *page)
{
    const struct person_query query = {
        .name = ask->user_name, .nick = ask->nick_name, .nick_part = ask->nick_name_for_fuzzy, .email = ask->email,
        .phone = ask->phone, .role = ask->role, .status = ask->status, .limit = ask->limit, .cursor = ask->marker,
        .cursor_field = "marker",
    };
    return person_search(cx, &query, page);
}

static enum fault find_users(struct cx *cx, const void *in, void *out)
{
    struct users_out *answer = out;
    struct person_page page;
    TRY(find_page(cx, in, &page));
    answer->next_marker = page.next;
    return pds_show_users(cx, &page.people, &answer->items);
}

/* ---- GeneralGetUser, GeneralSearchUser ---- */

struct general_get {
    str         user_id;
    struct list extra_return_info;
};
static const struct field general_get_in[] = {
    { "user_id", BODY, AT(struct general_get, user_id), .min = 1, .max = 64,
      .doc = "by default who asks; an AccessKey must say" },
    EXTRA_ROW(struct general_get),
    { 0 }
};

static enum fault general_get(struct cx *cx, void *in, void *out)
{
    const struct general_get *ask = in;
    struct person person;
    TRY(person_get(cx, ask->user_id, &person));
    return show_general(cx, &person, &ask->extra_return_info, out);
}

static const struct field general_users_rows[] = {
    { "items", BODY, AT(struct users_out, items), .shape = &general_user_shape },
    { "next_marker", BODY, AT(struct users_out, next_marker), .doc = "empty at the end" },
    { 0 }
};

static enum fault general_search(struct cx *cx, void *in, void *out)
{
    const struct find_users *ask = in;
    struct users_out *answer = out;
    struct person_page page;
    TRY(find_page(cx, ask, &page));
    answer->next_marker = page.next;
    return show_generals(cx, &page.people, &ask->extra_return_info, &answer->items);
}

/* ---- ListGroupUser ---- */

struct list_group_user {
    str         group_id, marker;
    int         limit;
    struct list extra_return_info;
};
#define IN struct list_group_user
static const struct field list_group_user_in[] = {
    PDS_GROUP_ID(IN), PDS_LIMIT_100(IN), PDS_MARKER(IN), EXTRA_ROW(IN), { 0 }
};
#undef IN

struct group_users_out {
    struct list user_items, group_items;
    str         next_marker;
};
static const struct field group_users_rows[] = {
    { "group_items", BODY, AT(struct group_users_out, group_items), .shape = &pds_group_shape, .doc = "first" },
    { "user_items",  BODY, AT(struct group_users_out, user_items), .shape = &general_user_shape, .doc = "then" },
    { "next_marker", BODY, AT(struct group_users_out, next_marker), .doc = "empty at the end" },
    { 0 }
};

static enum fault list_group_user(struct cx *cx, void *in, void *out)
{
    const struct list_group_user *ask = in;
    struct group_users_out *answer = out;
    struct pds_member_page page;
    TRY(pds_member_page(cx, ask->group_id, MEMBER_USERS | MEMBER_GROUPS, ask->limit, ask->marker, &page));
    answer->next_marker = page.next;
    TRY(pds_show_groups(cx, &page.groups, &answer->group_items));
    return show_generals(cx, &page.people, &ask->extra_return_info, &answer->user_items);
}

#define UNDESCRIBED                                                                                        \
    "what extra_return_info adds stands in members of its words, drive and group: no source names them"
const struct op pds_user_list_ops[] = {
    { "ListUser", "POST", "/v2/user/list", "PDS ListUser, 2022-03-01", USER, READ,
      list_user_in, sizeof(struct find_users), users_rows, sizeof(struct users_out), find_users, .status = 200,
      .scope = "USER.LIST", .proof = "pds_user.test.mjs" },
    { "SearchUser", "POST", "/v2/user/search", "PDS SearchUser, 2022-03-01", USER, READ,
      search_user_in, sizeof(struct find_users), users_rows, sizeof(struct users_out), find_users, .status = 200,
      .scope = "USER.LIST", .proof = "pds_user.test.mjs" },
    { "GeneralGetUser", "POST", "/v2/user/general_get", SDKS, USER, READ,
      general_get_in, sizeof(struct general_get), general_user_rows, sizeof(struct general_user), shown, .status = 200,
      .prepare = general_get, .scope = "USER.GET", .partial = UNDESCRIBED, .proof = "pds_user_general.test.mjs" },
    { "GeneralSearchUser", "POST", "/v2/user/general_search", SDKS, USER, READ,
      general_search_in, sizeof(struct find_users), general_users_rows, sizeof(struct users_out), shown, .status = 200,
      .prepare = general_search, .scope = "USER.LIST", .partial = UNDESCRIBED, .proof = "pds_user_general.test.mjs" },
    { "ListGroupUser", "POST", "/v2/user/list_group_user", SDKS, USER, READ,
      list_group_user_in, sizeof(struct list_group_user), group_users_rows, sizeof(struct group_users_out), shown,
      .status = 200, .prepare = list_group_user, .partial = UNDESCRIBED, .proof = "pds_user_general.test.mjs" },
    { 0 }
};
