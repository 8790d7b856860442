/* drive/group_list.c: lists of groups and of what stands in them. */
#include "base/encode.h"
#include "base/names.h"
#include "drive/cursor.h"
#include "drive/group.h"
#include "drive/site.h"
#include "store/people.h"

/* A filter that matches little must not make one page read all groups. */
enum { LOOKED_AT_MAX = 2000, ROWS_AT_ONCE = 128 };

static bool fits(struct cx *cx, const struct group_query *q, str needle, const struct group *group)
{
    if (group->kind == GROUP_SHARED_FOLDER)
        return false;
    if (q->title.n && !str_eq(q->title, group->title))
        return false;
    return !needle.n || name_contains(cx->arena, group->title, needle);
}

static enum fault next_rows(struct cx *cx, id after, struct list *rows)
{
    const id domain = cx->site->domain.id;
    if (caller_is_admin(cx->caller))
        return store_groups(cx, domain, after, ROWS_AT_ONCE, rows);
    return store_groups_of(cx, domain, cx->caller->user, after, ROWS_AT_ONCE, rows);
}

enum fault group_search(struct cx *cx, const struct group_query *q, struct group_page *out)
{
    const str needle = q->title_part.n ? name_folded(cx->arena, q->title_part) : S("");
    const str bound = arena_print(cx->arena, "groups|%zu|%.*s|%.*s", q->title.n, STR_ARG(q->title), STR_ARG(needle));
    struct group *items = ARENA_MANY(cx->arena, struct group, (size_t)q->limit + 1);
    size_t        count = 0, looked = 0;
    struct list   rows;
    id            after;
    TRY(cursor_after(cx, q->field, bound, q->cursor, &after));
    do {
        TRY(next_rows(cx, after, &rows));
        const struct group *groups = rows.items;
        for (size_t i = 0; i < rows.count && count <= (size_t)q->limit; i++) {
            after = groups[i].id;
            if (fits(cx, q, needle, &groups[i]))
                items[count++] = groups[i];
        }
        looked += rows.count;
    } while (rows.count == ROWS_AT_ONCE && count <= (size_t)q->limit && looked < LOOKED_AT_MAX);
    out->items = (struct list){ items, count };
    out->next = cursor_of_page(cx, bound, q->limit, &out->items, sizeof *items, offsetof(struct group, id));
    if (!out->next.n && rows.count == ROWS_AT_ONCE)
        out->next = cursor_at(cx, bound, after);
    return OK;
}

/* ---- what stands in a group ---- */

/* Groups first, then users: a position is the phase and the last number in it. */
enum phase { PHASE_GROUPS, PHASE_USERS };
enum { POSITION_BYTES = 9 };

static str position_make(struct cx *cx, str bound, enum phase phase, id last)
{
    char bytes[POSITION_BYTES] = { (char)phase };
    be64_put(bytes + 1, (uint64_t)last.v);
    return cursor_make(cx, bound, (str){ bytes, sizeof bytes });
}

static enum fault groups_in(struct cx *cx, const struct group *group, id after, int limit, struct list *out)
{
    if (group->kind == GROUP_STAFF)
        return store_groups_on_top(cx, group->domain, after, limit, out);
    return store_groups_below(cx, group->id, after, limit, out);
}

static enum fault users_in(struct cx *cx, const struct group *group, id after, int limit, struct list *out)
{
    struct list users;
    if (group->kind != GROUP_STAFF)
        return store_members(cx, group->id, after, limit, out);
    TRY(store_users(cx, group->domain, after, limit, &users));
    struct member     *items = ARENA_MANY(cx->arena, struct member, users.count + 1);
    const struct user *from = users.items;
    for (size_t i = 0; i < users.count; i++)
        TRY(group_member_get(cx, group, from[i].id, &items[i]));
    *out = (struct list){ items, users.count };
    return OK;
}

enum fault group_members(struct cx *cx, const struct member_query *q, struct member_page *out)
{
    const str bound = arena_print(cx->arena, "members|%lld|%d", (long long)q->group.id.v, q->kinds);
    enum phase phase = q->kinds & MEMBER_GROUPS ? PHASE_GROUPS : PHASE_USERS;
    id        after = ID_NONE;
    str       position;
    TRY(cursor_read(cx, q->field, bound, q->cursor, &position));
    if (position.n == POSITION_BYTES) {
        phase = (enum phase)*position.p;
        after.v = (int64_t)be64_get(position.p + 1);
    }
    *out = (struct member_page){ 0 };
    size_t left = (size_t)q->limit;
    if (phase == PHASE_GROUPS) {
        TRY(groups_in(cx, &q->group, after, q->limit + 1, &out->groups));
        const struct group *groups = out->groups.items;
        if (out->groups.count > left) {
            out->groups.count = left;
            out->next = position_make(cx, bound, PHASE_GROUPS, groups[left - 1].id);
            return OK;
        }
        left -= out->groups.count;
        after = ID_NONE;
    }
    if (!(q->kinds & MEMBER_USERS))
        return OK;
    TRY(users_in(cx, &q->group, after, (int)left + 1, &out->users));
    const struct member *users = out->users.items;
    if (out->users.count > left) {
        out->users.count = left;
        out->next = position_make(cx, bound, PHASE_USERS, left ? users[left - 1].user : after);
    }
    return OK;
}

enum fault group_memberships(struct cx *cx, id user, int limit, str cursor, const char *field, struct group_page *out)
{
    const str bound = arena_print(cx->arena, "memberships|%lld", (long long)user.v);
    id        after;
    TRY(cursor_after(cx, field, bound, cursor, &after));
    TRY(store_memberships(cx, user, after, limit + 1, &out->items));
    out->next = cursor_of_page(cx, bound, limit, &out->items, sizeof(struct member), offsetof(struct member, group));
    return OK;
}

enum fault group_admins(struct cx *cx, const struct group *group, id user, int limit, str cursor, const char *field,
                        struct group_page *out)
{
    const str bound = arena_print(cx->arena, "group admins|%lld|%lld", (long long)(group ? group->id.v : 0),
                                  (long long)user.v);
    id        after;
    TRY(cursor_after(cx, field, bound, cursor, &after));
    if (group)
        TRY(store_group_admins(cx, group->id, after, limit + 1, &out->items));
    else
        TRY(store_groups_administered(cx, user, after, limit + 1, &out->items));
    out->next = cursor_of_page(cx, bound, limit, &out->items, sizeof(struct group_admin),
                               group ? offsetof(struct group_admin, user) : offsetof(struct group_admin, group));
    return OK;
}
