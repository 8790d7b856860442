/* base/arena.h: memory that lives as long as one request.
 *
 * arena_make never returns NULL: the contract's limits bound what one request can ask for, and a
 * machine that is truly out of memory ends the process with a line in the log. */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include "base/types.h"

struct arena;

/* A new, empty arena. Closer: arena_free. */
struct arena *arena_new(void);
void          arena_free(struct arena **arena);

/* Forgets all that was made, keeps the first block. */
void arena_reset(struct arena *arena);

/* Zeroed memory, aligned for any type; gone with the arena. */
void *arena_make(struct arena *arena, size_t size);
/* The same with whatever bytes are there: for what is filled before it is read. */
void *arena_room(struct arena *arena, size_t size);
#define ARENA_NEW(arena, type) ((type *)arena_make((arena), sizeof(type)))
#define ARENA_MANY(arena, type, count) ((type *)arena_make((arena), sizeof(type) * (count)))

/* Copies into the arena. arena_z gives a C string (NUL-terminated copy). S0 stays S0. */
str         arena_copy(struct arena *arena, str s);
const char *arena_z(struct arena *arena, str s);

/* All of them, one after the other. */
str arena_join(struct arena *arena, const str *parts, size_t count);

/* printf into the arena. */
str arena_print(struct arena *arena, const char *format, ...) PRINTF_LIKE(2, 3);

/* The decimal digits of a number: what most ids become, so without printf. */
str arena_decimal(struct arena *arena, uint64_t value);

/* Bytes handed out so far; for tests that keep costs honest. */
size_t arena_used(const struct arena *arena);

#endif
