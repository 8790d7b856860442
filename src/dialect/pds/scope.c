#include "dialect/pds/scope.h"

const char pds_scope_field[] = "scope";

#define FIVE(object) object ".ALL", object ".CREATE", object ".UPDATE", object ".DELETE", object ".GET", object ".LIST"
const char *const pds_scopes[] = {
    FIVE("DRIVE"), FIVE("SHARE"), FIVE("FILE"),
    "FILE.MOVE", "FILE.COPY", "FILE.RESTORE", "FILE.VISIBLE", "FILE.FilePreview", "FILE.DOWNLOAD",
    "USER.ALL", "USER.UPDATE", "USER.UPDATE_ROLE", "USER.UPDATE_INFO", "USER.GET", "USER.LIST",
    "STORAGE.ALL", "STORAGE.LIST", "STORAGEFILE.ALL", "STORAGEFILE.LIST", "ACCOUNT.ALL", "OAUTH.ALL",
    "VIEW.ALL", "BATCH", "IMAGE.ALL", "INVITE.ALL",
    NULL
};

/* Takes the next word off a text with commas or blanks between. false at the end. */
static bool next_word(str *text, str *word)
{
    size_t start = 0, end;
    while (start < text->n && strchr(" ,", text->p[start]) && text->p[start])
        start++;
    for (end = start; end < text->n && text->p[end] != ' ' && text->p[end] != ',';)
        end++;
    *word = str_cut(str_from(*text, start), end - start);
    *text = str_from(*text, end);
    return word->n > 0;
}

static bool has_word(str text, str wanted)
{
    str word;
    while (next_word(&text, &word))
        if (str_eq(word, wanted))
            return true;
    return false;
}

bool pds_scope_covers(str have, const char *wanted)
{
    const str    exact = str_of(wanted);
    const str    object = str_cut(exact, str_find(exact, '.', 0));
    str          word;
    while (next_word(&have, &word)) {
        if (str_eq(word, exact))
            return true;
        if (word.n == object.n + 4 && str_starts(word, object) && str_eq(str_from(word, object.n), S(".ALL")))
            return true;
    }
    return false;
}

static bool is_known(str word)
{
    for (const char *const *s = pds_scopes; *s; s++)
        if (str_eq(word, str_of(*s)))
            return true;
    return false;
}

bool pds_scope_read(struct arena *arena, const struct list *texts, str *out, str *unknown)
{
    *out = S0;
    for (size_t i = 0; i < texts->count; i++) {
        str rest = ((const str *)texts->items)[i], word;
        while (next_word(&rest, &word)) {
            *unknown = word;
            if (!is_known(word))
                return false;
            if (!has_word(*out, word))
                *out = arena_print(arena, "%.*s%s%.*s", STR_ARG(*out), out->n ? " " : "", STR_ARG(word));
        }
    }
    return true;
}
