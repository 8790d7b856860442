/* dialect/pds/share_shape.h: the ShareLink object, as create, get, update, search and list answer it.
 *
 * Source  PDS API reference, structure ShareLink */
#ifndef DIALECT_PDS_SHARE_SHAPE_H
#define DIALECT_PDS_SHARE_SHAPE_H

#include "dialect/pds/inner.h"
#include "drive/share.h"

struct pds_share_link {
    str     domain_id, share_id, share_name, share_pwd, share_url, share_msg, share_policy, description, creator;
    id      drive_id, file_id;
    int     status;
    bool    share_all_files, expired, disable_preview, disable_download, disable_save, office_editable,
            require_login, creatable;
    int64_t preview_limit, download_limit, save_limit, save_download_limit;
    int64_t access_count, preview_count, download_count, save_count, report_count, video_preview_count;
    instant expiration, created_at, updated_at;
    struct list file_id_list, creatable_file_id_list; /* struct pds_share_file */
};
struct pds_share_file {
    id number;
};

extern const struct field pds_share_link_rows[];
extern const struct shape pds_share_link_shape;
extern const struct word  pds_share_statuses[];

MUST_USE enum fault pds_show_share(struct cx *cx, const struct share_link *share, struct pds_share_link *out);

/* An `expiration` as it is asked for; "" or S0: never. INVALID. */
MUST_USE enum fault pds_read_expiration(struct cx *cx, str text, instant *out);

/* INVALID: a share_pwd of other than visible ASCII. */
MUST_USE enum fault pds_check_share_pwd(struct cx *cx, str password);

#endif
