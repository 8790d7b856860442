/* dialect/data/rules.h: what differs between the vendors at the upload and download endpoints: a
 * row each. All three hand out object storage URLs, so errors are that storage's XML.
 *
 * Sources  PDS Developer Guide, upload and download; DingTalk "upload files", signed resources;
 *          KooDrive createFile and getDownLoadUrl. */
#ifndef DIALECT_DATA_RULES_H
#define DIALECT_DATA_RULES_H

#include "base/fault.h"

struct data_error {
    int         status;
    const char *code, *message;
};

struct data_rules {
    int               dialect;           /* enum link_dialect */
    const char       *name;              /* in the log */
    const char       *request_id_header;
    const char       *crc_header;        /* NULL: this vendor sends none */
    struct data_error expired, altered;  /* of the URL itself */
    /* Of several ranges the first counts; what is malformed or reaches past the end gives the
     * whole, unless x-oss-range-behavior: standard. */
    bool first_range_only;
    bool binds_content_type; /* the PUT must carry the Content-Type that was agreed for the part */
    bool binds_content_md5;  /* and the Content-MD5, where one was agreed */
};

/* The row; that of PDS for a dialect that is not known (a URL nobody made). */
const struct data_rules *data_rules_of(int dialect);

/* The vendor's error for a fault. BAD_SIGNATURE is about the URL itself, how EXPIRED or not. */
struct data_error data_error_of(const struct data_rules *rules, const struct failure *why);

#endif
