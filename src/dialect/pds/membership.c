/* dialect/pds/membership.c: the older membership calls: /v2/membership. */
#include "dialect/pds/inner.h"

const struct op pds_membership_ops[] = {
    { 0 }
};
