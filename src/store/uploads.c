#include "store/uploads.h"

#include "base/encode.h"
#include "store/rows.h"

#define ROW struct upload
#define UPLOAD_COLUMNS \
    "id, drive_id, parent_id, node_id, user_id, app_id, overwrites, state, conflict, name, media_type, file_type, " \
    "description, tags, local_created, local_modified, hidden, size, reserved, sha1, sha256, created, expires, file_created, " \
    "share_id, parallel"
static const struct column upload_columns[] = {
    { AT(ROW, id) }, { AT(ROW, drive) }, { AT(ROW, parent) }, { AT(ROW, node) }, { AT(ROW, user) }, { AT(ROW, app) },
    { AT(ROW, overwrites) }, { AT(ROW, state) }, { AT(ROW, conflict) }, { AT(ROW, name) }, { AT(ROW, media_type) },
    { AT(ROW, file_type) }, { AT(ROW, description) }, { AT(ROW, tags) }, { AT(ROW, local_created) },
    { AT(ROW, local_modified) }, { AT(ROW, hidden) }, { AT(ROW, size) }, { AT(ROW, reserved) }, { AT(ROW, sha1) },
    { AT(ROW, sha256) }, { AT(ROW, created) }, { AT(ROW, expires) }, { AT(ROW, file_created) },
    { AT(ROW, share) }, { AT(ROW, parallel) },
};
#undef ROW

STMT upload_insert = { "upload_insert",
    "INSERT INTO uploads (" UPLOAD_COLUMNS ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15,"
    " $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26)" };
STMT upload_by_id = { "upload_by_id", "SELECT " UPLOAD_COLUMNS " FROM uploads WHERE id = $1" };
STMT upload_of_node = { "upload_of_node",
    "SELECT " UPLOAD_COLUMNS " FROM uploads WHERE node_id = $1 ORDER BY id DESC LIMIT 1" };
STMT uploads_open_of = { "uploads_open_of_node",
    "SELECT " UPLOAD_COLUMNS " FROM uploads WHERE node_id = $1 AND state = 1 LIMIT $2" };
STMT upload_done = { "upload_done", "UPDATE uploads SET state = 2, reserved = 0 WHERE id = $1" };
STMT upload_reserve = { "upload_reserve", "UPDATE uploads SET reserved = reserved + $2 WHERE id = $1" };
STMT upload_delete = { "upload_delete", "DELETE FROM uploads WHERE id = $1" };
STMT uploads_expired = { "uploads_expired",
    "SELECT " UPLOAD_COLUMNS " FROM uploads WHERE expires < $1 ORDER BY expires LIMIT $2" };
STMT uploads_of_drive = { "uploads_of_drive",
    "SELECT " UPLOAD_COLUMNS " FROM uploads WHERE drive_id = $1 LIMIT $2" };
STMT uploads_into = { "uploads_into",
    "SELECT " UPLOAD_COLUMNS " FROM uploads WHERE drive_id = $1 AND parent_id = $2 LIMIT $3" };
STMT uploads_into_end = { "uploads_into_end",
    "SELECT id FROM uploads WHERE drive_id = $1 AND parent_id = $2 AND id > $3 ORDER BY id LIMIT 1 OFFSET $4" };
STMT uploads_open_into = { "uploads_open_into",
    "SELECT " UPLOAD_COLUMNS " FROM uploads WHERE drive_id = $1 AND parent_id = $2 AND id > $3 AND id <= $4"
    " AND state = 1 AND user_id = $5 ORDER BY id LIMIT $6" };

enum fault store_upload_add(struct cx *cx, const struct upload *u)
{
    return store_exec(cx, &upload_insert, ARGS(ARG(u->id), ARG(u->drive), ARG(u->parent), ARG(u->node), ARG(u->user),
        ARG(u->app), ARG(u->overwrites), ARG(u->state), ARG(u->conflict), ARG(u->name), ARG(u->media_type),
        ARG(u->file_type), ARG(u->description), ARG(u->tags), ARG(u->local_created), ARG(u->local_modified),
        ARG(u->hidden), ARG(u->size), ARG(u->reserved), BYTES(u->sha1), BYTES(u->sha256), ARG(u->created),
        ARG(u->expires), ARG(u->file_created), ARG(u->share), ARG(u->parallel)), NULL);
}

enum fault store_upload(struct cx *cx, id upload, struct upload *out)
{
    return store_one(cx, &upload_by_id, ARGS(ARG(upload)), COLUMNS(upload_columns), out);
}

