#include "test.h"

#include "store/store.h"

#include <pthread.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "drive/group.h"
#include "drive/stage.h"
#include "store/driver.h"
#include "store/people.h"

static const struct stmt second_first = { "second_first", "SELECT 1, $2, $1, $2" };

TEST(sqlite, binds_by_the_number_in_the_name_not_by_the_place)
{
    struct row {
        int64_t one, second, first, again;
    } row;
    static const struct column columns[] = {
        { AT(struct row, one) }, { AT(struct row, second) }, { AT(struct row, first) }, { AT(struct row, again) },
    };
    struct place p;
    place_open(&p);
    CHECK(store_one(&p.cx, &second_first, ARGS(ARG(11), ARG(22)), COLUMNS(columns), &row) == OK);
    CHECK(row.second == 22 && row.first == 11 && row.again == 22);
    place_close(&p);
}

TEST(store, prepares_every_statement)
{
    struct place p;
    int count = 0;
    place_open(&p);
    for (const struct stmt *s = __start_statements; s < __stop_statements; s++, count++)
        if (s->name) /* sections are padded between objects */
            CHECK_CASE(s->name, p.cx.db->driver->prepares(p.cx.db, s));
    CHECK(count > 100);
    place_close(&p);
}

static enum fault name_and_fail(struct cx *cx, void *arg)
{
    struct group group;
    (void)arg;
    TRY(group_add(cx, S("half made"), S(""), GROUP_TEAM, &group));
    return fail(cx, FAULT_CONFLICT, .because = "on purpose");
}

TEST(writer, undoes_a_change_that_gives_a_fault)
{
    struct place p;
    struct group group;
    place_open(&p);
    CHECK(place_change(&p, name_and_fail, NULL) == FAULT_CONFLICT);
    CHECK(group_find(&p.cx, S("half made"), &group) == FAULT_NOT_FOUND);
    place_close(&p);
}

enum { MANY = 200 };

struct many {
    struct change change;
    struct cx     cx;
    struct place *place;
    int           number;
    atomic_int   *done;
};

static enum fault add_group(struct change *change, struct cx *cx)
{
    struct many *m = change->owner;
    struct group group;
    TRY(group_add(cx, arena_print(cx->arena, "group %d", m->number), S(""), GROUP_TEAM, &group));
    return m->number % 5 ? OK : fail(cx, FAULT_CONFLICT, .because = "on purpose");
}

static void added(struct change *change, enum fault fault)
{
    struct many *m = change->owner;
    CHECK(fault == (m->number % 5 ? OK : FAULT_CONFLICT));
    atomic_fetch_add(m->done, 1);
}

TEST(writer, gathers_what_waits_into_fewer_commits_than_changes)
{
    static struct many many[MANY];
    struct place p;
    struct list  groups;
    atomic_int   done = 0;
    place_open(&p);
    const struct store_counts before = store_counts(p.store);
    for (int i = 0; i < MANY; i++) {
        many[i] = (struct many){ .place = &p, .number = i, .done = &done, .cx = p.cx };
        many[i].cx.arena = arena_new();
        many[i].change = (struct change){ .run = add_group, .done = added, .cx = &many[i].cx, .owner = &many[i] };
        CHECK(store_submit(p.store, &many[i].change));
    }
    while (atomic_load(&done) < MANY)
        sched_yield();
    for (int i = 0; i < MANY; i++)
        arena_free(&many[i].cx.arena);
    const struct store_counts after = store_counts(p.store);
    CHECK(after.changes - before.changes == MANY && after.commits - before.commits < MANY / 2);
    CHECK(group_list(&p.cx, ID_NONE, 1000, &groups) == OK && groups.count == MANY / 5 * 4 + 1);
    place_close(&p);
}

struct steady {
    struct place *place;
    int           number, good;
};

static enum fault add_named(struct cx *cx, void *arg)
{
    struct group group;
    return group_add(cx, *(const str *)arg, S(""), GROUP_TEAM, &group);
}

/* One thing after the other, as a client does. */
static void *steady_main(void *arg)
{
    enum { TURNS = 20 };
    struct steady *s = arg;
    for (int i = 0; i < TURNS; i++) {
        AUTO(arena_free) struct arena *arena = arena_new();
        struct cx cx = s->place->cx;
        cx.arena = arena;
        str name = arena_print(arena, "steady %d %d", s->number, i);
        s->good += store_change_now(s->place->store, &cx, add_named, &name) == OK;
    }
    return (void *)(intptr_t)(s->good == TURNS);
}

/* The writer awaits as many as there were last, but nobody who does not come: each ends, and the last alone. */
TEST(writer, awaits_no_company_that_does_not_come)
{
    enum { CLIENTS = 8 };
    struct place  p;
    struct steady clients[CLIENTS];
    pthread_t     threads[CLIENTS];
    place_open(&p);
    for (int left = CLIENTS; left > 0; left -= 3) {
        for (int i = 0; i < left; i++) {
            clients[i] = (struct steady){ .place = &p, .number = left * CLIENTS + i };
            CHECK(pthread_create(&threads[i], NULL, steady_main, &clients[i]) == 0);
        }
        for (int i = 0; i < left; i++) {
            void *good;
            pthread_join(threads[i], &good);
            CHECK(good);
        }
        str alone = arena_print(p.arena, "alone %d", left);
        CHECK(place_change(&p, add_named, &alone) == OK);
    }
    place_close(&p);
}

