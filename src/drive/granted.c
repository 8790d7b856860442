/* Where something is granted: pages of places, by drive and number. The places come from indexes, a page at
 * a time; what of them is live and still to be seen is decided for each as for any other call. */
#include "drive/grant.h"

#include <stdlib.h>

#include "base/encode.h"
#include "drive/cursor.h"
#include "drive/site.h"
#include "store/drives.h"
#include "store/nodes.h"

enum { DRIVES_A_PAGE = 100 };

/* Places after `after`, one more than `limit` where there are more. */
struct places {
    struct place_key  after;
    int               limit;
    struct place_key *items;
    size_t            count;
    struct place_key  border; /* nothing beyond it was looked at; none: all was */
};

static int compare(const void *left, const void *right)
{
    const struct place_key *a = left, *b = right;
    if (a->drive.v != b->drive.v)
        return a->drive.v < b->drive.v ? -1 : 1;
    return a->node.v < b->node.v ? -1 : a->node.v > b->node.v;
}

static void add(struct cx *cx, struct places *all, const struct list *more)
{
    struct place_key *items = ARENA_MANY(cx->arena, struct place_key, all->count + more->count + 1);
    if (all->count)
        memcpy(items, all->items, all->count * sizeof *items);
    if (more->count)
        memcpy(items + all->count, more->items, more->count * sizeof *items);
    all->items = items;
    all->count += more->count;
}

/* By himself or by a group: one place may come twice. */
static enum fault granted_to(struct cx *cx, struct places *all)
{
    struct list holders, found;
    size_t      kept = 0;
    TRY(store_holders_of(cx, cx->caller->user, &holders));
    for (size_t i = 0; i < holders.count; i++) {
        TRY(store_places_granted_to(cx, ((const id *)holders.items)[i], all->after, all->limit + 1, &found));
        add(cx, all, &found);
    }
    if (all->count)
        qsort(all->items, all->count, sizeof *all->items, compare);
    for (size_t i = 0; i < all->count; i++)
        if (!kept || compare(&all->items[kept - 1], &all->items[i]) != 0)
            all->items[kept++] = all->items[i];
    all->count = kept;
    return OK;
}

static enum fault granted_by(struct cx *cx, struct places *all)
{
    struct list found;
    TRY(store_places_granted_by(cx, cx->caller->user, all->after, all->limit + 1, &found));
    add(cx, all, &found);
    return OK;
}

static int compare_drives(const void *left, const void *right)
{
    const struct drive *a = left, *b = right;
    return a->id.v < b->id.v ? -1 : a->id.v > b->id.v;
}

/* The caller's own drives and those of his groups from `from` on, by number, as far as both lists are known
 * to be whole; *end is the last number that was looked at, none at the end of all. */
static enum fault own_drives(struct cx *cx, id from, struct list *out, id *end)
{
    struct list       own, teams;
    const id          after = { from.v - 1 };
    struct drive     *all;
    size_t            n = 0;
    TRY(store_drives_of(cx, cx->caller->user, after, DRIVES_A_PAGE, &own));
    TRY(store_drives_of_groups(cx, cx->site->domain.id, cx->caller->user, false, after, DRIVES_A_PAGE, &teams));
    const struct list lists[] = { own, teams };
    *end = ID_NONE;
    all = ARENA_MANY(cx->arena, struct drive, own.count + teams.count + 1);
    for (size_t i = 0; i < COUNT(lists); i++) {
        const struct drive *d = lists[i].items;
        if (lists[i].count == DRIVES_A_PAGE && (!end->v || d[DRIVES_A_PAGE - 1].id.v < end->v))
            *end = d[DRIVES_A_PAGE - 1].id;
        for (size_t k = 0; k < lists[i].count; k++)
            all[n++] = d[k];
    }
    qsort(all, n, sizeof *all, compare_drives);
    while (end->v && n && all[n - 1].id.v > end->v)
        n--;
    *out = (struct list){ all, n };
    return OK;
}

