#include "drive/check.h"

#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/hash.h"
#include "content/content.h"
#include "drive/site.h"
#include "store/audit.h"
#include "store/search.h"
#include "store/store.h"
#include "store/uploads.h"

struct checker {
    const struct check_options *options;
    check_found                *found;
    void                       *arg;
};

static const struct {
    const char *invariant, *sentence; /* the sentence prints a finding's three numbers */
} audits[AUDIT_COUNT] = {
    [AUDIT_PARENT] = { "I1", "drive %lld: node %lld stands in %lld, which is not a folder there" },
    [AUDIT_UNREACHED] = { "I1", "drive %lld: of %lld nodes %lld are reached from the root and the bin" },
    [AUDIT_NAMES] = { "I2", "drive %lld: in folder %lld a name stands %lld times" },
    [AUDIT_CONTENT] = { "I3", "drive %lld: file %lld has content %lld, which is not there or of another size" },
    [AUDIT_EXTENTS] = { "I3", "content %lld has %lld bytes, its chunks %lld" },
    [AUDIT_REFERENCES] = { "I4", "content %lld is counted %lld times and used %lld times" },
    [AUDIT_UPLOADS] = { "I5", "upload %lld of drive %lld is past its end (%lld)" },
    [AUDIT_USED] = { "I6", "drive %lld: used is %lld, the files make %lld" },
    [AUDIT_SHARES] = { "I8", "share %lld: its drive %lld or its maker %lld is not there" },
    [AUDIT_RESERVED] = { "I6", "drive %lld: reserved is %lld, the open uploads make %lld" },
    [AUDIT_GRANTS] = { "I8", "drive %lld: something on node %lld is granted to %lld, and one of them is not there" },
    [AUDIT_CHARGED] = { "I6", "domain %lld: charged are %lld bytes, its drives make %lld" },
    [AUDIT_PEOPLE] = { "I6", "domain %lld: %lld users are counted and %lld are there" },
    [AUDIT_MEMBERS] = { "I8", "group %lld: its member %lld is not there, or the group is not" },
};

static enum fault check_rows(struct cx *cx, const struct checker *c)
{
    const instant before = { cx->now.ms - cx->site->grace_ms };
    for (int i = 0; i < AUDIT_COUNT; i++) {
        struct list findings;
        TRY(store_audit(cx, (enum audit)i, before, &findings));
        const struct finding *f = findings.items;
        for (size_t k = 0; k < findings.count; k++) {
            char text[256];
            const char *const form = audits[i].sentence;
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
            const int n = snprintf(text, sizeof text, form, (long long)f[k].a, (long long)f[k].b, (long long)f[k].c);
#pragma GCC diagnostic pop
            c->found(c->arg, audits[i].invariant, (str){ text, (size_t)n });
        }
    }
    return OK;
}

static void tell_chunk(struct cx *cx, const struct checker *c, const char *invariant, id chunk, const char *what)
{
    c->found(c->arg, invariant, arena_print(cx->arena, "chunk %lld %s", (long long)chunk.v, what));
}

static bool same_digest(struct cx *cx, int fd, str expected)
{
    AUTO(hasher_free) struct hasher *hasher = hasher_new(DIGEST_SHA256);
    unsigned char digest[SHA256_BYTES];
    char          piece[64 * 1024];
    ssize_t       got;
    (void)cx;
    while ((got = read(fd, piece, sizeof piece)) != 0) {
        if (got < 0 && errno != EINTR)
            return false;
        if (got > 0)
            hasher_add(hasher, (str){ piece, (size_t)got });
    }
    hasher_end(hasher, digest);
    return str_eq((str){ (char *)digest, sizeof digest }, expected);
}

static void check_file(struct cx *cx, const struct checker *c, const struct chunk *chunk)
{
    struct stat at;
    int         fd;
    if (content_read_open(cx, cx->site->content, chunk->id, &fd) != OK) {
        tell_chunk(cx, c, "I3", chunk->id, "is not stored");
        return;
    }
    if (fstat(fd, &at) || at.st_size != chunk->size)
        tell_chunk(cx, c, "I3", chunk->id, "is stored with another size");
    else if (c->options->content && !same_digest(cx, fd, chunk->sha256))
        tell_chunk(cx, c, "I3", chunk->id, "has other bytes than were received");
    close(fd);
}

