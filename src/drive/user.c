#include "drive/user.h"

#include "base/names.h"
#include "drive/domain.h"
#include "drive/drive.h"
#include "drive/label.h"
#include "drive/site.h"
#include "store/accounts.h"
#include "store/drives.h"
#include "store/groups.h"
#include "store/people.h"
#include "store/profiles.h"
#include "store/shares.h"
#include "store/store.h"

static enum fault check_public_id(struct cx *cx, str public_id)
{
    if (!utf8_valid(public_id) || !public_id.n || utf8_count(public_id) > 64)
        return fail(cx, FAULT_INVALID, .field = "user_id", .how = HOW_TOO_LARGE, .min = 1, .max = 64, .got = public_id);
    for (size_t i = 0; i < public_id.n; i++)
        if ((unsigned char)public_id.p[i] <= 0x20 || public_id.p[i] == '#' || public_id.p[i] == 0x7F)
            return fail(cx, FAULT_INVALID, .field = "user_id", .how = HOW_FORM, .got = public_id);
    return OK;
}

static enum fault add_own_drive(struct cx *cx, struct user *user, int64_t quota)
{
    struct drive drive;
    const struct drive want = { .name = user->name, .owner_kind = OWNER_USER, .owner_public = user->public_id,
                                .status = STATUS_ENABLED, .quota = quota, .is_default = true };
    struct caller *before = cx->caller;
    struct caller  system = { .domain = user->domain, .role = ROLE_SUPERADMIN };
    cx->caller = &system;
    const enum fault fault = drive_create(cx, &want, &drive);
    cx->caller = before;
    if (fault == OK)
        user->default_drive = drive.id;
    return fault;
}

/* What the user is called in commands. */
static enum fault settle_login(struct cx *cx, const struct user_want *want, str public_id, id number, str *out)
{
    if (!want->login.p)
        return label_make(cx, want->name, public_id, "user", number, out);
    *out = want->login;
    TRY(label_check(cx, want->login, "login"));
    return label_free(cx, want->login);
}

static enum fault count_in(struct cx *cx, const struct domain *domain)
{
    bool fits;
    TRY(store_domain_count_user(cx, domain->id, 1, &fits));
    return fits ? OK : fail(cx, FAULT_QUOTA, .thing = THING_USER, .max = domain->user_quota,
                            .because = "the domain has as many users as it may have");
}

static enum fault insert(struct cx *cx, struct user *user)
{
    const enum fault fault = store_user_add(cx, user);
    return fault == FAULT_EXISTS ? fail(cx, FAULT_EXISTS, .thing = THING_USER, .got = user->public_id) : fault;
}

enum fault user_add(struct cx *cx, const struct user_want *want, struct user *out)
{
    struct domain domain;
    id            number;
    str           login;
    TRY(domain_now(cx, &domain));
    TRY(store_next_id(cx, &number));
    const str public_id = want->public_id.n ? want->public_id
                                            : arena_print(cx->arena, "%lld", (long long)number.v);
    TRY(check_public_id(cx, public_id));
    TRY(settle_login(cx, want, public_id, number, &login));
    *out = (struct user){
        .id = number,
        .domain = domain.id,
        .public_id = arena_copy(cx->arena, public_id),
        .login = arena_copy(cx->arena, login),
        .name = arena_copy(cx->arena, want->name.n ? want->name : login),
        .phone = want->phone.n ? want->phone : S0,
        .email = want->email.n ? want->email : S0,
        .description = want->description,
        .password = want->password_hash.p ? want->password_hash : S(""),
        .role = want->role ? want->role : ROLE_USER,
        .status = want->status ? want->status : STATUS_ENABLED,
        .created = cx->now,
        .modified = cx->now,
    };
    TRY(count_in(cx, &domain));
    TRY(insert(cx, out));
    const int64_t quota = want->has_drive_quota ? want->drive_quota : domain.first_drive_quota;
    return want->with_drive || domain.first_drive ? add_own_drive(cx, out, quota) : OK;
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

enum fault user_by_public_id(struct cx *cx, str public_id, struct user *out)
{
    return mine(cx, store_user_by_public_id(cx, cx->site->domain.id, public_id, out), out, public_id);
}

/* The user to whom a phone number or mail address of this name is linked. No note. */
static enum fault user_by_link(struct cx *cx, str account, struct user *out)
{
    struct account link;
    enum fault fault = store_account(cx, cx->site->domain.id, ACCOUNT_PHONE, account, S("86"), &link);
    if (fault == FAULT_NOT_FOUND)
        fault = store_account(cx, cx->site->domain.id, ACCOUNT_EMAIL, account, S(""), &link);
    return fault == OK ? store_user(cx, link.user, out) : fault;
}

enum fault user_by_account(struct cx *cx, str account, struct user *out)
{
    enum fault fault = store_user_by_login(cx, cx->site->domain.id, account, out);
    if (fault == FAULT_NOT_FOUND)
        fault = store_user_by_phone(cx, cx->site->domain.id, account, out);
    if (fault == FAULT_NOT_FOUND)
        fault = store_user_by_email(cx, cx->site->domain.id, account, out);
    if (fault == FAULT_NOT_FOUND)
        fault = user_by_link(cx, account, out);
    return mine(cx, fault, out, account);
}

enum fault user_set_password(struct cx *cx, id user, str hash)
{
    TRY(store_tokens_remove_of_user(cx, user));
    return store_user_set_password(cx, user, hash);
}

/* The last superadmin must stay able to sign in. */
enum fault user_check_not_last(struct cx *cx, id user)
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
        TRY(user_check_not_last(cx, user));
        TRY(store_tokens_remove_of_user(cx, user));
    }
    return store_user_set_status(cx, user, status);
}

enum fault user_remove(struct cx *cx, id user)
{
    int64_t drives;
    bool    fits;
    TRY(user_check_not_last(cx, user));
    TRY(store_drive_count(cx, user, &drives));
    if (drives)
        return fail(cx, FAULT_CONFLICT, .thing = THING_USER, .because = "the user owns drives; delete them first");
    TRY(store_tokens_remove_of_user(cx, user));
    TRY(store_accounts_remove_of_user(cx, user));
    TRY(store_shares_remove_of_creator(cx, user));
    TRY(store_groups_forget_user(cx, user));
    TRY(store_profile_remove(cx, user));
    TRY(store_domain_count_user(cx, cx->site->domain.id, -1, &fits));
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
