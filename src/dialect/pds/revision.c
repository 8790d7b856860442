/* dialect/pds/revision.c: revisions of a file: /v2/file/revision. */
#include "dialect/pds/inner.h"

const struct op pds_revision_ops[] = {
    { 0 }
};
