/* Cursors from outside: nothing is accepted but what was made here, for this list, byte for byte. */
#include <assert.h>

#include "base/clock.h"
#include "drive/caller.h"
#include "drive/cursor.h"
#include "drive/site.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

/* The first byte says how: raw text; or a genuine cursor for the rest, with one byte of it changed. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    const struct site site = { .cursor_key = S("0123456789abcdef0123456789abcdef"), .domain.epoch = S("e") };
    struct caller     caller = { .user = { 7 } };
    AUTO(arena_free) struct arena *arena = arena_new();
    struct cx cx = { .arena = arena, .site = &site, .caller = &caller };
    str       position;
    if (n < 4)
        return 0;
    const str rest = { (const char *)bytes + 3, n - 3 };
    const str made = cursor_make(&cx, S("list"), str_cut(rest, 300));
    if (bytes[0] & 1) {
        assert(cursor_read(&cx, "marker", S("list"), made, &position) == OK && str_eq(position, str_cut(rest, 300)));
        assert(cursor_read(&cx, "marker", S("lisu"), made, &position) == FAULT_INVALID);
        str altered = arena_copy(arena, made);
        ((char *)altered.p)[bytes[1] % altered.n] = (char)bytes[2];
        const enum fault fault = cursor_read(&cx, "marker", S("list"), altered, &position);
        assert(str_eq(altered, made) ? fault == OK : fault == FAULT_INVALID);
        return 0;
    }
    if (cursor_read(&cx, "marker", S("list"), rest, &position) == OK)
        assert(str_eq(rest, cursor_make(&cx, S("list"), position)));
    return 0;
}
