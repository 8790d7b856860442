#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/text.h"

static enum log_form  log_form;
static enum log_level log_lowest = LOG_INFO;

static const char *const level_names[] = { "debug", "info", "warn", "error" };

void log_setup(enum log_form form, enum log_level lowest)
{
    log_form = form;
    log_lowest = lowest;
}

void log_line(enum log_level level, const char *message, const struct log_pair *pairs)
{
    if (level < log_lowest)
        return;
    AUTO(text_done) struct text line = { 0 };
    char when[INSTANT_TEXT];
    instant_print(clock_now(), INSTANT_MS, when);
    if (log_form == LOG_JSON) {
        text_print(&line, "{\"time\":\"%s\",\"level\":\"%s\",\"message\":", when, level_names[level]);
        text_json(&line, str_of(message));
    } else {
        text_print(&line, "%s %-5s %s", when, level_names[level], message);
    }
    for (; pairs && pairs->name; pairs++) {
        text_add(&line, log_form == LOG_JSON ? S(",\"") : S(" "));
        text_add(&line, str_of(pairs->name));
        text_add(&line, log_form == LOG_JSON ? S("\":") : S("="));
        text_json(&line, pairs->value);
    }
    text_add(&line, log_form == LOG_JSON ? S("}\n") : S("\n"));
    for (size_t at = 0; at < line.n;) {
        const ssize_t wrote = write(STDERR_FILENO, line.p + at, line.n - at);
        if (wrote <= 0)
            break;
        at += (size_t)wrote;
    }
}

void log_say(enum log_level level, const char *format, ...)
{
    char    message[1024];
    va_list args;
    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    log_line(level, message, NULL);
}

void log_die(const char *message)
{
    static const char head[] = "polydrive: ";
    if (write(STDERR_FILENO, head, sizeof head - 1) < 0 || write(STDERR_FILENO, message, strlen(message)) < 0
        || write(STDERR_FILENO, "\n", 1) < 0)
        abort();
    abort();
}
