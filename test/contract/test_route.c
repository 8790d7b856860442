/* test/contract/test_route.c: which row a method and a path find. */
#include "contract/tests.h"

#include "contract/inner.h"

struct ask {
    str type, id;
};
static const struct word types[] = { { "0", 0 }, { "1", 1 }, { 0 } };
static const struct word other_types[] = { { "1", 0 }, { "2", 1 }, { 0 } };
static const struct word words_apart[] = { { "8", 0 }, { "9", 1 }, { 0 } };

#define TYPED(words_) { { "type", PATH, AT(struct ask, type), .words = words_ }, { 0 } }
static const struct field by_type[] = TYPED(types);
static const struct field by_other_type[] = TYPED(other_types);
static const struct field by_type_apart[] = TYPED(words_apart);
static const struct field by_digits[] = { { "id", PATH, AT(struct ask, id), .form = FORM_DIGITS },
                                          { 0 } };
static const struct field by_id[] = { { "id", PATH, AT(struct ask, id) }, { 0 } };

static enum fault nothing(struct cx *cx, const void *in, void *out)
{
    (void)cx, (void)in, (void)out;
    return OK;
}

#define ROW(name, method, path, in)                                                                \
    {                                                                                              \
        name, method, path, "S", ANYONE, READ, in, 0, NULL, 0, nothing                             \
    }
static const struct op rows[] = {
    ROW("List", "POST", "/k/files/{type}", by_type),
    ROW("Create", "POST", "/k/files/create", NULL),
    ROW("Detail", "POST", "/k/files/{id}/detail", by_id),
    ROW("Rename", "POST", "/k/files/rename/{id}", by_id),
    ROW("Jobs", "GET", "/k/jobs", NULL),
    ROW("NewJob", "POST", "/k/jobs/", NULL),
    ROW("Job", "GET", "/k/{id}", by_digits),
    ROW("Usage", "GET", "/k/space/usage", NULL),
    ROW("Space", "GET", "/k/space/{id}", by_id),
    ROW("SpaceKind", "GET", "/k/space/{type}", by_type_apart),
    ROW("PutSpace", "PUT", "/k/space/{id}", by_id),
    ROW("Deep", "GET", "/k/a/{x}/b/{y}/c/{z}", NULL),
    { 0 }
};
static const struct dialect dialect = {
    .name = "k", .prefixes = (const char *const[]){ "/k", "/other/", NULL },
    .tables = (const struct op *const[]){ rows, NULL },
};

static const struct op *const *tables_of(const struct op *table)
{
    static const struct op *tables[2];
    tables[0] = table;
    return tables;
}

/* The error of a contract with these rows; S0 when there is none. */
static str error_of(struct arena *arena, const struct op *table)
{
    const struct dialect d = { .name = "d", .tables = tables_of(table) };
    struct routes routes;
    str error;
    return routes_read(&routes, (const struct dialect *const[]){ &d, NULL }, arena, &error) ? S0
                                                                                            : error;
}

TEST(route, finds_the_most_particular_row)
{
    static const struct { const char *method, *path, *name;
    } cases[] = {
        { "POST", "/k/files/0", "List" },
        { "POST", "/k/files/1/", "List" },
        { "POST", "/k/files/create", "Create" },
        { "POST", "/k/files/create/", "Create" },
        { "POST", "/k/files/2", NULL },
        { "POST", "/k/files/10", NULL },
        { "POST", "/k/files/%30", "List" },
        { "POST", "/k/files/%3", NULL },
        { "POST", "/k/files/", NULL },
        { "POST", "/k/files/x/detail", "Detail" },
        { "POST", "/k/files/rename/x", "Rename" },
        { "POST", "/k/files/rename/detail", "Rename" },
        { "POST", "/k/files/%zz/detail", NULL },
        { "POST", "/k/files//detail", NULL },
        { "GET", "/k/jobs", "Jobs" },
        { "POST", "/k/jobs", "NewJob" },
        { "POST", "/k/jobs/", "NewJob" },
        { "POST", "/k/jobs//", NULL },
        { "GET", "/k/12", "Job" },
        { "GET", "/k/12a", NULL },
        { "GET", "/k/access", NULL },
        { "DELETE", "/k/jobs", NULL },
        { "HEAD", "/k/jobs", "Jobs" },
        { "HEAD", "/k/files/create", NULL },
        { "get", "/k/jobs", NULL },
        { "GET", "/k/space/usage", "Usage" },
        { "GET", "/k/space/usage2", "Space" },
        { "GET", "/k/space/8", "SpaceKind" },
        { "PUT", "/k/space/usage", "PutSpace" },
        { "GET", "/k/a/1/b/2/c/3", "Deep" },
        { "GET", "/k/a/1/b/2/c", NULL },
        { "GET", "/k/a/1/b/2/c/3/4", NULL },
        { "GET", "", NULL },
        { "GET", "/", NULL },
        { "GET", "k/jobs", NULL },
        { "GET", "/K/jobs", NULL },
        { "GET", "/k/space/a%2Fb", "Space" },
        { "GET", "/k/space/a/b", NULL },
        { "GET", "//k/jobs", NULL },
        { "GET", "/k/1/2/3/4/5/6/7/8/9/10/11/12/13/14", NULL },
        { "GET", "/k/%31%32", "Job" },
    };
    AUTO(arena_free) struct arena *a = arena_new();
    struct routes routes;
    str error;
    if (!routes_read(&routes, (const struct dialect *const[]){ &dialect, NULL }, a, &error))
        FAIL("%.*s", STR_ARG(error));
    for (size_t i = 0; i < COUNT(cases); i++) {
        const struct route *route =
            route_find(&routes, str_of(cases[i].method), str_of(cases[i].path));
        const char *name = route ? route->op->name : "nothing";
        if (strcmp(name, cases[i].name ? cases[i].name : "nothing") != 0)
            FAIL("%s %s found %s", cases[i].method, cases[i].path, name);
    }
}

