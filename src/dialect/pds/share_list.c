/* dialect/pds/share_list.c: share links listed: SearchShareLink, and ListShareLink, which the vendor has discontinued
 * and the official JavaScript SDK still calls. */
#include "base/encode.h"
#include "base/names.h"
#include "dialect/pds/alias.h"
#include "dialect/pds/query.h"
#include "dialect/pds/share_shape.h"
#include "drive/group.h"
#include "drive/user.h"

#define PROOF .proof = "pds_share_lists.test.mjs"

static const struct word orders[] = {
    { "created_at", SHARES_BY_CREATED + 1 }, { "updated_at", SHARES_BY_MODIFIED + 1 },
    { "share_name", SHARES_BY_NAME + 1 }, { "description", SHARES_BY_DESCRIPTION + 1 }, { 0 }
};
static const struct word directions[] = { { "ASC", 1 }, { "DESC", 2 }, { 0 } };

#define ORDER_ROWS(T)                                                                             \
    { "order_by", BODY, AT(T, order_by), .words = orders, .absent = SHARES_BY_CREATED + 1, .empty_ok = true }, \
    { "order_direction", BODY, AT(T, order_direction), .words = directions, .empty_ok = true,     \
      .doc = "without it: DESC for times, ASC for texts" }

#define OUT struct share_links_out
static const struct field searched_rows[] = {
    { "items", BODY, AT(OUT, items), .shape = &pds_share_link_shape },
    { "next_marker", BODY, AT(OUT, next_marker), .doc = "empty at the end" },
    { "total_count", BODY, AT(OUT, total_count), .omit = true, .absent = -1, .doc = "when it is asked for" },
    { 0 }
};
const struct field pds_listed_share_rows[] = {
    { "items", BODY, AT(OUT, items), .shape = &pds_share_link_shape },
    { "next_marker", BODY, AT(OUT, next_marker), .doc = "empty at the end" },
    { 0 }
};
#undef OUT

static void read_order(int order_by, int direction, struct share_listing *listing)
{
    const bool by_time = order_by - 1 == SHARES_BY_CREATED || order_by - 1 == SHARES_BY_MODIFIED;
    listing->order = (enum share_order)(order_by - 1);
    listing->descending = direction ? direction == 2 : by_time;
}

/* ---- whose ---- */

/* A user who is not there made nothing. */
static enum fault number_of(struct cx *cx, str public_id, id *out)
{
    struct caller *user, nobody = { 0 };
    const enum fault fault = caller_as(cx, &nobody, public_id, &user);
    *out = fault == OK ? user->user : (id){ -1 };
    return fault == FAULT_NOT_FOUND ? OK : fault;
}

static enum fault check_creator(struct cx *cx, str public_id, id creator)
{
    bool ruled = caller_is_admin(cx->caller) || (creator.v > 0 && creator.v == cx->caller->user.v);
    if (!ruled)
        TRY(group_admin_over(cx, creator, &ruled));
    return ruled ? OK : fail(cx, FAULT_FORBIDDEN, .thing = THING_USER, .got = public_id,
                             .because = "the shares of others are for administrators");
}

/* Administrators see all shares, others their own; those of groups, where `teams` may be looked through, also the
 * shares of their people. */
static enum fault read_creators(struct cx *cx, const str *creators, size_t count, bool teams,
                                struct share_listing *listing)
{
    id *numbers = ARENA_MANY(cx->arena, id, count + 1);
    if (!count && caller_is_admin(cx->caller))
        return OK;
    if (!count && teams)
        TRY(group_admin_any(cx, &listing->of_teams));
    if (listing->of_teams)
        return OK;
    numbers[0] = cx->caller->user;
    for (size_t i = 0; i < count; i++) {
        TRY(number_of(cx, creators[i], &numbers[i]));
        TRY(check_creator(cx, creators[i], numbers[i]));
    }
    listing->creators = numbers;
    listing->creator_count = count ? count : 1;
    return OK;
}

