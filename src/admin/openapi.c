/* admin/openapi.c: `polydrive openapi` and `polydrive version`: what this program is, without a server. */
#include <stdio.h>

#include "admin/commands.h"
#include "admin/print.h"

static const char usual_url[] = "http://127.0.0.1:8484";

static str server_url(const struct run *run)
{
    return run->settings.public_url.p ? run->settings.public_url : str_of(usual_url);
}

int openapi_command(struct run *run)
{
    const bool all = !run->word_count;
    int        found = 0;
    for (const struct vendor *v = run->lent->vendors; v->dialect; v++) {
        if (!all && !str_eq(run->words[0], str_of(v->dialect->name)))
            continue;
        AUTO(text_done) struct text document = { 0 };
        contract_openapi(v->dialect, server_url(run), &document);
        if (all)
            printf("%s\"%s\": ", found ? "," : "{", v->dialect->name);
        fwrite(document.p, 1, document.n, stdout);
        found++;
    }
    if (!found)
        return command_fails(run, EXIT_USAGE, "there is no %.*s here; `polydrive openapi` prints all",
                             STR_ARG(run->words[0]));
    if (all)
        puts("}");
    return print_end(run);
}

struct version {
    str version;
};

int version_command(struct run *run)
{
    static const struct field rows[] = { { "version", BODY, AT(struct version, version) }, { 0 } };
    const struct version version = { str_of(POLYDRIVE_VERSION) };
    if (run->options.json)
        print_one(run, rows, &version);
    else
        puts("polydrive " POLYDRIVE_VERSION);
    return print_end(run);
}
