#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/log.h"

void text_done(struct text *text)
{
    free(text->p);
    *text = (struct text){ 0 };
}

void text_reserve(struct text *text, size_t more)
{
    if (text->room - text->n >= more)
        return;
    size_t room = text->room ? text->room * 2 : 512;
    while (room - text->n < more)
        room *= 2;
    char *grown = realloc(text->p, room);
    if (!grown)
        log_die("out of memory");
    text->p = grown;
    text->room = room;
}

void text_add(struct text *text, str s)
{
    if (!s.n)
        return;
    text_reserve(text, s.n);
    memcpy(text->p + text->n, s.p, s.n);
    text->n += s.n;
}

void text_char(struct text *text, char c)
{
    text_reserve(text, 1);
    text->p[text->n++] = c;
}

char *digits_before(char *end, uint64_t value)
{
    static const char pairs[] = "00010203040506070809101112131415161718192021222324252627282930313233343536373839"
                                "40414243444546474849505152535455565758596061626364656667686970717273747576777879"
                                "8081828384858687888990919293949596979899";
    for (; value >= 100; value /= 100)
        memcpy(end -= 2, pairs + value % 100 * 2, 2);
    if (value >= 10)
        return memcpy(end - 2, pairs + value * 2, 2);
    *--end = (char)('0' + value);
    return end;
}

void text_int(struct text *text, int64_t value)
{
    char  digits[21], *const end = digits + sizeof digits;
    char *p = digits_before(end, value < 0 ? -(uint64_t)value : (uint64_t)value);
    if (value < 0)
        *--p = '-';
    text_add(text, (str){ p, (size_t)(end - p) });
}

void text_print(struct text *text, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    text_reserve(text, 64); /* more than most need: then once is enough */
    const size_t room = text->room - text->n;
    const int    n = vsnprintf(text->p + text->n, room, format, args);
    va_end(args);
    if ((size_t)n >= room) {
        text_reserve(text, (size_t)n + 1);
        vsnprintf(text->p + text->n, (size_t)n + 1, format, again);
    }
    va_end(again);
    text->n += (size_t)n;
}

void text_json(struct text *text, str s)
{
    text_reserve(text, s.n + 2);
    text->p[text->n++] = '"';
    for (size_t i = 0, plain = 0; i <= s.n; i++) {
        const unsigned char c = i < s.n ? (unsigned char)s.p[i] : 0;
        if (i < s.n && c >= 0x20 && c != '"' && c != '\\')
            continue;
        text_add(text, str_cut(str_from(s, plain), i - plain));
        plain = i + 1;
        if (i == s.n)
            break;
        switch (c) {
        case '"':  text_add(text, S("\\\"")); break;
        case '\\': text_add(text, S("\\\\")); break;
        case '\n': text_add(text, S("\\n")); break;
        case '\r': text_add(text, S("\\r")); break;
        case '\t': text_add(text, S("\\t")); break;
        default:   text_print(text, "\\u%04x", c);
        }
    }
    text_char(text, '"');
}

void text_percent(struct text *text, str s, const char *keep)
{
    static const char hex[] = "0123456789ABCDEF";
    for (size_t i = 0; i < s.n; i++) {
        const unsigned char c = (unsigned char)s.p[i];
        const bool plain = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')
                           || c == '-' || c == '.' || c == '_' || c == '~' || (c && strchr(keep, c));
        if (plain) {
            text_char(text, (char)c);
        } else {
            text_char(text, '%');
            text_char(text, hex[c >> 4]);
            text_char(text, hex[c & 15]);
        }
    }
}

void text_xml(struct text *text, str s)
{
    for (size_t i = 0; i < s.n; i++)
        switch (s.p[i]) {
        case '&':  text_add(text, S("&amp;")); break;
        case '<':  text_add(text, S("&lt;")); break;
        case '>':  text_add(text, S("&gt;")); break;
        case '"':  text_add(text, S("&quot;")); break;
        case '\'': text_add(text, S("&#39;")); break;
        default:   text_char(text, s.p[i]);
        }
}
