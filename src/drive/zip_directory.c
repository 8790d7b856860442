#include "drive/zip_directory.h"

#include "base/names.h"

enum {
    END_BYTES = 22, END64_BYTES = 56, LOCATOR_BYTES = 20, RECORD_BYTES = 46, HEADER_BYTES = 30,
    TAIL = 16 * 1024,         /* as far from the end as libarchive looks for it */
    WINDOW = 3 * UINT16_MAX,  /* the longest record, and more */
    RECORD_MEAN_MAX = 1024,   /* bytes of a record, on the average of many */
};
enum { FLAG_ENCRYPTED = 1, FLAG_PATCH = 1 << 5, FLAG_STRONG = 1 << 6, FLAG_UTF8 = 1 << 11, FLAG_MASKED = 1 << 13 };
enum { METHOD_STORED = 0, METHOD_DEFLATED = 8, METHOD_AES = 99 };
enum { EXTRA_ZIP64 = 1, EXTRA_AES = 0x9901 };

struct directory {
    struct reader *reader;
    int64_t        at, end, entries; /* the directory, and how many it says there are */
    int64_t        packed;           /* bytes of all entries so far */
    char          *window;           /* WINDOW bytes of the directory from window_at */
    int64_t        window_at;
    size_t         window_n;
    char          *header;           /* an entry's own, with name and extra fields */
};

struct record {
    unsigned flags, method;
    uint64_t packed, size, header_at;
    str      name, extra;
};

static unsigned le16(const char *p)
{
    return (unsigned)(unsigned char)p[0] | (unsigned)(unsigned char)p[1] << 8;
}

static uint64_t le32(const char *p)
{
    return le16(p) | (uint64_t)le16(p + 2) << 16;
}

static uint64_t le64(const char *p)
{
    return le32(p) | le32(p + 4) << 32;
}

static enum fault damaged(struct cx *cx, const char *because)
{
    return fail(cx, FAULT_MISMATCH, .thing = THING_NODE, .because = because);
}

static enum fault read_all(struct cx *cx, struct reader *reader, int64_t at, char *to, size_t n)
{
    size_t got;
    TRY(reader_read(cx, reader, at, to, n, &got));
    return got == n ? OK : damaged(cx, "the ZIP ends too early");
}

/* ---- where the directory is ---- */

/* The record of ZIP64, whose place a locator before the end names. */
static enum fault find_64(struct cx *cx, struct directory *d, const char *locator, int64_t locator_at)
{
    char           record[END64_BYTES];
    const uint64_t at = le64(locator + 8);
    if (le32(locator + 4) || le32(locator + 16) > 1)
        return fail(cx, FAULT_UNSUPPORTED, .thing = THING_NODE, .because = "a ZIP in several pieces");
    if (at > (uint64_t)locator_at || (uint64_t)locator_at - at < END64_BYTES)
        return damaged(cx, "its ZIP64 record is not where it should be");
    TRY(read_all(cx, d->reader, (int64_t)at, record, sizeof record));
    if (memcmp(record, "PK\6\6", 4) != 0 || le64(record + 4) != (uint64_t)locator_at - at - 12
        || le64(record + 24) != le64(record + 32) || le32(record + 16) || le32(record + 20))
        return damaged(cx, "its ZIP64 record is not one");
    const uint64_t entries = le64(record + 32), size = le64(record + 40), from = le64(record + 48);
    if (size > at || from != at - size || entries > size / RECORD_BYTES)
        return damaged(cx, "its directory is not where it should be");
    *d = (struct directory){ .reader = d->reader, .at = (int64_t)from, .end = (int64_t)at, .entries = (int64_t)entries };
    return OK;
}

static enum fault read_end(struct cx *cx, struct directory *d, const char *tail, size_t i, int64_t at)
{
    const char    *end = tail + i;
    const uint64_t entries = le16(end + 10), size = le32(end + 12), from = le32(end + 16);
    if (i >= LOCATOR_BYTES && memcmp(end - LOCATOR_BYTES, "PK\6\7", 4) == 0)
        return find_64(cx, d, end - LOCATOR_BYTES, at - LOCATOR_BYTES);
    if (le16(end + 4) || le16(end + 6) || le16(end + 8) != entries)
        return fail(cx, FAULT_UNSUPPORTED, .thing = THING_NODE, .because = "a ZIP in several pieces");
    if (size > (uint64_t)at || from != (uint64_t)at - size || entries > size / RECORD_BYTES)
        return damaged(cx, "its directory is not where it should be");
    d->at = (int64_t)from;
    d->end = at;
    d->entries = (int64_t)entries;
    return OK;
}

