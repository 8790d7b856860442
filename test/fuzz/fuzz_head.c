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

/* Where the request line begins: behind lines that are empty, or look so for they begin with NUL. */
static size_t first_line(str head)
{
    size_t at = 0;
    while (at < head.n && (!head.p[at] || head.p[at] == '\n' || str_starts(str_from(head, at), S("\r\n"))))
        at = str_find(head, '\n', at) + 1;
    return at;
}

/* What head.h cannot see, as it says: NULs among line ends. Whether there are such; no other NUL may be. */
static bool has_hidden_nul(str head)
{
    bool found = false;
    for (size_t i = 0, end; i < head.n; i = end) {
        bool nul = false, feed = false;
        for (end = i; end < head.n && (!head.p[end] || head.p[end] == '\r' || head.p[end] == '\n'); end++) {
            nul |= !head.p[end];
            feed |= head.p[end] == '\n';
        }
        must(!nul || feed);
        found |= nul;
        end += end == i;
    }
    return found;
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
    if (split_and_check(spoiled, n, &body, &used)) {
        const size_t at = first_line((str){ text, used });
        const str    head = { text + at, used - at };
        if (!has_hidden_nul(head))
            read_strictly(head, &body);
    }
    free(text);
    free(spoiled);
    return 0;
}
