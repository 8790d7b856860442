/* dialect/koodrive/file.h: FileListMetadata, as lists, details and creation answer it.
 *
 * Optionals that have no value are left out, never null. No thumbnails are made. `favorite` is the caller's own
 * star, which another dialect may have set.
 * Source: Listing Files in a Space, 2026; Querying File Details, 2026 */
#ifndef DIALECT_KOODRIVE_FILE_H
#define DIALECT_KOODRIVE_FILE_H

#include "contract/printed.h"
#include "dialect/koodrive/inner.h"

struct koodrive_user {
    str  category, user_id, display_name;
    bool me;
};

struct koodrive_rights {
    bool add_child, copy, remove, download, edit, list_child, remove_child, rename, share, upload, view;
};

struct koodrive_file {
    id      id;
    str     file_name, mime_type, file_suffix, file_type, sha256, id_path;
    bool    recycled, favorite, hidden, directly_recycled;
    instant created, edited, recycled_time;
    int64_t size; /* -1: a folder has none */
    struct list parent_folder, containers;  /* struct koodrive_id */
    struct list properties;                 /* none are kept */
    struct list owners;                     /* struct koodrive_user */
    struct list attachments, download_links; /* of a file's details; items NULL: left out */
    struct koodrive_user   last_editor, creating_user;
    struct koodrive_rights rights;
    struct printed         printed;
};

extern const struct field koodrive_file_rows[];
extern const struct shape koodrive_file_shape;

/* What files of one place have in common. */
struct koodrive_place {
    const struct drive *drive;
    str                 above;   /* id path of the folder they are in, or S0: found for each */
    unsigned            actions; /* what the caller may do to that folder */
    instant             trashed; /* since when the folder is in the bin; none: it is not */
    struct list         owners;
    str                 made_of; /* all of these that an object shows */
};

/* The place of the children of `folder`, or with NULL of nodes found one by one. */
MUST_USE enum fault koodrive_place_of(struct cx *cx, const struct drive *drive, const struct node *folder,
                                      struct koodrive_place *out);

/* Fills the object. */
MUST_USE enum fault koodrive_show(struct cx *cx, const struct koodrive_place *place, const struct node *node,
                                  struct koodrive_file *out);

/* The same in a list, where what was printed before is copied. */
MUST_USE enum fault koodrive_show_listed(struct cx *cx, const struct koodrive_place *place, const struct node *node,
                                         struct koodrive_file *out);

/* Adds the content's attachment and download link, where the caller may download. */
void koodrive_show_content(struct cx *cx, const struct node *node, struct koodrive_file *out);

/* "10" for folders; what the client gave, or by the extension. */
str koodrive_file_type(const struct node *node);

/* A signed URL that lives an hour. */
str koodrive_download_url(struct cx *cx, const struct node *node);

/* Since when the node, or the folder above it that was put into the bin, is there; none when live. */
MUST_USE enum fault koodrive_trashed_since(struct cx *cx, const struct drive *drive, const struct node *node,
                                           instant *out);

#endif
