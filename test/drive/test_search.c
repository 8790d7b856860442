/* Searches where HTTP cannot reach: the index in all its states, walks of large drives, grants. */
#include "test.h"

#include <stdio.h>

#include "base/names.h"
#include "drive/gate.h"
#include "drive/node.h"
#include "drive/search.h"
#include "drive/shared_folder.h"
#include "drive/stage.h"
#include "store/nodes.h"
#include "store/rows.h"
#include "store/search.h"

struct scene {
    struct place p;
    struct drive drive;
    struct node  root;
};

static void scene_open(struct scene *s)
{
    place_open(&s->p);
    place_act_as(&s->p, "ann");
    place_own_drive(&s->p, &s->drive, &s->root);
}

static enum fault index_all(struct cx *cx, void *arg)
{
    int budget;
    do {
        budget = arg ? *(int *)arg : 1000;
        TRY(store_search_index(cx, &budget));
    } while (budget <= 0);
    return OK;
}

static const struct condition *match(struct place *p, enum search_field field, const char *text)
{
    struct condition *c = ARENA_NEW(p->arena, struct condition);
    *c = (struct condition){ .kind = CONDITION_TERM, .field = (int)field, .compare = COMPARE_MATCH, .text = str_of(text) };
    return c;
}

static struct search one(struct scene *s, const struct condition *c, int limit)
{
    return (struct search){ .drives = { &s->drive, 1 }, .condition = c, .limit = limit, .count = true };
}

static int64_t count(struct scene *s, const struct condition *c)
{
    struct search      search = one(s, c, 100);
    struct search_page page;
    CHECK(node_search(&s->p.cx, &search, &page) == OK);
    return page.total;
}

/* All pages: how many nodes, that none comes twice, and that the order holds. */
static int walk(struct scene *s, struct search search, int (*compare)(const struct node *a, const struct node *b), int *pages)
{
    struct search_page page;
    struct node last = { 0 };
    int n = 0;
    *pages = 0;
    search.count = false;
    do {
        CHECK(node_search(&s->p.cx, &search, &page) == OK);
        const struct node *nodes = page.nodes.items;
        CHECK(page.nodes.count <= (size_t)search.limit);
        for (size_t i = 0; i < page.nodes.count; i++, n++) {
            if (n)
                CHECK(compare(&last, &nodes[i]) < 0);
            last = nodes[i];
        }
        search.after = page.next;
        ++*pages;
    } while (page.next.n);
    return n;
}

struct many {
    struct scene *scene;
    id            folders[3];
    int           count;
};

/* item N even|odd, in three folders in turn; every hundredth is rare. */
static enum fault add_many(struct cx *cx, void *arg)
{
    const struct many *many = arg;
    for (int i = 0; i < many->count; i++) {
        const char *kind = i % 100 == 50 ? "rare" : i % 2 ? "odd" : "even";
        struct node node = { .drive = many->scene->drive.id, .parent = many->folders[i % 3], .kind = NODE_FOLDER,
                             .name = arena_print(cx->arena, "item %d %s", i, kind), .size = i * 7919 % 1000,
                             .created = { 1000000 + i / 3 }, .modified = { 9000000 - i } };
        node.id = (id){ (int64_t)(1 << 20) + i * 40 }; /* over several segments */
        TRY(store_node_add(cx, &node));
    }
    return OK;
}

static void fill(struct scene *s, struct many *many, int n)
{
    static const char *const names[] = { "first", "second", "third" };
    *many = (struct many){ .scene = s, .count = n };
    for (int i = 0; i < 3; i++)
        many->folders[i] = place_folder(&s->p, &s->drive, &s->root, names[i]).id;
    CHECK(place_change(&s->p, add_many, many) == OK);
}

static int by_created(const struct node *a, const struct node *b)
{
    return a->created.ms != b->created.ms ? (a->created.ms < b->created.ms ? -1 : 1) : (a->id.v < b->id.v ? -1 : 1);
}

static int by_size_down(const struct node *a, const struct node *b)
{
    if (a->size != b->size)
        return a->size > b->size ? -1 : 1;
    if (a->parent.v != b->parent.v)
        return a->parent.v > b->parent.v ? -1 : 1;
    return a->id.v > b->id.v ? -1 : 1;
}

static int by_modified_down(const struct node *a, const struct node *b)
{
    return a->modified.ms > b->modified.ms ? -1 : 1;
}

