/* dialect/dingtalk/parts.h: what the files of this dialect share. */
#ifndef DIALECT_DINGTALK_PARTS_H
#define DIALECT_DINGTALK_PARTS_H

#include "contract/contract.h"
#include "drive/node.h"

/* ---- the functions of struct dialect ---- */

enum fault dingtalk_identify(struct call *call); /* auth.c */
void       dingtalk_refuse(struct call *call, struct reply *reply); /* answer.c */
void       dingtalk_dress(struct call *call, struct reply *reply); /* dialect.c */

/* The error body's rows, for OpenAPI. answer.c */
extern const struct shape dingtalk_error;

/* The request's id as this vendor writes it: an upper-case UUID. In cx->arena. dialect.c */
str dingtalk_request_id(struct cx *cx);

/* ---- rows; each array ends with a row without a name ---- */

extern const struct op dingtalk_token_ops[];       /* token.c */
extern const struct op dingtalk_space_ops[];       /* space.c */
extern const struct op dingtalk_file_ops[];        /* file.c */
extern const struct op dingtalk_unsupported_ops[]; /* unsupported.c */

/* ---- fields that many operations have ---- */

/* unionId names the person on whose behalf the call acts: in the query of GET and DELETE, in the body
 * of POST and PUT. Each operation hands it to dingtalk_act_as first. */
#define UNION_ID_IN(struct_type, place, other_place)                                              \
    { "unionId", place, AT(struct_type, union_id), .required = true, .empty_ok = true,            \
      .tolerate = TOLERATE_PLACE, .also = other_place,                                            \
      .lenient = "clients in the field send unionId in the body where the page has it in the "    \
                 "query, and the other way round",                                                \
      .doc = "the person on whose behalf the call acts" }

/* The page gives no largest page; 50 is what its examples and the vendor's own command line use. */
#define MAX_RESULTS_IN(struct_type)                                                               \
    { "maxResults", QUERY, AT(struct_type, max_results), .required = true, .min = 1, .max = 50,   \
      .doc = "page size" }

#define NEXT_TOKEN_IN(struct_type)                                                                \
    { "nextToken", QUERY, AT(struct_type, next_token),                                            \
      .doc = "from the page before; empty or absent: from the start" }

/* ---- steps that many operations take ---- */

/* Makes cx->caller the person whom unionId names. It cannot be done by dingtalk_identify, which runs
 * before the fields are read, so it is the first line of every operation.
 *
 * Faults  INVALID (field "unionId") nobody has it; FORBIDDEN a user's token, or an app bound to a user,
 *         names somebody else: told without looking, so that unionIds cannot be probed */
MUST_USE enum fault dingtalk_act_as(struct cx *cx, str union_id);

/* INVALID unless `text` is decimal digits, as all ids here are. Not the row's form: a path that does
 * not fit its form is no route, and this is a bad parameter. */
MUST_USE enum fault dingtalk_check_id(struct cx *cx, const char *field, str text);

/* A space by its id as the client sent it: drive_get, and as if absent (NOT_FOUND, THING_DRIVE) where an
 * app comes to a personal space whose owner is not the person it acts for, administrators too.
 * Faults  INVALID (field "spaceId"), NOT_FOUND (THING_DRIVE) */
MUST_USE enum fault dingtalk_space_find(struct cx *cx, str space_id, struct drive *out);

/* node_find among what is live, under the same rule. Faults  those and node_find's */
MUST_USE enum fault dingtalk_node_find(struct cx *cx, str space_id, str node_id, unsigned wanted,
                                       struct drive *drive, struct node *out);

/* A cursor as this vendor shows it: "" at the end. */
str dingtalk_next_token(str cursor);

#endif
