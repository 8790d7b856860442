/* A page of share links, by keyset: read from the last row's key on, filter, stop when the page is full or enough
 * rows were looked at. */
#include "base/encode.h"
#include "drive/cursor.h"
#include "drive/group.h"
#include "drive/share.h"
#include "drive/site.h"

/* A filter that matches little must not make one page read every share there is. */
enum { LOOKED_AT_MAX = 2000 };

/* Whether the caller administers a group of this creator; asked once for many of his shares. */
enum { RULED_REMEMBERED = 64 };
struct ruled {
    id   creator;
    bool is;
};

struct page_maker {
    struct cx                  *cx;
    const struct share_listing *listing;
    enum share_order            order;
    struct share_link          *items; /* NULL: only count */
    size_t                      count, looked_at;
    struct share_row            last;  /* that was looked at; keys only where they are the order */
    bool                        more;
    struct ruled                ruled[RULED_REMEMBERED];
    id                          asked; /* stopped at this creator, who is to be looked up before it goes on */
};

static bool is_by_text(enum share_order order)
{
    return order == SHARES_BY_NAME || order == SHARES_BY_DESCRIPTION;
}

/* One creator has indexes of his own; several are picked out of the domain's. */
static id only_creator(const struct share_listing *l)
{
    return l->creators && l->creator_count == 1 ? l->creators[0] : ID_NONE;
}

static struct ruled *ruled_of(struct page_maker *p, id creator)
{
    return &p->ruled[(uint64_t)creator.v % RULED_REMEMBERED];
}

/* Nothing else can be read amid the rows of a statement: who is not known yet is asked for. */
static bool knows_creator(struct page_maker *p, id creator)
{
    if (p->listing->of_teams && creator.v != p->cx->caller->user.v && ruled_of(p, creator)->creator.v != creator.v)
        p->asked = creator;
    return !p->asked.v;
}

static enum fault look_up(struct page_maker *p)
{
    struct ruled *ruled = ruled_of(p, p->asked);
    ruled->creator = ID_NONE;
    TRY(group_admin_over(p->cx, p->asked, &ruled->is));
    ruled->creator = p->asked;
    p->asked = ID_NONE;
    return OK;
}

static bool is_by_one_of(struct page_maker *p, id creator)
{
    const struct share_listing *l = p->listing;
    if (l->of_teams)
        return creator.v == p->cx->caller->user.v || ruled_of(p, creator)->is;
    for (size_t i = 0; i < l->creator_count; i++)
        if (l->creators[i].v == creator.v)
            return true;
    return !l->creators;
}

static bool is_wanted(struct page_maker *p, const struct share_link *share)
{
    const struct share_listing *l = p->listing;
    return (l->with_cancelled || share->state != SHARE_CANCELLED) && is_by_one_of(p, share->creator)
           && (!l->wanted || l->wanted(l->arg, share));
}

static bool take(void *arg, void *row)
{
    struct page_maker *p = arg;
    struct share_row  *r = row;
    if (p->items && (p->count == (size_t)p->listing->limit || p->looked_at == LOOKED_AT_MAX)) {
        p->more = true;
        return false;
    }
    if (!knows_creator(p, r->share.creator))
        return false;
    p->looked_at++;
    p->last = *r;
    if (is_by_text(p->order)) {
        p->last.name_key = arena_copy(p->cx->arena, r->name_key);
        p->last.description_key = arena_copy(p->cx->arena, r->description_key);
    }
    if (!is_wanted(p, &r->share))
        return true;
    if (p->items) {
        p->items[p->count] = r->share;
        share_keep(p->cx->arena, &p->items[p->count]);
    }
    p->count++;
    return true;
}

static str binding(struct cx *cx, const struct share_listing *l)
{
    str creators = S("");
    for (size_t i = 0; i < l->creator_count; i++)
        creators = arena_print(cx->arena, "%.*s%lld,", STR_ARG(creators), (long long)l->creators[i].v);
    return arena_print(cx->arena, "%s|%s%.*s|%d|%d|%d|%.*s", l->operation, l->of_teams ? "teams" : "", STR_ARG(creators), l->with_cancelled,
                       (int)l->order, l->descending, STR_ARG(l->filter_text));
}

static str position_of(struct cx *cx, const struct share_row *row, enum share_order order)
{
    const str    key = order == SHARES_BY_NAME ? row->name_key : row->description_key;
    const size_t n = is_by_text(order) ? key.n : 8;
    char        *out = arena_make(cx->arena, 8 + n + 1);
    be64_put(out, (uint64_t)row->share.id.v);
    if (!is_by_text(order))
        be64_put(out + 8, (uint64_t)(order == SHARES_BY_CREATED ? row->share.created.ms : row->share.modified.ms));
    else if (n)
        memcpy(out + 8, key.p, n);
    return (str){ out, 8 + n };
}

static void position_read(str position, enum share_order order, struct share_position *out)
{
    *out = (struct share_position){ .is_start = position.n < 8 };
    if (out->is_start)
        return;
    out->share = (id){ (int64_t)be64_get(position.p) };
    if (is_by_text(order))
        out->bytes = str_from(position, 8);
    else if (position.n == 16)
        out->number = (int64_t)be64_get(position.p + 8);
}

/* From the position on, until the page is full, enough was looked at, or the end. */
static enum fault read_rows(struct page_maker *p, str position, bool descending, int most)
{
    const struct share_listing *l = p->listing;
    struct share_position       from;
    for (;;) {
        position_read(position, p->order, &from);
        TRY(store_shares_each(p->cx, p->cx->site->domain.id, only_creator(l), p->order, descending, &from, most, take, p));
        if (!p->asked.v)
            return OK;
        TRY(look_up(p));
        if (p->last.share.id.v)
            position = position_of(p->cx, &p->last, p->order);
    }
}

enum fault share_list(struct cx *cx, const struct share_listing *l, struct share_page *out)
{
    const str         bound = binding(cx, l);
    struct page_maker page = { .cx = cx, .listing = l, .order = l->order,
                               .items = ARENA_MANY(cx->arena, struct share_link, (size_t)l->limit + 1) };
    str               position;
    TRY(cursor_read(cx, l->cursor_field, bound, l->cursor, &position));
    TRY(read_rows(&page, position, l->descending, LOOKED_AT_MAX + 1));
    out->shares = (struct list){ page.items, page.count };
    out->next = page.more ? cursor_make(cx, bound, position_of(cx, &page.last, l->order)) : S0;
    return OK;
}

enum fault share_count_all(struct cx *cx, const struct share_listing *l, int64_t *out)
{
    struct page_maker page = { .cx = cx, .listing = l, .order = SHARES_BY_CREATED };
    TRY(read_rows(&page, S(""), false, INT32_MAX));
    *out = (int64_t)page.count;
    return OK;
}
