/* dialect/pds/domain.c: domains: GetDomain, GetDomainQuota, ListDomains, SearchDomains, UpdateDomain.
 *
 * A server serves one domain, so every list has that one at most, and no domain is made or deleted. */
#include "drive/domain.h"

#include "base/names.h"
#include "dialect/pds/inner.h"

enum { STATUS_RUNNING = 1 };

/* ---- the Domain object ---- */

struct domain_out {
    str     domain_id, domain_name, description, parent_domain_id, data_hash_name;
    bool    init_drive_enable, sharable, single_drive;
    int     status;
    int64_t init_drive_size, size_quota, size_quota_used, used_size, user_count_quota;
    instant created_at, updated_at;
};

#define OUT struct domain_out
static const struct field domain_rows[] = {
    { "domain_id",         BODY, AT(OUT, domain_id) },
    { "domain_name",       BODY, AT(OUT, domain_name) },
    { "description",       BODY, AT(OUT, description) },
    { "parent_domain_id",  BODY, AT(OUT, parent_domain_id), .doc = "empty" },
    { "status",            BODY, AT(OUT, status), .doc = "1: running" },
    { "data_hash_name",    BODY, AT(OUT, data_hash_name) },
    { "init_drive_enable", BODY, AT(OUT, init_drive_enable), .doc = "a new user gets a drive" },
    { "init_drive_size",   BODY, AT(OUT, init_drive_size), .doc = "bytes of that drive; -1: unlimited" },
    { "size_quota",        BODY, AT(OUT, size_quota), .doc = "bytes of all drives; 0: unlimited" },
    { "size_quota_used",   BODY, AT(OUT, size_quota_used), .omit = true, .absent = -1, .doc = "with get_quota_used" },
    { "used_size",         BODY, AT(OUT, used_size), .omit = true, .absent = -1, .doc = "with get_quota_used" },
    { "user_count_quota",  BODY, AT(OUT, user_count_quota), .doc = "0: unlimited" },
    { "user_single_drive_enabled", BODY, AT(OUT, single_drive), .doc = "an owner has one drive at most" },
    { "sharable",          BODY, AT(OUT, sharable) },
    { "created_at",        BODY, AT(OUT, created_at) },
    { "updated_at",        BODY, AT(OUT, updated_at) },
    { 0 }
};
#undef OUT
static const struct shape domain_shape = { "Domain", domain_rows, sizeof(struct domain_out) };

static struct domain_out show_domain(const struct domain *d)
{
    return (struct domain_out){
        .domain_id = d->name, .domain_name = d->title.n ? d->title : d->name, .description = d->description,
        .status = STATUS_RUNNING, .data_hash_name = S("sha1"), .init_drive_enable = d->first_drive,
        .init_drive_size = d->first_drive_quota, .size_quota = d->size_quota, .size_quota_used = -1, .used_size = -1,
        .user_count_quota = d->user_quota, .single_drive = d->single_drive, .sharable = true,
        .created_at = d->created, .updated_at = d->modified.ms ? d->modified : d->created,
    };
}

/* The domain that a request names, or its own. */
static enum fault find_domain(struct cx *cx, str domain_id, struct domain *out)
{
    TRY(domain_now(cx, out));
    if (domain_id.n && !str_eq(domain_id, out->name))
        return fail(cx, FAULT_NOT_FOUND, .thing = THING_DOMAIN, .got = domain_id);
    return OK;
}

/* ---- GetDomain ---- */

struct get_domain {
    str  domain_id, fields;
    bool get_quota_used;
};

#define IN struct get_domain
static const struct field get_domain_in[] = {
    { "domain_id", BODY, AT(IN, domain_id), .required = true, .min = 1, .max = 64,
      .tolerate = TOLERATE_MISSING, .lenient = "the official JavaScript SDK asks for its own domain with an empty body" },
    { "fields",    BODY, AT(IN, fields), .empty_ok = true, .doc = "all are shown" },
    { "get_quota_used", BODY, AT(IN, get_quota_used), .doc = "also size_quota_used and used_size" },
    { 0 }
};
#undef IN

