/* dialect/pds/acs4.c: ACS4-HMAC-SHA256, the signature of the PDS gateway's SDK when it is set to v4. */
#include "dialect/pds/acs.h"

#include "base/encode.h"
#include "base/hash.h"
#include "base/text.h"

/* Cuts what stands before the next '/' off. false when there is none. */
static bool next_part(str *credential, str *part)
{
    const size_t end = str_find(*credential, '/', 0);
    if (end == credential->n)
        return false;
    *part = str_cut(*credential, end);
    *credential = str_from(*credential, end + 1);
    return part->n > 0;
}

static bool is_date(str text)
{
    for (size_t i = 0; i < text.n; i++)
        if (text.p[i] < '0' || text.p[i] > '9')
            return false;
    return text.n == 8;
}

bool acs4_read(str parameters, struct acs4 *out)
{
    struct acs3 outer;
    str         product;
    *out = (struct acs4){ 0 };
    if (!acs3_read(parameters, &outer))
        return false;
    str rest = outer.key;
    out->signed_headers = outer.signed_headers;
    out->signature = outer.signature;
    return next_part(&rest, &out->key) && next_part(&rest, &out->date) && is_date(out->date)
           && next_part(&rest, &out->region) && next_part(&rest, &product) && str_eq(product, S("pds"))
           && str_eq(rest, S("aliyun_v4_request"));
}

/* The request as v1 sees it, with lines between its parts and the body's digest behind. */
str acs4_text(struct arena *arena, const struct acs_request *request, str signed_headers)
{
    const str resource = acs_v1_resource(arena, request, ACS_EMPTY_IS_BARE);
    const str headers = acs_v1_headers(arena, request);
    const str payload = hex_lower(arena, sha256(arena, request->body));
    AUTO(text_done) struct text out = { 0 };
    const str lines[] = { request->method, resource, headers, signed_headers };
    for (size_t i = 0; i < COUNT(lines); i++) {
        text_add(&out, lines[i]);
        text_char(&out, '\n');
    }
    text_add(&out, payload);
    return arena_copy(arena, text_str(&out));
}

/* ---- the lossy decoding: as a JavaScript runtime turns bytes into a string and back ---- */

/* How many bytes follow `lead`, and the bounds of the first of them; -1 where no character begins so. */
static int followers(unsigned char lead, unsigned char *low, unsigned char *high)
{
    *low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    *high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
    if (lead < 0x80)
        return 0;
    if (lead < 0xC2 || lead > 0xF4)
        return -1;
    return lead < 0xE0 ? 1 : lead < 0xF0 ? 2 : 3;
}

/* One U+FFFD for each longest beginning of a character that is cut short. */
static str decoded_lossily(struct arena *arena, str bytes)
{
    AUTO(text_done) struct text out = { 0 };
    for (size_t i = 0; i < bytes.n;) {
        unsigned char low, high;
        const int more = followers((unsigned char)bytes.p[i], &low, &high);
        size_t    end = i + 1;
        for (int k = 0; k < more && end < bytes.n; k++, end++) {
            const unsigned char c = (unsigned char)bytes.p[end];
            if (c < low || c > high)
                break;
            low = 0x80, high = 0xBF;
        }
        const bool whole = more >= 0 && end == i + 1 + (size_t)more;
        text_add(&out, whole ? (str){ bytes.p + i, end - i } : S("\xEF\xBF\xBD"));
        i = end;
    }
    return arena_copy(arena, text_str(&out));
}

static str derived(struct arena *arena, str key, str text, enum acs4_keys keys)
{
    const str next = hmac_sha256(arena, key, text);
    return keys == ACS4_KEYS_DECODED ? decoded_lossily(arena, next) : next;
}

str acs4_signature(struct arena *arena, const struct acs_request *request, const struct acs4 *given, str secret,
                   enum acs4_keys keys)
{
    const str digest = hex_lower(arena, sha256(arena, acs4_text(arena, request, given->signed_headers)));
    const str text = arena_print(arena, "ACS4-HMAC-SHA256\n%.*s", STR_ARG(digest));
    str key = arena_print(arena, "aliyun_v4%.*s", STR_ARG(secret));
    key = derived(arena, key, given->date, keys);
    key = derived(arena, key, given->region, keys);
    key = derived(arena, key, S("pds"), keys);
    key = derived(arena, key, S("aliyun_v4_request"), keys);
    return hex_lower(arena, hmac_sha256(arena, key, text));
}
