/* contract/inner.h: what the files of contract/ share with each other and with their tests. */
#ifndef CONTRACT_INNER_H
#define CONTRACT_INNER_H

#include "contract/contract.h"
#include "contract/json.h"

/* ---- routes: contract/route.c ---- */

/* One row, ready to be matched. */
struct route {
    const struct dialect *dialect;
    const struct op      *op;
    str                   method, path; /* path without a final '/' */
    size_t                segments, parameters;
};

/* All rows of all dialects: whole paths sorted for bisection, then the patterns, most literal first. */
struct routes {
    const struct route *literals, *patterns;
    size_t              literal_count, pattern_count;
};

/* Gathers and checks the rows. false: `error` (in the arena) names the row or the two rows at fault. */
bool routes_read(struct routes *routes, const struct dialect *const *dialects, struct arena *arena,
                 str *error);

/* The row for a method and a path as sent; NULL when there is none. HEAD finds GET. */
const struct route *route_find(const struct routes *routes, str method, str path);

/* Decodes the values of the route's {parameters}; the path is one that route_find matched to it. */
void route_values(const struct route *route, str path, struct arena *arena,
                  str values[CONTRACT_PARAMETERS_MAX]);

/* The dialect one of whose prefixes the path is under; NULL for none. */
const struct dialect *dialect_of(const struct dialect *const *dialects, str path);

/* Cuts the next segment off a path ("/a/b": "a", leaves "/b"). false at the end. */
bool segment_next(str *path, str *segment);

/* The row of a {parameter}, or NULL. */
const struct field *parameter_field(const struct op *op, str name);

/* ---- reading: read.c finds what came for a row, value.c puts it into the member ---- */

/* One value on its way in: text that came outside of JSON, where "10" is how a number is spelled, or
 * a JSON value, where it is not. */
struct given {
    const struct json *json; /* NULL: `text` */
    str                text;
    bool               here;
    bool               broken; /* an escape of the query is malformed */
    size_t             times;  /* how often a query, form or header names it */
};

/* More rows than this in one table are refused at start. */
enum { FIELDS_MAX = 64 };

/* Where the values of one table come from. */
struct finder {
    struct given (*find)(const struct finder *finder, const struct field *field);
    /* All values of a list outside of JSON, where it is repeated; NULL inside JSON. */
    size_t (*all)(const struct finder *finder, const struct field *field, struct given **all);
    struct cx   *cx;
    const void  *from;
};

/* Fills a struct by its rows: first sees that nothing required is missing, then reads the values. */
MUST_USE enum fault rows_read(const struct finder *finder, const struct field *rows, void *in);

/* Puts one given value into the member that `field` names in `in`; JSON lists and objects too. */
MUST_USE enum fault value_read(struct cx *cx, const struct field *field, struct given given, void *in);

/* Fills a list from its items. */
MUST_USE enum fault list_read(struct cx *cx, const struct field *field, const struct given *items,
                              size_t count, void *in);

/* Fills a nested struct from a JSON object. */
MUST_USE enum fault shape_read(struct cx *cx, const struct field *rows, const struct json *object,
                               void *in);

/* True, and noted, when the row allows this tolerance and the request is not strict. */
bool tolerated(struct cx *cx, const struct field *field, enum tolerance tolerance);

/* INVALID of this field; `got` is shortened and made printable. */
enum fault field_wrong(struct cx *cx, const struct field *field, enum how how, str got,
                       const char *because);

/* The bounds that hold for a row: its own, and those of its kind; "none" as the ends of int64. */
void field_bounds(const struct field *field, int64_t *min, int64_t *max);

/* Whether a value of this row is a JSON number on the wire (else a string, unless it is a bool). */
bool field_is_number(const struct field *field);

/* The word of this value, or this name; NULL for none. */
const struct word *word_of_value(const struct word *words, int64_t value);
const struct word *word_of_name(const struct word *words, str name);

/* "one of a, b, c" in the arena. */
const char *words_sentence(struct arena *arena, const struct word *words);

/* Whether text has the form, as far as text alone tells (not FORM_JSON, FORM_OBJECT). */
bool        form_fits(enum form form, str text);
const char *form_sentence(enum form form);

/* What a length counts, as why.because of a length out of bounds; why.other is then the length. */
extern const char unit_characters[], unit_bytes[], unit_items[];

/* ---- calls inside a call: batch.c ---- */

struct batch;

/* Reads and checks the calls (items struct sub_call, kept). Lives in the outer arena; batch_free gives back what
 * is not there. */
struct batch *batch_new(struct call *outer, const struct contract_host *host, const struct routes *routes,
                        const struct list *calls);
void          batch_free(struct batch **batch);

/* Goes on until all calls are answered (true), or sleeps (false): to be called again when woken. */
bool batch_step(struct batch *batch);

/* ---- describing: openapi.c, schema.c, document.c ---- */

/* Calls see() for each row of each table of the dialect, in order. */
void ops_each(const struct dialect *dialect, void (*see)(void *arg, const struct op *op), void *arg);

/* Indented JSON while it is written; commas are put by themselves. */
struct document {
    struct text *out;
    int          depth;
};
void document_open(struct document *d, char bracket);
void document_close(struct document *d, char bracket);
void document_key(struct document *d, const char *key);
void document_text(struct document *d, str value);
void document_int(struct document *d, int64_t value);
void document_raw(struct document *d, const char *word);
/* A key with its value; the first leaves a NULL value out. */
void document_pair(struct document *d, const char *key, const char *value);
void document_pair_int(struct document *d, const char *key, int64_t value);

/* Shapes as they are named in components.schemas: asked and answered ones apart, names unique. */
struct schema {
    struct schema      *next;
    const struct shape *shape;
    const char         *name;
    bool                asked;
};
struct schemas {
    struct arena  *arena;
    struct schema *first, *last;
};
void        schemas_add(struct schemas *schemas, const struct field *rows, bool asked);
void        schemas_add_shape(struct schemas *schemas, const struct shape *shape, bool asked);
const char *schemas_name(const struct schemas *schemas, const struct shape *shape, bool asked);

/* The schema of one field's value, with its description, default and extensions. */
void schema_field(struct document *d, const struct schemas *schemas, const struct field *field,
                  bool asked);

/* The schema of an object of the BODY rows of one or two tables. */
void schema_object(struct document *d, const struct schemas *schemas, const struct field *rows,
                   const struct field *more, bool asked);

/* Whether `absent` is a default to be told: a word, or a number that a request might hold. */
bool field_has_default(const struct field *field);

/* "missing", "number for text", ...: the name of the n-th tolerance of the row, NULL after the last. */
const char *tolerance_name(const struct field *field, size_t n);

#endif
