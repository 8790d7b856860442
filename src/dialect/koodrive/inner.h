/* dialect/koodrive/inner.h: what the files of this dialect share.
 *
 * Names are the vendor's: a drive is a container, a node is a file. Source of all of it: the KooDrive
 * "API Reference (Carrier)", pages of 2026-02 to 2026-05, and the enterprise "API Reference", pages of
 * 2024-07 to 2025-12. */
#ifndef DIALECT_KOODRIVE_INNER_H
#define DIALECT_KOODRIVE_INNER_H

#include "contract/contract.h"
#include "drive/access.h"
#include "drive/node.h"

#define KOODRIVE "/koodrive/ose/v1"

/* The tables, one an object. */
extern const struct op koodrive_session_ops[], koodrive_share_folder_ops[], koodrive_list_ops[],
    koodrive_file_ops[], koodrive_upload_ops[], koodrive_job_ops[], koodrive_job_detail_ops[],
    koodrive_unsupported_ops[];

/* ---- of struct dialect ---- */

MUST_USE enum fault koodrive_identify(struct call *call);
void                koodrive_refuse(struct call *call, struct reply *reply);
extern const struct shape koodrive_error_shape;

/* ---- rows that many operations have; IN is the struct they fill ---- */

/* Headers of the common table. X-Traceid is not among them: whatever it holds, it never fails. */
struct koodrive_common {
    str user_id, date, language, share_folder;
};

#define KOODRIVE_LENIENT_HEADERS "the vendor's own request examples send no header but Authorization"
#define KOODRIVE_LENIENT_NUMBER  "the vendor's files/{type} example sends \"10\" and \"\" for integers"
#define KOODRIVE_LENIENT_WORD    "the vendor's files/{type} example sends \"\" for a fileType"
#define KOODRIVE_LENIENT_ID      "the vendor's pages type ids as Long in one place and as String in another"

#define KOODRIVE_COMMON(IN)                                                                            \
    { "X-User-Id", HEADER, AT(IN, common.user_id), .required = true, .tolerate = TOLERATE_MISSING,     \
      .lenient = KOODRIVE_LENIENT_HEADERS, .doc = "the user of the token, or whom the app acts for" }, \
    { "X-Date", HEADER, AT(IN, common.date), .required = true, .tolerate = TOLERATE_MISSING,           \
      .lenient = KOODRIVE_LENIENT_HEADERS, .doc = "yyyyMMdd'T'HHmmss'Z', within 15 minutes of now" },  \
    { "language", HEADER, AT(IN, common.language), .doc = "en-US or zh-CN, of msg" }
#define KOODRIVE_SHARE_FOLDER(IN)                                \
    { "x-hw-share-folder-id", HEADER, AT(IN, common.share_folder), \
      .doc = "the operation happens inside this shared folder" }

/* What every Integer and Long takes beside a JSON number. */
#define KOODRIVE_NUMBER .tolerate = TOLERATE_TEXT | TOLERATE_EMPTY, .lenient = KOODRIVE_LENIENT_NUMBER

#define KOODRIVE_CONTAINER(IN)                                                                 \
    { "containerId", BODY, AT(IN, container), .required = true, .min = 1, .max = 64,           \
      .tolerate = TOLERATE_NUMBER, .lenient = KOODRIVE_LENIENT_ID }
#define KOODRIVE_IMAGE_PROCESS(IN) \
    { "imageProcess", BODY, AT(IN, image), .max = 300, .doc = "image/resize,m_lfit,h_128,w_128 ..." }

/* Texts and ids as items of a list. */
struct koodrive_text {
    str text;
};
struct koodrive_id {
    id id;
};
extern const struct shape koodrive_id_shape;
/* Ids as a client sends them. */
extern const struct shape koodrive_sent_id_shape;

/* ---- errors: answer.c ---- */

/* What a fault means here: for the items of a batch. `zh` chooses the language of `text`. */
struct koodrive_meaning {
    int         status, code;
    const char *reason, *text;
};
struct koodrive_meaning koodrive_meaning_of(const struct cx *cx, const struct failure *why, bool zh);
bool koodrive_speaks_chinese(str language);

/* ---- finding: place.c ---- */

struct koodrive_want {
    str             container, node; /* as sent; `node` may be "root" */
    str             share_folder;    /* the header, or S0 */
    enum node_scope scope;
    unsigned        actions;
    enum thing      as;       /* what the node is to the operation, NODE or PARENT: faults carry it */
    bool            folder;   /* must be one */
    bool            listing;  /* a member of a shared folder needs no header */
};

/* The one way from sent texts to a node. With the shared folder's header everything must lie in that
 * folder: CONFLICT (THING_SHARED_FOLDER) otherwise. Without it another user's container is only for
 * listing: FORBIDDEN. Else the faults of node_find, and NOT_FOLDER. */
MUST_USE enum fault koodrive_find(struct cx *cx, const struct koodrive_want *want, struct drive *drive,
                                  struct node *out);

/* "/1/5/9"; of what is in the bin, the path it had: a folder that is gone for good, or not the caller's to see, is
 * left out. */
MUST_USE enum fault koodrive_id_path(struct cx *cx, const struct drive *drive, const struct node *node, str *out);

/* Whether a path of ids ("1/5/9", "/1/5/9") names this one. */
bool koodrive_path_has(str path, id number);

/* First of `parentFolder`, "root" when the list is empty. Items are struct koodrive_text. */
str koodrive_parent(const struct list *parent_folder);

/* ---- values: values.c ---- */

/* A file's or folder's name. INVALID with `field`. */
MUST_USE enum fault koodrive_check_name(struct cx *cx, const char *field, str name);
/* A shared folder's name: at most 31 characters, no emoji. INVALID with `field`. */
MUST_USE enum fault koodrive_check_share_name(struct cx *cx, const char *field, str name);
/* At most 512 characters, no emoji. INVALID with `field`. */
MUST_USE enum fault koodrive_check_description(struct cx *cx, str description);

/* A time in any form the vendor's pages write; S0 and "" give none. A form that is not of the file pages
 * is a tolerance. INVALID with `field`. */
MUST_USE enum fault koodrive_read_time(struct cx *cx, const char *field, str given, instant *out);

/* An image-processing text; S0 and "" are none. INVALID (imageProcess) for bad syntax or bounds; unknown
 * commands are ignored. What asks for thumbnails is told that there are none. */
MUST_USE enum fault koodrive_check_image(struct cx *cx, str process);

/* The tenant's name as all answers carry it. */
str koodrive_tenant(const struct cx *cx);

#endif
