#include "admin/command.h"

#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "admin/help.h"
#include "admin/suggest.h"

#define OPTION(member) AT(struct options, member)
const struct flag flags_table[] = {
    { "json", OPTION(json), NULL, "prints one JSON value" },
    { "user", OPTION(user), "USER", "a user's name, id or number" },
    { "id", OPTION(id), "TEXT", "the public id, at most 64 characters; by default the number" },
    { "admin", OPTION(admin), NULL, "makes an administrator" },
    { "drive", OPTION(with_drive), NULL, "with a personal drive" },
    { "password-stdin", OPTION(password_stdin), NULL, "reads the password from standard input, one line" },
    { "owner", OPTION(owner), "USER|GROUP", "whose it will be" },
    { "quota", OPTION(quota), "BYTES", "the most it may hold, such as 10GiB, or none" },
    { "description", OPTION(description), "TEXT", "what it is for" },
    { "role", OPTION(role), "ROLE", "viewer, editor, manager or owner; by default editor" },
    { "public-key", OPTION(public_key), "FILE", "an RSA public key, PEM, of 2048 bits or more" },
    { "redirect-uri", OPTION(redirects), "URL", "where a browser may be sent back to; may be repeated" },
    { "kind", OPTION(kind), "KIND", "web (keeps a secret, the default), native or jwt (has a public key)" },
    { "scope", OPTION(scopes), "SCOPE", "limits it to such as FILE.GET or FILE.ALL; may be repeated; by default all" },
    { "ttl", OPTION(ttl), "SECONDS", "how long it lasts; by default 7200" },
    { "api-key", OPTION(api_key), NULL, "a key that lasts until it is revoked" },
    { "format", OPTION(format), "sh|json", "how to print; by default sh" },
    { "content", OPTION(content), NULL, "reads every stored byte too" },
    { "repair", OPTION(repair), NULL, "mends what can be mended without loss" },
    { NULL, 0, 0, NULL, NULL },
};
#undef OPTION

enum { FLAGS_MAX = 64, HELP_FLAG = 10000 };

int command_fails(const struct run *run, int code, const char *format, ...)
{
    va_list args;
    fputs("polydrive", stderr);
    if (run && run->command)
        fprintf(stderr, " %s%s%s", run->command->noun, run->command->verb ? " " : "",
                run->command->verb ? run->command->verb : "");
    fputs(": ", stderr);
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
    return code;
}

/* What commands name by a word; NULL for anything else. */
static const char *thing_named(enum thing thing)
{
    switch ((int)thing) {
    case THING_USER:   return "user";
    case THING_GROUP:  return "group";
    case THING_MEMBER: return "member";
    case THING_DRIVE:  return "drive";
    case THING_APP:    return "app";
    default:           return NULL;
    }
}

int command_failed(const struct run *run, const struct cx *cx)
{
    const struct failure *why = &cx->why;
    const int   code = why->code == FAULT_UNAVAILABLE ? EXIT_UNREACHABLE : EXIT_FAILED;
    const char *thing = thing_named(why->thing);
    if (why->code == FAULT_NOT_FOUND && thing && why->got.n) /* who runs a command sees everything */
        return command_fails(run, code, "there is no %s %.*s", thing, STR_ARG(why->got));
    if (why->code == FAULT_INVALID) {
        const str said = contract_complaint(cx);
        return command_fails(run, code, "%.*s", STR_ARG(said));
    }
    return command_fails(run, code, "%s%s%s%s%.*s%s", fault_text(why->code), why->because ? ": " : "",
                         why->because ? why->because : "", why->got.n ? " (" : "", STR_ARG(why->got),
                         why->got.n ? ")" : "");
}

bool words_have(const char *words, const char *name)
{
    str rest = str_of(words ? words : "");
    while (rest.n) {
        const size_t end = str_find(rest, ' ', 0);
        if (str_eq(str_cut(rest, end), str_of(name)))
            return true;
        rest = str_from(rest, end + 1);
    }
    return false;
}

