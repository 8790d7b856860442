#include "dialect/data/dressing.h"

#include "base/text.h"

/* What may stand in a quoted filename without being read differently by different browsers: no
 * quote, no backslash, no percent (some decode it), no separators of the header or of paths. */
static bool plain(unsigned char c)
{
    return c >= 0x20 && c < 0x7f && c != '"' && c != '\\' && c != '%' && c != ';' && c != '/'
           && c != ':';
}

str disposition(struct arena *arena, str name)
{
    AUTO(text_done) struct text out = { 0 };
    text_add(&out, S("attachment; filename=\""));
    for (size_t i = 0; i < name.n; i++) {
        const unsigned char c = (unsigned char)name.p[i];
        if ((c & 0xc0) == 0x80)
            continue; /* one '_' for a character, not for each of its bytes */
        text_char(&out, plain(c) ? (char)c : '_');
    }
    text_add(&out, S("\"; filename*=UTF-8''"));
    text_percent(&out, name, "");
    return arena_copy(arena, text_str(&out));
}

static bool token_byte(unsigned char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
           || (c && strchr("!#$&^_.+-", c));
}

str safe_media_type(str media_type)
{
    const str plain_bytes = S("application/octet-stream");
    const str type = str_trim(media_type);
    const size_t end = str_find(type, ';', 0), slash = str_find(type, '/', 0);
    if (type.n > 255 || slash == 0 || slash + 1 >= end)
        return plain_bytes;
    for (size_t i = 0; i < type.n; i++) {
        const unsigned char c = (unsigned char)type.p[i];
        if (i < end ? i != slash && !token_byte(c) : c < 0x20 || c >= 0x7f)
            return plain_bytes;
    }
    return type;
}
