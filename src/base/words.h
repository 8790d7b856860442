/* base/words.h: the words of a text, as searches know them.
 *
 * A text is folded (NFKC, then without case), so that full-width letters and other spellings of one
 * character are alike; then cut: a run of letters is a word, a run of digits is, and so is each character
 * of a script that writes no blanks between words (Chinese, kana, Thai ...) and each symbol (an emoji).
 * Punctuation, blanks and the underscore only separate. The rule depends on nobody's dictionary, so that a
 * stored index stays true. */
#ifndef BASE_WORDS_H
#define BASE_WORDS_H

#include "base/bind.h"

struct arena;

struct word_found {
    str  text;      /* folded */
    bool is_joined; /* nothing stands between it and the word before */
};

/* In order, with repetitions; items are struct word_found, in the arena. */
struct list words_of(struct arena *arena, str text);

/* Whether the text has the words of `wanted` (both by words_of): what is joined there stands together and in
 * this order, the last word of each such piece may be the beginning of one; the pieces may be anywhere.
 * No words wanted: false. */
bool words_match(const struct list *text, const struct list *wanted);

#endif