static enum fault check_stored(struct cx *cx, const struct checker *c, const struct chunk *chunk)
{
    str bytes;
    TRY(store_chunk_bytes(cx, chunk->id, &bytes));
    if ((int64_t)bytes.n != chunk->size)
        tell_chunk(cx, c, "I3", chunk->id, "is stored with another size");
    else if (c->options->content && !str_eq(sha256(cx->arena, bytes), chunk->sha256))
        tell_chunk(cx, c, "I3", chunk->id, "has other bytes than were received");
    return OK;
}

static enum fault check_chunks(struct cx *cx, const struct checker *c)
{
    id         after = ID_NONE;
    enum fault fault = OK;
    for (bool more = true; more && fault == OK;) {
        AUTO(arena_free) struct arena *arena = arena_new();
        struct arena *outer = cx->arena;
        struct list   chunks;
        cx->arena = arena; /* bounded memory, whatever the size of the store */
        fault = store_chunks_after(cx, after, 200, &chunks);
        for (size_t i = 0; fault == OK && i < chunks.count; i++) {
            const struct chunk *chunk = &((const struct chunk *)chunks.items)[i];
            after = chunk->id;
            if (chunk->stored_here)
                fault = check_stored(cx, c, chunk);
            else
                check_file(cx, c, chunk);
        }
        more = fault == OK && chunks.count == 200;
        cx->arena = outer;
    }
    return fault;
}

/* A stored object without a row: left by a crash between the file and the commit. */
static enum fault see_stored(struct cx *cx, void *arg, id chunk, int64_t size, instant changed)
{
    const struct checker *c = arg;
    struct chunk row;
    (void)size;
    if (changed.ms > cx->now.ms - cx->site->grace_ms)
        return OK;
    if (!chunk.v) {
        c->found(c->arg, "I5", S("a temporary file older than the grace time"));
        return OK;
    }
    const enum fault fault = store_chunk(cx, chunk, &row);
    if (fault != FAULT_NOT_FOUND)
        return fault;
    tell_chunk(cx, c, "I5", chunk, "is stored and nothing refers to it");
    return c->options->repair ? content_remove(cx, cx->site->content, chunk) : OK;
}

static void tell_words(struct cx *cx, const struct checker *c, const struct list *findings)
{
    const struct search_finding *f = findings->items;
    for (size_t i = 0; i < findings->count; i++) {
        const long long drive = (long long)f[i].drive.v, node = (long long)f[i].node.v;
        c->found(c->arg, "I10", f[i].word.p ? arena_print(cx->arena, "drive %lld: node %lld is listed for a word it has "
                                                                     "not: %.*s", drive, node, STR_ARG(f[i].word))
                                            : arena_print(cx->arena, "drive %lld: the words of node %lld are not listed",
                                                          drive, node));
    }
}

/* A piece is read by several statements: on a running store they see one state of it. */
static enum fault check_words(struct cx *cx, const struct checker *c)
{
    struct search_place at = { 0 };
    enum fault          fault = OK;
    for (bool more = true; more && fault == OK;) {
        AUTO(arena_free) struct arena *arena = arena_new();
        struct arena *outer = cx->arena;
        struct list   findings = { 0 };
        cx->arena = arena;
        if (!c->options->repair)
            store_view_begin(cx->db);
        fault = store_search_check(cx, &at, &more, &findings);
        if (!c->options->repair)
            store_view_end(cx->db);
        if (fault == OK)
            tell_words(cx, c, &findings);
        cx->arena = outer;
    }
    return fault;
}

static enum fault check_details(struct cx *cx, const struct checker *c)
{
    struct arena *const outer = cx->arena;
    id         drive = ID_NONE, node = ID_NONE;
    enum fault fault = OK;
    for (bool more = true; more && fault == OK;) {
        AUTO(arena_free) struct arena *arena = arena_new();
        struct list findings = { 0 };
        cx->arena = arena;
        fault = store_details_audit(cx, &drive, &node, &more, &findings);
        const struct finding *f = findings.items;
        for (size_t i = 0; i < findings.count; i++)
            c->found(c->arg, "I10", arena_print(arena, "drive %lld: the details of node %lld are not what its columns say",
                                                (long long)f[i].a, (long long)f[i].b));
        cx->arena = outer;
    }
    return fault;
}

enum fault check_run(struct cx *cx, const struct check_options *options, check_found *found, void *arg)
{
    struct checker checker = { options, found, arg };
    TRY(check_rows(cx, &checker));
    TRY(check_details(cx, &checker));
    TRY(check_words(cx, &checker));
    TRY(check_chunks(cx, &checker));
    TRY(content_each(cx, cx->site->content, see_stored, &checker));
    return options->repair ? store_repair_counts(cx, cx->now) : OK;
}
