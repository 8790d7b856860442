/* split.h: splits a head as the HTTP library does, lenient and in place, and has head.h judge it:
 * the same slices in the same spoiled buffer, without a socket. */
#ifndef TEST_HTTP_SPLIT_H
#define TEST_HTTP_SPLIT_H

#include <stdlib.h>

#include "http/head.h"

/* The next line, ended by NULs where its line end stood; NULL when none is complete. */
static inline char *split_line(char **at, const char *end)
{
    char *line = *at;
    for (char *p = line; p < end; p++) {
        const bool crlf = *p == '\r' && p + 1 < end && p[1] == '\n';
        if (!crlf && *p != '\n')
            continue;
        *at = p + 1 + crlf;
        memset(p, 0, 1u + crlf);
        return line;
    }
    return NULL;
}

struct split_request_line {
    str method, target, version;
};

static inline bool split_request_line(char *line, const char *end, struct split_request_line *out)
{
    char *blank = memchr(line, ' ', (size_t)(end - line));
    if (!blank)
        return false;
    *blank = '\0';
    char *target = blank + 1, *last = (char *)(uintptr_t)end - 1;
    while (target < end && *target == ' ')
        target++;
    while (last > target && *last == ' ')
        last--;
    while (last > target && *last != ' ')
        last--;
    if (last <= target)
        return false;
    *last = '\0';
    *out = (struct split_request_line){ str_of(line), str_of(target), { last + 1, (size_t)(end - last - 1) } };
    return true;
}

static inline bool split_fields(char **at, const char *end, struct head_check *check)
{
    char *glued = NULL, *name = NULL, *value = NULL;
    bool  read = false;
    for (;;) {
        char *line = split_line(at, end);
        if (!line)
            break;
        if (name && (*line == ' ' || *line == '\t')) { /* folded: glued to the name, elsewhere */
            char *longer = calloc(1, strlen(name) + strlen(line) + 1);
            strcat(strcat(longer, name), line + strspn(line, " \t"));
            free(glued);
            name = glued = longer;
            continue;
        }
        if (name)
            head_check_field(check, str_of(name), str_of(value));
        read = !*line;
        char *colon = strchr(line, ':');
        if (read || !colon)
            break;
        *colon = '\0';
        name = line;
        value = colon + 1 + strspn(colon + 1, " \t");
    }
    free(glued);
    return read;
}

/* Whether a server would go on with this head; *used is its length. Spoils `text`. */
static inline bool split_and_check(char *text, size_t n, struct head_body *body, size_t *used)
{
    struct split_request_line first;
    struct head_check         check;
    const char *const         end = text + n;
    char                     *at = text, *line;

    do
        line = split_line(&at, end);
    while (line && !*line);
    if (!line)
        return false;
    const char *line_end = at - 1;
    while (line_end > line && line_end[-1] == '\0')
        line_end--;
    if (!split_request_line(line, line_end, &first))
        return false;
    str  target_text = { malloc(first.target.n + 1), first.target.n };
    memcpy((char *)(uintptr_t)target_text.p, first.target.p, first.target.n + 1);
    /* Where the head ends is only known once it is split: the checks look at it last. */
    head_check_line(&check, (str){ first.method.p, (size_t)(end - first.method.p) }, first.method, first.target,
                    target_text, first.version);
    const bool read = split_fields(&at, end, &check);
    check.end = at;
    *used = (size_t)(at - text);
    const bool sound = head_check_end(&check, body);
    free((char *)(uintptr_t)target_text.p);
    return read && sound;
}

#endif
