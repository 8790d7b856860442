#include "drive/packer.h"

#include <archive.h>
#include <archive_entry.h>
#include <locale.h>
#include <stdlib.h>

#include "base/hash.h"
#include "base/log.h"
#include "base/text.h"
#include "content/content.h"
#include "drive/site.h"
#include "store/store.h"

enum { PRE_BYTES = 1024, SEEN_FIRST = 1024 };

struct packer {
    struct cx      *cx;    /* of the call that is running */
    enum fault      fault; /* what writing met in the callback */
    bool            is_broken; /* nothing more is kept */
    struct archive *zip;
    struct sink    *sink;
    struct hasher  *sha256, *sha1;
    uint64_t        crc64;
    int64_t         size;
    char            pre[PRE_BYTES];
    size_t          pre_n;
    struct text     path;
    uint64_t       *seen; /* hashes of paths, open addressing; 0 is free */
    size_t          seen_count, seen_room;
    locale_t        utf8;
};

/* ---- bytes ---- */

/* libarchive is never told of a failure: it would not free what it holds then. */
static la_ssize_t take(struct archive *zip, void *arg, const void *bytes, size_t n)
{
    struct packer *p = arg;
    const str piece = { bytes, n };
    (void)zip;
    if (!p->is_broken)
        p->fault = content_sink_write(p->cx, p->sink, piece);
    p->is_broken = p->is_broken || p->fault != OK;
    if (p->is_broken)
        return (la_ssize_t)n;
    const size_t head = PRE_BYTES - p->pre_n < n ? PRE_BYTES - p->pre_n : n;
    memcpy(p->pre + p->pre_n, bytes, head);
    p->pre_n += head;
    hasher_add(p->sha256, piece);
    hasher_add(p->sha1, piece);
    p->crc64 = crc64(p->crc64, piece);
    p->size += (int64_t)n;
    return (la_ssize_t)n;
}

/* libarchive takes names by the locale of its thread. */
static locale_t enter(struct cx *cx, struct packer *p)
{
    p->cx = cx;
    p->fault = OK;
    return uselocale(p->utf8);
}

static enum fault leave(struct cx *cx, struct packer *p, locale_t before, int result)
{
    uselocale(before);
    if (p->fault != OK)
        return p->fault;
    if (result == ARCHIVE_OK && !p->is_broken)
        return OK;
    log_line(LOG_ERROR, "cannot write a ZIP", LOG_PAIRS({ "error", str_of(p->is_broken ? "a piece of it is lost"
                                                                                    : archive_error_string(p->zip)) }));
    return fail(cx, FAULT_INTERNAL, .because = "the ZIP cannot be written");
}

enum fault packer_open(struct cx *cx, struct packer **out)
{
    struct packer *p = calloc(1, sizeof *p);
    *out = p;
    if (!p || !(p->seen = calloc(SEEN_FIRST, sizeof *p->seen)) || !(p->zip = archive_write_new()))
        log_die("out of memory");
    p->seen_room = SEEN_FIRST;
    p->sha256 = hasher_new(DIGEST_SHA256);
    p->sha1 = hasher_new(DIGEST_SHA1);
    p->utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
    if (!p->utf8)
        return fail(cx, FAULT_INTERNAL, .because = "the system has no locale C.UTF-8");
    TRY(content_sink_open(cx, cx->site->content, &p->sink));
    const locale_t before = enter(cx, p);
    int result = archive_write_set_format_zip(p->zip);
    if (result == ARCHIVE_OK)
        result = archive_write_set_options(p->zip, "zip:compression=store,zip:hdrcharset=UTF-8");
    if (result == ARCHIVE_OK)
        result = archive_write_set_bytes_in_last_block(p->zip, 1);
    if (result == ARCHIVE_OK)
        result = archive_write_open(p->zip, p, NULL, take, NULL);
    return leave(cx, p, before, result);
}

void packer_free(struct packer **packer)
{
    struct packer *p = *packer;
    if (!p)
        return;
    p->is_broken = true;
    if (p->zip)
        archive_write_free(p->zip);
    content_sink_drop(&p->sink);
    hasher_free(&p->sha256);
    hasher_free(&p->sha1);
    text_done(&p->path);
    if (p->utf8)
        freelocale(p->utf8);
    free(p->seen);
    free(p);
    *packer = NULL;
}

/* ---- names ---- */

static uint64_t hash_of(str path)
{
    uint64_t h = UINT64_C(14695981039346656037);
    for (size_t i = 0; i < path.n; i++)
        h = (h ^ (unsigned char)path.p[i]) * UINT64_C(1099511628211);
    return h ? h : 1;
}