bool command_has_flag(const struct command *command, const char *name)
{
    return words_have(command->flags, name);
}

bool command_has_setting(const struct command *command, const struct setting *setting)
{
    return (command->serves || setting->reach == FOR_ALL) && !command_has_flag(command, setting->name);
}

/* ---- flags ---- */

/* What one flag stands for: a row of flags_table, or of settings_table. */
struct known {
    struct option         options[FLAGS_MAX];
    const struct flag    *flags[FLAGS_MAX];
    const struct setting *settings[FLAGS_MAX];
    int                   count;
};

static struct option *know(struct known *known, const char *name, bool takes)
{
    known->options[known->count] = (struct option){ name, takes ? required_argument : no_argument, NULL, 0 };
    return &known->options[known->count++];
}

static void know_all(struct known *known, const struct run *run)
{
    for (const struct flag *f = flags_table; f->name; f++) {
        if (!command_has_flag(run->command, f->name))
            continue;
        known->flags[known->count] = f;
        know(known, f->name, f->takes != NULL);
    }
    for (const struct setting *s = settings_table; s->name; s++) {
        if (!command_has_setting(run->command, s))
            continue;
        known->settings[known->count] = s;
        know(known, setting_flag(run->arena, s), s->takes != NULL);
    }
    know(known, "help", false)->val = HELP_FLAG;
}

static int unknown_flag(const struct run *run, const struct known *known, str given)
{
    struct suggestion near = { .typed = str_cut(given, str_find(given, '=', 0)) };
    for (int i = 0; i < known->count; i++)
        suggest(&near, arena_print(run->arena, "--%s", known->options[i].name));
    const str meant = suggested(&near);
    return command_fails(run, EXIT_USAGE, "no flag %.*s%s%.*s%s", STR_ARG(near.typed), meant.p ? "; did you mean " : "",
                         STR_ARG(meant), meant.p ? "?" : "");
}

static void append(struct arena *arena, struct list *list, str value)
{
    str *items = ARENA_MANY(arena, str, list->count + 1);
    if (list->count)
        memcpy(items, list->items, list->count * sizeof *items);
    items[list->count] = value;
    *list = (struct list){ items, list->count + 1 };
}

static int take_flag(struct run *run, const struct known *known, int at)
{
    if (known->options[at].val == HELP_FLAG) {
        help_command(run->arena, run->command, stdout);
        exit(EXIT_DONE);
    }
    if (known->settings[at]) {
        run->given[known->settings[at] - settings_table] = known->settings[at]->takes ? optarg : "true";
        return EXIT_DONE;
    }
    char *member = (char *)&run->options + known->flags[at]->at;
    if (known->flags[at]->kind == KIND_BOOL)
        *(bool *)member = true;
    else if (known->flags[at]->kind == KIND_LIST)
        append(run->arena, (struct list *)(void *)member, str_of(optarg));
    else
        *(str *)(void *)member = str_of(optarg);
    if (known->flags[at]->kind != KIND_BOOL && !*optarg)
        return command_fails(run, EXIT_USAGE, "--%s is empty", known->options[at].name);
    return EXIT_DONE;
}

static int take_word(struct run *run, const char *word)
{
    if (run->word_count == run->command->words_max)
        return command_fails(run, EXIT_USAGE, "one word too many: %s", word);
    run->words[run->word_count++] = str_of(word);
    return EXIT_DONE;
}

/* getopt_long also takes the beginning of a flag; such a line would change its meaning with a new flag. */
static bool spelled_out(const char *given, const char *name)
{
    const str typed = str_from(str_of(given), 2);
    return str_eq(str_cut(typed, str_find(typed, '=', 0)), str_of(name));
}

