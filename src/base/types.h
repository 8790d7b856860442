/* base/types.h: the few words every part speaks: slices, ids, instants and the attributes.
 *
 * Sizes are bytes and times are UTC milliseconds unless a name says otherwise. */
#ifndef BASE_TYPES_H
#define BASE_TYPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* A slice of bytes, borrowed: not ended by NUL. p == NULL means "not given", which a JSON "" is not. */
typedef struct {
    const char *p;
    size_t      n;
} str;

/* An object's number: 1 to 2^53 - 1; 0 is "none". Wrapped, so that a size cannot be passed for it. */
typedef struct {
    int64_t v;
} id;

/* Milliseconds since 1970 UTC; 0 is "none". */
typedef struct {
    int64_t ms;
} instant;

#define S(literal) ((str){ "" literal, sizeof(literal) - 1 })
#define S0 ((str){ NULL, 0 })
#define STR_ARG(s) (int)(s).n, (s).p
#define ID_MAX ((INT64_C(1) << 53) - 1)
#define ID_NONE ((id){ 0 })
#define COUNT(a) (sizeof(a) / sizeof *(a))

#define MUST_USE __attribute__((warn_unused_result))
#define AUTO(closer) __attribute__((cleanup(closer)))
#define PRINTF_LIKE(text_at, args_at) __attribute__((format(printf, text_at, args_at)))

/* Passes a fault up unchanged. The only macro that returns. */
#define TRY(call)                        \
    do {                                 \
        enum fault try_fault_ = (call);  \
        if (try_fault_ != OK)            \
            return try_fault_;           \
    } while (0)

static inline bool str_eq(str a, str b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

static inline bool str_starts(str s, str head)
{
    return s.n >= head.n && (head.n == 0 || memcmp(s.p, head.p, head.n) == 0);
}

static inline str str_from(str s, size_t at)
{
    if (at > s.n)
        at = s.n;
    return (str){ at ? s.p + at : s.p, s.n - at }; /* NULL + 0 is undefined */
}

static inline str str_cut(str s, size_t n)
{
    return (str){ s.p, n < s.n ? n : s.n };
}

/* Borrows a C string; NULL gives S0. */
static inline str str_of(const char *z)
{
    return z ? (str){ z, strlen(z) } : S0;
}

/* ASCII letters alike in either case; other bytes compare as they are. */
bool str_eq_ascii_case(str a, str b);

/* Removes blanks and tabs at both ends. */
str str_trim(str s);

/* Position of byte `c` at or after `from`, or s.n. */
size_t str_find(str s, char c, size_t from);

/* Position of `part` at or after `from`, or s.n; an empty part is at `from`. */
size_t str_find_str(str s, str part, size_t from);

/* Reads all of `s` as a decimal integer without blanks, plus sign or leading zeros ("0" excepted).
 * false when it is not one or does not fit. */
bool str_int64(str s, int64_t *out);

#endif
