#include "drive/condition.h"

enum fault condition_holds(const struct condition *c, condition_term *term, void *arg, bool *holds)
{
    *holds = true;
    if (!c)
        return OK;
    if (c->kind == CONDITION_TERM)
        return term(arg, c, holds);
    /* `and` is over at the first that does not hold, `or` at the first that does; `not` has one only */
    const bool over = c->kind != CONDITION_AND;
    for (const struct condition *one = c->first; one; one = one->next) {
        TRY(condition_holds(one, term, arg, holds));
        if (*holds == over)
            break;
    }
    if (c->kind == CONDITION_NOT)
        *holds = !*holds;
    return OK;
}

bool condition_number(const struct condition *term, int64_t number)
{
    switch (term->compare) {
    case COMPARE_EQ:
        if (term->is_second)
            return number >= term->number && number - term->number < 1000;
        return number == term->number;
    case COMPARE_LT:     return number < term->number;
    case COMPARE_GT:     return number > term->number;
    case COMPARE_LE:     return number <= term->number;
    case COMPARE_GE:     return number >= term->number;
    case COMPARE_PREFIX:
    case COMPARE_MATCH:
    case COMPARE_IN:     return false;
    }
    return false;
}
