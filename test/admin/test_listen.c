#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "admin/place.h"
#include "host.h"
#include "listen.h"

TEST(address, is_numeric_with_a_port)
{
    static const struct {
        const char *text;
        bool        good, loopback;
    } cases[] = {
        { "127.0.0.1:8484", true, true }, { "127.9.9.9:0", true, true }, { "0.0.0.0:80", true, false },
        { "192.0.2.1:65535", true, false }, { "[::1]:8484", true, true }, { "[::]:1", true, false },
        { "localhost:8484", true, true }, { "8484", false, false }, { ":8484", false, false }, { "127.0.0.1", false, false },
        { "127.0.0.1:", false, false }, { "127.0.0.1:65536", false, false }, { "127.0.0.1:-1", false, false },
        { "127.0.0.1:08", false, false }, { "::1:8484", false, false }, { "[::1]", false, false }, { "[]:1", false, false },
        { "example.test:80", false, false }, { "127.1:80", false, false }, { "[127.0.0.1]:80", false, false }, { "", false, false },
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct address at;
        CHECK_CASE(cases[i].text, address_read(str_of(cases[i].text), &at) == cases[i].good);
        CHECK_CASE(cases[i].text, !cases[i].good || at.is_loopback == cases[i].loopback);
    }
}

TEST(address, becomes_a_url_that_a_client_here_can_use)
{
    AUTO(arena_free) struct arena *arena = arena_new();
    struct address at;
    CHECK(address_read(S("[::1]:0"), &at) && str_eq(address_url(arena, &at, 80, false), S("http://[::1]:80")));
    CHECK(address_read(S("0.0.0.0:0"), &at) && str_eq(address_url(arena, &at, 80, true), S("https://127.0.0.1:80")));
    CHECK(address_read(S("[::]:0"), &at) && str_eq(address_url(arena, &at, 1, false), S("http://[::1]:1")));
}

TEST(listening, is_for_loopback_unless_tls_or_a_proxy_is_there)
{
    AUTO(arena_free) struct arena *arena = arena_new();
    struct settings    settings = { .listen = S("0.0.0.0:80") };
    struct address     at;
    struct http_listen out;
    str error;
    CHECK(!listen_read(arena, &settings, &at, &out, &error) && error.n);
    settings.behind_proxy = true;
    CHECK(listen_read(arena, &settings, &at, &out, &error) && strcmp(out.address, "0.0.0.0") == 0 && out.port == 80);
    settings = (struct settings){ .listen = S("127.0.0.1:80"), .tls_cert = S("/nowhere") };
    CHECK(!listen_read(arena, &settings, &at, &out, &error));
    settings.tls_key = S("/nowhere");
    CHECK(!listen_read(arena, &settings, &at, &out, &error));
}

TEST(host_name, is_a_host_and_perhaps_a_port_and_nothing_else)
{
    static const struct {
        const char *text;
        bool        good;
    } cases[] = {
        { "drive.test", true }, { "drive.test:8484", true }, { "127.0.0.1:1", true }, { "[::1]:80", true }, { "[2001:db8::1]", true },
        { "", false }, { ":80", false }, { "a:0", false }, { "a:65536", false }, { "a:80:80", false }, { "a/b", false },
        { "a@b", false }, { "a b", false }, { "a\"b", false }, { "a<b>", false }, { "[::1", false }, { "[]:80", false },
        { "[::1]x", false }, { "a?b", false }, { "a#b", false }, { "a\\b", false }, { "\xC3\xA9.test", false },
    };
    for (size_t i = 0; i < COUNT(cases); i++)
        CHECK_CASE(cases[i].text, host_name_sound(str_of(cases[i].text)) == cases[i].good);
}

TEST(links, begin_with_the_public_url_without_its_last_slash)
{
    AUTO(arena_free) struct arena *arena = arena_new();
    struct settings settings = { .public_url = S("https://drive.test/") };
    struct host     host = { .settings = &settings, .own_url = S("http://127.0.0.1:1") };
    CHECK(str_eq(host_base_url(&host, arena, NULL), S("https://drive.test")));
    settings.public_url = S0;
    CHECK(str_eq(host_base_url(&host, arena, NULL), S("http://127.0.0.1:1")));
}

TEST(manager, is_told_through_its_socket)
{
    AUTO(arena_free) struct arena *arena = arena_new();
    const str folder = place_make_demo(arena);
    struct sockaddr_un at = { .sun_family = AF_UNIX };
    char got[64] = "";
    snprintf(at.sun_path, sizeof at.sun_path, "%.*s/notify", STR_ARG(folder));
    const int s = socket(AF_UNIX, SOCK_DGRAM, 0);
    CHECK(s >= 0 && bind(s, (struct sockaddr *)&at, sizeof at) == 0);
    setenv("NOTIFY_SOCKET", at.sun_path, 1);
    notify_manager("READY=1");
    CHECK(recv(s, got, sizeof got, MSG_DONTWAIT) == 7 && memcmp(got, "READY=1", 7) == 0);
    setenv("NOTIFY_SOCKET", "relative", 1);
    notify_manager("READY=1");
    CHECK(recv(s, got, sizeof got, MSG_DONTWAIT) < 0);
    unsetenv("NOTIFY_SOCKET");
    notify_manager("READY=1");
    close(s);
    place_remove_tree(arena_z(arena, folder));
}

TEST_MAIN