static enum fault show_page(struct cx *cx, const struct share_page *page, struct share_links_out *out)
{
    const struct share_link *shares = page->shares.items;
    struct pds_share_link   *items = ARENA_MANY(cx->arena, struct pds_share_link, page->shares.count + 1);
    for (size_t i = 0; i < page->shares.count; i++)
        TRY(pds_show_share(cx, &shares[i], &items[i]));
    out->items = (struct list){ items, page->shares.count };
    out->next_marker = page->next.n ? page->next : S("");
    return OK;
}

/* ---- SearchShareLink ---- */

enum { BY_CREATED = 1, BY_UPDATED, BY_NAME, BY_STATUS, BY_END };

static const struct query_field fields[] = {
    { "created_at", BY_CREATED, QUERY_DATE, .compares = QUERY_ORDER },
    { "updated_at", BY_UPDATED, QUERY_DATE, .compares = QUERY_ORDER },
    { "share_name_for_fuzzy", BY_NAME, QUERY_TEXT, .compares = QUERY_EQ | QUERY_MATCH },
    { "status", BY_STATUS, QUERY_TEXT, .compares = QUERY_EQ, .words = pds_share_statuses },
    { "expired_time", BY_END, QUERY_DATE, .compares = QUERY_ORDER },
    { 0 }
};

struct judged {
    struct cx               *cx;
    const struct condition  *condition;
    const struct share_link *share;
};

/* One that never ends has the time 0, as the page says: 1970-01-01T00:00:00. */
static enum fault term_holds(void *arg, const struct condition *term, bool *holds)
{
    const struct judged     *judged = arg;
    const struct share_link *share = judged->share;
    switch (term->field) {
    case BY_CREATED: *holds = condition_number(term, share->created.ms); break;
    case BY_UPDATED: *holds = condition_number(term, share->modified.ms); break;
    case BY_STATUS:  *holds = condition_number(term, share->state == SHARE_OPEN ? SHARE_OPEN : SHARE_DISABLED); break;
    case BY_END:     *holds = condition_number(term, share->expires.ms); break;
    default:
        *holds = name_contains(judged->cx->arena, share->name, name_folded(judged->cx->arena, term->text));
        break;
    }
    return OK;
}

static bool fits_query(void *arg, const struct share_link *share)
{
    struct judged *judged = arg;
    bool           holds = false;
    judged->share = share;
    return condition_holds(judged->condition, term_holds, judged, &holds) == OK && holds;
}

struct search_share_link {
    str  query, marker;
    int  order_by, order_direction, limit;
    bool return_total_count;
    struct list creators; /* struct pds_text */
};

static const struct field creator_rows[] = {
    { "", BODY, AT(struct pds_text, text), .min = 1, .max = 64 }, { 0 }
};
static const struct shape creator_shape = { "ShareCreator", creator_rows, sizeof(struct pds_text) };

#define IN struct search_share_link
static const struct field search_share_link_in[] = {
    { "creators", BODY, AT(IN, creators), .max = 100, .shape = &creator_shape,
      .doc = "ids of users; default: one's own, with those of the groups one administers, for administrators all" },
    { "query", BODY, AT(IN, query), .max = QUERY_MAX, .empty_ok = true,
      .doc = "over created_at, updated_at, share_name_for_fuzzy, status, expired_time; has no effect beside a marker" },
    ORDER_ROWS(IN),
    { "limit", BODY, AT(IN, limit), .min = 1, .max = 100, .absent = 100 },
    PDS_MARKER(IN),
    { "return_total_count", BODY, AT(IN, return_total_count) },
    { 0 }
};
#undef IN

/* A marker fixes the query: it carries it, after a dot, and the cursor in front is bound to it. */
static str query_of(struct cx *cx, const struct search_share_link *ask, str *cursor)
{
    const size_t dot = str_find(ask->marker, '.', 0);
    *cursor = str_cut(ask->marker, dot);
    if (!ask->marker.n)
        return ask->query;
    const str query = dot < ask->marker.n ? base64url_read(cx->arena, str_from(ask->marker, dot + 1)) : S("");
    return query.n <= 4 * QUERY_MAX && utf8_valid(query) ? query : S("");
}

