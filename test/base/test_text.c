#include "test.h"

#include "base/text.h"

#define WROTE(call, expected)                                                       \
    do {                                                                            \
        AUTO(text_done) struct text t = { 0 };                                      \
        call;                                                                       \
        CHECK_CASE(#call, str_eq(text_str(&t), (expected)));                        \
    } while (0)

TEST(text_json, escapes_what_json_forbids_and_nothing_else)
{
    WROTE(text_json(&t, S("")), S("\"\""));
    WROTE(text_json(&t, S0), S("\"\""));
    WROTE(text_json(&t, S("plain")), S("\"plain\""));
    WROTE(text_json(&t, S("\"\\/")), S("\"\\\"\\\\/\""));
    WROTE(text_json(&t, S("\b\f\n\r\t")), S("\"\\u0008\\u000c\\n\\r\\t\""));
    WROTE(text_json(&t, S("\0\x01\x1f\x7f")), S("\"\\u0000\\u0001\\u001f\x7f\""));
    WROTE(text_json(&t, S("\xe4\xb8\xad\xf0\x9f\x98\x80")), S("\"\xe4\xb8\xad\xf0\x9f\x98\x80\""));
    WROTE(text_json(&t, S("</script>\n")), S("\"</script>\\n\""));
}

TEST(text_json, grows_for_text_that_is_all_escapes)
{
    AUTO(text_done) struct text t = { 0 };
    char ones[3000];
    memset(ones, 1, sizeof ones);
    text_json(&t, (str){ ones, sizeof ones });
    CHECK(t.n == 2 + 6 * sizeof ones && t.p[t.n - 1] == '"' && t.p[t.n - 2] == '1');
}

TEST(text_int, writes_every_size)
{
    WROTE(text_int(&t, 0), S("0"));
    WROTE(text_int(&t, -1), S("-1"));
    WROTE(text_int(&t, ID_MAX), S("9007199254740991"));
    WROTE(text_int(&t, INT64_MAX), S("9223372036854775807"));
    WROTE(text_int(&t, INT64_MIN), S("-9223372036854775808"));
}

TEST(text_percent, keeps_unreserved_bytes_and_the_given_ones)
{
    WROTE(text_percent(&t, S("aZ09-._~"), ""), S("aZ09-._~"));
    WROTE(text_percent(&t, S("a b/c%\xe4"), ""), S("a%20b%2Fc%25%E4"));
    WROTE(text_percent(&t, S("a b/c"), "/"), S("a%20b/c"));
    WROTE(text_percent(&t, S("\0+"), "/"), S("%00%2B"));
}

TEST(text_xml, writes_entities)
{
    WROTE(text_xml(&t, S("<a b=\"c\" d='e'>&</a>")),
          S("&lt;a b=&quot;c&quot; d=&#39;e&#39;&gt;&amp;&lt;/a&gt;"));
}

TEST(text, grows_and_can_be_used_again)
{
    AUTO(text_done) struct text t = { 0 };
    CHECK(text_str(&t).p && text_str(&t).n == 0);
    for (int i = 0; i < 10000; i++)
        text_print(&t, "%d,", i % 10);
    CHECK(t.n == 20000 && t.p[19998] == '9');
    text_done(&t);
    CHECK(!t.p && !t.n);
    text_add(&t, S0);
    text_char(&t, 'x');
    CHECK(str_eq(text_str(&t), S("x")));
}

TEST(text, prints_more_than_it_has_room_for)
{
    AUTO(text_done) struct text t = { 0 };
    text_print(&t, "%2000d", 7);
    CHECK(t.n == 2000 && t.p[1999] == '7');
}

TEST_MAIN
