/* dialect/pds/update.c: metadata of files: UpdateFile, FilePutUserTags, FileDeleteUserTags,
 * ListByCustomIndexKey.
 *
 * The official JavaScript SDK marks files with a star by starred and custom_index_key together, and lists
 * them by that key: `starred_yes` is the only one it knows, and here it is the star. */
#include "drive/update.h"

#include "dialect/pds/alias.h"
#include "drive/star.h"

/* A label too many or too long is the row's to refuse; a million bytes of tags must fit. */
#define TAGS_BODY_MAX ((size_t)4 << 20)

/* ---- UpdateFile ---- */

static const struct word modes[] = {
    { "ignore", CONFLICT_ALLOW }, { "auto_rename", CONFLICT_STAMP }, { "refuse", CONFLICT_REFUSE }, { 0 }
};
static const str starred_key = { "starred_yes", 11 };

static const struct field label_rows[] = { { "", BODY, AT(struct pds_text, text), .min = 1, .max = PDS_LABEL_MAX }, { 0 } };
static const struct shape label_shape = { "Label", label_rows, sizeof(struct pds_text) };

#define IN struct update_file
const struct field pds_update_file_in[] = {
    PDS_DRIVE_ID(IN, false),
    PDS_SHARE_ID(IN),
    PDS_FILE_ID(IN),
    { "name",              BODY, AT(IN, name),              .min = 1, .max = NAME_MAX_BYTES, .bytes = true,
      .form = FORM_NAME },
    { "description",       BODY, AT(IN, description),       .max = 1024 },
    { "hidden",            BODY, AT(IN, hidden),            .form = FORM_BOOL, .absent = -1 },
    { "starred",           BODY, AT(IN, starred),           .form = FORM_BOOL, .absent = -1,
      .doc = "the caller's own mark" },
    { "labels",            BODY, AT(IN, labels),            .max = PDS_LABELS_MAX, .shape = &label_shape,
      .doc = "in place of those before" },
    { "local_modified_at", BODY, AT(IN, local_modified_at), .empty_ok = true, .doc = "2006-01-02T15:04:05Z" },
    { "check_name_mode",   BODY, AT(IN, check_name_mode),   .words = modes, .absent = CONFLICT_ALLOW },
    { "custom_index_key",  BODY, AT(IN, custom_index_key),  .max = 64,
      .doc = "of the JavaScript SDK: starred_yes, or empty; counts where starred does not come" },
    { 0 }
};
#undef IN

static int star_asked(const struct update_file *ask)
{
    if (ask->starred >= 0 || !ask->custom_index_key.p)
        return ask->starred;
    return ask->custom_index_key.n > 0;
}

static enum fault check_index_key(struct cx *cx, str key)
{
    if (key.n && !str_eq(key, starred_key))
        return fail(cx, FAULT_INVALID, .field = "custom_index_key", .how = HOW_WORD, .got = key,
                    .because = "starred_yes, or empty");
    return OK;
}

static struct node_change change_asked(const struct update_file *ask)
{
    return (struct node_change){
        .name = ask->name, .conflict = (enum conflict)ask->check_name_mode, .description = ask->description,
        .local_modified = ask->local_modified_at.n ? ask->local_modified_at : S0, .hidden = ask->hidden,
        .starred = star_asked(ask), .tags = ask->labels.items ? S("") : S0,
    };
}

static enum fault show_updated(struct cx *cx, const struct drive *drive, const struct node *node, struct pds_file *out)
{
    const struct pds_view view = { .drive = drive };
    unsigned actions;
    TRY(access_to_node(cx, drive, node, &actions));
    TRY(pds_show_file(cx, &view, node, out));
    out->action_list = pds_action_list(cx, actions);
    return OK;
}

