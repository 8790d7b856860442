/* dialect/pds/auth.c: from a request's credential to the caller.
 *
 * The order is the vendor's: a token in Authorization, a token in x-acs-bearer-token, an AccessKey's
 * signature; then a share token alone, for what is open to guests of a share; anonymous only where the row says
 * ANYONE. Beside another credential a share token counts where a share_id is named.
 *
 * What the caller may then call is decided in one place, the end of this file: by the row's `who`, and by
 * the scopes of a token that is limited to some.
 *
 * Source  PDS Developer Guide, "authorization"; the forms of the token are those of the official SDKs. */
#include "dialect/pds/auth.h"

#include "dialect/pds/scope.h"
#include "drive/share.h"

static enum fault no_token(struct cx *cx, enum how how, const char *because)
{
    return fail(cx, FAULT_UNAUTHENTICATED, .how = how, .because = because);
}

/* A form of the token that is not on the vendor's page: told in the answer, refused when strict. */
static enum fault tolerate_form(struct cx *cx, const char *header, const char *reason)
{
    if (contract_tolerate(cx, header, reason) != OK)
        return no_token(cx, HOW_FORM, "this form of the credential is not on the vendor's page");
    return OK;
}

/* ---- tokens ---- */

enum scheme { SCHEME_NONE, SCHEME_TOKEN, SCHEME_ACS, SCHEME_ACS3, SCHEME_ACS4, SCHEME_LATER, SCHEME_UNKNOWN };

/* What Authorization says. `rest` is what follows the scheme; the whole where there is none. */
struct credential {
    enum scheme scheme;
    str         rest;
    bool        bare, spaced; /* a token without a scheme; other than one blank after it */
};

static struct credential credential_of(str header)
{
    size_t at = 0;
    while (at < header.n && header.p[at] != ' ' && header.p[at] != '\t')
        at++;
    const str word = str_cut(header, at), rest = str_trim(str_from(header, at));
    struct credential out = { .rest = rest };
    if (!header.n)
        out.scheme = SCHEME_NONE;
    else if (str_eq_ascii_case(word, S("Bearer"))) {
        out.scheme = SCHEME_TOKEN;
        out.spaced = rest.p != word.p + at + 1 || header.p[at] != ' ';
    } else if (str_eq_ascii_case(word, S("acs")))
        out.scheme = SCHEME_ACS;
    else if (str_eq(word, S("ACS3-HMAC-SHA256")))
        out.scheme = SCHEME_ACS3;
    else if (str_eq(word, S("ACS4-HMAC-SHA256")))
        out.scheme = SCHEME_ACS4;
    else if (str_starts(word, S("ACS3-")) || str_starts(word, S("ACS4-")))
        out.scheme = SCHEME_LATER;
    else if (at < header.n)
        out.scheme = SCHEME_UNKNOWN;
    else
        out = (struct credential){ .scheme = SCHEME_TOKEN, .rest = word, .bare = true };
    return out;
}

static enum fault by_token(struct cx *cx, str token)
{
    if (!token.n)
        return no_token(cx, HOW_EMPTY, "the token is empty");
    return caller_by_scoped_token(cx, token, &cx->caller);
}

static enum fault by_authorization_token(struct call *call, const struct credential *given, str other)
{
    struct cx *cx = call->cx;
    if (other.n && !str_eq(other, given->rest))
        return no_token(cx, HOW_FORM, "Authorization and x-acs-bearer-token carry different tokens");
    if (given->bare)
        TRY(tolerate_form(cx, "Authorization", "the official C++ SDK sends the token without a scheme"));
    else if (given->spaced && given->rest.n)
        TRY(tolerate_form(cx, "Authorization", "alist sends a tab between Bearer and the token"));
    return by_token(cx, given->rest);
}