static int by_size(const struct node *a, const struct node *b)
{
    return -by_size_down(a, b);
}

static int by_name(const struct node *a, const struct node *b)
{
    AUTO(arena_free) struct arena *arena = arena_new();
    const str x = name_sort_key(arena, a->name), y = name_sort_key(arena, b->name);
    const int c = memcmp(x.p, y.p, x.n < y.n ? x.n : y.n);
    if (c || x.n != y.n)
        return c ? c : x.n < y.n ? -1 : 1;
    if (a->parent.v != b->parent.v)
        return a->parent.v < b->parent.v ? -1 : 1;
    return a->id.v < b->id.v ? -1 : 1;
}

static int by_name_down(const struct node *a, const struct node *b)
{
    return -by_name(a, b);
}

static int by_any(const struct node *a, const struct node *b)
{
    return a->id.v != b->id.v ? -1 : 1;
}

TEST(node_search, walks_a_drive_of_more_than_it_gathers)
{
    enum { N = 9001 };
    struct scene s;
    struct many  many;
    int          pages;
    scene_open(&s);
    fill(&s, &many, N);
    CHECK(place_change(&s.p, index_all, NULL) == OK);
    const struct condition *const item = match(&s.p, SEARCH_NAME, "item");
    struct search search = one(&s, item, 100);
    CHECK(walk(&s, search, by_created, &pages) == N && pages >= N / 100);
    search.limit = 370;
    search.orders[search.order_count++] = (struct search_order){ KEY_MODIFIED, true };
    CHECK(walk(&s, search, by_modified_down, &pages) == N);
    search.limit = 1000;
    search.orders[0] = (struct search_order){ KEY_SIZE, true };
    CHECK(walk(&s, search, by_size_down, &pages) == N);
    search.orders[0] = (struct search_order){ KEY_NAME, false };
    CHECK(walk(&s, search, by_name, &pages) == N);
    CHECK(count(&s, item) == N && count(&s, NULL) == N + 3);
    struct condition range[2] = { { .kind = CONDITION_TERM, .field = SEARCH_CREATED, .compare = COMPARE_GT, .number = 1000100 },
                                  { .kind = CONDITION_TERM, .field = SEARCH_CREATED, .compare = COMPARE_LE, .number = 1002900 } };
    range[0].next = &range[1]; /* three share each time */
    const struct condition both = { .kind = CONDITION_AND, .first = &range[0] };
    for (int descending = 0; descending < 2; descending++) {
        struct search between = one(&s, &both, 1000);
        between.orders[between.order_count++] = (struct search_order){ descending ? KEY_MODIFIED : KEY_CREATED, false };
        CHECK(walk(&s, between, by_any, &pages) == 2800 * 3);
        between.orders[0] = (struct search_order){ KEY_CREATED, true };
        CHECK(walk(&s, between, by_any, &pages) == 2800 * 3);
        range[1].number = 1000200; /* few enough to be gathered */
        CHECK(count(&s, &both) == 100 * 3);
        range[1].number = 1002900;
    }
    CHECK(count(&s, match(&s.p, SEARCH_NAME, "rare")) == N / 100);
    CHECK(count(&s, match(&s.p, SEARCH_NAME, "item rare 1950")) == 1);
    CHECK(count(&s, match(&s.p, SEARCH_NAME, "19")) == 111); /* 19, 190 to 199, 1900 to 1999 */
    place_close(&s.p);
}

/* A drive of many folders, in each a few; names and sizes often the same. */
enum { LEAVES = 300 };
static enum fault add_scattered(struct cx *cx, void *arg)
{
    const struct many *many = arg;
    uint64_t seed = 7;
    for (int i = 0; i < many->count; i++) {
        seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        const int  folder = i < LEAVES ? -1 : (int)(seed >> 33) % LEAVES;
        struct node node = { .drive = many->scene->drive.id, .kind = folder < 0 ? NODE_FOLDER : NODE_FILE,
                             .parent = folder < 0 ? many->folders[i % 3] : (id){ (1 << 20) + folder },
                             .name = arena_print(cx->arena, "n %d", (int)(seed >> 40) % 500), .duplicate = i,
                             .size = folder < 0 ? 0 : (int64_t)(seed >> 50) % 300, .created = { 1000000 + i },
                             .modified = { 1000000 + i } };
        node.id = (id){ (1 << 20) + i };
        TRY(store_node_add(cx, &node));
    }
    return OK;
}

