#include "drive/unpacker.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <locale.h>
#include <stdlib.h>
#include <unicode/ucnv.h>

#include "base/log.h"
#include "base/names.h"
#include "base/text.h"
#include "drive/node.h"
#include "drive/zip_directory.h"

enum { BLOCK = 64 * 1024 };

struct unpacker {
    struct cx      *cx;    /* of the call that is running */
    enum fault      fault; /* what reading met in a callback */
    struct reader  *reader;
    struct arena   *names; /* of one entry */
    struct archive *zip;   /* NULL: no entries */
    int64_t         at;    /* where the next block is read */
    int64_t         entries, seen;
    int64_t         size, got; /* of the entry: what it said, what came */
    bool            is_locked, has_password;
    locale_t        utf8;
    char            block[BLOCK], piece[BLOCK];
};

/* ---- what libarchive reads by ---- */

static la_ssize_t give(struct archive *zip, void *arg, const void **block)
{
    struct unpacker *u = arg;
    size_t got = 0;
    u->fault = reader_read(u->cx, u->reader, u->at, u->block, BLOCK, &got);
    if (u->fault != OK) {
        archive_set_error(zip, EIO, "the content cannot be read");
        return -1;
    }
    *block = u->block;
    u->at += (int64_t)got;
    return (la_ssize_t)got;
}

static la_int64_t skip(struct archive *zip, void *arg, la_int64_t n)
{
    struct unpacker *u = arg;
    const int64_t left = reader_size(u->reader) - u->at;
    (void)zip;
    if (n > left)
        n = left;
    u->at += n;
    return n;
}

static la_int64_t seek(struct archive *zip, void *arg, la_int64_t offset, int whence)
{
    struct unpacker *u = arg;
    const int64_t size = reader_size(u->reader);
    const int64_t from = whence == SEEK_END ? size : whence == SEEK_CUR ? u->at : 0;
    if (offset < -from || offset > size - from) {
        archive_set_error(zip, EINVAL, "a place outside of the content");
        return ARCHIVE_FATAL;
    }
    return u->at = from + offset;
}

/* libarchive gives names by the locale of its thread. */
static locale_t enter(struct cx *cx, struct unpacker *u)
{
    u->cx = cx;
    u->fault = OK;
    return uselocale(u->utf8);
}

/* Its warnings are about headers that contradict each other. */
static enum fault leave(struct cx *cx, struct unpacker *u, locale_t before, int result)
{
    uselocale(before);
    if (u->fault != OK)
        return u->fault;
    if (result == ARCHIVE_OK || result == ARCHIVE_EOF)
        return OK;
    log_line(LOG_DEBUG, "a ZIP is not well", LOG_PAIRS({ "error", str_of(archive_error_string(u->zip)) }));
    return fail(cx, FAULT_MISMATCH, .thing = THING_NODE, .because = "the ZIP is damaged");
}

/* ---- its life ---- */

static int open_zip(struct unpacker *u, const char *password)
{
    if (!(u->zip = archive_read_new()))
        log_die("out of memory");
    int result = archive_read_support_format_zip_seekable(u->zip);
    if (result == ARCHIVE_OK && password)
        result = archive_read_add_passphrase(u->zip, password);
    if (result != ARCHIVE_OK)
        return result;
    archive_read_set_read_callback(u->zip, give);
    archive_read_set_skip_callback(u->zip, skip);
    archive_read_set_seek_callback(u->zip, seek);
    archive_read_set_callback_data(u->zip, u);
    return archive_read_open1(u->zip);
}

enum fault unpacker_open_reader(struct cx *cx, struct reader *reader, int64_t entries_max, str password,
                                struct unpacker **out)
{
    struct unpacker *u = calloc(1, sizeof *u);
    *out = u;
    if (!u)
        log_die("out of memory");
    u->reader = reader;
    u->names = arena_new();
    u->utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
    if (!u->utf8)
        return fail(cx, FAULT_INTERNAL, .because = "the system has no locale C.UTF-8");
    TRY(zip_directory_check(cx, u->reader, entries_max, &u->entries));
    if (!u->entries)
        return OK;
    u->has_password = password.n > 0;
    const locale_t before = enter(cx, u);
    return leave(cx, u, before, open_zip(u, u->has_password ? arena_z(cx->arena, password) : NULL));
}

