#include "drive/label.h"

#include "base/names.h"
#include "drive/site.h"
#include "store/groups.h"
#include "store/people.h"

static bool all_digits(str s)
{
    size_t i = 0;
    while (i < s.n && s.p[i] >= '0' && s.p[i] <= '9')
        i++;
    return s.n && i == s.n;
}

static bool has_control(str s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] < 0x20 || s.p[i] == 0x7F)
            return true;
    return false;
}

static bool is_label(str name)
{
    return name.n && utf8_valid(name) && utf8_count(name) <= LABEL_MAX && !has_control(name)
           && str_eq(str_trim(name), name) && !all_digits(name);
}

enum fault label_check(struct cx *cx, str name, const char *field)
{
    if (!name.n)
        return fail(cx, FAULT_INVALID, .field = field, .how = HOW_EMPTY, .min = 1, .max = LABEL_MAX);
    if (!utf8_valid(name) || utf8_count(name) > LABEL_MAX)
        return fail(cx, FAULT_INVALID, .field = field, .how = HOW_TOO_LARGE, .min = 1, .max = LABEL_MAX, .got = name);
    if (!is_label(name))
        return fail(cx, FAULT_INVALID, .field = field, .how = HOW_FORM, .got = name,
                    .because = "a name has no blanks at its ends, no control characters, and is not all digits");
    return OK;
}

enum fault label_free(struct cx *cx, str name)
{
    struct user  user;
    struct group group;
    enum fault fault = store_user_by_login(cx, cx->site->domain.id, name, &user);
    if (fault == OK)
        return fail(cx, FAULT_EXISTS, .thing = THING_USER, .got = name);
    if (fault != FAULT_NOT_FOUND)
        return fault;
    fault = store_group_by_name(cx, cx->site->domain.id, name, &group);
    if (fault == OK)
        return fail(cx, FAULT_EXISTS, .thing = THING_GROUP, .got = name);
    return fault == FAULT_NOT_FOUND ? OK : fault;
}

enum fault label_make(struct cx *cx, str title, str other, const char *word, id number, str *out)
{
    const str wishes[] = { title, other, arena_print(cx->arena, "%s %lld", word, (long long)number.v),
                           arena_print(cx->arena, "%s (%lld)", word, (long long)number.v) };
    for (size_t i = 0; i < COUNT(wishes); i++) {
        *out = wishes[i];
        const enum fault fault = is_label(wishes[i]) ? label_free(cx, wishes[i]) : FAULT_EXISTS;
        if (fault != FAULT_EXISTS)
            return fault;
    }
    return fail(cx, FAULT_EXISTS, .thing = THING_USER, .got = title);
}

enum fault title_check(struct cx *cx, str text, const char *field, int64_t min, int64_t max)
{
    const int64_t length = utf8_valid(text) ? (int64_t)utf8_count(text) : max + 1;
    if (length < min)
        return fail(cx, FAULT_INVALID, .field = field, .how = text.n ? HOW_TOO_SMALL : HOW_EMPTY, .min = min, .max = max,
                    .got = text);
    if (length > max)
        return fail(cx, FAULT_INVALID, .field = field, .how = HOW_TOO_LARGE, .min = min, .max = max, .got = text);
    return OK;
}
