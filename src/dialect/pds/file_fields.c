/* dialect/pds/file_fields.c: the parameters that say how Files are shown. */
#include "base/clock.h"
#include "contract/json.h"
#include "dialect/pds/file_shape.h"

enum { THUMBNAIL_KEYS_MAX = 5 };

/* ---- fields ---- */

struct extra {
    const char *name;
    unsigned    bits; /* 0: known to the vendor, not to us */
};

static const struct extra extras_known[] = {
    { "*", EXTRA_ALL },
    { "url", EXTRA_URL },
    { "user_tags", EXTRA_TAGS },
    { "id_path", EXTRA_ID_PATH },
    { "name_path", EXTRA_NAME_PATH },
    { "dir_size", EXTRA_DIR_SIZE },
    { "thumbnail", 0 },
    { "exif", 0 },
    { "cropping_suggestion", 0 },
    { "characteristic_hash", 0 },
    { "video_metadata", 0 },
    { "video_preview_metadata", 0 },
    { "investigation_info", 0 },
};

static bool is_member(str word)
{
    for (const struct field *f = pds_file_rows; f->name; f++)
        if (str_eq(word, str_of(f->name)))
            return true;
    return false;
}

static enum fault read_word(struct cx *cx, str word, unsigned *extras)
{
    for (size_t i = 0; i < COUNT(extras_known); i++)
        if (str_eq(word, str_of(extras_known[i].name))) {
            *extras |= extras_known[i].bits;
            if (!extras_known[i].bits)
                pds_not_here(cx, arena_z(cx->arena, arena_print(cx->arena, "fields=%s", extras_known[i].name)));
            return OK;
        }
    if (!is_member(word))
        return fail(cx, FAULT_INVALID, .field = "fields", .how = HOW_WORD, .got = word,
                    .because = "*, or extras such as url, user_tags, id_path, name_path");
    return contract_tolerate(cx, "fields", "the page of file/scan lists plain members among its words");
}

enum fault pds_read_fields(struct cx *cx, str fields, unsigned *extras)
{
    *extras = 0;
    while (fields.n) {
        const str raw = str_cut(fields, str_find(fields, ',', 0));
        TRY(read_word(cx, str_trim(raw), extras));
        fields = str_from(fields, raw.n + 1);
    }
    return OK;
}

/* ---- thumbnail_processes ---- */

static enum fault bad_process(struct cx *cx, enum how how, str got, const char *because)
{
    return fail(cx, FAULT_INVALID, .field = "thumbnail_processes", .how = how, .got = got, .because = because);
}

static enum fault check_process(struct cx *cx, const struct json *process)
{
    if (process->kind != JSON_OBJECT)
        return bad_process(cx, HOW_KIND, process->raw, "each key holds an object");
    for (const struct json *one = process->first; one; one = one->next)
        if (one->kind != JSON_STRING && one->kind != JSON_NULL)
            return bad_process(cx, HOW_KIND, one->raw, "a process is a string");
    return OK;
}

enum fault pds_check_thumbnails(struct cx *cx, str processes)
{
    const char *because;
    size_t      at;
    if (!processes.n)
        return OK;
    const struct json *json = json_read(cx->arena, processes, CONTRACT_DEPTH_MAX, &because, &at);
    if (!json || json->kind != JSON_OBJECT)
        return bad_process(cx, HOW_FORM, processes, "an object is asked for");
    if (json->count > THUMBNAIL_KEYS_MAX)
        return bad_process(cx, HOW_TOO_LARGE, S0, "at most 5 keys");
    for (const struct json *one = json->first; one; one = one->next)
        TRY(check_process(cx, one));
    if (json->count)
        pds_not_here(cx, "thumbnail_processes");
    return OK;
}

/* ---- times ---- */

/* The page asks for whole seconds; the milliseconds of its own answers come back from clients. */
enum fault pds_check_local_time(struct cx *cx, const char *field, str given)
{
    instant ignored;
    if (!given.n || instant_read(given, INSTANT_S, &ignored))
        return OK;
    if (!instant_read(given, INSTANT_MS, &ignored))
        return fail(cx, FAULT_INVALID, .field = field, .how = HOW_FORM, .got = given,
                    .because = "a time like 2006-01-02T15:04:05Z");
    return contract_tolerate(cx, field, "the vendor's own answers show this time with milliseconds");
}
