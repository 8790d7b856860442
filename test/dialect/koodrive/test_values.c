/* Names, descriptions, times and image-processing texts as the pages bound them. */
#include "test.h"

#include "base/clock.h"
#include "base/text.h"
#include "dialect/koodrive/inner.h"

struct bench {
    struct arena *arena;
    struct cx     cx;
};

static struct bench bench_new(void)
{
    struct arena *arena = arena_new();
    return (struct bench){ arena, { .arena = arena } };
}

static void bench_done(struct bench *b)
{
    arena_free(&b->arena);
}

static str repeated(struct arena *arena, const char *piece, int times)
{
    AUTO(text_done) struct text out = { 0 };
    for (int i = 0; i < times; i++)
        text_add(&out, str_of(piece));
    return arena_copy(arena, text_str(&out));
}

TEST(koodrive_name, takes_what_the_pages_allow)
{
    AUTO(bench_done) struct bench b = bench_new();
    static const char *const good[] = { "a", "a b.txt", "家 a+b", "..a", "a.", " ", "👍.png", "%2F", "a'b;c=d&e" };
    for (size_t i = 0; i < COUNT(good); i++)
        CHECK_CASE(good[i], koodrive_check_name(&b.cx, "fileName", str_of(good[i])) == OK);
    CHECK(koodrive_check_name(&b.cx, "fileName", repeated(b.arena, "家", 250)) == OK);
}

TEST(koodrive_name, refuses_what_the_pages_forbid)
{
    AUTO(bench_done) struct bench b = bench_new();
    static const char *const bad[] = { ".", "..", "a<", ">", "|", "a:b", "\"", "*", "?", "a/b", "a\\b", "a\nb", "\t", "\x7f" };
    for (size_t i = 0; i < COUNT(bad); i++) {
        CHECK_CASE(bad[i], koodrive_check_name(&b.cx, "fileName", str_of(bad[i])) == FAULT_INVALID);
        CHECK_CASE(bad[i], b.cx.why.how == HOW_FORM);
    }
    CHECK(koodrive_check_name(&b.cx, "fileName", S("")) == FAULT_INVALID && b.cx.why.how == HOW_EMPTY);
    CHECK(koodrive_check_name(&b.cx, "fileName", repeated(b.arena, "a", 251)) == FAULT_INVALID
          && b.cx.why.how == HOW_TOO_LARGE);
}

TEST(koodrive_share_name, is_short_and_has_no_emoji)
{
    AUTO(bench_done) struct bench b = bench_new();
    static const char *const bad[] = { "👍", "a😀b", "1\xEF\xB8\x8F\xE2\x83\xA3", "⚡", "🇨🇳", "a*b" };
    CHECK(koodrive_check_share_name(&b.cx, "name", S("Family pictures 2026 #1 ©")) == OK);
    CHECK(koodrive_check_share_name(&b.cx, "name", repeated(b.arena, "家", 31)) == OK);
    CHECK(koodrive_check_share_name(&b.cx, "name", repeated(b.arena, "家", 32)) == FAULT_INVALID);
    for (size_t i = 0; i < COUNT(bad); i++)
        CHECK_CASE(bad[i], koodrive_check_share_name(&b.cx, "name", str_of(bad[i])) == FAULT_INVALID);
}

TEST(koodrive_description, is_bounded_and_has_no_emoji)
{
    AUTO(bench_done) struct bench b = bench_new();
    CHECK(koodrive_check_description(&b.cx, S0) == OK);
    CHECK(koodrive_check_description(&b.cx, repeated(b.arena, "x", 512)) == OK);
    CHECK(koodrive_check_description(&b.cx, repeated(b.arena, "x", 513)) == FAULT_INVALID);
    CHECK(koodrive_check_description(&b.cx, S("party 🎉")) == FAULT_INVALID);
}

#define MAY_1 INT64_C(1777622400000) /* 2026-05-01T08:00:00Z */

