/* dialect/pds/role.c: role assignments: /v2/role. */
#include "dialect/pds/inner.h"

const struct op pds_role_ops[] = {
    { 0 }
};
