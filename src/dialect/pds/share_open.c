/* dialect/pds/share_open.c: what whoever has a share link may ask: GetShareLinkByAnonymous, GetShareLinkToken,
 * GetShareLinkDownloadUrl; and which operations are open to him with nothing but a share token. */
#include "base/names.h"
#include "dialect/pds/alias.h"
#include "drive/share.h"

#define PROOF .proof = "pds_shares.test.mjs"

/* Their list of what a share token is good for; and the batch, whose calls are judged one by one; with their aliases. */
bool pds_is_for_guests(const struct op *op)
{
    static const char *const paths[] = {
        "/v2/file/list", "/v2/file/get", "/v2/file/get_download_url", "/v2/file/get_share_link_download_url",
        "/v2/file/download", "/v2/file/create", "/v2/file/get_upload_url", "/v2/file/list_uploaded_parts",
        "/v2/file/complete", "/v2/file/archive_files", "/v2/async_task/get", "/v2/file/get_video_preview_play_info",
        "/v2/file/get_video_preview_play_meta", "/v2/file/pre_create_check", "/v2/batch",
        "/adrive/v3/file/list", "/adrive/v2/file/list_by_share", "/adrive/v2/file/get_by_share",
        "/adrive/v2/file/createWithFolders", "/adrive/v2/batch", "/v3/batch",
    };
    for (size_t i = 0; i < COUNT(paths); i++)
        if (strcmp(op->path, paths[i]) == 0)
            return true;
    return false;
}

/* ---- GetShareLinkByAnonymous ---- */

const struct field pds_by_anonymous_in[] = {
    { "share_id", BODY, AT(struct by_anonymous, share_id), .required = true, .min = 1, .max = 64 }, { 0 }
};

#define OUT struct anonymous_out
const struct field pds_anonymous_rows[] = {
    { "share_id", BODY, AT(OUT, share_id) },
    { "share_name", BODY, AT(OUT, share_name) },
    { "creator_id", BODY, AT(OUT, creator_id) },
    { "creator_name", BODY, AT(OUT, creator_name), .doc = "masked" },
    { "creator_phone", BODY, AT(OUT, creator_phone), .doc = "masked" },
    { "avatar", BODY, AT(OUT, avatar) },
    { "expiration", BODY, AT(OUT, expiration), .doc = "empty: never" },
    { "updated_at", BODY, AT(OUT, updated_at) },
    { "has_pwd", BODY, AT(OUT, has_pwd) },
    { "require_login", BODY, AT(OUT, require_login) },
    { "disable_preview", BODY, AT(OUT, disable_preview) },
    { "disable_download", BODY, AT(OUT, disable_download) },
    { "disable_save", BODY, AT(OUT, disable_save) },
    { "preview_limit", BODY, AT(OUT, preview_limit) },
    { "download_limit", BODY, AT(OUT, download_limit) },
    { "save_limit", BODY, AT(OUT, save_limit) },
    { "save_download_limit", BODY, AT(OUT, save_download_limit) },
    { "access_count", BODY, AT(OUT, access_count) },
    { "preview_count", BODY, AT(OUT, preview_count) },
    { "download_count", BODY, AT(OUT, download_count) },
    { "save_count", BODY, AT(OUT, save_count) },
    { "report_count", BODY, AT(OUT, report_count) },
    { "video_preview_count", BODY, AT(OUT, video_preview_count) },
    { 0 }
};
#undef OUT

/* The byte at which the n-th character begins. */
static size_t character_at(str s, size_t n)
{
    size_t at = 0;
    for (size_t seen = 0; at < s.n; at++)
        if (((unsigned char)s.p[at] & 0xC0) != 0x80 && seen++ == n)
            break;
    return at;
}

/* AB***CD: so many characters stay at each end, fewer of a short text, so that at least half is hidden. */
static str masked(struct cx *cx, str s, size_t head, size_t tail)
{
    const size_t count = utf8_count(s);
    if (!count)
        return S("");
    while (2 * (head + tail) > count && (head > 1 || tail)) {
        if (tail)
            tail--;
        if (head > 1)
            head--;
    }
    if (count == 1)
        head = 0;
    const str end = str_from(s, character_at(s, count - tail));
    return arena_print(cx->arena, "%.*s***%.*s", STR_ARG(str_cut(s, character_at(s, head))), STR_ARG(end));
}

enum fault pds_get_by_anonymous(struct cx *cx, const void *in, void *out)
{
    const struct by_anonymous *ask = in;
    struct share_link share;
    struct person     maker;
    TRY(share_open(cx, ask->share_id, &share, &maker));
    *(struct anonymous_out *)out = (struct anonymous_out){
        .share_id = share.code, .share_name = share.name, .creator_id = maker.user.public_id,
        .creator_name = masked(cx, maker.nick.n ? maker.nick : maker.user.name, 2, 2),
        .creator_phone = masked(cx, maker.user.phone, 3, 2), .avatar = maker.avatar.n ? maker.avatar : S(""), .expiration = share.expires, .updated_at = share.modified,
        .has_pwd = share.sealed_password.n > 0, .require_login = share.needs_login,
        .disable_preview = share.no_preview, .disable_download = share.no_download, .disable_save = share.no_save,
        .preview_limit = share.preview_limit, .download_limit = share.download_limit, .save_limit = share.save_limit,
        .save_download_limit = share.take_limit, .access_count = share.accesses, .preview_count = share.previews,
        .download_count = share.downloads, .save_count = share.saves, .report_count = share.reports,
        .video_preview_count = share.video_previews,
    };
    return OK;
}