TEST(node_search, weaves_the_orders_of_many_folders_into_one)
{
    enum { N = 9000 };
    static const struct {
        enum search_key key;
        bool            descending;
        int (*compare)(const struct node *a, const struct node *b);
    } orders[] = { { KEY_SIZE, false, by_size }, { KEY_SIZE, true, by_size_down }, { KEY_NAME, false, by_name },
                   { KEY_NAME, true, by_name_down } };
    static const int limits[] = { 1000, 97, 33 };
    struct scene s;
    struct many  many;
    int          pages;
    scene_open(&s);
    fill(&s, &many, 0);
    many.count = N;
    CHECK(place_change(&s.p, add_scattered, &many) == OK);
    CHECK(gate_enter(s.p.site.heavy_searches)); /* none of this is heavy */
    struct condition range[2] = { { .kind = CONDITION_TERM, .field = SEARCH_SIZE, .compare = COMPARE_GE, .number = 5 },
                                  { .kind = CONDITION_TERM, .field = SEARCH_SIZE, .compare = COMPARE_LT, .number = 250 } };
    range[0].next = &range[1];
    const struct condition between = { .kind = CONDITION_AND, .first = &range[0] };
    struct search search = one(&s, &between, 1000);
    const int within = walk(&s, search, by_created, &pages);
    CHECK(within > 6000 && within < 8000);
    for (size_t i = 0; i < COUNT(orders); i++)
        for (size_t k = 0; k < COUNT(limits); k++) {
            search = one(&s, NULL, limits[k]);
            search.orders[search.order_count++] = (struct search_order){ orders[i].key, orders[i].descending };
            CHECK(walk(&s, search, orders[i].compare, &pages) == N + 3);
            search.condition = &between;
            CHECK(walk(&s, search, orders[i].compare, &pages) == within);
            search.condition = NULL;
            search.orders[1] = search.orders[0];
            search.orders[0] = (struct search_order){ KEY_KIND, k % 2 };
            search.order_count = 2;
            CHECK(walk(&s, search, by_any, &pages) == N + 3);
        }
    gate_leave(s.p.site.heavy_searches);
    place_close(&s.p);
}

/* Little is found, far apart: a page is woven while another such search is under way, and else read from all. */
TEST(node_search, goes_on_in_one_order_whichever_way_a_page_is_found)
{
    enum { N = 9000 };
    struct scene s;
    struct many  many;
    struct search_page page;
    const struct condition rare = { .kind = CONDITION_TERM, .field = SEARCH_SIZE, .compare = COMPARE_EQ, .number = 7 };
    scene_open(&s);
    fill(&s, &many, 0);
    many.count = N;
    CHECK(place_change(&s.p, add_scattered, &many) == OK);
    struct search search = one(&s, &rare, 1000);
    CHECK(node_search(&s.p.cx, &search, &page) == OK);
    const int64_t all = page.total;
    CHECK(all > 20 && all < 60);
    for (int order = 0; order < 4; order++)
        for (int turn = 0; turn < 3; turn++) {
            struct node last = { 0 };
            int64_t     found = 0;
            int (*const compare)(const struct node *, const struct node *) =
                order == 0 ? by_size : order == 1 ? by_size_down : order == 2 ? by_name : by_name_down;
            search = one(&s, &rare, 4);
            search.count = false;
            search.orders[search.order_count++] = (struct search_order){ order < 2 ? KEY_SIZE : KEY_NAME, order % 2 };
            for (int n = turn; !n || n == turn || page.next.n; n++) {
                const bool busy = turn < 2 ? turn : n % 2;
                CHECK(!busy || gate_enter(s.p.site.heavy_searches));
                CHECK(node_search(&s.p.cx, &search, &page) == OK && page.nodes.count <= 4);
                if (busy)
                    gate_leave(s.p.site.heavy_searches);
                const struct node *nodes = page.nodes.items;
                for (size_t i = 0; i < page.nodes.count; i++, found++) {
                    CHECK(!found || compare(&last, &nodes[i]) < 0);
                    last = nodes[i];
                }
                search.after = page.next;
            }
            CHECK(found == all);
        }
    place_close(&s.p);
}

