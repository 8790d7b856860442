#include "dialect/pds/parts.h"

#include "base/encode.h"
#include "base/hash.h"
#include "drive/link.h"

struct chaining_value {
    int64_t value;
};
static const struct field chaining_rows[] = { { "", BODY, AT(struct chaining_value, value) }, { 0 } };
static const struct shape chaining_shape = { "ChainingValue", chaining_rows, sizeof(struct chaining_value) };

#define IN struct pds_hash_context
static const struct field sha1_rows[] = {
    { "h", BODY, AT(IN, h), .max = 5, .shape = &chaining_shape },
    { "part_offset", BODY, AT(IN, part_offset), .min = 0, .max = INT64_MAX },
    { 0 }
};
static const struct field sha256_rows[] = {
    { "h", BODY, AT(IN, h), .max = 8, .shape = &chaining_shape },
    { "part_offset", BODY, AT(IN, part_offset), .min = 0, .max = INT64_MAX },
    { 0 }
};
#undef IN
static const struct shape sha1_shape = { "ParallelSha1Ctx", sha1_rows, sizeof(struct pds_hash_context) };
static const struct shape sha256_shape = { "ParallelSha256Ctx", sha256_rows, sizeof(struct pds_hash_context) };

#define IN struct pds_part_asked
static const struct field asked_rows[] = {
    { "part_number", BODY, AT(IN, part_number), .required = true, .min = 1, .max = PARTS_MAX,
      .tolerate = TOLERATE_MISSING, .lenient = "aligo sends parts whose members are all null" },
    { "content_md5", BODY, AT(IN, content_md5), .empty_ok = true, .doc = "base64; the PUT must carry it" },
    { "content_type", BODY, AT(IN, content_type), .max = 255, .empty_ok = true, .doc = "the PUT must carry it" },
    { "parallel_sha1_ctx", BODY, WITHIN(IN, sha1), .shape = &sha1_shape },
    { "parallel_sha256_ctx", BODY, WITHIN(IN, sha256), .shape = &sha256_shape },
    { 0 }
};
#undef IN
const struct shape pds_part_asked_shape = { "UploadPartAsked", asked_rows, sizeof(struct pds_part_asked) };

#define OUT struct pds_part_shown
static const struct field shown_rows[] = {
    { "part_number", BODY, AT(OUT, part_number) },
    { "upload_url", BODY, AT(OUT, upload_url) },
    { "internal_upload_url", BODY, AT(OUT, internal_upload_url) },
    { "content_type", BODY, AT(OUT, content_type), .doc = "what the PUT must carry; empty: none" },
    { 0 }
};
#undef OUT
const struct shape pds_part_shown_shape = { "UploadPartInfo", shown_rows, sizeof(struct pds_part_shown) };

/* Chaining values stand between blocks of 64 bytes; before the first part there are none. */
static enum fault check_context(struct cx *cx, const char *field, const struct pds_hash_context *context, size_t values)
{
    const struct chaining_value *h = context->h.items;
    if (context->part_offset % 64)
        return fail(cx, FAULT_INVALID, .field = field, .how = HOW_FORM, .because = "part_offset: a multiple of 64");
    if (context->h.count && context->h.count != values)
        return fail(cx, FAULT_INVALID, .field = field, .how = HOW_FORM, .because = "h: all chaining values, or none");
    if (!context->h.count && context->part_offset)
        return fail(cx, FAULT_INVALID, .field = field, .how = HOW_MISSING, .because = "h: the chaining values");
    for (size_t i = 0; i < context->h.count; i++)
        if (h[i].value < 0 || h[i].value > UINT32_MAX)
            return fail(cx, FAULT_INVALID, .field = field, .how = HOW_TOO_LARGE, .min = 0, .max = UINT32_MAX,
                        .because = "h: values of 32 bits");
    return OK;
}

enum fault pds_check_parts(struct cx *cx, const struct list *asked)
{
    const struct pds_part_asked *parts = asked->items;
    for (size_t i = 0; i < asked->count; i++) {
        if (parts[i].content_md5.n && base64_read(cx->arena, parts[i].content_md5).n != MD5_BYTES)
            return fail(cx, FAULT_INVALID, .field = "content_md5", .how = HOW_FORM,
                        .got = parts[i].content_md5, .because = "the base64 of 16 bytes");
        TRY(pds_check_header_text(cx, "content_type", parts[i].content_type));
        TRY(check_context(cx, "parallel_sha1_ctx", &parts[i].sha1, 5));
        TRY(check_context(cx, "parallel_sha256_ctx", &parts[i].sha256, 8));
    }
    return OK;
}

static struct pds_part_shown sign(struct cx *cx, const struct upload *upload,
                                  const struct pds_part_asked *part, int number)
{
    const instant     expires = { cx->now.ms + PDS_LINK_TTL_S * INT64_C(1000) };
    const struct link link = {
        .kind = LINK_UPLOAD, .dialect = LINK_PDS, .drive = upload->drive, .node = upload->node,
        .upload = upload->id, .part = number, .expires = expires,
        .part_type = part->content_type.n ? part->content_type : S0,
        .part_md5 = part->content_md5.n ? part->content_md5 : S0,
    };
    return (struct pds_part_shown){ .part_number = number, .upload_url = link_url(cx, &link),
                                    .internal_upload_url = S(""), .content_type = part->content_type };
}

struct list pds_sign_parts(struct cx *cx, const struct upload *upload, const struct list *asked)
{
    static const struct pds_part_asked one = { .part_number = 1 };
    const struct pds_part_asked *parts = asked->count ? asked->items : &one;
    const size_t                 count = asked->count ? asked->count : 1;
    struct pds_part_shown *shown = ARENA_MANY(cx->arena, struct pds_part_shown, count);
    for (size_t i = 0; i < count; i++)
        shown[i] = sign(cx, upload, &parts[i], parts[i].part_number ? parts[i].part_number : (int)i + 1);
    return (struct list){ shown, count };
}
