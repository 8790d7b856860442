#include "drive/account.h"

#include "base/names.h"
#include "drive/site.h"
#include "store/accounts.h"

static enum fault check_text(struct cx *cx, const char *field, str text, int min, int max)
{
    if (!text.n && min)
        return fail(cx, FAULT_INVALID, .field = field, .how = HOW_EMPTY, .min = min, .max = max);
    if (!utf8_valid(text))
        return fail(cx, FAULT_INVALID, .field = field, .how = HOW_FORM);
    if (utf8_count(text) > (size_t)max)
        return fail(cx, FAULT_INVALID, .field = field, .how = HOW_TOO_LARGE, .min = min, .max = max);
    for (size_t i = 0; i < text.n; i++)
        if ((unsigned char)text.p[i] < 0x20 || text.p[i] == 0x7F)
            return fail(cx, FAULT_INVALID, .field = field, .how = HOW_FORM, .because = "no control characters");
    return OK;
}

/* One spelling of "no country code said". */
static str extra_of(int kind, str extra)
{
    if (extra.n)
        return extra;
    return kind == ACCOUNT_PHONE ? S("86") : S("");
}

enum fault account_link_add(struct cx *cx, const struct account *want)
{
    struct account link = *want;
    struct list    links;
    TRY(check_text(cx, "identity", want->identity, 1, ACCOUNT_IDENTITY_MAX));
    TRY(check_text(cx, "extra", want->extra, 0, ACCOUNT_EXTRA_MAX));
    TRY(store_accounts_of_user(cx, want->user, ACCOUNT_LINKS_MAX, &links));
    if (links.count >= ACCOUNT_LINKS_MAX)
        return fail(cx, FAULT_CONFLICT, .thing = THING_USER, .because = "the user has 100 account links");
    link.domain = cx->site->domain.id;
    link.extra = extra_of(want->kind, want->extra);
    link.created = cx->now;
    const enum fault fault = store_account_add(cx, &link);
    if (fault != FAULT_EXISTS)
        return fault;
    struct account taken = { 0 };
    TRY(store_account(cx, link.domain, link.kind, link.identity, link.extra, &taken));
    return fail(cx, FAULT_EXISTS, .thing = THING_USER, .field = "identity", .got = want->identity, .other = taken.user.v);
}

enum fault account_link_find(struct cx *cx, int kind, str identity, str extra, struct account *out)
{
    const enum fault fault = store_account(cx, cx->site->domain.id, kind, identity, extra_of(kind, extra), out);
    return fault == FAULT_NOT_FOUND ? fail(cx, FAULT_NOT_FOUND, .thing = THING_USER, .got = identity) : fault;
}

enum fault account_link_remove(struct cx *cx, id user, int kind, str identity, str extra)
{
    const struct account link = { .domain = cx->site->domain.id, .user = user, .kind = kind, .identity = identity,
                                  .extra = extra_of(kind, extra) };
    bool removed;
    TRY(store_account_remove(cx, &link, &removed));
    return removed ? OK : fail(cx, FAULT_NOT_FOUND, .thing = THING_USER, .got = identity);
}

enum fault account_links(struct cx *cx, id user, struct list *out)
{
    return store_accounts_of_user(cx, user, ACCOUNT_LINKS_MAX, out);
}
