#include "drive/person.h"

#include "base/names.h"
#include "drive/account.h"
#include "drive/cursor.h"
#include "drive/group.h"
#include "drive/label.h"
#include "drive/site.h"
#include "drive/user.h"
#include "store/people.h"

/* ---- texts ---- */

static enum fault wrong(struct cx *cx, const char *field, str got, const char *because)
{
    return fail(cx, FAULT_INVALID, .field = field, .how = HOW_FORM, .got = got, .because = because);
}

static enum fault check_phone(struct cx *cx, str phone, const char *field)
{
    bool digit = false;
    TRY(title_check(cx, phone, field, 0, PHONE_MAX));
    for (size_t i = 0; i < phone.n; i++) {
        if (!memchr("0123456789+- ()", phone.p[i], 15))
            return wrong(cx, field, phone, "digits, +, - and blanks");
        digit |= phone.p[i] >= '0' && phone.p[i] <= '9';
    }
    return !phone.n || digit ? OK : wrong(cx, field, phone, "a number has digits");
}

static enum fault check_email(struct cx *cx, str email)
{
    const size_t at = str_find(email, '@', 0);
    TRY(title_check(cx, email, "email", 0, EMAIL_MAX));
    if (email.n && (at == 0 || at + 1 >= email.n || str_find(email, '@', at + 1) < email.n))
        return wrong(cx, "email", email, "one @ with something on either side");
    for (size_t i = 0; i < email.n; i++)
        if ((unsigned char)email.p[i] <= 0x20 || email.p[i] == 0x7F)
            return wrong(cx, "email", email, "no blanks");
    return OK;
}

/* S0 for what is not there, so that nobody's empty phone is like another's. */
static str given(str text)
{
    return text.n ? text : S0;
}

/* ---- who may ---- */

static bool is_self(const struct cx *cx, const struct user *user)
{
    return cx->caller->user.v && cx->caller->user.v == user->id.v;
}

bool person_may_rule(const struct cx *cx, const struct user *user)
{
    const struct caller *caller = cx->caller;
    return caller->role == ROLE_SUPERADMIN
           || (caller_is_admin(caller) && (caller->role > user->role || is_self(cx, user)));
}

static enum fault may_look(struct cx *cx, bool *out)
{
    *out = caller_is_admin(cx->caller);
    return *out ? OK : group_admin_any(cx, out);
}

static enum fault nobody(struct cx *cx, str public_id)
{
    return fail(cx, FAULT_NOT_FOUND, .thing = THING_USER, .got = public_id);
}

/* The user meant, if the caller may see him. */
static enum fault find(struct cx *cx, str public_id, struct person *out)
{
    struct user user;
    bool        looks;
    if (!public_id.n && !cx->caller->user.v)
        return fail(cx, FAULT_INVALID, .field = "user_id", .how = HOW_MISSING);
    if (!public_id.n)
        return store_person(cx, cx->caller->user, out);
    const enum fault fault = store_user_by_public_id(cx, cx->site->domain.id, public_id, &user);
    if (fault == FAULT_NOT_FOUND)
        return nobody(cx, public_id);
    TRY(fault);
    TRY(may_look(cx, &looks));
    if (!looks && !is_self(cx, &user))
        return nobody(cx, public_id);
    return store_person(cx, user.id, out);
}

static enum fault forbidden(struct cx *cx, const char *because)
{
    return fail(cx, FAULT_FORBIDDEN, .thing = THING_USER, .because = because);
}

/* ---- making ---- */

static enum fault check_want(struct cx *cx, const struct person_want *want)
{
    if (!caller_is_admin(cx->caller))
        return forbidden(cx, "administrators make users");
    if (want->role > ROLE_USER && cx->caller->role < ROLE_SUPERADMIN)
        return forbidden(cx, "superadmins make administrators");
    TRY(title_check(cx, want->name, "user_name", 0, TITLE_MAX));
    TRY(title_check(cx, want->nick, "nick_name", 0, TITLE_MAX));
    TRY(title_check(cx, want->description, "description", 0, ABOUT_MAX));
    TRY(check_phone(cx, want->phone, "phone"));
    TRY(check_phone(cx, want->phone_region, "phone_region"));
    return check_email(cx, want->email);
}

static enum fault link_in(struct cx *cx, const struct person_want *want, id user)
{
    const struct account link = { .user = user, .kind = want->link_kind, .identity = want->link_identity,
                                  .extra = want->link_extra, .shown = want->link_shown };
    return want->link_kind ? account_link_add(cx, &link) : OK;
}

