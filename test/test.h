/* test.h: a test is a thing and a claim, so that the list of tests reads as what we promise.
 *
 *     TEST(arena, gives_zeroed_memory) { ... CHECK(p[0] == 0); }
 *     TEST_MAIN
 *
 * A file of tests is a program: TEST lists itself, TEST_MAIN ends the file and runs the list. */
#ifndef TEST_H
#define TEST_H

/* cmocka wants these four first. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#undef fail /* base/fault.h has a better one */

enum { TESTS_MAX = 500 };

struct test_list {
    struct CMUnitTest tests[TESTS_MAX];
    size_t            count;
};

#define TEST_NAME_(text) #text
#define TEST(thing, claim)                                                                        \
    static void thing##__##claim(void **state);                                                   \
    __attribute__((constructor)) static void thing##__##claim##_is_listed(void)                   \
    {                                                                                             \
        test_list.tests[test_list.count++] =                                                      \
            (struct CMUnitTest){ TEST_NAME_(thing##__##claim), thing##__##claim, NULL, NULL, NULL }; \
    }                                                                                             \
    static void thing##__##claim(void **state __attribute__((unused)))

#define TEST_MAIN                                                                             \
    int main(void)                                                                            \
    {                                                                                         \
        return _cmocka_run_group_tests(__FILE__, test_list.tests, test_list.count, NULL, NULL); \
    }

/* A claim that ends the test when it is false; CHECK_CASE also says which case of a table it was. */
#define CHECK(claim) _assert_true(!!(claim), #claim, __FILE__, __LINE__)
#define CHECK_CASE(name, claim)                                             \
    do {                                                                    \
        if (!(claim)) {                                                     \
            print_error("case: %s\n", (name));                              \
            _assert_true(0, #claim, __FILE__, __LINE__);                    \
        }                                                                   \
    } while (0)

static struct test_list test_list __attribute__((unused));

#endif