enum fault store_upload_of_node(struct cx *cx, id node, struct upload *out)
{
    return store_one(cx, &upload_of_node, ARGS(ARG(node)), COLUMNS(upload_columns), out);
}

enum fault store_uploads_open_of_node(struct cx *cx, id node, int limit, struct list *out)
{
    return store_many(cx, &uploads_open_of, ARGS(ARG(node), ARG(limit)), COLUMNS(upload_columns), sizeof(struct upload),
                      out);
}

enum fault store_upload_done(struct cx *cx, id upload)
{
    return store_exec(cx, &upload_done, ARGS(ARG(upload)), NULL);
}

enum fault store_upload_reserve(struct cx *cx, id upload, int64_t more)
{
    return store_exec(cx, &upload_reserve, ARGS(ARG(upload), ARG(more)), NULL);
}

enum fault store_upload_remove(struct cx *cx, id upload)
{
    return store_exec(cx, &upload_delete, ARGS(ARG(upload)), NULL);
}

enum fault store_uploads_expired(struct cx *cx, instant before, int limit, struct list *out)
{
    return store_many(cx, &uploads_expired, ARGS(ARG(before), ARG(limit)), COLUMNS(upload_columns),
                      sizeof(struct upload), out);
}

enum fault store_uploads_of_drive(struct cx *cx, id drive, int limit, struct list *out)
{
    return store_many(cx, &uploads_of_drive, ARGS(ARG(drive), ARG(limit)), COLUMNS(upload_columns),
                      sizeof(struct upload), out);
}

enum fault store_uploads_into(struct cx *cx, id drive, id parent, int limit, struct list *out)
{
    return store_many(cx, &uploads_into, ARGS(ARG(drive), ARG(parent), ARG(limit)), COLUMNS(upload_columns),
                      sizeof(struct upload), out);
}

enum fault store_uploads_into_end(struct cx *cx, id drive, id parent, id after, int count, int64_t *out)
{
    return store_number(cx, &uploads_into_end, ARGS(ARG(drive), ARG(parent), ARG(after), ARG(count)), 0, out);
}

enum fault store_uploads_open_into(struct cx *cx, id drive, id parent, id after, int64_t end, id user, int limit,
                                   struct list *out)
{
    return store_many(cx, &uploads_open_into, ARGS(ARG(drive), ARG(parent), ARG(after), ARG(end), ARG(user), ARG(limit)),
                      COLUMNS(upload_columns), sizeof(struct upload), out);
}

/* ---- parts ---- */

#define ROW struct part
#define PART_COLUMNS "number, chunk_id, size, crc64, md5, sha256, sha1, pre_sha1, received"
static const struct column part_columns[] = {
    { AT(ROW, number) }, { AT(ROW, chunk) }, { AT(ROW, size) }, { AT(ROW, crc64) }, { AT(ROW, md5) },
    { AT(ROW, sha256) }, { AT(ROW, sha1) }, { AT(ROW, pre_sha1) }, { AT(ROW, received) },
};
#undef ROW

STMT part_put = { "part_put",
    "INSERT INTO parts (upload_id, " PART_COLUMNS ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
    " ON CONFLICT (upload_id, number) DO UPDATE SET chunk_id = excluded.chunk_id, size = excluded.size,"
    " crc64 = excluded.crc64, md5 = excluded.md5, sha256 = excluded.sha256, sha1 = excluded.sha1, pre_sha1 = excluded.pre_sha1,"
    " received = excluded.received" };
STMT part_by_number = { "part_by_number",
    "SELECT " PART_COLUMNS " FROM parts WHERE upload_id = $1 AND number = $2" };
STMT parts_after = { "parts_after",
    "SELECT " PART_COLUMNS " FROM parts WHERE upload_id = $1 AND number > $2 ORDER BY number LIMIT $3" };
STMT parts_delete = { "parts_delete", "DELETE FROM parts WHERE upload_id = $1" };
STMT parts_size = { "parts_size",
    "SELECT COALESCE(SUM(size), 0) FROM parts WHERE upload_id = $1 AND number <> $2" };

enum fault store_part_put(struct cx *cx, id upload, const struct part *p)
{
    return store_exec(cx, &part_put, ARGS(ARG(upload), ARG(p->number), ARG(p->chunk), ARG(p->size), ARG(p->crc64),
        BYTES(p->md5), BYTES(p->sha256), BYTES(p->sha1), BYTES(p->pre_sha1), ARG(p->received)), NULL);
}

enum fault store_part(struct cx *cx, id upload, int number, struct part *out)
{
    return store_one(cx, &part_by_number, ARGS(ARG(upload), ARG(number)), COLUMNS(part_columns), out);
}

