/* store/drives.h: rows of drives and shared folders. */
#ifndef STORE_DRIVES_H
#define STORE_DRIVES_H

#include "base/cx.h"
#include "store/records.h"

/* EXISTS without a note: the owner has a default drive and this one wants to be it. */
MUST_USE enum fault store_drive_add(struct cx *cx, const struct drive *drive);
/* NOT_FOUND without a note, also for a deleted drive. */
MUST_USE enum fault store_drive(struct cx *cx, id domain, id drive, struct drive *out);
MUST_USE enum fault store_drives_of(struct cx *cx, id owner, id after, int limit, struct list *out);
MUST_USE enum fault store_drives_all(struct cx *cx, id domain, id after, int limit, struct list *out);
/* The same, the youngest first: those below `before`. */
MUST_USE enum fault store_drives_of_down(struct cx *cx, id owner, id before, int limit, struct list *out);
MUST_USE enum fault store_drives_all_down(struct cx *cx, id domain, id before, int limit, struct list *out);
/* Team drives (not the all-staff one) that a user's groups open to him, and with `granted` those in which
 * something is granted to him or them, by number. */
MUST_USE enum fault store_drives_of_groups(struct cx *cx, id domain, id user, bool granted, id after, int limit,
                                           struct list *out);
MUST_USE enum fault store_drives_teams(struct cx *cx, id domain, id after, int limit, struct list *out);
MUST_USE enum fault store_drive_count(struct cx *cx, id owner, int64_t *count);
/* Bytes used and reserved in all drives of the domain. */
MUST_USE enum fault store_drives_used(struct cx *cx, id domain, int64_t *used, int64_t *reserved);
/* Counts anew what is charged to the domain, from when its size is limited on. */
MUST_USE enum fault store_domain_recount(struct cx *cx, id domain);
/* Name, description, status, quota, owner, is_default. EXISTS without a note: the owner has a default drive. */
MUST_USE enum fault store_drive_update(struct cx *cx, const struct drive *drive);
MUST_USE enum fault store_drive_set_quota(struct cx *cx, id drive, int64_t quota, instant now);
/* Adds to used and reserved in one statement; OK with *fits = false, and nothing changed, when
 * used + reserved would pass the quota of the drive, or of the domain, while growing. */
MUST_USE enum fault store_drive_charge(struct cx *cx, id drive, int64_t used, int64_t reserved, bool *fits);
/* Marks deleted: the rows below go in the background; the domain has the room at once. */
MUST_USE enum fault store_drive_mark_deleted(struct cx *cx, id drive, instant now);
MUST_USE enum fault store_drives_deleted(struct cx *cx, int limit, struct list *out); /* struct drive */
MUST_USE enum fault store_drive_remove(struct cx *cx, id drive);

MUST_USE enum fault store_shared_folder_add(struct cx *cx, const struct shared_folder *folder);
/* By record, folder or group number. */
MUST_USE enum fault store_shared_folder(struct cx *cx, id number, struct shared_folder *out);
/* Of a member, newest first, all of them; `name` is the folder's. Trashed or gone folders are left out. */
MUST_USE enum fault store_shared_folders_of(struct cx *cx, id user, struct list *out);


#endif
