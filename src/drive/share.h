/* drive/share.h: links by which whoever has them reaches some nodes of a drive, with or without an account.
 *
 * States: OPEN and DISABLED, between which its maker moves it; CANCELLED, from which nothing leads back; and
 * an end in time. Only in OPEN, before its end, and while its maker is an enabled user, does it open anything.
 *
 * To use a share one gets a token for its password (also where it has none): signed, short-lived, bound to the
 * share and to the edition of its password. With it a caller enters the share: cx->caller is then a visitor
 * who reaches what is shared and nothing else, and may do what the share allows and its maker may do himself
 * at that moment. All of it is read from the store at each use: nothing outlives a cancelled share. */
#ifndef DRIVE_SHARE_H
#define DRIVE_SHARE_H

#include "drive/node.h"
#include "store/profiles.h"
#include "store/shares.h"

enum { SHARE_FILES_MAX = 100, SHARE_NAME_MAX = 128, SHARE_PASSWORD_MAX = 64, SHARE_TOKEN_TTL_S = 7200 };

/* Of a caller who is inside a share. */
struct visit {
    struct share_link share;
    struct caller    *outside; /* who he is elsewhere */
    struct caller    *maker;   /* of the share, as he is now */
};

/* NULL outside of shares. */
static inline const struct visit *share_visit(const struct cx *cx)
{
    return cx->caller ? cx->caller->visit : NULL;
}

/* ---- making and managing: for the maker and for administrators ---- */

struct share_want {
    str         drive;           /* as a client sent it */
    const str  *files, *writable; /* the same of nodes */
    size_t      file_count, writable_count;
    const char *files_field, *writable_field; /* for messages */
};

/* Checks, as cx->caller, that he may share all this, and fills drive, files and writable of `share`; its name
 * too where that is empty. share->all_files says whether `files` counts.
 *
 * Faults  NOT_FOUND, FORBIDDEN (ACTION_SHARE; ACTION_CREATE for writable), TRASHED, DISABLED; INVALID for the
 *         root among the files, and for a writable folder that is none or is not shared
 * Thread  any; not on the writer, it may look at 200 nodes */
MUST_USE enum fault share_resolve(struct cx *cx, const struct share_want *want, struct share_link *share);

/* Stores a new share with these settings: id, code, edition, times and counters are set here. Thread writer. */
MUST_USE enum fault share_create(struct cx *cx, struct share_link *share);

/* NOT_FOUND (THING_SHARE) also for shares of others, unless an administrator asks. Cancelled ones are found. */
MUST_USE enum fault share_find(struct cx *cx, str code, struct share_link *out);

/* Stores changed settings; a change of the password (share_set_password) voids the tokens and URLs given out
 * before. CONFLICT for one that is cancelled. Thread writer. */
MUST_USE enum fault share_update(struct cx *cx, struct share_link *share);
MUST_USE enum fault share_cancel(struct cx *cx, struct share_link *share);

/* Empty: none. share_password gives it back in cx->arena, "" where there is none. */
void share_set_password(struct cx *cx, struct share_link *share, str password);
MUST_USE enum fault share_password(struct cx *cx, const struct share_link *share, str *out);

bool share_is_expired(const struct cx *cx, const struct share_link *share);

/* ---- what anybody may ask ---- */

/* A share that is open. NOT_FOUND (THING_SHARE); FORBIDDEN (THING_SHARE) with how ENDED when it is cancelled,
 * EXPIRED after its end, OTHER when it is disabled or its maker is. `maker` may be NULL. */
MUST_USE enum fault share_open(struct cx *cx, str code, struct share_link *out, struct person *maker);

struct share_token {
    str     text;    /* URL-safe */
    int64_t ttl_s;   /* cut where the share ends sooner */
    instant expires;
};
/* A token for the right password, and one access counted. skip: the password is not asked for where cx->caller
 * is the maker or an administrator. INVALID (field) for a wrong password; THROTTLED after too many. Thread writer. */
MUST_USE enum fault share_token_issue(struct cx *cx, str code, str password, const char *password_field, bool skip,
                                      int64_t ttl_s, struct share_token *out);

/* ---- inside ---- */

/* Who has nothing but a share's token: nobody outside of it. UNAUTHENTICATED (THING_SHARE). */
MUST_USE enum fault share_guest(struct cx *cx, str token, struct caller **out);

/* cx->caller enters the share, from wherever he is; cx->caller->share_token is what opens it.
 * Faults  UNAUTHENTICATED (THING_SHARE) no token, or one of another share, an older password or that is over;
 *         UNAUTHENTICATED where the share wants a user and it is none; else those of share_open */
MUST_USE enum fault share_enter(struct cx *cx, str code);
/* The same into whichever share that token is of. */
MUST_USE enum fault share_enter_own(struct cx *cx);
void                share_leave(struct cx *cx);

/* The visitor who was given a signed URL in this edition of the share. Faults as share_enter. */
MUST_USE enum fault share_visitor(struct cx *cx, id share, int64_t edition, struct caller *outside,
                                  struct caller **out);

/* The row of the visited share's drive; NOT_FOUND (THING_NODE) when it is gone. */
MUST_USE enum fault share_drive(struct cx *cx, struct drive *out);

/* Whether the node is one of those that the visited share names. */
bool share_names(const struct cx *cx, id node);

/* What the visitor may do to a node: drive/access.h asks here. The folder of all that is shared (share_top) can be
 * listed. */
MUST_USE enum fault share_actions(struct cx *cx, const struct drive *drive, const struct node *node,
                                  unsigned *actions);

/* What a share of single nodes has for a root: a folder without a number, which node_list understands. */
struct node share_top(struct cx *cx);
bool        share_is_top(const struct cx *cx, const struct node *node);

/* node_list of share_top: those of the shared nodes that are there and reachable. */
MUST_USE enum fault share_list_top(struct cx *cx, const struct listing *listing, struct node_page *out);

/* For work that goes on without a visitor at hand: whether the share still gives the caller all of `wanted` on
 * this node. Faults as access_require and share_open. */
MUST_USE enum fault share_require(struct cx *cx, id share, const struct drive *drive, const struct node *node,
                                  unsigned wanted);

/* Counts one use of the visited share. FORBIDDEN (THING_SHARE, how TOO_LARGE) when its limit is reached.
 * Thread writer. */
MUST_USE enum fault share_count(struct cx *cx, enum share_use use);

/* ---- listing shares ---- */

struct share_listing {
    const char      *operation, *cursor_field;
    const id        *creators; /* NULL: of the whole domain; else theirs, at least one */
    size_t           creator_count;
    bool             of_teams; /* creators NULL: the caller's, and those of the people in the groups he administers */
    bool             with_cancelled;
    enum share_order order;
    bool             descending;
    int              limit;
    str              cursor, filter_text; /* what stands for the filter in the cursor's binding */
    bool (*wanted)(void *arg, const struct share_link *share); /* NULL: every one */
    void            *arg;
};
struct share_page {
    struct list shares; /* struct share_link */
    str         next;   /* S0 at the end; a page may be short before it */
};
MUST_USE enum fault share_list(struct cx *cx, const struct share_listing *listing, struct share_page *out);

/* How many there are in all. Looks at each: on a worker. */
MUST_USE enum fault share_count_all(struct cx *cx, const struct share_listing *listing, int64_t *out);

#endif
