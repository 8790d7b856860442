/* dialect/koodrive/values.c: names, descriptions and times, stricter or looser than the core's. */
#include "dialect/koodrive/inner.h"

#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include "base/clock.h"
#include "base/names.h"
#include "drive/site.h"

enum { NAME_MAX_CHARS = 250, SHARE_NAME_MAX_CHARS = 31, DESCRIPTION_MAX_CHARS = 512 };

str koodrive_tenant(const struct cx *cx)
{
    return cx->site->domain.name;
}

/* ---- names ---- */

static bool is_emoji(UChar32 c)
{
    return u_hasBinaryProperty(c, UCHAR_EMOJI_PRESENTATION) || c == 0xFE0F || c == 0x20E3
           || (c >= 0x1F000 && u_hasBinaryProperty(c, UCHAR_EXTENDED_PICTOGRAPHIC));
}

static bool has_emoji(str s)
{
    for (int32_t i = 0; i < (int32_t)s.n;) {
        UChar32 c;
        U8_NEXT(s.p, i, (int32_t)s.n, c);
        if (c >= 0 && is_emoji(c))
            return true;
    }
    return false;
}

/* The pages forbid `\` when renaming only; one rule for all is what a client can rely on. */
static enum fault check_characters(struct cx *cx, const char *field, str name)
{
    for (size_t i = 0; i < name.n; i++)
        if (memchr("<>|:\"*?/\\", name.p[i], 9) || (unsigned char)name.p[i] < 0x20 || name.p[i] == 0x7F)
            return fail(cx, FAULT_INVALID, .field = field, .how = HOW_FORM, .got = name,
                        .because = "none of < > | : \" * ? / \\ and no control characters");
    if (str_eq(name, S(".")) || str_eq(name, S("..")))
        return fail(cx, FAULT_INVALID, .field = field, .how = HOW_FORM, .got = name,
                    .because = "not . or ..");
    return OK;
}

static enum fault check_length(struct cx *cx, const char *field, str text, int64_t min, int64_t max)
{
    const int64_t count = (int64_t)utf8_count(text);
    if (count < min)
        return fail(cx, FAULT_INVALID, .field = field, .how = HOW_EMPTY, .min = min, .max = max);
    if (count > max)
        return fail(cx, FAULT_INVALID, .field = field, .how = HOW_TOO_LARGE, .min = min, .max = max,
                    .other = count, .because = "characters");
    return OK;
}

enum fault koodrive_check_name(struct cx *cx, const char *field, str name)
{
    TRY(check_length(cx, field, name, 1, NAME_MAX_CHARS));
    return check_characters(cx, field, name);
}

enum fault koodrive_check_share_name(struct cx *cx, const char *field, str name)
{
    TRY(check_length(cx, field, name, 1, SHARE_NAME_MAX_CHARS));
    TRY(check_characters(cx, field, name));
    if (has_emoji(name))
        return fail(cx, FAULT_INVALID, .field = field, .how = HOW_FORM, .got = name, .because = "no emoji");
    return OK;
}

enum fault koodrive_check_description(struct cx *cx, str description)
{
    if (!description.n)
        return OK;
    TRY(check_length(cx, "description", description, 0, DESCRIPTION_MAX_CHARS));
    if (has_emoji(description))
        return fail(cx, FAULT_INVALID, .field = "description", .how = HOW_FORM, .got = description,
                    .because = "no emoji");
    return OK;
}

/* ---- times ---- */

static bool all_digits(str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] < '0' || s.p[i] > '9')
            return false;
    return s.n > 0;
}

/* 20260501080000, the form of share jobs. */
static bool read_fourteen(struct cx *cx, str s, instant *out)
{
    if (s.n != 14 || !all_digits(s))
        return false;
    const str compact = arena_print(cx->arena, "%.8sT%.6sZ", s.p, s.p + 8);
    return instant_read(compact, INSTANT_COMPACT, out);
}

static bool read_epoch(str s, instant *out)
{
    return s.n <= 13 && all_digits(s) && str_int64(s, &out->ms) && out->ms > 0;
}

/* "Sat Aug 30 10:04:26 UTC 2025", the form of invitations; put into the order of HTTP's dates. */
static bool read_java(struct cx *cx, str s, instant *out)
{
    if (s.n != 28 || !str_eq((str){ s.p + 19, 5 }, S(" UTC ")))
        return false;
    const str http = arena_print(cx->arena, "%.3s, %.2s %.3s %.4s %.8s GMT", s.p, s.p + 8, s.p + 4, s.p + 24,
                                 s.p + 11);
    return instant_read(http, INSTANT_HTTP, out);
}

enum fault koodrive_read_time(struct cx *cx, const char *field, str given, instant *out)
{
    *out = (instant){ 0 };
    if (!given.n)
        return OK;
    if (given.p[given.n - 1] == 'Z' && instant_read(given, INSTANT_MS, out))
        return OK;
    if (instant_read(given, INSTANT_SPACE, out))
        return OK;
    if (read_fourteen(cx, given, out) || read_epoch(given, out) || read_java(cx, given, out))
        return contract_tolerate(cx, field, "other pages of the vendor write times in this form");
    return fail(cx, FAULT_INVALID, .field = field, .how = HOW_FORM, .got = given,
                .because = "a time like 2026-05-01T08:00:00.000Z, 2026-05-01T08:00:00Z or 2026-05-01 08:00:00");
}
