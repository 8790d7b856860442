#include "drive/user.h"

#include "base/names.h"
#include "drive/drive.h"
#include "drive/site.h"
#include "store/accounts.h"
#include "store/drives.h"
#include "store/people.h"
#include "store/store.h"

static bool all_digits(str s)
{
    int64_t n;
    return s.n && (str_int64(s, &n) || strspn(s.p, "0123456789") >= s.n);
}

/* One rule for the names of users and groups, which share a namespace: a command takes name or number. */
static enum fault check_label(struct cx *cx, str name, const char *field)
{
    if (!name.n)
        return fail(cx, FAULT_INVALID, .field = field, .how = HOW_EMPTY, .min = 1, .max = 64);
    if (!utf8_valid(name) || utf8_count(name) > 64)
        return fail(cx, FAULT_INVALID, .field = field, .how = HOW_TOO_LARGE, .min = 1, .max = 64, .got = name);
    for (size_t i = 0; i < name.n; i++)
        if ((unsigned char)name.p[i] < 0x20 || name.p[i] == 0x7F)
            return fail(cx, FAULT_INVALID, .field = field, .how = HOW_FORM, .got = name);
    if (!str_eq(str_trim(name), name) || all_digits(name))
        return fail(cx, FAULT_INVALID, .field = field, .how = HOW_FORM, .got = name,
                    .because = "a name has no blanks at its ends and is not all digits");
    return OK;
}

static enum fault label_free(struct cx *cx, str name)
{
    struct user  user;
    struct group group;
    enum fault fault = store_user_by_login(cx, cx->site->domain.id, name, &user);
    if (fault == OK)
        return fail(cx, FAULT_EXISTS, .thing = THING_USER, .got = name);
    if (fault != FAULT_NOT_FOUND)
        return fault;
    fault = store_group_by_name(cx, cx->site->domain.id, name, &group);
    if (fault == OK)
        return fail(cx, FAULT_EXISTS, .thing = THING_GROUP, .got = name);
    return fault == FAULT_NOT_FOUND ? OK : fault;
}

static enum fault check_public_id(struct cx *cx, str public_id)
{
    if (!utf8_valid(public_id) || !public_id.n || utf8_count(public_id) > 64)
        return fail(cx, FAULT_INVALID, .field = "user_id", .how = HOW_TOO_LARGE, .min = 1, .max = 64, .got = public_id);
    for (size_t i = 0; i < public_id.n; i++)
        if ((unsigned char)public_id.p[i] <= 0x20 || public_id.p[i] == '#' || public_id.p[i] == 0x7F)
            return fail(cx, FAULT_INVALID, .field = "user_id", .how = HOW_FORM, .got = public_id);
    return OK;
}

static enum fault add_own_drive(struct cx *cx, struct user *user)
{
    struct drive drive;
    const struct drive want = { .name = user->name, .owner_kind = OWNER_USER, .owner_public = user->public_id,
                                .status = STATUS_ENABLED, .quota = QUOTA_NONE, .is_default = true };
    struct caller *before = cx->caller;
    struct caller  system = { .domain = user->domain, .role = ROLE_SUPERADMIN };
    cx->caller = &system;
    const enum fault fault = drive_create(cx, &want, &drive);
    cx->caller = before;
    if (fault == OK)
        user->default_drive = drive.id;
    return fault;
}

enum fault user_add(struct cx *cx, const struct user_want *want, struct user *out)
{
    TRY(check_label(cx, want->login, "login"));
    TRY(label_free(cx, want->login));
    TRY(store_next_id(cx, &out->id));
    const str number = arena_print(cx->arena, "%lld", (long long)out->id.v);
    const str public_id = want->public_id.n ? want->public_id : number;
    TRY(check_public_id(cx, public_id));
    *out = (struct user){
        .id = out->id,
        .domain = cx->site->domain.id,
        .public_id = arena_copy(cx->arena, public_id),
        .login = arena_copy(cx->arena, want->login),
        .name = arena_copy(cx->arena, want->name.n ? want->name : want->login),
        .phone = want->phone.n ? want->phone : S0,
        .email = want->email.n ? want->email : S0,
        .password = want->password_hash.p ? want->password_hash : S(""),
        .role = want->role ? want->role : ROLE_USER,
        .status = STATUS_ENABLED,
        .created = cx->now,
        .modified = cx->now,
    };
    const enum fault fault = store_user_add(cx, out);
    if (fault == FAULT_EXISTS)
        return fail(cx, FAULT_EXISTS, .thing = THING_USER, .got = public_id);
    TRY(fault);
    return want->with_drive ? add_own_drive(cx, out) : OK;
}

static enum fault mine(struct cx *cx, enum fault fault, const struct user *user, str asked)
{
    if (fault == FAULT_NOT_FOUND || (fault == OK && user->domain.v != cx->site->domain.id.v))
        return fail(cx, FAULT_NOT_FOUND, .thing = THING_USER, .got = asked);
    return fault;
}

enum fault user_get(struct cx *cx, id user, struct user *out)
{
    return mine(cx, store_user(cx, user, out), out, S0);
}

