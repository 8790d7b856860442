/* dialect/data/conditions.h: If-Match and its like (RFC 9110, section 13). */
#ifndef DIALECT_DATA_CONDITIONS_H
#define DIALECT_DATA_CONDITIONS_H

#include "base/types.h"

/* What a representation is known by. */
struct validators {
    str     etag; /* strong, with its quotes */
    instant modified;
};

/* The headers as they came; S0 when absent. */
struct preconditions {
    str if_match, if_none_match, if_modified_since, if_unmodified_since;
};

enum verdict { VERDICT_SEND, VERDICT_NOT_MODIFIED, VERDICT_FAILED };

/* In the RFC's order: a validator by ETag outweighs the date beside it; a malformed date is
 * ignored. */
enum verdict preconditions_judge(const struct preconditions *asked, const struct validators *have);

/* Whether a Range beside this If-Range may be served: only when it names exactly what we have. */
bool if_range_holds(str if_range, const struct validators *have);

#endif
