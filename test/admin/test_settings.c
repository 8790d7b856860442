#include "test.h"

#include <stdlib.h>
#include <string.h>

#include "admin/settings.h"

/* Reads the settings with one flag given, or none. */
static bool read_with(struct arena *arena, const char *name, const char *value, struct settings *out, str *error)
{
    const char *flags[SETTINGS_MAX] = { NULL };
    for (const struct setting *s = settings_table; s->name; s++)
        if (name && strcmp(s->name, name) == 0)
            flags[s - settings_table] = value;
    return settings_read(arena, flags, out, error);
}

TEST(settings, have_defaults_within_their_own_bounds)
{
    AUTO(arena_free) struct arena *arena = arena_new();
    struct settings settings;
    str error;
    CHECK(read_with(arena, NULL, NULL, &settings, &error));
    CHECK(str_eq(settings.data, S("./data")));
    CHECK(str_eq(settings.listen, S("127.0.0.1:8484")));
    CHECK(str_eq(settings.domain, S("main")));
    CHECK(settings.disk_floor == INT64_C(256) << 20);
    CHECK(!settings.strict && !settings.behind_proxy);
    CHECK(!settings.public_url.p && !settings.db.p);
    CHECK(!settings.data_was_given && !settings.domain_was_given);
}

TEST(settings, fit_the_table_of_flags)
{
    int count = 0;
    while (settings_table[count].name)
        count++;
    CHECK(count < SETTINGS_MAX);
}

TEST(settings, take_the_environment_below_a_flag)
{
    AUTO(arena_free) struct arena *arena = arena_new();
    struct settings settings;
    str error;
    setenv("POLYDRIVE_DOMAIN", "environment", 1);
    CHECK(read_with(arena, NULL, NULL, &settings, &error));
    CHECK(str_eq(settings.domain, S("environment")) && settings.domain_was_given);
    CHECK(read_with(arena, "domain", "flag", &settings, &error));
    CHECK(str_eq(settings.domain, S("flag")));
    unsetenv("POLYDRIVE_DOMAIN");
}

TEST(settings, are_refused_at_and_past_their_bounds)
{
    static const struct {
        const char *name, *value;
        bool        good;
    } cases[] = {
        { "workers", "1", true }, { "workers", "64", true }, { "workers", "0", false }, { "workers", "65", false },
        { "workers", "", false }, { "workers", " 4", false }, { "workers", "+4", false }, { "workers", "4.0", false },
        { "workers", "99999999999999999999", false }, { "loops", "0", true }, { "loops", "-1", false },
        { "strict", "true", true }, { "strict", "off", true }, { "strict", "1", true }, { "strict", "TRUE", false },
        { "log", "json", true }, { "log", "xml", false }, { "log_level", "debug", true }, { "log_level", "Debug", false },
        { "domain", "acme-2_x", true }, { "domain", "a.b", false }, { "domain", "a b", false },
        { "public_url", "https://drive.test/", true }, { "public_url", "drive.test", false },
        { "public_url", "ftp://drive.test", false }, { "public_url", "https://", false },
        { "public_url", "https://drive.test/?a", false }, { "public_url", "https://dr ive.test", false },
        { "data", "", false }, { "disk_floor", "0", true }, { "disk_floor", "8191PiB", false },
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        AUTO(arena_free) struct arena *arena = arena_new();
        struct settings settings;
        str error;
        CHECK_CASE(cases[i].value, read_with(arena, cases[i].name, cases[i].value, &settings, &error) == cases[i].good);
        CHECK_CASE(cases[i].value, cases[i].good || error.n);
    }
}

TEST(settings, tell_how_to_log)
{
    AUTO(arena_free) struct arena *arena = arena_new();
    struct settings settings;
    str error;
    CHECK(read_with(arena, "log", "json", &settings, &error));
    CHECK(settings_log_form(&settings) == LOG_JSON && settings_log_level(&settings) == LOG_INFO);
    CHECK(read_with(arena, "log_level", "error", &settings, &error));
    CHECK(settings_log_form(&settings) == LOG_TEXT && settings_log_level(&settings) == LOG_ERROR);
}

TEST(bytes, are_digits_and_perhaps_a_unit)
{
    static const struct {
        const char *text;
        int64_t     value; /* -1: refused */
    } cases[] = {
        { "0", 0 }, { "1", 1 }, { "1KiB", 1024 }, { "512MiB", INT64_C(512) << 20 }, { "10GiB", INT64_C(10) << 30 },
        { "8388607TiB", INT64_C(8388607) << 40 }, { "8388608TiB", -1 }, { "9223372036854775807", INT64_MAX },
        { "9223372036854775808", -1 }, { "", -1 }, { "KiB", -1 }, { "-1", -1 }, { "1 KiB", -1 }, { "1KB", -1 },
        { "1kib", -1 }, { "01", -1 }, { "1.5GiB", -1 }, { "1e3", -1 },
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        int64_t value = 0;
        const bool good = bytes_read(str_of(cases[i].text), &value);
        CHECK_CASE(cases[i].text, good == (cases[i].value >= 0));
        CHECK_CASE(cases[i].text, !good || value == cases[i].value);
    }
}

TEST_MAIN
