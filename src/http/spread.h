/* http/spread.h: bodies that lie in files, sent from them without a copy.
 *
 * The library sends a body by sendfile only where one descriptor holds all of it, and 128 KiB at a time. A body
 * of ours, in one file or spread over several, gets a descriptor that stands for it: an eventfd, which has no
 * bytes. The library calls sendfile64, a name that the dynamic linker resolves to this program's own before the
 * C library's; ours knows such a descriptor by its number, sends from the files behind it and goes on for as
 * long as the socket takes it (SPREAD_STEP), and is the system's call for all others. Were the name not ours
 * (spread_works), bodies are read and copied instead. */
#ifndef HTTP_SPREAD_H
#define HTTP_SPREAD_H

#include "http/inner.h"

/* Whether the library's calls arrive here. */
bool spread_works(void);

/* A descriptor that stands for the `size` bytes of r->source, given; -1: there is none. Good until
 * spread_end(r). */
int spread_begin(struct http_request *r, uint64_t size);

/* Forgets the descriptor, if there is one, before the library closes it. */
void spread_end(struct http_request *r);

#endif
