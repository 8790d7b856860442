/* dialect/pds/batch.c: several calls in one: /v2/batch.
 *
 * Only the urls that the page lists may stand in it; one that may not, or a call that fails, has its own status
 * and the others go on. The caller is the same for all.
 *
 * Source  PDS API reference, Batch */
#include "dialect/pds/alias.h"

#include <stdlib.h>

enum { REQUESTS_MAX = 100 };

/* What J batches beyond the page's list. */
static const char pre_create_check[] = "/file/pre_create_check";
static const char *const urls[] = {
    "/file/get", "/file/update", "/file/search", "/file/copy", "/file/move", "/file/delete",
    "/file/get_download_url", "/file/get_share_link_download_url", "/file/put_usertags",
    "/file/delete_usertags", "/recyclebin/trash", "/recyclebin/restore", "/drive/get", "/user/get",
    "/group/get", "/share_link/create", "/share_link/update", "/share_link/cancel", "/share_link/list",
    "/share_link/get", "/share_link/get_share_token", "/async_task/get",
};

static const struct word resources[] = {
    { "file", 1 },       { "drive", 2 },      { "user", 3 },       { "group", 4 },
    { "membership", 5 }, { "share_link", 6 }, { "async_task", 7 }, { 0 }
};
static const struct word methods[] = {
    { "POST", 1 }, { "GET", 2 }, { "PUT", 3 }, { "DELETE", 4 }, { "HEAD", 5 }, { 0 }
};

struct request_asked {
    str id, url, headers, body;
    int method;
};
#define IN struct request_asked
static const struct field request_rows[] = {
    { "id", BODY, AT(IN, id), .required = true, .min = 1, .max = 256, .doc = "told again in the answer" },
    { "method", BODY, AT(IN, method), .required = true, .words = methods },
    { "url", BODY, AT(IN, url), .required = true, .min = 1, .max = 256, .doc = "a path without /v2" },
    { "headers", BODY, AT(IN, headers), .form = FORM_OBJECT, .doc = "not read: a body is JSON" },
    { "body", BODY, AT(IN, body), .form = FORM_OBJECT },
    { 0 }
};
#undef IN
static const struct shape request_shape = { "BatchRequest", request_rows, sizeof(struct request_asked) };

#define IN struct batch_asked
const struct field pds_batch_in[] = {
    { "resource", BODY, AT(IN, resource), .required = true, .words = resources },
    { "requests", BODY, AT(IN, requests), .required = true, .min = 1, .max = REQUESTS_MAX,
      .shape = &request_shape },
    { 0 }
};
#undef IN

struct response_shown {
    str id, body;
    int status;
};
#define OUT struct response_shown
static const struct field response_rows[] = {
    { "id", BODY, AT(OUT, id) },
    { "status", BODY, AT(OUT, status) },
    { "body", BODY, AT(OUT, body), .as = AS_JSON, .omit = true, .doc = "as the call alone would answer" },
    { 0 }
};
#undef OUT
static const struct shape response_shape = { "BatchResponse", response_rows, sizeof(struct response_shown) };

const struct field pds_batch_rows[] = {
    { "responses", BODY, AT(struct batch_out, responses), .shape = &response_shape,
      .doc = "in the order of the requests" },
    { 0 }
};

static bool is_listed(str url)
{
    for (size_t i = 0; i < COUNT(urls); i++)
        if (str_eq(url, str_of(urls[i])))
            return true;
    return false;
}

static struct failure refusal_of(struct cx *cx, const struct request_asked *ask)
{
    if (str_eq(ask->url, str_of(pre_create_check))
        && contract_tolerate(cx, "url", "the official JS SDK batches /file/pre_create_check") == OK)
        return (struct failure){ .code = ask->method == 1 ? OK : FAULT_INVALID, .field = "method", .how = HOW_WORD };
    if (!is_listed(ask->url))
        return (struct failure){ .code = FAULT_INVALID, .field = "url", .how = HOW_WORD, .got = ask->url,
                                 .because = "this url cannot stand in a batch" };
    if (ask->method != 1)
        return (struct failure){ .code = FAULT_INVALID, .field = "method", .how = HOW_WORD,
                                 .because = "every operation that may stand in a batch is a POST" };
    return (struct failure){ .code = OK };
}

static int compare_ids(const void *left, const void *right)
{
    const str *a = left, *b = right;
    if (a->n != b->n)
        return a->n < b->n ? -1 : 1;
    return memcmp(a->p, b->p, a->n);
}

static enum fault check_ids(struct cx *cx, const struct request_asked *ask, size_t count)
{
    str *ids = ARENA_MANY(cx->arena, str, count + 1);
    for (size_t i = 0; i < count; i++)
        ids[i] = ask[i].id;
    qsort(ids, count, sizeof *ids, compare_ids);
    for (size_t i = 1; i < count; i++)
        if (str_eq(ids[i - 1], ids[i]))
            return fail(cx, FAULT_INVALID, .field = "id", .how = HOW_FORM, .got = ids[i],
                        .because = "two requests have the same id");
    return OK;
}

enum fault pds_spread_batch(struct cx *cx, void *in, struct list *calls)
{
    struct batch_asked         *batch = in;
    const struct request_asked *ask = batch->requests.items;
    const size_t                count = batch->requests.count;
    struct sub_call            *made = ARENA_MANY(cx->arena, struct sub_call, count + 1);
    const char                 *because;
    size_t                      at;
    TRY(check_ids(cx, ask, count));
    for (size_t i = 0; i < count; i++)
        made[i] = (struct sub_call){
            .method = S("POST"),
            .path = arena_print(cx->arena, "/v2%.*s", STR_ARG(ask[i].url)),
            .body = ask[i].body.n ? json_read(cx->arena, ask[i].body, CONTRACT_DEPTH_MAX, &because, &at) : NULL,
            .refusal = refusal_of(cx, &ask[i]),
        };
    *calls = batch->calls = (struct list){ made, count };
    return OK;
}

enum fault pds_answer_batch(struct cx *cx, const void *in, void *out)
{
    const struct batch_asked   *batch = in;
    const struct request_asked *ask = batch->requests.items;
    const struct sub_call      *made = batch->calls.items;
    struct response_shown      *items = ARENA_MANY(cx->arena, struct response_shown, batch->calls.count + 1);
    for (size_t i = 0; i < batch->calls.count; i++)
        items[i] = (struct response_shown){ .id = ask[i].id, .status = made[i].status, .body = made[i].answer };
    ((struct batch_out *)out)->responses = (struct list){ items, batch->calls.count };
    return OK;
}

const struct op pds_batch_ops[] = {
    { "Batch", "POST", "/v2/batch", "PDS Batch, 2022-03-01", USER, READ,
      pds_batch_in, sizeof(struct batch_asked), pds_batch_rows, sizeof(struct batch_out), pds_answer_batch,
      .status = 200, .scope = "BATCH", .spread = pds_spread_batch, .body_max = PDS_BATCH_BODY_MAX, .proof = "pds_batch.test.mjs" },
    { 0 }
};
