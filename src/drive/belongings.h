/* drive/belongings.h: what belongs to a user, as far as the caller may know.
 *
 * For administrators all of it; of oneself all; of anybody else no drives, and the teams that the caller sees.
 * At most BELONGINGS_MAX of each, by number. Thread any but a loop where it is asked for many. */
#ifndef DRIVE_BELONGINGS_H
#define DRIVE_BELONGINGS_H

#include "base/bind.h"
#include "base/cx.h"

enum { BELONGINGS_MAX = 100 };

/* The drives he owns; items are struct drive. */
MUST_USE enum fault belongings_drives(struct cx *cx, id user, struct list *out);

/* The teams he stands in directly; items are struct group. */
MUST_USE enum fault belongings_teams(struct cx *cx, id user, struct list *out);

#endif
