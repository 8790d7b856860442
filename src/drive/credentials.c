/* Passwords: what proves who a person is. */
#include <argon2.h>
#include <stdlib.h>

#include "base/hash.h"
#include "base/log.h"
#include "drive/guesses.h"
#include "drive/user.h"

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

/* What guesses are counted for: the user, by whichever of his names; or the name that nobody has. */
static str guessed_at(struct cx *cx, const struct user *user, str account)
{
    if (user)
        return arena_print(cx->arena, "user:%lld", (long long)user->id.v);
    return arena_print(cx->arena, "name:%.*s", STR_ARG(account));
}

enum fault user_sign_in(struct cx *cx, str account, str password, struct user *out)
{
    const enum fault fault = user_by_account(cx, account, out);
    if (fault != OK && fault != FAULT_NOT_FOUND)
        return fault;
    const str guessed = guessed_at(cx, fault == OK ? out : NULL, account);
    if (!guess_allowed(cx, guessed))
        return fail(cx, FAULT_THROTTLED, .thing = THING_USER);
    const bool enabled = fault == OK && out->status == STATUS_ENABLED;
    const bool right = password_matches(enabled ? out->password : S0, password);
    if (!right || !password.n)
        return fail(cx, FAULT_UNAUTHENTICATED, .thing = THING_USER, .how = HOW_UNKNOWN);
    guess_was_right(cx, guessed);
    return OK;
}
