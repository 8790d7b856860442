#include "contract/keys.h"

#include <stdatomic.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"

enum { PLACES = 4096 }; /* far more than there are tables, so that one is found at once */

static _Atomic(const struct keys *) made[PLACES];

_Static_assert(offsetof(str, p) == 0 && offsetof(struct list, items) == 0 && sizeof(id) == 8 && sizeof(instant) == 8,
               "none is eight bytes of zero");

static enum omit omit_of(const struct field *field)
{
    switch (field->kind) {
    case KIND_STR:
    case KIND_ID:
    case KIND_INSTANT:
    case KIND_LIST:    return field->omit ? OMIT_ZERO : OMIT_NEVER;
    case KIND_BOOL:
    case KIND_INT:
    case KIND_INT64:   return field->omit ? OMIT_ABSENT : OMIT_NEVER;
    case KIND_OBJECT:  return OMIT_NEVER; /* known only once its members are printed */
    }
    return OMIT_NEVER;
}

static void key_make(const struct field *field, struct key *key)
{
    char      text[sizeof key->text] = "";
    const int n = snprintf(text, sizeof text, ",\"%s\":", field->name);
    *key = (struct key){ .field = field, .at = (uint32_t)field->at, .kind = (uint8_t)field->kind,
                         .omit = (uint8_t)omit_of(field) };
    memcpy(key->text, text, sizeof text);
    key->n = n <= KEY_ROOM ? (uint8_t)n : 0;
}

static struct keys *keys_make(const struct field *rows)
{
    size_t count = 0;
    for (const struct field *f = rows; f && f->name; f++)
        count += f->from == BODY;
    struct keys *keys = malloc(sizeof *keys + count * sizeof keys->items[0]);
    if (!keys)
        log_die("out of memory");
    keys->rows = rows;
    keys->count = 0;
    for (const struct field *f = rows; f && f->name; f++)
        if (f->from == BODY)
            key_make(f, &keys->items[keys->count++]);
    return keys;
}

const struct keys *keys_of(const struct field *rows)
{
    struct keys *mine = NULL;
    for (size_t at = (uintptr_t)rows / _Alignof(struct field) * 31 % PLACES;; at = (at + 1) % PLACES) {
        const struct keys *there = atomic_load_explicit(&made[at], memory_order_acquire);
        if (!there) {
            if (!mine)
                mine = keys_make(rows);
            if (atomic_compare_exchange_strong(&made[at], &there, mine))
                return mine;
        }
        if (there->rows == rows) {
            free(mine);
            return there;
        }
    }
}
