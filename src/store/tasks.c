#include "store/tasks.h"

#include "store/rows.h"

#define ROW struct task
#define TASK_COLUMNS \
    "id, domain_id, user_id, app_id, share_id, kind, state, phase, drive_id, node_id, to_drive, to_parent, made, " \
    "content_id, conflict, keep_tags, name, more, total, done, skipped, failed, reserved, folders, at_folder, " \
    "at_key, height, at_node, fault, thing, before, created, finished, to_share"
static const struct column task_columns[] = {
    { AT(ROW, id) }, { AT(ROW, domain) }, { AT(ROW, user) }, { AT(ROW, app) }, { AT(ROW, share) }, { AT(ROW, kind) },
    { AT(ROW, state) }, { AT(ROW, phase) }, { AT(ROW, drive) }, { AT(ROW, node) }, { AT(ROW, to_drive) },
    { AT(ROW, to_parent) }, { AT(ROW, made) }, { AT(ROW, content) }, { AT(ROW, conflict) }, { AT(ROW, keep_tags) },
    { AT(ROW, name) }, { AT(ROW, more) }, { AT(ROW, total) }, { AT(ROW, done) }, { AT(ROW, skipped) },
    { AT(ROW, failed) }, { AT(ROW, reserved) }, { AT(ROW, folders) }, { AT(ROW, at_folder) }, { AT(ROW, at_key) },
    { AT(ROW, height) }, { AT(ROW, at_node) }, { AT(ROW, fault) }, { AT(ROW, thing) }, { AT(ROW, before) },
    { AT(ROW, created) }, { AT(ROW, finished) }, { AT(ROW, to_share) },
};
#undef ROW

STMT task_insert = { "task_insert",
    "INSERT INTO tasks (" TASK_COLUMNS ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16,"
    " $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34)" };
STMT task_by_id = { "task_by_id", "SELECT " TASK_COLUMNS " FROM tasks WHERE id = $1" };
STMT task_update = { "task_update",
    "UPDATE tasks SET state = $2, phase = $3, made = $4, content_id = $5, total = $6, done = $7, skipped = $8, failed = $9,"
    " reserved = $10, folders = $11, at_folder = $12, at_key = $13, height = $14, at_node = $15, fault = $16, thing = $17,"
    " finished = $18 WHERE id = $1" };
STMT task_delete = { "task_delete", "DELETE FROM tasks WHERE id = $1" };
STMT task_items_delete = { "task_items_delete", "DELETE FROM task_items WHERE task_id = $1" };
STMT tasks_running = { "tasks_running", "SELECT id FROM tasks WHERE state = 1 AND id > $1 ORDER BY id LIMIT $2" };
STMT tasks_on_drive = { "tasks_on_drive", "SELECT COUNT(*) FROM tasks WHERE state = 1 AND drive_id = $1 AND kind = $2" };
STMT tasks_holding = { "tasks_holding",
    "SELECT " TASK_COLUMNS " FROM tasks WHERE content_id > 0 AND finished > 0 AND finished < $1 ORDER BY finished LIMIT $2" };
STMT tasks_held_bytes = { "tasks_held_bytes",
    "SELECT COALESCE(SUM(c.size), 0) FROM tasks t JOIN contents c ON c.id = t.content_id WHERE t.content_id > 0" };
STMT tasks_moving = { "tasks_moving",
    "SELECT COUNT(*) FROM tasks WHERE state = 1 AND kind = 3 AND (drive_id = $1 OR to_drive = $1)" };
STMT tasks_of_guests = { "tasks_of_guests",
    "SELECT COUNT(*) FROM tasks WHERE user_id = 0 AND app_id = 0 AND share_id = $1 AND created >= $2" };
STMT tasks_finished = { "tasks_finished",
    "SELECT " TASK_COLUMNS " FROM tasks WHERE finished > 0 AND finished < $1 ORDER BY finished LIMIT $2" };

