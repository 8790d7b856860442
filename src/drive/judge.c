#include "drive/judge.h"

#include <stdlib.h>

#include "base/words.h"
#include "drive/access.h"
#include "drive/node.h"
#include "store/nodes.h"
#include "store/stars.h"

/* ---- terms ---- */

static size_t count_terms(const struct condition *c)
{
    size_t n = c->kind == CONDITION_TERM;
    for (const struct condition *one = c->kind == CONDITION_TERM ? NULL : c->first; one; one = one->next)
        n += count_terms(one);
    return n;
}

static void collect_terms(const struct condition *c, struct judge *j)
{
    if (c->kind == CONDITION_TERM)
        j->terms[j->term_count++].term = c;
    else
        for (const struct condition *one = c->first; one; one = one->next)
            collect_terms(one, j);
}

static int compare_terms(const void *a, const void *b)
{
    const uintptr_t x = (uintptr_t)((const struct term_ready *)a)->term;
    const uintptr_t y = (uintptr_t)((const struct term_ready *)b)->term;
    return (x > y) - (x < y);
}

static void make_ready(struct judge *j, struct term_ready *t)
{
    int64_t number;
    if (t->term->compare == COMPARE_MATCH) {
        t->words = words_of(j->arena, t->term->text);
        t->folded = name_folded(j->arena, t->term->text);
    } else if (t->term->text.p) {
        t->text = name_nfc(j->arena, t->term->text);
    }
    if (t->term->field != SEARCH_PARENT)
        return;
    if (str_eq(t->text, S("root")) || str_eq(t->text, S("0")))
        t->parent = j->drive->root;
    else if (str_int64(t->text, &number) && number > 0)
        t->parent = (id){ number };
}

const struct term_ready *judge_term(const struct judge *j, const struct condition *term)
{
    const struct term_ready key = { .term = term };
    return bsearch(&key, j->terms, j->term_count, sizeof key, compare_terms);
}

/* ---- folders seen ---- */

struct folder_seen {
    id   folder, parent;
    bool is_trashed, is_gone;
    char access; /* 0 not asked yet, 'y', 'n' */
};

static struct folder_seen *slot_of(struct folder_seen *folders, size_t room, id folder)
{
    size_t at = ((uint64_t)folder.v * UINT64_C(0x9E3779B97F4A7C15)) >> 32 & (room - 1);
    while (folders[at].folder.v && folders[at].folder.v != folder.v)
        at = (at + 1) & (room - 1);
    return &folders[at];
}

static void make_room(struct judge *j)
{
    if (j->folder_count * 2 < j->folder_room)
        return;
    const size_t        room = j->folder_room ? j->folder_room * 2 : 256;
    struct folder_seen *grown = ARENA_MANY(j->arena, struct folder_seen, room);
    for (size_t i = 0; i < j->folder_room; i++)
        if (j->folders[i].folder.v)
            *slot_of(grown, room, j->folders[i].folder) = j->folders[i];
    j->folders = grown;
    j->folder_room = room;
}

/* Good until the next call. */
static enum fault folder_see(struct judge *j, id folder, struct folder_seen **out)
{
    struct step_up step;
    make_room(j);
    *out = slot_of(j->folders, j->folder_room, folder);
    if ((*out)->folder.v)
        return OK;
    const enum fault fault = store_node_step_up(j->cx, j->drive->id, folder, &step);
    if (fault != OK && fault != FAULT_NOT_FOUND)
        return fault;
    **out = fault == OK ? (struct folder_seen){ folder, step.parent, step.trashed.ms != 0, false, 0 }
                        : (struct folder_seen){ .folder = folder, .is_gone = true };
    j->folder_count++;
    return OK;
}

/* Neither the node nor a folder above it is in the bin. */
static enum fault is_live(struct judge *j, const struct node *node, bool *live)
{
    struct folder_seen *seen;
    id at = node->parent;
    *live = !node->trashed.ms;
    for (int depth = 0; *live && at.v != j->drive->root.v; depth++, at = seen->parent) {
        TRY(folder_see(j, at, &seen));
        *live = !seen->is_trashed && !seen->is_gone && depth <= DEPTH_MAX;
    }
    return OK;
}

static enum fault is_below(struct judge *j, const struct node *node, id above, bool *below)
{
    struct folder_seen *seen;
    id at = j->search->in_bin ? node->origin : node->parent;
    *below = at.v == above.v;
    for (int depth = 0; !*below && at.v && at.v != j->drive->root.v && depth <= DEPTH_MAX; depth++) {
        TRY(folder_see(j, at, &seen));
        at = seen->parent;
        *below = at.v == above.v;
    }
    return OK;
}

/* ---- access ---- */

/* A grant on a folder reaches what is below it, so most nodes are decided by their folder. */
static enum fault may_see(struct judge *j, const struct node *node, bool *may)
{
    struct folder_seen *seen;
    struct node         folder;
    unsigned            actions;
    *may = j->sees_all;
    if (*may)
        return OK;
    TRY(folder_see(j, node->parent, &seen));
    if (!seen->access && !seen->is_gone) {
        const enum fault fault = store_node(j->cx, j->drive->id, node->parent, &folder);
        if (fault != FAULT_NOT_FOUND)
            TRY(fault);
        actions = 0;
        if (fault == OK)
            TRY(access_to_node(j->cx, j->drive, &folder, &actions));
        seen->access = actions & ACTION_LIST ? 'y' : 'n';
    }
    *may = seen->access == 'y';
    if (*may)
        return OK;
    TRY(access_to_node(j->cx, j->drive, node, &actions));
    *may = actions & ACTION_LIST;
    return OK;
}

