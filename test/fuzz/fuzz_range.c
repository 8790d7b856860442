/* Range headers from outside: what is read lies in the representation and is no more than it. The
 * first eight bytes are its size, the ninth how many ranges are allowed. */
#include <stdlib.h>

#include "base/encode.h"
#include "http/http.h"

enum { MAX = 8 };

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct http_range ranges[MAX];
    size_t            count = MAX + 1;
    uint64_t          total = 0;
    if (n < 9)
        return 0;
    const uint64_t size = be64_get((const char *)bytes);
    const size_t   max = bytes[8] % (MAX + 1);
    /* On the heap and without an end, so that a read past it is seen. */
    char *copy = malloc(n - 9 + 1);
    if (!copy)
        return 0;
    char *header = realloc(copy, n > 9 ? n - 9 : 1);
    memcpy(header, bytes + 9, n - 9);
    const enum http_range_result result = http_range_read((str){ header, n - 9 }, size, ranges, max, &count);
    free(header);
    if (result == HTTP_RANGE_NONE)
        return 0;
    if (result == HTTP_RANGE_UNMET ? count != 0 : count == 0 || count > max)
        abort();
    for (size_t i = 0; i < count; i++) {
        if (!ranges[i].length || ranges[i].first >= size || ranges[i].length > size - ranges[i].first)
            abort();
        if (ranges[i].length > size - total)
            abort();
        total += ranges[i].length;
    }
    return 0;
}
