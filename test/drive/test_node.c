#include "base/names.h"
#include "drive/stage.h"
#include "drive/update.h"
#include "store/nodes.h"
#include "store/store.h"

#include <stdio.h>

#include "test.h"

struct move {
    struct drive drive;
    struct node  node, out;
};

static enum fault trash(struct cx *cx, void *arg)
{
    struct move *m = arg;
    return node_trash(cx, &m->drive, &m->node);
}

static enum fault restore(struct cx *cx, void *arg)
{
    struct move *m = arg;
    return node_restore(cx, &m->drive, &m->node, NULL, &m->out);
}

static struct node find(struct place *p, const struct drive *drive, id node, enum node_scope scope)
{
    struct drive again;
    struct node  out;
    CHECK(node_find(&p->cx, number_text(p, drive->id), number_text(p, node), scope, ACTION_LIST, &again, &out) == OK);
    return out;
}

static enum fault look(struct place *p, const struct drive *drive, id node, enum node_scope scope)
{
    struct drive again;
    struct node  out;
    return node_find(&p->cx, number_text(p, drive->id), number_text(p, node), scope, ACTION_LIST, &again, &out);
}

TEST(node_list, pages_every_sort_both_ways_to_the_end_without_gap_or_double)
{
    struct place p;
    struct drive drive;
    struct node  root;
    place_open(&p);
    place_act_as(&p, "ann");
    place_own_drive(&p, &drive, &root);
    for (int i = 0; i < 23; i++) {
        char name[32];
        snprintf(name, sizeof name, "file %d.%s", i * 7 % 23, i % 3 ? "txt" : "png");
        p.cx.now.ms += i % 4 ? 1 : 0;
        place_file(&p, &drive, &root, name, str_cut(S("0123456789"), (size_t)(i % 5)));
    }
    for (enum node_sort sort = SORT_NAME; sort <= SORT_FORMAT; sort++)
        for (int descending = 0; descending < 2; descending++) {
            struct listing l = { .operation = "test", .cursor_field = "marker", .drive = drive, .parent = root,
                                 .sort = sort, .descending = descending, .limit = 5 };
            int64_t seen[64], count = 0;
            do {
                struct node_page page;
                CHECK(node_list(&p.cx, &l, &page) == OK);
                for (size_t i = 0; i < page.nodes.count; i++) {
                    const id node = ((struct node *)page.nodes.items)[i].id;
                    for (int64_t k = 0; k < count; k++)
                        CHECK(seen[k] != node.v);
                    seen[count++] = node.v;
                }
                CHECK(page.next.n <= 400);
                l.cursor = page.next;
            } while (l.cursor.n);
            CHECK(count == 23);
        }
    place_close(&p);
}

/* Also where many have the same key, which the start of a page may lie among. */
TEST(node_list, gives_packed_rows_that_unpack_to_the_same)
{
    struct place     p;
    struct drive     drive;
    struct node      root;
    struct node_page page, plain;
    place_open(&p);
    place_act_as(&p, "ann");
    place_own_drive(&p, &drive, &root);
    for (int i = 0; i < 9; i++) {
        char name[32];
        snprintf(name, sizeof name, "%d.txt", i);
        place_file(&p, &drive, &root, name, str_cut(S("0123456789"), (size_t)(i % 2)));
    }
    for (enum node_sort sort = SORT_NAME; sort <= SORT_FORMAT; sort++) {
        struct listing l = { .operation = "test", .cursor_field = "marker", .drive = drive, .parent = root,
                             .sort = sort, .limit = 2 };
        int count = 0;
        do {
            l.packed = false;
            CHECK(node_list(&p.cx, &l, &plain) == OK);
            l.packed = true;
            CHECK(node_list(&p.cx, &l, &page) == OK && page.nodes.count == plain.nodes.count);
            CHECK(str_eq(page.next, plain.next));
            for (size_t i = 0; i < page.nodes.count; i++, count++) {
                struct node *packed = &((struct node *)page.nodes.items)[i];
                const struct node *all = &((struct node *)plain.nodes.items)[i];
                CHECK(!packed->kind && !packed->size && all->kind == NODE_FILE);
                CHECK(node_unpack(&p.cx, packed) == OK && node_unpack(&p.cx, packed) == OK);
                CHECK(packed->id.v == all->id.v && packed->kind == all->kind && packed->size == all->size
                      && packed->parent.v == root.id.v && packed->modified.ms == all->modified.ms
                      && str_eq(packed->name, all->name) && str_eq(packed->sha1, all->sha1));
            }
            l.cursor = page.next;
        } while (l.cursor.n);
        CHECK(count == 9);
    }
    place_close(&p);
}