static enum fault granted_of(struct cx *cx, struct places *all)
{
    struct list drives, found;
    id          end;
    unsigned    actions;
    TRY(own_drives(cx, all->after.drive.v ? all->after.drive : (id){ 1 }, &drives, &end));
    const struct drive *d = drives.items;
    for (size_t i = 0; i < drives.count && all->count <= (size_t)all->limit; i++) {
        const id after = d[i].id.v == all->after.drive.v ? all->after.node : ID_NONE;
        TRY(access_to_drive(cx, &d[i], &actions));
        if (!(actions & ACTION_GRANT))
            continue;
        TRY(store_places_granted_in(cx, d[i].id, after, all->limit + 1, &found));
        add(cx, all, &found);
    }
    if (end.v)
        all->border = (struct place_key){ end, { ID_MAX } };
    return OK;
}

/* What is there, live, and the caller's to see; else false. */
static enum fault open_place(struct cx *cx, const struct place_key *place, struct granted *out, bool *shown)
{
    const str drive = arena_print(cx->arena, "%lld", (long long)place->drive.v);
    const str node = arena_print(cx->arena, "%lld", (long long)place->node.v);
    const enum fault fault = node_find(cx, drive, node, SCOPE_LIVE, ACTION_LIST, &out->drive, &out->node);
    *shown = fault == OK;
    if (fault == FAULT_NOT_FOUND || fault == FAULT_TRASHED || fault == FAULT_DISABLED || fault == FAULT_FORBIDDEN)
        return OK;
    TRY(fault);
    return access_to_node(cx, &out->drive, &out->node, &out->actions);
}

static enum fault read_after(struct cx *cx, str bound, str cursor, const char *field, struct place_key *after)
{
    str position;
    *after = (struct place_key){ 0 };
    TRY(cursor_read(cx, field, bound, cursor, &position));
    if (position.n == 16)
        *after = (struct place_key){ { (int64_t)be64_get(position.p) }, { (int64_t)be64_get(position.p + 8) } };
    return OK;
}

static str make_next(struct cx *cx, str bound, struct place_key last)
{
    char position[16];
    be64_put(position, (uint64_t)last.drive.v);
    be64_put(position + 8, (uint64_t)last.node.v);
    return cursor_make(cx, bound, (str){ position, sizeof position });
}

enum fault granted_list(struct cx *cx, enum granted_how how, int limit, str cursor, const char *cursor_field,
                        struct granted_page *out)
{
    static enum fault (*const find[])(struct cx *, struct places *) = {
        [GRANTED_TO_ME] = granted_to, [GRANTED_BY_ME] = granted_by, [GRANTED_OF_MINE] = granted_of
    };
    const str       bound = arena_print(cx->arena, "granted %d", (int)how);
    struct places   all = { .limit = limit };
    struct granted *items = ARENA_MANY(cx->arena, struct granted, (size_t)limit + 1);
    size_t          n = 0;
    bool            shown;
    if (!cx->caller->user.v)
        return fail(cx, FAULT_INVALID, .because = "an app of the domain is no user: nothing is granted to it");
    TRY(read_after(cx, bound, cursor, cursor_field, &all.after));
    TRY(find[how](cx, &all));
    size_t shows = all.count < (size_t)limit ? all.count : (size_t)limit, bytes = 0;
    for (size_t i = 0; i < shows; i++) {
        TRY(open_place(cx, &all.items[i], &items[n], &shown));
        if (shown && how == GRANTED_TO_ME && items[n].drive.owner.v == cx->caller->user.v)
            shown = false; /* his own, shared by a group he is in */
        bytes += node_bytes(&items[n].node);
        n += shown;
        if (bytes >= NODES_BYTES_MAX)
            shows = i + 1;
    }
    out->items = (struct list){ items, n };
    out->next = S0;
    if (all.count > shows)
        out->next = make_next(cx, bound, all.items[shows - 1]);
    else if (all.border.drive.v)
        out->next = make_next(cx, bound, all.border);
    return OK;
}
