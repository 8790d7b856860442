/* dialect/pds/delta.c: every entry of a drive and what changed in it: scan, get_last_cursor, list_delta. */
#include "dialect/pds/inner.h"

const struct op pds_delta_ops[] = {
    { 0 }
};