static enum fault get_domain(struct cx *cx, const void *in, void *out)
{
    const struct get_domain *ask = in;
    struct domain_out *answer = out;
    struct domain domain;
    TRY(find_domain(cx, ask->domain_id, &domain));
    *answer = show_domain(&domain);
    if (!ask->get_quota_used)
        return OK;
    TRY(domain_used(cx, &answer->used_size));
    answer->size_quota_used = answer->used_size;
    return OK;
}

/* ---- GetDomainQuota ---- */

struct quota_out {
    int64_t size_quota, size_used, user_count_quota, user_count_used;
};
#define OUT struct quota_out
static const struct field quota_rows[] = {
    { "size_quota",       BODY, AT(OUT, size_quota), .doc = "bytes; 0: unlimited" },
    { "size_used",        BODY, AT(OUT, size_used), .doc = "bytes" },
    { "user_count_quota", BODY, AT(OUT, user_count_quota), .doc = "0: unlimited" },
    { "user_count_used",  BODY, AT(OUT, user_count_used) },
    { 0 }
};
#undef OUT

struct nothing {
    bool unused;
};
static const struct field nothing_in[] = { { 0 } };

static enum fault get_domain_quota(struct cx *cx, const void *in, void *out)
{
    struct quota_out *answer = out;
    struct domain domain;
    (void)in;
    TRY(domain_now(cx, &domain));
    *answer = (struct quota_out){ .size_quota = domain.size_quota, .user_count_quota = domain.user_quota,
                                  .user_count_used = domain.user_count };
    return domain_used(cx, &answer->size_used);
}

/* ---- ListDomains, SearchDomains ---- */

struct find_domains {
    str marker, parent_domain_id, service_code, name, order_by;
    int limit;
};

#define IN struct find_domains
#define PAGE_ROWS { "limit", BODY, AT(IN, limit), .min = 1, .max = 100, .absent = 100 }, PDS_MARKER(IN)
static const struct field list_domains_in[] = {
    { "parent_domain_id", BODY, AT(IN, parent_domain_id), .max = 64, .empty_ok = true, .doc = "no domain is below another" },
    { "service_code",     BODY, AT(IN, service_code), .max = 64, .empty_ok = true },
    PAGE_ROWS,
    { 0 }
};
static const struct field search_domains_in[] = {
    { "name",     BODY, AT(IN, name), .max = 128, .empty_ok = true, .doc = "a part of it, in any case" },
    { "order_by", BODY, AT(IN, order_by), .max = 64, .empty_ok = true, .doc = "there is one" },
    PAGE_ROWS,
    { 0 }
};
#undef IN

struct domains_out {
    struct list items;
    str         next_marker;
};
static const struct field domains_rows[] = {
    { "items", BODY, AT(struct domains_out, items), .shape = &domain_shape },
    { "next_marker", BODY, AT(struct domains_out, next_marker), .doc = "empty: one page holds all" },
    { 0 }
};

static enum fault find_domains(struct cx *cx, const void *in, void *out)
{
    const struct find_domains *ask = in;
    struct domains_out *answer = out;
    struct domain_out  *item = ARENA_NEW(cx->arena, struct domain_out);
    struct domain domain;
    if (ask->marker.n)
        return fail(cx, FAULT_INVALID, .thing = THING_CURSOR, .field = "marker", .how = HOW_FORM, .got = ask->marker,
                    .because = "there is one page");
    TRY(domain_now(cx, &domain));
    *item = show_domain(&domain);
    const bool named = !ask->name.n || name_contains(cx->arena, item->domain_name, name_folded(cx->arena, ask->name));
    answer->items = (struct list){ item, named && !ask->parent_domain_id.n ? 1 : 0 };
    return OK;
}

/* ---- UpdateDomain ---- */

struct update_domain {
    str     domain_id, domain_name, description, published_app_access_strategy;
    int     init_drive_enable, single_drive;
    int64_t init_drive_size, size_quota, user_count_quota;
};

