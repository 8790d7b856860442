/* test/drive/zips.h: ZIPs as nobody would write them. */
#ifndef TEST_DRIVE_ZIPS_H
#define TEST_DRIVE_ZIPS_H

#include "base/arena.h"

enum { ZIP_ENCRYPTED = 1, ZIP_UTF8 = 1 << 11 };

/* An entry, stored; what is left zero is as it should be. */
struct zip_entry {
    str      name, bytes;
    str      other_name;        /* of the directory's record, when it differs */
    unsigned flags, method, other_method;
    unsigned mode;              /* of Unix, such as 0120777 for a link; 0: made by no Unix */
    int64_t  size;              /* said to unpack to; 0: as long as it is */
    bool     wrong_sum;
    size_t   same_as;           /* n: the directory names the header of the n-th entry, from 1 */
    str      password;          /* encrypts it, in the traditional way */
};

str zip_of(struct arena *arena, const struct zip_entry *entries, size_t count);

/* One deflated entry of `n` times `byte`. */
str zip_of_many(struct arena *arena, const char *name, char byte, size_t n);

/* `count` empty files of names "n1", "n2" ... */
str zip_of_names(struct arena *arena, size_t count);

#endif
