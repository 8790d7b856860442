#include "dialect/koodrive/parts.h"

#include "drive/link.h"

enum { PART_MIN = 5 * 1024 * 1024, PARALLEL_STEP = 64, LINK_TTL_MS = 3600 * 1000, HASH_WORDS = 8 };

struct hash_word {
    int64_t value;
};
static const struct field hash_word_rows[] = {
    { "", BODY, AT(struct hash_word, value), .min = 0, .max = UINT32_MAX, KOODRIVE_NUMBER }, { 0 }
};
static const struct shape hash_word_shape = { "HashWord", hash_word_rows, sizeof(struct hash_word) };

#define IN struct koodrive_part
static const struct field part_rows[] = {
    { "partNumber", BODY, AT(IN, number), .required = true, .min = 1, .max = PARTS_MAX, KOODRIVE_NUMBER },
    { "partSize",   BODY, AT(IN, size), .required = true, .min = 0, .max = PART_BYTES_MAX, KOODRIVE_NUMBER,
      .doc = "bytes; at least 5242880, but for the last part" },
    { "partOffset", BODY, AT(IN, offset), .min = 0, .max = INT64_MAX, .absent = -1, KOODRIVE_NUMBER,
      .doc = "bytes before this part; parallel mode only" },
    { "hashCtx",    BODY, AT(IN, hash_context), .min = HASH_WORDS, .max = HASH_WORDS, .shape = &hash_word_shape,
      .doc = "parallel mode only; the server hashes for itself" },
    { 0 }
};
#undef IN
const struct shape koodrive_part_shape = { "MultiPartInfo", part_rows, sizeof(struct koodrive_part) };

#define OUT struct koodrive_part_url
static const struct field part_url_rows[] = {
    { "partNumber", BODY, AT(OUT, number) },
    { "partSize",   BODY, AT(OUT, size) },
    { "partOffset", BODY, AT(OUT, offset), .absent = -1, .omit = true },
    { "partId",     BODY, AT(OUT, part_id) },
    { "uploadUrl",  BODY, AT(OUT, url), .doc = "PUT the bytes here within an hour" },
    { 0 }
};
#undef OUT
const struct shape koodrive_part_url_shape = { "MultiPartUrl", part_url_rows, sizeof(struct koodrive_part_url) };

/* ---- checks ---- */

static enum fault numbers_differ(struct cx *cx, const struct list *parts)
{
    const struct koodrive_part *part = parts->items;
    unsigned char *seen = arena_make(cx->arena, PARTS_MAX + 1);
    for (size_t i = 0; i < parts->count; i++) {
        if (seen[part[i].number])
            return fail(cx, FAULT_INVALID, .field = "partNumber", .how = HOW_FORM, .because = "given more than once",
                        .got = arena_print(cx->arena, "%d", part[i].number));
        seen[part[i].number] = 1;
    }
    return OK;
}

/* Parallel mode: whoever sends an offset sends the digest's state too, and parts of whole blocks. */
static enum fault check_parallel(struct cx *cx, const struct koodrive_part *part, bool last)
{
    if (part->offset < 0)
        return OK;
    if (part->number > 1 && !part->hash_context.items)
        return fail(cx, FAULT_INVALID, .field = "hashCtx", .how = HOW_MISSING);
    if (!last && part->size % PARALLEL_STEP)
        return fail(cx, FAULT_INVALID, .field = "partSize", .how = HOW_FORM,
                    .because = "in parallel mode a multiple of 64",
                    .got = arena_print(cx->arena, "%lld", (long long)part->size));
    return OK;
}

/* The part of the highest number is the last when it may end the file. */
enum fault koodrive_check_parts(struct cx *cx, const struct list *parts, int64_t length)
{
    const struct koodrive_part *part = parts->items;
    int64_t sum = 0;
    int     highest = 0;
    TRY(numbers_differ(cx, parts));
    for (size_t i = 0; i < parts->count; i++) {
        sum += part[i].size;
        highest = part[i].number > highest ? part[i].number : highest;
    }
    if (length >= 0 && sum > length)
        return fail(cx, FAULT_INVALID, .field = "partSize", .how = HOW_TOO_LARGE, .min = 0, .max = length,
                    .got = arena_print(cx->arena, "%lld in all", (long long)sum));
    for (size_t i = 0; i < parts->count; i++) {
        const bool last = part[i].number == highest;
        if (part[i].size < PART_MIN && !last)
            return fail(cx, FAULT_INVALID, .field = "partSize", .how = HOW_TOO_SMALL, .min = PART_MIN,
                        .max = PART_BYTES_MAX, .got = arena_print(cx->arena, "%lld", (long long)part[i].size));
        TRY(check_parallel(cx, &part[i], last));
    }
    return OK;
}

/* ---- URLs ---- */

static struct koodrive_part_url url_of(struct cx *cx, const struct upload *upload, const struct koodrive_part *part)
{
    const struct link link = {
        .kind = LINK_UPLOAD,
        .dialect = LINK_KOODRIVE,
        .drive = upload->drive,
        .node = upload->node,
        .upload = upload->id,
        .part = part->number,
        .expires = { cx->now.ms + LINK_TTL_MS },
    };
    return (struct koodrive_part_url){
        .number = part->number, .size = part->size, .offset = part->offset, .url = link_url(cx, &link),
        .part_id = arena_print(cx->arena, "%lld.%d", (long long)upload->id.v, part->number),
    };
}

static struct list parts_of_length(struct cx *cx, int64_t length)
{
    const size_t count = length > 0 ? (size_t)((length + PART_BYTES_MAX - 1) / PART_BYTES_MAX) : 1;
    struct koodrive_part *parts = ARENA_MANY(cx->arena, struct koodrive_part, count);
    for (size_t i = 0; i < count; i++) {
        parts[i] = (struct koodrive_part){ .number = (int)i + 1, .offset = -1,
                                           .size = length < PART_BYTES_MAX ? length : PART_BYTES_MAX };
        length -= parts[i].size;
    }
    return (struct list){ parts, count };
}

struct list koodrive_part_urls(struct cx *cx, const struct upload *upload, const struct list *parts, int64_t length)
{
    const struct list           asked = parts->count ? *parts : parts_of_length(cx, length);
    const struct koodrive_part *part = asked.items;
    struct koodrive_part_url   *urls = ARENA_MANY(cx->arena, struct koodrive_part_url, asked.count);
    for (size_t i = 0; i < asked.count; i++)
        urls[i] = url_of(cx, upload, &part[i]);
    return (struct list){ urls, asked.count };
}
