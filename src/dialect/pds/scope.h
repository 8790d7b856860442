/* dialect/pds/scope.h: the words that say what a token is good for: FILE.GET, DRIVE.ALL.
 *
 * Source  PDS Developer Guide, "scopes" */
#ifndef DIALECT_PDS_SCOPE_H
#define DIALECT_PDS_SCOPE_H

#include "contract/contract.h"

/* All words there are; NULL ends. */
extern const char *const pds_scopes[];

/* why.field of a refusal for want of a scope. */
extern const char pds_scope_field[];

/* Whether `have` (words with blanks between) holds `wanted` or the .ALL of its object. */
bool pds_scope_covers(str have, const char *wanted);

/* Gathers words from texts that have commas or blanks between; each once, blanks between. `texts` are str.
 * S0 where none is said. false: `unknown` is a word that is none. */
bool pds_scope_read(struct arena *arena, const struct list *texts, str *out, str *unknown);

#endif
