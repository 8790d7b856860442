/* bench/seed.c: fills folders with many entries, fast, through the product's own store layer.
 *
 *   seed DATA DRIVE COUNT...    a folder of COUNT entries for each, in the top folder of the drive
 *
 * The store is left as a server would leave it: names by the product's keys, contents counted, the drive's `used`
 * right, so that `polydrive check` has nothing to say; only the events of the past are not made up. The same
 * arguments give the same names, sizes and times. Prints the folders as JSON. */
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/hash.h"
#include "drive/caller.h"
#include "drive/event.h"
#include "drive/node.h"
#include "drive/site.h"
#include "drive/user.h"
#include "store/drives.h"
#include "store/nodes.h"
#include "store/search.h"
#include "store/store.h"
#include "store/uploads.h"
#include "wire.h"

enum {
    CONTENTS = 500,
    BATCH = 3500,       /* entries a change: fewer than the numbers that are kept ready for one */
    FOLDER_EVERY = 50,  /* one entry in so many is a folder */
    STEP_S = 29,        /* from one entry's creation to the next */
};
#define FIRST_MS INT64_C(1680000000000)

struct seeder {
    struct cx             cx;
    struct store         *store;
    struct site           site;
    struct caller         caller;
    struct drive          drive;
    struct node           top, folder;
    struct content_record contents[CONTENTS];
    char                  digests[CONTENTS][SHA256_BYTES + SHA1_BYTES];
    int64_t               at, end; /* entries of the folder that is being filled */
    char                  line[256];
};

/* ---- what an entry is like, by its number ---- */