static int take_all(struct run *run, int argc, char **argv)
{
    struct known known = { .count = 0 };
    know_all(&known, run);
    opterr = 0;
    optind = 1;
    for (;;) {
        const char *given = optind < argc ? argv[optind] : "";
        int at = 0;
        const int got = getopt_long(argc, argv, "-:h", known.options, &at);
        if (got == -1)
            break;
        if (got == 'h')
            known.options[at = known.count - 1].val = HELP_FLAG;
        if (got == ':')
            return command_fails(run, EXIT_USAGE, "%s wants a value", given);
        if (got == '?')
            return unknown_flag(run, &known, str_of(given));
        if (got != 1 && got != 'h' && !spelled_out(given, known.options[at].name))
            return unknown_flag(run, &known, str_of(given));
        const int code = got == 1 ? take_word(run, optarg) : take_flag(run, &known, at);
        if (code)
            return code;
    }
    for (; optind < argc; optind++) /* after "--" */
        if (take_word(run, argv[optind]))
            return EXIT_USAGE;
    if (run->word_count < run->command->words_min)
        return command_fails(run, EXIT_USAGE, "wants %s", run->command->words);
    return EXIT_DONE;
}

/* ---- the command ---- */

static const struct command *find_command(const struct command *commands, const char *noun, const char *verb)
{
    for (; commands->noun; commands++)
        if (strcmp(commands->noun, noun) == 0 && (!commands->verb || (verb && strcmp(commands->verb, verb) == 0)))
            return commands;
    return NULL;
}

static int unknown_command(const struct command *commands, const char *noun, const char *verb)
{
    bool              noun_known = false;
    struct suggestion near = { .typed = str_of(noun) };
    for (const struct command *c = commands; c->noun; c++)
        noun_known |= strcmp(c->noun, noun) == 0;
    if (noun_known)
        near.typed = str_of(verb ? verb : "");
    for (const struct command *c = commands; c->noun; c++)
        if (!noun_known || strcmp(c->noun, noun) == 0)
            suggest(&near, str_of(noun_known ? c->verb : c->noun));
    const str meant = suggested(&near);
    if (noun_known && !verb)
        command_fails(NULL, 0, "%s: what to do? see `polydrive help %s`", noun, noun);
    else
        command_fails(NULL, 0, "no command %s%s%s%s%.*s%s; see `polydrive help`", noun, noun_known ? " " : "",
                      noun_known ? verb : "", meant.p ? "; did you mean " : "", STR_ARG(meant), meant.p ? "?" : "");
    return EXIT_USAGE;
}

static bool asks_for_help(const char *word)
{
    return strcmp(word, "help") == 0 || strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0;
}

int command_main(int argc, char **argv, const struct command *commands, const struct lent *lent)
{
    AUTO(arena_free) struct arena *arena = arena_new();
    struct run run = { .arena = arena, .lent = lent };
    const char *noun = argc > 1 ? argv[1] : "";
    const char *verb = argc > 2 && argv[2][0] != '-' ? argv[2] : NULL;
    str error;

    if (argc < 2 || asks_for_help(noun)) {
        if (verb && !help_noun(arena, commands, verb, argc > 3 ? argv[3] : NULL))
            return unknown_command(commands, verb, argc > 3 ? argv[3] : NULL);
        if (!verb)
            help_all(commands, argc < 2 ? stderr : stdout);
        return argc < 2 ? EXIT_USAGE : EXIT_DONE;
    }
    if (strcmp(noun, "--version") == 0)
        noun = "version";
    run.command = find_command(commands, noun, verb);
    if (!run.command && argc == 3 && asks_for_help(argv[2]) && help_noun(arena, commands, noun, NULL))
        return EXIT_DONE;
    if (!run.command)
        return unknown_command(commands, noun, verb);
    const int skipped = run.command->verb ? 2 : 1;
    const int code = take_all(&run, argc - skipped, argv + skipped);
    if (code)
        return code;
    if (!settings_read(arena, run.given, &run.settings, &error))
        return command_fails(&run, EXIT_SETTINGS, "%.*s", STR_ARG(error));
    return run.command->run(&run);
}