static enum fault read_search(struct cx *cx, const struct search_share_link *ask, struct judged *judged,
                              struct share_listing *listing)
{
    const struct pds_text *items = ask->creators.items;
    str *creators = ARENA_MANY(cx->arena, str, ask->creators.count + 1);
    for (size_t i = 0; i < ask->creators.count; i++)
        creators[i] = items[i].text;
    *listing = (struct share_listing){ .operation = "SearchShareLink", .cursor_field = "marker", .limit = ask->limit };
    listing->filter_text = query_of(cx, ask, &listing->cursor);
    TRY(read_creators(cx, creators, ask->creators.count, true, listing));
    read_order(ask->order_by, ask->order_direction, listing);
    *judged = (struct judged){ .cx = cx };
    const enum fault fault = query_read(cx, fields, listing->filter_text, &judged->condition);
    if (ask->marker.n && (fault == FAULT_INVALID || !listing->cursor.n))
        return fail(cx, FAULT_INVALID, .thing = THING_CURSOR, .how = HOW_FORM, .field = "marker", .got = ask->marker);
    TRY(fault);
    if (judged->condition) {
        listing->wanted = fits_query;
        listing->arg = judged;
    }
    return OK;
}

/* A page may look at thousands of shares, and counting looks at all in question: on a worker. */
static enum fault search_share_link(struct cx *cx, void *in, void *out)
{
    const struct search_share_link *ask = in;
    struct share_links_out *answer = out;
    struct share_listing    listing;
    struct share_page       page;
    struct judged           judged;
    TRY(read_search(cx, ask, &judged, &listing));
    TRY(share_list(cx, &listing, &page));
    answer->total_count = -1;
    if (ask->return_total_count)
        TRY(share_count_all(cx, &listing, &answer->total_count));
    if (page.next.n && listing.filter_text.n)
        page.next = arena_print(cx->arena, "%.*s.%.*s", STR_ARG(page.next),
                                STR_ARG(base64url(cx->arena, listing.filter_text)));
    return show_page(cx, &page, answer);
}

static enum fault searched(struct cx *cx, const void *in, void *out)
{
    (void)cx, (void)in, (void)out;
    return OK;
}

/* ---- ListShareLink ---- */

enum { LIST_DEFAULT = 50 };

#define IN struct list_share_link
const struct field pds_list_share_link_in[] = {
    { "creator", BODY, AT(IN, creator), .max = 64, .empty_ok = true,
      .doc = "id of the user; default: oneself, for administrators all" },
    { "include_cancelled", BODY, AT(IN, include_cancelled) },
    ORDER_ROWS(IN),
    { "limit", BODY, AT(IN, limit), .min = 0, .max = 100, .absent = LIST_DEFAULT, .doc = "0: the default" },
    PDS_MARKER(IN),
    { 0 }
};
#undef IN

enum fault pds_list_share_link(struct cx *cx, const void *in, void *out)
{
    const struct list_share_link *ask = in;
    struct share_listing listing = { .operation = "ListShareLink", .cursor_field = "marker", .cursor = ask->marker,
                                     .limit = ask->limit ? ask->limit : LIST_DEFAULT, .filter_text = S(""),
                                     .with_cancelled = ask->include_cancelled };
    struct share_page    page;
    TRY(read_creators(cx, &ask->creator, ask->creator.n > 0, false, &listing));
    read_order(ask->order_by, ask->order_direction, &listing);
    TRY(share_list(cx, &listing, &page));
    return show_page(cx, &page, out);
}

const struct op pds_share_list_ops[] = {
    { "SearchShareLink", "POST", "/v2/share_link/search", "PDS SearchShareLink, 2022-03-01", USER, READ,
      search_share_link_in, sizeof(struct search_share_link), searched_rows, sizeof(struct share_links_out),
      searched, .status = 200, .prepare = search_share_link, .scope = "SHARE.LIST", PROOF },
    { "ListShareLink", "POST", "/v2/share_link/list", "PDS ListShareLink, 2022-03-01", USER, READ,
      pds_list_share_link_in, sizeof(struct list_share_link), pds_listed_share_rows, sizeof(struct share_links_out),
      pds_list_share_link, .status = 200, .scope = "SHARE.LIST", PROOF },
    { 0 }
};
