/* A content store that passes all to another and fails at its n-th call. */
#ifndef TEST_CONTENT_FAILING_H
#define TEST_CONTENT_FAILING_H

#include "content/driver.h"

/* inner is given. fail_at counts calls of sinks, reads, removals and walks from 1; 0: never. */
struct content *failing_new(struct content *inner, int fail_at);

#endif
