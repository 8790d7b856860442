/* dialect/pds/search.c: searches over files and the recycle bin. */
#include "dialect/pds/inner.h"

const struct op pds_search_ops[] = {
    { 0 }
};
