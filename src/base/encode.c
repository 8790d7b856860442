#include "base/encode.h"

static str hex(struct arena *arena, str bytes, const char *digits)
{
    char *out = arena_make(arena, bytes.n * 2 + 1);
    for (size_t i = 0; i < bytes.n; i++) {
        out[2 * i] = digits[(unsigned char)bytes.p[i] >> 4];
        out[2 * i + 1] = digits[bytes.p[i] & 15];
    }
    return (str){ out, bytes.n * 2 };
}

str hex_lower(struct arena *arena, str bytes)
{
    return hex(arena, bytes, "0123456789abcdef");
}

str hex_upper(struct arena *arena, str bytes)
{
    return hex(arena, bytes, "0123456789ABCDEF");
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

str hex_read(struct arena *arena, str text)
{
    if (text.n % 2)
        return S0;
    char *out = arena_make(arena, text.n / 2 + 1);
    for (size_t i = 0; i < text.n; i += 2) {
        const int high = hex_digit(text.p[i]), low = hex_digit(text.p[i + 1]);
        if (high < 0 || low < 0)
            return S0;
        out[i / 2] = (char)(high << 4 | low);
    }
    return (str){ out, text.n / 2 };
}

static const char standard[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static const char urlsafe[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

static str encode64(struct arena *arena, str bytes, const char *digits, bool padded)
{
    char  *out = arena_make(arena, (bytes.n + 2) / 3 * 4 + 1);
    size_t n = 0;
    for (size_t i = 0; i < bytes.n; i += 3) {
        const size_t   have = bytes.n - i < 3 ? bytes.n - i : 3;
        const uint32_t v = (uint32_t)(unsigned char)bytes.p[i] << 16
                           | (have > 1 ? (uint32_t)(unsigned char)bytes.p[i + 1] << 8 : 0)
                           | (have > 2 ? (uint32_t)(unsigned char)bytes.p[i + 2] : 0);
        for (size_t k = 0; k < 4; k++)
            if (k <= have)
                out[n++] = digits[v >> (18 - 6 * k) & 63];
            else if (padded)
                out[n++] = '=';
    }
    return (str){ out, n };
}

str base64(struct arena *arena, str bytes)
{
    return encode64(arena, bytes, standard, true);
}

str base64url(struct arena *arena, str bytes)
{
    return encode64(arena, bytes, urlsafe, false);
}

/* Spare bits of the last digit must be zero, so that a value has one spelling. */
static str decode64(struct arena *arena, str text, const char *digits)
{
    char    *out = arena_make(arena, text.n / 4 * 3 + 4);
    size_t   n = 0;
    uint32_t bits = 0;
    int      have = 0;
    if (text.n % 4 == 1)
        return S0;
    for (size_t i = 0; i < text.n; i++) {
        const char *at = text.p[i] ? strchr(digits, text.p[i]) : NULL;
        if (!at)
            return S0;
        bits = bits << 6 | (uint32_t)(at - digits);
        have += 6;
        if (have >= 8) {
            have -= 8;
            out[n++] = (char)(bits >> have & 255);
        }
    }
    if (bits & ((1u << have) - 1))
        return S0;
    return (str){ out, n };
}

str base64_read(struct arena *arena, str text)
{
    if (text.n % 4)
        return S0;
    for (int i = 0; i < 2 && text.n && text.p[text.n - 1] == '='; i++)
        text.n--;
    return decode64(arena, text, standard);
}

str base64url_read(struct arena *arena, str text)
{
    return decode64(arena, text, urlsafe);
}

str percent_read(struct arena *arena, str text, bool plus_is_blank)
{
    char  *out = arena_make(arena, text.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] == '%') {
            const int high = i + 2 < text.n ? hex_digit(text.p[i + 1]) : -1;
            const int low = i + 2 < text.n ? hex_digit(text.p[i + 2]) : -1;
            if (high < 0 || low < 0)
                return S0;
            out[n++] = (char)(high << 4 | low);
            i += 2;
        } else {
            out[n++] = plus_is_blank && text.p[i] == '+' ? ' ' : text.p[i];
        }
    }
    return (str){ out, n };
}

void be64_put(char out[8], uint64_t value)
{
    for (int i = 7; i >= 0; i--, value >>= 8)
        out[i] = (char)(value & 255);
}

uint64_t be64_get(const char in[8])
{
    uint64_t value = 0;
    for (int i = 0; i < 8; i++)
        value = value << 8 | (unsigned char)in[i];
    return value;
}