/* The last record of an end must end the file: what else could be one is in some comment, and two readers might
 * not choose the same. */
static enum fault find_directory(struct cx *cx, struct directory *d)
{
    const int64_t size = reader_size(d->reader);
    const size_t  n = size < TAIL ? (size_t)size : TAIL;
    char         *tail = arena_make(cx->arena, TAIL);
    if (size < END_BYTES)
        return damaged(cx, "it is too short for a ZIP");
    TRY(read_all(cx, d->reader, size - (int64_t)n, tail, n));
    for (size_t i = n - END_BYTES + 1; i-- > 0;)
        if (memcmp(tail + i, "PK\5\6", 4) == 0) {
            if (le16(tail + i + 20) != n - i - END_BYTES)
                return damaged(cx, "its end is not the end of the file");
            return read_end(cx, d, tail, i, size - (int64_t)(n - i));
        }
    return damaged(cx, "it is no ZIP");
}

/* ---- its records ---- */

/* `n` bytes of the directory at its place; they hold until the next call. */
static enum fault look(struct cx *cx, struct directory *d, size_t n, const char **out)
{
    if ((int64_t)n > d->end - d->at)
        return damaged(cx, "its directory ends amid an entry");
    if (d->at < d->window_at || d->at + (int64_t)n > d->window_at + (int64_t)d->window_n) {
        const int64_t left = d->end - d->at;
        d->window_n = left < WINDOW ? (size_t)left : WINDOW;
        d->window_at = d->at;
        TRY(read_all(cx, d->reader, d->at, d->window, d->window_n));
    }
    *out = d->window + (d->at - d->window_at);
    return OK;
}

/* The body of an extra field; S0 when there is none. */
static str extra_of(str extra, unsigned kind)
{
    while (extra.n >= 4) {
        const size_t n = le16(extra.p + 2);
        if (n > extra.n - 4)
            return S0;
        if (le16(extra.p) == kind)
            return (str){ extra.p + 4, n };
        extra = str_from(extra, 4 + n);
    }
    return S0;
}

/* Values that do not fit into 32 bits stand in the extra field, in this order. */
static bool take_64(str *more, uint64_t *value)
{
    if (*value != UINT32_MAX)
        return true;
    if (more->n < 8)
        return false;
    *value = le64(more->p);
    *more = str_from(*more, 8);
    return true;
}

static enum fault read_record(struct cx *cx, struct directory *d, struct record *out)
{
    const char *p;
    TRY(look(cx, d, RECORD_BYTES, &p));
    const size_t name = le16(p + 28), extra = le16(p + 30), comment = le16(p + 32);
    if (memcmp(p, "PK\1\2", 4) != 0)
        return damaged(cx, "its directory holds something else");
    if (le16(p + 34))
        return fail(cx, FAULT_UNSUPPORTED, .thing = THING_NODE, .because = "a ZIP in several pieces");
    TRY(look(cx, d, RECORD_BYTES + name + extra + comment, &p));
    *out = (struct record){ .flags = le16(p + 8), .method = le16(p + 10), .packed = le32(p + 20), .size = le32(p + 24),
                            .header_at = le32(p + 42), .name = { p + RECORD_BYTES, name },
                            .extra = { p + RECORD_BYTES + name, extra } };
    d->at += (int64_t)(RECORD_BYTES + name + extra + comment);
    str more = extra_of(out->extra, EXTRA_ZIP64);
    return take_64(&more, &out->size) && take_64(&more, &out->packed) && take_64(&more, &out->header_at)
               ? OK : damaged(cx, "an entry's sizes are missing");
}

