/* dialect/pds/consent.h: the page on which a person signs in for an app, and what guards its form.
 *
 * Server-made HTML without script. The form carries a ticket: a MAC over a random value that the browser
 * keeps in a cookie, over what the page shows, and an end. Another site can neither read the page nor
 * send a form that fits the cookie, so nobody is signed in, and nothing is allowed, without having seen it. */
#ifndef DIALECT_PDS_CONSENT_H
#define DIALECT_PDS_CONSENT_H

#include "contract/contract.h"

struct consent {
    str  app_name, client_id, redirect_uri, login_type, response_type, scopes, state; /* scopes S0: all */
    bool hide_consent;
    str  cookie;  /* the browser's, from consent_cookie */
    str  account; /* typed before, or S0 */
    const char *message; /* what was wrong with it, or NULL */
};

/* The value of our cookie in a Cookie header, or a new one; `set_cookie` is then the header that sets it,
 * else S0. In cx->arena. */
str consent_cookie(struct cx *cx, str header, str *set_cookie);

/* The page. In cx->arena. */
str consent_page(struct cx *cx, const struct consent *consent);

/* Whether the form with this ticket came from that page, not more than 15 minutes ago. */
bool consent_ticket_fits(struct cx *cx, const struct consent *consent, str ticket);

/* The Content-Security-Policy of a page that may be sent on to `redirect_uri` (S0: nowhere). */
str consent_policy(struct cx *cx, str redirect_uri);

/* A page that says what was wrong, for who is not sent back to an app. */
void consent_error_page(str code, str message, struct text *out);

#endif
