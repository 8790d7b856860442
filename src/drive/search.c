/* A page of a search. Of each drive either
 *
 *   the few nodes that an index leaves are read and judged (gather), in whatever order asked for;
 *   or, where they are many, the folder or the drive is walked in the order of its index (walk), as far as
 *   a page goes; for orders that no index of a whole drive has (size, name) it is woven of its folders' (weave.h);
 *   or, where there are too many folders for that, very many are gathered, or every node of the drive is read
 *   (pass). These are heavy: seconds in a drive of a million. One at a time in the whole process, so that they
 *   never take all the workers; the others are told to try again.
 *
 * What the drives give is put in one order and cut to the page. A walk that stopped because it looked at
 * enough bounds the page: what other drives have beyond that place is for the next. */
#include "drive/search.h"

#include <limits.h>
#include <stdlib.h>

#include "base/encode.h"
#include "drive/candidates.h"
#include "drive/gate.h"
#include "drive/node.h"
#include "drive/site.h"
#include "drive/weave.h"
#include "store/nodes.h"

enum {
    GATHER_MAX = 8000,     /* nodes read one by one for a page, all drives together */
    HEAVY_MAX = 200000,    /* the same where no index has the order asked for */
    LOOKED_AT_MAX = 20000, /* nodes of walks */
    LOOKED_AT_LEAST = 500, /* of each drive, both ways */
    COUNTED_MAX = 50000,   /* looked at for the total */
    EFFORT_WALK = 10 << 20, /* comparisons of words by one walk, a tenth of a second; some nodes alone take a million */
    EFFORT_MAX = 1 << 30,  /* by whatever else */
    WOVEN_FIRST = 1000,    /* nodes of walks that are woven, each read by itself: before all are read instead, */
    WOVEN_MAX = 10000,     /* and where that cannot be */
    STRETCH = 256,         /* rows of a walk read at once */
    WOVEN_STRETCH = 32,
    POSITION_FIXED = 42,   /* bytes of a position in front of the sort key */
};

/* Where a node stands in the orders. */
struct key {
    int     kind;
    int64_t created, modified, size;
    str     name; /* sort key */
    id      drive, node, parent;
};

struct seeker {
    struct cx           *cx;
    const struct search *search;
    struct search_order  orders[SEARCH_ORDERS_MAX + 1]; /* at least one that is not KEY_KIND */
    int                  order_count;
    struct search_order  first; /* the first that is not KEY_KIND: that of a walk */
    bool                 kind_first, kind_descending;
    bool                 has_entered; /* heavy_searches */
    bool                 has_walked; /* only kind (in front) and `first` hold */
    bool                 has_woven;  /* and what they leave equal is in the order of weave.h */
    bool                 is_start;
    struct key           after;
    struct key          *kept;  /* sorted now and then, see keep() */
    size_t               kept_count, kept_room;
    int64_t              low, high; /* bounds of `first` by the condition */
    bool                 has_stop;
    struct key           stop;  /* the earliest place where a walk stopped */
    int64_t              total;
};

/* ---- orders ---- */