enum fault unpacker_open(struct cx *cx, id content, int64_t entries_max, str password, struct unpacker **out)
{
    struct reader   *reader = NULL;
    const enum fault fault = reader_open(cx, content, &reader);
    if (fault == OK)
        return unpacker_open_reader(cx, reader, entries_max, password, out);
    reader_free(&reader);
    return fault;
}

void unpacker_free(struct unpacker **unpacker)
{
    struct unpacker *u = *unpacker;
    if (!u)
        return;
    if (u->zip)
        archive_read_free(u->zip);
    reader_free(&u->reader);
    arena_free(&u->names);
    if (u->utf8)
        freelocale(u->utf8);
    free(u);
    *unpacker = NULL;
}

int64_t unpacker_entries(const struct unpacker *u)
{
    return u->entries;
}

int64_t unpacker_packed_size(const struct unpacker *u)
{
    return reader_size(u->reader);
}

/* ---- names ---- */

/* S0 where the bytes are not of that charset. A byte becomes one unit of UTF-16 at most, and that three bytes. */
static str converted(struct cx *cx, const char *charset, str name)
{
    UErrorCode  error = U_ZERO_ERROR;
    UChar       wide[ZIP_NAME_MAX + 1];
    char        text[3 * ZIP_NAME_MAX + 1];
    UConverter *from = ucnv_open(charset, &error), *to = ucnv_open("UTF-8", &error);
    int32_t     n = 0;
    if (U_SUCCESS(error) && name.n <= ZIP_NAME_MAX) {
        ucnv_setToUCallBack(from, UCNV_TO_U_CALLBACK_STOP, NULL, NULL, NULL, &error);
        const int32_t units = ucnv_toUChars(from, wide, (int32_t)COUNT(wide), name.p, (int32_t)name.n, &error);
        n = ucnv_fromUChars(to, text, (int32_t)sizeof text, wide, units, &error);
    }
    ucnv_close(from);
    ucnv_close(to);
    return U_SUCCESS(error) && n ? arena_copy(cx->arena, (str){ text, (size_t)n }) : S0;
}

/* The page of the format says CP437 where a name is not told to be UTF-8. Programs of today write UTF-8 all the
 * same, and those of Chinese systems their own charset; CP437 is what is left. */
static str name_decoded(struct cx *cx, str name)
{
    if (utf8_valid(name))
        return name;
    const str chinese = converted(cx, "gb18030", name);
    return chinese.p ? chinese : converted(cx, "ibm-437_P100-1995", name);
}

static enum fault leads_out(struct cx *cx, const char *because)
{
    return fail(cx, FAULT_INVALID, .thing = THING_NODE, .because = because);
}

static bool is_letter(char c)
{
    return (c | 32) >= 'a' && (c | 32) <= 'z';
}

/* Programs of Windows that knew no better wrote backslashes, and those alone; so libarchive reads them, and so does
 * whoever sees them first. Beside slashes they are neither part of a name nor between two. */
static str with_slashes(struct cx *cx, str name)
{
    if (!memchr(name.p, '\\', name.n) || memchr(name.p, '/', name.n))
        return name;
    char *copy = arena_make(cx->arena, name.n);
    for (size_t i = 0; i < name.n; i++)
        copy[i] = name.p[i] == '\\' ? '/' : name.p[i];
    return (str){ copy, name.n };
}

