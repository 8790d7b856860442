/* Linked into every test program: TEST_FILTER=pattern (with * and ?) runs the tests whose names match. */
#include "test.h"

#include <stdlib.h>

__attribute__((constructor)) static void filter_by_environment(void)
{
    const char *pattern = getenv("TEST_FILTER");
    if (pattern && *pattern)
        cmocka_set_test_filter(pattern);
}
