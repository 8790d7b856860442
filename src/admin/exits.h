/* admin/exits.h: what the process says when it ends (the numbers are those of sysexits.h). */
#ifndef ADMIN_EXITS_H
#define ADMIN_EXITS_H

enum exit_code {
    EXIT_DONE = 0,
    EXIT_FAILED = 1,       /* the command could not do it; the message says why */
    EXIT_USAGE = 2,        /* the command line is wrong */
    EXIT_UNREACHABLE = 69, /* a database or an object store is down */
    EXIT_LOCKED = 75,      /* another program has the store */
    EXIT_SETTINGS = 78,    /* settings, key or data folder are not as they must be */
};

#endif