TEST(route, decodes_the_values_in_order)
{
    AUTO(arena_free) struct arena *a = arena_new();
    struct routes routes;
    str error, values[CONTRACT_PARAMETERS_MAX] = { 0 };
    const str path = S("/k/a/one+1/b/%E4%B8%AD/c/a%2Fb%00/");
    CHECK(routes_read(&routes, (const struct dialect *const[]){ &dialect, NULL }, a, &error));
    const struct route *route = route_find(&routes, S("GET"), path);
    assert_non_null(route);
    route_values(route, path, a, values);
    CHECK(str_eq(values[0], S("one+1")));
    CHECK(str_eq(values[1], S("\xE4\xB8\xAD")));
    CHECK(str_eq(values[2], S("a/b\0")));
    CHECK(!values[3].p);
}

TEST(route, refuses_two_rows_that_claim_one)
{
    static const struct op clashes[][3] = {
        { ROW("One", "GET", "/a", NULL), ROW("Two", "GET", "/a/", NULL), { 0 } },
        { ROW("One", "GET", "/a/{x}", NULL), ROW("Two", "GET", "/a/{y}", NULL), { 0 } },
        { ROW("One", "GET", "/a/{type}", by_type), ROW("Two", "GET", "/a/{type}", by_type), { 0 } },
        { ROW("One", "GET", "/a/{type}", by_type),
          ROW("Two", "GET", "/a/{type}", by_other_type),
          { 0 } },
        { ROW("One", "GET", "/a/{id}", by_digits), ROW("Two", "GET", "/a/{id}", by_digits), { 0 } },
    };
    static const struct op apart[][3] = {
        { ROW("One", "GET", "/a", NULL), ROW("Two", "POST", "/a", NULL), { 0 } },
        { ROW("One", "GET", "/a/{x}", NULL), ROW("Two", "GET", "/a/b", NULL), { 0 } },
        { ROW("One", "GET", "/a/{x}", NULL), ROW("Two", "GET", "/a/{id}", by_digits), { 0 } },
        { ROW("One", "GET", "/a/{type}", by_type), ROW("Two", "GET", "/a/{id}", by_digits), { 0 } },
        { ROW("One", "GET", "/a/{type}", by_type),
          ROW("Two", "GET", "/a/{type}", by_type_apart),
          { 0 } },
        { ROW("One", "GET", "/a/{x}/c", NULL), ROW("Two", "GET", "/a/b/{y}", NULL), { 0 } },
    };
    AUTO(arena_free) struct arena *a = arena_new();
    for (size_t i = 0; i < COUNT(clashes); i++) {
        const str error = error_of(a, clashes[i]);
        if (!error.p || !strstr(arena_z(a, error), "One") || !strstr(arena_z(a, error), "Two"))
            FAIL("clash %zu: %.*s", i, STR_ARG(error));
    }
    for (size_t i = 0; i < COUNT(apart); i++)
        if (error_of(a, apart[i]).p)
            FAIL("apart %zu: %.*s", i, STR_ARG(error_of(a, apart[i])));
}

TEST(route, refuses_rows_that_cannot_work)
{
    static const struct field astray[] = { { "x", PATH, AT(struct ask, id) }, { 0 } };
    static const struct field no_evidence[] = {
        { "x", BODY, AT(struct ask, id), .tolerate = TOLERATE_NUMBER }, { 0 } };
    static const struct field no_place[] = {
        { "x", BODY, AT(struct ask, id), .tolerate = TOLERATE_PLACE, .lenient = "seen" }, { 0 } };
    static const struct op wrong[][2] = {
        { ROW("One", "GET", "a", NULL), { 0 } },
        { ROW("One", "GET", "/a/{y}", astray), { 0 } },
        { ROW("One", "GET", "/a", no_evidence), { 0 } },
        { ROW("One", "GET", "/a", no_place), { 0 } },
        { ROW("One", "GET", "/{a}/{b}/{c}/{d}/{e}", NULL), { 0 } },
        { { "One", "GET", "/a", "S", ANYONE, READ, NULL, 0, NULL, 0, NULL }, { 0 } },
        { { "One", "GET", "/a", "S", USER, READ, NULL, 0, NULL, 0, nothing }, { 0 } },
    };
    AUTO(arena_free) struct arena *a = arena_new();
    for (size_t i = 0; i < COUNT(wrong); i++)
        if (!error_of(a, wrong[i]).p)
            FAIL("row %zu was taken", i);
}

TEST(route, knows_whose_path_it_is)
{
    const struct dialect *const dialects[] = { &dialect, NULL };
    assert_ptr_equal(dialect_of(dialects, S("/k")), &dialect);
    assert_ptr_equal(dialect_of(dialects, S("/k/no/such")), &dialect);
    assert_ptr_equal(dialect_of(dialects, S("/other/x")), &dialect);
    assert_null(dialect_of(dialects, S("/kk")));
    assert_null(dialect_of(dialects, S("/other")));
    assert_null(dialect_of(dialects, S("/")));
    assert_null(dialect_of(dialects, S("")));
}

TEST_MAIN
