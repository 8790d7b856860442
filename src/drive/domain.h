/* drive/domain.h: the domain's settings, as they are now; the site keeps what never changes. */
#ifndef DRIVE_DOMAIN_H
#define DRIVE_DOMAIN_H

#include "base/cx.h"
#include "store/records.h"

MUST_USE enum fault domain_now(struct cx *cx, struct domain *out);

/* What is to be another one; S0, -1 and UNCHANGED leave a setting as it is. */
#define UNCHANGED INT64_MIN
struct domain_change {
    str     title, description;
    int     first_drive, single_drive; /* 0 or 1 */
    int64_t first_drive_quota, size_quota, user_quota;
};
/* For superadmins. A limit below what is there is allowed: nothing more comes then.
 * INVALID (domain_name, description, init_drive_size, size_quota, user_count_quota); FORBIDDEN. Thread writer. */
MUST_USE enum fault domain_change(struct cx *cx, const struct domain_change *change, struct domain *out);

/* Bytes used in all drives. One pass over the drives' rows. */
MUST_USE enum fault domain_used(struct cx *cx, int64_t *bytes);

#endif
