/* dialect/pds/dialect.c: Alibaba Cloud PDS: where it listens and what every answer of it carries. */
#include "dialect/pds/pds.h"

#include "dialect/pds/inner.h"
#include "dialect/pds/scope.h"

/* Those after the first are of alias.c only. */
static const char *const prefixes[] = { "/v2/", "/adrive/", "/v3/", "/token/", "/users/", NULL };

static const struct op *const tables[] = {
    pds_drive_ops, pds_drive_list_ops, pds_create_ops, pds_upload_ops, pds_file_ops, pds_file_list_ops, pds_bin_ops, pds_oauth_ops, pds_authorize_ops,
    pds_account_ops, pds_domain_ops, pds_user_ops, pds_user_list_ops, pds_import_ops, pds_group_ops, pds_group_member_ops,
    pds_membership_ops, pds_role_ops,
    pds_change_ops, pds_task_ops, pds_archive_ops, pds_update_ops, pds_delta_ops, pds_revision_ops,
    pds_locate_ops, pds_search_ops, pds_share_link_ops, pds_share_open_ops, pds_share_list_ops, pds_permission_ops, pds_batch_ops,
    pds_alias_ops, pds_unsupported_ops, NULL
};

bool pds_answers_page(const struct call *call)
{
    const str accept = call->http ? http_header(call->http, "Accept") : S0;
    return call->op && call->op->media
           && (call->cx->why.code == OK || str_find_str(accept, S("text/html"), 0) < accept.n);
}

/* A page is for the person who reads it: no other site may frame it, read it or learn where it was. */
static void dress_page(struct reply *reply)
{
    reply_header(reply, "Content-Type", S("text/html; charset=utf-8"));
    reply_header(reply, "Cache-Control", S("no-store"));
    reply_header(reply, "X-Frame-Options", S("DENY"));
    reply_header(reply, "X-Content-Type-Options", S("nosniff"));
    reply_header(reply, "Referrer-Policy", S("same-origin"));
}

/* Without a body there is no type to tell: a 204, and what the vendor's gateway refuses. */
static void dress(struct call *call, struct reply *reply)
{
    const enum fault why = call->cx->why.code;
    const bool       gateway = reply->status == 404 && why == FAULT_NO_ROUTE;
    reply_header(reply, "x-ca-request-id", call->cx->request_id);
    if (pds_answers_page(call)) {
        dress_page(reply);
        return;
    }
    if (reply->status != 204 && reply->status != 302 && !gateway)
        reply_header(reply, "Content-Type", S("application/json"));
    reply_header(reply, "Access-Control-Allow-Origin", S("*"));
    reply_header(reply, "Access-Control-Expose-Headers",
                 S("ETag, x-ca-request-id, x-ca-error-code, x-ca-error-message, x-oss-hash-crc64ecma, "
                   "x-polydrive-lenient, x-polydrive-unsupported"));
}

const struct dialect pds_dialect = {
    .name = "pds",
    .title = "Alibaba Cloud PDS (Drive and Photo Service)",
    .version = "2022-03-01",
    .prefixes = prefixes,
    .tables = tables,
    .identify = pds_identify,
    .refuse = pds_refuse,
    .dress = dress,
    .error_shape = &pds_error_shape,
    .scopes = pds_scopes,
    .cors_methods = "GET, POST, OPTIONS",
    .cors_headers = "Authorization, Content-Type, Content-MD5, Accept, Range, Date, x-share-token, pds-js-sdk, "
                    "x-acs-action, x-acs-version, x-acs-date, x-acs-bearer-token, x-acs-signature-type, "
                    "x-acs-signature-method, x-acs-signature-version, x-acs-signature-nonce, "
                    "x-acs-content-sha256, x-acs-security-token",
};