enum fault user_find(struct cx *cx, str text, struct user *out)
{
    int64_t    number;
    enum fault fault = store_user_by_login(cx, cx->site->domain.id, text, out);
    if (fault == FAULT_NOT_FOUND)
        fault = store_user_by_public_id(cx, cx->site->domain.id, text, out);
    if (fault == FAULT_NOT_FOUND && str_int64(text, &number))
        fault = store_user(cx, (id){ number }, out);
    return mine(cx, fault, out, text);
}

enum fault user_by_account(struct cx *cx, str account, struct user *out)
{
    enum fault fault = store_user_by_login(cx, cx->site->domain.id, account, out);
    if (fault == FAULT_NOT_FOUND)
        fault = store_user_by_phone(cx, cx->site->domain.id, account, out);
    if (fault == FAULT_NOT_FOUND)
        fault = store_user_by_email(cx, cx->site->domain.id, account, out);
    return mine(cx, fault, out, account);
}

enum fault user_set_password(struct cx *cx, id user, str hash)
{
    TRY(store_tokens_remove_of_user(cx, user));
    return store_user_set_password(cx, user, hash);
}

/* The last superadmin must stay able to sign in. */
static enum fault check_not_last(struct cx *cx, id user)
{
    struct user row;
    int64_t     count;
    TRY(user_get(cx, user, &row));
    TRY(store_superadmins(cx, cx->site->domain.id, &count));
    if (row.role == ROLE_SUPERADMIN && row.status == STATUS_ENABLED && count <= 1)
        return fail(cx, FAULT_CONFLICT, .thing = THING_USER, .because = "the last superadmin must stay");
    return OK;
}

enum fault user_set_status(struct cx *cx, id user, enum status status)
{
    if (status == STATUS_DISABLED) {
        TRY(check_not_last(cx, user));
        TRY(store_tokens_remove_of_user(cx, user));
    }
    return store_user_set_status(cx, user, status);
}

enum fault user_remove(struct cx *cx, id user)
{
    int64_t drives;
    TRY(check_not_last(cx, user));
    TRY(store_drive_count(cx, user, &drives));
    if (drives)
        return fail(cx, FAULT_CONFLICT, .thing = THING_USER, .because = "the user owns drives; delete them first");
    TRY(store_tokens_remove_of_user(cx, user));
    TRY(store_accounts_remove_of_user(cx, user));
    return store_user_remove(cx, user);
}

enum fault user_list(struct cx *cx, id after, int limit, struct list *out)
{
    return store_users(cx, cx->site->domain.id, after, limit, out);
}

/* ---- labels ---- */

struct memo {
    struct memo      *next;
    id                user;
    struct user_label label;
};

enum fault user_label(struct cx *cx, id user, struct user_label *out)
{
    struct user row;
    for (const struct memo *m = cx->memo; m; m = m->next)
        if (m->user.v == user.v) {
            *out = m->label;
            return OK;
        }
    struct memo *m = ARENA_NEW(cx->arena, struct memo);
    *m = (struct memo){ cx->memo, user, { S(""), S("") } };
    if (!user.v) {
        m->label = (struct user_label){ S("system"), S("system") };
    } else {
        const enum fault fault = store_user(cx, user, &row);
        if (fault == OK)
            m->label = (struct user_label){ row.public_id, row.name };
        else if (fault != FAULT_NOT_FOUND)
            return fault;
    }
    cx->memo = m;
    *out = m->label;
    return OK;
}

/* ---- groups ---- */

enum fault group_add(struct cx *cx, str name, str description, int kind, struct group *out)
{
    TRY(check_label(cx, name, "group_name"));
    TRY(label_free(cx, name));
    TRY(store_next_id(cx, &out->id));
    *out = (struct group){ .id = out->id, .domain = cx->site->domain.id, .kind = kind,
                           .creator = cx->caller ? cx->caller->user : ID_NONE, .name = arena_copy(cx->arena, name),
                           .description = arena_copy(cx->arena, description), .created = cx->now, .modified = cx->now };
    const enum fault fault = store_group_add(cx, out);
    return fault == FAULT_EXISTS ? fail(cx, FAULT_EXISTS, .thing = THING_GROUP, .got = name) : fault;
}

enum fault group_get(struct cx *cx, id group, struct group *out)
{
    const enum fault fault = store_group(cx, group, out);
    if (fault == FAULT_NOT_FOUND || (fault == OK && out->domain.v != cx->site->domain.id.v))
        return fail(cx, FAULT_NOT_FOUND, .thing = THING_GROUP);
    return fault;
}

enum fault group_find(struct cx *cx, str text, struct group *out)
{
    int64_t    number;
    enum fault fault = store_group_by_name(cx, cx->site->domain.id, text, out);
    if (fault == FAULT_NOT_FOUND && str_int64(text, &number))
        fault = store_group(cx, (id){ number }, out);
    if (fault == FAULT_NOT_FOUND || (fault == OK && out->domain.v != cx->site->domain.id.v))
        return fail(cx, FAULT_NOT_FOUND, .thing = THING_GROUP, .got = text);
    return fault;
}

enum fault group_list(struct cx *cx, id after, int limit, struct list *out)
{
    return store_groups(cx, cx->site->domain.id, after, limit, out);
}

enum fault group_join(struct cx *cx, id group, id user, enum share_role role)
{
    return store_member_put(cx, group, user, role);
}

enum fault group_leave(struct cx *cx, id group, id user)
{
    return store_member_remove(cx, group, user);
}