TEST(store, gives_the_same_ids_for_the_same_calls_on_a_fresh_store)
{
    struct place a, b;
    struct drive one, two;
    struct node  root;
    place_open(&a);
    place_open(&b);
    place_act_as(&a, "ann");
    place_act_as(&b, "ann");
    place_own_drive(&a, &one, &root);
    place_own_drive(&b, &two, &root);
    CHECK(one.id.v == two.id.v && one.root.v == two.root.v && one.id.v > 0);
    place_close(&a);
    place_close(&b);
}

/* A statement that walks a table is well on a small store and deadly on a large one. */
TEST(store, asks_for_nodes_by_content_and_for_tokens_by_index)
{
    static const struct stmt by_content = { "plan_content",
        "EXPLAIN QUERY PLAN SELECT name FROM nodes WHERE drive_id = $1 AND content_id = $2 AND id > $3 ORDER BY id LIMIT 1" };
    static const struct stmt by_twin = { "plan_twin", "EXPLAIN QUERY PLAN DELETE FROM tokens WHERE id = $1 OR twin = $1" };
    static const struct column detail[] = { { 0, KIND_INT64 }, { 8, KIND_INT64 }, { 16, KIND_INT64 }, { 24, KIND_STR } };
    struct step {
        int64_t number, parent, unused;
        str     text;
    };
    struct place p;
    struct list  steps;
    place_open(&p);
    CHECK(store_many(&p.cx, &by_content, ARGS(ARG(1), ARG(2), ARG(3)), COLUMNS(detail), sizeof(struct step), &steps) == OK);
    const str first = ((const struct step *)steps.items)[0].text;
    CHECK(steps.count == 1 && str_find_str(first, S("nodes_content"), 0) < first.n);
    CHECK(store_many(&p.cx, &by_twin, ARGS(ARG(1)), COLUMNS(detail), sizeof(struct step), &steps) == OK);
    for (size_t i = 0; i < steps.count; i++)
        CHECK(!str_starts(((const struct step *)steps.items)[i].text, S("SCAN")));
    place_close(&p);
}

/* The steps of a statement's plan, one a line. */
static str plan_of(struct place *p, const struct stmt *s)
{
    struct stmt *explain = ARENA_NEW(p->arena, struct stmt); /* known by its address: each needs one of its own */
    struct arg   args[40] = { { 0 } };
    struct list  steps;
    str          all = S("");
    for (size_t i = 0; i < COUNT(args); i++)
        args[i] = arg_int64(1);
    *explain = (struct stmt){ s->name, arena_z(p->arena, arena_print(p->arena, "EXPLAIN QUERY PLAN %s", s->sql)) };
    struct { int64_t number, parent, unused; str text; } *step;
    static const struct column columns[] = { { 0, KIND_INT64 }, { 8, KIND_INT64 }, { 16, KIND_INT64 }, { 24, KIND_STR } };
    CHECK_CASE(s->name, store_many(&p->cx, explain, args, COUNT(args), COLUMNS(columns), sizeof *step, &steps) == OK);
    step = steps.items;
    for (size_t i = 0; i < steps.count; i++)
        all = arena_print(p->arena, "%.*s%.*s\n", STR_ARG(all), STR_ARG(step[i].text));
    return all;
}

static bool says(str plan, const char *words)
{
    return str_find_str(plan, str_of(words), 0) < plan.n;
}

/* What costs more in a larger folder or drive is a statement that does not seek by all of its key. */
TEST(store, seeks_the_place_where_a_page_begins)
{
    struct place p;
    int listings = 0;
    place_open(&p);
    p.cx.db = store_reader(p.store, 1);
    for (const struct stmt *s = __start_statements; s < __stop_statements; s++) {
        if (!s->name || (!str_starts(str_of(s->name), S("nodes_by_")) && !str_starts(str_of(s->name), S("nodes_packed_by_"))
                         && !str_starts(str_of(s->name), S("nodes_starred_by_"))))
            continue;
        const str plan = plan_of(&p, s);
        const bool rest = says(str_of(s->name), "_rest"), down = says(str_of(s->name), "_desc");
        CHECK_CASE(s->name, says(plan, rest ? "=? AND id" : down ? "<?" : ">?"));
        CHECK_CASE(s->name, !says(plan, "TEMP B-TREE"));
        listings++;
    }
    CHECK(listings == 52); /* six orders, up and down, in two stretches, for two; and one order of packed rows */
    place_close(&p);
}

TEST(store, walks_no_table_of_nodes)
{
    struct place p;
    place_open(&p);
    p.cx.db = store_reader(p.store, 1);
    for (const struct stmt *s = __start_statements; s < __stop_statements; s++) {
        if (!s->name || !says(str_of(s->sql), "nodes") || says(str_of(s->sql), "INSERT")
            || str_starts(str_of(s->name), S("audit_")) /* `polydrive check` looks at all of it, once */
            || str_starts(str_of(s->name), S("repair_")))
            continue;
        const str plan = plan_of(&p, s);
        CHECK_CASE(s->name, !says(plan, "SCAN nodes") && !says(plan, "SCAN n\n"));
    }
    place_close(&p);
}

TEST(store, refuses_a_schema_newer_than_the_program)
{
    struct place p;
    sqlite3     *db;
    char         file[256];
    place_open(&p);
    store_close(&p.store);
    snprintf(file, sizeof file, "%s/store.db", p.path);
    CHECK(sqlite3_open(file, &db) == SQLITE_OK);
    CHECK(sqlite3_exec(db, "UPDATE schema_version SET version = 9999", NULL, NULL, NULL) == SQLITE_OK);
    sqlite3_close(db);
    const struct store_options options = { .readers = 1 };
    CHECK(store_open(&p.cx, str_of(p.path), &options, &p.store) == FAULT_UNSUPPORTED);
    place_close(&p);
}

TEST_MAIN
