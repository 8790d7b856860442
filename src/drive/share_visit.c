/* What is inside a share, and what a visitor may do there. */
#include "drive/share.h"

#include <stdlib.h>

#include "base/encode.h"
#include "base/names.h"
#include "drive/access.h"
#include "drive/cursor.h"
#include "drive/site.h"
#include "store/drives.h"
#include "store/nodes.h"

/* ---- numbers of nodes, eight bytes each ---- */

static size_t count_of(str numbers)
{
    return numbers.n / 8;
}

static id number_at(str numbers, size_t i)
{
    return (id){ (int64_t)be64_get(numbers.p + 8 * i) };
}

static bool holds(str numbers, id node)
{
    for (size_t i = 0; i < count_of(numbers); i++)
        if (number_at(numbers, i).v == node.v)
            return true;
    return false;
}

bool share_names(const struct cx *cx, id node)
{
    return share_visit(cx) && holds(share_visit(cx)->share.files, node);
}

/* ---- what is shared ---- */

static bool covers(const struct share_link *share, id node)
{
    return share->all_files || holds(share->files, node);
}

static unsigned given_by(const struct share_link *share)
{
    return ACTION_LIST | (share->no_preview ? 0 : ACTION_PREVIEW) | (share->no_download ? 0 : ACTION_DOWNLOAD)
           | (share->no_save ? 0 : ACTION_COPY);
}

/* From the node up to the root: what the share gives on the way. */
static enum fault given_on_way(struct cx *cx, const struct share_link *share, const struct drive *drive,
                               const struct node *node, unsigned *given)
{
    struct step_up step = { .parent = node->trashed.ms ? node->origin : node->parent };
    id at = node->id;
    *given = 0;
    for (int depth = 0; depth <= DEPTH_MAX + 1; depth++) {
        if (covers(share, at))
            *given |= given_by(share);
        if (share->creatable && holds(share->writable, at))
            *given |= ACTION_CREATE;
        if (at.v == drive->root.v || !step.parent.v)
            return OK;
        at = step.parent;
        const enum fault fault = at.v == drive->root.v ? OK : store_node_step_up(cx, drive->id, at, &step);
        if (fault == FAULT_NOT_FOUND)
            return OK; /* the bin */
        TRY(fault);
    }
    return OK;
}

/* Whoever may not share it any more has nothing to give. */
static enum fault maker_has(struct cx *cx, const struct drive *drive, const struct node *node, unsigned *actions)
{
    struct caller   *visitor = cx->caller;
    cx->caller = share_visit(cx)->maker;
    const enum fault fault = access_to_node(cx, drive, node, actions);
    cx->caller = visitor;
    if (!(*actions & ACTION_SHARE))
        *actions = 0;
    return fault;
}

enum fault share_actions(struct cx *cx, const struct drive *drive, const struct node *node, unsigned *actions)
{
    const struct share_link *share = &share_visit(cx)->share;
    unsigned given, has;
    *actions = 0;
    if (drive->id.v != share->drive.v || drive->domain.v != share->domain.v)
        return OK;
    if (share_is_top(cx, node)) {
        *actions = given_by(share);
        return OK;
    }
    TRY(given_on_way(cx, share, drive, node, &given));
    if (!(given & ACTION_LIST)) /* what is writable is shared too, or it was not accepted */
        return OK;
    TRY(maker_has(cx, drive, node, &has));
    *actions = given & has;
    return OK;
}

enum fault share_drive(struct cx *cx, struct drive *out)
{
    const struct share_link *share = &share_visit(cx)->share;
    const enum fault fault = store_drive(cx, share->domain, share->drive, out);
    return fault == FAULT_NOT_FOUND ? fail(cx, FAULT_NOT_FOUND, .thing = THING_NODE) : fault;
}

/* ---- the folder of all that is shared ---- */

struct node share_top(struct cx *cx)
{
    return (struct node){ .drive = share_visit(cx)->share.drive, .kind = NODE_FOLDER, .name = S("root") };
}

bool share_is_top(const struct cx *cx, const struct node *node)
{
    return share_visit(cx) && !node->id.v;
}

