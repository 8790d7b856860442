/* test/contract/tests.h: test.h, and an end with a message for tests that walk tables. */
#ifndef TEST_CONTRACT_TESTS_H
#define TEST_CONTRACT_TESTS_H

#include <stdio.h>
#include <stdlib.h>

#include "test.h"

#define FAIL(...) (print_error(__VA_ARGS__), print_error("\n"), _fail(__FILE__, __LINE__))

#endif
