/* admin/settings.h: what an operator can set, in one table (settings.c).
 *
 * One name for one setting everywhere: flag `--public-url`, environment POLYDRIVE_PUBLIC_URL, key
 * `public_url` of the configuration file. A flag weighs more than the environment, that more than the
 * file, that more than the default. */
#ifndef ADMIN_SETTINGS_H
#define ADMIN_SETTINGS_H

#include "base/arena.h"
#include "base/bind.h"
#include "base/log.h"

struct settings {
    str     data, config, db, content, key_file, domain;
    str     listen, public_url, tls_cert, tls_key;
    str     log, log_level;
    str     metrics_token, metrics_token_file;
    bool    behind_proxy, strict;
    int     loops, workers; /* loops 0: one a core, at most 8 */
    int     connections, connections_per_peer;
    int     grace;          /* seconds */
    int64_t disk_floor;     /* bytes */
    bool    data_was_given, domain_was_given, listen_was_given;
};

enum reach { FOR_ALL, FOR_SERVE }; /* which commands take the setting as a flag */

struct setting {
    const char *name; /* as in the file: words joined by '_' */
    size_t      at;
    enum kind   kind; /* these two by AT */
    enum reach  reach;
    const char *value; /* the default as it would be written; NULL: not set */
    int64_t     min, max; /* of a number */
    const char *takes; /* the flag's value in help, NULL for a claim */
    const char *help;
};
extern const struct setting settings_table[];
enum { SETTINGS_MAX = 32 };

/* Reads all places. `flags` has one text per row of the table, NULL where the flag was not given.
 *
 * out      strings in the arena
 * Returns  true, or false with `error` saying what is wrong, where, and what was meant perhaps */
MUST_USE bool settings_read(struct arena *arena, const char *const *flags, struct settings *out, str *error);

/* How the log is wished for, from out->log and out->log_level (valid after settings_read). */
enum log_form  settings_log_form(const struct settings *settings);
enum log_level settings_log_level(const struct settings *settings);

/* "public_url" as the flag spells it, "public-url", in the arena. */
const char *setting_flag(struct arena *arena, const struct setting *setting);

/* Bytes: digits, or digits and KiB, MiB, GiB, TiB. */
MUST_USE bool bytes_read(str text, int64_t *out);

#endif