static int compare_numbers(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

static int compare_bytes(str a, str b)
{
    const size_t n = a.n < b.n ? a.n : b.n;
    const int    c = n ? memcmp(a.p, b.p, n) : 0;
    return c ? c : compare_numbers((int64_t)a.n, (int64_t)b.n);
}

static int compare_by(enum search_key key, const struct key *a, const struct key *b)
{
    switch (key) {
    case KEY_CREATED:  return compare_numbers(a->created, b->created);
    case KEY_MODIFIED: return compare_numbers(a->modified, b->modified);
    case KEY_SIZE:     return compare_numbers(a->size, b->size);
    case KEY_NAME:     return compare_bytes(a->name, b->name);
    case KEY_KIND:     return compare_numbers(b->kind, a->kind); /* NODE_FILE is the larger, and comes first */
    }
    return 0;
}

static int compare_keys(const struct seeker *s, const struct key *a, const struct key *b)
{
    for (int i = 0; i < s->order_count; i++) {
        const struct search_order *o = &s->orders[i];
        const int c = compare_by(o->key, a, b);
        if (c)
            return o->descending ? -c : c;
        if (s->has_walked && o->key == s->first.key)
            break;
    }
    int c = s->has_woven ? compare_numbers(a->parent.v, b->parent.v) : 0;
    if (!c)
        c = compare_numbers(a->node.v, b->node.v);
    return s->first.descending ? -c : c;
}

static int compare_for_sort(const void *a, const void *b, void *seeker)
{
    return compare_keys(seeker, a, b);
}

static void read_orders(struct seeker *s)
{
    const struct search *search = s->search;
    bool found = false;
    memcpy(s->orders, search->orders, sizeof search->orders);
    s->order_count = search->order_count;
    for (int i = 0; i < s->order_count; i++) {
        if (s->orders[i].key != KEY_KIND && !found) {
            s->first = s->orders[i];
            found = true;
        }
    }
    s->kind_first = s->order_count && s->orders[0].key == KEY_KIND;
    s->kind_descending = s->kind_first && s->orders[0].descending;
    if (!found) {
        s->first = (struct search_order){ KEY_CREATED, false };
        s->orders[s->order_count++] = s->first;
    }
}

static struct key key_of(const struct node_row *row)
{
    return (struct key){ row->node.kind, row->node.created.ms, row->node.modified.ms, row->node.size, row->sort_key,
                         row->node.drive, row->node.id, row->node.parent };
}

/* ---- positions: how it went, kind, three numbers, the node and its folder, the sort key ---- */

enum { HAS_WALKED = 1, HAS_WOVEN = 2 };

static str position_make(struct cx *cx, const struct seeker *s, const struct key *k)
{
    char *out = arena_make(cx->arena, POSITION_FIXED + k->name.n + 1);
    out[0] = (char)((s->has_walked ? HAS_WALKED : 0) | (s->has_woven ? HAS_WOVEN : 0));
    out[1] = (char)k->kind;
    be64_put(out + 2, (uint64_t)k->created);
    be64_put(out + 10, (uint64_t)k->modified);
    be64_put(out + 18, (uint64_t)k->size);
    be64_put(out + 26, (uint64_t)k->node.v);
    be64_put(out + 34, (uint64_t)k->parent.v);
    if (k->name.n)
        memcpy(out + POSITION_FIXED, k->name.p, k->name.n);
    return (str){ out, POSITION_FIXED + k->name.n };
}

static enum fault position_read(struct cx *cx, str from, struct seeker *s)
{
    s->is_start = from.n == 0;
    if (s->is_start)
        return OK;
    if (from.n < POSITION_FIXED)
        return fail(cx, FAULT_INVALID, .field = "after", .how = HOW_FORM);
    s->has_walked = from.p[0] & HAS_WALKED;
    s->has_woven = from.p[0] & HAS_WOVEN;
    s->after = (struct key){ .kind = from.p[1], .created = (int64_t)be64_get(from.p + 2),
                             .modified = (int64_t)be64_get(from.p + 10), .size = (int64_t)be64_get(from.p + 18),
                             .node = { (int64_t)be64_get(from.p + 26) }, .parent = { (int64_t)be64_get(from.p + 34) },
                             .name = str_from(from, POSITION_FIXED) };
    return OK;
}

/* ---- what is kept: never much more than a page ---- */

static void trim(struct seeker *s)
{
    qsort_r(s->kept, s->kept_count, sizeof *s->kept, compare_for_sort, s);
    if (s->kept_count > (size_t)s->search->limit + 1)
        s->kept_count = (size_t)s->search->limit + 1; /* one more tells that there is a next page */
}

/* `arena` outlives the rows: what is kept is copied there. */
static void keep(struct seeker *s, struct arena *arena, const struct key *key)
{
    if (!s->is_start && compare_keys(s, key, &s->after) <= 0)
        return;
    if (s->kept_count == s->kept_room)
        trim(s);
    s->kept[s->kept_count] = *key;
    s->kept[s->kept_count++].name = arena_copy(arena, key->name);
}

/* ---- rows, a stretch at a time: within store_each nothing else can be asked. Of the texts only those that can be
 * asked for are copied; a page is read again when it is known ---- */

struct stretch {
    struct arena    *arena; /* reset for each */
    struct node_row *rows;
    size_t           count, bytes;
    bool             with_sort_keys, with_tags;
};

/* Full: there may be more rows. */
static bool is_full(const struct stretch *t)
{
    return t->count == STRETCH || t->bytes >= NODES_BYTES_MAX;
}

static void empty(struct stretch *t)
{
    arena_reset(t->arena);
    t->count = t->bytes = 0;
}

static bool take_row(void *arg, void *row)
{
    struct stretch  *t = arg;
    struct node_row *r = &t->rows[t->count++];
    *r = *(const struct node_row *)row;
    r->node.name = arena_copy(t->arena, r->node.name);
    r->node.description = arena_copy(t->arena, r->node.description);
    r->node.tags = t->with_tags ? arena_copy(t->arena, r->node.tags) : S0;
    r->sort_key = t->with_sort_keys ? arena_copy(t->arena, r->sort_key) : S0;
    t->bytes += node_bytes(&r->node);
    return !is_full(t);
}

/* Calls for one drive. */
struct lookup {
    struct seeker *seeker;
    struct judge   judge;
    struct arena  *outer;   /* of the request */
    struct stretch stretch;
    int            looked_at, looked_at_max;
    struct weave  *weave;   /* what a walk reads, where the drive has no such index; or NULL */
    bool           is_over; /* of the walk: nothing follows the stretch */
};

static enum fault judge_row(struct lookup *p, const struct node_row *row, bool *shown)
{
    if (p->judge.effort > EFFORT_MAX)
        return fail(p->seeker->cx, FAULT_INVALID, .because = "the query compares too many words with too many files");
    TRY(judge_node(&p->judge, &row->node, shown));
    if (*shown) {
        const struct key key = key_of(row);
        p->seeker->total++;
        keep(p->seeker, p->outer, &key);
    }
    return OK;
}

/* ---- gather ---- */

static enum fault gather(struct lookup *p, const struct list *ids)
{
    struct cx *cx = p->seeker->cx;
    for (size_t i = 0; i < ids->count; i++) {
        struct node_row row;
        bool            shown;
        if (i % STRETCH == 0 || p->stretch.bytes >= NODES_BYTES_MAX)
            empty(&p->stretch);
        cx->arena = p->stretch.arena;
        enum fault fault = store_node_row(cx, p->judge.drive->id, ((const id *)ids->items)[i], &row);
        if (fault == OK) {
            p->stretch.bytes += node_bytes(&row.node);
            fault = judge_row(p, &row, &shown);
        }
        cx->arena = p->outer;
        if (fault != OK && fault != FAULT_NOT_FOUND) /* gone since the index was asked */
            return fault;
    }
    return OK;
}

/* ---- pass ---- */

static enum fault pass_stretch(struct lookup *p, id *after)
{
    struct cx *cx = p->seeker->cx;
    bool       shown;
    empty(&p->stretch);
    TRY(store_nodes_by_id_each(cx, p->judge.drive->id, *after, STRETCH, take_row, &p->stretch));
    for (size_t i = 0; i < p->stretch.count && p->looked_at < p->looked_at_max; i++, p->looked_at++) {
        if (p->looked_at_max <= COUNTED_MAX && p->judge.effort > EFFORT_WALK)
            p->looked_at_max = p->looked_at;
        *after = p->stretch.rows[i].node.id;
        TRY(judge_row(p, &p->stretch.rows[i], &shown));
    }
    return OK;
}

static enum fault pass(struct lookup *p)
{
    struct cx *cx = p->seeker->cx;
    enum fault fault = OK;
    id         after = ID_NONE;
    do {
        cx->arena = p->stretch.arena;
        fault = pass_stretch(p, &after);
        cx->arena = p->outer;
    } while (fault == OK && is_full(&p->stretch) && p->looked_at < p->looked_at_max);
    return fault;
}

/* ---- walk ---- */

static enum node_order walk_order(const struct seeker *s)
{
    switch (s->first.key) {
    case KEY_MODIFIED: return ORDER_MODIFIED;
    case KEY_SIZE:     return ORDER_SIZE;
    case KEY_NAME:     return ORDER_NAME;
    case KEY_CREATED:
    case KEY_KIND:     break;
    }
    return ORDER_CREATED;
}

static struct node_position place_of(const struct seeker *s, const struct key *k)
{
    const int64_t number = s->first.key == KEY_SIZE ? k->size : s->first.key == KEY_MODIFIED ? k->modified : k->created;
    return (struct node_position){ .number = number, .bytes = k->name, .node = k->node };
}

/* Where the condition itself bounds the first order, the walk begins and ends there. */
static void read_range(struct seeker *s)
{
    const enum search_field field = s->first.key == KEY_SIZE ? SEARCH_SIZE : s->first.key == KEY_MODIFIED ? SEARCH_MODIFIED
                                                                                                          : SEARCH_CREATED;
    candidates_range(s->first.key == KEY_NAME ? NULL : s->search->condition, field, &s->low, &s->high);
}

static struct node_position first_place(const struct seeker *s)
{
    const int64_t number = s->first.descending ? s->high : s->low;
    const bool    open = number == INT64_MIN || number == INT64_MAX;
    return (struct node_position){ .is_start = open, .number = number, .node = { s->first.descending ? INT64_MAX : 0 } };
}

static bool is_past(const struct seeker *s, const struct node_row *row)
{
    const struct key key = key_of(row);
    const int64_t    number = place_of(s, &key).number;
    return s->first.key != KEY_NAME && (s->first.descending ? number < s->low : number > s->high);
}

/* What has been changed since its place was read is left out, as from any list. */
static enum fault take_woven(struct lookup *p, const struct woven *place)
{
    struct seeker  *s = p->seeker;
    struct node_row row;
    const enum fault fault = store_node_row(s->cx, p->judge.drive->id, place->at.node, &row);
    if (fault != OK)
        return fault == FAULT_NOT_FOUND ? OK : fault;
    const struct key key = key_of(&row);
    const struct node_position now = place_of(s, &key);
    const bool same = s->first.key == KEY_NAME ? str_eq(now.bytes, place->at.bytes) : now.number == place->at.number;
    if (same && row.node.parent.v == place->folder.v)
        take_row(&p->stretch, &row);
    return OK;
}

static enum fault read_woven(struct lookup *p)
{
    for (bool any = true; any && p->stretch.count < WOVEN_STRETCH && !is_full(&p->stretch);) {
        struct woven place;
        TRY(weave_next(p->seeker->cx, p->weave, &place, &any));
        if (any)
            TRY(take_woven(p, &place));
        p->is_over = !any;
    }
    return OK;
}

static enum fault read_stretch(struct lookup *p, id folder, const struct node_position *from)
{
    const struct seeker  *s = p->seeker;
    const enum node_order order = walk_order(s);
    const bool            down = s->first.descending;
    const id              drive = p->judge.drive->id;
    empty(&p->stretch);
    if (p->weave)
        return read_woven(p);
    if (folder.v)
        TRY(store_nodes_each(s->cx, drive, folder, order, down, from, STRETCH, take_row, &p->stretch));
    else
        TRY(store_nodes_of_drive_each(s->cx, drive, order, down, from, STRETCH, take_row, &p->stretch));
    p->is_over = !is_full(&p->stretch);
    return OK;
}

/* One of the drives stops here: the page ends where the earliest of them does. */
static void stop_at(struct lookup *p, const struct key *key)
{
    struct seeker *s = p->seeker;
    if (s->has_stop && compare_keys(s, &s->stop, key) <= 0)
        return;
    s->has_stop = true;
    s->stop = *key;
    s->stop.name = arena_copy(p->outer, key->name);
}

/* Judges the rows of `kind` (0: any) after `from`, until `want` more are shown, all are seen, or enough looked
 * at. */
static enum fault walk_kind(struct lookup *p, id folder, int kind, struct node_position *from, int64_t *want)
{
    for (;;) {
        TRY(read_stretch(p, folder, from));
        for (size_t i = 0; i < p->stretch.count; i++) {
            const struct node_row *row = &p->stretch.rows[i];
            struct key             key = key_of(row);
            bool                   shown = false;
            if (is_past(p->seeker, row))
                return OK;
            if (!kind || row->node.kind == kind)
                TRY(judge_row(p, row, &shown));
            key.kind = kind ? kind : key.kind;
            *want -= shown;
            if (!*want)
                return OK;
            if (++p->looked_at == p->looked_at_max || p->judge.effort > EFFORT_WALK) {
                p->looked_at = p->looked_at_max;
                stop_at(p, &key);
                return OK;
            }
        }
        if (p->is_over)
            return OK;
        const struct key last = key_of(&p->stretch.rows[p->stretch.count - 1]);
        *from = place_of(p->seeker, &last);
        from->bytes = arena_copy(p->outer, from->bytes);
    }
}

/* A weave begins where the walk does. */
static enum fault begin_weave(struct lookup *p, const struct node_position *from, bool begins)
{
    const struct seeker *s = p->seeker;
    const struct woven   after = { *from, begins ? (id){ s->first.descending ? INT64_MAX : 0 } : s->after.parent };
    return weave_begin(s->cx, p->judge.drive, walk_order(s), s->first.descending, &after, &p->weave);
}

/* Where kinds come first, one kind after the other. */
static enum fault walk(struct lookup *p, id folder, bool weaves, int64_t want)
{
    const struct seeker *s = p->seeker;
    const int  kinds[2][2] = { { NODE_FILE, NODE_FOLDER }, { NODE_FOLDER, NODE_FILE } };
    enum fault fault = OK;
    for (int i = 0; i < (s->kind_first ? 2 : 1) && fault == OK && want && p->looked_at < p->looked_at_max; i++) {
        const int  kind = s->kind_first ? kinds[s->kind_descending][i] : 0;
        const bool begins = s->is_start || (kind && s->after.kind != kind);
        struct node_position from = begins ? first_place(s) : place_of(s, &s->after);
        if (s->kind_first && i == 0 && !s->is_start && s->after.kind != kind)
            continue; /* that kind is done */
        if (weaves)
            TRY(begin_weave(p, &from, begins));
        s->cx->arena = p->stretch.arena;
        fault = walk_kind(p, folder, kind, &from, &want);
        s->cx->arena = p->outer;
    }
    return fault;
}

/* ---- a drive ---- */

/* Several drives share what one search may look at. */
static int share_of(const struct seeker *s, int all)
{
    const int share = all / (int)(s->search->drives.count ? s->search->drives.count : 1);
    return share < LOOKED_AT_LEAST ? LOOKED_AT_LEAST : share;
}

struct plan {
    bool        gathers;
    bool        is_scattered; /* many, in an order that no index of the whole drive has */
    bool        is_weavable;  /* in few enough folders for that */
    id          folder;       /* of a walk; none: the drive */
    struct list ids;
};

static enum fault plan_make(struct lookup *p, struct plan *plan)
{
    const struct seeker *s = p->seeker;
    const int folders_max = s->cx->site->woven_folders_max / (int)s->search->drives.count;
    int64_t   folders;
    TRY(candidates_find(&p->judge, (size_t)share_of(s, GATHER_MAX), &plan->gathers, &plan->ids));
    plan->folder = plan->gathers ? ID_NONE : candidates_folder(&p->judge);
    plan->is_scattered = !plan->gathers && !plan->folder.v && (s->first.key == KEY_SIZE || s->first.key == KEY_NAME);
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
    struct seeker *s = p->seeker;
    struct list    ids;
    bool           few;
    if (plan->gathers)
        return gather(p, &plan->ids);
    if (plan->is_scattered && manner == READING_ALL) {
        p->looked_at_max = INT_MAX;
        TRY(candidates_find(&p->judge, HEAVY_MAX, &few, &ids));
        return few ? gather(p, &ids) : pass(p);
    }
    const int64_t total = s->total;
    TRY(walk(p, plan->folder, plan->is_scattered, (int64_t)s->search->limit + 1));
    s->total = total; /* what it saw is but a part */
    return OK;
}

/* All of it again, from the start, for its number alone: in any order where a walk would be woven. */
static enum fault count_part(struct lookup *p, const struct plan *plan)
{
    const struct seeker page = *p->seeker;
    p->looked_at = 0;
    p->judge.effort = 0;
    p->looked_at_max = share_of(p->seeker, COUNTED_MAX);
    p->seeker->is_start = true;
    p->seeker->kept = ARENA_MANY(p->outer, struct key, page.kept_room);
    p->seeker->kept_count = 0;
    const enum fault fault = plan->is_scattered ? pass(p) : walk(p, plan->folder, false, INT64_MAX);
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
        p->looked_at_max = share_of(s, plan->is_scattered ? looked_at_max : LOOKED_AT_MAX);
        p->judge.effort = 0;
        p->weave = NULL;
        TRY(run_part(p, plan, manner));
        if (s->search->count && !plan->gathers && !(plan->is_scattered && manner == READING_ALL))
            TRY(count_part(p, plan));
    }
    return OK;
}

