/* drive/check.h: whether the store keeps its promises: the invariants I1 to I6, I8 and, of the words that
 * searches use, I10. */
#ifndef DRIVE_CHECK_H
#define DRIVE_CHECK_H

#include "base/cx.h"

struct check_options {
    bool content; /* read every chunk and compare its SHA-256 */
    bool repair;  /* mend counts; remove files nobody refers to. Needs the writer's connection */
};

typedef void check_found(void *arg, const char *invariant, str sentence);

/* Calls found() for every finding. On a quiet or a running store: what changes meanwhile within the grace
 * time is not a finding. With repair: inside a change (writer).
 * Faults  UNAVAILABLE when the store or the content cannot be read at all */
MUST_USE enum fault check_run(struct cx *cx, const struct check_options *options, check_found *found, void *arg);

#endif
