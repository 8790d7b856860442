/* dialect/pds/alias.h: operations that have a second path, in alias.c: their requests, answers and functions.
 *
 * Functions are members of struct op, and run where contract.h says. */
#ifndef DIALECT_PDS_ALIAS_H
#define DIALECT_PDS_ALIAS_H

#include "dialect/pds/file_shape.h"
#include "drive/share.h"

/* ---- CreateFile, in create.c ---- */

struct create_file {
    str     drive_id, share_id, parent_file_id, name, file_id, content_type, content_hash, pre_hash;
    str     description, local_created_at, local_modified_at, proof_code;
    int     type, check_name_mode, content_hash_name;
    int64_t size;
    bool    parallel_upload, hidden;
    struct list part_info_list, user_tags; /* struct pds_part_asked; struct pds_tag */
};

struct created {
    str  domain_id, share_id, file_id, file_name, parent_file_id, status, upload_id, encrypt_mode;
    id   drive_id, revision_id;
    int  type;
    bool exist, rapid_upload;
    struct list part_info_list;
};

/* content_hash_name; none is a word of the alias only. */
enum { PDS_HASH_SHA1 = 1, PDS_HASH_NONE };

extern const struct field pds_create_with_folders_in[], pds_created_rows[];
MUST_USE enum fault pds_create_file(struct cx *cx, const void *in, void *out);

/* ---- ListFile, in file_list.c ---- */

/* A folder, and what the caller may do there. */
struct list_place {
    struct drive drive;
    struct node  parent;
    unsigned     actions;
};

struct list_file {
    str  drive_id, share_id, parent_file_id, marker, fields, thumbnail_processes;
    int  limit, order_by, order_direction, type, category, status, url_expire_sec;
    bool starred, all;
    struct pds_sums          sums;  /* by prepare */
    const struct list_place *place; /* by depends, so that it is found once; or NULL */
};

extern const struct field pds_list_file_in[];
MUST_USE enum fault pds_find_list_sums(struct cx *cx, void *in, void *out);
MUST_USE enum fault pds_list_file(struct cx *cx, const void *in, void *out);

/* ---- GetFile, in file.c ---- */

struct get_file {
    str drive_id, share_id, file_id, fields, thumbnail_processes, revision_id;
    str image_thumbnail, image_url, video_thumbnail, office_thumbnail;
    int url_expire_sec;
    struct pds_sums sums; /* by prepare */
};

extern const struct field pds_get_file_in[];
bool                pds_get_file_counts(const void *in);
MUST_USE enum fault pds_find_file_sums(struct cx *cx, void *in, void *out);
MUST_USE enum fault pds_get_file(struct cx *cx, const void *in, void *out);

/* ---- UpdateFile, in update.c ---- */

struct update_file {
    str drive_id, share_id, file_id, name, description, local_modified_at, custom_index_key;
    int check_name_mode, hidden, starred;
    struct list labels; /* struct pds_text */
};

extern const struct field pds_update_file_in[];
MUST_USE enum fault pds_update_file(struct cx *cx, const void *in, void *out);

/* ---- Batch, in batch.c ---- */

enum { PDS_BATCH_BODY_MAX = 1 << 20 };

struct batch_asked {
    int         resource;
    struct list requests; /* struct request_asked */
    struct list calls;    /* struct sub_call: not a field, kept between spreading and answering */
};

struct batch_out {
    struct list responses;
};

extern const struct field pds_batch_in[], pds_batch_rows[];
MUST_USE enum fault pds_spread_batch(struct cx *cx, void *in, struct list *calls);
MUST_USE enum fault pds_answer_batch(struct cx *cx, const void *in, void *out);

/* ---- share links, in share_link.c, share_open.c, share_list.c ---- */

struct create_share_link {
    str     drive_id, share_name, description, share_pwd, expiration, user_id;
    int64_t preview_limit, download_limit, save_limit, save_download_limit;
    bool    share_all_files, disable_preview, disable_download, disable_save, office_editable, require_login,
            creatable;
    struct list file_id_list, creatable_file_id_list; /* struct pds_text */
    struct share_link made; /* by prepare */
};

struct get_share_link {
    str share_id;
};

struct by_anonymous {
    str share_id;
};

struct anonymous_out {
    str     share_id, share_name, creator_id, creator_name, creator_phone, avatar;
    bool    has_pwd, require_login, disable_preview, disable_download, disable_save;
    int64_t preview_limit, download_limit, save_limit, save_download_limit;
    int64_t access_count, preview_count, download_count, save_count, report_count, video_preview_count;
    instant expiration, updated_at;
};

struct list_share_link {
    str  creator, marker;
    int  order_by, order_direction, limit;
    bool include_cancelled;
};

struct share_links_out {
    struct list items; /* struct pds_share_link */
    str         next_marker;
    int64_t     total_count; /* -1: not asked for */
};

extern const struct field pds_create_share_link_in[], pds_get_share_link_in[], pds_by_anonymous_in[], pds_anonymous_rows[],
    pds_list_share_link_in[], pds_listed_share_rows[];
MUST_USE enum fault pds_resolve_share_link(struct cx *cx, void *in, void *out);
MUST_USE enum fault pds_create_share_link(struct cx *cx, const void *in, void *out);
MUST_USE enum fault pds_cancel_share_link(struct cx *cx, const void *in, void *out);
MUST_USE enum fault pds_get_by_anonymous(struct cx *cx, const void *in, void *out);
MUST_USE enum fault pds_list_share_link(struct cx *cx, const void *in, void *out);

/* ---- TokenRefresh, in oauth.c ---- */

struct refresh_ask {
    str app_id, refresh_token;
    int grant_type;
};

extern const struct field pds_token_refresh_in[];
MUST_USE enum fault pds_token_refresh(struct cx *cx, const void *in, void *out);

#endif