/* Spreads numbers over 64 bits (the finalizer of splitmix64). */
static uint64_t mix(uint64_t x)
{
    x = (x ^ (x >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94D049BB133111EB);
    return x ^ (x >> 31);
}

static bool is_folder(int64_t i)
{
    return mix((uint64_t)i + 77) % FOLDER_EVERY == 0;
}

static int content_of(int64_t i)
{
    return (int)(mix((uint64_t)i + 4711) % CONTENTS);
}

static instant created_at(int64_t i)
{
    return (instant){ FIRST_MS + i * STEP_S * 1000 + (int64_t)(mix((uint64_t)i) % 1000) };
}

/* Most files are never changed; the others at some time later. */
static instant modified_at(int64_t i)
{
    const uint64_t r = mix((uint64_t)i + 12345);
    return (instant){ created_at(i).ms + (r % 8 ? 0 : (int64_t)(r / 8 % (90 * INT64_C(86400000)))) };
}

/* A number below a prime that no two entries share, in no order. */
static unsigned scattered(int64_t i)
{
    return (unsigned)((i * 7368787 + 104729) % 9999991);
}

static str name_of(struct seeder *s, int64_t i)
{
    char           stamp[INSTANT_TEXT];
    const str      when = instant_print(created_at(i), INSTANT_STAMP, stamp);
    const str      day = str_cut(when, 8);
    const unsigned n = scattered(i), kind = (unsigned)(mix((uint64_t)i + 99) % 100);
    struct arena  *a = s->cx.arena;
    if (is_folder(i))
        return kind < 50 ? arena_print(a, "项目 %u", n) : arena_print(a, "Project %u", n);
    if (kind < 40)
        return arena_print(a, "IMG_%.*s.jpg", STR_ARG(when));
    if (kind < 52)
        return arena_print(a, "会议纪要 %.*s（%u）.docx", STR_ARG(day), n);
    if (kind < 62)
        return arena_print(a, "Invoice %u.pdf", n);
    if (kind < 72)
        return arena_print(a, "发票_%u.pdf", n);
    if (kind < 82)
        return arena_print(a, "Quarterly report %u, final v%u.xlsx", n, n % 7);
    if (kind < 90)
        return arena_print(a, "VID_%.*s.mp4", STR_ARG(when));
    return kind < 96 ? arena_print(a, "合同扫描件%u.png", n) : arena_print(a, "notes-%u.md", n);
}

/* From one byte to 60,000, small ones more often, no two alike. */
static int64_t size_of(int content)
{
    const int64_t part = content + 1;
    return part * part * part * 60000 / ((int64_t)CONTENTS * CONTENTS * CONTENTS) + part;
}

/* ---- contents ---- */

static enum fault add_content(struct cx *cx, struct seeder *s, int k)
{
    struct content_record *c = &s->contents[k];
    struct chunk chunk = { .stored_here = true };
    char        *bytes = arena_make(cx->arena, (size_t)size_of(k));
    const str    whole = { bytes, (size_t)size_of(k) };
    for (size_t i = 0; i < whole.n; i++)
        bytes[i] = (char)('a' + mix((uint64_t)k * 65536 + i) % 26);
    const size_t pre = whole.n < 1024 ? whole.n : 1024;
    memcpy(s->digests[k], sha256(cx->arena, whole).p, SHA256_BYTES);
    memcpy(s->digests[k] + SHA256_BYTES, sha1(cx->arena, whole).p, SHA1_BYTES);
    c->size = (int64_t)whole.n;
    c->crc64 = (int64_t)crc64(0, whole);
    c->chunks = 1;
    c->sha256 = (str){ s->digests[k], SHA256_BYTES };
    c->sha1 = (str){ s->digests[k] + SHA256_BYTES, SHA1_BYTES };
    c->pre_sha1 = sha1(cx->arena, str_cut(whole, pre));
    TRY(store_next_id(cx, &c->id));
    TRY(store_next_id(cx, &chunk.id));
    chunk.size = c->size;
    chunk.sha256 = c->sha256;
    TRY(store_chunk_add(cx, &chunk, whole));
    TRY(store_content_add(cx, c));
    return store_content_chunk_add(cx, c->id, 0, chunk.id);
}

static enum fault add_contents(struct cx *cx, void *arg)
{
    struct seeder *s = arg;
    for (int k = 0; k < CONTENTS; k++)
        TRY(add_content(cx, s, k));
    return OK;
}

/* ---- entries ---- */

static enum fault add_folder(struct cx *cx, void *arg)
{
    struct seeder *s = arg;
    const struct folder_want want = { .drive = s->drive, .parent = s->top, .conflict = CONFLICT_REFUSE,
                                      .name = arena_print(cx->arena, "%lld entries", (long long)s->end) };
    struct made made;
    TRY(folder_create(cx, &want, &made));
    if (made.exists)
        return fail(cx, FAULT_EXISTS, .thing = THING_NODE, .got = want.name);
    s->folder = made.node;
    return OK;
}

static enum fault add_entry(struct cx *cx, struct seeder *s, int64_t i)
{
    struct node node = { .drive = s->drive.id, .parent = s->folder.id, .kind = NODE_FOLDER, .name = name_of(s, i),
                         .creator = s->caller.user, .editor = s->caller.user,
                         .created = created_at(i), .modified = modified_at(i) };
    TRY(store_next_id(cx, &node.id));
    if (!is_folder(i)) {
        const struct content_record *c = &s->contents[content_of(i)];
        node.kind = NODE_FILE;
        node.content = c->id;
        node.size = c->size;
        node.sha1 = c->sha1;
        node.sha256 = c->sha256;
        node.crc64 = c->crc64;
        node.version = 1;
        node.media_type = media_type_of(node.name);
        node.category = category_of(node.name, node.media_type);
        node.revision = node.id; /* any number that is nobody else's */
    }
    TRY(store_node_add(cx, &node));
    return event_add(cx, node.drive, node.id, EVENT_CREATE);
}

/* The counts change in the transaction that adds the files, as everywhere. */
static enum fault add_batch(struct cx *cx, void *arg)
{
    struct seeder *s = arg;
    int     counts[CONTENTS] = { 0 };
    int64_t bytes = 0;
    bool    fits;
    for (int n = 0; n < BATCH && s->at < s->end; n++, s->at++) {
        TRY(add_entry(cx, s, s->at));
        if (!is_folder(s->at)) {
            counts[content_of(s->at)]++;
            bytes += s->contents[content_of(s->at)].size;
        }
    }
    for (int k = 0; k < CONTENTS; k++)
        if (counts[k])
            TRY(store_content_refer(cx, s->contents[k].id, counts[k], cx->now));
    return store_drive_charge(cx, s->drive.id, bytes, 0, &fits);
}

/* The words of all that was added go where the server's maintenance would have put them by and by. */
static enum fault index_some(struct cx *cx, void *arg)
{
    int budget = BATCH;
    TRY(store_search_index(cx, &budget));
    *(bool *)arg = budget <= 0;
    return OK;
}

/* ---- opening ---- */

static void must(const struct seeder *s, enum fault fault, const char *what)
{
    if (fault != OK)
        give_up("seed: %s: %s (%s, %s)", what, fault_text(fault), s->cx.why.because ? s->cx.why.because : "",
                s->cx.why.where ? s->cx.why.where : "");
}

static enum fault find_top(struct cx *cx, void *arg)
{
    struct seeder *s = arg;
    struct user    user;
    TRY(user_find(cx, S("superadmin"), &user));
    s->caller.user = user.id;
    return node_find(cx, str_of(s->line), S("root"), SCOPE_LIVE, 0, &s->drive, &s->top);
}

static void open_all(struct seeder *s, const char *data, const char *drive)
{
    const struct store_options options = { .readers = 1, .no_writer = true };
    char  *key_path;
    size_t key_n;
    s->cx = (struct cx){ .arena = arena_new(), .now = clock_now(), .request_id = S("seed") };
    must(s, store_open(&s->cx, str_of(data), &options, &s->store), "the store");
    s->cx.db = store_reader(s->store, 0);
    if (asprintf(&key_path, "%s/key", data) < 0)
        give_up("out of memory");
    const char *key = read_whole(key_path, &key_n);
    must(s, site_open(&s->cx, (str){ key, key_n }, s->store, NULL, &s->site), "the site");
    s->caller = (struct caller){ .domain = s->site.domain.id, .role = ROLE_SUPERADMIN };
    s->cx.site = &s->site;
    s->cx.caller = &s->caller;
    snprintf(s->line, sizeof s->line, "%s", drive);
    must(s, find_top(&s->cx, s), "the drive");
}

static void fill(struct seeder *s, int64_t count, bool first)
{
    s->end = count;
    s->at = 0;
    must(s, store_change_now(s->store, &s->cx, add_folder, s), "a folder");
    struct arena *const outer = s->cx.arena;
    AUTO(arena_free) struct arena *arena = arena_new();
    s->cx.arena = arena;
    while (s->at < s->end) {
        must(s, store_change_now(s->store, &s->cx, add_batch, s), "entries");
        arena_reset(arena);
    }
    s->cx.arena = outer;
    printf("%s{\"entries\": %lld, \"id\": \"%lld\"}", first ? "[" : ", ", (long long)count, (long long)s->folder.id.v);
}

static void index_all(struct seeder *s)
{
    struct arena *const outer = s->cx.arena;
    AUTO(arena_free) struct arena *arena = arena_new();
    s->cx.arena = arena;
    for (bool more = true; more; arena_reset(arena))
        must(s, store_change_now(s->store, &s->cx, index_some, &more), "words");
    s->cx.arena = outer;
}

int main(int count, char **words)
{
    if (count < 4)
        give_up("seed DATA DRIVE COUNT...");
    struct seeder *s = calloc(1, sizeof *s);
    if (!s)
        give_up("out of memory");
    open_all(s, words[1], words[2]);
    must(s, store_change_now(s->store, &s->cx, add_contents, s), "contents");
    for (int i = 3; i < count; i++)
        fill(s, (int64_t)read_number(words[i]), i == 3);
    printf("]\n");
    index_all(s);
    site_close(&s->site);
    store_close(&s->store);
    arena_free(&s->cx.arena);
    free(s);
    return 0;
}
