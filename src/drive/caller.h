/* drive/caller.h: who asks: from a token, an app's key, or a user's number to one principal.
 *
 * All doors end here. A principal is a user, or an app that acts for the whole domain (`user` is
 * none then). An app may also act as a user it names (DingTalk's unionId): the caller is then that
 * user with `app` set. */
#ifndef DRIVE_CALLER_H
#define DRIVE_CALLER_H

#include "base/cx.h"
#include "store/records.h"

struct caller {
    id      domain, user, app;
    str     public_id, name; /* of the user; S0 for an app */
    int     role;            /* enum role; an app of the domain counts as ROLE_SUPERADMIN */
    bool    by_app;          /* an app acts (its own token or signature), perhaps as a user */
    instant expires;         /* of the token; none when it does not end */
    str     token;           /* the token as it came, or S0 */
    str     scopes;          /* what the token is limited to, in words of the dialect that issued it; S0: nothing */
    str     share_token;     /* a share's token that came too, or S0: drive/share.h */
    bool    is_guest;        /* he has nothing but that; outside of the share he is nobody */
    const struct visit *visit; /* inside a share: he reaches nothing else. NULL outside */
};

/* The caller of an access token (also API keys with the prefix "uk-" and apps' tokens). Sliding
 * tokens get their time anew. The caller lives in cx->arena.
 *
 * Faults  UNAUTHENTICATED with how EXPIRED or UNKNOWN; also for disabled users, and for a token that is
 *         limited to scopes: only who can hold it to them may take it, by the second function
 * Thread  any, with a read connection */
MUST_USE enum fault caller_by_token(struct cx *cx, str token, struct caller **out);
MUST_USE enum fault caller_by_scoped_token(struct cx *cx, str token, struct caller **out);

/* An app by its key, with its secret in clear (in cx->arena). UNAUTHENTICATED, how UNKNOWN. */
struct app_secret {
    struct app app;
    str        secret;
};
MUST_USE enum fault caller_app(struct cx *cx, str key, struct app_secret *out);

/* The principal of an app whose signature or secret was checked: the app, or the user it is bound to. */
MUST_USE enum fault caller_of_app(struct cx *cx, const struct app *app, struct caller **out);

/* The user of a credential that was checked, and the app (or none) by which he came.
 *
 * Faults  UNAUTHENTICATED (THING_USER) he is gone or disabled */
MUST_USE enum fault caller_of_user(struct cx *cx, id user, id app, struct caller **out);

/* The user with this public id as the principal, on behalf of whom `by` acts. NOT_FOUND (THING_USER)
 * when there is none or he is disabled; FORBIDDEN when `by` is a user and another one. */
MUST_USE enum fault caller_as(struct cx *cx, const struct caller *by, str public_id, struct caller **out);

/* Superadmin or admin, or an app for the domain. */
bool caller_is_admin(const struct caller *caller);

#endif
