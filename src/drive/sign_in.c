#include "drive/sign_in.h"

#include "drive/account.h"
#include "store/people.h"

enum fault sign_in_tell(struct cx *cx, id user, bool is_new, struct sign_in *out)
{
    *out = (struct sign_in){ 0 };
    const enum fault fault = store_person(cx, user, &out->person);
    if (fault == FAULT_NOT_FOUND)
        return fail(cx, FAULT_NOT_FOUND, .thing = THING_USER);
    TRY(fault);
    TRY(account_links(cx, user, &out->links));
    return is_new ? store_sign_in(cx, user, cx->now, &out->is_first) : OK;
}
