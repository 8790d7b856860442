#include "admin/help.h"

static void name_of(const struct command *command, char *out, size_t room)
{
    snprintf(out, room, "%s%s%s%s%s", command->noun, command->verb ? " " : "", command->verb ? command->verb : "",
             command->words ? " " : "", command->words ? command->words : "");
}

void help_all(const struct command *commands, FILE *out)
{
    fputs("polydrive " POLYDRIVE_VERSION ": a drive that speaks the APIs of several vendors\n\n", out);
    for (; commands->noun; commands++) {
        char name[80];
        name_of(commands, name, sizeof name);
        fprintf(out, "  polydrive %-34s %s\n", name, commands->help);
    }
    fputs("\n`polydrive help COMMAND` lists its flags. Each setting is a flag (--public-url), an environment\n"
          "variable (POLYDRIVE_PUBLIC_URL) and a key of --config (public_url), in this order of weight.\n", out);
}

static void line(FILE *out, const char *name, const char *takes, const char *help, const char *absent)
{
    char left[60];
    snprintf(left, sizeof left, "--%s%s%s", name, takes ? " " : "", takes ? takes : "");
    fprintf(out, "    %-30s %s", left, help);
    if (absent && takes)
        fprintf(out, " (%s)", absent);
    fputc('\n', out);
}

void help_command(struct arena *arena, const struct command *command, FILE *out)
{
    char name[80];
    name_of(command, name, sizeof name);
    fprintf(out, "polydrive %s\n  %s\n", name, command->help);
    for (const struct flag *f = flags_table; f->name; f++)
        if (command_has_flag(command, f->name))
            line(out, f->name, f->takes, f->help, NULL);
    for (const struct setting *s = settings_table; s->name; s++)
        if (command_has_setting(command, s) && !words_have(command->refuses, s->name))
            line(out, setting_flag(arena, s), s->takes, s->help, s->value);
}

bool help_noun(struct arena *arena, const struct command *commands, const char *noun, const char *verb)
{
    bool found = false;
    for (const struct command *c = commands; c->noun; c++) {
        if (strcmp(c->noun, noun) || (verb && (!c->verb || strcmp(c->verb, verb))))
            continue;
        help_command(arena, c, stdout);
        found = true;
    }
    return found;
}
