/* base/bind.h: binds a struct member to a row of a table: its place and its kind, from its C type.
 *
 * The same macro serves JSON fields, query strings and SQL rows. A member of a type that no kind
 * stands for does not compile. */
#ifndef BASE_BIND_H
#define BASE_BIND_H

#include "base/types.h"

/* Several of something, each `size` bytes as its shape says. items == NULL: not given. */
struct list {
    void  *items;
    size_t count;
};

enum kind {
    KIND_BOOL = 1,
    KIND_INT,
    KIND_INT64,
    KIND_STR,
    KIND_ID,
    KIND_INSTANT,
    KIND_LIST,
    KIND_OBJECT, /* a struct inside the struct, by WITHIN */
};

#define KIND_OF(member)              \
    _Generic((member), bool: KIND_BOOL, int: KIND_INT, int64_t: KIND_INT64, str: KIND_STR, \
             id: KIND_ID, instant: KIND_INSTANT, struct list: KIND_LIST)

/* Two values of a row: the offset of `member` in `type`, and its kind. */
#define AT(type, member) offsetof(type, member), KIND_OF(((type *)0)->member)
#define WITHIN(type, member) offsetof(type, member), KIND_OBJECT

#endif