TEST(node_search, of_several_drives_weaves_each)
{
    struct scene s;
    struct many  many;
    struct drive drives[2];
    struct node  root;
    int          pages;
    scene_open(&s);
    drives[0] = s.drive;
    fill(&s, &many, 0);
    many.count = 8500;
    CHECK(place_change(&s.p, add_scattered, &many) == OK);
    place_act_as(&s.p, "ben");
    place_own_drive(&s.p, &drives[1], &root);
    const struct node theirs = place_file(&s.p, &drives[1], &root, "n 250", S("0123456789"));
    struct caller chief = *s.p.cx.caller;
    chief.role = ROLE_SUPERADMIN;
    s.p.cx.caller = &chief;
    for (int descending = 0; descending < 2; descending++) {
        struct search search = one(&s, NULL, 500);
        search.drives = (struct list){ drives, 2 };
        search.orders[search.order_count++] = (struct search_order){ KEY_SIZE, descending };
        CHECK(walk(&s, search, descending ? by_size_down : by_size, &pages) == 8500 + 3 + 1);
        search.orders[0].key = KEY_NAME;
        CHECK(walk(&s, search, descending ? by_name_down : by_name, &pages) == 8500 + 3 + 1);
    }
    CHECK(theirs.size == 10);
    place_close(&s.p);
}

/* A walk whose rows are nearly all refused ends its page early, and goes on from there. */
TEST(node_search, looks_at_a_bounded_number_a_page)
{
    enum { N = 45000 };
    struct scene s;
    struct many  many;
    int          pages;
    struct condition big = { .kind = CONDITION_TERM, .field = SEARCH_SIZE, .compare = COMPARE_EQ, .number = 7 };
    scene_open(&s);
    fill(&s, &many, N);
    const struct search search = one(&s, &big, 100);
    const int found = walk(&s, search, by_created, &pages);
    CHECK(found == N / 1000 && pages == 3);
    CHECK(count(&s, &big) == N / 1000);
    place_close(&s.p);
}

/* Six thousand come into question, which could all be read: but every second node is one. */
TEST(node_search, stops_early_where_a_word_is_common)
{
    enum { N = 6000 };
    static const int limits[] = { 1, 7, 100, 5999, 6000 };
    struct scene s;
    struct many  many;
    int          pages;
    struct search_page page;
    scene_open(&s);
    fill(&s, &many, N);
    CHECK(place_change(&s.p, index_all, NULL) == OK);
    const struct condition *const item = match(&s.p, SEARCH_NAME, "item");
    struct search search = one(&s, item, 100);
    search.count = false;
    CHECK(node_search(&s.p.cx, &search, &page) == OK && page.nodes.count == 100 && page.total < N);
    search.count = true;
    CHECK(node_search(&s.p.cx, &search, &page) == OK && page.nodes.count == 100 && page.total == N);
    for (size_t i = 0; i < COUNT(limits); i++) {
        const bool all = limits[i] > 1; /* six thousand pages are too many */
        search = one(&s, all ? item : match(&s.p, SEARCH_NAME, "item 19"), limits[i]);
        CHECK(walk(&s, search, by_created, &pages) == (all ? N : 111));
        search.orders[search.order_count++] = (struct search_order){ KEY_KIND, false };
        search.orders[search.order_count++] = (struct search_order){ KEY_MODIFIED, true };
        CHECK(walk(&s, search, by_modified_down, &pages) == (all ? N : 111));
    }
    place_close(&s.p);
}

/* The short walk finds too little, and what it found is forgotten: all that come into question are read. */
TEST(node_search, reads_all_where_a_short_walk_does_not_fill_the_page)
{
    enum { N = 6000 };
    struct scene s;
    struct many  many;
    int          pages;
    scene_open(&s);
    fill(&s, &many, N);
    CHECK(place_change(&s.p, index_all, NULL) == OK);
    struct condition *item = ARENA_NEW(s.p.arena, struct condition);
    *item = *match(&s.p, SEARCH_NAME, "item");
    struct condition size = { .kind = CONDITION_TERM, .field = SEARCH_SIZE, .compare = COMPARE_LT, .number = 20 };
    item->next = &size;
    const struct condition both = { .kind = CONDITION_AND, .first = item };
    for (int limit = 1; limit <= 200; limit += 33)
        CHECK(walk(&s, one(&s, &both, limit), by_created, &pages) == N / 50 && pages == (N / 50 + limit - 1) / limit);
    place_close(&s.p);
}

