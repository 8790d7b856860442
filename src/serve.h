/* serve.h: `polydrive serve`: opens all, listens, waits for a signal, closes all. */
#ifndef SERVE_H
#define SERVE_H

#include "admin/command.h"

/* Runs the server until SIGTERM or SIGINT; the settings have been read. Says on stderr why it could not.
 *
 * hooks    NULL, or what a demo does meanwhile
 * Returns  the exit code */
int serve_run(struct run *run, const struct serve_hooks *hooks);

#endif
