/* base/log.h: lines for the operator, on stderr: one per event, text or one JSON object each.
 *
 * One of the few things that are global (with the clock and the stop flag), replaceable in tests. */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include "base/types.h"

enum log_form { LOG_TEXT, LOG_JSON };
enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR };

/* One named value of a line. Outside bytes are escaped, so a line stays a line. */
struct log_pair {
    const char *name;
    str         value;
};

void log_setup(enum log_form form, enum log_level lowest);

/* message is ours, a literal; what came from outside goes into pairs, ended by { 0 }. */
void log_line(enum log_level level, const char *message, const struct log_pair *pairs);
#define LOG_PAIRS(...) ((const struct log_pair[]){ __VA_ARGS__, { 0 } })

/* printf-like shorthand for our own words. */
void log_say(enum log_level level, const char *format, ...) PRINTF_LIKE(2, 3);

/* Says why and ends the process: for what cannot be survived. */
_Noreturn void log_die(const char *message);

#endif
