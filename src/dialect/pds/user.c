/* dialect/pds/user.c: users: /v2/user. */
#include "dialect/pds/inner.h"

const struct op pds_user_ops[] = {
    { 0 }
};