TEST(node_list, goes_on_after_its_last_row_whatever_becomes_of_it_meanwhile)
{
    struct place p;
    struct drive drive;
    struct node  root;
    str          key;
    place_open(&p);
    place_act_as(&p, "ann");
    place_own_drive(&p, &drive, &root);
    const struct node node = place_file(&p, &drive, &root, "new name.txt", S("x"));
    struct node       gone = node, renamed = node;
    gone.id.v += 1000;
    renamed.name = S("old name.txt");
    CHECK(store_node_sort_key(&p.cx, &node, &key) == OK && str_eq(key, name_sort_key(p.cx.arena, node.name)));
    CHECK(store_node_sort_key(&p.cx, &gone, &key) == OK && str_eq(key, name_sort_key(p.cx.arena, node.name)));
    CHECK(store_node_sort_key(&p.cx, &renamed, &key) == OK && str_eq(key, name_sort_key(p.cx.arena, renamed.name)));
    place_close(&p);
}

struct mover {
    struct place      *p;
    struct drive       drive;
    struct node        node;
    struct node_change change;
    struct node        out;
    int                rows;
};

static enum fault update(struct cx *cx, void *arg)
{
    struct mover *m = arg;
    return node_update(cx, &m->drive, &m->node, &m->change, &m->out);
}

/* With the first row the same entry is changed, by the writer: it has another key then. */
static bool move_at_first_row(void *arg, void *row)
{
    struct mover *m = arg;
    CHECK(((struct node_row *)row)->node.id.v == m->node.id.v);
    if (!m->rows++)
        CHECK(place_change(m->p, update, m) == OK);
    return true;
}

/* On a thread whose connection has no view, as a worker's, and on one that has. */
TEST(node_list, shows_an_entry_once_that_changes_its_place_meanwhile)
{
    for (int in_view = 0; in_view < 2; in_view++) {
        struct place p;
        struct node  root;
        struct mover m = { .p = &p, .change = { .name = S("c"), .hidden = -1, .starred = -1 } };
        place_open(&p);
        place_act_as(&p, "ann");
        place_own_drive(&p, &m.drive, &root);
        const struct node first = place_folder(&p, &m.drive, &root, "a");
        m.node = place_folder(&p, &m.drive, &root, "b");
        CHECK(first.modified.ms == m.node.modified.ms && first.id.v < m.node.id.v);
        const struct node_position after = { .number = first.modified.ms, .node = first.id };
        p.cx.now.ms += 1000;
        if (in_view)
            CHECK(store_view_begin(p.cx.db) && !store_view_begin(p.cx.db));
        CHECK(store_nodes_each(&p.cx, m.drive.id, root.id, ORDER_MODIFIED, false, &after, 10, move_at_first_row, &m) == OK);
        CHECK(m.rows == 1 && m.out.modified.ms == p.cx.now.ms);
        struct node again;
        const enum fault found = store_node(&p.cx, m.drive.id, m.node.id, &again);
        CHECK(found == OK && str_eq(again.name, in_view ? S("b") : S("c"))); /* a view that was there goes on */
        store_view_end(p.cx.db);
        CHECK(store_node(&p.cx, m.drive.id, m.node.id, &again) == OK && str_eq(again.name, S("c")));
        place_close(&p);
    }
}

TEST(node_list, sorts_numbers_in_names_by_value)
{
    struct place     p;
    struct drive     drive;
    struct node      root;
    struct node_page page;
    place_open(&p);
    place_act_as(&p, "ann");
    place_own_drive(&p, &drive, &root);
    place_folder(&p, &drive, &root, "part 10");
    place_folder(&p, &drive, &root, "part 9");
    const struct listing l = { .operation = "test", .cursor_field = "marker", .drive = drive, .parent = root,
                               .sort = SORT_NAME, .limit = 5 };
    CHECK(node_list(&p.cx, &l, &page) == OK && page.nodes.count == 2);
    CHECK(str_eq(((struct node *)page.nodes.items)[0].name, S("part 9")));
    place_close(&p);
}

TEST(cursor, is_refused_when_altered_or_for_another_list_caller_sort_or_filter)
{
    struct place     p;
    struct drive     drive;
    struct node      root;
    struct node_page page;
    place_open(&p);
    place_act_as(&p, "ann");
    place_own_drive(&p, &drive, &root);
    const struct node folder = place_folder(&p, &drive, &root, "a");
    place_folder(&p, &drive, &root, "b");
    struct listing l = { .operation = "test", .cursor_field = "marker", .drive = drive, .parent = root,
                         .sort = SORT_NAME, .limit = 1 };
    CHECK(node_list(&p.cx, &l, &page) == OK && page.next.n);
    const struct listing good = (l.cursor = page.next, l);
    CHECK(node_list(&p.cx, &good, &page) == OK && page.nodes.count == 1);
    for (size_t i = 0; i < good.cursor.n; i++) {
        str altered = arena_copy(p.arena, good.cursor);
        ((char *)altered.p)[i] = altered.p[i] == 'A' ? 'B' : 'A';
        l = good;
        l.cursor = altered;
        CHECK(node_list(&p.cx, &l, &page) == FAULT_INVALID && !strcmp(p.cx.why.field, "marker"));
    }
    l = good, l.descending = true;
    CHECK(node_list(&p.cx, &l, &page) == FAULT_INVALID);
    l = good, l.sort = SORT_SIZE;
    CHECK(node_list(&p.cx, &l, &page) == FAULT_INVALID);
    l = good, l.parent = folder;
    CHECK(node_list(&p.cx, &l, &page) == FAULT_INVALID);
    l = good, l.kind = NODE_FILE;
    CHECK(node_list(&p.cx, &l, &page) == FAULT_INVALID);
    l = good, l.operation = "other";
    CHECK(node_list(&p.cx, &l, &page) == FAULT_INVALID);
    place_act_as(&p, "superadmin");
    CHECK(node_list(&p.cx, &good, &page) == FAULT_INVALID);
    place_close(&p);
}

