/* listen.h: the address to listen on, and telling the service manager. */
#ifndef LISTEN_H
#define LISTEN_H

#include "admin/settings.h"
#include "http/http.h"

struct address {
    char host[64]; /* numeric, without brackets */
    int  port;
    bool is_v6, is_loopback, is_any;
};

/* Reads "127.0.0.1:8484", "[::1]:8484" or "localhost:8484". */
MUST_USE bool address_read(str text, struct address *out);

/* The URL a client on this machine uses; in the arena. */
str address_url(struct arena *arena, const struct address *address, int port, bool tls);

/* Whether the settings allow to listen there, and the certificate is readable: fills `out`; or S0 and
 * `error`, in the arena, says what is wrong. Strings live in the arena. */
MUST_USE bool listen_read(struct arena *arena, const struct settings *settings, struct address *address,
                          struct http_listen *out, str *error);

/* Tells systemd, if it asked by $NOTIFY_SOCKET: "READY=1" and the like. */
void notify_manager(const char *state);

#endif