/* ---- what is asked ---- */

static bool words_hold(struct judge *j, const struct term_ready *t, str text, struct words_ready *ready)
{
    if (!t->words.count)
        return t->folded.n && name_contains(j->cx->arena, text, t->folded);
    if (ready->of != text.p)
        *ready = (struct words_ready){ text.p, words_of(j->cx->arena, text) };
    j->effort += (int64_t)(ready->words.count * t->words.count);
    return words_match(&ready->words, &t->words);
}

static bool text_holds(struct judge *j, const struct term_ready *t, str text, struct words_ready *ready)
{
    switch (t->term->compare) {
    case COMPARE_EQ:     return str_eq(name_nfc(j->cx->arena, text), t->text);
    case COMPARE_PREFIX: return str_starts(name_nfc(j->cx->arena, text), t->text);
    case COMPARE_MATCH:  return words_hold(j, t, text, ready);
    case COMPARE_LT:
    case COMPARE_GT:
    case COMPARE_LE:
    case COMPARE_GE:
    case COMPARE_IN: return false;
    }
    return false;
}

static enum fault parent_holds(struct judge *j, const struct term_ready *t, const struct node *node, bool *holds)
{
    const id parent = j->search->in_bin ? node->origin : node->parent;
    *holds = t->parent.v && parent.v == t->parent.v;
    return t->parent.v && j->search->recursive ? is_below(j, node, t->parent, holds) : OK;
}

static enum fault star_holds(struct judge *j, const struct condition *term, const struct node *node, bool *holds)
{
    bool starred = false;
    if (j->any_stars)
        TRY(store_star(j->cx, node->drive, node->id, j->cx->caller->user, &starred));
    *holds = condition_number(term, starred);
    return OK;
}

struct asked {
    struct judge      *judge;
    const struct node *node;
};

static enum fault term_holds(void *arg, const struct condition *term, bool *holds)
{
    struct asked            *asked = arg;
    struct judge            *j = asked->judge;
    const struct node       *n = asked->node;
    const struct term_ready *t = judge_term(j, term);
    const bool               is_file = n->kind == NODE_FILE;
    struct words_ready       extension = { 0 };
    *holds = false;
    j->effort++;
    switch ((enum search_field)term->field) {
    case SEARCH_NAME:        *holds = text_holds(j, t, n->name, &j->name); break;
    case SEARCH_DESCRIPTION: *holds = text_holds(j, t, n->description.p ? n->description : S(""), &j->description); break;
    case SEARCH_PARENT:      return parent_holds(j, t, n, holds);
    case SEARCH_KIND:        *holds = condition_number(term, n->kind); break;
    case SEARCH_SIZE:        *holds = condition_number(term, n->size); break;
    case SEARCH_CREATED:     *holds = condition_number(term, n->created.ms); break;
    case SEARCH_MODIFIED:    *holds = condition_number(term, n->modified.ms); break;
    case SEARCH_HIDDEN:      *holds = condition_number(term, n->hidden); break;
    case SEARCH_ALL:         *holds = term->number == 1; break;
    case SEARCH_CATEGORIES:  *holds = is_file && term->number >> n->category & 1; break;
    case SEARCH_STARRED:     return star_holds(j, term, n, holds);
    case SEARCH_TAGS:        *holds = j->search->tags_hold && j->search->tags_hold(j->cx, term, n->tags); break;
    case SEARCH_EXTENSION:   *holds = is_file && text_holds(j, t, name_extension(n->name), &extension); break;
    }
    return OK;
}

enum fault judge_node(struct judge *j, const struct node *node, bool *shown)
{
    struct asked asked = { j, node };
    j->name = j->description = (struct words_ready){ 0 };
    *shown = node->parent.v && (!j->search->in_bin || (node->trashed.ms && node->parent.v == j->drive->bin.v));
    if (*shown)
        TRY(condition_holds(j->search->condition, term_holds, &asked, shown));
    if (*shown && !j->search->in_bin)
        TRY(is_live(j, node, shown));
    return *shown ? may_see(j, node, shown) : OK;
}

enum fault judge_begin(struct cx *cx, const struct search *search, const struct drive *drive, struct judge *j)
{
    unsigned     actions;
    const size_t n = search->condition ? count_terms(search->condition) : 0;
    *j = (struct judge){ .cx = cx, .arena = cx->arena, .search = search, .drive = drive,
                         .terms = ARENA_MANY(cx->arena, struct term_ready, n + 1) };
    if (drive->status != STATUS_ENABLED)
        return fail(cx, FAULT_DISABLED, .thing = THING_DRIVE);
    if (search->condition)
        collect_terms(search->condition, j);
    qsort(j->terms, j->term_count, sizeof *j->terms, compare_terms);
    for (size_t i = 0; i < j->term_count; i++) {
        make_ready(j, &j->terms[i]);
        if (j->terms[i].term->field == SEARCH_STARRED && !j->any_stars)
            TRY(store_star_any(cx, drive->id, cx->caller->user, &j->any_stars));
    }
    TRY(access_to_drive(cx, drive, &actions));
    j->sees_all = actions & ACTION_LIST;
    if (search->in_bin && !j->sees_all)
        return fail(cx, FAULT_NOT_FOUND, .thing = THING_DRIVE);
    return OK;
}
