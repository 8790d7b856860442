/* content/driver.h: what a place for bytes must be able to do; seen by drivers only.
 *
 * One const struct of functions per driver. The wrapper in content.c adds nothing but dispatch, so
 * that a test driver can fail the n-th call. */
#ifndef CONTENT_DRIVER_H
#define CONTENT_DRIVER_H

#include "content/content.h"

struct content_driver {
    const char *name;
    /* required */
    enum fault (*open)(struct cx *cx, str where, struct content **out);
    void (*close)(struct content *content);
    enum fault (*sink_open)(struct cx *cx, struct content *content, struct sink **out);
    enum fault (*sink_write)(struct cx *cx, struct sink *sink, str piece);
    enum fault (*sink_keep)(struct cx *cx, struct sink *sink, id chunk);
    void (*sink_drop)(struct sink *sink);
    enum fault (*read_open)(struct cx *cx, struct content *content, id chunk, int *fd);
    enum fault (*remove)(struct cx *cx, struct content *content, id chunk);
    enum fault (*each)(struct cx *cx, struct content *content,
                       enum fault (*see)(struct cx *, void *, id, int64_t, instant), void *arg);
    /* optional: NULL where the driver cannot know */
    int64_t (*free_bytes)(struct content *content);
    bool (*broken)(const struct content *content);
};

/* The first member of every driver's own structs. */
struct content {
    const struct content_driver *driver;
    int64_t                      leave_free; /* bytes; content.c looks after it */
};
struct sink {
    const struct content_driver *driver;
    struct content              *content; /* set by content.c */
};

extern const struct content_driver content_files;

#endif
