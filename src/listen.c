#include "listen.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { PEM_MAX = 256 * 1024 };

static bool host_read(str host, struct address *out)
{
    struct in_addr  v4;
    struct in6_addr v6;
    if (str_eq(host, S("localhost")))
        host = S("127.0.0.1");
    if (!host.n || host.n >= sizeof out->host)
        return false;
    memcpy(out->host, host.p, host.n);
    out->host[host.n] = '\0';
    if (!out->is_v6) {
        if (inet_pton(AF_INET, out->host, &v4) != 1)
            return false;
        out->is_loopback = ntohl(v4.s_addr) >> 24 == 127;
        out->is_any = v4.s_addr == INADDR_ANY;
        return true;
    }
    if (inet_pton(AF_INET6, out->host, &v6) != 1)
        return false;
    out->is_loopback = IN6_IS_ADDR_LOOPBACK(&v6);
    out->is_any = IN6_IS_ADDR_UNSPECIFIED(&v6);
    return true;
}

bool address_read(str text, struct address *out)
{
    int64_t port;
    size_t  colon = text.n;
    *out = (struct address){ 0 };
    while (colon && text.p[colon - 1] != ':')
        colon--;
    if (!colon || !str_int64(str_from(text, colon), &port) || port < 0 || port > 65535)
        return false;
    str host = str_cut(text, colon - 1);
    out->port = (int)port;
    if (host.n > 2 && host.p[0] == '[' && host.p[host.n - 1] == ']') {
        out->is_v6 = true;
        host = (str){ host.p + 1, host.n - 2 };
    }
    return host_read(host, out);
}

str address_url(struct arena *arena, const struct address *address, int port, bool tls)
{
    const char *host = !address->is_any ? address->host : address->is_v6 ? "::1" : "127.0.0.1";
    return arena_print(arena, "%s://%s%s%s:%d", tls ? "https" : "http", address->is_v6 ? "[" : "", host,
                       address->is_v6 ? "]" : "", port);
}

static const char *read_pem(struct arena *arena, str file, const char *setting, str *error)
{
    const char *path = arena_z(arena, file);
    FILE *stream = fopen(path, "re");
    if (!stream) {
        *error = arena_print(arena, "%s: cannot open %s: %s", setting, path, strerror(errno));
        return NULL;
    }
    char        *bytes = arena_make(arena, PEM_MAX + 1);
    const size_t n = fread(bytes, 1, PEM_MAX, stream);
    fclose(stream);
    if (str_find_str((str){ bytes, n }, S("-----BEGIN "), 0) < n)
        return bytes;
    *error = arena_print(arena, "%s: %s is not PEM", setting, path);
    return NULL;
}

bool listen_read(struct arena *arena, const struct settings *settings, struct address *address,
                 struct http_listen *out, str *error)
{
    const bool tls = settings->tls_cert.p || settings->tls_key.p;
    *out = (struct http_listen){ 0 };
    if (!address_read(settings->listen, address)) {
        *error = arena_print(arena, "listen: ADDR:PORT is asked for, such as 127.0.0.1:8484 or [::1]:8484, not %.*s",
                             STR_ARG(settings->listen));
        return false;
    }
    if (tls && !(settings->tls_cert.p && settings->tls_key.p)) {
        *error = S("tls_cert and tls_key go together");
        return false;
    }
    if (!address->is_loopback && !tls && !settings->behind_proxy) {
        *error = arena_print(arena, "listen: %s can be reached from elsewhere, and tokens would travel in the clear: "
                             "give --tls-cert and --tls-key, or --behind-proxy when a proxy in front ends TLS",
                             address->host);
        return false;
    }
    out->address = address->host;
    out->port = address->port;
    if (tls)
        return (out->tls_cert_pem = read_pem(arena, settings->tls_cert, "tls_cert", error)) != NULL
               && (out->tls_key_pem = read_pem(arena, settings->tls_key, "tls_key", error)) != NULL;
    return true;
}

void notify_manager(const char *state)
{
    const char        *path = getenv("NOTIFY_SOCKET");
    struct sockaddr_un to = { .sun_family = AF_UNIX };
    if (!path || (*path != '/' && *path != '@') || strlen(path) >= sizeof to.sun_path)
        return;
    memcpy(to.sun_path, path, strlen(path));
    if (*path == '@') /* an abstract name begins with NUL */
        to.sun_path[0] = '\0';
    const int s = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (s < 0)
        return;
    sendto(s, state, strlen(state), MSG_NOSIGNAL, (const struct sockaddr *)&to,
           (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(path)));
    close(s);
}
