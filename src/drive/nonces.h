/* drive/nonces.h: what may be used once: signatures' nonces and replayed requests, for a while. */
#ifndef DRIVE_NONCES_H
#define DRIVE_NONCES_H

#include "base/cx.h"

struct nonces *nonces_new(void);
void           nonces_free(struct nonces **nonces);

/* True the first time within `ttl_ms`; false when seen already. Any thread; bounded memory (the oldest go
 * first). Per process. */
bool nonce_fresh(const struct cx *cx, str nonce, int64_t ttl_ms);

#endif
