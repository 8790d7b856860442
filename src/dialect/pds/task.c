/* dialect/pds/task.c: asynchronous tasks: /v2/async_task. */
#include "dialect/pds/inner.h"

const struct op pds_task_ops[] = {
    { 0 }
};
