/* drive/app.h: apps: programs with a key and a secret, and perhaps a public key. */
#ifndef DRIVE_APP_H
#define DRIVE_APP_H

#include "base/cx.h"
#include "store/records.h"

enum { APP_REDIRECTS_MAX = 20, REDIRECT_URI_MAX = 2048 };

struct app_want {
    str name;       /* 1 to 64 bytes */
    id  user;       /* whom it acts as; none: for the domain */
    str public_key; /* PEM, for signed assertions, or S0 */
    int kind;       /* enum app_kind; 0: APP_JWT with a public key and no redirects, else APP_WEB */
    const str *redirects; /* where a browser may be sent back to: each redirect_uri_sound */
    size_t     redirect_count;
};

/* Makes an app with a random key (24 hex) and secret (48 hex), shown here only.
 * Faults INVALID, EXISTS (THING_APP). Thread writer. */
MUST_USE enum fault app_add(struct cx *cx, const struct app_want *want, struct app *out, str *secret);
MUST_USE enum fault app_get(struct cx *cx, id app, struct app *out); /* NOT_FOUND (THING_APP) */
MUST_USE enum fault app_find(struct cx *cx, str name_or_key, struct app *out);
MUST_USE enum fault app_secret(struct cx *cx, const struct app *app, str *secret);
MUST_USE enum fault app_list(struct cx *cx, struct list *out);
MUST_USE enum fault app_remove(struct cx *cx, id app);

/* Whether `given` is the app's secret; in a time that does not tell how much of it is right. */
MUST_USE enum fault app_knows_secret(struct cx *cx, const struct app *app, str given, bool *right);

/* ---- where a browser may be sent back to ---- */

/* An absolute URI of at most 2048 printable ASCII characters without a fragment: http or https with a host
 * and no user name, or a scheme of an app's own. Schemes that a browser runs or reads itself are none. */
bool redirect_uri_sound(str uri);

/* Whether this very URI is one that was registered for the app. */
bool app_redirects_to(const struct app *app, str uri);

#endif
