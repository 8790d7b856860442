/* admin/seed.h: what a demo begins with: two users, a team, a shared folder and a few files. */
#ifndef ADMIN_SEED_H
#define ADMIN_SEED_H

#include "base/cx.h"

/* Fills a fresh domain. Thread writer; cx->caller is the domain's own. */
MUST_USE enum fault seed_demo(struct cx *cx);

/* The two users' names. */
#define SEED_ANN "ann"
#define SEED_BOB "bob"

#endif
