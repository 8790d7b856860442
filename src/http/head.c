#include "http/head.h"

static bool is_token(str name)
{
    for (size_t i = 0; i < name.n; i++) {
        const char c = name.p[i];
        const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!letter && (!c || !strchr("!#$%&'*+-.^_`|~", c)))
            return false;
    }
    return name.n > 0;
}

static bool is_clean(str value)
{
    for (size_t i = 0; i < value.n; i++)
        if (((unsigned char)value.p[i] < 0x20 && value.p[i] != '\t') || value.p[i] == 0x7F)
            return false;
    return true;
}

void head_see(struct head_facts *facts, str name, str value)
{
    facts->bad_name |= !is_token(name);
    facts->bad_value |= !is_clean(value);
    if (str_eq_ascii_case(name, S("host"))) {
        if (!facts->hosts++)
            facts->host = value;
    } else if (str_eq_ascii_case(name, S("content-length"))) {
        if (!facts->lengths++)
            facts->length = value;
    } else if (str_eq_ascii_case(name, S("transfer-encoding"))) {
        if (!facts->codings++)
            facts->coding = value;
    }
}

static bool is_path(str target)
{
    if (!target.n || target.p[0] != '/')
        return false;
    for (size_t i = 0; i < target.n; i++)
        if ((unsigned char)target.p[i] <= 0x20 || target.p[i] == 0x7F || target.p[i] == '#')
            return false;
    return true;
}

bool head_sound(const struct head_facts *f)
{
    int64_t    length;
    const bool is_11 = str_eq(f->version, S("HTTP/1.1"));
    if (f->bad_name || f->bad_value || !is_path(f->target) || (!is_11 && !str_eq(f->version, S("HTTP/1.0"))))
        return false;
    if (f->hosts > 1 || (is_11 && (!f->hosts || !str_trim(f->host).n)))
        return false;
    if (f->lengths > 1 || f->codings > 1 || (f->lengths && f->codings) || (f->codings && !is_11))
        return false;
    if (f->lengths && (!str_int64(f->length, &length) || length < 0))
        return false;
    return !f->codings || str_eq_ascii_case(str_trim(f->coding), S("chunked"));
}
