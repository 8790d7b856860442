/* dialect/pds/domain.c: domains: /v2/domain. */
#include "dialect/pds/inner.h"

const struct op pds_domain_ops[] = {
    { 0 }
};
