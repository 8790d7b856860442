#include "dialect/pds/tags.h"

#include "base/text.h"
#include "contract/json.h"

static const struct field asked_rows[] = {
    { "key", BODY, AT(struct pds_tag, key), .required = true, .min = 1, .max = PDS_TAG_BYTES_MAX, .bytes = true,
      .doc = "without #" },
    { "value", BODY, AT(struct pds_tag, value), .required = true, .max = PDS_TAG_BYTES_MAX, .bytes = true },
    { 0 }
};
const struct shape pds_tag_asked_shape = { "UserTag", asked_rows, sizeof(struct pds_tag) };

enum fault pds_check_tags(struct cx *cx, const struct list *tags)
{
    const struct pds_tag *items = tags->items;
    for (size_t i = 0; i < tags->count; i++) {
        if (str_find(items[i].key, '#', 0) < items[i].key.n)
            return fail(cx, FAULT_INVALID, .field = "user_tags", .how = HOW_FORM, .got = items[i].key,
                        .because = "keys have no #");
        if (items[i].key.n + items[i].value.n > PDS_TAG_BYTES_MAX)
            return fail(cx, FAULT_INVALID, .field = "user_tags", .how = HOW_TOO_LARGE, .max = PDS_TAG_BYTES_MAX,
                        .got = items[i].key);
    }
    return OK;
}

/* ---- reading ---- */

struct pds_marks pds_marks_read(struct cx *cx, str text)
{
    const char *because;
    size_t      at;
    const struct json *json = text.n ? json_read(cx->arena, text, CONTRACT_DEPTH_MAX, &because, &at) : NULL;
    const size_t       room = json ? json->count + 1 : 1;
    struct pds_tag    *tags = ARENA_MANY(cx->arena, struct pds_tag, room);
    struct pds_text   *labels = ARENA_MANY(cx->arena, struct pds_text, room);
    struct pds_marks   marks = { { labels, 0 }, { tags, 0 } };
    for (const struct json *one = json ? json->first : NULL; one; one = one->next) {
        const struct json *key = json_member(one, S("key")), *value = json_member(one, S("value"));
        const struct json *label = json_member(one, S("label"));
        if (key && value)
            tags[marks.tags.count++] = (struct pds_tag){ key->text, value->text };
        else if (label)
            labels[marks.labels.count++].text = label->text;
    }
    return marks;
}

struct list pds_labels_read(struct cx *cx, str text)
{
    static char nothing[1]; /* an empty list is not an absent one */
    if (!str_starts(text, S("[{\"label\"")))
        return (struct list){ nothing, 0 };
    return pds_marks_read(cx, text).labels;
}

/* ---- writing ---- */

static bool comes_again(const struct pds_tag *tags, size_t count, size_t at)
{
    for (size_t i = at + 1; i < count; i++)
        if (str_eq(tags[i].key, tags[at].key))
            return true;
    return false;
}

static void add_member(struct text *out, const char *name, str value)
{
    text_print(out, "\"%s\":", name);
    text_json(out, value);
}

str pds_marks_text(struct cx *cx, const struct pds_marks *marks)
{
    AUTO(text_done) struct text out = { 0 };
    const struct pds_text *labels = marks->labels.items;
    const struct pds_tag  *tags = marks->tags.items;
    for (size_t i = 0; i < marks->labels.count; i++) {
        text_add(&out, out.n ? S(",{") : S("[{"));
        add_member(&out, "label", labels[i].text);
        text_char(&out, '}');
    }
    for (size_t i = 0; i < marks->tags.count; i++) {
        if (comes_again(tags, marks->tags.count, i))
            continue;
        text_add(&out, out.n ? S(",{") : S("[{"));
        add_member(&out, "key", tags[i].key);
        text_char(&out, ',');
        add_member(&out, "value", tags[i].value);
        text_char(&out, '}');
    }
    if (!out.n)
        return S("");
    text_char(&out, ']');
    return arena_copy(cx->arena, text_str(&out));
}
