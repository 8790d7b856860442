/* dialect/pds/permission.c: permissions on files. */
#include "dialect/pds/inner.h"

const struct op pds_permission_ops[] = {
    { 0 }
};
