/* dialect/dingtalk/auth.c: who asks, and for whom.
 *
 * The token stands in a header of its own, raw. Two kinds come: a user's, who may act only as
 * himself, and an app's, which acts as the person its unionId names. SDKs also send an `authorization`
 * header with a signature; it means nothing to this vendor's drive and is not looked at. */
#include "dialect/dingtalk/parts.h"

#include "drive/caller.h"

static const char token_header[] = "x-acs-dingtalk-access-token";

/* Some SDK releases send the token inside double quotes. The vendor refuses those, and so do we: such
 * a text is no token. */
enum fault dingtalk_identify(struct call *call)
{
    struct cx *cx = call->cx;
    const str  token = str_trim(http_header(call->http, token_header));
    if (!token.n)
        return fail(cx, FAULT_UNAUTHENTICATED, .field = token_header, .how = HOW_MISSING);
    if (http_header_count(call->http, token_header) > 1)
        return fail(cx, FAULT_UNAUTHENTICATED, .field = token_header, .how = HOW_FORM);
    TRY(caller_by_token(cx, token, &cx->caller));
    if (call->op->who == ADMIN && !caller_is_admin(cx->caller))
        return fail(cx, FAULT_FORBIDDEN);
    return OK;
}

enum fault dingtalk_act_as(struct cx *cx, str union_id)
{
    const struct caller *by = cx->caller;
    struct caller       *person = NULL;
    if (by->user.v && !str_eq(by->public_id, union_id))
        return fail(cx, FAULT_FORBIDDEN, .thing = THING_USER, .field = "unionId", .got = union_id,
                    .because = "the token may act only as its own user");
    const enum fault fault = caller_as(cx, by, union_id, &person);
    if (fault == FAULT_NOT_FOUND)
        return fail(cx, FAULT_INVALID, .thing = THING_USER, .field = "unionId", .how = HOW_UNKNOWN,
                    .got = union_id);
    TRY(fault);
    cx->caller = person;
    return OK;
}

enum fault dingtalk_check_id(struct cx *cx, const char *field, str text)
{
    for (size_t i = 0; i < text.n; i++)
        if (text.p[i] < '0' || text.p[i] > '9')
            return fail(cx, FAULT_INVALID, .field = field, .how = HOW_FORM, .got = text,
                        .because = "decimal digits only");
    return OK;
}

enum fault dingtalk_space_find(struct cx *cx, str space_id, struct drive *out)
{
    const struct caller *caller = cx->caller;
    TRY(dingtalk_check_id(cx, "spaceId", space_id));
    TRY(drive_get(cx, space_id, out));
    if (caller->by_app && out->owner_kind == OWNER_USER && out->owner.v != caller->user.v)
        return fail(cx, FAULT_NOT_FOUND, .thing = THING_DRIVE, .got = space_id);
    return OK;
}

enum fault dingtalk_node_find(struct cx *cx, str space_id, str node_id, unsigned wanted,
                              struct drive *drive, struct node *out)
{
    if (cx->caller->by_app)
        TRY(dingtalk_space_find(cx, space_id, drive));
    else
        TRY(dingtalk_check_id(cx, "spaceId", space_id));
    return node_find(cx, space_id, node_id, SCOPE_LIVE, wanted, drive, out);
}

str dingtalk_next_token(str cursor)
{
    return cursor.p ? cursor : S("");
}
