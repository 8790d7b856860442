/* drive/upload.h: files on their way in.
 *
 * States: OPEN from upload_start to upload_complete; parts come in any order, each durable before it is
 * acknowledged, a repeated one replaces the first. DONE: the node exists, the upload's row stays until it
 * expires, so that a repeated complete can be told. An open upload that expires is purged with its parts.
 * The node is invisible until DONE. The announced size counts as `reserved` in the drive meanwhile.
 *
 * Hashing follows the contiguous prefix of parts as they arrive; a part that came ahead of it is read back
 * once the gap has closed. Complete reads back only what is left then, was replaced, or came before a
 * restart. */
#ifndef DRIVE_UPLOAD_H
#define DRIVE_UPLOAD_H

#include "drive/node.h"

enum { PARTS_MAX = 10000 };
#define PART_BYTES_MAX (INT64_C(5) << 30)

struct upload_want {
    struct drive  drive;  /* from node_find, with ACTION_CREATE on the parent */
    struct node   parent; /* does not count for a new revision */
    id            overwrite; /* a file in this drive that gets a new revision, or none */
    str           name, media_type, file_type, description, tags, local_created, local_modified;
    bool          hidden, parallel; /* parallel: as the client said, for its own later use */
    enum conflict conflict;
    int64_t       size;   /* -1: not announced */
    str           sha1, sha256; /* binary, of the whole; enables instant upload */
    str           pre_sha1;     /* binary, of the first min(1024, size) bytes */
    instant       created;
    int64_t       ttl_ms; /* 0: the site's */
};

struct upload_made {
    struct node   node;    /* as it is or will be: id, name (final), parent */
    bool          exists;  /* CONFLICT_REFUSE: nothing was made, node is the one in the way */
    bool          instant; /* the content was here already: the file exists, nothing to send */
    struct upload upload;  /* when neither */
};

/* Begins an upload, or makes the file at once from content that the caller can already read (instant;
 * SHA-256, or SHA-1 as a hint for content whose SHA-256 we know; sizes must match).
 * Faults  INVALID name; QUOTA; MAYBE_HERE for a matching pre_sha1; NOT_FOUND overwrite; IS_FOLDER;
 *         TOO_DEEP.  Thread writer */
MUST_USE enum fault upload_start(struct cx *cx, const struct upload_want *want, struct upload_made *out);

/* The caller's upload by the texts a client sent; either may be S0: then the other decides.
 * Faults  NOT_FOUND (THING_UPLOAD) also for one that is done, except with `done_too`; those of node_find where
 *         the caller may no longer write to the folder, or to the file that gets a new revision */
MUST_USE enum fault upload_find(struct cx *cx, str drive_text, str node_text, str upload_text, bool done_too,
                                struct upload *out);

struct upload_listing {
    const char  *operation, *cursor_field;
    struct drive drive;  /* from node_find, with ACTION_LIST on the parent */
    struct node  parent;
    int          limit;
    str          cursor;
};
struct upload_page {
    struct list uploads; /* struct upload */
    str         next;    /* S0 at the end */
};
/* The caller's open uploads into the folder, the oldest first. A page may be short, even empty, before the
 * end. Thread any. */
MUST_USE enum fault upload_list(struct cx *cx, const struct upload_listing *listing, struct upload_page *out);

/* Stored parts with a number above `after`, ascending; items are struct part. */
MUST_USE enum fault upload_parts(struct cx *cx, id upload, int after, int limit, struct list *out);

/* Finishes, on the writer. upload_settle, on a worker (contract's prepare), makes sure that the digests of
 * the whole are known: either it runs first, or upload_complete asks for it (cx->wants_prepare) where that
 * is possible. Of an upload of one part they always are.
 *
 * expect  size -1, digests S0 and has_crc64 false where nothing is to be compared
 * Faults  INCOMPLETE parts missing; MISMATCH size or digest (why.field "size", "sha1", "sha256",
 *         "crc64"); EXISTS the name was taken meanwhile in REFUSE mode; QUOTA */
struct upload_expect {
    str      sha256;
    uint64_t crc64;
    bool     has_crc64;
};
MUST_USE enum fault upload_settle(struct cx *cx, const struct upload *upload);
MUST_USE enum fault upload_complete(struct cx *cx, const struct upload *upload, const struct upload_expect *expect,
                                    struct node *out);

/* ---- receiving one part (dialect/data) ---- */

struct receiver; /* one part on its way in; one thread at a time */

/* Begins to receive part `number` of the upload; announced size -1 when not known (chunked). INVALID
 * (field "partNumber", "size") against PARTS_MAX, PART_BYTES_MAX and the announced size of the whole. */
MUST_USE enum fault receiver_open(struct cx *cx, const struct upload *upload, int number, int64_t announced,
                                  struct receiver **out);
/* The binary MD5 (borrowed until the receiver is freed) that the bytes must have. */
void receiver_expect_md5(struct receiver *r, str md5);
/* Takes bytes. Loop thread; does not wait for the disk. */
MUST_USE enum fault receiver_write(struct cx *cx, struct receiver *r, str piece);
/* All came: loop thread, or left to receiver_commit.
 * Faults  MISMATCH (field "Content-MD5") */
MUST_USE enum fault receiver_end(struct cx *cx, struct receiver *r);
/* The bytes are too many for the store's own rows: receiver_sync must run on a worker before commit.
 * Faults  MISMATCH as above; UNAVAILABLE */
bool receiver_needs_sync(const struct receiver *r);
MUST_USE enum fault receiver_sync(struct cx *cx, struct receiver *r);
/* Records the part: durable when the transaction is. Thread writer. */
MUST_USE enum fault receiver_commit(struct cx *cx, struct receiver *r, struct part *out);
/* Bytes that belong to no upload, `size` of them at most: written, ended and synced as above. */
struct receiver *receiver_new_whole(struct cx *cx, int64_t size);
/* Instead of receiver_commit: makes them a content, with one reference counted for the caller; `out` as it is, its
 * number that of content of the same bytes where there is some. May be called again after a change was undone.
 * Thread writer. */
MUST_USE enum fault receiver_commit_whole(struct cx *cx, struct receiver *r, struct content_record *out);
/* Removes bytes that were synced and are in no change: after a fault, when no change with them is under way. Thread
 * worker. */
void receiver_take_back(struct cx *cx, struct receiver *r);
/* Closer: throws away what was not committed. */
void receiver_free(struct receiver **r);

/* ---- sending content (dialect/data) ---- */

/* Items are struct extent, in order. */
MUST_USE enum fault content_extents(struct cx *cx, id content, struct list *out);
/* Bytes of a chunk that lives in the store, in cx->arena. */
MUST_USE enum fault content_stored_bytes(struct cx *cx, id chunk, str *out);

#endif
