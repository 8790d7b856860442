/* drive/node.h: files and folders: finding, listing, making folders, the recycle bin.
 *
 * A node is live when neither it nor a folder above it is in the bin. Trashing moves one row under the
 * drive's bin, whatever the size of the tree, so it is instant; what lies below is found trashed by
 * walking up, at most DEPTH_MAX steps. */
#ifndef DRIVE_NODE_H
#define DRIVE_NODE_H

#include "drive/drive.h"

enum { DEPTH_MAX = 128, NAME_MAX_BYTES = 1024 };

/* What happens when the name is taken. */
enum conflict {
    CONFLICT_ALLOW = 1, /* a second one of the name: PDS ignore */
    CONFLICT_STAMP,     /* renamed: name_20060102_150405.ext, then with a counter */
    CONFLICT_NUMBER,    /* renamed: name(1).ext: DingTalk */
    CONFLICT_REFUSE,    /* nothing is made; `exists` and the node in the way come back */
    CONFLICT_SAME,      /* as REFUSE when the content is the same (SHA-256), else as STAMP: KooDrive 4 */
};

/* Where nodes are looked for. */
enum node_scope { SCOPE_LIVE = 1, SCOPE_BIN = 2, SCOPE_ANY = 3 };

/* A node by the texts a client sent. `node_text` may be the alias "root" or "0" or the root's number.
 *
 * drive, out  as found; the caller has at least ACTION_LIST on them and all of `wanted`
 * Faults      NOT_FOUND (THING_DRIVE, THING_NODE); TRASHED or NOT_TRASHED against `scope`;
 *             FORBIDDEN; DISABLED; CONFLICT with because when the node is in another drive never: that
 *             is NOT_FOUND too
 * Thread      any */
MUST_USE enum fault node_find(struct cx *cx, str drive_text, str node_text, enum node_scope scope, unsigned wanted,
                              struct drive *drive, struct node *out);

/* Where a node stands, as enum node_scope: live, or (it or a folder above it) in the bin. 0: out of sight,
 * below a task that makes it or takes it apart; whoever looks at rows without node_find or node_list leaves
 * such ones out. */
MUST_USE enum fault node_where(struct cx *cx, const struct drive *drive, const struct node *node, int *scope);

/* True for the root folder of the drive. */
bool node_is_root(const struct drive *drive, const struct node *node);

/* Ids and names from the root down to the node itself: "1/5/9" and "/a/b" (the root's name is left
 * out; "/" for the root). */
MUST_USE enum fault node_paths(struct cx *cx, const struct drive *drive, const struct node *node, str *id_path,
                               str *name_path);

/* ---- listing ---- */

enum node_sort { SORT_NAME = 1, SORT_SIZE, SORT_CREATED, SORT_MODIFIED, SORT_TRASHED, SORT_FORMAT };

struct listing {
    const char    *operation; /* binds the cursor to the door: the op's name */
    const char    *cursor_field; /* named when the cursor is refused */
    struct drive   drive;     /* from node_find */
    struct node    parent;    /* from node_find; ignored when in_bin */
    bool           in_bin;    /* what was put into the bin, directly */
    enum node_sort sort;
    bool           descending;
    int            limit;
    str            cursor;    /* S0 or "" : from the start */
    /* filters; a page may be short, even empty, before the end: go by `next` */
    int            kind;      /* enum node_kind, 0 any */
    unsigned       categories; /* bits 1 << enum category; 0 any */
    str            name_part; /* case-insensitive; S0 or "" any */
    bool           without_hidden;
    bool           only_starred; /* by the caller */
    bool           packed;       /* nodes may be such as node_unpack must fill */
};

struct node_page {
    struct list nodes; /* struct node */
    str         next;  /* S0 at the end; at most 400 URL-safe characters */
};

/* A page of a folder or of the bin. The cost does not depend on size, depth or sort.
 *
 * Faults  INVALID (cursor_field) for a cursor that is altered, foreign, of another sort, filter,
 *         folder, caller or epoch
 * Thread  any */
MUST_USE enum fault node_list(struct cx *cx, const struct listing *listing, struct node_page *out);

/* Fills what a node of a packed listing lacks; does nothing with others. */
MUST_USE enum fault node_unpack(struct cx *cx, struct node *node);

/* ---- making ---- */

struct folder_want {
    struct drive  drive;  /* from node_find, with ACTION_CREATE on the parent */
    struct node   parent;
    str           name, description, tags, local_created, local_modified, media_type;
    bool          hidden;
    enum conflict conflict;
    instant       created, modified; /* wished for, or none */
};

struct made {
    struct node node;
    bool        exists; /* nothing was made: `node` is the one in the way */
};

/* Makes a folder. Faults INVALID (field "name") for a bad name, TOO_DEEP, NOT_FOLDER. Thread writer. */
MUST_USE enum fault folder_create(struct cx *cx, const struct folder_want *want, struct made *out);

/* A name rule for all doors: 1 to 1,024 bytes of UTF-8, no '/', NUL or control characters, not "." or
 * "..". INVALID with `field`, how EMPTY, TOO_LARGE or FORM. A dialect may be stricter before. */
MUST_USE enum fault node_check_name(struct cx *cx, str name, const char *field);

/* ---- the bin ---- */

/* Both take what node_find found. `known` is from tree_measure, for large trees; NULL otherwise (struct tree:
 * drive/tree.h; TOO_DEEP, CONFLICT as there). restore puts the node back where it was, or into the root when that
 * folder is gone for good; where it is itself in the bin, folders of the same names are made anew. A
 * taken name gets a stamp: nothing is overwritten. Thread writer. */
MUST_USE enum fault node_trash(struct cx *cx, const struct drive *drive, const struct node *node);
struct tree;
MUST_USE enum fault node_restore(struct cx *cx, const struct drive *drive, const struct node *node,
                                 const struct tree *known, struct node *out);

/* Milliseconds until the bin lets the node go; -1 when it keeps for ever. */
int64_t node_bin_left_ms(const struct cx *cx, const struct node *node);

/* ---- what a name says ---- */

/* Category by extension, else by media type. */
enum category category_of(str name, str media_type);

/* Media type by extension; "application/octet-stream" when unknown. */
str media_type_of(str name);

#endif
