/* Passwords, apps and tokens: what proves who asks. */
#include <argon2.h>
#include <stdlib.h>

#include "base/encode.h"
#include "base/hash.h"
#include "base/log.h"
#include "drive/guesses.h"
#include "drive/site.h"
#include "drive/user.h"
#include "store/people.h"
#include "store/store.h"

/* ---- passwords ---- */

enum { ARGON_PASSES = 2, ARGON_KIB = 19 * 1024, SALT_BYTES = 16, HASH_BYTES = 32, ENCODED_MAX = 128 };

str password_hash(struct arena *arena, str password)
{
    char  salt[SALT_BYTES];
    char *encoded = arena_make(arena, ENCODED_MAX);
    random_bytes(salt, sizeof salt);
    if (argon2id_hash_encoded(ARGON_PASSES, ARGON_KIB, 1, password.p, password.n, salt, sizeof salt, HASH_BYTES,
                              encoded, ENCODED_MAX) != ARGON2_OK)
        log_die("argon2 failed");
    return str_of(encoded);
}

/* A well-formed hash of nothing anybody knows, so that an unknown account costs what a known one does. */
static const char nobody[] =
    "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

bool password_matches(str encoded, str password)
{
    char text[ENCODED_MAX + 1] = "";
    const bool have = encoded.n && encoded.n <= ENCODED_MAX;
    memcpy(text, have ? encoded.p : nobody, have ? encoded.n : sizeof nobody - 1);
    const bool same = argon2id_verify(text, password.p ? password.p : "", password.n) == ARGON2_OK;
    return have && same;
}

enum fault user_sign_in(struct cx *cx, str account, str password, struct user *out)
{
    if (!guess_allowed(cx, account))
        return fail(cx, FAULT_THROTTLED, .thing = THING_USER);
    const enum fault fault = user_by_account(cx, account, out);
    if (fault != OK && fault != FAULT_NOT_FOUND)
        return fault;
    const bool enabled = fault == OK && out->status == STATUS_ENABLED;
    const bool right = password_matches(enabled ? out->password : S0, password);
    if (!right || !password.n)
        return fail(cx, FAULT_UNAUTHENTICATED, .thing = THING_USER, .how = HOW_UNKNOWN);
    guess_was_right(cx, account);
    return OK;
}

/* ---- apps ---- */

static str random_hex(struct arena *arena, size_t bytes)
{
    char raw[64];
    random_bytes(raw, bytes);
    return hex_lower(arena, (str){ raw, bytes });
}

enum fault app_add(struct cx *cx, str name, id user, str public_key_pem, struct app *out, str *secret)
{
    if (!name.n || name.n > 64)
        return fail(cx, FAULT_INVALID, .field = "name", .how = name.n ? HOW_TOO_LARGE : HOW_EMPTY, .min = 1, .max = 64,
                    .got = name);
    *secret = random_hex(cx->arena, 24);
    TRY(store_next_id(cx, &out->id));
    *out = (struct app){ .id = out->id, .domain = cx->site->domain.id, .user = user, .name = arena_copy(cx->arena, name),
                         .key = random_hex(cx->arena, 12), .public_key = public_key_pem.n ? public_key_pem : S0,
                         .sealed_secret = seal(cx->arena, cx->site->seal_key, *secret), .created = cx->now };
    const enum fault fault = store_app_add(cx, out);
    return fault == FAULT_EXISTS ? fail(cx, FAULT_EXISTS, .thing = THING_APP, .got = name) : fault;
}

enum fault app_find(struct cx *cx, str name_or_key, struct app *out)
{
    enum fault fault = store_app_by_name(cx, cx->site->domain.id, name_or_key, out);
    if (fault == FAULT_NOT_FOUND)
        fault = store_app_by_key(cx, name_or_key, out);
    return fault == FAULT_NOT_FOUND ? fail(cx, FAULT_NOT_FOUND, .thing = THING_APP, .got = name_or_key) : fault;
}

enum fault app_secret(struct cx *cx, const struct app *app, str *secret)
{
    *secret = unseal(cx->arena, cx->site->seal_key, app->sealed_secret);
    return secret->p ? OK : fail(cx, FAULT_INTERNAL, .thing = THING_APP,
                                 .because = "an app's secret cannot be read with this key");
}

enum fault app_list(struct cx *cx, struct list *out)
{
    return store_apps(cx, cx->site->domain.id, out);
}

