/* The tables themselves: sound, each route claimed once, and every boundary of every row held. */
#include "contract/tests.h"

#include "contract/boundaries.h"
#include "contract/fake_http.h"
#include "contract/inner.h"
#include "dialect/pds/inner.h"
#include "dialect/pds/pds.h"

static const struct dialect *const alone[] = { &pds_dialect, NULL };

TEST(pds_rows, are_sound_and_claim_each_route_once)
{
    AUTO(arena_free) struct arena *arena = arena_new();
    struct routes routes;
    str           error = S0;
    const bool    sound = routes_read(&routes, alone, arena, &error);
    CHECK_CASE(arena_z(arena, error), sound);
    CHECK(route_find(&routes, S("POST"), S("/v2/drive/create")));
    CHECK(route_find(&routes, S("GET"), S("/v2/file/download")));
    CHECK(!route_find(&routes, S("GET"), S("/v2/drive/list")));
}

TEST(pds_rows, are_built_or_told_to_be_missing)
{
    for (const struct op *const *table = pds_dialect.tables; *table; table++)
        for (const struct op *op = *table; op->name; op++) {
            CHECK_CASE(op->name, (op->run != NULL) != (op->unsupported != NULL));
            /* what lies elsewhere is beyond the vendor's page: no route under --strict */
            CHECK_CASE(op->name, str_starts(str_of(op->path), S("/v2/")) || op->lenient);
        }
}

/* As a request of its own where something comes outside of JSON, else as an operation inside a batch. */
static void check(struct arena *arena, const struct op *op, const struct boundary *b, bool strict)
{
    static struct http_request http;
    const char *because;
    size_t      at;
    struct cx   cx = { .arena = arena, .strict = strict };
    struct call call = { .cx = &cx, .dialect = &pds_dialect, .op = op };
    if (b->query || op->form_body || b->header_count) {
        const str target = arena_print(arena, "%s?%s", b->path, b->query ? b->query : "");
        fake_init(&http, op->method, arena_z(arena, target), b->body);
        for (size_t i = 0; i < b->header_count; i++)
            http.headers[http.header_count++] = b->headers[i];
        call.http = &http;
    } else {
        call.body = json_read(arena, b->body, CONTRACT_DEPTH_MAX, &because, &at);
    }
    const enum fault fault = contract_read(&call, arena_make(arena, op->in_size));
    const bool accepted = b->accepted && !(strict && b->lenient);
    if (accepted != (fault == OK))
        FAIL("%s %s%s: %s (%.*s)", op->name, strict ? "strict " : "", b->name, fault_name(fault),
             STR_ARG(contract_complaint(&cx)));
    if (fault && (strcmp(cx.why.field, b->field) != 0 || cx.why.how != b->how))
        FAIL("%s %s: field %s how %d", op->name, b->name, cx.why.field, (int)cx.why.how);
    if (!fault && !strict && b->lenient != (cx.lenient != NULL))
        FAIL("%s %s: a tolerance is told, and only then", op->name, b->name);
}

TEST(pds_rows, hold_every_boundary)
{
    size_t total = 0;
    for (const struct op *const *table = pds_dialect.tables; *table; table++)
        for (const struct op *op = *table; op->name; op++) {
            AUTO(arena_free) struct arena *arena = arena_new();
            size_t count = 0;
            const struct boundary *cases = op->in ? boundaries_of(arena, op, &count) : NULL;
            for (size_t i = 0; i < count; i++) {
                check(arena, op, &cases[i], false);
                check(arena, op, &cases[i], true);
            }
            total += count;
        }
    CHECK(total > 400);
}

TEST_MAIN