static enum fault add_wordy(struct cx *cx, void *arg)
{
    const struct many *many = arg;
    char name[601] = "";
    for (int i = 0; i < 299; i++)
        memcpy(name + 2 * (size_t)i, "b ", 3);
    memcpy(name + 598, "a", 2);
    for (int i = 0; i < many->count; i++) {
        struct node node = { .drive = many->scene->drive.id, .parent = many->folders[0], .kind = NODE_FOLDER,
                             .name = arena_print(cx->arena, "%s %d", name, i), .created = { 1000000 + i } };
        node.id = (id){ (int64_t)(1 << 20) + i };
        TRY(store_node_add(cx, &node));
    }
    return OK;
}

/* Names of hundreds of words against a query of hundreds: the page ends by what that costs. */
TEST(node_search, compares_a_bounded_number_of_words_a_page)
{
    enum { N = 400 };
    struct scene s;
    struct many  many;
    int          pages;
    char         text[601] = "";
    scene_open(&s);
    fill(&s, &many, 0);
    many.count = N;
    CHECK(place_change(&s.p, add_wordy, &many) == OK);
    for (int i = 0; i < 299; i++)
        memcpy(text + 2 * (size_t)i, "a ", 3);
    const struct condition words = { .kind = CONDITION_TERM, .field = SEARCH_NAME, .compare = COMPARE_MATCH,
                                     .text = S("b a 7") };
    struct condition wordy = { .kind = CONDITION_TERM, .field = SEARCH_NAME, .compare = COMPARE_MATCH,
                               .text = arena_print(s.p.arena, "%szz", text) };
    const struct condition not_wordy = { .kind = CONDITION_NOT, .first = &wordy };
    CHECK(walk(&s, one(&s, &not_wordy, 1000), by_created, &pages) == N + 3 && pages > 2);
    CHECK(walk(&s, one(&s, &words, 1000), by_created, &pages) == 11 && pages == 1);
    place_close(&s.p);
}

TEST(node_search, of_a_folder_walks_the_folder)
{
    enum { N = 24300 };
    struct scene s;
    struct many  many;
    int          pages;
    scene_open(&s);
    fill(&s, &many, N);
    const struct condition parent = { .kind = CONDITION_TERM, .field = SEARCH_PARENT, .compare = COMPARE_EQ,
                                      .text = number_text(&s.p, many.folders[1]) };
    struct search search = one(&s, &parent, 1000);
    search.orders[search.order_count++] = (struct search_order){ KEY_KIND, true };
    search.orders[search.order_count++] = (struct search_order){ KEY_SIZE, true };
    CHECK(walk(&s, search, by_size_down, &pages) == N / 3);
    search.recursive = true;
    CHECK(walk(&s, search, by_size_down, &pages) == N / 3);
    place_close(&s.p);
}

/* ---- the index ---- */

static enum fault forget_index(struct cx *cx, void *arg)
{
    STMT no_words = { "test_no_words", "DELETE FROM search_words" };
    STMT no_recent = { "test_no_recent", "DELETE FROM search_recent" };
    STMT unfilled = { "test_unfilled", "UPDATE search_filled SET drive_id = 0, node_id = 0" };
    (void)arg;
    TRY(store_exec(cx, &no_words, NO_ARGS, NULL));
    TRY(store_exec(cx, &no_recent, NO_ARGS, NULL));
    return store_exec(cx, &unfilled, NO_ARGS, NULL);
}

static enum fault index_some(struct cx *cx, void *arg)
{
    int budget = *(int *)arg;
    return store_search_index(cx, &budget);
}

TEST(search_index, takes_up_an_older_store_in_slices_and_is_exact_meanwhile)
{
    struct scene s;
    struct many  many;
    int          slice = 100;
    scene_open(&s);
    fill(&s, &many, 1000);
    CHECK(place_change(&s.p, forget_index, NULL) == OK);
    const struct condition *const rare = match(&s.p, SEARCH_NAME, "rare");
    for (int i = 0; i < 14; i++) {
        CHECK(count(&s, rare) == 10);
        CHECK(place_findings(&s.p) == 0);
        CHECK(place_change(&s.p, index_some, &slice) == OK);
        if (i == 5)
            place_folder(&s.p, &s.drive, &s.root, "another");
    }
    bool filled;
    CHECK(store_search_is_filled(&s.p.cx, s.drive.id, &filled) == OK && filled);
    CHECK(count(&s, rare) == 10 && count(&s, match(&s.p, SEARCH_NAME, "another")) == 1);
    CHECK(place_findings(&s.p) == 0);
    place_close(&s.p);
}

