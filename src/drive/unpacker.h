/* drive/unpacker.h: reads a ZIP out of a content, entry by entry; inside drive/ only.
 *
 * By libarchive with its one reader of ZIPs, behind drive/zip_directory.h; memory is bounded by the number of
 * entries. For workers. One thread at a time. */
#ifndef DRIVE_UNPACKER_H
#define DRIVE_UNPACKER_H

#include "drive/reader.h"

struct unpacker;

struct unpack_entry {
    str     path;        /* "a/b.txt": UTF-8, its parts are names a drive takes; "" for what names no place at all */
    int     levels;      /* of folders above it */
    bool    is_folder;
    bool    is_special;  /* a link or a device: nothing is made of it */
    bool    is_locked;   /* cannot be read without a password */
    int64_t size;        /* unpacked */
    instant modified;    /* or none */
};

/* Opens it. `password` (S0: none) is copied.
 * Faults  of zip_directory_check */
MUST_USE enum fault unpacker_open(struct cx *cx, id content, int64_t entries_max, str password, struct unpacker **out);
/* The same of what a reader (given) reads. */
MUST_USE enum fault unpacker_open_reader(struct cx *cx, struct reader *reader, int64_t entries_max, str password,
                                         struct unpacker **out);
void                unpacker_free(struct unpacker **unpacker); /* closer */

int64_t unpacker_entries(const struct unpacker *unpacker);
int64_t unpacker_packed_size(const struct unpacker *unpacker);

/* The next entry, in an order that is always the same; entry->path is borrowed until the next. *any is false at the end.
 * Faults  MISMATCH; INVALID (THING_NODE) a path that leads out, or is none here */
MUST_USE enum fault unpacker_next(struct cx *cx, struct unpacker *unpacker, struct unpack_entry *entry, bool *any);

/* The next bytes of the entry; *piece is borrowed until the next call, empty at its end.
 * Faults  MISMATCH damaged, or longer than it said; INVALID (THING_NONE) the password is not
 *         this one, or missing */
MUST_USE enum fault unpacker_read(struct cx *cx, struct unpacker *unpacker, str *piece);

/* A name in a ZIP as a path as above, in cx->arena. INVALID (THING_NODE). */
MUST_USE enum fault unpack_path(struct cx *cx, str name, str *path, int *levels);

#endif