enum fault pds_update_file(struct cx *cx, const void *in, void *out)
{
    const struct update_file *ask = in;
    struct node_change change = change_asked(ask);
    struct drive drive;
    struct node  node, updated;
    TRY(pds_drive_named(cx, ask->drive_id, ask->share_id));
    TRY(pds_check_name(cx, "name", ask->name));
    TRY(pds_check_local_time(cx, "local_modified_at", ask->local_modified_at));
    TRY(check_index_key(cx, ask->custom_index_key));
    TRY(pds_find(cx, ask->drive_id, ask->file_id, SCOPE_LIVE, node_change_needs(&change), &drive, &node));
    if (ask->labels.items) {
        struct pds_marks marks = pds_marks_read(cx, node.tags);
        marks.labels = ask->labels;
        change.tags = pds_marks_text(cx, &marks);
    }
    TRY(node_update(cx, &drive, &node, &change, &updated));
    return show_updated(cx, &drive, &updated, out);
}

/* ---- FilePutUserTags, FileDeleteUserTags ---- */

struct tagged {
    str drive_id, share_id, file_id;
    struct list user_tags, key_list; /* struct pds_tag; struct pds_text */
};

#define IN struct tagged
static const struct field put_tags_in[] = {
    PDS_DRIVE_ID(IN, true), PDS_FILE_ID(IN), PDS_USER_TAGS(IN, .required = true, .min = 1), { 0 }
};

static const struct field key_rows[] = {
    { "", BODY, AT(struct pds_text, text), .min = 1, .max = PDS_TAG_BYTES_MAX, .bytes = true }, { 0 }
};
static const struct shape key_shape = { "TagKey", key_rows, sizeof(struct pds_text) };

static const struct field delete_tags_in[] = {
    PDS_DRIVE_ID(IN, true),
    PDS_FILE_ID(IN),
    { "key_list", BODY, AT(IN, key_list), .required = true, .min = 1, .max = PDS_TAGS_MAX, .shape = &key_shape },
    { 0 }
};
#undef IN

struct tagged_out {
    str file_id;
};
static const struct field tagged_rows[] = { { "file_id", BODY, AT(struct tagged_out, file_id) }, { 0 } };

static enum fault set_tags(struct cx *cx, const struct drive *drive, const struct node *node, const struct pds_marks *marks)
{
    const struct node_change change = { .tags = pds_marks_text(cx, marks), .hidden = -1, .starred = -1 };
    struct node updated;
    return node_update(cx, drive, node, &change, &updated);
}

static struct pds_tag *tag_of(struct pds_tag *tags, size_t count, str key)
{
    for (size_t i = 0; i < count; i++)
        if (str_eq(tags[i].key, key))
            return &tags[i];
    return &tags[count];
}

/* The old tags with the new values, then the tags that are new. */
static struct list tags_merged(struct cx *cx, const struct list *old, const struct list *more)
{
    struct pds_tag       *tags = ARENA_MANY(cx->arena, struct pds_tag, old->count + more->count + 1);
    const struct pds_tag *new = more->items;
    size_t                count = old->count;
    memcpy(tags, old->items, count * sizeof *tags);
    for (size_t i = 0; i < more->count; i++) {
        struct pds_tag *tag = tag_of(tags, count, new[i].key);
        count += tag == &tags[count];
        *tag = new[i];
    }
    return (struct list){ tags, count };
}

static enum fault put_user_tags(struct cx *cx, const void *in, void *out)
{
    const struct tagged *ask = in;
    struct drive drive;
    struct node  node;
    TRY(pds_check_tags(cx, &ask->user_tags));
    TRY(pds_find(cx, ask->drive_id, ask->file_id, SCOPE_LIVE, ACTION_EDIT, &drive, &node));
    struct pds_marks marks = pds_marks_read(cx, node.tags);
    marks.tags = tags_merged(cx, &marks.tags, &ask->user_tags);
    if (marks.tags.count > PDS_TAGS_MAX)
        return fail(cx, FAULT_INVALID, .field = "user_tags", .how = HOW_TOO_LARGE, .max = PDS_TAGS_MAX,
                    .because = "with those that the file has");
    TRY(set_tags(cx, &drive, &node, &marks));
    ((struct tagged_out *)out)->file_id = ask->file_id;
    return OK;
}

static bool is_named(const struct list *keys, str key)
{
    const struct pds_text *names = keys->items;
    for (size_t i = 0; i < keys->count; i++)
        if (str_eq(names[i].text, key))
            return true;
    return false;
}