enum fault person_create(struct cx *cx, const struct person_want *want, struct person *out)
{
    const struct user_want base = {
        .public_id = want->public_id, .name = want->name, .phone = want->phone, .email = want->email,
        .description = given(want->description), .role = want->role, .status = want->status,
        .password_hash = want->password_hash, .with_drive = want->with_drive,
        .has_drive_quota = want->has_drive_quota, .drive_quota = want->drive_quota,
    };
    struct person person = { .creator = cx->caller->user, .nick = given(want->nick), .avatar = given(want->avatar),
                             .phone_region = given(want->phone_region), .extra = given(want->extra) };
    TRY(check_want(cx, want));
    TRY(user_add(cx, &base, &person.user));
    TRY(store_profile_put(cx, &person));
    TRY(link_in(cx, want, person.user.id));
    if (want->groups.count)
        TRY(group_set_teams_of(cx, person.user.id, &want->groups));
    return store_person(cx, person.user.id, out);
}

enum fault person_get(struct cx *cx, str public_id, struct person *out)
{
    return find(cx, public_id, out);
}

enum fault person_of_number(struct cx *cx, id user, struct person *out)
{
    bool             looks;
    const enum fault fault = store_person(cx, user, out);
    if (fault == FAULT_NOT_FOUND)
        return nobody(cx, S0);
    TRY(fault);
    TRY(may_look(cx, &looks));
    if (!looks && !is_self(cx, &out->user))
        out->user.phone = out->user.email = out->phone_region = out->extra = S0;
    return OK;
}

/* ---- changing ---- */

static enum fault check_rights(struct cx *cx, const struct person_change *c, const struct user *user)
{
    const bool rules = person_may_rule(cx, user);
    if (!rules && !is_self(cx, user))
        return forbidden(cx, "users of this role are changed by those of a higher one");
    if (!rules && (c->phone.p || c->phone_region.p || c->email.p || c->extra.p || c->status || c->groups.items))
        return forbidden(cx, "phone, email, data, status and groups are set by administrators");
    if (c->role && c->role != user->role && cx->caller->role < ROLE_SUPERADMIN)
        return forbidden(cx, "roles are set by superadmins");
    return OK;
}

static enum fault set_text(struct cx *cx, str text, const char *field, int64_t max, str *to)
{
    if (!text.p)
        return OK;
    *to = given(text);
    return title_check(cx, text, field, 0, max);
}

/* What belongs to one user only. */
static enum fault check_unique(struct cx *cx, const struct user *user, str phone, str email)
{
    struct user other;
    enum fault  fault = phone.n ? store_user_by_phone(cx, user->domain, phone, &other) : FAULT_NOT_FOUND;
    if (fault == OK && other.id.v != user->id.v)
        return fail(cx, FAULT_EXISTS, .thing = THING_USER, .field = "phone", .got = phone);
    if (fault == OK || fault == FAULT_NOT_FOUND)
        fault = email.n ? store_user_by_email(cx, user->domain, email, &other) : FAULT_NOT_FOUND;
    if (fault == OK && other.id.v != user->id.v)
        return fail(cx, FAULT_EXISTS, .thing = THING_USER, .field = "email", .got = email);
    return fault == FAULT_NOT_FOUND ? OK : fault;
}

static enum fault set_texts(struct cx *cx, const struct person_change *c, struct person *p)
{
    TRY(set_text(cx, c->nick, "nick_name", TITLE_MAX, &p->nick));
    TRY(set_text(cx, c->description, "description", ABOUT_MAX, &p->user.description));
    TRY(set_text(cx, c->phone, "phone", PHONE_MAX, &p->user.phone));
    TRY(set_text(cx, c->phone_region, "phone_region", PHONE_MAX, &p->phone_region));
    TRY(set_text(cx, c->email, "email", EMAIL_MAX, &p->user.email));
    TRY(check_phone(cx, c->phone, "phone"));
    TRY(check_phone(cx, c->phone_region, "phone_region"));
    TRY(check_email(cx, c->email));
    TRY(check_unique(cx, &p->user, c->phone, c->email));
    if (c->avatar.p)
        p->avatar = given(c->avatar);
    if (c->extra.p)
        p->extra = given(c->extra);
    return OK;
}

enum fault person_change(struct cx *cx, str public_id, const struct person_change *c, struct person *out)
{
    struct person person;
    TRY(find(cx, public_id, &person));
    TRY(check_rights(cx, c, &person.user));
    TRY(set_texts(cx, c, &person));
    if (c->role && c->role < person.user.role)
        TRY(user_check_not_last(cx, person.user.id));
    if (c->role)
        person.user.role = c->role;
    TRY(store_user_update(cx, &person.user));
    TRY(store_profile_put(cx, &person));
    if (c->status && c->status != person.user.status)
        TRY(user_set_status(cx, person.user.id, (enum status)c->status));
    if (c->groups.items)
        TRY(group_set_teams_of(cx, person.user.id, &c->groups));
    return store_person(cx, person.user.id, out);
}

