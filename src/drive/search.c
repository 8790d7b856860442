/* A page of a search. Of each drive either
 *
 *   the few nodes that an index leaves are read and judged (gather), in whatever order asked for;
 *   or, where they are many, the folder or the drive is walked in the order of its index (walk), as far as
 *   a page goes; for orders that no index of a whole drive has (size, name) it is woven of its folders' (weave.h).
 *   That they are many is not found out to the end: where the first of them lie close together a short walk is
 *   tried, which fills the page after some hundred nodes;
 *   or, where that finds too little, very many are gathered, or every node of the drive is read (pass). These are
 *   heavy: seconds in a drive of a million. One at a time in the whole process, so that they never take all the
 *   workers; the others go on weaving, or, where there are too many folders for that, are told to try again.
 *
 * What the drives give is put in one order and cut to the page. A walk that stopped because it looked at
 * enough bounds the page: what other drives have beyond that place is for the next. */
#include "drive/search.h"

#include <limits.h>

#include "drive/candidates.h"
#include "drive/gate.h"
#include "drive/lookup.h"
#include "drive/site.h"
#include "store/orders.h"

enum {
    GATHER_MAX = 8000,     /* nodes read one by one for a page, all drives together */
    PROBED = 256,          /* nodes asked of an index to see whether they are few */
    APART_MAX = 64,        /* a short walk is tried when one of so many nodes comes into question */
    SHORT_MAX = 4000,      /* nodes of it */
    HEAVY_MAX = 200000,    /* the same where no index has the order asked for */
    LOOKED_AT_MAX = 20000, /* nodes of walks */
    LOOKED_AT_LEAST = 500, /* of each drive, both ways */
    COUNTED_MAX = 50000,   /* looked at for the total */
    WOVEN_FIRST = 1000,    /* nodes of walks that are woven, each read by itself: before all are read instead, */
    WOVEN_MAX = 10000,     /* and where that cannot be */
};

/* ---- a drive ---- */

/* Several drives share what one search may look at. */
static int share_of(const struct seeker *s, int all)
{
    const int share = all / (int)(s->search->drives.count ? s->search->drives.count : 1);
    return share < LOOKED_AT_LEAST ? LOOKED_AT_LEAST : share;
}

struct plan {
    struct candidates found;
    bool is_scattered; /* many, in an order that no index of the whole drive has */
    bool is_weavable;  /* in few enough folders for that */
    id   folder;       /* of a walk; none: the drive */
    int  short_max;    /* nodes of a walk that is only tried; 0: it is the one */
};

static enum fault plan_make(struct lookup *p, struct plan *plan)
{
    const struct seeker *s = p->seeker;
    const int folders_max = s->cx->site->woven_folders_max / (int)s->search->drives.count;
    int64_t   folders;
    *plan = (struct plan){ .short_max = 0 };
    TRY(candidates_find(&p->judge, (size_t)share_of(s, GATHER_MAX), &plan->found));
    plan->folder = plan->found.few ? ID_NONE : candidates_folder(&p->judge);
    plan->is_scattered = !plan->found.few && !plan->folder.v && (s->first.key == KEY_SIZE || s->first.key == KEY_NAME);
    if (!plan->is_scattered)
        return OK;
    TRY(store_folders_occupied(s->cx, p->judge.drive->id, folders_max + 1, &folders));
    plan->is_weavable = folders <= folders_max;
    return OK;
}

/* How what is scattered is found. */
enum manner { WEAVING, READING_ALL };

static enum fault run_part(struct lookup *p, const struct plan *plan, enum manner manner)
{
    struct seeker    *s = p->seeker;
    struct candidates found;
    if (plan->found.few)
        return lookup_gather(p, &plan->found.ids);
    if (plan->is_scattered && manner == READING_ALL) {
        p->looked_at_max = INT_MAX;
        TRY(candidates_find(&p->judge, HEAVY_MAX, &found));
        return found.few ? lookup_gather(p, &found.ids) : lookup_pass(p);
    }
    const int64_t total = s->total;
    TRY(lookup_walk(p, plan->folder, plan->is_scattered, (int64_t)s->search->limit + 1));
    s->total = total; /* what it saw is but a part */
    return OK;
}

