/* admin/place.h: the data folder: who holds it, its key, and the address of the server on it.
 *
 * DATA/lock     held by flock while a server runs, so that there is one at a time
 * DATA/key      32 random bytes, made once, while the folder is still empty
 * DATA/run.json the running server's address; true only while the lock is held
 *
 * Functions give an exit code (exits.h); when it is not EXIT_DONE, `error` says why, in the arena. */
#ifndef ADMIN_PLACE_H
#define ADMIN_PLACE_H

#include "admin/exits.h"
#include "admin/settings.h"

struct place {
    int  lock;    /* descriptor, -1: not held */
    bool is_bare; /* nothing is kept here yet */
    str  key;     /* KEY_BYTES, in the arena */
};

/* Takes the folder for a server: makes it if absent (mode 0700), locks it, reads or makes the key. */
int place_take(struct arena *arena, const struct settings *settings, struct place *out, str *error);

/* Lets go of the lock. A place that was never taken (lock -1) is fine. */
void place_release(struct place *place);

/* Reads the key for a subcommand, which takes no lock and makes nothing. */
int place_read_key(struct arena *arena, const struct settings *settings, str *key, str *error);

/* Writes and removes run.json. false: errno says why. */
MUST_USE bool place_announce(struct arena *arena, const struct settings *settings, str url);
void          place_forget(struct arena *arena, const struct settings *settings);

/* Whether a server holds the folder. */
bool place_is_locked(struct arena *arena, str data);

/* The address of the server that runs on `data`; S0 when none does. */
str place_running(struct arena *arena, str data);

/* Folder of the newest demo of this user that runs; S0 when none does. */
str place_of_demo(struct arena *arena);

/* A new folder for a demo, by mkdtemp; S0 with errno. place_remove_tree removes it with all inside. */
str  place_make_demo(struct arena *arena);
void place_remove_tree(const char *folder);

/* Where the database and the bytes are. */
str place_of_store(const struct settings *settings);
str place_of_content(const struct settings *settings);

#endif
