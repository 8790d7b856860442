/* dialect/pds/inner.h: what the files of this dialect share.
 *
 * Names are the vendor's throughout: a drive is a drive, a node is a file, and the root folder of every
 * drive is called `root` in answers. Source of all of it: PDS Developer Guide and API reference,
 * version 2022-03-01. */
#ifndef DIALECT_PDS_INNER_H
#define DIALECT_PDS_INNER_H

#include "contract/contract.h"
#include "drive/access.h"
#include "drive/node.h"

/* The tables, one an object. */
extern const struct op pds_drive_ops[], pds_drive_list_ops[], pds_create_ops[], pds_upload_ops[], pds_file_ops[], pds_file_list_ops[],
    pds_bin_ops[], pds_oauth_ops[], pds_authorize_ops[], pds_account_ops[], pds_domain_ops[], pds_user_ops[], pds_user_list_ops[], pds_import_ops[],
    pds_group_ops[], pds_group_member_ops[], pds_membership_ops[], pds_role_ops[], pds_change_ops[], pds_task_ops[],
    pds_archive_ops[], pds_update_ops[], pds_delta_ops[], pds_revision_ops[], pds_locate_ops[],
    pds_search_ops[], pds_share_link_ops[], pds_share_open_ops[],
    pds_share_list_ops[], pds_permission_ops[], pds_batch_ops[],
    pds_alias_ops[], pds_unsupported_ops[];

/* Of struct dialect. */
MUST_USE enum fault pds_identify(struct call *call);
void                pds_refuse(struct call *call, struct reply *reply);
extern const struct shape pds_error_shape;

/* Whether the answer is for a person's browser: the row answers with a page, and a fault becomes one
 * where the browser says that it reads HTML. */
bool pds_answers_page(const struct call *call);

/* Code and message for a failure that is not the request's own: a task's. In cx->arena. */
void pds_error_of(struct cx *cx, const struct failure *why, str *code, str *message);

/* Signed URLs end after 15 minutes where the request says nothing. */
enum { PDS_LINK_TTL_S = 900 };

/* ---- rows that many operations have; T is the struct they fill ---- */

/* `drive_id`, or `share_id` instead. Members: str drive_id, share_id. */
#define PDS_DRIVE_ID(T, is_required)                                                            \
    { "drive_id", BODY, AT(T, drive_id), .required = is_required, .form = FORM_DIGITS,          \
      .min = 1, .max = 50, .tolerate = TOLERATE_NUMBER,                                         \
      .lenient = "older samples of the vendor show a bare number" }
#define PDS_SHARE_ID(T) \
    { "share_id", BODY, AT(T, share_id), .empty_ok = true, .doc = "instead of drive_id" }
#define PDS_FILE_ID(T) \
    { "file_id", BODY, AT(T, file_id), .required = true, .min = 1, .max = 50 }
#define PDS_MARKER(T) \
    { "marker", BODY, AT(T, marker), .empty_ok = true, .doc = "next_marker of the page before" }

/* What a File may show on request, and for how long its URLs live. Members: str fields,
 * thumbnail_processes; int url_expire_sec. */
#define PDS_FIELDS(T)                                                                              \
    { "fields", BODY, AT(T, fields), .empty_ok = true,                                             \
      .doc = "* or a comma list of extras: url, user_tags, id_path, name_path ..." }
#define PDS_THUMBNAILS(T)                                                              \
    { "thumbnail_processes", BODY, AT(T, thumbnail_processes), .form = FORM_OBJECT,    \
      .doc = "at most 5 keys; no thumbnails are made" }
#define PDS_URL_EXPIRE_SEC(T)                                                                  \
    { "url_expire_sec", BODY, AT(T, url_expire_sec), .min = 10, .max = 14400,                  \
      .absent = PDS_LINK_TTL_S, .doc = "seconds" }

/* Words that more than one object has. */
extern const struct word pds_owner_types[], pds_statuses[];

/* ---- finding ---- */

/* Where the request is about: a share, which the caller then is inside of (drive/share.h), whatever drive is named;
 * else the drive. To be called before anything is found, on the writer too. MISSING drive_id where neither is
 * named; faults of share_enter. */
MUST_USE enum fault pds_drive_named(struct cx *cx, str drive_id, str share_id);

/* The number of the drive that is meant: inside a share it is the share's. */
str pds_drive_text(struct cx *cx, str drive_id);

/* drive_get, also inside a share. */
MUST_USE enum fault pds_drive(struct cx *cx, str drive_id, struct drive *drive);

/* node_find, with `root` as the only alias. Inside a share `root` is none of the files, except where all are
 * shared, and what is in the recycle bin is not there. */
MUST_USE enum fault pds_find(struct cx *cx, str drive_id, str file_id, enum node_scope scope, unsigned wanted,
                             struct drive *drive, struct node *node);

/* The same for the folder that something is to be put or looked for in: when it is missing that is
 * NotFound.ParentFileId. NOT_FOLDER for a file. Inside a share `root` is share_top, to be listed only. */
MUST_USE enum fault pds_find_parent(struct cx *cx, str drive_id, str parent_file_id, unsigned wanted,
                                    struct drive *drive, struct node *parent);

/* INVALID (field): the live service refuses a backslash in names, which its page does not say. */
MUST_USE enum fault pds_check_name(struct cx *cx, const char *field, str name);

/* For what becomes a header's value. INVALID (field) for other than printable ASCII. */
MUST_USE enum fault pds_check_header_text(struct cx *cx, const char *field, str text);

/* Whether the operation is open to who has nothing but a share's token. */
bool pds_is_for_guests(const struct op *op);

/* ---- values; texts in cx->arena ---- */

str pds_domain_id(const struct cx *cx);

/* The id as the vendor shows it: `root` for the root folder. */
str pds_file_id(struct cx *cx, const struct drive *drive, id node);

/* A field that is asked for and not implemented: the answer says so in x-polydrive-unsupported. */
void pds_not_here(struct cx *cx, const char *what);

#endif
