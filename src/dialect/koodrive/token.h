/* dialect/koodrive/token.h: the token inside an Authorization header.
 *
 * The vendor's pages write `Bearer+TOKEN` and `AT+TOKEN`, return `AT TOKEN`, and show a bare token copied
 * from a cookie; clients put what they were given behind a scheme once more. */
#ifndef DIALECT_KOODRIVE_TOKEN_H
#define DIALECT_KOODRIVE_TOKEN_H

#include "base/types.h"

struct koodrive_token {
    str         token;   /* never decoded itself; empty when there is none */
    const char *lenient; /* the evidence for a form beyond scheme, one blank or '+', token; or NULL */
};

struct koodrive_token koodrive_read_token(str authorization);

#endif
