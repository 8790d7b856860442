#include "drive/domain.h"

#include "drive/caller.h"
#include "drive/label.h"
#include "drive/site.h"
#include "store/drives.h"
#include "store/people.h"

enum fault domain_now(struct cx *cx, struct domain *out)
{
    const enum fault fault = store_domain_by_id(cx, cx->site->domain.id, out);
    return fault == FAULT_NOT_FOUND ? fail(cx, FAULT_NOT_FOUND, .thing = THING_DOMAIN) : fault;
}

enum fault domain_used(struct cx *cx, int64_t *bytes)
{
    int64_t reserved;
    return store_drives_used(cx, cx->site->domain.id, bytes, &reserved);
}

static enum fault set_limit(struct cx *cx, int64_t value, const char *field, int64_t least, int64_t *limit)
{
    if (value == UNCHANGED)
        return OK;
    if (value < least)
        return fail(cx, FAULT_INVALID, .field = field, .how = HOW_TOO_SMALL, .min = least, .max = INT64_MAX);
    *limit = value;
    return OK;
}

static enum fault set_text(struct cx *cx, str text, const char *field, int64_t min, int64_t max, str *to)
{
    if (!text.p)
        return OK;
    *to = text;
    return title_check(cx, text, field, min, max);
}

enum fault domain_change(struct cx *cx, const struct domain_change *change, struct domain *out)
{
    struct domain domain;
    if (cx->caller->role < ROLE_SUPERADMIN)
        return fail(cx, FAULT_FORBIDDEN, .thing = THING_DOMAIN, .because = "superadmins change the domain");
    TRY(domain_now(cx, &domain));
    const bool had_limit = domain.size_quota > 0;
    TRY(set_text(cx, change->title, "domain_name", 1, TITLE_MAX, &domain.title));
    TRY(set_text(cx, change->description, "description", 0, ABOUT_MAX, &domain.description));
    TRY(set_limit(cx, change->first_drive_quota, "init_drive_size", QUOTA_NONE, &domain.first_drive_quota));
    TRY(set_limit(cx, change->size_quota, "size_quota", 0, &domain.size_quota));
    TRY(set_limit(cx, change->user_quota, "user_count_quota", 0, &domain.user_quota));
    if (change->first_drive >= 0)
        domain.first_drive = change->first_drive;
    if (change->single_drive >= 0)
        domain.single_drive = change->single_drive;
    TRY(store_domain_update(cx, &domain));
    if (domain.size_quota && !had_limit)
        TRY(store_domain_recount(cx, domain.id));
    return domain_now(cx, out);
}
