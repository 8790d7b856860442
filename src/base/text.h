/* base/text.h: text that grows while it is written: answers, log lines, URLs.
 *
 * Lives on the heap, so that it can outlive an arena and be handed to the HTTP library. */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include "base/types.h"

struct text {
    char  *p;
    size_t n, room;
};

/* Zero-initialise, then add. text_done releases and empties; also the AUTO closer. */
void text_done(struct text *text);
void text_reserve(struct text *text, size_t more);
void text_add(struct text *text, str s);
void text_char(struct text *text, char c);
void text_int(struct text *text, int64_t value);

/* Writes the decimal digits of `value` so that they end before `end`; gives where they begin. At most 20. */
char *digits_before(char *end, uint64_t value);
void text_print(struct text *text, const char *format, ...) PRINTF_LIKE(2, 3);

/* Adds `s` as a JSON string with its quotes. `s` is valid UTF-8 (names are checked on the way in);
 * bytes below 0x20, quote and backslash are escaped, the rest goes as it is. */
void text_json(struct text *text, str s);

/* Adds `s` percent-encoded: all but A-Z a-z 0-9 - . _ ~ and the bytes in `keep`. */
void text_percent(struct text *text, str s, const char *keep);

/* Adds `s` with & < > " ' as entities. */
void text_xml(struct text *text, str s);

/* The text so far, borrowed until the next add. */
static inline str text_str(const struct text *text)
{
    return (str){ text->p ? text->p : "", text->n };
}

#endif
