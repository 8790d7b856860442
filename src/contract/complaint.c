/* contract/complaint.c: what is told of a field: that it is wrong, or that it was tolerated. */
#include "contract/inner.h"

#include "base/names.h"
#include "base/text.h"

enum { SHOWN_MAX = 200 };

/* ---- tolerances ---- */

static void note(struct cx *cx, const char *field, const char *reason)
{
    for (const struct note *n = cx->lenient; n; n = n->next)
        if (strcmp(n->field, field) == 0 && strcmp(n->reason, reason) == 0)
            return;
    struct note *fresh = ARENA_NEW(cx->arena, struct note);
    *fresh = (struct note){ .next = (struct note *)cx->lenient, .field = field, .reason = reason };
    cx->lenient = fresh;
}

bool tolerated(struct cx *cx, const struct field *field, enum tolerance tolerance)
{
    if (!(field->tolerate & tolerance) || cx->strict)
        return false;
    note(cx, field->name, field->lenient);
    return true;
}

enum fault contract_tolerate(struct cx *cx, const char *field, const char *reason)
{
    if (cx->strict)
        return fail(cx, FAULT_INVALID, .field = field,
                    .because = "tolerated only without --strict");
    note(cx, field, reason);
    return OK;
}

/* ---- faults ---- */

/* What came may be long, and outside of JSON it may be no text at all; messages are UTF-8. */
static str shown(struct arena *arena, str got)
{
    const bool whole = got.n <= SHOWN_MAX;
    got = str_cut(got, SHOWN_MAX);
    while (!whole && got.n && !utf8_valid(got) && got.n > SHOWN_MAX - 4)
        got.n--;
    if (!got.p || utf8_valid(got))
        return got;
    AUTO(text_done) struct text escaped = { 0 };
    text_percent(&escaped, got, " !#$&'()*+,/:;=?@[]");
    return arena_copy(arena, text_str(&escaped));
}

enum fault field_wrong(struct cx *cx, const struct field *field, enum how how, str got,
                       const char *because)
{
    int64_t min = field->min, max = field->max;
    if (how == HOW_TOO_SMALL || how == HOW_TOO_LARGE)
        field_bounds(field, &min, &max);
    return fail(cx, FAULT_INVALID, .field = field->name, .how = how, .min = min, .max = max,
                .got = shown(cx->arena, got), .because = because);
}

static bool is_unit(const char *because)
{
    return because && (strcmp(because, unit_characters) == 0 || strcmp(because, unit_bytes) == 0
                       || strcmp(because, unit_items) == 0);
}

static void say_bound(struct text *out, const struct failure *why)
{
    const bool    large = why->how == HOW_TOO_LARGE;
    const int64_t bound = large ? why->max : why->min;
    text_print(out, large ? "at most %lld" : "at least %lld", (long long)bound);
    if (is_unit(why->because))
        text_print(out, " %s, got %lld", why->because, (long long)why->other);
    else if (why->got.p)
        text_print(out, ", got %.*s", STR_ARG(why->got));
}

static const char *how_text(enum how how)
{
    switch (how) {
    case HOW_OTHER:     return "not valid";
    case HOW_MISSING:   return "required, not given";
    case HOW_EMPTY:     return "must not be empty";
    case HOW_KIND:      return "not of the kind asked for";
    case HOW_TOO_SMALL: return "too small";
    case HOW_TOO_LARGE: return "too large";
    case HOW_WORD:      return "not one of the allowed values";
    case HOW_FORM:      return "not of the form asked for";
    case HOW_EXPIRED:   return "expired";
    case HOW_REPLAYED:  return "used before";
    case HOW_UNKNOWN:   return "not known";
    case HOW_ENDED:     return "ended";
    }
    return "not valid";
}

static void say_field(struct text *out, const struct failure *why)
{
    const bool bounded =
        (why->how == HOW_TOO_LARGE || why->how == HOW_TOO_SMALL) && (why->min || why->max);
    text_print(out, "%s: ", why->field);
    if (bounded) {
        say_bound(out, why);
        return;
    }
    text_add(out, str_of(how_text(why->how)));
    if (why->because && why->how != HOW_MISSING && why->how != HOW_EMPTY)
        text_print(out, " (%s)", why->because);
    if (why->got.p && why->how != HOW_MISSING && why->how != HOW_EMPTY)
        text_print(out, ", got %.*s", STR_ARG(why->got));
}

str contract_complaint(const struct cx *cx)
{
    AUTO(text_done) struct text out = { 0 };
    const struct failure *why = &cx->why;
    if (why->code == FAULT_INVALID && why->field) {
        say_field(&out, why);
    } else {
        text_add(&out, str_of(fault_text(why->code)));
        if (why->because)
            text_print(&out, ": %s", why->because);
        if (why->code == FAULT_TOO_LARGE && why->max)
            text_print(&out, ": at most %lld bytes", (long long)why->max);
        if (why->code == FAULT_BAD_BODY && why->got.p)
            text_print(&out, ", %.*s", STR_ARG(why->got));
    }
    return arena_copy(cx->arena, text_str(&out));
}
