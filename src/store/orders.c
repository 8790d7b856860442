#include "store/orders.h"

#include "store/rows.h"

/* Past every sort key: ICU's keys never begin with 0xFF. */
#define PAST_ALL_KEYS S("\xFF\xFF\xFF\xFF")

/* Each folder that something stands in, by one step of an index from the one before. */
#define OCCUPIED                                                                                                   \
    "WITH RECURSIVE occupied (folder) AS (SELECT MIN(parent_id) FROM nodes WHERE drive_id = $1"                    \
    " UNION ALL SELECT (SELECT MIN(parent_id) FROM nodes WHERE drive_id = $1 AND parent_id > o.folder)"            \
    " FROM occupied o WHERE o.folder IS NOT NULL)"
/* `first` of the key in each, from the position on. */
#define HEADS(name, first, key, within, none, or_none)                                                             \
    { name, OCCUPIED " SELECT folder, " none "(SELECT " first "(" key ") FROM nodes WHERE drive_id = $1"           \
      " AND parent_id = folder AND " key " " within ")" or_none " AS head FROM occupied WHERE folder IS NOT NULL" }
STMT occupied_count = { "occupied_count",
    OCCUPIED " SELECT COUNT(*) FROM (SELECT 1 FROM occupied WHERE folder IS NOT NULL LIMIT $2) AS some" };
STMT heads_by_size[] = {
    HEADS("heads_by_size", "MIN", "size", ">= $2 + CASE WHEN folder < $3 THEN 1 ELSE 0 END", "COALESCE(", ", -1)"),
    HEADS("heads_by_size_desc", "MAX", "size", "<= $2 - CASE WHEN folder > $3 THEN 1 ELSE 0 END", "COALESCE(", ", -1)"),
};
STMT heads_by_name[] = {
    HEADS("heads_by_name", "MIN", "sort_key", ">= $2", "", ""),
    HEADS("heads_by_name_desc", "MAX", "sort_key", "<= $2", "", ""),
};
#define KEYS(name, key)                                                                                            \
    { name, "SELECT " key ", id FROM nodes WHERE drive_id = $1 AND parent_id = $2 AND (" key ", id) > ($3, $4)"    \
      " ORDER BY " key ", id LIMIT $5" },                                                                          \
    { name "_desc", "SELECT " key ", id FROM nodes WHERE drive_id = $1 AND parent_id = $2 AND (" key ", id) < ($3, $4)" \
      " ORDER BY " key " DESC, id DESC LIMIT $5" }
STMT keys_by_size[] = { KEYS("keys_by_size", "size") };
STMT keys_by_name[] = { KEYS("keys_by_name", "sort_key") };

enum fault store_folders_occupied(struct cx *cx, id drive, int limit, int64_t *count)
{
    return store_number(cx, &occupied_count, ARGS(ARG(drive), ARG(limit)), 0, count);
}

struct node_position store_position_first(bool descending)
{
    return (struct node_position){ .number = descending ? INT64_MAX : INT64_MIN, .bytes = descending ? PAST_ALL_KEYS : S(""),
                                   .node = { descending ? INT64_MAX : 0 } };
}

enum fault store_folder_heads_each(struct cx *cx, id drive, enum node_order order, bool descending,
                                   const struct node_position *from, id folder,
                                   bool (*each)(void *arg, void *row), void *arg)
{
    static const struct column by_size[] = { { AT(struct folder_head, folder) }, { AT(struct folder_head, number) } };
    static const struct column by_name[] = { { AT(struct folder_head, folder) }, { AT(struct folder_head, bytes) } };
    struct folder_head row = { 0 };
    if (order == ORDER_NAME)
        return store_each(cx, &heads_by_name[descending], ARGS(ARG(drive), BYTES(from->bytes)), COLUMNS(by_name), &row, each,
                          arg);
    return store_each(cx, &heads_by_size[descending], ARGS(ARG(drive), ARG(from->number), ARG(folder)), COLUMNS(by_size),
                      &row, each, arg);
}

enum fault store_folder_keys_each(struct cx *cx, id drive, id folder, enum node_order order, bool descending,
                                  const struct node_position *from, int limit,
                                  bool (*each)(void *arg, void *row), void *arg)
{
    static const struct column by_size[] = { { AT(struct node_position, number) }, { AT(struct node_position, node) } };
    static const struct column by_name[] = { { AT(struct node_position, bytes) }, { AT(struct node_position, node) } };
    struct node_position row = { 0 };
    if (order == ORDER_NAME)
        return store_each(cx, &keys_by_name[descending], ARGS(ARG(drive), ARG(folder), BYTES(from->bytes), ARG(from->node),
                          ARG(limit)), COLUMNS(by_name), &row, each, arg);
    return store_each(cx, &keys_by_size[descending], ARGS(ARG(drive), ARG(folder), ARG(from->number), ARG(from->node),
                      ARG(limit)), COLUMNS(by_size), &row, each, arg);
}
