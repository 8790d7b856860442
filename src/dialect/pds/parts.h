/* dialect/pds/parts.h: part_info_list, as asked for and as answered, of create and get_upload_url.
 *
 * Clients choose the boundaries of the parts; the answer has one signed URL for each number asked for.
 * The hash contexts of parallel uploads are read and checked in form, and not needed: the server hashes
 * what arrives in any order.
 *
 * Source  PDS API reference, CreateFile, GetUploadUrl; structure UploadPartInfo */
#ifndef DIALECT_PDS_PARTS_H
#define DIALECT_PDS_PARTS_H

#include "dialect/pds/inner.h"
#include "drive/upload.h"

/* A list of 10,000 parts with two hash contexts each comes to some 5 MB of JSON. */
#define PDS_PARTS_BODY_MAX ((size_t)8 << 20)

struct pds_hash_context {
    struct list h; /* struct { int64_t } */
    int64_t     part_offset;
};
struct pds_part_asked {
    int part_number; /* 0: not said, by place */
    str content_md5, content_type;
    struct pds_hash_context sha1, sha256;
};
extern const struct shape pds_part_asked_shape;

struct pds_part_shown {
    int part_number;
    str upload_url, internal_upload_url, content_type;
};
extern const struct shape pds_part_shown_shape;

/* T has a member struct list part_info_list. */
#define PDS_PART_INFO_LIST(T, ...)                                                             \
    { "part_info_list", BODY, AT(T, part_info_list), .max = PARTS_MAX,                         \
      .shape = &pds_part_asked_shape, __VA_ARGS__ }

/* INVALID: content_md5 that is not the base64 of an MD5, content_type that cannot be a header, a hash context
 * that cannot be one. */
MUST_USE enum fault pds_check_parts(struct cx *cx, const struct list *asked);

/* One signed URL for each part asked for; for part 1 where no list came. */
struct list pds_sign_parts(struct cx *cx, const struct upload *upload, const struct list *asked);

#endif
