/* drive/shared_folder.h: a folder of somebody's drive given to a group whose members joined. */
#ifndef DRIVE_SHARED_FOLDER_H
#define DRIVE_SHARED_FOLDER_H

#include "drive/node.h"

/* Makes a folder in the root of the caller's personal drive, a group with the caller as owner, a grant
 * on the folder for the group, and the record. EXISTS (THING_NODE) for a taken name; FORBIDDEN when the
 * drive is not the caller's own, DISABLED when it is. Thread writer. */
MUST_USE enum fault shared_folder_create(struct cx *cx, const struct drive *drive, str name, int max_members,
                                         struct shared_folder *out);

enum shared_folder_whose { WHOSE_ALL, WHOSE_MINE, WHOSE_JOINED };

/* Those of the caller, newest first; name_part without regard to case. Those whose folder is in the
 * bin, itself or with one above it, or gone are left out. Items are struct shared_folder. */
MUST_USE enum fault shared_folder_list(struct cx *cx, enum shared_folder_whose whose, str name_part, int64_t offset,
                                       int limit, struct list *out);

/* The drive of a shared folder the caller is a member of, by record, folder or group number.
 * NOT_FOUND. */
MUST_USE enum fault shared_folder_find(struct cx *cx, str text, struct shared_folder *out);

/* A member joins (the invitation's end). CONFLICT when full. Thread writer. */
MUST_USE enum fault shared_folder_join(struct cx *cx, id shared_folder, id user, enum share_role role);

#endif