static size_t slot_of(const uint64_t *seen, size_t room, uint64_t hash)
{
    size_t at = hash % room;
    while (seen[at] && seen[at] != hash)
        at = (at + 1) % room;
    return at;
}

static void grow(struct packer *p)
{
    const size_t room = p->seen_room * 2;
    uint64_t    *seen = calloc(room, sizeof *seen);
    if (!seen)
        log_die("out of memory");
    for (size_t i = 0; i < p->seen_room; i++)
        if (p->seen[i])
            seen[slot_of(seen, room, p->seen[i])] = p->seen[i];
    free(p->seen);
    p->seen = seen;
    p->seen_room = room;
}

/* True where no entry has this path yet: now one has. Two paths of one hash count as one: the second then gets
 * a number without need. */
static bool claim(struct packer *p, str path)
{
    const uint64_t hash = hash_of(path);
    if (p->seen_count * 2 >= p->seen_room)
        grow(p);
    const size_t at = slot_of(p->seen, p->seen_room, hash);
    if (p->seen[at])
        return false;
    p->seen[at] = hash;
    p->seen_count++;
    return true;
}

/* a/b.txt, a/b (2).txt, a/b (3).txt. What some program takes for a separator or a drive becomes a '_'. */
static void settle_path(struct packer *p, str wanted)
{
    const bool   folder = wanted.n && wanted.p[wanted.n - 1] == '/';
    const str    path = folder ? str_cut(wanted, wanted.n - 1) : wanted;
    size_t       dot = path.n;
    for (size_t i = path.n; !folder && i > 1 && path.p[i - 1] != '/'; i--)
        if (path.p[i - 1] == '.' && path.p[i - 2] != '/') {
            dot = i - 1;
            break;
        }
    int copy = 0;
    do {
        p->path.n = 0;
        text_add(&p->path, str_cut(path, dot));
        if (++copy > 1)
            text_print(&p->path, " (%d)", copy);
        text_add(&p->path, str_from(path, dot));
        for (size_t i = 0; i < p->path.n; i++)
            if (p->path.p[i] == '\\' || p->path.p[i] == ':')
                p->path.p[i] = '_';
    } while (!claim(p, text_str(&p->path)));
    if (folder)
        text_char(&p->path, '/');
}

/* ---- entries ---- */

enum fault packer_entry(struct cx *cx, struct packer *p, str path, int64_t size, instant modified, str *used)
{
    settle_path(p, path);
    *used = text_str(&p->path);
    const bool     folder = used->p[used->n - 1] == '/';
    const locale_t before = enter(cx, p);
    struct archive_entry *entry = archive_entry_new();
    if (!entry)
        log_die("out of memory");
    archive_entry_copy_pathname(entry, arena_z(cx->arena, *used));
    archive_entry_set_filetype(entry, folder ? AE_IFDIR : AE_IFREG);
    archive_entry_set_perm(entry, folder ? 0755 : 0644);
    archive_entry_set_size(entry, folder ? 0 : size);
    archive_entry_set_mtime(entry, (time_t)(modified.ms / 1000), 0);
    const int result = archive_write_header(p->zip, entry);
    archive_entry_free(entry);
    return leave(cx, p, before, result);
}

enum fault packer_add(struct cx *cx, struct packer *p, str piece)
{
    const locale_t   before = enter(cx, p);
    const la_ssize_t put = archive_write_data(p->zip, piece.p, piece.n);
    return leave(cx, p, before, put == (la_ssize_t)piece.n ? ARCHIVE_OK : ARCHIVE_FATAL);
}

enum fault packer_end(struct cx *cx, struct packer *p, struct content_record *out, struct part *part)
{
    char *digests = arena_make(cx->arena, SHA256_BYTES + SHA1_BYTES);
    const locale_t before = enter(cx, p);
    TRY(leave(cx, p, before, archive_write_close(p->zip)));
    hasher_end(p->sha256, (unsigned char *)digests);
    hasher_end(p->sha1, (unsigned char *)digests + SHA256_BYTES);
    *part = (struct part){ .number = 1, .size = p->size };
    *out = (struct content_record){ .size = p->size, .crc64 = (int64_t)p->crc64, .sha256 = { digests, SHA256_BYTES },
                                    .sha1 = { digests + SHA256_BYTES, SHA1_BYTES },
                                    .pre_sha1 = sha1(cx->arena, (str){ p->pre, p->pre_n }) };
    TRY(store_next_id(cx, &part->chunk));
    return content_sink_keep(cx, &p->sink, part->chunk);
}
