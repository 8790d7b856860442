/* admin/user.c: `polydrive user ...` */
#include "drive/user.h"

#include "admin/commands.h"
#include "admin/desk.h"
#include "admin/password.h"
#include "admin/print.h"

static const struct word roles[] = {
    { "user", ROLE_USER }, { "admin", ROLE_ADMIN }, { "superadmin", ROLE_SUPERADMIN }, { 0 }
};
static const struct word statuses[] = { { "enabled", STATUS_ENABLED }, { "disabled", STATUS_DISABLED }, { 0 } };

#define ROW struct user
static const struct field user_rows[] = {
    { "user_id", BODY, AT(ROW, public_id) },
    { "number", BODY, AT(ROW, id), .as = AS_NUMBER },
    { "login", BODY, AT(ROW, login) },
    { "name", BODY, AT(ROW, name) },
    { "role", BODY, AT(ROW, role), .words = roles },
    { "status", BODY, AT(ROW, status), .words = statuses },
    { "drive_id", BODY, AT(ROW, default_drive), .omit = true },
    { "created", BODY, AT(ROW, created) },
    { 0 }
};
#undef ROW

/* ---- passwords ---- */

struct secret {
    str password; /* to be shown, or S0 when the operator knows it already */
    str hash;
};

/* The password from standard input, or with `make_one` a random one. */
static int read_secret(struct desk *desk, bool make_one, struct secret *out)
{
    str typed = S0;
    *out = (struct secret){ S0, S0 };
    if (desk->run->options.password_stdin) {
        typed = desk_read_line(desk);
        if (typed.n < PASSWORD_MIN || typed.n > PASSWORD_MAX)
            return command_fails(desk->run, EXIT_USAGE, "a password has %d to %d bytes", PASSWORD_MIN, PASSWORD_MAX);
    } else if (make_one) {
        typed = out->password = password_random(desk->cx.arena);
    }
    if (typed.p)
        out->hash = password_hash(desk->cx.arena, typed);
    return EXIT_DONE;
}

/* ---- add ---- */

struct adding {
    struct user_want want;
    struct user      made;
};

#define ROW struct adding
static const struct field added_rows[] = {
    { "user_id", BODY, AT(ROW, made.public_id) },
    { "drive_id", BODY, AT(ROW, made.default_drive), .omit = true },
    { 0 }
};
#undef ROW

static enum fault add(struct cx *cx, void *arg)
{
    struct adding *adding = arg;
    return user_add(cx, &adding->want, &adding->made);
}

int user_add_command(struct run *run)
{
    AUTO(desk_close) struct desk desk = { 0 };
    struct secret secret;
    int code = desk_open(run, &desk);
    if (!code)
        code = read_secret(&desk, false, &secret);
    if (code)
        return code;
    struct adding adding = { .want = { .login = run->words[0], .public_id = run->options.id,
                                       .role = run->options.admin ? ROLE_ADMIN : ROLE_USER,
                                       .password_hash = secret.hash, .with_drive = run->options.with_drive } };
    code = desk_change(&desk, add, &adding);
    if (code)
        return code;
    print_one(run, added_rows, &adding);
    return print_end(run);
}

/* ---- list ---- */

int user_list_command(struct run *run)
{
    AUTO(desk_close) struct desk desk = { 0 };
    struct list users;
    int code = desk_open(run, &desk);
    if (!code)
        code = desk_told(&desk, desk_gather(&desk, user_list, sizeof(struct user), offsetof(struct user, id), &users));
    if (code)
        return code;
    print_list(run, user_rows, &users, sizeof(struct user));
    return print_end(run);
}

/* ---- changes of one user ---- */

struct change_of {
    struct user user;
    str         hash;
    int         status;
    str         password;
};

static enum fault set_password(struct cx *cx, void *arg)
{
    const struct change_of *change = arg;
    return user_set_password(cx, change->user.id, change->hash);
}

static enum fault set_status(struct cx *cx, void *arg)
{
    const struct change_of *change = arg;
    return user_set_status(cx, change->user.id, (enum status)change->status);
}

static enum fault remove_user(struct cx *cx, void *arg)
{
    const struct change_of *change = arg;
    return user_remove(cx, change->user.id);
}

#define ROW struct change_of
static const struct field passwd_rows[] = {
    { "user_id", BODY, AT(ROW, user.public_id) },
    { "password", BODY, AT(ROW, password), .omit = true },
    { 0 }
};
#undef ROW

int user_passwd_command(struct run *run)
{
    AUTO(desk_close) struct desk desk = { 0 };
    struct change_of change = { 0 };
    struct secret    secret;
    int code = desk_open(run, &desk);
    if (!code)
        code = desk_told(&desk, user_find(&desk.cx, run->words[0], &change.user));
    if (!code)
        code = read_secret(&desk, true, &secret);
    if (code)
        return code;
    change.hash = secret.hash;
    change.password = secret.password;
    code = desk_change(&desk, set_password, &change);
    if (code)
        return code;
    print_one(run, passwd_rows, &change);
    return print_end(run);
}

static int change_user(struct run *run, enum status status, enum fault (*how)(struct cx *, void *), const char *done)
{
    AUTO(desk_close) struct desk desk = { 0 };
    struct change_of change = { .status = (int)status };
    int code = desk_open(run, &desk);
    if (!code)
        code = desk_told(&desk, user_find(&desk.cx, run->words[0], &change.user));
    if (!code)
        code = desk_change(&desk, how, &change);
    if (code)
        return code;
    print_done(run, "%.*s %s", STR_ARG(change.user.login), done);
    return print_end(run);
}

int user_disable_command(struct run *run)
{
    return change_user(run, STATUS_DISABLED, set_status, "is disabled; all tokens have ended");
}

int user_enable_command(struct run *run)
{
    return change_user(run, STATUS_ENABLED, set_status, "is enabled");
}

int user_remove_command(struct run *run)
{
    return change_user(run, STATUS_ENABLED, remove_user, "is removed");
}
