/* drive/drive.h: drives, what PDS calls a drive, DingTalk a space, KooDrive a container.
 *
 * A drive has exactly one root folder and one bin from the moment it exists. `used` is changed only in
 * the transaction that changes the nodes which cause it, so a crash cannot make the two disagree. */
#ifndef DRIVE_DRIVE_H
#define DRIVE_DRIVE_H

#include "drive/caller.h"

/* Makes an empty drive with its root folder, its bin and the event that tells of it. Administrators only.
 *
 * want    borrowed; uses owner_kind, owner_public (a user's public id, or a group's number), name,
 *         description, status, quota, is_default
 * out     the drive as stored; its strings live in cx->arena
 * Faults  NOT_FOUND (THING_USER or THING_GROUP) no such owner; EXISTS (THING_DRIVE) the domain allows
 *         one drive an owner, or is_default and the owner has a default drive; FORBIDDEN; INVALID
 * Thread  writer */
MUST_USE enum fault drive_create(struct cx *cx, const struct drive *want, struct drive *out);

/* Makes a team: a group of the name with the caller as its owner, and its drive. Any user.
 * For DingTalk AddSpace. INVALID (field "name") for an empty or too long (128 characters) name. */
MUST_USE enum fault drive_create_team(struct cx *cx, str name, struct drive *out);

/* A drive the caller may at least list (or manage). `text` is its number as a client sent it.
 * NOT_FOUND (THING_DRIVE) for one that is not there or not the caller's to see. */
MUST_USE enum fault drive_get(struct cx *cx, str text, struct drive *out);

/* The default drive of the user with this public id (S0: the caller's), which nobody but he and administrators
 * may ask for. NOT_FOUND (THING_USER; THING_DRIVE when there is none); INVALID (user_id) no user is meant. */
MUST_USE enum fault drive_default_of(struct cx *cx, str public_id, struct drive *out);

/* Deletes a drive with all that is in it (its content goes when nothing else uses it, its open uploads end). For
 * its owner (a group's administrators) and administrators; FORBIDDEN otherwise. CONFLICT for the all-staff drive,
 * and without `force` for a drive that has something in it, be it in the bin. The rows of a large drive are
 * removed in the background. Thread writer. */
MUST_USE enum fault drive_delete(struct cx *cx, str text, bool force);

/* What is to be another one; S0, 0 and UNCHANGED (drive/domain.h) leave it as it is. */
struct drive_change {
    str     name, description;
    str     owner;  /* a user's public id, of a personal drive */
    int     status;
    int64_t quota;  /* may be less than is used: then nothing more comes in */
};
/* Name and description are for those who manage the drive, status and quota for administrators, the owner for an
 * app that acts for the domain. The owner's default drive is nobody's default after it.
 * Faults  NOT_FOUND (THING_DRIVE, THING_USER); FORBIDDEN; INVALID; EXISTS (THING_DRIVE) the domain allows one
 *         drive an owner.  Thread writer */
MUST_USE enum fault drive_change(struct cx *cx, str text, const struct drive_change *change, struct drive *out);

struct drive_page {
    struct list drives; /* struct drive */
    str         next;   /* cursor, S0 at the end */
};

/* The drives whose owner is this user, oldest first. `operation` binds the cursor. INVALID (field as
 * given in cursor_field) for a cursor that is not ours. */
MUST_USE enum fault drive_list_owned(struct cx *cx, id user, int limit, str cursor, const char *cursor_field,
                                     struct drive_page *out);

/* The team drives the caller may list: the all-staff drive first, then by creation. */
MUST_USE enum fault drive_list_teams(struct cx *cx, int limit, str cursor, const char *cursor_field,
                                     struct drive_page *out);

/* Drives by number, or the other way round. Administrators see all; others their own, and those of a group of
 * theirs which they name. FORBIDDEN when they name another owner, be he there or not. */
struct drive_query {
    str         owner;      /* public id or group's number; S0: any */
    int         owner_kind; /* enum owner_kind; 0: either */
    str         name_part;  /* without regard to case; S0: any */
    bool        descending;
    int         limit;
    str         cursor;
    const char *cursor_field;
};
MUST_USE enum fault drive_search(struct cx *cx, const struct drive_query *query, struct drive_page *out);

/* The team drives that the caller reaches, by his groups or by what is granted to him in one; all for
 * administrators. Without the all-staff drive, which `staff` gets (id none when it is not there). */
MUST_USE enum fault drive_list_reached(struct cx *cx, str name_part, int limit, str cursor, const char *cursor_field,
                                       struct drive_page *out, struct drive *staff);

/* The caller's personal drives, oldest first, without paging (at most 100). */
MUST_USE enum fault drive_list_personal(struct cx *cx, struct list *out);

/* All drives of the domain by number, for administrators and the command line. */
MUST_USE enum fault drive_list_all(struct cx *cx, id after, int limit, struct list *out);
MUST_USE enum fault drive_set_quota(struct cx *cx, id drive, int64_t quota);

#endif
