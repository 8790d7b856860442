/* store/profiles.h: rows of what users are told beyond what every request needs of them.
 *
 * A row of its own, so that finding a token's user never reads a picture. One who was made without has
 * none: then all of it is empty. */
#ifndef STORE_PROFILES_H
#define STORE_PROFILES_H

#include "base/cx.h"
#include "store/records.h"

struct person {
    struct user user;
    id          creator;
    str         nick, avatar, phone_region;
    str         extra; /* a JSON object, or S0 */
};

/* NOT_FOUND without a note. */
MUST_USE enum fault store_person(struct cx *cx, id user, struct person *out);

/* Creator and all texts; a new row or in the place of the old one. */
MUST_USE enum fault store_profile_put(struct cx *cx, const struct person *person);
MUST_USE enum fault store_profile_remove(struct cx *cx, id user);

/* Users by number after `after`; each() as in store_each, `row` a struct person. */
struct people_from {
    id  domain, after;
    int limit;
    str name, nick; /* these exactly, by an index; S0: any. At most one of the two */
};
MUST_USE enum fault store_people_each(struct cx *cx, const struct people_from *from, bool (*each)(void *arg, void *row),
                                      void *arg);

#endif