enum fault unpack_path(struct cx *cx, str sent, str *path, int *levels)
{
    const str name = sent.n ? with_slashes(cx, name_decoded(cx, sent)) : S("");
    char     *to = arena_make(cx->arena, name.n + 1);
    size_t    n = 0;
    int       parts = 0;
    if (!name.n || name.n > 3 * ZIP_NAME_MAX || name.p[0] == '/')
        return leads_out(cx, "an entry's name begins at a root, or is none");
    if (memchr(name.p, '\\', name.n))
        return leads_out(cx, "an entry's name has a backslash");
    if (name.n > 1 && is_letter(name.p[0]) && name.p[1] == ':')
        return leads_out(cx, "an entry's name begins with a drive letter");
    for (size_t at = 0; at < name.n;) {
        const size_t end = str_find(name, '/', at);
        const str    part = { name.p + at, end - at };
        at = end + 1;
        if (!part.n || str_eq(part, S(".")))
            continue; /* "a//b" and "./a/b" are where everyone takes them to be */
        if (node_check_name(cx, part, "name") != OK)
            return leads_out(cx, "an entry's name has a part that is no name");
        if (parts++)
            to[n++] = '/';
        memcpy(to + n, part.p, part.n);
        n += part.n;
    }
    *path = (str){ to, n };
    *levels = parts ? parts - 1 : 0;
    return OK;
}

/* ---- entries ---- */

static enum fault describe(struct cx *cx, struct unpacker *u, struct archive_entry *found, struct unpack_entry *out)
{
    const unsigned kind = archive_entry_filetype(found);
    const char    *name = archive_entry_pathname(found);
    *out = (struct unpack_entry){
        .is_folder = kind == AE_IFDIR, .is_special = kind != AE_IFDIR && kind != AE_IFREG,
        .is_locked = archive_entry_is_data_encrypted(found) == 1,
        .size = kind == AE_IFREG ? archive_entry_size(found) : 0,
    };
    if (archive_entry_mtime_is_set(found) && archive_entry_mtime(found) > 0)
        out->modified = (instant){ (int64_t)archive_entry_mtime(found) * 1000 };
    if (!name || out->size < 0 || (kind == AE_IFREG && !archive_entry_size_is_set(found)) || archive_entry_hardlink(found))
        return fail(cx, FAULT_MISMATCH, .thing = THING_NODE, .because = "an entry does not say what it is");
    u->size = out->size;
    u->got = 0;
    u->is_locked = out->is_locked;
    struct cx names = *cx;
    names.arena = u->names;
    arena_reset(u->names);
    const enum fault fault = unpack_path(&names, str_of(name), &out->path, &out->levels);
    cx->why = names.why;
    return fault;
}

enum fault unpacker_next(struct cx *cx, struct unpacker *u, struct unpack_entry *entry, bool *any)
{
    struct archive_entry *found = NULL;
    *any = false;
    if (!u->zip)
        return OK;
    const locale_t before = enter(cx, u);
    const int      result = archive_read_next_header(u->zip, &found);
    enum fault     fault = OK;
    if (result == ARCHIVE_OK)
        fault = describe(cx, u, found, entry);
    TRY(leave(cx, u, before, result));
    TRY(fault);
    *any = result == ARCHIVE_OK;
    u->seen += *any;
    if (!*any && u->seen != u->entries)
        return fail(cx, FAULT_MISMATCH, .thing = THING_NODE, .because = "the ZIP has fewer entries than it says");
    return OK;
}

enum fault unpacker_read(struct cx *cx, struct unpacker *u, str *piece)
{
    const locale_t   before = enter(cx, u);
    const la_ssize_t got = archive_read_data(u->zip, u->piece, BLOCK);
    enum fault       fault = leave(cx, u, before, got < 0 ? ARCHIVE_FATAL : ARCHIVE_OK);
    if (fault == FAULT_MISMATCH && u->is_locked)
        return fail(cx, FAULT_INVALID, .field = "password",
                    .because = u->has_password ? "the password does not open it" : "it needs a password");
    TRY(fault);
    u->got += got;
    if (u->got > u->size || (got == 0 && u->got != u->size))
        return fail(cx, FAULT_MISMATCH, .thing = THING_NODE, .because = "an entry is not as long as it says");
    *piece = (str){ u->piece, (size_t)got };
    return OK;
}
