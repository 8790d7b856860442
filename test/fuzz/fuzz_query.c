/* Search queries from outside: nothing crashes; what is read is a sound tree of bounded depth, which can
 * be judged; what is not is refused with a place within the query. */
#include <assert.h>

#include "base/names.h"
#include "dialect/pds/query.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static const struct word words[] = { { "file", 2 }, { "folder", 1 }, { 0 } };
static const struct query_field fields[] = {
    { "name", 1, QUERY_TEXT, QUERY_EQ | QUERY_MATCH }, { "d", 2, QUERY_TEXT },  { "size", 3, QUERY_LONG },
    { "at", 4, QUERY_DATE },                           { "hidden", 5, QUERY_BOOL }, { "labels", 6, QUERY_ARRAY },
    { "type", 7, QUERY_TEXT, .words = words },         { 0 }
};

static void check(const struct condition *c, int depth)
{
    assert(depth <= 3 * QUERY_DEPTH_MAX);
    if (c->kind == CONDITION_TERM) {
        assert(c->field >= 1 && c->field <= 7 && c->compare >= COMPARE_EQ && c->compare <= COMPARE_IN);
        assert((c->compare == COMPARE_IN) == (c->texts.count > 0));
        return;
    }
    assert(c->first && (c->kind == CONDITION_NOT) == !c->first->next);
    for (const struct condition *one = c->first; one; one = one->next)
        check(one, depth + 1);
}

static enum fault term(void *arg, const struct condition *c, bool *holds)
{
    *holds = condition_number(c, *(int64_t *)arg);
    return OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    AUTO(arena_free) struct arena *arena = arena_new();
    struct cx cx = { .arena = arena };
    const struct condition *condition;
    const str query = { (const char *)bytes, n };
    int64_t   number = (int64_t)n;
    bool      holds;
    if (n > QUERY_MAX || !utf8_valid(query)) /* as the contract has seen to */
        return 0;
    if (query_read(&cx, fields, query, &condition) != OK) {
        assert(cx.why.code == FAULT_INVALID && cx.why.because);
        return 0;
    }
    if (condition)
        check(condition, 0);
    assert(condition_holds(condition, term, &number, &holds) == OK);
    return 0;
}