struct rename {
    struct node node;
};

static enum fault place_again(struct cx *cx, void *arg)
{
    return store_node_place(cx, &((struct rename *)arg)->node);
}

static enum fault describe(struct cx *cx, void *arg)
{
    return store_node_describe(cx, &((struct rename *)arg)->node);
}

static enum fault remove_it(struct cx *cx, void *arg)
{
    const struct node *node = &((struct rename *)arg)->node;
    return store_node_remove(cx, node->drive, node->id);
}

/* Each change with the words where they first are, and where they go. */
TEST(search_index, follows_names_and_descriptions)
{
    for (int indexed = 0; indexed < 2; indexed++) {
        struct scene s;
        scene_open(&s);
        struct rename r = { place_folder(&s.p, &s.drive, &s.root, "red apple") };
#define SETTLED() (!indexed || place_change(&s.p, index_all, NULL) == OK)
        CHECK(SETTLED() && count(&s, match(&s.p, SEARCH_NAME, "apple")) == 1);
        r.node.name = S("red pear");
        CHECK(place_change(&s.p, place_again, &r) == OK && SETTLED());
        CHECK(count(&s, match(&s.p, SEARCH_NAME, "apple")) == 0 && count(&s, match(&s.p, SEARCH_NAME, "pear red")) == 1);
        r.node.description = S("a pear that is ripe");
        CHECK(place_change(&s.p, describe, &r) == OK && SETTLED());
        CHECK(count(&s, match(&s.p, SEARCH_DESCRIPTION, "ripe")) == 1 && count(&s, match(&s.p, SEARCH_NAME, "ripe")) == 0);
        r.node.name = S("plum");
        CHECK(place_change(&s.p, place_again, &r) == OK && SETTLED());
        CHECK(count(&s, match(&s.p, SEARCH_NAME, "pear")) == 0 && count(&s, match(&s.p, SEARCH_DESCRIPTION, "pear")) == 1);
        r.node.description = S("");
        CHECK(place_change(&s.p, describe, &r) == OK && SETTLED());
        CHECK(count(&s, match(&s.p, SEARCH_DESCRIPTION, "pear")) == 0 && place_findings(&s.p) == 0);
        CHECK(place_change(&s.p, remove_it, &r) == OK && SETTLED());
        CHECK(count(&s, match(&s.p, SEARCH_NAME, "plum")) == 0 && place_findings(&s.p) == 0);
        place_close(&s.p);
    }
}

TEST(search_index, keeps_long_and_strange_names)
{
    static const char *const texts[] = { "\xF0\x9F\x8E\x89", "...", "_", "e\xCC\x81", "\xE4\xB8\xAD\xE6\x96\x87" };
    struct scene s;
    char         name[1001];
    scene_open(&s);
    memset(name, 'x', 1000);
    name[1000] = '\0';
    for (size_t i = 0; i < 300; i++)
        memcpy(name + 3 * i, "\xE6\x96\x87", 3);
    place_folder(&s.p, &s.drive, &s.root, name);
    memset(name, 'y', 1000);
    place_folder(&s.p, &s.drive, &s.root, name);
    for (size_t i = 0; i < COUNT(texts); i++)
        place_folder(&s.p, &s.drive, &s.root, texts[i]);
    for (int round = 0; round < 2; round++) {
        CHECK(count(&s, match(&s.p, SEARCH_NAME, name)) == 1);
        name[999] = '\0';
        CHECK(count(&s, match(&s.p, SEARCH_NAME, name)) == 1);
        name[999] = 'y';
        for (size_t i = 0; i < COUNT(texts); i++)
            CHECK_CASE(texts[i], count(&s, match(&s.p, SEARCH_NAME, texts[i])) == 1);
        CHECK(place_findings(&s.p) == 0);
        CHECK(place_change(&s.p, index_all, NULL) == OK);
    }
    place_close(&s.p);
}

static enum fault spoil(struct cx *cx, void *arg)
{
    STMT stray = { "test_stray_word",
        "INSERT INTO search_words (drive_id, segment, word, node_id) VALUES ($1, 0, $2, 5)" };
    STMT lost = { "test_lost_word", "DELETE FROM search_words WHERE word = $1" };
    const struct scene *s = arg;
    TRY(store_exec(cx, &stray, ARGS(ARG(s->drive.id), BYTES(S("stray"))), NULL));
    return store_exec(cx, &lost, ARGS(BYTES(S("lost"))), NULL);
}

