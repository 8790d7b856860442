/* drive/user.h: people: users, passwords. Groups are in drive/group.h, apps in drive/app.h, tokens in
 * drive/token.h. */
#ifndef DRIVE_USER_H
#define DRIVE_USER_H

#include "drive/app.h"
#include "drive/caller.h"
#include "drive/token.h"

/* ---- users ---- */

struct user_want {
    str  login;     /* 1 to 64 characters, not all digits, no control characters or blanks at the ends; S0: made
                       of the name or the public id */
    str  public_id; /* S0: the number in decimal; else 1 to 64 characters without '#' */
    str  name;      /* display name; S0: the login */
    str  phone, email, description;
    int  role;      /* enum role; 0: ROLE_USER */
    int  status;    /* enum status; 0: STATUS_ENABLED */
    str  password_hash; /* from password_hash(), or S0 */
    bool with_drive;    /* also a personal drive, their default; where the domain says so, in any case */
    bool has_drive_quota; /* else the quota that the domain gives first drives */
    int64_t drive_quota;
};
/* Faults EXISTS (THING_USER) login, public id, phone, email or a group of that name taken; INVALID; QUOTA
 *        (THING_USER) more users than the domain may have. Thread writer. */
MUST_USE enum fault user_add(struct cx *cx, const struct user_want *want, struct user *out);

/* By number, public id, login. NOT_FOUND. `text` may be a login, public id or number, in this order. */
MUST_USE enum fault user_get(struct cx *cx, id user, struct user *out);
MUST_USE enum fault user_find(struct cx *cx, str text, struct user *out);

/* By public id only, as clients name users. NOT_FOUND. */
MUST_USE enum fault user_by_public_id(struct cx *cx, str public_id, struct user *out);

/* By login, phone or email, own or linked, for signing in. */
MUST_USE enum fault user_by_account(struct cx *cx, str account, struct user *out);

MUST_USE enum fault user_set_password(struct cx *cx, id user, str password_hash);
/* Disabling ends all tokens of the user. */
MUST_USE enum fault user_set_status(struct cx *cx, id user, enum status status);
/* CONFLICT when there would be no enabled superadmin without this one. */
MUST_USE enum fault user_check_not_last(struct cx *cx, id user);
/* Removes a user who owns no drive (CONFLICT otherwise; not the last superadmin). */
MUST_USE enum fault user_remove(struct cx *cx, id user);

/* All users by number; items are struct user. */
MUST_USE enum fault user_list(struct cx *cx, id after, int limit, struct list *out);

/* public id and display name of a user, remembered for the request; "system" for none. Gives empty
 * texts for a user who is gone. */
struct user_label {
    str public_id, name;
};
MUST_USE enum fault user_label(struct cx *cx, id user, struct user_label *out);

/* ---- passwords: argon2id, t=2, m=19 MiB; slow, so on a worker, never on a loop or the writer ---- */
str  password_hash(struct arena *arena, str password);
bool password_matches(str encoded, str password); /* an empty `encoded` costs the same and is false */

/* Signs in by account and password: the user, or UNAUTHENTICATED (the same answer and the same time for
 * an unknown account, a wrong password and a disabled user), THROTTLED after too many wrong guesses
 * (drive/guesses.h). Thread worker, read connection. */
MUST_USE enum fault user_sign_in(struct cx *cx, str account, str password, struct user *out);


#endif