/* ---- GetShareLinkToken ---- */

struct get_token {
    str  share_id, share_pwd;
    int  expire_sec;
    bool check_share_pwd;
};

#define IN struct get_token
static const struct field get_token_in[] = {
    { "share_id", BODY, AT(IN, share_id), .required = true, .min = 1, .max = 64 },
    { "share_pwd", BODY, AT(IN, share_pwd), .max = SHARE_PASSWORD_MAX, .bytes = true },
    { "expire_sec", BODY, AT(IN, expire_sec), .min = 1, .max = SHARE_TOKEN_TTL_S, .absent = SHARE_TOKEN_TTL_S,
      .doc = "seconds" },
    { "check_share_pwd", BODY, AT(IN, check_share_pwd), .absent = true,
      .doc = "false: its creator and administrators need none" },
    { 0 }
};
#undef IN

struct token_out {
    str     share_token;
    int64_t expires_in;
    instant expire_time;
};
static const struct field token_rows[] = {
    { "share_token", BODY, AT(struct token_out, share_token) },
    { "expires_in", BODY, AT(struct token_out, expires_in), .doc = "seconds" },
    { "expire_time", BODY, AT(struct token_out, expire_time) },
    { 0 }
};

static enum fault get_share_token(struct cx *cx, const void *in, void *out)
{
    const struct get_token *ask = in;
    struct share_token token;
    TRY(share_token_issue(cx, ask->share_id, ask->share_pwd.p ? ask->share_pwd : S(""), "share_pwd",
                          !ask->check_share_pwd, ask->expire_sec, &token));
    *(struct token_out *)out = (struct token_out){ token.text, token.ttl_s, token.expires };
    return OK;
}

/* ---- GetShareLinkDownloadUrl: of older SDKs; a share's own way to what GetDownloadUrl gives ---- */

struct share_download {
    str share_id, file_id;
    int expire_sec;
};

#define IN struct share_download
static const struct field share_download_in[] = {
    { "share_id", BODY, AT(IN, share_id), .required = true, .min = 1, .max = 64 },
    PDS_FILE_ID(IN),
    { "expire_sec", BODY, AT(IN, expire_sec), .min = 1, .max = 115200, .absent = PDS_LINK_TTL_S, .doc = "seconds" },
    { 0 }
};
#undef IN

struct share_download_out {
    str     share_id, file_id, url, download_url, method, content_hash, content_hash_name, crc64_hash;
    int64_t size;
    instant expiration;
};

#define OUT struct share_download_out
static const struct field share_download_rows[] = {
    { "share_id", BODY, AT(OUT, share_id) },
    { "file_id", BODY, AT(OUT, file_id) },
    { "method", BODY, AT(OUT, method) },
    { "url", BODY, AT(OUT, url) },
    { "download_url", BODY, AT(OUT, download_url) },
    { "expiration", BODY, AT(OUT, expiration) },
    { "size", BODY, AT(OUT, size), .doc = "bytes" },
    { "content_hash", BODY, AT(OUT, content_hash) },
    { "content_hash_name", BODY, AT(OUT, content_hash_name) },
    { "crc64_hash", BODY, AT(OUT, crc64_hash) },
    { 0 }
};
#undef OUT

static enum fault get_share_download_url(struct cx *cx, const void *in, void *out)
{
    const struct share_download *ask = in;
    const instant expires = { cx->now.ms + ask->expire_sec * INT64_C(1000) };
    struct drive  drive;
    struct node   node;
    TRY(pds_drive_named(cx, S0, ask->share_id));
    TRY(pds_find(cx, S0, ask->file_id, SCOPE_LIVE, ACTION_DOWNLOAD, &drive, &node));
    if (node.kind != NODE_FILE)
        return fail(cx, FAULT_IS_FOLDER, .thing = THING_NODE, .field = "file_id");
    TRY(share_count(cx, SHARE_DOWNLOAD));
    const str url = pds_download_url(cx, &node, expires, S0, S0);
    *(struct share_download_out *)out = (struct share_download_out){
        .share_id = ask->share_id, .file_id = ask->file_id, .method = S("GET"), .url = url, .download_url = url,
        .expiration = expires, .size = node.size, .content_hash = pds_content_hash(cx, &node),
        .content_hash_name = S("sha1"), .crc64_hash = pds_crc64_hash(cx, &node),
    };
    return OK;
}

const struct op pds_share_open_ops[] = {
    { "GetShareLinkByAnonymous", "POST", "/v2/share_link/get_by_anonymous", "PDS GetShareLinkByAnonymous, 2022-03-01",
      ANYONE, READ, pds_by_anonymous_in, sizeof(struct by_anonymous), pds_anonymous_rows, sizeof(struct anonymous_out),
      pds_get_by_anonymous, .status = 200, PROOF },
    { "GetShareLinkToken", "POST", "/v2/share_link/get_share_token", "PDS GetShareLinkToken, 2022-03-01", VISITOR,
      WRITE, get_token_in, sizeof(struct get_token), token_rows, sizeof(struct token_out), get_share_token,
      .status = 200, .scope = "", PROOF },
    { "GetShareLinkDownloadUrl", "POST", "/v2/file/get_share_link_download_url",
      "official SDKs; not in the 2022-03-01 reference", USER, WRITE, share_download_in, sizeof(struct share_download),
      share_download_rows, sizeof(struct share_download_out), get_share_download_url, .status = 200,
      .scope = "FILE.GET", .proof = "pds_share_use.test.mjs" },
    { 0 }
};
