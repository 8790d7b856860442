/* dialect/pds/batch.c: several calls in one: /v2/batch. */
#include "dialect/pds/inner.h"

const struct op pds_batch_ops[] = {
    { 0 }
};
