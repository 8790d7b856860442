/* drive/ancestry.h: whether folders lie below a certain one, asked for many; inside drive/ only.
 *
 * Walks up, at most DEPTH_MAX steps, and remembers what it learned on the way, so that a page of nodes
 * that share their folders costs a few walks. */
#ifndef DRIVE_ANCESTRY_H
#define DRIVE_ANCESTRY_H

#include "drive/node.h"

enum below { BELOW_NO, BELOW_YES, BELOW_UNKNOWN /* a folder on the way is gone for good */ };

struct ancestry; /* in cx->arena */

/* Asks about `top`. A folder in the bin counts as where it came from with `through_bin`, else as not below. */
struct ancestry *ancestry_new(struct cx *cx, const struct drive *drive, id top, bool through_bin);

/* Whether `folder` is the top or below it. */
MUST_USE enum fault ancestry_of(struct cx *cx, struct ancestry *a, id folder, enum below *out);

#endif