/* The page ends where a walk stopped, even before it is full. */
static void cut_at_stop(struct seeker *s)
{
    while (s->has_stop && s->kept_count && compare_keys(s, &s->kept[s->kept_count - 1], &s->stop) > 0)
        s->kept_count--;
}

static enum fault weave_parts(struct seeker *s, const struct parts *parts, int looked_at_max)
{
    s->has_walked = s->has_woven = true;
    TRY(run_parts(s, parts, WEAVING, looked_at_max));
    trim(s);
    cut_at_stop(s);
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

static enum fault search_drives(struct seeker *s, struct lookup *lookups, struct arena *scratch)
{
    const struct drive *drives = s->search->drives.items;
    const struct parts  parts = { lookups, ARENA_MANY(s->cx->arena, struct plan, s->search->drives.count + 1),
                                  s->search->drives.count };
    struct node_row    *rows = ARENA_MANY(s->cx->arena, struct node_row, STRETCH);
    bool                is_scattered = false, is_weavable = true;
    for (size_t i = 0; i < parts.count; i++) {
        const struct plan *plan = &parts.plans[i];
        lookups[i] = (struct lookup){ .seeker = s, .outer = s->cx->arena,
                                      .stretch = { .arena = scratch, .rows = rows, .with_sort_keys = uses_names(s) } };
        TRY(judge_begin(s->cx, s->search, &drives[i], &lookups[i].judge));
        lookups[i].stretch.with_tags = asks_for_tags(&lookups[i].judge);
        TRY(plan_make(&lookups[i], &parts.plans[i]));
        s->has_walked |= !plan->gathers && !plan->is_scattered;
        is_scattered |= plan->is_scattered;
        is_weavable &= plan->is_weavable || !plan->is_scattered;
    }
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
            out->next = position_make(s->cx, s, &s->kept[i - 1]);
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
    struct seeker s = { .cx = cx, .search = search, .kept_room = (size_t)search->limit * 4 + 16 };
    struct lookup  *parts = ARENA_MANY(cx->arena, struct lookup, search->drives.count + 1);
    struct arena *arena = cx->arena;
    s.kept = ARENA_MANY(arena, struct key, s.kept_room);
    read_orders(&s);
    read_range(&s);
    TRY(position_read(cx, search->after, &s));
    const enum fault fault = search_drives(&s, parts, scratch);
    cx->arena = arena;
    if (s.has_entered)
        gate_leave(cx->site->heavy_searches);
    TRY(fault);
    trim(&s);
    cut_at_stop(&s);
    *out = (struct search_page){ .total = s.total };
    if (s.kept_count > (size_t)search->limit) {
        s.kept_count = (size_t)search->limit;
        out->next = position_make(cx, &s, &s.kept[s.kept_count - 1]);
    } else if (s.has_stop) {
        out->next = position_make(cx, &s, &s.stop);
    }
    return read_page(&s, out);
}
