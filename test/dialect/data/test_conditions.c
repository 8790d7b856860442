/* If-Match and its like. */
#include "test.h"

#include "dialect/data/conditions.h"

#define NOW "Tue, 20 Aug 2019 06:51:27 GMT"
#define LATER "Tue, 20 Aug 2019 06:51:28 GMT"
#define EARLIER "Tue, 20 Aug 2019 06:51:26 GMT"

static const struct validators have = { .etag = { "\"abc\"", 5 },
                                        .modified = { INT64_C(1566283887292) } };

static enum verdict judge(const char *match, const char *none_match, const char *since,
                          const char *unmodified)
{
    const struct preconditions asked = { str_of(match), str_of(none_match), str_of(since),
                                         str_of(unmodified) };
    return preconditions_judge(&asked, &have);
}

TEST(preconditions, if_match_wants_one_strong_tag)
{
    CHECK(judge("\"abc\"", NULL, NULL, NULL) == VERDICT_SEND);
    CHECK(judge("*", NULL, NULL, NULL) == VERDICT_SEND);
    CHECK(judge("\"x\", \"abc\"", NULL, NULL, NULL) == VERDICT_SEND);
    CHECK(judge("\"x\" ,,\t\"a,c\",\"abc\"", NULL, NULL, NULL) == VERDICT_SEND);
    CHECK(judge("W/\"abc\"", NULL, NULL, NULL) == VERDICT_FAILED);
    CHECK(judge("\"x\"", NULL, NULL, NULL) == VERDICT_FAILED);
    CHECK(judge("abc", NULL, NULL, NULL) == VERDICT_FAILED);
    CHECK(judge("", NULL, NULL, NULL) == VERDICT_FAILED);
    CHECK(judge("\"abc", NULL, NULL, NULL) == VERDICT_FAILED);
}

TEST(preconditions, if_none_match_takes_weak_tags_too)
{
    CHECK(judge(NULL, "\"abc\"", NULL, NULL) == VERDICT_NOT_MODIFIED);
    CHECK(judge(NULL, "W/\"abc\"", NULL, NULL) == VERDICT_NOT_MODIFIED);
    CHECK(judge(NULL, "*", NULL, NULL) == VERDICT_NOT_MODIFIED);
    CHECK(judge(NULL, "\"x\", W/\"y\"", NULL, NULL) == VERDICT_SEND);
    /* A tag outweighs the date beside it. */
    CHECK(judge(NULL, "\"x\"", NOW, NULL) == VERDICT_SEND);
}

TEST(preconditions, dates_count_whole_seconds)
{
    CHECK(judge(NULL, NULL, NOW, NULL) == VERDICT_NOT_MODIFIED);
    CHECK(judge(NULL, NULL, LATER, NULL) == VERDICT_NOT_MODIFIED);
    CHECK(judge(NULL, NULL, EARLIER, NULL) == VERDICT_SEND);
    CHECK(judge(NULL, NULL, NULL, NOW) == VERDICT_SEND);
    CHECK(judge(NULL, NULL, NULL, EARLIER) == VERDICT_FAILED);
    CHECK(judge("\"abc\"", NULL, NULL, EARLIER) == VERDICT_SEND);
    CHECK(judge(NULL, NULL, "yesterday", "tomorrow") == VERDICT_SEND);
}

TEST(preconditions, if_range_names_exactly_what_we_have)
{
    CHECK(if_range_holds(S("\"abc\""), &have));
    CHECK(if_range_holds(S(NOW), &have));
    CHECK(!if_range_holds(S(LATER), &have));
    CHECK(!if_range_holds(S("W/\"abc\""), &have));
    CHECK(!if_range_holds(S("\"x\""), &have));
    CHECK(!if_range_holds(S(""), &have));
}

TEST_MAIN
