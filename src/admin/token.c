/* admin/token.c: `polydrive token ...` */
#include "admin/commands.h"
#include "admin/desk.h"
#include "admin/print.h"
#include "drive/user.h"

#define TTL_USUAL_S INT64_C(7200)
#define TTL_MAX_S (INT64_C(10) * 366 * 24 * 3600)

struct issuing {
    struct token_want want;
    str               text;
};

#define ROW struct issuing
static const struct field issued_rows[] = {
    { "access_token", BODY, AT(ROW, text) },
    { "expires_in", BODY, AT(ROW, want.ttl_s), .omit = true },
    { 0 }
};
#undef ROW

static enum fault issue(struct cx *cx, void *arg)
{
    struct issuing *issuing = arg;
    return token_issue(cx, &issuing->want, &issuing->text);
}

static int read_ttl(const struct run *run, int64_t *out)
{
    *out = run->options.api_key ? 0 : TTL_USUAL_S;
    if (!run->options.ttl.p)
        return EXIT_DONE;
    if (str_int64(run->options.ttl, out) && *out >= 1 && *out <= TTL_MAX_S)
        return EXIT_DONE;
    return command_fails(run, EXIT_USAGE, "--ttl: seconds from 1 to %lld, not %.*s", (long long)TTL_MAX_S,
                         STR_ARG(run->options.ttl));
}

static bool is_scope(const struct run *run, str word)
{
    for (const struct vendor *v = run->lent->vendors; v->dialect; v++)
        for (const char *const *s = v->dialect->scopes; s && *s; s++)
            if (str_eq(word, str_of(*s)))
                return true;
    return false;
}

/* Each flag holds a word, or several with commas or blanks between, as the vendors write them. */
static int read_scopes(const struct run *run, str *out)
{
    const str *given = run->options.scopes.items;
    for (size_t i = 0; i < run->options.scopes.count; i++) {
        str rest = given[i];
        while (rest.n) {
            size_t end = 0;
            while (end < rest.n && rest.p[end] != ',' && rest.p[end] != ' ')
                end++;
            const str word = str_cut(rest, end);
            rest = str_from(rest, end + 1);
            if (!word.n)
                continue;
            if (!is_scope(run, word))
                return command_fails(run, EXIT_USAGE, "--scope: no vendor has a scope %.*s", STR_ARG(word));
            *out = arena_print(run->arena, "%.*s%s%.*s", STR_ARG(*out), out->n ? " " : "", STR_ARG(word));
        }
    }
    if (run->options.scopes.count && !out->n) /* no word at all would be no limit */
        return command_fails(run, EXIT_USAGE, "--scope: no scope is named");
    return EXIT_DONE;
}

int token_issue_command(struct run *run)
{
    AUTO(desk_close) struct desk desk = { 0 };
    struct issuing issuing = { .want.kind = run->options.api_key ? TOKEN_API_KEY : TOKEN_ACCESS };
    struct user    user = { 0 };
    int code = read_ttl(run, &issuing.want.ttl_s);
    if (!code)
        code = read_scopes(run, &issuing.want.scopes);
    if (!code)
        code = desk_open(run, &desk);
    if (!code)
        code = desk_told(&desk, user_find(&desk.cx, run->words[0], &user));
    issuing.want.user = user.id;
    if (!code)
        code = desk_change(&desk, issue, &issuing);
    if (code)
        return code;
    print_one(run, issued_rows, &issuing);
    return print_end(run);
}

static enum fault revoke(struct cx *cx, void *arg)
{
    return token_revoke(cx, *(const str *)arg);
}

/* `-` reads the token from standard input, so that it is in no list of processes. */
int token_revoke_command(struct run *run)
{
    AUTO(desk_close) struct desk desk = { 0 };
    int code = desk_open(run, &desk);
    if (code)
        return code;
    str text = str_eq(run->words[0], S("-")) ? desk_read_line(&desk) : run->words[0];
    if (!text.n)
        return command_fails(run, EXIT_USAGE, "no token came on standard input");
    code = desk_change(&desk, revoke, &text);
    if (code)
        return code;
    print_done(run, "the token has ended");
    return print_end(run);
}
