/* drive/delta.h: every entry of a drive, and what changed in it since: for clients that keep a copy.
 *
 * A copy is made by walking node_scan to its end, having taken delta_last first, and kept by delta_list
 * from there on. Each event is told once, in order, with the node as it is now; a later event of the same
 * node tells the same again, which does no harm. */
#ifndef DRIVE_DELTA_H
#define DRIVE_DELTA_H

#include "drive/node.h"

struct delta_ask {
    const char *operation;    /* binds the cursor to the door */
    const char *cursor_field; /* named when the cursor is refused */
    const char *root_field;   /* named when the root is not a folder */
    str         drive_text, root_text; /* root: the folder to be watched; S0 or "" for all of the drive */
    str         cursor;       /* S0 or "": from the beginning */
    int         limit;        /* 0 tells only whether there is more */
};

struct delta_item {
    int         what; /* enum event_kind */
    id          id;
    bool        is_gone; /* the node is no more, or not the caller's to see: `node` is empty */
    struct node node;
};

struct delta {
    struct drive drive;
    struct list  items;  /* struct delta_item */
    str          cursor; /* for the next time; always given */
    bool         has_more;
};

/* What happened after the cursor. Of a watched folder also what left it, and what was removed where nobody
 * can tell any more from which folder (a number only); who may not list the whole drive gets only what is, or
 * was, below the folder. A page may be short, even empty, before the end.
 *
 * Faults  NOT_FOUND (THING_DRIVE, THING_NODE); INVALID cursor (also of another epoch: start over)
 * Thread  any */
MUST_USE enum fault delta_list(struct cx *cx, const struct delta_ask *ask, struct delta *out);

/* The cursor of now: delta_list from there tells what comes after. Fills drive and cursor. */
MUST_USE enum fault delta_last(struct cx *cx, const struct delta_ask *ask, struct delta *out);

struct scan_ask {
    const char *operation, *cursor_field;
    str         drive_text, cursor;
    int         limit;
};

/* A page of all live entries of a drive, flat, by number: folders and files, not the root. What is made or
 * moved meanwhile is found by delta_list. A page may be short, even empty, before the end.
 *
 * drive   as found; the caller may list all of it, else NOT_FOUND (THING_DRIVE)
 * Thread  any */
MUST_USE enum fault node_scan(struct cx *cx, const struct scan_ask *ask, struct drive *drive, struct node_page *out);

#endif
