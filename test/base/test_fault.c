#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/cx.h"
#include "base/log.h"
#include "base/names.h"

TEST(fault, has_a_name_and_a_sentence_each)
{
    for (int i = OK; i < FAULT_COUNT; i++)
        CHECK(fault_name(i) && *fault_name(i) && fault_text(i) && *fault_text(i));
    CHECK(strcmp(fault_name(FAULT_NOT_FOUND), "NOT_FOUND") == 0);
    CHECK(fault_name(FAULT_COUNT) && fault_text(FAULT_COUNT));
}

TEST(fail, notes_what_a_message_needs)
{
    AUTO(arena_free) struct arena *a = arena_new();
    struct cx cx = { .arena = a };
    char      got[] = "bad";
    CHECK(fail(&cx, FAULT_INVALID, .field = "name", .how = HOW_FORM, .got = str_of(got)) == FAULT_INVALID);
    got[0] = 'x'; /* it was copied */
    CHECK(cx.why.code == FAULT_INVALID && cx.why.how == HOW_FORM && str_eq(cx.why.got, S("bad")));
    CHECK(strstr(cx.why.where, "test_fault.c:") && strcmp(cx.why.field, "name") == 0);
}

/* What came goes into messages, which must stay valid UTF-8. */
TEST(fail, cuts_long_values_between_characters)
{
    AUTO(arena_free) struct arena *a = arena_new();
    struct cx cx = { .arena = a };
    for (size_t shift = 0; shift < 4; shift++) {
        char value[600];
        memset(value, 'a', shift);
        for (size_t i = shift; i + 3 <= sizeof value; i += 3)
            memcpy(value + i, "\xe4\xb8\xad", 3);
        CHECK(fail(&cx, FAULT_INVALID, .got = (str){ value, 597 + shift - (shift ? 3 : 0) }) == FAULT_INVALID);
        CHECK(cx.why.got.n > 250 && cx.why.got.n <= 256 && utf8_valid(cx.why.got));
    }
}

/* Runs `speak` with stderr into a file; gives back what was written. */
static str overheard(struct arena *a, void (*speak)(void))
{
    FILE     *file = tmpfile();
    const int kept = dup(STDERR_FILENO);
    CHECK(file && kept >= 0 && dup2(fileno(file), STDERR_FILENO) >= 0);
    speak();
    dup2(kept, STDERR_FILENO);
    close(kept);
    char *text = arena_make(a, 10000);
    rewind(file);
    const size_t n = fread(text, 1, 9999, file);
    fclose(file);
    return (str){ text, n };
}

static void speak_hostile(void)
{
    log_line(LOG_ERROR, "said", LOG_PAIRS({ "name", S("a\nb\"c\\d\r\x1b[31m\0") }, { "none", S0 }));
}

static void speak_debug(void)
{
    log_say(LOG_DEBUG, "not heard");
}

TEST(log, keeps_a_line_a_line)
{
    static const enum log_form forms[] = { LOG_TEXT, LOG_JSON };
    AUTO(arena_free) struct arena *a = arena_new();
    for (size_t i = 0; i < COUNT(forms); i++) {
        log_setup(forms[i], LOG_INFO);
        const str line = overheard(a, speak_hostile);
        CHECK(line.n > 20 && str_find(line, '\n', 0) == line.n - 1);
        CHECK(str_find(line, '\x1b', 0) == line.n && str_find(line, '\r', 0) == line.n);
        CHECK(str_find_str(line, S("a\\nb\\\"c\\\\d\\r\\u001b[31m\\u0000"), 0) < line.n);
        CHECK(overheard(a, speak_debug).n == 0);
    }
    const str json = overheard(a, speak_hostile);
    CHECK(json.p[0] == '{' && json.p[json.n - 2] == '}');
    log_setup(LOG_TEXT, LOG_INFO);
}

TEST_MAIN
