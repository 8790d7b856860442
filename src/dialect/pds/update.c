/* dialect/pds/update.c: metadata of files: update, tags, starred. */
#include "dialect/pds/inner.h"

const struct op pds_update_ops[] = {
    { 0 }
};
