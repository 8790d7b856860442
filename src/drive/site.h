/* drive/site.h: what is the same for all requests of one running program: keys, content, settings.
 *
 * Made once at start (site_open), read by all threads. cx->site points here. */
#ifndef DRIVE_SITE_H
#define DRIVE_SITE_H

#include "base/cx.h"
#include "base/workers.h"
#include "content/content.h"
#include "store/records.h"

/* How much one archive may make: drive/unpack.h. */
struct unpack_limits {
    int64_t entries, listed; /* in it; and to be shown in a list */
    int64_t bytes;           /* unpacked, in all */
    int64_t spare, ratio;    /* past `spare` bytes at most `ratio` times as many as the archive has */
};

struct site {
    struct domain   domain;   /* the one this server serves */
    str             sign_key; /* links */
    str             cursor_key;
    str             seal_key; /* app secrets, app tokens */
    struct content *content;
    struct store   *store;
    struct hashing *hashing;  /* drive/hashing.h */
    struct guesses *guesses;  /* drive/guesses.h */
    struct gate    *heavy_searches; /* drive/gate.h: of drive/search.c */
    struct gate    *unpackings;     /* of drive/unpack.c */
    struct nonces  *nonces;   /* drive/nonces.h */
    struct workers *workers;  /* for reading back ahead of need, set after site_open; or NULL */
    struct tasks   *tasks;    /* drive/task.h; NULL where none run */
    int64_t         link_ttl_s;    /* of signed URLs where the vendor says nothing: 900 */
    int64_t         upload_ttl_ms; /* open uploads: 10 days */
    int64_t         grace_ms;      /* unreferenced content stays this long */
    int             woven_folders_max; /* drive/weave.h: of more, a search by size or name reads the whole drive */
    struct unpack_limits unpack;
};

/* Derives the keys from `key` (KEY_BYTES that are not all zero; FAULT_INVALID otherwise), reads the
 * domain's row. Everything lives in cx->arena, which the caller keeps as long as the site. */
MUST_USE enum fault site_open(struct cx *cx, str key, struct store *store, struct content *content,
                              struct site *out);
void                site_close(struct site *site);

/* Fills a fresh store: the domain, its superadmin (password_hash from password_hash(), or S0), the group
 * of all users and the all-staff drive. EXISTS (THING_DOMAIN) when there is a domain. Thread writer. */
MUST_USE enum fault site_found(struct cx *cx, str domain_name, str superadmin_password_hash);

#endif
