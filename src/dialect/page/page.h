/* dialect/page/page.h: the small page at GET /: what runs here and how to get at it. No script. */
#ifndef DIALECT_PAGE_PAGE_H
#define DIALECT_PAGE_PAGE_H

#include "contract/contract.h"

/* Writes the page. `dialects` ends with NULL; `base_url` is how the client reached us. */
void page_write(const struct dialect *const *dialects, str base_url, str version, struct text *out);

/* The Content-Security-Policy that allows this page's own style and nothing else; in the arena. */
str page_policy(struct arena *arena);

#endif
