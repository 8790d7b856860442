/* dialect/pds/change.c: move, copy, delete: /v2/file. */
#include "dialect/pds/inner.h"

const struct op pds_change_ops[] = {
    { 0 }
};
