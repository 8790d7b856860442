/* dialect/data/ranges.h: which bytes of a file go out. */
#ifndef DIALECT_DATA_RANGES_H
#define DIALECT_DATA_RANGES_H

#include "dialect/data/rules.h"
#include "http/http.h"

enum { DATA_RANGES_MAX = 32 };

/* Reads a Range header by the vendor's rules. `standard`: the request had x-oss-range-behavior:
 * standard. */
enum http_range_result data_ranges(const struct data_rules *rules, str header, bool standard,
                                   uint64_t size, struct http_range *ranges, size_t *count);

#endif
