/* dialect/pds/archive.c: packing files: /v2/file/archive_files. */
#include "dialect/pds/inner.h"

const struct op pds_archive_ops[] = {
    { 0 }
};
