/* base/fault.h: everything that can go wrong, once, for the whole program.
 *
 * A function that can fail returns enum fault. What a message will need is put into cx->why where
 * the fault is found, by fail(); nobody parses text to learn what happened. Each dialect turns a
 * fault into its own error in one switch without `default`. */
#ifndef BASE_FAULT_H
#define BASE_FAULT_H

#include "base/types.h"

#define FAULTS(F)                                                                              \
    F(INVALID,         "a field is missing, malformed or out of bounds")                       \
    F(BAD_BODY,        "the body is not what the operation reads: not JSON, too deep, doubled") \
    F(TOO_LARGE,       "the body is longer than the operation allows")                         \
    F(NO_ROUTE,        "no operation has this method and path")                                \
    F(UNAUTHENTICATED, "no credential, or one that is not valid")                              \
    F(BAD_SIGNATURE,   "a signature does not match, is too old or was used before")            \
    F(FORBIDDEN,       "the caller may see the thing but not do this")                         \
    F(NOT_FOUND,       "absent, or not visible to the caller: the two look alike")             \
    F(EXISTS,          "the name or object is there already")                                  \
    F(CONFLICT,        "the thing is not in a state that allows this")                         \
    F(TRASHED,         "the node, or a folder above it, is in the recycle bin")                \
    F(NOT_TRASHED,     "the node is not in the recycle bin")                                   \
    F(IS_FOLDER,       "the operation is for files")                                           \
    F(NOT_FOLDER,      "the operation is for folders")                                         \
    F(DISABLED,        "the drive is disabled")                                                \
    F(QUOTA,           "no room")                                                              \
    F(TOO_DEEP,        "more levels of folders than allowed")                                  \
    F(INCOMPLETE,      "parts of the upload are missing")                                      \
    F(MISMATCH,        "size or digest of the content differs from what was announced")        \
    F(MAYBE_HERE,      "stored content begins alike; the whole digest is needed")              \
    F(THROTTLED,       "too many attempts; later")                                             \
    F(UNSUPPORTED,     "known, and not implemented here")                                      \
    F(UNAVAILABLE,     "the store or the disk cannot take it now")                             \
    F(INTERNAL,        "our fault; the log has the details")

enum fault {
    OK = 0,
#define FAULT_MEMBER(name, text) FAULT_##name,
    FAULTS(FAULT_MEMBER)
#undef FAULT_MEMBER
    FAULT_COUNT
};

/* How an INVALID field failed. */
enum how {
    HOW_OTHER,
    HOW_MISSING,
    HOW_EMPTY,
    HOW_KIND,      /* not of the JSON kind that is asked for */
    HOW_TOO_SMALL, /* a number, or a length */
    HOW_TOO_LARGE,
    HOW_WORD,    /* not one of the words */
    HOW_FORM,    /* right kind, wrong form (a date, a digest, a name) */
    HOW_EXPIRED, /* was good once: a token, a link, a date out of its window */
    HOW_REPLAYED,
    HOW_UNKNOWN, /* no such key, such as an access key id nobody has */
    HOW_ENDED,   /* was there until its owner ended it */
};

enum thing {
    THING_NONE,
    THING_DOMAIN,
    THING_USER,
    THING_GROUP,
    THING_MEMBER, /* that somebody belongs to a group, or administers it */
    THING_APP,
    THING_DRIVE,
    THING_NODE,
    THING_REVISION,
    THING_PARENT,
    THING_UPLOAD,
    THING_PART,
    THING_SHARED_FOLDER,
    THING_CURSOR,
    THING_LINK,
    THING_TASK,
    THING_SHARE,
};

struct failure {
    enum fault  code;
    enum thing  thing;
    enum how    how;
    const char *field;    /* the field's name as the table spells it; static */
    int64_t     min, max; /* the bounds that were passed; both 0: none */
    int64_t     other;    /* id of the object in the way, for EXISTS */
    str         got;      /* what came, in the arena */
    const char *because;  /* a sentence that adds to the fault's own; static */
    const char *where;    /* our file and line, for the log */
};

struct cx;

/* Notes the failure in cx->why and hands its code back. fail(cx, FAULT_EXISTS, .thing = ...) */
enum fault fail_noted(struct cx *cx, struct failure why);
#define FAULT_HERE_(line) __FILE__ ":" #line
#define FAULT_HERE(line) FAULT_HERE_(line)
#define fail(cx, ...) fail_noted((cx), (struct failure){ .where = FAULT_HERE(__LINE__), .code = __VA_ARGS__ })

/* The fault's sentence, and its name ("NOT_FOUND"), for logs and the command line. */
const char *fault_text(enum fault fault);
const char *fault_name(enum fault fault);
/* The fault of such a name; INTERNAL for a name that is none. */
enum fault fault_named(str name);

#endif