static enum fault delete_user_tags(struct cx *cx, const void *in, void *out)
{
    const struct tagged *ask = in;
    struct drive drive;
    struct node  node;
    size_t       kept = 0;
    (void)out;
    TRY(pds_find(cx, ask->drive_id, ask->file_id, SCOPE_LIVE, ACTION_EDIT, &drive, &node));
    struct pds_marks marks = pds_marks_read(cx, node.tags);
    struct pds_tag  *tags = marks.tags.items;
    for (size_t i = 0; i < marks.tags.count; i++)
        if (!is_named(&ask->key_list, tags[i].key))
            tags[kept++] = tags[i];
    marks.tags.count = kept;
    return set_tags(cx, &drive, &node, &marks);
}

/* ---- ListByCustomIndexKey ---- */

static const struct word index_keys[] = { { "starred_yes", 1 }, { 0 } };
static const struct word directions[] = { { "ASC", 1 }, { "DESC", 2 }, { 0 } };

struct list_starred {
    str drive_id, marker, fields, thumbnail_processes;
    int custom_index_key, limit, order_direction, url_expire_sec;
};

#define IN struct list_starred
static const struct field list_starred_in[] = {
    PDS_DRIVE_ID(IN, true),
    { "custom_index_key", BODY, AT(IN, custom_index_key), .required = true, .words = index_keys },
    { "limit", BODY, AT(IN, limit), .min = 1, .max = 100, .absent = 50, .tolerate = TOLERATE_LARGE,
      .lenient = "as of file/list: older SDKs allow 200" },
    PDS_MARKER(IN),
    { "order_direction", BODY, AT(IN, order_direction), .words = directions, .absent = 2, .empty_ok = true,
      .doc = "by the time at which they were starred" },
    PDS_FIELDS(IN),
    PDS_URL_EXPIRE_SEC(IN),
    PDS_THUMBNAILS(IN),
    { 0 }
};
#undef IN

static enum fault list_starred(struct cx *cx, const void *in, void *out)
{
    const struct list_starred *ask = in;
    const struct star_listing listing = {
        .operation = "ListByCustomIndexKey", .cursor_field = "marker", .drive_text = ask->drive_id,
        .cursor = ask->marker, .limit = ask->limit, .descending = ask->order_direction == 2,
    };
    struct drive     drive;
    struct node_page page;
    struct pds_view  view = { .drive = &drive, .url_expire_sec = ask->url_expire_sec };
    TRY(pds_read_fields(cx, ask->fields, &view.extras));
    TRY(pds_check_thumbnails(cx, ask->thumbnail_processes));
    TRY(star_list(cx, &listing, &drive, &page));
    return pds_show_scattered(cx, &view, &page, out);
}

#define PAGE "2022-03-01"
#define PROOF "pds_update.test.mjs"

const struct op pds_update_ops[] = {
    { "UpdateFile", "POST", "/v2/file/update", "PDS UpdateFile, " PAGE, USER, WRITE,
      pds_update_file_in, sizeof(struct update_file), pds_file_rows, sizeof(struct pds_file), pds_update_file,
      .status = 200, .scope = "FILE.UPDATE", .proof = PROOF },
    { "FilePutUserTags", "POST", "/v2/file/put_usertags", "PDS FilePutUserTags, " PAGE, USER, WRITE,
      put_tags_in, sizeof(struct tagged), tagged_rows, sizeof(struct tagged_out), put_user_tags,
      .status = 200, .body_max = TAGS_BODY_MAX, .scope = "FILE.UPDATE", .proof = PROOF },
    { "FileDeleteUserTags", "POST", "/v2/file/delete_usertags", "PDS FileDeleteUserTags, " PAGE, USER, WRITE,
      delete_tags_in, sizeof(struct tagged), NULL, 0, delete_user_tags,
      .status = 204, .body_max = TAGS_BODY_MAX, .scope = "FILE.UPDATE", .proof = PROOF },
    { "ListByCustomIndexKey", "POST", "/v2/file/list_by_custom_index_key", "official SDKs; not in the 2022-03-01 reference",
      USER, READ, list_starred_in, sizeof(struct list_starred), pds_file_page_rows, sizeof(struct pds_file_page),
      list_starred, .status = 200, .scope = "FILE.LIST", .proof = PROOF },
    { 0 }
};
