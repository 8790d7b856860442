/* store/audit.h: questions that `polydrive check` asks: each gives the rows that break an invariant. */
#ifndef STORE_AUDIT_H
#define STORE_AUDIT_H

#include "base/cx.h"
#include "store/records.h"

enum audit {
    AUDIT_PARENT,        /* I1: drive, node: the parent is not there or not a folder */
    AUDIT_UNREACHED,     /* I1: drive, its nodes, those reached from root and bin */
    AUDIT_NAMES,         /* I2: drive, parent, how many of one name and number */
    AUDIT_CONTENT,       /* I3: drive, node, content: a file without content or of another size */
    AUDIT_EXTENTS,       /* I3: content, its size, the size of its chunks */
    AUDIT_REFERENCES,    /* I4: content, refs, references counted */
    AUDIT_UPLOADS,       /* I5: upload, drive: open past its end by more than the grace time */
    AUDIT_USED,          /* I6: drive, used, recomputed */
    AUDIT_RESERVED,      /* I6: drive, reserved, recomputed */
    AUDIT_SHARES,        /* I8: share, drive, maker: one of them is not there */
    AUDIT_GRANTS,        /* I8: drive, node, holder: the node is not there, or nobody is the holder */
    AUDIT_CHARGED,       /* I6: domain with a size limit, what is charged to it, recomputed */
    AUDIT_PEOPLE,        /* I6: domain, its users counted, recomputed */
    AUDIT_MEMBERS,       /* I8: group, user or group below it: one of them is not there */
    AUDIT_COUNT
};

struct finding {
    int64_t a, b, c;
};
MUST_USE enum fault store_audit(struct cx *cx, enum audit audit, instant before, struct list *out); /* struct finding */

/* Nodes whose details (store/details.h) are damaged or say something else than their columns: findings of drive,
 * node, 0. Looks at a stretch after the place, moves it and says whether there is more; begins with ID_NONE. */
MUST_USE enum fault store_details_audit(struct cx *cx, id *drive, id *node, bool *more, struct list *out);

/* Every chunk by number, from `after` on. */
MUST_USE enum fault store_chunks_after(struct cx *cx, id after, int limit, struct list *out);

/* Puts counted figures in the place of stored ones (I4, I6). Thread writer. */
MUST_USE enum fault store_repair_counts(struct cx *cx, instant now);

#endif
