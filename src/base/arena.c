#include "base/arena.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/log.h"
#include "base/text.h"

enum { FIRST_BLOCK = 8 * 1024, ALIGNMENT = 16 };

struct block {
    struct block *older;
    size_t        size, used;
    _Alignas(ALIGNMENT) char bytes[];
};

struct arena {
    struct block *newest;
    size_t        used;
};

static struct block *block_new(size_t size, struct block *older)
{
    struct block *b = malloc(sizeof *b + size);
    if (!b)
        log_die("out of memory");
    b->older = older;
    b->size = size;
    b->used = 0;
    return b;
}

struct arena *arena_new(void)
{
    struct block *b = block_new(FIRST_BLOCK, NULL);
    struct arena *arena = (struct arena *)(void *)b->bytes;
    b->used = (sizeof *arena + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    arena->newest = b;
    arena->used = 0;
    return arena;
}

/* The arena itself lives in its oldest block, so that goes last. */
void arena_free(struct arena **arena)
{
    if (!*arena)
        return;
    for (struct block *b = (*arena)->newest, *older; b; b = older) {
        older = b->older;
        free(b);
    }
    *arena = NULL;
}

void arena_reset(struct arena *arena)
{
    struct block *b = arena->newest;
    for (struct block *older; (older = b->older); b = older)
        free(b);
    b->used = (sizeof *arena + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    arena->newest = b;
    arena->used = 0;
}

/* As arena_make, but not zeroed. */
static void *take(struct arena *arena, size_t size)
{
    const size_t  room = (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    struct block *b = arena->newest;

    if (room < size)
        log_die("out of memory");
    if (b->size - b->used < room) {
        size_t want = b->size < 256 * 1024 ? b->size * 2 : b->size;
        if (want < room)
            want = room;
        b = arena->newest = block_new(want, b);
    }
    void *made = b->bytes + b->used;
    b->used += room;
    arena->used += room;
    return made;
}

void *arena_make(struct arena *arena, size_t size)
{
    return memset(take(arena, size), 0, size);
}

void *arena_room(struct arena *arena, size_t size)
{
    return take(arena, size);
}

str arena_copy(struct arena *arena, str s)
{
    if (!s.p)
        return S0;
    char *copy = take(arena, s.n + 1);
    memcpy(copy, s.p, s.n);
    copy[s.n] = '\0';
    return (str){ copy, s.n };
}

str arena_join(struct arena *arena, const str *parts, size_t count)
{
    size_t n = 0;
    for (size_t i = 0; i < count; i++)
        n += parts[i].n;
    char *const joined = take(arena, n + 1);
    char       *p = joined;
    for (size_t i = 0; i < count; i++) {
        if (parts[i].n)
            memcpy(p, parts[i].p, parts[i].n);
        p += parts[i].n;
    }
    *p = '\0';
    return (str){ joined, n };
}

const char *arena_z(struct arena *arena, str s)
{
    return s.p ? arena_copy(arena, s).p : "";
}

/* Nearly all that is printed is short: then once is enough. */
str arena_print(struct arena *arena, const char *format, ...)
{
    char    small[256];
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    const int n = vsnprintf(small, sizeof small, format, args);
    va_end(args);
    char *text = take(arena, (size_t)n + 1);
    if ((size_t)n < sizeof small)
        memcpy(text, small, (size_t)n + 1);
    else
        vsnprintf(text, (size_t)n + 1, format, again);
    va_end(again);
    return (str){ text, (size_t)n };
}

str arena_decimal(struct arena *arena, uint64_t value)
{
    char digits[20], *const end = digits + sizeof digits;
    char *const p = digits_before(end, value);
    return arena_copy(arena, (str){ p, (size_t)(end - p) });
}

size_t arena_used(const struct arena *arena)
{
    return arena->used;
}
