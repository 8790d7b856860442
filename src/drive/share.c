/* Making shares, finding them, opening them by password. */
#include "drive/share.h"

#include "base/encode.h"
#include "base/hash.h"
#include "base/names.h"
#include "drive/access.h"
#include "drive/guesses.h"
#include "drive/site.h"
#include "store/drives.h"
#include "store/people.h"
#include "store/store.h"

enum { CODE_LENGTH = 11, CODE_TRIES = 4 };

/* ---- making ---- */

/* Letters and digits, each as likely as any other. */
static str random_code(struct cx *cx)
{
    static const char letters[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    enum { LETTERS = sizeof letters - 1, FAIR = 256 - 256 % LETTERS };
    char  *out = arena_make(cx->arena, CODE_LENGTH + 1);
    size_t n = 0;
    while (n < CODE_LENGTH) {
        unsigned char byte;
        random_bytes(&byte, sizeof byte);
        if (byte < FAIR)
            out[n++] = letters[byte % LETTERS];
    }
    return (str){ out, n };
}

enum fault share_create(struct cx *cx, struct share_link *share)
{
    enum fault fault = FAULT_EXISTS;
    TRY(store_next_id(cx, &share->id));
    share->domain = cx->site->domain.id;
    share->edition = 1;
    share->created = share->modified = cx->now;
    share->accesses = share->previews = share->downloads = share->saves = share->reports = share->video_previews = 0;
    for (int i = 0; i < CODE_TRIES && fault == FAULT_EXISTS; i++) {
        share->code = random_code(cx);
        fault = store_share_add(cx, share);
    }
    return fault == FAULT_EXISTS ? fail(cx, FAULT_INTERNAL, .thing = THING_SHARE) : fault;
}

/* ---- its password ---- */

void share_set_password(struct cx *cx, struct share_link *share, str password)
{
    str before;
    if (share_password(cx, share, &before) != OK || !str_eq(before, password))
        share->edition++;
    share->sealed_password = password.n ? seal(cx->arena, cx->site->seal_key, password) : S0;
}

enum fault share_password(struct cx *cx, const struct share_link *share, str *out)
{
    *out = S("");
    if (!share->sealed_password.n)
        return OK;
    *out = unseal(cx->arena, cx->site->seal_key, share->sealed_password);
    return out->p ? OK : fail(cx, FAULT_INTERNAL, .thing = THING_SHARE,
                              .because = "a share's password cannot be read with this key");
}

/* Digests are compared, so that the time tells nothing of where the two differ, or of the length. */
static enum fault check_password(struct cx *cx, const struct share_link *share, str given, const char *field)
{
    const str account = arena_print(cx->arena, "share:%.*s", STR_ARG(share->code));
    str       right;
    if (!share->sealed_password.n)
        return OK;
    if (!guess_allowed(cx, account))
        return fail(cx, FAULT_THROTTLED, .thing = THING_SHARE, .because = "too many wrong passwords for this share");
    TRY(share_password(cx, share, &right));
    if (!bytes_equal_secretly(sha256(cx->arena, given), sha256(cx->arena, right)))
        return fail(cx, FAULT_INVALID, .thing = THING_SHARE, .field = field, .because = "the password of the share is wrong");
    guess_was_right(cx, account);
    return OK;
}

/* ---- managing ---- */

static bool is_managed_by(const struct share_link *share, const struct caller *caller)
{
    return caller && !caller->is_guest && caller->domain.v == share->domain.v
           && (caller_is_admin(caller) || (caller->user.v && caller->user.v == share->creator.v));
}

static enum fault find_row(struct cx *cx, str code, struct share_link *out)
{
    const enum fault fault = code.n && code.n <= 64 ? store_share_by_code(cx, code, out) : FAULT_NOT_FOUND;
    if (fault == FAULT_NOT_FOUND || (fault == OK && out->domain.v != cx->site->domain.id.v))
        return fail(cx, FAULT_NOT_FOUND, .thing = THING_SHARE, .got = code);
    return fault;
}

enum fault share_find(struct cx *cx, str code, struct share_link *out)
{
    TRY(find_row(cx, code, out));
    return is_managed_by(out, cx->caller) ? OK : fail(cx, FAULT_NOT_FOUND, .thing = THING_SHARE, .got = code);
}

enum fault share_update(struct cx *cx, struct share_link *share)
{
    struct share_link now;
    TRY(store_share(cx, share->id, &now));
    if (now.state == SHARE_CANCELLED)
        return fail(cx, FAULT_FORBIDDEN, .thing = THING_SHARE, .how = HOW_ENDED);
    share->modified = cx->now;
    return store_share_update(cx, share);
}

enum fault share_cancel(struct cx *cx, struct share_link *share)
{
    share->state = SHARE_CANCELLED;
    return share_update(cx, share);
}

/* ---- opening ---- */

bool share_is_expired(const struct cx *cx, const struct share_link *share)
{
    return share->expires.ms && share->expires.ms <= cx->now.ms;
}

static enum fault closed(struct cx *cx, enum how how, const char *because)
{
    return fail(cx, FAULT_FORBIDDEN, .thing = THING_SHARE, .how = how, .because = because);
}

static enum fault check_open(struct cx *cx, const struct share_link *share, struct user *maker)
{
    if (share->state == SHARE_CANCELLED)
        return closed(cx, HOW_ENDED, "the share was cancelled");
    if (share->state != SHARE_OPEN)
        return closed(cx, HOW_OTHER, "the share is disabled");
    if (share_is_expired(cx, share))
        return closed(cx, HOW_EXPIRED, "the share is over");
    const enum fault fault = store_user(cx, share->creator, maker);
    if (fault == FAULT_NOT_FOUND || (fault == OK && maker->status != STATUS_ENABLED))
        return closed(cx, HOW_OTHER, "who made the share is gone");
    return fault;
}

enum fault share_open(struct cx *cx, str code, struct share_link *out, struct person *maker)
{
    struct user row;
    TRY(find_row(cx, code, out));
    TRY(check_open(cx, out, &row));
    return maker ? store_person(cx, out->creator, maker) : OK;
}

/* ---- tokens: number and edition of the share and the end, eight bytes each, and their MAC ---- */

enum { CLAIM_BYTES = 24, TOKEN_BYTES = CLAIM_BYTES + SHA256_BYTES };

struct claim {
    id      share;
    int64_t edition;
    instant expires;
};

/* The words in front keep these apart from whatever else is signed with the key. */
static str mac_of(struct cx *cx, str claim)
{
    static const char what[] = "share token ";
    char signed_bytes[sizeof what - 1 + CLAIM_BYTES];
    memcpy(signed_bytes, what, sizeof what - 1);
    memcpy(signed_bytes + sizeof what - 1, claim.p, CLAIM_BYTES);
    return hmac_sha256(cx->arena, cx->site->sign_key, (str){ signed_bytes, sizeof signed_bytes });
}

static str token_of(struct cx *cx, const struct claim *claim)
{
    char bytes[TOKEN_BYTES];
    be64_put(bytes, (uint64_t)claim->share.v);
    be64_put(bytes + 8, (uint64_t)claim->edition);
    be64_put(bytes + 16, (uint64_t)claim->expires.ms);
    const str mac = mac_of(cx, (str){ bytes, CLAIM_BYTES });
    memcpy(bytes + CLAIM_BYTES, mac.p, SHA256_BYTES);
    return base64url(cx->arena, (str){ bytes, sizeof bytes });
}

static enum fault no_entry(struct cx *cx, enum how how)
{
    return fail(cx, FAULT_UNAUTHENTICATED, .thing = THING_SHARE, .how = how);
}

static enum fault token_read(struct cx *cx, str token, struct claim *out)
{
    if (!token.n)
        return no_entry(cx, HOW_MISSING);
    const str bytes = token.n <= 128 ? base64url_read(cx->arena, token) : S0;
    if (bytes.n != TOKEN_BYTES
        || !bytes_equal_secretly(str_from(bytes, CLAIM_BYTES), mac_of(cx, str_cut(bytes, CLAIM_BYTES))))
        return no_entry(cx, HOW_UNKNOWN);
    *out = (struct claim){ .share = { (int64_t)be64_get(bytes.p) }, .edition = (int64_t)be64_get(bytes.p + 8),
                           .expires = { (int64_t)be64_get(bytes.p + 16) } };
    return out->expires.ms <= cx->now.ms ? no_entry(cx, HOW_EXPIRED) : OK;
}

enum fault share_token_issue(struct cx *cx, str code, str password, const char *password_field, bool skip,
                             int64_t ttl_s, struct share_token *out)
{
    struct share_link share;
    bool              fits;
    TRY(share_open(cx, code, &share, NULL));
    if (!skip || !is_managed_by(&share, cx->caller))
        TRY(check_password(cx, &share, password, password_field));
    struct claim claim = { .share = share.id, .edition = share.edition, .expires = { cx->now.ms + ttl_s * 1000 } };
    if (share.expires.ms && share.expires.ms < claim.expires.ms)
        claim.expires = share.expires;
    TRY(store_share_count(cx, share.id, SHARE_ACCESS, &fits));
    *out = (struct share_token){ .text = token_of(cx, &claim), .expires = claim.expires,
                                 .ttl_s = (claim.expires.ms - cx->now.ms + 999) / 1000 };
    return OK;
}

/* ---- entering ---- */

enum fault share_guest(struct cx *cx, str token, struct caller **out)
{
    struct claim claim;
    TRY(token_read(cx, token, &claim));
    *out = ARENA_NEW(cx->arena, struct caller);
    **out = (struct caller){ .domain = cx->site->domain.id, .expires = claim.expires, .is_guest = true,
                             .share_token = arena_copy(cx->arena, token) };
    return OK;
}

/* Inside nobody is an administrator: what he may do elsewhere does not count. An edition of 0 is any. */
static enum fault visitor_new(struct cx *cx, const struct share_link *share, int64_t edition, struct caller *outside,
                              struct caller **out)
{
    struct user   maker;
    struct visit *visit = ARENA_NEW(cx->arena, struct visit);
    TRY(check_open(cx, share, &maker));
    if (edition && share->edition != edition)
        return no_entry(cx, HOW_EXPIRED);
    if (share->needs_login && !outside->user.v)
        return fail(cx, FAULT_UNAUTHENTICATED, .how = HOW_MISSING, .because = "the share wants its visitors to sign in");
    *visit = (struct visit){ .share = *share, .outside = outside };
    TRY(caller_of_app(cx, &(struct app){ .user = share->creator }, &visit->maker));
    *out = ARENA_NEW(cx->arena, struct caller);
    **out = *outside;
    (*out)->role = 0;
    (*out)->visit = visit;
    return OK;
}

enum fault share_enter(struct cx *cx, str code)
{
    struct share_link share;
    struct claim      claim;
    share_leave(cx);
    TRY(token_read(cx, cx->caller->share_token, &claim));
    TRY(find_row(cx, code, &share));
    if (share.id.v != claim.share.v)
        return no_entry(cx, HOW_UNKNOWN);
    return visitor_new(cx, &share, claim.edition, cx->caller, &cx->caller);
}

enum fault share_enter_own(struct cx *cx)
{
    struct claim claim;
    share_leave(cx);
    TRY(token_read(cx, cx->caller->share_token, &claim));
    return share_visitor(cx, claim.share, claim.edition, cx->caller, &cx->caller);
}

void share_leave(struct cx *cx)
{
    if (share_visit(cx))
        cx->caller = share_visit(cx)->outside;
}

enum fault share_visitor(struct cx *cx, id number, int64_t edition, struct caller *outside, struct caller **out)
{
    struct share_link share;
    const enum fault  fault = store_share(cx, number, &share);
    if (fault == FAULT_NOT_FOUND || (fault == OK && share.domain.v != cx->site->domain.id.v))
        return fail(cx, FAULT_NOT_FOUND, .thing = THING_SHARE);
    TRY(fault);
    if (!outside) {
        outside = ARENA_NEW(cx->arena, struct caller);
        *outside = (struct caller){ .domain = cx->site->domain.id, .is_guest = true };
    }
    return visitor_new(cx, &share, edition, outside, out);
}

enum fault share_require(struct cx *cx, id share, const struct drive *drive, const struct node *node, unsigned wanted)
{
    struct caller *before = cx->caller;
    enum fault fault = share_visitor(cx, share, 0, before, &cx->caller);
    if (fault == OK)
        fault = access_require(cx, drive, node, wanted);
    cx->caller = before;
    return fault;
}

enum fault share_count(struct cx *cx, enum share_use use)
{
    static const char *const limits[] = { [SHARE_ACCESS] = NULL, [SHARE_PREVIEW] = "preview_limit",
                                          [SHARE_DOWNLOAD] = "download_limit", [SHARE_SAVE] = "save_limit" };
    bool fits;
    TRY(store_share_count(cx, share_visit(cx)->share.id, use, &fits));
    return fits ? OK : fail(cx, FAULT_FORBIDDEN, .thing = THING_SHARE, .how = HOW_TOO_LARGE, .field = limits[use],
                            .because = "the share was used as often as it may be");
}
