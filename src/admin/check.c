/* admin/check.c: `polydrive check`: whether the store keeps its promises, beside a running server or not. */
#include "drive/check.h"

#include <stdio.h>

#include "admin/commands.h"
#include "admin/desk.h"
#include "admin/print.h"

struct checking {
    const struct run    *run;
    struct check_options options;
    int64_t              findings;
};

struct finding {
    str invariant, sentence;
};

static void found(void *arg, const char *invariant, str sentence)
{
    static const struct field rows[] = {
        { "invariant", BODY, AT(struct finding, invariant) },
        { "finding", BODY, AT(struct finding, sentence) },
        { 0 }
    };
    struct checking *checking = arg;
    const bool first = !checking->findings++;
    if (!checking->run->options.json) {
        printf("%s: %.*s\n", invariant, STR_ARG(sentence));
        return;
    }
    AUTO(text_done) struct text text = { 0 };
    const struct finding finding = { str_of(invariant), sentence };
    contract_write(rows, &finding, NULL, NULL, &text);
    printf("%s%.*s", first ? "[" : ",\n ", STR_ARG(text_str(&text)));
}

static enum fault check(struct cx *cx, void *arg)
{
    struct checking *checking = arg;
    return check_run(cx, &checking->options, found, checking);
}

static int conclude(const struct checking *checking)
{
    const struct run *run = checking->run;
    if (run->options.json)
        puts(checking->findings ? "]" : "[]");
    else if (!checking->findings)
        puts("all is well");
    else
        printf("%lld %s%s\n", (long long)checking->findings, checking->findings == 1 ? "finding" : "findings",
               run->options.repair ? "; run it again to see what is left" : "");
    const int code = print_end(run);
    return code ? code : checking->findings ? EXIT_FAILED : EXIT_DONE;
}

int check_command(struct run *run)
{
    AUTO(desk_close) struct desk desk = { 0 };
    struct checking checking = { run, { run->options.content, run->options.repair }, 0 };
    int code = desk_open(run, &desk);
    if (!code)
        code = desk_open_content(&desk);
    if (code)
        return code;
    if (checking.options.repair) /* its changes stand or fall together */
        code = desk_change(&desk, check, &checking);
    else
        code = desk_told(&desk, check(&desk.cx, &checking));
    return code ? code : conclude(&checking);
}
