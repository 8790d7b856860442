#include "drive/belongings.h"

#include "drive/caller.h"
#include "drive/group.h"
#include "store/drives.h"

static bool knows_all(const struct cx *cx, id user)
{
    return caller_is_admin(cx->caller) || (user.v && cx->caller->user.v == user.v);
}

enum fault belongings_drives(struct cx *cx, id user, struct list *out)
{
    *out = (struct list){ 0 };
    return knows_all(cx, user) ? store_drives_of(cx, user, ID_NONE, BELONGINGS_MAX, out) : OK;
}

/* Whether the caller may see the team, and the team. */
static enum fault see(struct cx *cx, id team, bool *seen, struct group *out)
{
    const str        number = arena_print(cx->arena, "%lld", (long long)team.v);
    const enum fault fault = group_require(cx, number, GROUP_SEE, out);
    *seen = fault == OK;
    return fault == FAULT_NOT_FOUND ? OK : fault;
}

enum fault belongings_teams(struct cx *cx, id user, struct list *out)
{
    struct list rows;
    TRY(store_memberships(cx, user, ID_NONE, BELONGINGS_MAX, &rows));
    struct group        *teams = ARENA_MANY(cx->arena, struct group, rows.count + 1);
    const struct member *members = rows.items;
    size_t               count = 0;
    for (size_t i = 0; i < rows.count; i++) {
        bool seen;
        TRY(see(cx, members[i].group, &seen, &teams[count]));
        count += seen;
    }
    *out = (struct list){ teams, count };
    return OK;
}
