/* drive/search.h: finding files and folders by what they are, across a drive or several.
 *
 * What is found is what the caller may see as it is now: a change is found by the next search. Nothing in
 * the bin is found (unless the bin is searched), nor anything below a folder that is.
 *
 * A match of words (COMPARE_MATCH) is that of base/words.h. A search reads the few nodes that its rarest words,
 * or its folder, leave; or, where these are many, it walks the folder or the drive in the order asked
 * for. Each page looks at a bounded number of nodes, so a page may be short, even empty, before the end. */
#ifndef DRIVE_SEARCH_H
#define DRIVE_SEARCH_H

#include "drive/condition.h"
#include "drive/drive.h"

/* What a term can ask of a node, and what of the term it uses. */
enum search_field {
    SEARCH_NAME = 1,    /* text: EQ (as NFC), PREFIX, MATCH */
    SEARCH_DESCRIPTION, /* text: EQ, PREFIX, MATCH */
    SEARCH_PARENT,      /* text: EQ with a folder's number, "root" or "0"; in the bin, where it came from */
    SEARCH_KIND,        /* number: enum node_kind */
    SEARCH_SIZE,        /* number: bytes; a folder has 0 */
    SEARCH_CREATED,     /* time */
    SEARCH_MODIFIED,    /* time */
    SEARCH_HIDDEN,      /* number: 0, 1 */
    SEARCH_ALL,         /* number: 1 is every node, 0 none */
    SEARCH_CATEGORIES,  /* number: of files, bits 1 << enum category, one of which it is */
    SEARCH_EXTENSION,   /* text: of files, without dot: EQ, PREFIX */
    SEARCH_STARRED,     /* number: 0, 1; by the caller's stars */
    SEARCH_TAGS,        /* judged by search.tags_hold */
};

enum search_key { KEY_CREATED = 1, KEY_MODIFIED, KEY_SIZE, KEY_NAME, KEY_KIND /* files, then folders */ };
struct search_order {
    enum search_key key;
    bool            descending;
};
enum { SEARCH_ORDERS_MAX = 5, SEARCH_DRIVES_MAX = 100 };

struct search {
    struct list             drives;    /* struct drive, from drive_get; 1 to SEARCH_DRIVES_MAX */
    const struct condition *condition; /* NULL: everything */
    bool                    recursive; /* SEARCH_PARENT is any folder above, not the next */
    bool                    in_bin;    /* what was put into the bin, directly */
    /* Each key at most once; none: oldest first. Beyond the first (and KEY_KIND in front of it) they hold
     * only where no more than some thousand nodes come into question. */
    struct search_order     orders[SEARCH_ORDERS_MAX];
    int                     order_count;
    /* What a node's tags mean is the business of the door that wrote them; NULL: no such terms. */
    bool (*tags_hold)(struct cx *cx, const struct condition *term, str tags);
    int                     limit;
    bool                    count;     /* total is asked for */
    str                     after;     /* `next` of the page before, S0 at the start */
};

struct search_page {
    struct list nodes; /* struct node, of several drives */
    str         next;  /* bytes, at most SEARCH_POSITION_MAX; S0 at the end */
    int64_t     total; /* of all pages; when more than some ten thousand nodes would have to be looked at for it,
                          how many of these it was */
};
enum { SEARCH_POSITION_MAX = 208 };

/* Faults  DISABLED a drive is; NOT_FOUND (THING_DRIVE) its bin is searched and the caller may not list it;
 *         INVALID (field "after") a position that node_search did not make; THROTTLED by size or name in a drive where
 *         thousands come into question, in more folders than can be woven (drive/weave.h), while another such search
 *         is under way
 * Thread  a worker: a page may take some ten milliseconds, one that needs THROTTLED seconds */
MUST_USE enum fault node_search(struct cx *cx, const struct search *search, struct search_page *out);

#endif