/* One of at most a hundred, which are read and sorted for each page. */
struct entry {
    id      node;
    int64_t number;
    str     key; /* the sort key, where names are sorted */
};

static int64_t number_of(const struct node *node, enum node_sort sort)
{
    switch (sort) {
    case SORT_SIZE:     return node->size;
    case SORT_CREATED:  return node->created.ms;
    case SORT_MODIFIED:
    case SORT_TRASHED:  return node->modified.ms;
    case SORT_FORMAT:   return node->category;
    case SORT_NAME:     break;
    }
    return 0;
}

static int compare(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;
    const size_t n = x->key.n < y->key.n ? x->key.n : y->key.n;
    const int    names = n ? memcmp(x->key.p, y->key.p, n) : 0;
    if (names)
        return names;
    if (x->key.n != y->key.n)
        return x->key.n < y->key.n ? -1 : 1;
    if (x->number != y->number)
        return x->number < y->number ? -1 : 1;
    return x->node.v < y->node.v ? -1 : x->node.v > y->node.v;
}

/* What is gone, in the bin, or no longer its maker's to share is not there. */
static enum fault find_entry(struct cx *cx, id number, struct node *out, bool *found)
{
    struct drive drive;
    const enum fault fault =
        node_find(cx, arena_print(cx->arena, "%lld", (long long)share_visit(cx)->share.drive.v),
                  arena_print(cx->arena, "%lld", (long long)number.v), SCOPE_LIVE, ACTION_LIST, &drive, out);
    *found = fault == OK;
    return fault == FAULT_NOT_FOUND || fault == FAULT_TRASHED || fault == FAULT_FORBIDDEN ? OK : fault;
}

static bool is_wanted(const struct cx *cx, const struct listing *l, const struct node *node)
{
    const str needle = l->name_part.n ? name_folded(cx->arena, l->name_part) : S("");
    return (!l->kind || node->kind == l->kind) && (!l->categories || l->categories & 1u << node->category)
           && !(l->without_hidden && node->hidden) && !(l->only_starred && !node->starred) && (!needle.n || name_contains(cx->arena, node->name, needle));
}

/* Of one that is there and wanted, what it is sorted by; `outer` outlives the node. */
static enum fault look(struct cx *cx, const struct listing *l, struct arena *outer, id number, struct entry *out,
                       bool *found)
{
    struct node node;
    TRY(find_entry(cx, number, &node, found));
    if (!*found)
        return OK;
    *found = is_wanted(cx, l, &node);
    *out = (struct entry){ number, number_of(&node, l->sort),
                           l->sort == SORT_NAME ? name_sort_key(outer, node.name) : S("") };
    return OK;
}

static enum fault gather(struct cx *cx, const struct listing *l, struct entry *entries, size_t *count)
{
    AUTO(arena_free) struct arena *scratch = arena_new();
    struct arena *const outer = cx->arena;
    const str  files = share_visit(cx)->share.files;
    enum fault fault = OK;
    for (size_t i = 0; i < count_of(files) && fault == OK; i++) {
        bool found = false;
        cx->arena = scratch;
        fault = look(cx, l, outer, number_at(files, i), &entries[*count], &found);
        cx->arena = outer;
        arena_reset(scratch);
        *count += found;
    }
    qsort(entries, *count, sizeof *entries, compare);
    return fault;
}

static str position_of(struct cx *cx, const struct entry *entry)
{
    char *out = arena_make(cx->arena, 16 + entry->key.n + 1);
    be64_put(out, (uint64_t)entry->node.v);
    be64_put(out + 8, (uint64_t)entry->number);
    if (entry->key.n)
        memcpy(out + 16, entry->key.p, entry->key.n);
    return (str){ out, 16 + entry->key.n };
}

/* Whether the entry comes after the position, in the direction of the list. */
static bool is_after(const struct entry *entry, str position, bool descending)
{
    if (position.n < 16)
        return true;
    const struct entry last = { .node = { (int64_t)be64_get(position.p) },
                                .number = (int64_t)be64_get(position.p + 8), .key = str_from(position, 16) };
    return descending ? compare(entry, &last) < 0 : compare(entry, &last) > 0;
}

