/* drive/drive_list.c: lists of drives, by number. */
#include "base/encode.h"
#include "base/names.h"
#include "drive/cursor.h"
#include "drive/drive.h"
#include "drive/group.h"
#include "drive/site.h"
#include "store/drives.h"
#include "store/people.h"

/* A filter that matches little must not make one page read all drives. */
enum { LOOKED_AT_MAX = 2000, ROWS_AT_ONCE = 128 };

static str binding(struct cx *cx, const char *what, id whose)
{
    return arena_print(cx->arena, "%s|%lld", what, (long long)whose.v);
}

static str next_of(struct cx *cx, str bound, int limit, struct list *drives)
{
    return cursor_of_page(cx, bound, limit, drives, sizeof(struct drive), offsetof(struct drive, id));
}

enum fault drive_list_owned(struct cx *cx, id user, int limit, str cursor, const char *cursor_field,
                            struct drive_page *out)
{
    id        after;
    const str bound = binding(cx, "drives owned", user);
    TRY(cursor_after(cx, cursor_field, bound, cursor, &after));
    TRY(store_drives_of(cx, user, after, limit + 1, &out->drives));
    out->next = next_of(cx, bound, limit, &out->drives);
    return OK;
}

static enum fault team_rows(struct cx *cx, bool granted, id after, int limit, struct list *out)
{
    const id domain = cx->site->domain.id;
    if (caller_is_admin(cx->caller))
        return store_drives_teams(cx, domain, after, limit, out);
    return store_drives_of_groups(cx, domain, cx->caller->user, granted, after, limit, out);
}

/* The staff drive stands first whatever its number; `after` none means that it has not been shown. */
static enum fault with_staff_first(struct cx *cx, id after, struct list *list)
{
    struct drive staff;
    if (after.v || store_drive(cx, cx->site->domain.id, cx->site->domain.staff_drive, &staff) != OK)
        return OK;
    struct drive *items = ARENA_MANY(cx->arena, struct drive, list->count + 1);
    items[0] = staff;
    memcpy(items + 1, list->items, list->count * sizeof *items);
    *list = (struct list){ items, list->count + 1 };
    return OK;
}

enum fault drive_list_teams(struct cx *cx, int limit, str cursor, const char *cursor_field, struct drive_page *out)
{
    id        after;
    const str bound = binding(cx, "drives of teams", cx->caller->user);
    TRY(cursor_after(cx, cursor_field, bound, cursor, &after));
    TRY(team_rows(cx, false, after, limit + 1, &out->drives));
    TRY(with_staff_first(cx, after, &out->drives));
    out->next = next_of(cx, bound, limit, &out->drives);
    return OK;
}

enum fault drive_list_personal(struct cx *cx, struct list *out)
{
    return store_drives_of(cx, cx->caller->user, ID_NONE, 100, out);
}

enum fault drive_list_all(struct cx *cx, id after, int limit, struct list *out)
{
    return store_drives_all(cx, cx->site->domain.id, after, limit, out);
}

/* ---- with a filter ---- */

struct filter {
    id   owner;   /* or none */
    int  kind;
    bool nothing; /* nothing can match */
    bool teams;   /* the team drives that the caller reaches */
    bool descending;
    str  needle;  /* folded */
};

static enum fault rows_after(struct cx *cx, const struct filter *f, id after, struct list *out)
{
    const id domain = cx->site->domain.id;
    if (f->teams)
        return team_rows(cx, true, after, ROWS_AT_ONCE, out);
    if (f->owner.v && f->descending)
        return store_drives_of_down(cx, f->owner, after, ROWS_AT_ONCE, out);
    if (f->owner.v)
        return store_drives_of(cx, f->owner, after, ROWS_AT_ONCE, out);
    if (f->descending)
        return store_drives_all_down(cx, domain, after, ROWS_AT_ONCE, out);
    return store_drives_all(cx, domain, after, ROWS_AT_ONCE, out);
}

static bool fits(struct cx *cx, const struct filter *f, const struct drive *drive)
{
    if (f->kind && drive->owner_kind != f->kind)
        return false;
    return !f->needle.n || name_contains(cx->arena, drive->name, f->needle);
}

