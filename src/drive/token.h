/* drive/token.h: tokens: 48 lower-case hex characters, stored hashed.
 *
 * What one sign-in gave is a family: its access token, its refresh token, and those that came of
 * refreshing. A refresh token or code is good once. One that comes a second time is in two hands, so its
 * whole family ends. */
#ifndef DRIVE_TOKEN_H
#define DRIVE_TOKEN_H

#include "base/cx.h"
#include "store/records.h"

struct token_want {
    id      user, app; /* one of them, or both: a user's token that an app got and that ends with the app */
    int     kind;      /* enum token_kind */
    int64_t ttl_s;     /* 0: does not end */
    bool    sliding;
    str     scopes;    /* what it is limited to, words of the dialect that issues it, blanks between; S0: nothing */
};
/* Thread writer. Faults NOT_FOUND, DISABLED user. TOKEN_API_KEY texts begin with "uk-". */
MUST_USE enum fault token_issue(struct cx *cx, const struct token_want *want, str *text);

/* The app's token while it lives, with its time started anew, or a new one (TOKEN_APP). Thread writer. */
MUST_USE enum fault token_of_app(struct cx *cx, id app, int64_t ttl_s, str *text);

/* An access token and a refresh token that belong together. */
struct token_pair {
    str     access, refresh;
    int64_t ttl_s; /* of the access token; the refresh token lasts 30 days */
    instant issued;
};
MUST_USE enum fault token_pair_issue(struct cx *cx, id user, int64_t ttl_s, bool sliding, struct token_pair *out);

/* The same with all that may be wished for; `want->kind` is ignored. A family of ID_NONE is a new one. */
MUST_USE enum fault token_pair_grant(struct cx *cx, const struct token_want *want, id family, struct token_pair *out);

/* Trades a user's refresh token for a new pair; the old two end. UNAUTHENTICATED (refresh_token) for one that
 * an app got, too, and where the token was traded before: then its family ends, and cx->refusal_stands.
 * Thread writer. */
MUST_USE enum fault token_pair_refresh(struct cx *cx, str refresh, int64_t ttl_s, bool sliding, struct token_pair *out,
                                       id *user);

/* The same for the app that asks, with what the old pair was for in `was` (user, app, scopes). A token of
 * another app is UNAUTHENTICATED and stays as it is; `app` none: any app's or none's. */
MUST_USE enum fault token_pair_renew(struct cx *cx, str refresh, id app, int64_t ttl_s, struct token_pair *out,
                                     struct token *was);

/* The refresh token's row, without using it. UNAUTHENTICATED (refresh_token). Any thread. */
MUST_USE enum fault token_refresh_find(struct cx *cx, str refresh, struct token *out);

/* Ends a token and its twin. NOT_FOUND. Thread writer. */
MUST_USE enum fault token_revoke(struct cx *cx, str text);

/* Ends a token and all of its family. NOT_FOUND. Thread writer. */
MUST_USE enum fault token_family_revoke(struct cx *cx, str text);

/* ---- codes: what a browser carries from the sign-in to the app, 5 minutes, once ---- */

enum { CODE_TTL_S = 300 };

struct code_want {
    id  user, app;
    str redirect_uri; /* must come again with the code */
    str scopes;       /* as of token_want */
    str state;        /* the app's own, to be told with the tokens */
};
/* Thread writer. */
MUST_USE enum fault code_issue(struct cx *cx, const struct code_want *want, str *text);

/* Trades a code for a pair. UNAUTHENTICATED (code) when it is unknown, old, another app's, or for another
 * redirect URI; or used before: then what it gave ends, and cx->refusal_stands. Thread writer. */
MUST_USE enum fault code_redeem(struct cx *cx, str code, id app, str redirect_uri, int64_t ttl_s, struct token_pair *out,
                                struct code_want *was);

#endif
