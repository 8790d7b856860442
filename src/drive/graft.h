/* drive/graft.h: what copying and moving trees share: the folders still to be looked into, and putting a tree
 * that stands below a task into its place; inside drive/ only. */
#ifndef DRIVE_GRAFT_H
#define DRIVE_GRAFT_H

#include "drive/node.h"
#include "drive/task.h"

/* BUILD   the new tree grows below the task, where nobody finds it. Folders are looked into in the order of
 *         their finding: task_folders has a row for each; at_folder, at_key and at_node say how far it is.
 * ATTACH  the top is put into its folder: one row, and all is there.
 * TELL    the events of what is below the top; its folders' rows go.
 * UNDO    instead of ATTACH, after a fault: all becomes as it was. */
enum graft { GRAFT_BUILD, GRAFT_ATTACH, GRAFT_TELL, GRAFT_UNDO };

/* What the kinds of work do in the phases, as struct task_work's slice; told() of each node of the new tree may
 * be NULL. One that can do no more for now uses up the budget. */
struct graft_work {
    enum fault (*build)(struct cx *cx, struct task *task, struct task_turn *turn, int *budget);
    enum fault (*attach)(struct cx *cx, struct task *task, int *budget);
    enum fault (*told)(struct cx *cx, const struct task *task, const struct node *node);
    enum fault (*undo)(struct cx *cx, struct task *task, int *budget);
};
MUST_USE enum fault graft_slice(struct cx *cx, const struct graft_work *work, struct task *task, struct task_turn *turn,
                                int *budget);

void graft_enter(struct task *task, enum graft phase);
void graft_next_folder(struct task *task);

/* Adds a folder to those to be looked into. TOO_DEEP. */
MUST_USE enum fault graft_push(struct cx *cx, struct task *task, id from, id to, int depth);

/* ATTACH: the top, task->made, goes into `parent`, live, under a name that task->conflict settles.
 * Faults  TOO_DEEP; EXISTS where it is refused */
MUST_USE enum fault graft_attach(struct cx *cx, struct task *task, const struct drive *drive,
                                 const struct node *parent);

/* UNDO where nothing is to be put back: what was built goes, and with the last of it the task has FAILED. */
MUST_USE enum fault graft_erase(struct cx *cx, struct task *task, int *budget);

/* The source is still there, live, and the asker's to do this with, also where he found it in a share.
 * Faults  NOT_FOUND, TRASHED (THING_NODE); FORBIDDEN */
MUST_USE enum fault graft_source(struct cx *cx, const struct task *task, unsigned actions);

/* The target of the task, to_parent, as it is now: there, live, and the caller's to put something into.
 * Faults  NOT_FOUND, TRASHED (THING_PARENT, THING_DRIVE); FORBIDDEN */
MUST_USE enum fault graft_target(struct cx *cx, const struct task *task, struct drive *drive, struct node *parent);

/* Counts a source before it is worked at; for look(). */
MUST_USE enum fault graft_count(struct cx *cx, const struct task *task, struct task_turn *turn);

/* struct task_work's undo. */
bool graft_undo(struct task *task);

/* What the name in its new place says of a file; of a folder nothing. */
int category_by(const struct node *node);

/* Room in a drive; bytes may be negative. QUOTA. */
MUST_USE enum fault graft_charge(struct cx *cx, id drive, int64_t used, int64_t reserved);

/* INVALID (new_name) for a name that is given and bad. */
MUST_USE enum fault graft_check_name(struct cx *cx, str name);

/* Whether a name is taken where that is refused. */
MUST_USE enum fault graft_look_for_room(struct cx *cx, const struct node *node, str name, const struct drive *drive,
                                        const struct node *parent, enum conflict conflict, struct node *in_the_way,
                                        bool *exists);

/* TOO_DEEP for a tree of this height in this folder. */
MUST_USE enum fault graft_check_depth(struct cx *cx, const struct drive *drive, const struct node *parent, int height);

#endif