static enum fault gather(struct cx *cx, const struct filter *f, str bound, int limit, id after, struct drive_page *out)
{
    struct drive *items = ARENA_MANY(cx->arena, struct drive, (size_t)limit + 1);
    size_t        count = 0, looked = 0;
    struct list   rows = { 0 };
    if (f->descending && !after.v)
        after.v = INT64_MAX;
    do {
        if (!f->nothing)
            TRY(rows_after(cx, f, after, &rows));
        const struct drive *drives = rows.items;
        for (size_t i = 0; i < rows.count && count <= (size_t)limit; i++) {
            after = drives[i].id;
            if (fits(cx, f, &drives[i]))
                items[count++] = drives[i];
        }
        looked += rows.count;
    } while (rows.count == ROWS_AT_ONCE && count <= (size_t)limit && looked < LOOKED_AT_MAX);
    out->drives = (struct list){ items, count };
    out->next = next_of(cx, bound, limit, &out->drives);
    if (!out->next.n && rows.count == ROWS_AT_ONCE)
        out->next = cursor_at(cx, bound, after);
    return OK;
}

/* Who is meant by `owner`: nobody of that name has no drives. */
static enum fault find_owner(struct cx *cx, const struct drive_query *q, struct filter *f)
{
    struct user  user;
    struct group group;
    int64_t      number;
    if (q->owner_kind != OWNER_GROUP) {
        const enum fault fault = store_user_by_public_id(cx, cx->site->domain.id, q->owner, &user);
        if (fault == OK)
            f->owner = user.id;
        if (fault != FAULT_NOT_FOUND)
            return fault;
    }
    if (q->owner_kind != OWNER_USER && str_int64(q->owner, &number)) {
        const enum fault fault = store_group(cx, (id){ number }, &group);
        if (fault == OK && group.domain.v == cx->site->domain.id.v)
            f->owner = group.id;
        if (fault != OK && fault != FAULT_NOT_FOUND)
            return fault;
    }
    f->nothing = !f->owner.v;
    return OK;
}

static enum fault check_plain(struct cx *cx, const struct drive_query *q, struct filter *f)
{
    struct group group;
    const id     me = cx->caller->user;
    if (!q->owner.n) {
        f->owner = me;
        return OK;
    }
    if (f->owner.v == me.v && me.v)
        return OK;
    if (f->owner.v && group_require(cx, q->owner, GROUP_SEE, &group) == OK && group.id.v == f->owner.v)
        return OK;
    return fail(cx, FAULT_FORBIDDEN, .thing = THING_DRIVE, .because = "drives of others are listed for administrators");
}

enum fault drive_search(struct cx *cx, const struct drive_query *q, struct drive_page *out)
{
    const str     needle = q->name_part.n ? name_folded(cx->arena, q->name_part) : S("");
    const str     bound = arena_print(cx->arena, "drives|%d|%d|%zu|%.*s|%.*s", q->owner_kind, q->descending, q->owner.n,
                                      STR_ARG(q->owner), STR_ARG(needle));
    struct filter filter = { .kind = q->owner_kind, .descending = q->descending, .needle = needle };
    id            after;
    TRY(cursor_after(cx, q->cursor_field, bound, q->cursor, &after));
    if (q->owner.n)
        TRY(find_owner(cx, q, &filter));
    if (!caller_is_admin(cx->caller))
        TRY(check_plain(cx, q, &filter));
    return gather(cx, &filter, bound, q->limit, after, out);
}

enum fault drive_list_reached(struct cx *cx, str name_part, int limit, str cursor, const char *cursor_field,
                              struct drive_page *out, struct drive *staff)
{
    const struct filter filter = { .teams = true, .needle = name_part.n ? name_folded(cx->arena, name_part) : S("") };
    const str           bound = arena_print(cx->arena, "drives reached|%.*s", STR_ARG(filter.needle));
    id                  after;
    TRY(cursor_after(cx, cursor_field, bound, cursor, &after));
    const enum fault fault = store_drive(cx, cx->site->domain.id, cx->site->domain.staff_drive, staff);
    if (fault == FAULT_NOT_FOUND)
        *staff = (struct drive){ 0 };
    else
        TRY(fault);
    return gather(cx, &filter, bound, limit, after, out);
}
