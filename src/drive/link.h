/* drive/link.h: signed upload and download URLs: made and checked here, nowhere else.
 *
 * Path and query: /data/upload or /data/download with each parameter once, in a fixed order, and last
 * the signature, HMAC-SHA-256 over the method class, path and parameters with the server's key. A URL
 * carries who asked: at use the same access decision is taken again, so revoking works at once. */
#ifndef DRIVE_LINK_H
#define DRIVE_LINK_H

#include "drive/caller.h"

enum link_kind { LINK_UPLOAD = 1, LINK_DOWNLOAD };

struct link {
    enum link_kind kind;
    int     dialect;     /* enum link_dialect: whose error form and rules */
    id      drive, node, upload, revision;
    id      task;        /* downloads: what it made, instead of a node */
    int     part;
    id      user, app;   /* who asked */
    id      share;       /* through which he did, or none */
    int64_t edition;     /* of that share's password then */
    instant expires;
    str     file_name, media_type; /* downloads: overrides, or S0 */
    str     part_type;   /* uploads: the Content-Type that must come, or S0 */
    str     part_md5;    /* uploads: Content-MD5 announced (base64), or S0 */
};

enum link_dialect { LINK_PDS = 1, LINK_DINGTALK, LINK_KOODRIVE };

/* An absolute URL (cx->base_url in front), in cx->arena. user, app, share and edition come from
 * cx->caller. */
str link_url(struct cx *cx, const struct link *link);

/* Reads path and query of a request. INVALID when altered, incomplete or not ours; UNAUTHENTICATED with
 * how EXPIRED when too old (out->dialect is set then). */
MUST_USE enum fault link_read(struct cx *cx, str path, str query, struct link *out);

/* The principal who asked for the link, as he is now. UNAUTHENTICATED when gone or disabled. */
MUST_USE enum fault link_caller(struct cx *cx, const struct link *link, struct caller **out);

#endif