#define IN struct update_domain
static const struct field update_domain_in[] = {
    { "domain_id",         BODY, AT(IN, domain_id), .required = true, .min = 1, .max = 64 },
    { "domain_name",       BODY, AT(IN, domain_name), .min = 1, .max = 128 },
    { "description",       BODY, AT(IN, description), .max = 1024 },
    { "init_drive_enable", BODY, AT(IN, init_drive_enable), .form = FORM_BOOL, .absent = -1 },
    { "init_drive_size",   BODY, AT(IN, init_drive_size), .min = -1, .max = INT64_MAX, .absent = UNCHANGED,
      .doc = "bytes; -1: unlimited; 0: no room" },
    { "size_quota",        BODY, AT(IN, size_quota), .min = 0, .max = INT64_MAX, .absent = UNCHANGED,
      .doc = "bytes of all drives; 0: unlimited" },
    { "user_count_quota",  BODY, AT(IN, user_count_quota), .min = 0, .max = INT64_MAX, .absent = UNCHANGED,
      .doc = "0: unlimited" },
    { "published_app_access_strategy", BODY, AT(IN, published_app_access_strategy), .form = FORM_OBJECT },
    { "user_single_drive_enabled", BODY, AT(IN, single_drive), .form = FORM_BOOL, .absent = -1,
      .doc = "a setting that the JavaScript SDK knows: an owner has one drive at most" },
    { 0 }
};
#undef IN

static enum fault update_domain(struct cx *cx, const void *in, void *out)
{
    const struct update_domain *ask = in;
    const struct domain_change change = {
        .title = ask->domain_name, .description = ask->description, .first_drive = ask->init_drive_enable,
        .single_drive = ask->single_drive, .first_drive_quota = ask->init_drive_size, .size_quota = ask->size_quota,
        .user_quota = ask->user_count_quota,
    };
    struct domain domain;
    TRY(find_domain(cx, ask->domain_id, &domain));
    if (ask->published_app_access_strategy.p) {
        pds_not_here(cx, "published_app_access_strategy");
        return fail(cx, FAULT_UNSUPPORTED, .because = "published_app_access_strategy");
    }
    TRY(domain_change(cx, &change, &domain));
    *(struct domain_out *)out = show_domain(&domain);
    return OK;
}

#define DOMAIN_OUT domain_rows, sizeof(struct domain_out)
#define PROOF .proof = "pds_domain.test.mjs"
/* Of the object, and so of every operation that shows it. */
#define NO_WORDS "published_app_access_strategy and store_redundancy_type, whose words are on no page"
const struct op pds_domain_ops[] = {
    { "GetDomain", "POST", "/v2/domain/get", "PDS GetDomain, 2022-03-01", USER, READ,
      get_domain_in, sizeof(struct get_domain), DOMAIN_OUT, get_domain, .status = 200, PROOF,
      .partial = NO_WORDS },
    { "GetDomainQuota", "POST", "/v2/domain/get_quota", "PDS GetDomainQuota, 2022-03-01", ADMIN, READ,
      nothing_in, sizeof(struct nothing), quota_rows, sizeof(struct quota_out), get_domain_quota, .status = 200, PROOF },
    { "ListDomains", "POST", "/v2/domain/list", "PDS ListDomains, 2022-03-01", ADMIN, READ,
      list_domains_in, sizeof(struct find_domains), domains_rows, sizeof(struct domains_out), find_domains,
      .status = 200, PROOF, .partial = NO_WORDS },
    { "SearchDomains", "POST", "/v2/domain/search", "PDS SearchDomains, 2022-03-01", ADMIN, READ,
      search_domains_in, sizeof(struct find_domains), domains_rows, sizeof(struct domains_out), find_domains,
      .status = 200, PROOF, .partial = NO_WORDS },
    { "UpdateDomain", "POST", "/v2/domain/update", "PDS UpdateDomain, 2022-03-01", ADMIN, WRITE,
      update_domain_in, sizeof(struct update_domain), DOMAIN_OUT, update_domain, .status = 200, PROOF,
      .partial = NO_WORDS },
    { 0 }
};
