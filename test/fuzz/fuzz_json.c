/* Bodies from outside: the reader never crashes, what it reads it reads the same again from its raw
 * bytes, and no row of the toy dialect lets through what it says it refuses. */
#include <stdlib.h>

#include "base/names.h"
#include "contract/inner.h"
#include "contract/toy.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void check_value(struct arena *arena, const struct json *v)
{
    const char *because;
    size_t      at, count = 0;
    if (v->kind == JSON_STRING && !utf8_valid(v->text))
        abort();
    for (const struct json *i = v->first; i; i = i->next, count++) {
        check_value(arena, i);
        if (v->kind == JSON_OBJECT && (!utf8_valid(i->key) || json_member(v, i->key) != i))
            abort(); /* each key finds its own member, so none is doubled */
    }
    const struct json *again = count == v->count && v->raw.n < 64
                                   ? json_read(arena, v->raw, CONTRACT_DEPTH_MAX, &because, &at)
                                   : v;
    if (count != v->count || !again || again->kind != v->kind || !str_eq(again->text, v->text))
        abort();
}

static void check_ask(const struct toy_ask *ask)
{
    if (!ask->name.n || utf8_count(ask->name) > 12 || ask->small < -5 || ask->small > 5)
        abort();
    if (ask->tags.count > 3 || ask->parts.count > 20 || ask->drive.v < 1 || ask->drive.v > ID_MAX)
        abort();
    if (!form_fits(FORM_DIGITS, ask->digits) || (ask->hex.p && !form_fits(FORM_HEX, ask->hex)))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    AUTO(arena_free) struct arena *arena = arena_new();
    const str   body = { (const char *)bytes, n };
    const char *because;
    size_t      at;
    const struct json *json = json_read(arena, body, CONTRACT_DEPTH_MAX, &because, &at);
    if (at > n || (json && because))
        abort();
    if (!json)
        return 0;
    check_value(arena, json);
    if (json->kind != JSON_OBJECT)
        return 0;
    for (int strict = 0; strict < 2; strict++) {
        struct cx      cx = { .arena = arena, .strict = strict };
        struct call    call = { .cx = &cx, .dialect = &toy_dialect, .op = toy_op("MakeToy"), .body = json };
        struct toy_ask ask = { 0 };
        const enum fault fault = contract_read(&call, &ask);
        if (fault == OK)
            check_ask(&ask);
        else if (fault != FAULT_INVALID || !cx.why.field || !utf8_valid(contract_complaint(&cx)))
            abort();
        if (strict && cx.lenient)
            abort();
    }
    return 0;
}
