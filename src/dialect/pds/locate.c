/* dialect/pds/locate.c: finding one file and its bytes: get_by_path, download, pre_create_check. */
#include "dialect/pds/inner.h"

const struct op pds_locate_ops[] = {
    { 0 }
};
