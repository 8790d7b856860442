#include "drive/gate.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "base/log.h"

struct gate {
    atomic_int free;
};

struct gate *gate_new(int room)
{
    struct gate *gate = calloc(1, sizeof *gate);
    if (!gate)
        log_die("out of memory");
    atomic_init(&gate->free, room);
    return gate;
}

void gate_free(struct gate **gate)
{
    free(*gate);
    *gate = NULL;
}

bool gate_enter(struct gate *gate)
{
    if (atomic_fetch_sub(&gate->free, 1) > 0)
        return true;
    atomic_fetch_add(&gate->free, 1);
    return false;
}

void gate_leave(struct gate *gate)
{
    atomic_fetch_add(&gate->free, 1);
}