enum fault store_task_add(struct cx *cx, const struct task *t)
{
    return store_exec(cx, &task_insert, ARGS(ARG(t->id), ARG(t->domain), ARG(t->user), ARG(t->app), ARG(t->share),
        ARG(t->kind), ARG(t->state), ARG(t->phase), ARG(t->drive), ARG(t->node), ARG(t->to_drive), ARG(t->to_parent),
        ARG(t->made), ARG(t->content), ARG(t->conflict), ARG(t->keep_tags), ARG(t->name), ARG(t->more), ARG(t->total),
        ARG(t->done), ARG(t->skipped), ARG(t->failed), ARG(t->reserved), ARG(t->folders), ARG(t->at_folder),
        ARG(t->at_key), ARG(t->height), ARG(t->at_node), ARG(t->fault), ARG(t->thing), ARG(t->before), ARG(t->created),
        ARG(t->finished), ARG(t->to_share)), NULL);
}

enum fault store_task(struct cx *cx, id task, struct task *out)
{
    return store_one(cx, &task_by_id, ARGS(ARG(task)), COLUMNS(task_columns), out);
}

enum fault store_task_save(struct cx *cx, const struct task *t)
{
    return store_exec(cx, &task_update, ARGS(ARG(t->id), ARG(t->state), ARG(t->phase), ARG(t->made), ARG(t->content),
        ARG(t->total), ARG(t->done), ARG(t->skipped), ARG(t->failed), ARG(t->reserved), ARG(t->folders),
        ARG(t->at_folder), ARG(t->at_key), ARG(t->height), ARG(t->at_node), ARG(t->fault), ARG(t->thing),
        ARG(t->finished)), NULL);
}

enum fault store_task_remove(struct cx *cx, id task)
{
    TRY(store_exec(cx, &task_items_delete, ARGS(ARG(task)), NULL));
    return store_exec(cx, &task_delete, ARGS(ARG(task)), NULL);
}

enum fault store_tasks_running(struct cx *cx, id after, int limit, struct list *out)
{
    static const struct column column[] = { { 0, KIND_ID } };
    return store_many(cx, &tasks_running, ARGS(ARG(after), ARG(limit)), COLUMNS(column), sizeof(id), out);
}

enum fault store_tasks_on_drive(struct cx *cx, id drive, int kind, int64_t *count)
{
    return store_number(cx, &tasks_on_drive, ARGS(ARG(drive), ARG(kind)), 0, count);
}

enum fault store_tasks_held_bytes(struct cx *cx, int64_t *bytes)
{
    return store_number(cx, &tasks_held_bytes, NO_ARGS, 0, bytes);
}

enum fault store_tasks_moving(struct cx *cx, id drive, int64_t *count)
{
    return store_number(cx, &tasks_moving, ARGS(ARG(drive)), 0, count);
}

enum fault store_tasks_of_guests(struct cx *cx, id share, instant since, int64_t *count)
{
    return store_number(cx, &tasks_of_guests, ARGS(ARG(share), ARG(since)), 0, count);
}

enum fault store_tasks_finished(struct cx *cx, instant before, int limit, struct list *out)
{
    return store_many(cx, &tasks_finished, ARGS(ARG(before), ARG(limit)), COLUMNS(task_columns), sizeof(struct task), out);
}

enum fault store_tasks_holding(struct cx *cx, instant before, int limit, struct list *out)
{
    return store_many(cx, &tasks_holding, ARGS(ARG(before), ARG(limit)), COLUMNS(task_columns), sizeof(struct task), out);
}

/* ---- folders to look into ---- */

#define ROW struct task_folder
static const struct column folder_columns[] = {
    { AT(ROW, number) }, { AT(ROW, from) }, { AT(ROW, to) }, { AT(ROW, depth) },
};
#undef ROW

STMT task_folder_insert = { "task_folder_insert",
    "INSERT INTO task_folders (task_id, number, from_id, to_id, depth) VALUES ($1, $2, $3, $4, $5)" };
STMT task_folder_by_number = { "task_folder_by_number",
    "SELECT number, from_id, to_id, depth FROM task_folders WHERE task_id = $1 AND number = $2" };