enum fault store_parts(struct cx *cx, id upload, int after, int limit, struct list *out)
{
    return store_many(cx, &parts_after, ARGS(ARG(upload), ARG(after), ARG(limit)), COLUMNS(part_columns),
                      sizeof(struct part), out);
}

enum fault store_parts_remove(struct cx *cx, id upload)
{
    return store_exec(cx, &parts_delete, ARGS(ARG(upload)), NULL);
}

enum fault store_parts_size(struct cx *cx, id upload, int except, int64_t *out)
{
    return store_number(cx, &parts_size, ARGS(ARG(upload), ARG(except)), 0, out);
}

/* ---- chunks ---- */

#define ROW struct chunk
static const struct column chunk_columns[] = {
    { AT(ROW, id) }, { AT(ROW, size) }, { AT(ROW, sha256) }, { AT(ROW, stored_here) },
};
#undef ROW
#define CHUNK_COLUMNS "id, size, sha256, stored_here"

STMT chunk_insert = { "chunk_insert",
    "INSERT INTO chunks (id, size, stored_here, unused_since, sha256, bytes) VALUES ($1, $2, $3, 0, $4, $5)" };
STMT chunk_by_id = { "chunk_by_id", "SELECT " CHUNK_COLUMNS " FROM chunks WHERE id = $1" };
STMT chunk_bytes = { "chunk_bytes", "SELECT bytes FROM chunks WHERE id = $1" };
STMT chunk_unused = { "chunk_unused", "UPDATE chunks SET unused_since = $2 WHERE id = $1" };
STMT chunks_unused = { "chunks_unused",
    "SELECT " CHUNK_COLUMNS " FROM chunks WHERE unused_since > 0 AND unused_since < $1 ORDER BY unused_since LIMIT $2" };
STMT chunk_delete = { "chunk_delete", "DELETE FROM chunks WHERE id = $1" };

enum fault store_chunk_add(struct cx *cx, const struct chunk *c, str bytes)
{
    return store_exec(cx, &chunk_insert, ARGS(ARG(c->id), ARG(c->size), ARG(c->stored_here), BYTES(c->sha256),
        BYTES(bytes)), NULL);
}

enum fault store_chunk(struct cx *cx, id chunk, struct chunk *out)
{
    return store_one(cx, &chunk_by_id, ARGS(ARG(chunk)), COLUMNS(chunk_columns), out);
}

enum fault store_chunk_bytes(struct cx *cx, id chunk, str *out)
{
    static const struct column column[] = { { 0, KIND_STR } };
    return store_one(cx, &chunk_bytes, ARGS(ARG(chunk)), COLUMNS(column), out);
}

enum fault store_chunk_unused(struct cx *cx, id chunk, instant since)
{
    return store_exec(cx, &chunk_unused, ARGS(ARG(chunk), ARG(since)), NULL);
}

enum fault store_chunks_unused(struct cx *cx, instant before, int limit, struct list *out)
{
    return store_many(cx, &chunks_unused, ARGS(ARG(before), ARG(limit)), COLUMNS(chunk_columns), sizeof(struct chunk), out);
}

enum fault store_chunk_remove(struct cx *cx, id chunk)
{
    return store_exec(cx, &chunk_delete, ARGS(ARG(chunk)), NULL);
}

/* ---- contents ---- */

#define ROW struct content_record
#define CONTENT_COLUMNS "id, size, crc64, refs, chunks, sha256, sha1"
static const struct column content_columns[] = {
    { AT(ROW, id) }, { AT(ROW, size) }, { AT(ROW, crc64) }, { AT(ROW, references) }, { AT(ROW, chunks) },
    { AT(ROW, sha256) }, { AT(ROW, sha1) },
};
#undef ROW

STMT content_insert = { "content_insert",
    "INSERT INTO contents (" CONTENT_COLUMNS ", sha1_hint, pre_hint, unused_since)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0) ON CONFLICT DO NOTHING" };
STMT content_chunk_insert = { "content_chunk_insert",
    "INSERT INTO content_chunks (content_id, position, chunk_id) VALUES ($1, $2, $3)" };
STMT content_by_id = { "content_by_id", "SELECT " CONTENT_COLUMNS " FROM contents WHERE id = $1" };
STMT content_by_sha256 = { "content_by_sha256",
    "SELECT " CONTENT_COLUMNS " FROM contents WHERE sha256 = $1" };
STMT contents_by_sha1 = { "contents_by_sha1",
    "SELECT " CONTENT_COLUMNS " FROM contents WHERE sha1_hint = $1 AND size = $2 LIMIT 64" };
