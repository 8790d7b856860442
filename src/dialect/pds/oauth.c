/* dialect/pds/oauth.c: authorization codes, refresh, JWT grants: /v2/oauth, /v2/account/token. */
#include "dialect/pds/inner.h"

const struct op pds_oauth_ops[] = {
    { 0 }
};
