/* store/nodes_1.c: the nodes of version 1, which had a column for every member, into those of version 2. */
#include "store/details.h"
#include "store/driver.h"

enum { STRETCH = 500 };

struct node_1 {
    struct node node;
    int64_t     duplicate;
    str         name_key, sort_key;
};

#define ROW struct node_1
#define NODE(member, kind) { offsetof(ROW, node.member), kind }
static const struct column columns[] = {
    NODE(drive, KIND_ID), NODE(id, KIND_ID), NODE(parent, KIND_ID), NODE(origin, KIND_ID), NODE(content, KIND_ID),
    NODE(revision, KIND_ID), NODE(creator, KIND_ID), NODE(editor, KIND_ID), NODE(kind, KIND_INT),
    NODE(category, KIND_INT), NODE(name, KIND_STR), NODE(media_type, KIND_STR), NODE(file_type, KIND_STR),
    NODE(description, KIND_STR), NODE(size, KIND_INT64), NODE(version, KIND_INT64), NODE(hidden, KIND_BOOL),
    NODE(sha1, KIND_STR), NODE(sha256, KIND_STR), NODE(crc64, KIND_INT64), NODE(tags, KIND_STR),
    NODE(local_created, KIND_STR), NODE(local_modified, KIND_STR), NODE(created, KIND_INSTANT),
    NODE(modified, KIND_INSTANT), NODE(trashed, KIND_INSTANT),
    { AT(ROW, duplicate) }, { AT(ROW, name_key) }, { AT(ROW, sort_key) },
};
#undef NODE
#undef ROW

/* No STMT: they are of tables that are gone once this is over. */
static const struct stmt rows_of_1 = { "nodes_of_1",
    "SELECT drive_id, id, parent_id, origin, content_id, revision, creator, editor, kind, category, name, media_type,"
    " file_type, description, size, version, hidden, sha1, sha256, crc64, tags, local_created, local_modified, created,"
    " modified, trashed, duplicate, name_key, sort_key FROM nodes WHERE (drive_id, id) > ($1, $2)"
    " ORDER BY drive_id, id LIMIT $3" };
static const struct stmt row_to_2 = { "node_to_2",
    "INSERT INTO nodes_moved (id, drive_id, parent_id, content_id, kind, category, name, size, created, modified, trashed,"
    " description, details, duplicate, name_key, sort_key)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)" };

static enum fault move_row(struct cx *cx, const struct node_1 *r)
{
    const struct node *n = &r->node;
    const str details = details_pack(cx->arena, n);
    return store_exec(cx, &row_to_2, ARGS(ARG(n->id), ARG(n->drive), ARG(n->parent), ARG(n->content), ARG(n->kind),
        ARG(n->category), ARG(n->name), ARG(n->size), ARG(n->created), ARG(n->modified), ARG(n->trashed),
        ARG(n->description), BYTES(details), ARG(r->duplicate), BYTES(r->name_key), BYTES(r->sort_key)), NULL);
}

static enum fault move_stretch(struct cx *cx, id *drive, id *node, bool *more)
{
    struct list rows;
    TRY(store_many(cx, &rows_of_1, ARGS(ARG(*drive), ARG(*node), ARG(STRETCH)), COLUMNS(columns), sizeof(struct node_1),
                   &rows));
    const struct node_1 *items = rows.items;
    for (size_t i = 0; i < rows.count; i++)
        TRY(move_row(cx, &items[i]));
    *more = rows.count == STRETCH;
    if (rows.count) {
        *drive = items[rows.count - 1].node.drive;
        *node = items[rows.count - 1].node.id;
    }
    return OK;
}

enum fault nodes_from_1(struct cx *cx)
{
    struct arena *const whole = cx->arena;
    id         drive = ID_NONE, node = ID_NONE;
    enum fault fault = OK;
    for (bool more = true; more && fault == OK;) {
        AUTO(arena_free) struct arena *arena = arena_new();
        cx->arena = arena;
        fault = move_stretch(cx, &drive, &node, &more);
        cx->arena = whole;
    }
    return fault;
}
