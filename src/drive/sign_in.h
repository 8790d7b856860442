/* drive/sign_in.h: what somebody who has signed in is told about the account. */
#ifndef DRIVE_SIGN_IN_H
#define DRIVE_SIGN_IN_H

#include "base/cx.h"
#include "store/profiles.h"

struct sign_in {
    struct person person;
    struct list   links;    /* of struct account, oldest first */
    bool          is_first; /* nobody has signed in as this user before */
};

/* Reads it; and notes the sign-in when it is a new one rather than a session that goes on.
 * NOT_FOUND (THING_USER). Thread writer. */
MUST_USE enum fault sign_in_tell(struct cx *cx, id user, bool is_new, struct sign_in *out);

#endif
