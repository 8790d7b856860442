#include "drive/zips.h"

#include <archive.h>
#include <archive_entry.h>
#include <stdlib.h>

#include "base/text.h"
#include "test.h"

static void put(struct text *to, uint64_t value, int bytes)
{
    for (int i = 0; i < bytes; i++, value >>= 8)
        text_char(to, (char)(value & 0xFF));
}

static uint32_t crc_step(uint32_t crc, unsigned char byte)
{
    crc ^= byte;
    for (int i = 0; i < 8; i++)
        crc = crc >> 1 ^ (crc & 1 ? 0xEDB88320U : 0);
    return crc;
}

static uint32_t crc_of(str bytes)
{
    uint32_t crc = UINT32_MAX;
    for (size_t i = 0; i < bytes.n; i++)
        crc = crc_step(crc, (unsigned char)bytes.p[i]);
    return ~crc;
}

/* ---- the traditional encryption ---- */

struct keys {
    uint32_t k[3];
};

static void keys_take(struct keys *keys, unsigned char byte)
{
    keys->k[0] = crc_step(keys->k[0], byte);
    keys->k[1] = (uint32_t)((keys->k[1] + (keys->k[0] & 0xFF)) * UINT64_C(134775813) + 1);
    keys->k[2] = crc_step(keys->k[2], (unsigned char)(keys->k[1] >> 24));
}

static char encrypt_byte(struct keys *keys, unsigned char byte)
{
    const uint32_t t = (keys->k[2] & 0xFFFF) | 2;
    const unsigned char key = (unsigned char)((t * (t ^ 1) & 0xFFFF) >> 8);
    keys_take(keys, byte);
    return (char)(byte ^ key);
}

static str encrypted(struct arena *arena, str bytes, str password, uint32_t crc)
{
    struct keys keys = { { 0x12345678, 0x23456789, 0x34567890 } };
    char       *out = arena_make(arena, bytes.n + 12);
    for (size_t i = 0; i < password.n; i++)
        keys_take(&keys, (unsigned char)password.p[i]);
    for (size_t i = 0; i < 12; i++)
        out[i] = encrypt_byte(&keys, i < 11 ? (unsigned char)(i * 37) : (unsigned char)(crc >> 24));
    for (size_t i = 0; i < bytes.n; i++)
        out[12 + i] = encrypt_byte(&keys, (unsigned char)bytes.p[i]);
    return (str){ out, bytes.n + 12 };
}

/* ---- the archive ---- */

/* What header and record have in common, from the version on. */
static void put_common(struct text *to, const struct zip_entry *e, unsigned method, str stored, uint32_t crc, size_t name_n)
{
    put(to, 20, 2);
    put(to, e->flags | (e->password.n ? ZIP_ENCRYPTED : 0), 2);
    put(to, method, 2);
    put(to, 0x6000, 2); /* 12:00:00 */
    put(to, 0x5821, 2); /* 2024-01-01 */
    put(to, crc, 4);
    put(to, stored.n, 4);
    put(to, e->size ? (uint64_t)e->size : e->bytes.n, 4);
    put(to, name_n, 2);
    put(to, 0, 2);
}

str zip_of(struct arena *arena, const struct zip_entry *entries, size_t count)
{
    AUTO(text_done) struct text zip = { 0 };
    AUTO(text_done) struct text directory = { 0 };
    size_t *at = ARENA_MANY(arena, size_t, count + 1);
    for (size_t i = 0; i < count; i++) {
        const struct zip_entry *e = &entries[i];
        const uint32_t crc = crc_of(e->bytes) ^ e->wrong_sum;
        const str stored = e->password.n ? encrypted(arena, e->bytes, e->password, crc) : e->bytes;
        const str name = e->other_name.p ? e->other_name : e->name;
        at[i] = zip.n;
        text_add(&zip, S("PK\3\4"));
        put_common(&zip, e, e->method, stored, crc, e->name.n);
        text_add(&zip, e->name);
        text_add(&zip, stored);
        text_add(&directory, S("PK\1\2"));
        put(&directory, e->mode ? 3 << 8 | 20 : 20, 2);
        put_common(&directory, e, e->other_method ? e->other_method : e->method, stored, crc, name.n);
        put(&directory, 0, 6);
        put(&directory, (uint64_t)e->mode << 16, 4);
        put(&directory, at[e->same_as ? e->same_as - 1 : i], 4);
        text_add(&directory, name);
    }
    const size_t begins = zip.n;
    text_add(&zip, text_str(&directory));
    text_add(&zip, S("PK\5\6"));
    put(&zip, 0, 4);
    put(&zip, count, 2);
    put(&zip, count, 2);
    put(&zip, directory.n, 4);
    put(&zip, begins, 4);
    put(&zip, 0, 2);
    return arena_copy(arena, text_str(&zip));
}

str zip_of_many(struct arena *arena, const char *name, char byte, size_t n)
{
    char  *bytes = malloc(n + 1);
    char  *out = malloc(n + 65536);
    size_t used = 0;
    struct archive       *zip = archive_write_new();
    struct archive_entry *entry = archive_entry_new();
    memset(bytes, byte, n);
    CHECK(archive_write_set_format_zip(zip) == ARCHIVE_OK);
    CHECK(archive_write_set_options(zip, "zip:compression=deflate") == ARCHIVE_OK);
    CHECK(archive_write_set_bytes_in_last_block(zip, 1) == ARCHIVE_OK);
    CHECK(archive_write_open_memory(zip, out, n + 65536, &used) == ARCHIVE_OK);
    archive_entry_set_pathname(entry, name);
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_perm(entry, 0644);
    archive_entry_set_size(entry, (la_int64_t)n);
    CHECK(archive_write_header(zip, entry) == ARCHIVE_OK);
    CHECK(archive_write_data(zip, bytes, n) == (la_ssize_t)n);
    CHECK(archive_write_close(zip) == ARCHIVE_OK);
    archive_entry_free(entry);
    archive_write_free(zip);
    const str result = arena_copy(arena, (str){ out, used });
    free(bytes);
    free(out);
    return result;
}

str zip_of_names(struct arena *arena, size_t count)
{
    struct zip_entry *entries = ARENA_MANY(arena, struct zip_entry, count + 1);
    for (size_t i = 0; i < count; i++)
        entries[i] = (struct zip_entry){ .name = arena_print(arena, "n%zu", i + 1), .bytes = S("") };
    return zip_of(arena, entries, count);
}
