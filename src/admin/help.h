/* admin/help.h: what `polydrive help` says, from the rows. */
#ifndef ADMIN_HELP_H
#define ADMIN_HELP_H

#include <stdio.h>

#include "admin/command.h"

/* A command's own flag. */
struct flag {
    const char *name;
    size_t      at; /* in struct options */
    enum kind   kind; /* KIND_BOOL or KIND_STR */
    const char *takes, *help;
};
extern const struct flag flags_table[];

/* Whether `name` is one of `words`, which stand with blanks between; NULL: none. */
bool words_have(const char *words, const char *name);
bool command_has_flag(const struct command *command, const char *name);
bool command_has_setting(const struct command *command, const struct setting *setting);

void help_all(const struct command *commands, FILE *out);
void help_command(struct arena *arena, const struct command *command, FILE *out);
/* All commands of a noun, or the one with the verb. false: there is none. */
bool help_noun(struct arena *arena, const struct command *commands, const char *noun, const char *verb);

#endif
