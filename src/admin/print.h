/* admin/print.h: a subcommand's answer on stdout: one JSON value with --json, else text for people.
 *
 * Both come from the same rows (contract/field.h), so neither can show what the other forgets. */
#ifndef ADMIN_PRINT_H
#define ADMIN_PRINT_H

#include "admin/command.h"

/* One object: {"a":..} or a line "a: ..." for each row that has a value. */
void print_one(const struct run *run, const struct field *rows, const void *value);

/* A list: [{..},..] or columns under their names. */
void print_list(const struct run *run, const struct field *rows, const struct list *list, size_t item_size);

/* Nothing to show: {} or the sentence. */
void print_done(const struct run *run, const char *format, ...) PRINTF_LIKE(2, 3);

/* Flushes stdout; EXIT_FAILED (told) when it could not be written, such as on a full disk. */
int print_end(const struct run *run);

#endif
