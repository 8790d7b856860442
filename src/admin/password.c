#include "admin/password.h"

#include "base/hash.h"

str password_random(struct arena *arena)
{
    static const char letters[] = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"; /* no l, o, I, O, 0, 1 */
    enum { LENGTH = 20, LETTERS = sizeof letters - 1 };
    char *out = arena_make(arena, LENGTH + 1);
    for (int i = 0; i < LENGTH;) {
        unsigned char byte;
        random_bytes(&byte, 1);
        if (byte < 256 / LETTERS * LETTERS) /* so that no letter is likelier than another */
            out[i++] = letters[byte % LETTERS];
    }
    return (str){ out, LENGTH };
}
