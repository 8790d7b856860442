/* Dates from outside: nothing crashes, and what is read prints as what was read. The first byte
 * chooses the form. */
#include <stdlib.h>

#include "base/clock.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    char    text[INSTANT_TEXT], again[INSTANT_TEXT];
    instant read, reread;
    if (!n)
        return 0;
    const enum instant_form form = bytes[0] % (INSTANT_SPACE + 1);
    const str               s = { (const char *)bytes + 1, n - 1 };
    if (!instant_read(s, form, &read))
        return 0;
    const str printed = instant_print(read, form, text);
    /* An offset can carry a time out of the years that our own forms have. */
    if (read.ms < 0 || read.ms >= INT64_C(253402300800000))
        return 0;
    if (form != INSTANT_MS && !str_eq(printed, s))
        abort(); /* every other form has one spelling */
    if (!instant_read(printed, form, &reread) || reread.ms != read.ms)
        abort();
    if (!str_eq(printed, instant_print(reread, form, again)))
        abort();
    return 0;
}
