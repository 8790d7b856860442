#include "dialect/pds/jwt.h"

#include "base/encode.h"
#include "contract/json.h"

enum { DEPTH_MAX = 8 };

/* ---- three parts ---- */

/* Exactly "a.b.c", none of them empty. */
static bool cut_in_three(str text, str parts[3])
{
    const size_t one = str_find(text, '.', 0), two = str_find(text, '.', one + 1);
    if (two >= text.n || str_find(text, '.', two + 1) < text.n)
        return false;
    parts[0] = str_cut(text, one);
    parts[1] = str_cut(str_from(text, one + 1), two - one - 1);
    parts[2] = str_from(text, two + 1);
    return parts[0].n && parts[1].n && parts[2].n;
}

static const struct json *object_of(struct arena *arena, str part)
{
    const char *because;
    size_t      at;
    const str   bytes = base64url_read(arena, part);
    if (!bytes.p)
        return NULL;
    const struct json *json = json_read(arena, bytes, DEPTH_MAX, &because, &at);
    return json && json->kind == JSON_OBJECT ? json : NULL;
}

/* ---- members ---- */

static bool text_of(const struct json *object, const char *name, size_t max, str *out)
{
    const struct json *member = json_member(object, str_of(name));
    if (!member || member->kind != JSON_STRING || !member->text.n || member->text.n > max)
        return false;
    *out = member->text;
    return true;
}

/* Whole seconds since 1970. */
static bool time_of(const struct json *member, instant *out)
{
    int64_t seconds;
    if (member->kind != JSON_NUMBER || !str_int64(member->text, &seconds) || seconds < 1
        || seconds > INT64_C(253402300799))
        return false;
    *out = (instant){ seconds * 1000 };
    return true;
}

static bool maybe_time_of(const struct json *object, const char *name, instant *out)
{
    const struct json *member = json_member(object, str_of(name));
    *out = (instant){ 0 };
    return !member || member->kind == JSON_NULL || time_of(member, out);
}

static bool auto_create_of(const struct json *claims, bool *out)
{
    const struct json *member = json_member(claims, S("auto_create"));
    *out = member && member->kind == JSON_TRUE;
    return !member || member->kind == JSON_TRUE || member->kind == JSON_FALSE || member->kind == JSON_NULL;
}

static int subject_of(const struct json *claims)
{
    str word;
    if (!text_of(claims, "sub_type", 16, &word))
        return 0;
    return str_eq(word, S("user")) ? JWT_USER : str_eq(word, S("service")) ? JWT_SERVICE : 0;
}

/* The header chooses nothing: it must say what would be done anyway. */
static const char *read_header(const struct json *header)
{
    str alg, typ;
    if (!header)
        return "its header is not base64url of a JSON object";
    if (!text_of(header, "alg", 16, &alg) || !str_eq(alg, S("RS256")))
        return "alg is not RS256";
    if (json_member(header, S("typ")) && (!text_of(header, "typ", 16, &typ) || !str_eq_ascii_case(typ, S("JWT"))))
        return "typ is not JWT";
    if (json_member(header, S("crit")))
        return "crit names extensions that are not understood";
    return NULL;
}

static const char *read_claims(const struct json *claims, struct jwt *out)
{
    const struct json *exp = json_member(claims, S("exp"));
    if (!claims)
        return "its claims are not base64url of a JSON object";
    if (!text_of(claims, "iss", 128, &out->iss))
        return "iss is missing";
    if (!text_of(claims, "sub", JWT_SUBJECT_MAX * 4, &out->sub))
        return "sub is missing or too long";
    out->sub_type = subject_of(claims);
    if (!out->sub_type)
        return "sub_type is not user or service";
    if (!text_of(claims, "aud", 128, &out->aud))
        return "aud is missing";
    if (!text_of(claims, "jti", JWT_ID_MAX, &out->jti))
        return "jti is missing or longer than 128 characters";
    if (!exp || !time_of(exp, &out->exp))
        return "exp is missing or no number of seconds";
    if (!maybe_time_of(claims, "nbf", &out->nbf) || !maybe_time_of(claims, "iat", &out->iat))
        return "nbf or iat is no number of seconds";
    if (!auto_create_of(claims, &out->auto_create))
        return "auto_create is not true or false";
    return NULL;
}

const char *jwt_read(struct arena *arena, str text, struct jwt *out)
{
    str parts[3];
    *out = (struct jwt){ 0 };
    if (text.n > JWT_TEXT_MAX)
        return "it is longer than 16 KiB";
    if (!cut_in_three(text, parts))
        return "it does not have three parts";
    const char *wrong = read_header(object_of(arena, parts[0]));
    if (!wrong)
        wrong = read_claims(object_of(arena, parts[1]), out);
    if (wrong)
        return wrong;
    out->signed_part = str_cut(text, parts[0].n + 1 + parts[1].n);
    out->signature = base64url_read(arena, parts[2]);
    return out->signature.n ? NULL : "its signature is not base64url";
}

const char *jwt_fresh(const struct jwt *jwt, instant now)
{
    if (jwt->exp.ms + JWT_SKEW_MS <= now.ms)
        return "expired";
    if (jwt->exp.ms - JWT_SKEW_MS > now.ms + JWT_LIFE_MAX_MS)
        return "exp is more than an hour ahead";
    if (jwt->nbf.ms - JWT_SKEW_MS > now.ms)
        return "nbf is still to come";
    if (jwt->iat.ms - JWT_SKEW_MS > now.ms)
        return "iat is still to come";
    return NULL;
}