/* The generic SDK core adds x-acs-signature-type, the PDS gateway of the SDK adds Authorization. */
static enum fault by_bearer_header(struct call *call, str token)
{
    const str type = str_trim(http_header(call->http, "x-acs-signature-type"));
    if (type.n && !str_eq_ascii_case(type, S("BEARERTOKEN")))
        return no_token(call->cx, HOW_WORD, "x-acs-signature-type is not BEARERTOKEN");
    if (!type.n)
        TRY(tolerate_form(call->cx, "x-acs-signature-type",
                          "the SDK's header repeats what x-acs-bearer-token says by itself"));
    return by_token(call->cx, token);
}

/* ---- who asks ---- */

static enum fault by_nothing(struct call *call, enum scheme scheme)
{
    struct cx *cx = call->cx;
    if (scheme == SCHEME_LATER) {
        pds_not_here(cx, "Authorization");
        return fail(cx, FAULT_UNSUPPORTED, .because = "this kind of signature; acs (HMAC-SHA1), "
                                                      "ACS3-HMAC-SHA256 and ACS4-HMAC-SHA256 are understood");
    }
    if (scheme == SCHEME_UNKNOWN)
        return no_token(cx, HOW_WORD, "the scheme of Authorization is none of Bearer, acs, ACS3-HMAC-SHA256, "
                                       "ACS4-HMAC-SHA256");
    if (http_header(call->http, "x-share-token").n)
        return share_guest(cx, str_trim(http_header(call->http, "x-share-token")), &cx->caller);
    return no_token(cx, HOW_MISSING, "no credential was sent");
}

static enum fault find_principal(struct call *call)
{
    const str token = str_trim(http_header(call->http, "x-acs-bearer-token"));
    if (http_header_count(call->http, "Authorization") > 1
        || http_header_count(call->http, "x-acs-bearer-token") > 1
        || http_header_count(call->http, "x-share-token") > 1)
        return no_token(call->cx, HOW_FORM, "the credential came twice");
    const struct credential given = credential_of(str_trim(http_header(call->http, "Authorization")));
    if (given.scheme == SCHEME_TOKEN)
        return by_authorization_token(call, &given, token);
    if (token.n)
        return by_bearer_header(call, token);
    if (given.scheme == SCHEME_ACS)
        return pds_by_acs_v1(call, given.rest);
    if (given.scheme == SCHEME_ACS3)
        return pds_by_acs3(call, given.rest);
    if (given.scheme == SCHEME_ACS4)
        return pds_by_acs4(call, given.rest);
    return by_nothing(call, given.scheme);
}

static enum fault find_caller(struct call *call)
{
    struct cx *cx = call->cx;
    TRY(find_principal(call));
    cx->caller->share_token = arena_copy(cx->arena, str_trim(http_header(call->http, "x-share-token")));
    return OK;
}

/* Reading what no scope of theirs names is let through; changing it is not. */
static enum fault check_scope(struct cx *cx, const struct op *op)
{
    const str  have = cx->caller->scopes;
    const bool allowed = op->scope ? !*op->scope || pds_scope_covers(have, op->scope) : op->effect == READ;
    if (have.p && !allowed)
        return fail(cx, FAULT_FORBIDDEN, .field = pds_scope_field,
                    .because = op->scope ? arena_z(cx->arena, arena_print(cx->arena, "the token lacks the scope %s",
                                                                          op->scope))
                                         : "the token is limited to scopes, and none of them is for this");
    return OK;
}

enum fault pds_identify(struct call *call)
{
    struct cx *cx = call->cx;
    if (call->http) {
        const enum fault fault = find_caller(call);
        const bool       no_matter = call->op->who == VISITOR && fault != FAULT_INTERNAL && fault != FAULT_UNAVAILABLE;
        if (fault && !no_matter)
            return fault;
        if (fault)
            cx->caller = NULL;
    }
    if (cx->caller && cx->caller->is_guest && call->op->who != VISITOR && !pds_is_for_guests(call->op))
        return no_token(cx, HOW_MISSING, "no credential was sent; this is not for guests of a share");
    if (call->op->who == ADMIN && !caller_is_admin(cx->caller))
        return fail(cx, FAULT_FORBIDDEN, .because = "for administrators and AccessKeys of the domain");
    return cx->caller ? check_scope(cx, call->op) : OK;
}
