/* Request heads from outside, split as the HTTP library does. A head that passes is one that a
 * strict reader, who knows nothing of the library, reads alike: the same end, the same body. */
#include <stdlib.h>

#include "../http/split.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void must(bool claim)
{
    if (!claim)
        abort();
}

/* What follows `name:` in the line, if it is that header. */
static bool is_field(str line, str name, str *value)
{
    if (line.n <= name.n || line.p[name.n] != ':' || !str_eq_ascii_case(str_cut(line, name.n), name))
        return false;
    *value = str_trim(str_from(line, name.n + 1));
    return true;
}

static void read_strictly(str head, const struct head_body *body)
{
    int    hosts = 0, lengths = 0, codings = 0;
    size_t at = 0;
    while (str_starts(str_from(head, at), S("\r\n")) || str_starts(str_from(head, at), S("\n")))
        at += head.p[at] == '\n' ? 1 : 2; /* empty lines before the request line */
    for (bool first = true;; first = false) {
        const size_t end = str_find_str(head, S("\r\n"), at);
        must(end < head.n);
        const str line = { head.p + at, end - at };
        str       value;
        at = end + 2;
        if (!line.n)
            break;
        for (size_t i = 0; i < line.n; i++)
            must((unsigned char)line.p[i] >= 0x20 ? line.p[i] != 0x7F : line.p[i] == '\t');
        must(line.p[0] != ' ' && line.p[0] != '\t');
        if (first)
            continue;
        must(str_find(line, ':', 0) < line.n);
        hosts += is_field(line, S("Host"), &value);
        codings += is_field(line, S("Transfer-Encoding"), &value);
        if (is_field(line, S("Content-Length"), &value)) {
            lengths++;
            must(value.n && strtoll(value.p, NULL, 10) == body->length);
        }
    }
    must(at == head.n && hosts <= 1 && codings <= 1 && !(codings && lengths));
    must(body->chunked == codings && (lengths ? body->length >= 0 : body->length == -1));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct head_body body;
    size_t           used;
    char            *text = malloc(n + 1), *spoiled = malloc(n + 1);
    if (!text || !spoiled)
        abort();
    memcpy(text, bytes, n);
    memcpy(spoiled, bytes, n);
    text[n] = spoiled[n] = '\0';
    if (split_and_check(spoiled, n, &body, &used))
        read_strictly((str){ text, used }, &body);
    free(text);
    free(spoiled);
    return 0;
}