/* All of it again, from the start, for its number alone: in any order where a walk would be woven. */
static enum fault count_part(struct lookup *p, const struct plan *plan)
{
    const struct seeker page = *p->seeker;
    p->looked_at = 0;
    p->counts = true;
    p->judge.effort = 0;
    p->looked_at_max = share_of(p->seeker, COUNTED_MAX);
    p->seeker->is_start = true;
    p->seeker->kept = ARENA_MANY(p->outer, struct key, page.kept_room);
    p->seeker->kept_count = 0;
    const enum fault fault = plan->is_scattered ? lookup_pass(p) : lookup_walk(p, plan->folder, false, INT64_MAX);
    const int64_t    total = p->seeker->total;
    *p->seeker = page;
    p->seeker->total = total;
    return fault;
}

static bool uses_names(const struct seeker *s)
{
    for (int i = 0; i < s->order_count; i++)
        if (s->orders[i].key == KEY_NAME)
            return true;
    return false;
}

static bool asks_for_tags(const struct judge *judge)
{
    for (size_t i = 0; i < judge->term_count; i++)
        if (judge->terms[i].term->field == SEARCH_TAGS)
            return true;
    return false;
}

struct parts {
    struct lookup *lookups;
    struct plan   *plans;
    size_t         count;
};

/* The page anew; `looked_at_max` nodes of what is woven. */
static enum fault run_parts(struct seeker *s, const struct parts *parts, enum manner manner, int looked_at_max)
{
    s->kept_count = 0;
    s->has_stop = false;
    s->total = 0;
    for (size_t i = 0; i < parts->count; i++) {
        struct lookup     *p = &parts->lookups[i];
        const struct plan *plan = &parts->plans[i];
        p->looked_at = 0;
        p->counts = false;
        p->looked_at_max = plan->short_max ? plan->short_max
                                           : share_of(s, plan->is_scattered ? looked_at_max : LOOKED_AT_MAX);
        p->judge.effort = 0;
        p->weave = NULL;
        TRY(run_part(p, plan, manner));
        if (s->search->count && !plan->found.few && !(plan->is_scattered && manner == READING_ALL))
            TRY(count_part(p, plan));
    }
    return OK;
}

static enum fault weave_parts(struct seeker *s, const struct parts *parts, int looked_at_max)
{
    s->has_walked = s->has_woven = true;
    TRY(run_parts(s, parts, WEAVING, looked_at_max));
    seeker_trim(s);
    seeker_cut(s);
    return OK;
}

/* What stands in the front of the order is soon found where much is wanted; where little is, one search at a time
 * reads all there is, and the others go on weaving, page by short page. Both in one order, so that any page may be
 * had either way; but reading all is what counts right, and what keeps to orders beyond the first. */
static enum fault search_scattered(struct seeker *s, const struct parts *parts, bool is_weavable)
{
    const bool may_weave = is_weavable && (s->is_start || s->has_woven);
    if (may_weave && (s->has_woven || s->order_count <= 1 + s->kind_first)) {
        s->has_walked = s->has_woven = true;
        if (!s->search->count)
            TRY(weave_parts(s, parts, WOVEN_FIRST));
        if (!s->search->count && (!s->has_stop || s->kept_count > (size_t)s->search->limit))
            return OK;
    }
    s->has_entered = gate_enter(s->cx->site->heavy_searches);
    if (s->has_entered)
        return run_parts(s, parts, READING_ALL, INT_MAX);
    if (may_weave)
        return weave_parts(s, parts, WOVEN_MAX);
    return fail(s->cx, FAULT_THROTTLED, .because = "a search that reads a whole drive is under way; narrow this one, or order "
                                                   "it by a time");
}

/* A total must be right where few come into question, and a walk has one order only. */
static bool may_be_short(const struct lookup *p)
{
    const struct seeker *s = p->seeker;
    const bool has_index = (s->first.key != KEY_SIZE && s->first.key != KEY_NAME) || candidates_folder(&p->judge).v;
    return has_index && !s->search->count && !s->search->in_bin && s->order_count <= 1 + s->kind_first
           && (s->is_start || s->has_walked);
}

static enum fault plan_short(struct lookup *p, struct plan *plan, bool *possible)
{
    *plan = (struct plan){ .short_max = 0 };
    *possible = may_be_short(p);
    if (!*possible)
        return OK;
    TRY(candidates_find(&p->judge, PROBED, &plan->found));
    *possible = plan->found.few || plan->found.apart <= APART_MAX;
    if (plan->found.few || !*possible)
        return OK;
    const int64_t n = 2 * plan->found.apart * (p->seeker->search->limit + 1) + PROBED;
    plan->short_max = n < SHORT_MAX ? (int)n : SHORT_MAX;
    plan->folder = candidates_folder(&p->judge);
    return OK;
}

