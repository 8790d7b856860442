/* ZIPs from outside: whatever they are, what comes out has paths that stay below a folder, and as many bytes as it said.
 * The first byte tells whether there is a password. */
#include <stdlib.h>

#include "drive/node.h"
#include "drive/unpacker.h"

enum { ENTRIES_MAX = 1000, BYTES_MAX = 1 << 20 };

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void check_path(struct cx *cx, const struct unpack_entry *entry)
{
    int parts = 0;
    for (size_t at = 0; at < entry->path.n; parts++) {
        const size_t end = str_find(entry->path, '/', at);
        if (node_check_name(cx, (str){ entry->path.p + at, end - at }, "name") != OK)
            abort();
        at = end + 1;
    }
    if (entry->path.n && (entry->path.p[entry->path.n - 1] == '/' || memchr(entry->path.p, '\\', entry->path.n)))
        abort();
    if (entry->levels != (parts ? parts - 1 : 0) || entry->size < 0 || (entry->is_folder && entry->size))
        abort();
}

/* What is too long for a round is left alone, as by who has chosen other entries. */
static void read_all(struct cx *cx, struct unpacker *u, const struct unpack_entry *entry)
{
    str     piece = S0;
    int64_t got = 0;
    do {
        if (unpacker_read(cx, u, &piece) != OK)
            return;
        got += (int64_t)piece.n;
    } while (piece.n && got < BYTES_MAX);
    if (got > entry->size || (!piece.n && got != entry->size))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    AUTO(arena_free) struct arena *arena = arena_new();
    AUTO(unpacker_free) struct unpacker *u = NULL;
    struct cx           cx = { .arena = arena };
    struct unpack_entry entry;
    bool                any = true;
    int64_t             count = 0;
    if (!n)
        return 0;
    struct reader *reader = reader_of((str){ (const char *)bytes + 1, n - 1 });
    if (unpacker_open_reader(&cx, reader, ENTRIES_MAX, bytes[0] & 1 ? S("password") : S0, &u) != OK)
        return 0;
    if (unpacker_entries(u) > ENTRIES_MAX)
        abort();
    for (;; count++) {
        if (unpacker_next(&cx, u, &entry, &any) != OK)
            return 0;
        if (!any)
            break;
        check_path(&cx, &entry);
        if (!entry.is_folder && !entry.is_special)
            read_all(&cx, u, &entry);
    }
    return count == unpacker_entries(u) ? 0 : (abort(), 0);
}