TEST(node_trash, hides_a_whole_tree_at_once_and_restore_brings_it_back)
{
    struct place p;
    struct move  m;
    struct node  root;
    place_open(&p);
    place_act_as(&p, "ann");
    place_own_drive(&p, &m.drive, &root);
    const struct node top = place_folder(&p, &m.drive, &root, "top"), low = place_folder(&p, &m.drive, &top, "low");
    m.node = top;
    CHECK(place_change(&p, trash, &m) == OK);
    CHECK(look(&p, &m.drive, top.id, SCOPE_LIVE) == FAULT_TRASHED);
    CHECK(look(&p, &m.drive, low.id, SCOPE_LIVE) == FAULT_TRASHED);
    CHECK(look(&p, &m.drive, low.id, SCOPE_BIN) == OK);
    m.node = find(&p, &m.drive, top.id, SCOPE_BIN);
    CHECK(place_change(&p, trash, &m) == FAULT_TRASHED);
    CHECK(place_change(&p, restore, &m) == OK && m.out.parent.v == root.id.v);
    CHECK(look(&p, &m.drive, low.id, SCOPE_LIVE) == OK);
    CHECK(place_findings(&p) == 0);
    place_close(&p);
}

TEST(node_restore, never_overwrites_and_finds_a_home_when_the_parent_is_in_the_bin_or_gone)
{
    struct place p;
    struct move  m;
    struct node  root;
    place_open(&p);
    place_act_as(&p, "ann");
    place_own_drive(&p, &m.drive, &root);
    const struct node top = place_folder(&p, &m.drive, &root, "top");
    const struct node file = place_file(&p, &m.drive, &top, "a.txt", S("one"));
    m.node = file;
    CHECK(place_change(&p, trash, &m) == OK);
    place_file(&p, &m.drive, &top, "a.txt", S("two"));
    m.node = find(&p, &m.drive, file.id, SCOPE_BIN);
    CHECK(place_change(&p, restore, &m) == OK && !str_eq(m.out.name, S("a.txt")));

    m.node = find(&p, &m.drive, file.id, SCOPE_LIVE);
    CHECK(place_change(&p, trash, &m) == OK);
    m.node = top;
    CHECK(place_change(&p, trash, &m) == OK);
    m.node = find(&p, &m.drive, file.id, SCOPE_BIN);
    CHECK(place_change(&p, restore, &m) == OK && m.out.parent.v != root.id.v && m.out.parent.v != top.id.v);
    CHECK(str_eq(find(&p, &m.drive, m.out.parent, SCOPE_LIVE).name, S("top")));
    CHECK(place_findings(&p) == 0);
    place_close(&p);
}

TEST(access, makes_another_users_node_look_like_none)
{
    struct place p;
    struct drive drive, again;
    struct node  root, out;
    place_open(&p);
    place_act_as(&p, "ann");
    place_own_drive(&p, &drive, &root);
    const struct node mine = place_folder(&p, &drive, &root, "mine");
    const str drive_text = number_text(&p, drive.id), node_text = number_text(&p, mine.id);
    place_act_as(&p, "bob");
    CHECK(node_find(&p.cx, drive_text, node_text, SCOPE_ANY, ACTION_LIST, &again, &out) == FAULT_NOT_FOUND);
    const struct failure hidden = p.cx.why;
    CHECK(node_find(&p.cx, S("999999"), node_text, SCOPE_ANY, ACTION_LIST, &again, &out) == FAULT_NOT_FOUND);
    CHECK(hidden.thing == p.cx.why.thing && hidden.how == p.cx.why.how);
    struct drive own;
    struct node  own_root;
    place_own_drive(&p, &own, &own_root);
    CHECK(node_find(&p.cx, number_text(&p, own.id), node_text, SCOPE_ANY, ACTION_LIST, &again, &out) == FAULT_NOT_FOUND);
    place_close(&p);
}

TEST_MAIN