STMT task_folder_delete = { "task_folder_delete", "DELETE FROM task_folders WHERE task_id = $1 AND number = $2" };

enum fault store_task_folder_add(struct cx *cx, id task, const struct task_folder *f)
{
    return store_exec(cx, &task_folder_insert, ARGS(ARG(task), ARG(f->number), ARG(f->from), ARG(f->to), ARG(f->depth)),
                      NULL);
}

enum fault store_task_folder(struct cx *cx, id task, int64_t number, struct task_folder *out)
{
    return store_one(cx, &task_folder_by_number, ARGS(ARG(task), ARG(number)), COLUMNS(folder_columns), out);
}

enum fault store_task_folder_remove(struct cx *cx, id task, int64_t number)
{
    return store_exec(cx, &task_folder_delete, ARGS(ARG(task), ARG(number)), NULL);
}

/* ---- nodes one by one ---- */

#define ROW struct task_item
#define ITEM_COLUMNS "i.number, i.node_id, i.made, i.sub_task, i.state, i.name, i.fault, i.thing"
static const struct column item_columns[] = {
    { AT(ROW, number) }, { AT(ROW, node) }, { AT(ROW, made) }, { AT(ROW, sub) }, { AT(ROW, state) }, { AT(ROW, name) },
    { AT(ROW, fault) }, { AT(ROW, thing) }, { AT(ROW, sub_kind) }, { AT(ROW, sub_state) }, { AT(ROW, sub_fault) },
    { AT(ROW, sub_thing) }, { AT(ROW, sub_made) }, { AT(ROW, sub_done) }, { AT(ROW, sub_skipped) },
    { AT(ROW, sub_total) }, { AT(ROW, sub_finished) },
};
enum { OWN_COLUMNS = 8 };
#undef ROW

STMT task_item_insert = { "task_item_insert",
    "INSERT INTO task_items (task_id, number, node_id, made, sub_task, state, name, fault, thing)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)" };
STMT task_item_by_number = { "task_item_by_number",
    "SELECT " ITEM_COLUMNS " FROM task_items i WHERE i.task_id = $1 AND i.number = $2" };
STMT task_items_all = { "task_items_all",
    "SELECT " ITEM_COLUMNS ", COALESCE(t.kind, 0), COALESCE(t.state, 0), t.fault, COALESCE(t.thing, 0),"
    " COALESCE(t.made, 0), COALESCE(t.done, 0), COALESCE(t.skipped, 0), COALESCE(t.total, 0), COALESCE(t.finished, 0)"
    " FROM task_items i LEFT JOIN tasks t ON t.id = i.sub_task WHERE i.task_id = $1 ORDER BY i.number" };
STMT task_item_update = { "task_item_update",
    "UPDATE task_items SET made = $3, sub_task = $4, state = $5, fault = $6, thing = $7"
    " WHERE task_id = $1 AND number = $2" };

enum fault store_task_item_add(struct cx *cx, id task, const struct task_item *i)
{
    return store_exec(cx, &task_item_insert, ARGS(ARG(task), ARG(i->number), ARG(i->node), ARG(i->made), ARG(i->sub),
        ARG(i->state), ARG(i->name), ARG(i->fault), ARG(i->thing)), NULL);
}

enum fault store_task_item(struct cx *cx, id task, int64_t number, struct task_item *out)
{
    *out = (struct task_item){ 0 };
    return store_one(cx, &task_item_by_number, ARGS(ARG(task), ARG(number)), item_columns, OWN_COLUMNS, out);
}

enum fault store_task_items(struct cx *cx, id task, struct list *out)
{
    return store_many(cx, &task_items_all, ARGS(ARG(task)), COLUMNS(item_columns), sizeof(struct task_item), out);
}

enum fault store_task_item_save(struct cx *cx, id task, const struct task_item *i)
{
    return store_exec(cx, &task_item_update, ARGS(ARG(task), ARG(i->number), ARG(i->made), ARG(i->sub), ARG(i->state),
        ARG(i->fault), ARG(i->thing)), NULL);
}
