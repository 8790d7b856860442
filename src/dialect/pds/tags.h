/* dialect/pds/tags.h: user_tags and labels, and the text in which a node keeps both.
 *
 * The text is JSON: [{"label":..}, .. {"key":..,"value":..}, ..], labels first, so that a look at its
 * beginning tells whether there are any.
 *
 * Source  PDS API reference, CreateFile, UpdateFile, FilePutUserTags, FileDeleteUserTags */
#ifndef DIALECT_PDS_TAGS_H
#define DIALECT_PDS_TAGS_H

#include "dialect/pds/inner.h"

enum { PDS_TAGS_MAX = 1000, PDS_TAG_BYTES_MAX = 2000, PDS_LABELS_MAX = 100, PDS_LABEL_MAX = 128 };

struct pds_tag {
    str key, value;
};
struct pds_text {
    str text;
};

struct pds_marks {
    struct list labels; /* struct pds_text */
    struct list tags;   /* struct pds_tag; each key once */
};

/* user_tags of a request: each with its bounds. T has a member struct list user_tags. */
extern const struct shape pds_tag_asked_shape;
#define PDS_USER_TAGS(T, ...)                                                                     \
    { "user_tags", BODY, AT(T, user_tags), .max = PDS_TAGS_MAX, .shape = &pds_tag_asked_shape,    \
      .doc = "key and value together at most 2,000 bytes", __VA_ARGS__ }

/* INVALID (user_tags): a key with #, a tag too long. */
MUST_USE enum fault pds_check_tags(struct cx *cx, const struct list *tags);

/* Of a node's text; what does not read as such is none. */
struct pds_marks pds_marks_read(struct cx *cx, str text);
/* The labels alone: cheap where there are none. items NULL never. */
struct list pds_labels_read(struct cx *cx, str text);

/* For a node, in cx->arena; "" for none. A key that comes twice counts as it came last. */
str pds_marks_text(struct cx *cx, const struct pds_marks *marks);

#endif
