/* admin/password.h: passwords on the command line: one that was typed, or a random one to be told once. */
#ifndef ADMIN_PASSWORD_H
#define ADMIN_PASSWORD_H

#include "base/arena.h"

enum { PASSWORD_MIN = 8, PASSWORD_MAX = 1024 }; /* bytes */

/* 20 letters and digits that are not mistaken for each other: 115 bits. In the arena. */
str password_random(struct arena *arena);

#endif
