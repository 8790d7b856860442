#include "drive/site.h"

#include "base/encode.h"
#include "base/hash.h"
#include "drive/group.h"
#include "drive/gate.h"
#include "drive/guesses.h"
#include "drive/hashing.h"
#include "drive/node.h"
#include "drive/nonces.h"
#include "drive/user.h"
#include "store/drives.h"
#include "store/nodes.h"
#include "store/people.h"
#include "store/store.h"

/* Each may hold some tens of MiB: the directory of its ZIP. */
enum { UNPACKINGS_AT_ONCE = 4 };

static bool all_zero(str key)
{
    char any = 0;
    for (size_t i = 0; i < key.n; i++)
        any |= key.p[i];
    return !any;
}

enum fault site_open(struct cx *cx, str key, struct store *store, struct content *content, struct site *out)
{
    if (key.n != KEY_BYTES || all_zero(key))
        return fail(cx, FAULT_INVALID, .field = "key", .because = "the key must be 32 random bytes");
    *out = (struct site){
        .sign_key = hmac_sha256(cx->arena, key, S("polydrive links")),
        .cursor_key = hmac_sha256(cx->arena, key, S("polydrive cursors")),
        .seal_key = hmac_sha256(cx->arena, key, S("polydrive seals")),
        .content = content,
        .store = store,
        .link_ttl_s = 900,
        .upload_ttl_ms = INT64_C(10) * 24 * 3600 * 1000,
        .grace_ms = INT64_C(10) * 60 * 1000,
        .woven_folders_max = 50000,
        .unpack = { .entries = 100000, .listed = 10000, .bytes = INT64_C(64) << 30, .spare = INT64_C(64) << 20,
                    .ratio = 200 },
    };
    if (store_domain_any(cx, &out->domain) != OK)
        return fail(cx, FAULT_NOT_FOUND, .thing = THING_DOMAIN, .because = "the store has no domain yet");
    out->hashing = hashing_new();
    out->guesses = guesses_new();
    out->heavy_searches = gate_new(1);
    out->unpackings = gate_new(UNPACKINGS_AT_ONCE);
    out->nonces = nonces_new();
    return OK;
}

void site_close(struct site *site)
{
    hashing_free(&site->hashing);
    guesses_free(&site->guesses);
    gate_free(&site->heavy_searches);
    gate_free(&site->unpackings);
    nonces_free(&site->nonces);
}

enum fault site_found(struct cx *cx, str domain_name, str superadmin_password_hash)
{
    char          random[16];
    struct user   chief;
    struct group  staff;
    struct drive  drive;
    struct domain domain = { .name = domain_name, .bin_days = 30, .created = cx->now };
    if (store_domain_any(cx, &domain) == OK)
        return fail(cx, FAULT_EXISTS, .thing = THING_DOMAIN);
    random_bytes(random, sizeof random);
    domain.epoch = hex_lower(cx->arena, (str){ random, sizeof random });
    TRY(store_next_id(cx, &domain.id));
    TRY(store_domain_add(cx, &domain));

    const struct site *before = cx->site;
    struct site       site = { .domain = domain };
    struct caller     system = { .domain = domain.id, .role = ROLE_SUPERADMIN };
    struct caller    *asked = cx->caller;
    cx->site = &site;
    cx->caller = &system;
    const struct user_want want = { .login = S("superadmin"), .public_id = S("superadmin"), .role = ROLE_SUPERADMIN,
                                    .password_hash = superadmin_password_hash };
    enum fault fault = user_add(cx, &want, &chief);
    if (fault == OK)
        fault = group_add(cx, S("all-staff"), S("every user"), GROUP_STAFF, &staff);
    const struct drive all = { .name = S("All staff"), .owner_kind = OWNER_GROUP, .status = STATUS_ENABLED,
                               .owner_public = arena_print(cx->arena, "%lld", (long long)staff.id.v),
                               .quota = QUOTA_NONE, .is_staff = true };
    if (fault == OK)
        fault = drive_create(cx, &all, &drive);
    if (fault == OK)
        fault = store_domain_set_staff(cx, domain.id, drive.id, staff.id);
    cx->site = before;
    cx->caller = asked;
    return fault;
}
