/* drive/person.h: users as administrators and they themselves see and change them.
 *
 * A user sees and changes himself, in part. Administrators see all, and change those of a lower role;
 * superadmins change all. Who was assigned a group to administer sees all, to find its members. To anybody else
 * another user is not there. */
#ifndef DRIVE_PERSON_H
#define DRIVE_PERSON_H

#include "drive/caller.h"
#include "store/profiles.h"

enum { PERSON_GROUPS_MAX = 100, PHONE_MAX = 32, EMAIL_MAX = 256 };

struct person_want {
    str  public_id, name, nick, avatar, phone, phone_region, email, description, extra; /* S0: none */
    str  password_hash; /* from password_hash(), or S0 */
    int  role, status;  /* 0: an enabled user */
    struct list groups; /* struct { str number }: teams he becomes an ordinary member of */
    bool with_drive, has_drive_quota;
    int64_t drive_quota;
    int  link_kind;     /* enum account_kind: how he signs in elsewhere; 0: no link */
    str  link_identity, link_extra, link_shown;
};
/* For administrators; only superadmins make administrators.
 * Faults  EXISTS (THING_USER) public id, phone, email or link; NOT_FOUND (THING_GROUP); QUOTA (THING_USER);
 *         INVALID; FORBIDDEN.  Thread writer */
MUST_USE enum fault person_create(struct cx *cx, const struct person_want *want, struct person *out);

/* Whether the caller changes and removes this user, and gets tokens of his: superadmins do of all, administrators of
 * lower roles and of themselves. */
bool person_may_rule(const struct cx *cx, const struct user *user);

/* By public id; S0 is the caller: INVALID (user_id) where he is none. NOT_FOUND (THING_USER). */
MUST_USE enum fault person_get(struct cx *cx, str public_id, struct person *out);

/* One whose number the caller was given in a list that he may see; phone, email and data only where he might
 * look the user up as well. NOT_FOUND (THING_USER). */
MUST_USE enum fault person_of_number(struct cx *cx, id user, struct person *out);

/* What is to be another one; S0, 0 and no list leave it as it is, "" takes a text away. */
struct person_change {
    str nick, avatar, description;             /* of oneself too */
    str phone, phone_region, email, extra;     /* by administrators */
    int status;                                /* by administrators */
    int role;                                  /* by superadmins */
    struct list groups;                        /* by administrators: exactly these teams */
};
/* CONFLICT where the last superadmin would go. Disabling ends all tokens. Thread writer. */
MUST_USE enum fault person_change(struct cx *cx, str public_id, const struct person_change *change, struct person *out);

/* CONFLICT while the user owns drives, and for the last superadmin. Thread writer. */
MUST_USE enum fault person_remove(struct cx *cx, str public_id);

struct person_query {
    str         name, nick, email, phone; /* exactly; S0: any */
    str         nick_part;                /* without regard to case */
    int         role, status, limit;
    str         cursor;
    const char *cursor_field;
};
struct person_page {
    struct list people; /* struct person */
    str         next;
};
/* By number. A page of large pictures may be shorter than `limit`. FORBIDDEN for plain users. */
MUST_USE enum fault person_search(struct cx *cx, const struct person_query *query, struct person_page *out);

#endif
