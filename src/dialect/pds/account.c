/* dialect/pds/account.c: identities elsewhere that stand for a user: /v2/account.
 *
 * Nobody checks here that an identity is its user's own, so only administrators say so; and as linking
 * answers a Token of the user, only those who are no less than he. Everybody may see his own.
 *
 * Source  PDS API reference, 2022-03-01 */
#include "dialect/pds/token_shape.h"

#include "drive/account.h"
#include "drive/caller.h"
#include "drive/person.h"
#include "drive/user.h"

struct link_ask {
    str user_id, identity, extra;
    int type;
};

#define IDENTITY_ROWS(IN)                                                                              \
    { "type", BODY, AT(IN, type), .required = true, .words = pds_account_types },                      \
    { "identity", BODY, AT(IN, identity), .required = true, .min = 1, .max = ACCOUNT_IDENTITY_MAX },   \
    { "extra", BODY, AT(IN, extra), .max = ACCOUNT_EXTRA_MAX, .empty_ok = true,                        \
      .doc = "of type mobile: the country code, 86 where it is left out" }

#define IN struct link_ask
static const struct field find_in[] = { IDENTITY_ROWS(IN), { 0 } };
static const struct field link_in[] = {
    { "user_id", BODY, AT(IN, user_id), .required = true, .min = 1, .max = 64 }, IDENTITY_ROWS(IN), { 0 }
};
static const struct field by_user_in[] = {
    { "user_id", BODY, AT(IN, user_id), .required = true, .min = 1, .max = 64 }, { 0 }
};
#undef IN

struct link_info {
    str domain_id, user_id, identity, extra;
    int type;
};

#define OUT struct link_info
static const struct field link_info_rows[] = {
    { "domain_id", BODY, AT(OUT, domain_id) },
    { "user_id", BODY, AT(OUT, user_id) },
    { "type", BODY, AT(OUT, type), .words = pds_account_types },
    { "identity", BODY, AT(OUT, identity) },
    { "extra", BODY, AT(OUT, extra) },
    { 0 }
};
#undef OUT
static const struct shape link_info_shape = { "AccountLinkInfo", link_info_rows, sizeof(struct link_info) };

struct link_list {
    struct list items;
};
static const struct field link_list_rows[] = {
    { "items", BODY, AT(struct link_list, items), .shape = &link_info_shape }, { 0 }
};

/* Somebody else's account is there for administrators only; to others it looks like none. */
static enum fault find_user(struct cx *cx, str user_id, struct user *out)
{
    const bool own = cx->caller->user.v && str_eq(user_id, cx->caller->public_id);
    if (!own && !caller_is_admin(cx->caller))
        return fail(cx, FAULT_NOT_FOUND, .thing = THING_USER, .got = user_id);
    return user_by_public_id(cx, user_id, out);
}

static enum fault get_link_info(struct cx *cx, const void *in, void *out)
{
    const struct link_ask *ask = in;
    struct account    found;
    struct user_label user;
    TRY(account_link_find(cx, ask->type, ask->identity, ask->extra, &found));
    TRY(user_label(cx, found.user, &user));
    *(struct link_info *)out = (struct link_info){ pds_domain_id(cx), user.public_id, found.identity, found.extra,
                                                   found.kind };
    return OK;
}

static enum fault get_link_info_by_user_id(struct cx *cx, const void *in, void *out)
{
    const struct link_ask *ask = in;
    struct link_list      *answer = out;
    struct user user;
    struct list links;
    TRY(find_user(cx, ask->user_id, &user));
    TRY(account_links(cx, user.id, &links));
    struct link_info *infos = ARENA_MANY(cx->arena, struct link_info, links.count + 1);
    const struct account *found = links.items;
    for (size_t i = 0; i < links.count; i++)
        infos[i] = (struct link_info){ pds_domain_id(cx), user.public_id, found[i].identity, found[i].extra,
                                       found[i].kind };
    answer->items = (struct list){ infos, links.count };
    return OK;
}

static enum fault find_ruled(struct cx *cx, str user_id, struct user *out)
{
    TRY(find_user(cx, user_id, out));
    if (!person_may_rule(cx, out))
        return fail(cx, FAULT_FORBIDDEN, .thing = THING_USER, .because = "the user's role is not below the caller's");
    return OK;
}

/* The answer is a token of the user's. */
static enum fault find_user_to_link(struct cx *cx, str user_id, struct user *out)
{
    TRY(find_ruled(cx, user_id, out));
    if (out->status != STATUS_ENABLED)
        return fail(cx, FAULT_FORBIDDEN, .thing = THING_USER, .because = "the user is disabled");
    return OK;
}

static enum fault link_account(struct cx *cx, const void *in, void *out)
{
    const struct link_ask *ask = in;
    struct user       user;
    struct token_pair pair;
    TRY(find_user_to_link(cx, ask->user_id, &user));
    TRY(account_link_add(cx, &(struct account){ .user = user.id, .kind = ask->type, .identity = ask->identity,
                                                .extra = ask->extra }));
    const struct token_want want = { .user = user.id, .ttl_s = PDS_TOKEN_TTL_S, .scopes = cx->caller->scopes };
    TRY(token_pair_grant(cx, &want, ID_NONE, &pair));
    return pds_token_show(cx, &pair, user.id, true, S0, out);
}

static enum fault unlink_account(struct cx *cx, const void *in, void *out)
{
    const struct link_ask *ask = in;
    struct user user;
    (void)out;
    TRY(find_ruled(cx, ask->user_id, &user));
    return account_link_remove(cx, user.id, ask->type, ask->identity, ask->extra);
}

#define PAGE "PDS API reference, 2022-03-01"
#define PROOF "pds_account.test.mjs"
#define ONLY_KNOWN "members of AccountLinkInfo beyond those of exist_link, which no source describes"

const struct op pds_account_ops[] = {
    { "GetLinkInfo", "POST", "/v2/account/get_link_info", PAGE, ADMIN, READ, find_in, sizeof(struct link_ask),
      link_info_rows, sizeof(struct link_info), get_link_info, .scope = "ACCOUNT.ALL", .partial = ONLY_KNOWN,
      .proof = PROOF },
    { "GetLinkInfoByUserId", "POST", "/v2/account/get_link_info_by_user_id", PAGE, USER, READ, by_user_in,
      sizeof(struct link_ask), link_list_rows, sizeof(struct link_list), get_link_info_by_user_id,
      .scope = "ACCOUNT.ALL", .partial = ONLY_KNOWN, .proof = PROOF },
    { "LinkAccount", "POST", "/v2/account/link", PAGE, ADMIN, WRITE, link_in, sizeof(struct link_ask), pds_token_rows,
      sizeof(struct pds_token), link_account, .scope = "ACCOUNT.ALL", .proof = PROOF },
    { "UnLinkAccount", "POST", "/v2/account/unlink", PAGE, ADMIN, WRITE, link_in, sizeof(struct link_ask), NULL, 0,
      unlink_account, .status = 204, .scope = "ACCOUNT.ALL", .proof = PROOF },
    { 0 }
};