enum fault app_remove(struct cx *cx, id app)
{
    TRY(store_tokens_remove_of_app(cx, app));
    return store_app_remove(cx, app);
}

/* ---- tokens ---- */

static enum fault issue(struct cx *cx, const struct token_want *want, id twin, id *number, str *text)
{
    struct token row = { .domain = cx->site->domain.id, .user = want->user, .app = want->app, .kind = want->kind,
                         .ttl_s = want->ttl_s, .sliding = want->sliding, .twin = twin,
                         .expires = { want->ttl_s ? cx->now.ms + want->ttl_s * 1000 : 0 } };
    const str hex = random_hex(cx->arena, 24);
    *text = want->kind == TOKEN_API_KEY ? arena_print(cx->arena, "uk-%.*s", STR_ARG(hex)) : hex;
    if (want->kind == TOKEN_APP)
        row.sealed = seal(cx->arena, cx->site->seal_key, *text);
    TRY(store_next_id(cx, &row.id));
    *number = row.id;
    return store_token_add(cx, sha256(cx->arena, *text), &row);
}

enum fault token_issue(struct cx *cx, const struct token_want *want, str *text)
{
    struct user user;
    id          number;
    if (want->user.v) {
        TRY(user_get(cx, want->user, &user));
        if (user.status != STATUS_ENABLED)
            return fail(cx, FAULT_DISABLED, .thing = THING_USER);
    }
    return issue(cx, want, ID_NONE, &number, text);
}

enum fault token_of_app(struct cx *cx, id app, int64_t ttl_s, str *text)
{
    struct token row;
    const enum fault fault = store_token_of_app(cx, app, TOKEN_APP, cx->now, &row);
    if (fault != OK && fault != FAULT_NOT_FOUND)
        return fault;
    *text = fault == OK ? unseal(cx->arena, cx->site->seal_key, row.sealed) : S0;
    if (text->p)
        return store_token_extend(cx, row.id, (instant){ cx->now.ms + ttl_s * 1000 });
    id number;
    return issue(cx, &(struct token_want){ .app = app, .kind = TOKEN_APP, .ttl_s = ttl_s }, ID_NONE, &number, text);
}

enum { REFRESH_TTL_S = 30 * 24 * 3600 };

enum fault token_pair_issue(struct cx *cx, id user, int64_t ttl_s, bool sliding, struct token_pair *out)
{
    id access, refresh;
    *out = (struct token_pair){ .ttl_s = ttl_s, .issued = cx->now };
    TRY(issue(cx, &(struct token_want){ .user = user, .kind = TOKEN_ACCESS, .ttl_s = ttl_s, .sliding = sliding }, ID_NONE,
              &access, &out->access));
    return issue(cx, &(struct token_want){ .user = user, .kind = TOKEN_REFRESH, .ttl_s = REFRESH_TTL_S }, access, &refresh,
                 &out->refresh);
}

enum fault token_pair_refresh(struct cx *cx, str refresh, int64_t ttl_s, bool sliding, struct token_pair *out, id *user)
{
    struct token row;
    struct user  owner;
    const enum fault fault = refresh.n && refresh.n <= 128 ? store_token(cx, sha256(cx->arena, refresh), &row)
                                                            : FAULT_NOT_FOUND;
    if (fault == FAULT_NOT_FOUND || (fault == OK && row.kind != TOKEN_REFRESH))
        return fail(cx, FAULT_UNAUTHENTICATED, .field = "refresh_token", .how = HOW_UNKNOWN);
    TRY(fault);
    if (row.expires.ms <= cx->now.ms)
        return fail(cx, FAULT_UNAUTHENTICATED, .field = "refresh_token", .how = HOW_EXPIRED);
    if (user_get(cx, row.user, &owner) != OK || owner.status != STATUS_ENABLED)
        return fail(cx, FAULT_UNAUTHENTICATED, .field = "refresh_token", .how = HOW_UNKNOWN);
    TRY(store_token_remove(cx, row.twin));
    TRY(store_token_remove(cx, row.id));
    *user = row.user;
    return token_pair_issue(cx, row.user, ttl_s, sliding, out);
}

enum fault token_revoke(struct cx *cx, str text)
{
    struct token row;
    const enum fault fault = store_token(cx, sha256(cx->arena, text), &row);
    if (fault == FAULT_NOT_FOUND)
        return fail(cx, FAULT_NOT_FOUND, .because = "no such token");
    TRY(fault);
    return store_token_remove(cx, row.id);
}