static enum fault check_name(struct cx *cx, const struct record *record)
{
    const str name = record->name;
    if (!name.n)
        return fail(cx, FAULT_INVALID, .thing = THING_NODE, .because = "an entry without a name");
    if (name.n > ZIP_NAME_MAX)
        return fail(cx, FAULT_INVALID, .thing = THING_NODE, .max = ZIP_NAME_MAX, .because = "an entry's name is too long");
    for (size_t i = 0; i < name.n; i++)
        if ((unsigned char)name.p[i] < 0x20 || name.p[i] == 0x7F)
            return fail(cx, FAULT_INVALID, .thing = THING_NODE, .because = "an entry's name has control characters");
    if (record->flags & FLAG_UTF8 && !utf8_valid(name))
        return fail(cx, FAULT_INVALID, .thing = THING_NODE, .because = "an entry's name is said to be UTF-8 and is not");
    return OK;
}

/* What is inside AES says its extra field. */
static enum fault check_method(struct cx *cx, unsigned flags, unsigned method, str extra)
{
    if (method == METHOD_AES) {
        const str aes = extra_of(extra, EXTRA_AES);
        if (aes.n < 7 || !(flags & FLAG_ENCRYPTED))
            return damaged(cx, "an encrypted entry does not say how");
        method = le16(aes.p + 5);
    }
    if (flags & (FLAG_PATCH | FLAG_STRONG | FLAG_MASKED))
        return fail(cx, FAULT_UNSUPPORTED, .thing = THING_NODE, .because = "a kind of ZIP that is not served");
    if (method != METHOD_STORED && method != METHOD_DEFLATED)
        return fail(cx, FAULT_UNSUPPORTED, .thing = THING_NODE, .because = "entries are stored or deflated, no other way");
    return OK;
}

/* The entry's own header must say the same: it is what will be believed. */
static enum fault check_header(struct cx *cx, struct directory *d, const struct record *record, int64_t begins)
{
    char *p = d->header;
    if (record->header_at > (uint64_t)begins || (uint64_t)begins - record->header_at < HEADER_BYTES + record->name.n)
        return damaged(cx, "an entry does not stand before the directory");
    const int64_t at = (int64_t)record->header_at;
    TRY(read_all(cx, d->reader, at, p, HEADER_BYTES + record->name.n));
    const size_t   name = le16(p + 26), extra = le16(p + 28), head = HEADER_BYTES + name + extra;
    const unsigned differs = (le16(p + 6) ^ record->flags) & (FLAG_ENCRYPTED | FLAG_UTF8 | FLAG_STRONG | FLAG_MASKED);
    if (memcmp(p, "PK\3\4", 4) != 0 || differs || le16(p + 8) != record->method
        || !str_eq((str){ p + HEADER_BYTES, name }, record->name))
        return damaged(cx, "an entry is another one than the directory says");
    if ((uint64_t)(begins - at) < head || record->packed > (uint64_t)(begins - at) - head)
        return damaged(cx, "an entry reaches into the directory");
    TRY(read_all(cx, d->reader, at + HEADER_BYTES, p + HEADER_BYTES, name + extra));
    d->packed += (int64_t)(head + record->packed);
    return check_method(cx, record->flags, record->method, (str){ p + HEADER_BYTES + name, extra });
}

enum fault zip_directory_check(struct cx *cx, struct reader *reader, int64_t entries_max, int64_t *entries)
{
    struct directory d = { .reader = reader };
    struct record    record;
    TRY(find_directory(cx, &d));
    const int64_t begins = d.at;
    if (d.entries > entries_max || d.end - d.at > (entries_max + 1) * RECORD_MEAN_MAX)
        return fail(cx, FAULT_TOO_LARGE, .thing = THING_NODE, .max = entries_max, .because = "too many entries");
    d.window = arena_make(cx->arena, WINDOW);
    d.header = arena_make(cx->arena, HEADER_BYTES + 2 * UINT16_MAX);
    for (int64_t i = 0; i < d.entries; i++) {
        TRY(read_record(cx, &d, &record));
        TRY(check_name(cx, &record));
        TRY(check_method(cx, record.flags, record.method, record.extra));
        TRY(check_header(cx, &d, &record, begins));
        if (d.packed > begins)
            return damaged(cx, "its entries lie over each other");
    }
    if (d.at != d.end)
        return damaged(cx, "its directory has more than it says");
    *entries = d.entries;
    return OK;
}