STMT contents_by_pre = { "contents_by_pre",
    "SELECT " CONTENT_COLUMNS " FROM contents WHERE pre_hint = $1 AND size = $2 LIMIT 64" };
STMT content_refer = { "content_refer",
    "UPDATE contents SET refs = refs + $2, unused_since = CASE WHEN refs + $2 > 0 THEN 0 ELSE $3 END WHERE id = $1" };
STMT contents_unused = { "contents_unused",
    "SELECT " CONTENT_COLUMNS " FROM contents WHERE unused_since > 0 AND unused_since < $1 ORDER BY unused_since LIMIT $2" };
STMT content_chunks_drop = { "content_chunks_drop",
    "UPDATE chunks SET unused_since = $2 WHERE id IN (SELECT chunk_id FROM content_chunks WHERE content_id = $1)" };
STMT content_chunks_delete = { "content_chunks_delete",
    "DELETE FROM content_chunks WHERE content_id = $1" };
STMT content_delete = { "content_delete", "DELETE FROM contents WHERE id = $1" };
STMT content_extents = { "content_extents",
    "SELECT k.id, k.size, k.stored_here FROM content_chunks c JOIN chunks k ON k.id = c.chunk_id"
    " WHERE c.content_id = $1 ORDER BY c.position" };

/* The first eight bytes of a digest as a number: a small index key; the whole digest is compared after. */
static int64_t hint(str digest)
{
    char eight[8] = { 0 };
    memcpy(eight, digest.p, digest.n < 8 ? digest.n : 8);
    return (int64_t)be64_get(eight);
}

enum fault store_content_add(struct cx *cx, const struct content_record *c)
{
    int64_t changed = 0;
    TRY(store_exec(cx, &content_insert, ARGS(ARG(c->id), ARG(c->size), ARG(c->crc64), ARG(c->references),
        ARG(c->chunks), BYTES(c->sha256), BYTES(c->sha1), ARG(hint(c->sha1)), ARG(hint(c->pre_sha1))), &changed));
    return changed ? OK : FAULT_EXISTS;
}

enum fault store_content_chunk_add(struct cx *cx, id content, int64_t position, id chunk)
{
    return store_exec(cx, &content_chunk_insert, ARGS(ARG(content), ARG(position), ARG(chunk)), NULL);
}

enum fault store_content(struct cx *cx, id content, struct content_record *out)
{
    return store_one(cx, &content_by_id, ARGS(ARG(content)), COLUMNS(content_columns), out);
}

enum fault store_content_by_sha256(struct cx *cx, str sha256, struct content_record *out)
{
    return store_one(cx, &content_by_sha256, ARGS(BYTES(sha256)), COLUMNS(content_columns), out);
}

enum fault store_contents_by_sha1(struct cx *cx, str sha1, int64_t size, struct list *out)
{
    return store_many(cx, &contents_by_sha1, ARGS(ARG(hint(sha1)), ARG(size)), COLUMNS(content_columns),
                      sizeof(struct content_record), out);
}

enum fault store_contents_by_pre(struct cx *cx, str pre_sha1, int64_t size, struct list *out)
{
    return store_many(cx, &contents_by_pre, ARGS(ARG(hint(pre_sha1)), ARG(size)), COLUMNS(content_columns),
                      sizeof(struct content_record), out);
}

enum fault store_content_refer(struct cx *cx, id content, int by, instant now)
{
    return store_exec(cx, &content_refer, ARGS(ARG(content), ARG(by), ARG(now)), NULL);
}

enum fault store_contents_unused(struct cx *cx, instant before, int limit, struct list *out)
{
    return store_many(cx, &contents_unused, ARGS(ARG(before), ARG(limit)), COLUMNS(content_columns),
                      sizeof(struct content_record), out);
}

enum fault store_content_remove(struct cx *cx, id content, instant now)
{
    TRY(store_exec(cx, &content_chunks_drop, ARGS(ARG(content), ARG(now)), NULL));
    TRY(store_exec(cx, &content_chunks_delete, ARGS(ARG(content)), NULL));
    return store_exec(cx, &content_delete, ARGS(ARG(content)), NULL);
}

enum fault store_content_extents(struct cx *cx, id content, struct list *out)
{
    static const struct column columns[] = {
        { AT(struct extent, chunk) }, { AT(struct extent, size) },
        { AT(struct extent, stored_here) },
    };
    return store_many(cx, &content_extents, ARGS(ARG(content)), COLUMNS(columns), sizeof(struct extent), out);
}
