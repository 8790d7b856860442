#include "drive/lookup.h"

#include "drive/weave.h"

enum {
    EFFORT_WALK = 10 << 20, /* comparisons of words by one walk, a tenth of a second; some nodes alone take a million */
    EFFORT_MAX = 1 << 30,   /* by whatever else */
    WOVEN_STRETCH = 32,
};

/* ---- rows ---- */

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

static enum fault judge_row(struct lookup *p, const struct node_row *row, bool *shown)
{
    if (p->judge.effort > EFFORT_MAX)
        return fail(p->seeker->cx, FAULT_INVALID, .because = "the query compares too many words with too many files");
    TRY(judge_node(&p->judge, &row->node, shown));
    if (*shown) {
        const struct key key = key_of(row);
        p->seeker->total++;
        seeker_keep(p->seeker, p->outer, &key);
    }
    return OK;
}

/* ---- gather ---- */

enum fault lookup_gather(struct lookup *p, const struct list *ids)
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
        if (p->counts && p->judge.effort > EFFORT_WALK)
            p->looked_at_max = p->looked_at;
        *after = p->stretch.rows[i].node.id;
        TRY(judge_row(p, &p->stretch.rows[i], &shown));
    }
    return OK;
}

enum fault lookup_pass(struct lookup *p)
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
                seeker_stop(p->seeker, p->outer, &key);
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
enum fault lookup_walk(struct lookup *p, id folder, bool weaves, int64_t want)
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
