#include "dialect/koodrive/token.h"

/* Bytes of the separator at the head of `s`: a blank, '+', or either of them percent-encoded. */
static size_t separator(str s)
{
    if (s.n && (*s.p == ' ' || *s.p == '+'))
        return 1;
    if (s.n >= 3 && (str_eq(str_cut(s, 3), S("%20")) || str_eq_ascii_case(str_cut(s, 3), S("%2B"))))
        return 3;
    return 0;
}

static size_t scheme(str s)
{
    if (s.n > 6 && str_eq_ascii_case(str_cut(s, 6), S("Bearer")) && separator(str_from(s, 6)))
        return 6;
    if (s.n > 2 && str_eq_ascii_case(str_cut(s, 2), S("AT")) && separator(str_from(s, 2)))
        return 2;
    return 0;
}

/* Strips one scheme and what separates it. */
static str strip(str s, struct koodrive_token *out)
{
    size_t n, many = 0;
    s = str_from(s, scheme(s));
    while ((n = separator(s))) {
        if (n > 1)
            out->lenient = "a cookie's value keeps its blank encoded, and the pages say to copy it as it is";
        else if (many)
            out->lenient = "the pages write both a blank and '+' between scheme and token";
        s = str_from(s, n);
        many++;
    }
    return s;
}

struct koodrive_token koodrive_read_token(str authorization)
{
    struct koodrive_token out = { 0 };
    str s = str_trim(authorization);
    int schemes = 0;
    while (scheme(s)) {
        s = strip(s, &out);
        schemes++;
    }
    if (schemes == 0)
        out.lenient = "the vendor's authentication page shows the header with a bare token";
    else if (schemes > 1)
        out.lenient = "tokens are returned with their scheme, and clients put another before it";
    out.token = s;
    return out;
}