enum fault person_remove(struct cx *cx, str public_id)
{
    struct person person;
    TRY(find(cx, public_id, &person));
    if (!person_may_rule(cx, &person.user))
        return forbidden(cx, "users are deleted by administrators of a higher role");
    return user_remove(cx, person.user.id);
}

/* ---- lists ---- */

/* A filter that matches little must not make one page read all users; pictures must not make it huge. */
enum { LOOKED_AT_MAX = 2000, ROWS_AT_ONCE = 128, PICTURES_MAX = 1 << 20 };

struct page_maker {
    struct cx                 *cx;
    const struct person_query *q;
    str                        needle; /* folded */
    struct person             *items;
    size_t                     count, rows, looked, pictures;
    id                         after;  /* the last row looked at */
    bool                       full;   /* stopped before the end */
};

static bool text_fits(str wanted, str text)
{
    return !wanted.n || str_eq(wanted, text);
}

static bool fits(const struct page_maker *m, const struct person *p)
{
    const struct person_query *q = m->q;
    return (!q->role || p->user.role == q->role) && (!q->status || p->user.status == q->status)
           && text_fits(q->name, p->user.name) && text_fits(q->nick, p->nick) && text_fits(q->email, p->user.email)
           && text_fits(q->phone, p->user.phone)
           && (!m->needle.n || (p->nick.n && name_contains(m->cx->arena, p->nick, m->needle)));
}

static struct person keep(struct arena *arena, const struct person *row)
{
    struct person p = *row;
    str *texts[] = { &p.user.public_id, &p.user.login, &p.user.name, &p.user.phone, &p.user.email, &p.user.description,
                     &p.nick, &p.avatar, &p.phone_region, &p.extra };
    p.user.password = S0;
    for (size_t i = 0; i < COUNT(texts); i++)
        *texts[i] = arena_copy(arena, *texts[i]);
    return p;
}

static bool take(void *arg, void *row)
{
    struct page_maker   *m = arg;
    const struct person *p = row;
    m->rows++;
    if (fits(m, p)) {
        if (m->count == (size_t)m->q->limit || m->pictures > PICTURES_MAX) {
            m->full = true;
            return false;
        }
        m->pictures += p->avatar.n;
        m->items[m->count++] = keep(m->cx->arena, p);
    }
    m->after = p->user.id;
    return true;
}

/* What belongs to one user is found by its own index; the rest of the query is still asked of him. */
static enum fault the_one(struct page_maker *m)
{
    struct cx       *cx = m->cx;
    struct user      user;
    struct person    person;
    const id         domain = cx->site->domain.id;
    const enum fault fault = m->q->email.n ? store_user_by_email(cx, domain, m->q->email, &user)
                                           : store_user_by_phone(cx, domain, m->q->phone, &user);
    if (fault == FAULT_NOT_FOUND)
        return OK;
    TRY(fault);
    TRY(store_person(cx, user.id, &person));
    if (user.id.v > m->after.v)
        take(m, &person);
    return OK;
}

static enum fault many(struct page_maker *m)
{
    struct people_from from = { .domain = m->cx->site->domain.id, .limit = ROWS_AT_ONCE };
    if (m->q->nick.n)
        from.nick = m->q->nick;
    else if (m->q->name.n)
        from.name = m->q->name;
    do {
        from.after = m->after;
        m->looked += m->rows;
        m->rows = 0;
        TRY(store_people_each(m->cx, &from, take, m));
    } while (!m->full && m->rows == ROWS_AT_ONCE && m->looked < LOOKED_AT_MAX);
    m->full |= m->rows == ROWS_AT_ONCE;
    return OK;
}

enum fault person_search(struct cx *cx, const struct person_query *q, struct person_page *out)
{
    struct page_maker maker = { .cx = cx, .q = q, .needle = q->nick_part.n ? name_folded(cx->arena, q->nick_part) : S("") };
    bool      looks;
    const str bound = arena_print(cx->arena, "people|%d|%d|%zu|%.*s|%zu|%.*s|%zu|%.*s|%zu|%.*s|%.*s", q->role, q->status,
                                  q->name.n, STR_ARG(q->name), q->nick.n, STR_ARG(q->nick), q->email.n, STR_ARG(q->email),
                                  q->phone.n, STR_ARG(q->phone), STR_ARG(maker.needle));
    TRY(may_look(cx, &looks));
    if (!looks)
        return forbidden(cx, "users are listed for administrators");
    TRY(cursor_after(cx, q->cursor_field, bound, q->cursor, &maker.after));
    maker.items = ARENA_MANY(cx->arena, struct person, (size_t)q->limit + 1);
    TRY(q->email.n || q->phone.n ? the_one(&maker) : many(&maker));
    out->people = (struct list){ maker.items, maker.count };
    out->next = maker.full ? cursor_at(cx, bound, maker.after) : S0;
    return OK;
}
