/* Signed URLs from outside: nothing is accepted but what was made here, byte for byte. */
#include <assert.h>

#include "drive/link.h"
#include "drive/site.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

/* The first byte says how: a raw query; or a genuine URL about the rest, with one byte of it changed. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    const struct site site = { .sign_key = S("0123456789abcdef0123456789abcdef") };
    struct caller     caller = { .user = { 7 } };
    AUTO(arena_free) struct arena *arena = arena_new();
    struct cx   cx = { .arena = arena, .site = &site, .caller = &caller, .base_url = S(""), .now = { 1000 } };
    struct link out;
    if (n < 4)
        return 0;
    const str  rest = { (const char *)bytes + 4, n - 4 };
    const str  path = bytes[3] & 1 ? S("/data/upload") : S("/data/download");
    const bool genuine = bytes[0] & 1;
    const struct link want = { .kind = bytes[3] & 1 ? LINK_UPLOAD : LINK_DOWNLOAD, .dialect = LINK_PDS, .drive = { 1 },
                               .node = { 2 }, .part = bytes[3], .expires = { 2000 }, .file_name = str_cut(rest, 1000) };
    const str url = link_url(&cx, &want), query = str_from(url, path.n + 1);
    assert(link_read(&cx, path, query, &out) == OK && str_eq(out.file_name, want.file_name));
    str tried = rest;
    if (genuine) {
        tried = arena_copy(arena, query);
        ((char *)tried.p)[(bytes[1] << 8 | bytes[2]) % tried.n] = bytes[3] ? (char)bytes[3] : 'a';
    }
    if (!str_eq(tried, query))
        assert(link_read(&cx, path, tried, &out) != OK);
    return 0;
}
