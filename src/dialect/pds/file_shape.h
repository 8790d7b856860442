/* dialect/pds/file_shape.h: the File object, as get, list, complete and the recycle bin answer it.
 *
 * The extras of `fields` are given on request only, as the page says. A member is left out where it has
 * no meaning: a folder has no size, no hash and no extension.
 *
 * Source  PDS API reference, GetFile, ListFile; structure File */
#ifndef DIALECT_PDS_FILE_SHAPE_H
#define DIALECT_PDS_FILE_SHAPE_H

#include "contract/printed.h"
#include "dialect/pds/tags.h"
#include "drive/dir_size.h"

/* Extras that can be given, as bits. */
enum { EXTRA_URL = 1, EXTRA_TAGS = 2, EXTRA_ID_PATH = 4, EXTRA_NAME_PATH = 8, EXTRA_PEOPLE = 16,
       EXTRA_ALL = 31,
       EXTRA_DIR_SIZE = 32 /* by its name only: it costs as much as there is below */ };

/* Reads a `fields` parameter. An extra that is not implemented is told in x-polydrive-unsupported.
 * INVALID (fields) for a word that is no member of a File. */
MUST_USE enum fault pds_read_fields(struct cx *cx, str fields, unsigned *extras);

/* Checks a thumbnail_processes parameter (raw JSON or S0). INVALID; otherwise, unless it is empty, the
 * answer tells that there are no thumbnails. */
MUST_USE enum fault pds_check_thumbnails(struct cx *cx, str processes);

/* Checks a time as clients may give it for local_created_at and local_modified_at. INVALID. */
MUST_USE enum fault pds_check_local_time(struct cx *cx, const char *field, str given);

struct pds_file {
    str     domain_id, share_id, file_id, parent_file_id, name, status, file_extension, category, content_type;
    str     content_hash, content_hash_name, crc64_hash;
    str     description, local_created_at, local_modified_at;
    str     url, download_url, id_path, name_path, upload_id;
    str     creator_id, creator_name, creator_type;
    str     last_modifier_id, last_modifier_name, last_modifier_type;
    id      drive_id, revision_id;
    int     type;
    int64_t size, revision_version, auto_delete_left_sec;
    bool    hidden, starred;
    instant created_at, updated_at, trashed_at;
    struct list user_tags;   /* struct pds_tag; items NULL: not asked for */
    struct list dir_size_info; /* at most one struct pds_dir */
    struct list labels, action_list; /* struct pds_text; items NULL: left out */
    struct printed printed;
};
struct pds_dir {
    int64_t dir_count, file_count;
};

extern const struct word  pds_file_types[], pds_categories[]; /* categories: bits 1 << enum category */
extern const struct shape pds_text_shape, pds_tag_shape;
extern const struct field pds_file_rows[];
extern const struct shape pds_file_shape;

/* How a File is to be shown. */
struct pds_view {
    const struct drive *drive;
    unsigned extras;
    int      url_expire_sec;
    bool     may_download; /* else no URL is given */
    bool     in_bin;
    const struct list *dir_sizes; /* struct dir_size; NULL: not summed */
    str      id_path, name_path; /* of the folder above, where a path is asked for; from pds_paths */
};

/* Sums of folders, for fields=dir_size: found by an operation's prepare, which the first run asks for. */
struct pds_sums {
    bool        are_found;
    struct list sizes; /* struct dir_size */
};
/* In `run`: takes the sums, or asks for prepare with a fault. Where that cannot be, none are shown. */
MUST_USE enum fault pds_want_sums(struct cx *cx, const struct pds_sums *sums, struct pds_view *view);
/* In `prepare`. */
MUST_USE enum fault pds_find_sums(struct cx *cx, const struct node *nodes, size_t count, struct pds_sums *out);

MUST_USE enum fault pds_show_file(struct cx *cx, const struct pds_view *view, const struct node *node,
                                  struct pds_file *out);

/* The same for an item of a list: where the same was printed before, that is copied and `out` has nothing else. */
MUST_USE enum fault pds_show_known(struct cx *cx, const struct pds_view *view, const struct node *node,
                                   struct pds_file *out);

/* A page of Files; items are struct pds_file. */
struct pds_file_page {
    struct list items;
    str         next_marker;
};
extern const struct field pds_file_page_rows[];
MUST_USE enum fault pds_show_page(struct cx *cx, const struct pds_view *view, const struct node_page *page,
                                  struct pds_file_page *out);

/* The same where the nodes stand in many folders: each has its own paths, and URLs as its access allows
 * (view->may_download is not asked). */
MUST_USE enum fault pds_show_scattered(struct cx *cx, struct pds_view *view, const struct node_page *page,
                                       struct pds_file_page *out);

/* The node's own paths, where the view asks for them; of the root its name. */
MUST_USE enum fault pds_show_own_paths(struct cx *cx, const struct pds_view *view, const struct node *node,
                                       struct pds_file *out);

/* Paths as the vendor shows them: "5/9", "" for the root; "root/a/b", "root" for the root. */
MUST_USE enum fault pds_paths(struct cx *cx, const struct drive *drive, const struct node *node, str *id_path,
                              str *name_path);

/* Whether a URL may be given with these actions: those of a share with a limit are counted, so they have an
 * operation of their own. */
bool pds_may_give_url(const struct cx *cx, unsigned actions);

/* A signed download URL. Texts S0 where nothing is overridden. */
str pds_download_url(struct cx *cx, const struct node *node, instant expires, str file_name, str content_type);

/* SHA-1 in upper-case hex; CRC-64 in decimal without sign. S0 for folders. */
str pds_content_hash(struct cx *cx, const struct node *node);
str pds_crc64_hash(struct cx *cx, const struct node *node);

/* What the caller may do with these actions of drive/access.h; items are struct pds_text. */
struct list pds_action_list(struct cx *cx, unsigned actions);

#endif
