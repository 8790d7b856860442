/* admin/command.h: a subcommand as a row, and what its function gets.
 *
 * The rows of main.c are the only source of parsing and of help. */
#ifndef ADMIN_COMMAND_H
#define ADMIN_COMMAND_H

#include "admin/exits.h"
#include "admin/settings.h"
#include "admin/version.h"
#include "base/cx.h"
#include "contract/contract.h"


/* What a variable that `polydrive env` prints stands for. */
enum meaning {
    MEANS_ENDPOINT = 1,
    MEANS_USER_TOKEN,  /* of the user */
    MEANS_APP_TOKEN,   /* of the app named `env` */
    MEANS_APP_KEY,
    MEANS_APP_SECRET,
    MEANS_USER,        /* the public id */
    MEANS_DRIVE,       /* the user's default drive */
    MEANS_DOMAIN,
};

struct variable {
    const char  *name;
    enum meaning meaning;
};

/* One vendor's door: its dialect, and what its clients must be told. Lists end with a dialect NULL. */
struct vendor {
    const struct dialect  *dialect;
    const struct variable *variables; /* ends with name NULL */
};

struct run;

/* What a command may do while `serve` runs in the same process: all optional. `cx` has a reader
 * connection, the site and the domain's own caller. */
struct serve_hooks {
    void *self;
    /* Before the server listens; may change the store by store_change_now. A fault ends the server. */
    enum fault (*seed)(void *self, struct cx *cx);
    /* When it listens, instead of the usual line. */
    void (*listening)(void *self, const char *url);
    bool any_port;    /* another port when the wished one is taken */
    bool quiet_start; /* no first password, no lines about the start */
};

/* What main.c lends, as admin/ cannot see the parts above it. */
struct lent {
    const struct vendor *vendors;
    int (*serve)(struct run *run, const struct serve_hooks *hooks);
};

/* What follows the command's name: its own flags (the table is in command.c). */
struct options {
    str  user, id, owner, role, format, public_key, ttl, quota, description, kind;
    struct list redirects, scopes; /* of str: flags that may be repeated */
    bool admin, with_drive, password_stdin, api_key, json, content, repair;
};

enum { WORDS_MAX = 3 };

struct command {
    const char *noun, *verb; /* verb NULL: the noun is all */
    const char *words;       /* names of the words that follow, for help; "[WORD]" may be left out */
    int         words_min, words_max;
    const char *flags; /* names of its own flags, blanks between */
    bool        serves; /* takes the settings of a server too */
    int (*run)(struct run *run); /* gives an exit code */
    const char *help;
    const char *refuses; /* settings that it has no use for, blanks between: not in its help */
};

struct run {
    const struct command *command;
    const struct lent    *lent;
    struct arena         *arena;
    struct settings       settings;
    const char           *given[SETTINGS_MAX]; /* the settings' flags, to read them again */
    struct options        options;
    str                   words[WORDS_MAX];
    int                   word_count;
};

/* Finds the command, reads its flags, runs it. `commands` ends with noun NULL. Gives the exit code. */
int command_main(int argc, char **argv, const struct command *commands, const struct lent *lent);

/* Says "polydrive COMMAND: ..." on stderr; gives `code`. */
int command_fails(const struct run *run, int code, const char *format, ...) PRINTF_LIKE(3, 4);

/* Says what went wrong by cx->why; gives the exit code that fits. */
int command_failed(const struct run *run, const struct cx *cx);

#endif
