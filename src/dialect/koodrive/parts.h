/* dialect/koodrive/parts.h: MultiPartInfo: the parts of an upload as asked for, and with their URLs.
 *
 * Source: Creating a File, 2026-05; Obtaining Multipart Upload URLs, 2026-05 */
#ifndef DIALECT_KOODRIVE_PARTS_H
#define DIALECT_KOODRIVE_PARTS_H

#include "dialect/koodrive/inner.h"
#include "drive/upload.h"

/* Of a request. */
struct koodrive_part {
    int         number;
    int64_t     size, offset; /* offset -1: not given */
    struct list hash_context; /* eight words: the digest's state before the part */
};
extern const struct shape koodrive_part_shape;

/* Of an answer. */
struct koodrive_part_url {
    int     number;
    int64_t size, offset;
    str     part_id, url;
};
extern const struct shape koodrive_part_url_shape;

/* Part bodies are long lists; a request with all of them and their digest states fits. */
enum { KOODRIVE_PARTS_BODY_MAX = 4 * 1024 * 1024 };

/* Sees that numbers are given once, that all but the last have 5 MiB, that they do not exceed `length`,
 * and what parallel mode asks for. INVALID with the member's name. */
MUST_USE enum fault koodrive_check_parts(struct cx *cx, const struct list *parts, int64_t length);

/* URLs that live an hour, for the parts given, or, when none are, for as few parts as `length` needs. */
struct list koodrive_part_urls(struct cx *cx, const struct upload *upload, const struct list *parts,
                               int64_t length);

#endif