TEST(koodrive_time, is_read_in_every_form_of_the_pages)
{
    AUTO(bench_done) struct bench b = bench_new();
    static const struct {
        const char *text;
        int64_t     ms;
        bool        lenient;
    } cases[] = {
        { "2026-05-01T08:00:00.123Z", MAY_1 + 123, false },
        { "2026-05-01T08:00:00Z", MAY_1, false },
        { "2026-05-01 08:00:00", MAY_1, false },
        { "20260501080000", MAY_1, true },
        { "1777622400000", MAY_1, true },
        { "Fri May 01 08:00:00 UTC 2026", MAY_1, true },
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        instant t;
        b.cx.lenient = NULL;
        CHECK_CASE(cases[i].text, koodrive_read_time(&b.cx, "createdTime", str_of(cases[i].text), &t) == OK);
        CHECK_CASE(cases[i].text, t.ms == cases[i].ms);
        CHECK_CASE(cases[i].text, (b.cx.lenient != NULL) == cases[i].lenient);
    }
    b.cx.strict = true;
    instant t;
    CHECK(koodrive_read_time(&b.cx, "createdTime", S("20260501080000"), &t) == FAULT_INVALID);
    CHECK(koodrive_read_time(&b.cx, "createdTime", S("2026-05-01 08:00:00"), &t) == OK);
}

TEST(koodrive_time, is_a_real_one)
{
    AUTO(bench_done) struct bench b = bench_new();
    static const char *const bad[] = { "2026-02-30T08:00:00Z", "2026-05-01T08:00:00+08:00", "2026-05-01", "yesterday", "20261301080000",
                                       "2026-05-01T08:00:00Z ", "0", "-1", "2026-05-01T25:00:00.000Z" };
    for (size_t i = 0; i < COUNT(bad); i++) {
        instant t;
        CHECK_CASE(bad[i], koodrive_read_time(&b.cx, "createdTime", str_of(bad[i]), &t) == FAULT_INVALID);
    }
}

TEST(koodrive_image, takes_the_vendors_commands)
{
    AUTO(bench_done) struct bench b = bench_new();
    static const char *const good[] = {
        "", "image/resize,m_lfit,h_128,w_128", "image/resize,p_50", "image/resize,l_4096", "image/resize,w_9999,h_2500",
        "image/resize,m_pad,w_10,h_10,color_FFaa00,limit_0/quality,q_80/format,png", "image/interlace,1",
        "image/blur,r_3,s_2", "image/info", "image/quality,Q_100",
    };
    for (size_t i = 0; i < COUNT(good); i++)
        CHECK_CASE(good[i], koodrive_check_image(&b.cx, str_of(good[i])) == OK);
}

TEST(koodrive_image, refuses_bad_syntax_and_bounds)
{
    AUTO(bench_done) struct bench b = bench_new();
    static const char *const bad[] = {
        "image", "image/", "video/resize,w_1", "resize,w_1", "image/resize", "image/resize,", "image/resize,w_0", "image/resize,w_10000",
        "image/resize,w_-1", "image/resize,w_", "image/resize,x_1", "image/resize,m_lfit", "image/resize,p_50,w_10",
        "image/resize,w_9999,h_2501", "image/resize,l_4097", "image/resize,w_1/", "image//resize,w_1", "image/quality,q_101",
        "image/quality,q_0", "image/format,tiff", "image/format", "image/interlace,2", "image/resize,color_GGGGGG,w_1", "image/Resize,w_1",
    };
    for (size_t i = 0; i < COUNT(bad); i++) {
        CHECK_CASE(bad[i], koodrive_check_image(&b.cx, str_of(bad[i])) == FAULT_INVALID);
        CHECK_CASE(bad[i], strcmp(b.cx.why.field, "imageProcess") == 0);
    }
}

TEST(koodrive_language, is_chinese_in_any_spelling_and_else_english)
{
    static const char *const zh[] = { "zh-CN", "zh_cn", "ZH", "zh-Hans-CN", " zh-cn " }, *const en[] = { "", "en-US", "en_us", "zhx", "fr" };
    for (size_t i = 0; i < COUNT(zh); i++)
        CHECK_CASE(zh[i], koodrive_speaks_chinese(str_of(zh[i])));
    for (size_t i = 0; i < COUNT(en); i++)
        CHECK_CASE(en[i], !koodrive_speaks_chinese(str_of(en[i])));
    CHECK(!koodrive_speaks_chinese(S0));
}

TEST_MAIN
