/* base/names.h: what text is: valid UTF-8, how many characters, alike or not, before or after. */
#ifndef BASE_NAMES_H
#define BASE_NAMES_H

#include "base/arena.h"

/* Well-formed UTF-8: no overlong forms, no surrogates, nothing past U+10FFFF. */
bool utf8_valid(str s);

/* Unicode code points of valid UTF-8. */
size_t utf8_count(str s);

/* NFC form of valid UTF-8, in the arena; names are alike when these bytes are equal. */
str name_nfc(struct arena *arena, str name);

/* Folded for searches without regard to case, in the arena (NFC, then full case folding). */
str name_folded(struct arena *arena, str name);

/* Bytes whose order by memcmp is the order people expect: numbers by value, Chinese by pinyin
 * (ICU, zh-u-co-pinyin-kn-true), the same in every database. At most SORT_KEY_MAX bytes: longer
 * names that agree so far are told apart by the id that every listing adds. */
enum { SORT_KEY_MAX = 160 };
str name_sort_key(struct arena *arena, str name);

/* The last extension without its dot ("gz" of "a.tar.gz"); empty for none and for ".profile". */
str name_extension(str name);

/* Finds needle (already folded) in the folded name. */
bool name_contains(struct arena *arena, str name, str folded_needle);

#endif