/* *done: the page is full, or all has been seen. */
static enum fault search_short(struct seeker *s, const struct parts *parts, bool *done)
{
    const bool had_walked = s->has_walked;
    *done = true;
    for (size_t i = 0; i < parts->count && *done; i++) {
        TRY(plan_short(&parts->lookups[i], &parts->plans[i], done));
        s->has_walked |= !parts->plans[i].found.few;
    }
    if (*done) {
        TRY(run_parts(s, parts, READING_ALL, 0));
        seeker_trim(s);
        seeker_cut(s);
        *done = !s->has_stop || s->kept_count > (size_t)s->search->limit;
    }
    s->has_walked = *done ? s->has_walked : had_walked;
    return OK;
}

static enum fault search_drives(struct seeker *s, struct lookup *lookups, struct arena *scratch)
{
    const struct drive *drives = s->search->drives.items;
    const struct parts  parts = { lookups, ARENA_MANY(s->cx->arena, struct plan, s->search->drives.count + 1),
                                  s->search->drives.count };
    struct node_row    *rows = ARENA_MANY(s->cx->arena, struct node_row, STRETCH);
    bool                is_scattered = false, is_weavable = true, done;
    for (size_t i = 0; i < parts.count; i++) {
        lookups[i] = (struct lookup){ .seeker = s, .outer = s->cx->arena,
                                      .stretch = { .arena = scratch, .rows = rows, .with_sort_keys = uses_names(s) } };
        TRY(judge_begin(s->cx, s->search, &drives[i], &lookups[i].judge));
        lookups[i].stretch.with_tags = asks_for_tags(&lookups[i].judge);
    }
    TRY(search_short(s, &parts, &done));
    for (size_t i = 0; i < parts.count && !done; i++) {
        const struct plan *plan = &parts.plans[i];
        TRY(plan_make(&lookups[i], &parts.plans[i]));
        s->has_walked |= !plan->found.few && !plan->is_scattered;
        is_scattered |= plan->is_scattered;
        is_weavable &= plan->is_weavable || !plan->is_scattered;
    }
    if (done)
        return OK;
    return is_scattered ? search_scattered(s, &parts, is_weavable) : run_parts(s, &parts, READING_ALL, 0);
}

/* ---- the page ---- */

static enum fault read_page(struct seeker *s, struct search_page *out)
{
    struct node *nodes = ARENA_MANY(s->cx->arena, struct node, s->kept_count + 1);
    size_t       n = 0, bytes = 0;
    for (size_t i = 0; i < s->kept_count; i++) {
        if (bytes >= NODES_BYTES_MAX) {
            s->kept_count = i;
            out->next = seeker_position(s->cx, s, &s->kept[i - 1]);
            break;
        }
        const enum fault fault = store_node(s->cx, s->kept[i].drive, s->kept[i].node, &nodes[n]);
        if (fault != FAULT_NOT_FOUND)
            TRY(fault);
        if (fault == OK)
            bytes += node_bytes(&nodes[n++]);
    }
    out->nodes = (struct list){ nodes, n };
    return OK;
}

enum fault node_search(struct cx *cx, const struct search *search, struct search_page *out)
{
    AUTO(arena_free) struct arena *scratch = arena_new();
    struct lookup *lookups = ARENA_MANY(cx->arena, struct lookup, search->drives.count + 1);
    struct arena  *arena = cx->arena;
    struct seeker  s;
    TRY(seeker_begin(cx, search, &s));
    const enum fault fault = search_drives(&s, lookups, scratch);
    cx->arena = arena;
    if (s.has_entered)
        gate_leave(cx->site->heavy_searches);
    TRY(fault);
    seeker_trim(&s);
    seeker_cut(&s);
    *out = (struct search_page){ .total = s.total };
    if (s.kept_count > (size_t)search->limit) {
        s.kept_count = (size_t)search->limit;
        out->next = seeker_position(cx, &s, &s.kept[s.kept_count - 1]);
    } else if (s.has_stop) {
        out->next = seeker_position(cx, &s, &s.stop);
    }
    return read_page(&s, out);
}
