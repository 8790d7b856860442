/* dialect/pds/group.c: groups: /v2/group. */
#include "dialect/pds/inner.h"

const struct op pds_group_ops[] = {
    { 0 }
};
