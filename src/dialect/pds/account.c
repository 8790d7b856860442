/* dialect/pds/account.c: accounts linked to a user: /v2/account. */
#include "dialect/pds/inner.h"

const struct op pds_account_ops[] = {
    { 0 }
};
