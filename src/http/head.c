#include "http/head.h"

/* RFC 9110, 5.6.2: what methods and header names are made of. */
static bool is_token(str s)
{
    static const char marks[] = "!#$%&'*+-.^_`|~";

    for (size_t i = 0; i < s.n; i++) {
        const char c = s.p[i];
        const bool plain = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (!plain && (c == '\0' || !strchr(marks, c)))
            return false;
    }
    return s.n > 0;
}

/* Bytes above 0x7F pass: clients send names in UTF-8 without encoding them. */
static bool is_free_of_controls(str s, bool blanks_allowed)
{
    for (size_t i = 0; i < s.n; i++) {
        const unsigned char c = (unsigned char)s.p[i];
        if (c == 0x7F || c < 0x20 ? !(blanks_allowed && c == '\t') : c == ' ' && !blanks_allowed)
            return false;
    }
    return true;
}

static bool nuls_follow(const char *p, const char *end, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (p + i >= end || p[i] != '\0')
            return false;
    return true;
}

/* Takes `part`, which must come next, and the `nuls` separators behind it. */
static bool take(struct head_check *check, str part, size_t nuls)
{
    if (part.p != check->at || !nuls_follow(part.p + part.n, check->end, nuls))
        return false;
    check->at = part.p + part.n + nuls;
    return true;
}

void head_check_line(struct head_check *check, str raw, str method, str target, str target_text,
                     str version)
{
    *check = (struct head_check){ .at = raw.p, .end = raw.p + raw.n };
    check->is_http11 = str_eq(version, S("HTTP/1.1"));
    check->sound = take(check, method, 1) && take(check, target, 1) && take(check, version, 2)
                   && is_token(method) && is_free_of_controls(target_text, false)
                   && target_text.n == target.n && str_starts(target_text, S("/"))
                   && (check->is_http11 || str_eq(version, S("HTTP/1.0")));
}

static void see_length(struct head_check *check, str value)
{
    if (!check->length.p)
        check->length = value;
    else if (!str_eq(check->length, value))
        check->sound = false;
}

void head_check_field(struct head_check *check, str name, str value)
{
    if (!check->sound)
        return;
    check->sound = is_token(name) && take(check, name, 1);
    while (check->sound && check->at < value.p && (*check->at == ' ' || *check->at == '\t'))
        check->at++;
    check->sound = check->sound && take(check, value, 2) && is_free_of_controls(value, true);
    if (!check->sound)
        return;

    if (str_eq_ascii_case(name, S("host"))) {
        check->sound = str_trim(value).n > 0;
        check->hosts++;
    } else if (str_eq_ascii_case(name, S("content-length"))) {
        see_length(check, str_trim(value));
    } else if (str_eq_ascii_case(name, S("transfer-encoding"))) {
        /* Not trimmed: the library decodes chunks for this very spelling only. */
        check->sound = str_eq_ascii_case(value, S("chunked"));
        check->codings++;
    }
}

static bool read_length(str digits, int64_t *out)
{
    *out = 0;
    for (size_t i = 0; i < digits.n; i++) {
        const char c = digits.p[i];
        if (c < '0' || c > '9' || *out > (INT64_MAX - (c - '0')) / 10)
            return false;
        *out = *out * 10 + (c - '0');
    }
    return digits.n > 0;
}

bool head_check_end(struct head_check *check, struct head_body *body)
{
    *body = (struct head_body){ .length = -1, .chunked = check->codings > 0 };
    check->sound = check->sound && check->end - check->at == 2 && nuls_follow(check->at, check->end, 2)
                   && check->hosts <= 1 && (check->hosts || !check->is_http11)
                   && check->codings <= 1 && (check->is_http11 || !check->codings)
                   && !(check->codings && check->length.p)
                   && (!check->length.p || read_length(check->length, &body->length));
    return check->sound;
}
