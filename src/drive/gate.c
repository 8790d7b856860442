#include "drive/gate.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "base/log.h"

struct gate {
    atomic_bool taken;
};

struct gate *gate_new(void)
{
    struct gate *gate = calloc(1, sizeof *gate);
    if (!gate)
        log_die("out of memory");
    return gate;
}

void gate_free(struct gate **gate)
{
    free(*gate);
    *gate = NULL;
}

bool gate_enter(struct gate *gate)
{
    return !atomic_exchange(&gate->taken, true);
}

void gate_leave(struct gate *gate)
{
    atomic_store(&gate->taken, false);
}