enum fault share_list_top(struct cx *cx, const struct listing *l, struct node_page *out)
{
    const struct share_link *share = &share_visit(cx)->share;
    const str     bound = arena_print(cx->arena, "%s|share|%lld|%d|%d|%d|%u|%d|%d|%.*s", l->operation,
                                      (long long)share->id.v, (int)l->sort, l->descending, l->kind, l->categories,
                                      l->without_hidden, l->only_starred, STR_ARG(l->name_part));
    struct entry *entries = ARENA_MANY(cx->arena, struct entry, count_of(share->files) + 1);
    struct node  *nodes = ARENA_MANY(cx->arena, struct node, (size_t)l->limit + 1);
    const struct entry *last = NULL;
    size_t        count = 0, taken = 0, bytes = 0;
    bool          more = false, found;
    str           position;
    TRY(cursor_read(cx, l->cursor_field, bound, l->cursor, &position));
    TRY(gather(cx, l, entries, &count));
    for (size_t i = 0; i < count && !more; i++) {
        const struct entry *entry = &entries[l->descending ? count - 1 - i : i];
        if (!is_after(entry, position, l->descending))
            continue;
        more = taken == (size_t)l->limit || bytes >= NODES_BYTES_MAX;
        if (more)
            break;
        TRY(find_entry(cx, entry->node, &nodes[taken], &found));
        if (found)
            bytes += node_bytes(&nodes[taken++]);
        last = entry;
    }
    *out = (struct node_page){ { nodes, taken }, more ? cursor_make(cx, bound, position_of(cx, last)) : S0 };
    return OK;
}

/* ---- making one: what may be shared ---- */

static void add_number(struct cx *cx, str *numbers, id node)
{
    if (holds(*numbers, node))
        return;
    char *grown = arena_make(cx->arena, numbers->n + 8);
    if (numbers->n)
        memcpy(grown, numbers->p, numbers->n);
    be64_put(grown + numbers->n, (uint64_t)node.v);
    *numbers = (str){ grown, numbers->n + 8 };
}

static enum fault resolve_files(struct cx *cx, const struct share_want *want, struct drive *drive,
                                struct share_link *share)
{
    for (size_t i = 0; i < want->file_count; i++) {
        struct node node;
        TRY(node_find(cx, want->drive, want->files[i], SCOPE_LIVE, ACTION_SHARE, drive, &node));
        if (node_is_root(drive, &node))
            return fail(cx, FAULT_INVALID, .field = want->files_field, .got = want->files[i],
                        .because = "the root folder is shared by sharing all files");
        if (!share->name.n)
            share->name = node.name;
        add_number(cx, &share->files, node.id);
    }
    return OK;
}

static enum fault resolve_writable(struct cx *cx, const struct share_want *want, struct share_link *share)
{
    for (size_t i = 0; i < want->writable_count; i++) {
        struct drive drive;
        struct node  node;
        unsigned     given;
        TRY(node_find(cx, want->drive, want->writable[i], SCOPE_LIVE, ACTION_SHARE | ACTION_CREATE, &drive, &node));
        TRY(given_on_way(cx, share, &drive, &node, &given));
        if (node.kind != NODE_FOLDER || !given)
            return fail(cx, FAULT_INVALID, .field = want->writable_field, .got = want->writable[i],
                        .because = "folders that are shared");
        add_number(cx, &share->writable, node.id);
    }
    return OK;
}

/* At a character's edge. */
static str first_characters(str s, size_t most)
{
    size_t at = 0;
    for (size_t n = 0; at < s.n; at++)
        if (((unsigned char)s.p[at] & 0xC0) != 0x80 && n++ == most)
            break;
    return str_cut(s, at);
}

enum fault share_resolve(struct cx *cx, const struct share_want *want, struct share_link *share)
{
    struct drive drive;
    struct node  root;
    share->files = share->writable = S("");
    if (share->all_files) {
        TRY(node_find(cx, want->drive, S("root"), SCOPE_LIVE, ACTION_SHARE, &drive, &root));
        if (!share->name.n)
            share->name = drive.name;
    } else {
        TRY(resolve_files(cx, want, &drive, share));
    }
    share->name = first_characters(share->name, SHARE_NAME_MAX);
    share->drive = drive.id;
    return resolve_writable(cx, want, share);
}
