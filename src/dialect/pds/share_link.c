/* dialect/pds/share_link.c: share links: /v2/share_link. */
#include "dialect/pds/inner.h"

const struct op pds_share_link_ops[] = {
    { 0 }
};