TEST(check, tells_words_that_are_missing_and_words_that_are_nobodys)
{
    struct scene s;
    scene_open(&s);
    place_folder(&s.p, &s.drive, &s.root, "lost");
    CHECK(place_change(&s.p, index_all, NULL) == OK && place_findings(&s.p) == 0);
    CHECK(place_change(&s.p, spoil, &s) == OK);
    CHECK(place_findings(&s.p) == 2);
    place_close(&s.p);
}

/* ---- who asks ---- */

struct sharing {
    struct drive         drive;
    struct shared_folder folder;
    id                   user;
};

static enum fault share(struct cx *cx, void *arg)
{
    struct sharing *sharing = arg;
    return shared_folder_create(cx, &sharing->drive, S("shared"), 10, &sharing->folder);
}

static enum fault join(struct cx *cx, void *arg)
{
    const struct sharing *sharing = arg;
    return shared_folder_join(cx, sharing->folder.id, sharing->user, SHARE_VIEWER);
}

TEST(node_search, shows_a_member_of_a_shared_folder_what_is_in_it)
{
    struct scene s;
    scene_open(&s);
    struct sharing sharing = { .drive = s.drive };
    CHECK(place_change(&s.p, share, &sharing) == OK);
    struct node shared, inner;
    CHECK(store_node(&s.p.cx, s.drive.id, sharing.folder.folder, &shared) == OK);
    inner = place_folder(&s.p, &s.drive, &shared, "secret inside");
    place_folder(&s.p, &s.drive, &inner, "secret below");
    place_folder(&s.p, &s.drive, &s.root, "secret outside");
    const struct condition *const secret = match(&s.p, SEARCH_NAME, "secret");
    CHECK(count(&s, secret) == 3);
    place_act_as(&s.p, "ben");
    CHECK(count(&s, secret) == 0 && count(&s, NULL) == 0);
    sharing.user = s.p.cx.caller->user;
    place_act_as(&s.p, "ann");
    CHECK(place_change(&s.p, join, &sharing) == OK);
    place_act_as(&s.p, "ben");
    CHECK(count(&s, secret) == 2 && count(&s, NULL) == 3);
    struct search bin = one(&s, NULL, 10);
    struct search_page page;
    bin.in_bin = true;
    CHECK(node_search(&s.p.cx, &bin, &page) == FAULT_NOT_FOUND);
    place_close(&s.p);
}

TEST(gate, lets_one_in_at_a_time)
{
    struct gate *gate = gate_new(1);
    CHECK(gate_enter(gate) && !gate_enter(gate));
    gate_leave(gate);
    CHECK(gate_enter(gate));
    gate_free(&gate);
    CHECK(!gate);
}

TEST(node_search, that_reads_a_whole_drive_is_one_at_a_time)
{
    enum { N = 9001 };
    struct scene s;
    struct many  many;
    struct search_page page;
    scene_open(&s);
    fill(&s, &many, N);
    struct search search = one(&s, NULL, 10);
    search.orders[search.order_count++] = (struct search_order){ KEY_SIZE, true };
    CHECK(gate_enter(s.p.site.heavy_searches));
    CHECK(node_search(&s.p.cx, &search, &page) == OK && page.total == N + 3); /* woven of few folders */
    s.p.site.woven_folders_max = 3;
    CHECK(node_search(&s.p.cx, &search, &page) == FAULT_THROTTLED);
    search.orders[0].key = KEY_CREATED;
    CHECK(node_search(&s.p.cx, &search, &page) == OK);
    gate_leave(s.p.site.heavy_searches);
    search.orders[0].key = KEY_SIZE;
    CHECK(node_search(&s.p.cx, &search, &page) == OK && page.total == N + 3);
    CHECK(gate_enter(s.p.site.heavy_searches));
    s.p.site.woven_folders_max = 5; /* three, the root, and what the root and the bin stand in */
    CHECK(node_search(&s.p.cx, &search, &page) == OK);
    gate_leave(s.p.site.heavy_searches);
    place_close(&s.p);
}

TEST(node_search, refuses_a_position_that_is_none)
{
    struct scene s;
    struct search_page page;
    scene_open(&s);
    struct search search = one(&s, NULL, 10);
    search.after = S("short");
    CHECK(node_search(&s.p.cx, &search, &page) == FAULT_INVALID);
    place_close(&s.p);
}

TEST_MAIN
