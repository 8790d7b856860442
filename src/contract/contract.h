/* contract/contract.h: what an operation is, and how a request becomes one.
 *
 * A dialect is tables of operations and five small functions. This part finds the row, has the
 * dialect identify the caller, fills the row's struct from path, query, headers and body, runs the
 * operation in the right place (at once, on the store's writer, after a worker) and prints the
 * answer. It knows neither store nor drive: main.c gives it the functions that open a context and
 * run a change. */
#ifndef CONTRACT_CONTRACT_H
#define CONTRACT_CONTRACT_H

#include "base/cx.h"
#include "base/text.h"
#include "contract/field.h"
#include "contract/json.h"
#include "http/http.h"

/* VISITOR: anyone; who he is where he says so: identify may leave cx->caller NULL. */
enum who { ANYONE, USER, ADMIN, VISITOR };
enum effect { READ, WRITE };

struct op {
    const char *name;   /* the vendor's own */
    const char *method, *path; /* path with {parameters}; a parameter takes one segment */
    const char *source; /* the vendor's page and its date */
    enum who    who;
    enum effect effect;
    const struct field *in;
    size_t              in_size;
    const struct field *out;
    size_t              out_size;
    /* in is filled and valid; out is zeroed, out_size bytes. A WRITE runs inside its own savepoint
     * of the writer's transaction; a returned fault undoes it. */
    enum fault (*run)(struct cx *cx, const void *in, void *out);

    /* optional */
    int status; /* of success; 0 is 200; 204 has no body */
    /* A row that stands for several calls: makes them of `in`, as items of struct sub_call. They run as the rows
     * they name, with the same caller; then `run` puts their answers together. The list is kept. */
    enum fault (*spread)(struct cx *cx, void *in, struct list *calls);
    /* Runs before `run` on a worker thread with a read connection: for what is slow (password
     * hashing, reading content back). May write into `in`. */
    enum fault (*prepare)(struct cx *cx, void *in, void *out);
    /* `prepare` is seldom needed: `run` goes first, and asks for it by cx->wants_prepare and a fault where
     * cx->may_prepare. A WRITE is then undone; after `prepare`, `run` is called again. */
    bool prepare_if_asked;
    size_t body_max;        /* bytes; 0: CONTRACT_BODY_MAX */
    bool   form_body;       /* reads application/x-www-form-urlencoded instead of JSON */
    const char *unsupported; /* known, not implemented: run is NULL, in and out may be */
    /* A READ whose call is a change after all when this says so: it then runs as a WRITE does. */
    bool (*writes)(const void *in);
    int (*choose_status)(const void *out); /* among several successes; runs after run */
    int status_also;         /* the other status that choose_status may give, for OpenAPI */
    const char *lenient;     /* the whole row is beyond the vendor's page, by this evidence: noted as
                                "route"; under strict it is no route */
    /* A READ whose answer may be given again: everything it depends on besides the operation and the body of
     * the request: who asks, what he may, how often the thing has changed. S0: not this one. A fault: `run`
     * finds it as well. What it found it may leave in `in`, for `run` sees the same state of the store. */
    enum fault (*depends)(struct cx *cx, void *in, str *on);
    const char *scope;       /* what a token's scopes must name, in the vendor's words; NULL: nothing */
    const char *partial;     /* what is missing from the operation, for the reference; NULL: it is complete */
    const char *media;       /* answers with a text of this type instead of JSON: the first BODY row as it is */
    const char *proof;       /* the test that shows it, for the reference: "pds_files.test.mjs" */
};

/* A call inside a call. */
struct sub_call {
    str                method, path;
    const struct json *body;    /* an object, or NULL for none */
    struct failure     refusal; /* with a code: it is not run, and this is its answer */
    int                status;  /* its answer, in the outer arena: */
    str                answer;  /* JSON, or S0 for none */
};

enum { CONTRACT_BODY_MAX = 256 * 1024, CONTRACT_DEPTH_MAX = 32, CONTRACT_HEADERS_MAX = 24,
       CONTRACT_PARAMETERS_MAX = 4 };

/* A request on its way through the contract; what dialect functions see of HTTP. */
struct call {
    struct cx            *cx;
    const struct dialect *dialect;
    const struct op      *op; /* NULL when no row matched */
    struct http_request  *http;
    /* of the row's {parameters}, decoded, in order */
    str path_values[CONTRACT_PARAMETERS_MAX];
    /* Stands for http's body when set: an operation inside a batch, with http NULL, no query and no
     * headers. */
    const struct json *body;
};

/* An answer being made. Header values are borrowed until the request is over: arena or static. */
struct reply {
    int                status;
    struct http_header headers[CONTRACT_HEADERS_MAX];
    size_t             header_count;
    struct text        body; /* released by the contract */
};
void reply_header(struct reply *reply, const char *name, str value);

/* Whether a call with this (filled) `in` must run in a change of the writer. */
bool op_writes(const struct op *op, const void *in);

struct dialect {
    const char              *name;       /* "pds": in `polydrive openapi pds` */
    const char              *title;      /* in OpenAPI */
    const char              *version;    /* of the vendor's API, in OpenAPI */
    const char *const       *prefixes;   /* paths that are this dialect's, also where no row is; NULL ends */
    const struct op *const  *tables;     /* arrays of rows, each ended by a row without a name; NULL ends */
    /* Finds who asks and sets cx->caller; checks op->who. Called before fields are read, on a loop
     * thread with a read connection, with the whole body there (signatures cover it). Not called
     * for ANYONE. Faults UNAUTHENTICATED, BAD_SIGNATURE, FORBIDDEN, UNAVAILABLE, INTERNAL. */
    enum fault (*identify)(struct call *call);
    /* Turns cx->why into status and body (and headers special to the error). */
    void (*refuse)(struct call *call, struct reply *reply);
    /* Adds the headers every answer carries, errors included (request id, content type, CORS). */
    void (*dress)(struct call *call, struct reply *reply);
    /* Rows printed after those of every successful answer (an envelope's code and msg) from
     * `envelope_value`; NULL for none. */
    const struct field *envelope;
    const void         *envelope_value;
    /* The error body's rows, for OpenAPI only. */
    const struct shape *error_shape;
    /* Answers a CORS preflight: 204 with these headers, unless NULL: then OPTIONS has no route. */
    const char *cors_methods, *cors_headers;
    bool json_always; /* success without out rows is printed as {} rather than as nothing */
    const char *credential_header; /* for OpenAPI: where a credential goes; NULL: Authorization, bearer */
    const char *credential_doc;    /* what it is and how to get one */
    const char *const *scopes;     /* the words that a token may be limited to; NULL ends; NULL: none */
};

/* One unit of work handed to somebody else's thread; kept by the contract until `done`. */
struct contract_job {
    struct contract_job *next;
    /* Runs the operation with cx (cx->db set by who runs it); called once. */
    enum fault (*run)(struct contract_job *job, struct cx *cx);
    /* Called once when it is durable (change) or has run (work); on any thread. `fault` is run's,
     * or UNAVAILABLE when it could not be made durable. */
    void (*done)(struct contract_job *job, enum fault fault);
    struct cx *cx;
    void      *owner; /* free for who runs it */
};

/* What main.c lends. All may be called from any loop thread. */
struct contract_host {
    void *self;
    /* Fills a fresh cx (arena is set): db (this thread's reader), site, now, strict, base_url. */
    void (*open)(void *self, struct cx *cx, const struct http_request *http);
    /* Gives back what open took. */
    void (*close)(void *self, struct cx *cx);
    /* Runs job->run in a savepoint of the writer, then done. false: not taken (queue full). Jobs chained by
     * `next` are taken all or not at all, run in their order, each in its own savepoint, and are durable together. */
    bool (*change)(void *self, struct contract_job *job);
    /* Runs job->run on a worker thread with a read connection, then done. false: not taken. */
    bool (*work)(void *self, struct contract_job *job);
    /* After a sleep: what is read from here on, until close, is one state of the store again. */
    void (*look)(void *self, struct cx *cx);
};

/* The contract for these dialects (NULL ends). Two rows that claim one route: NULL, and `error` names
 * both. `host` and dialects are kept. */
struct contract *contract_new(const struct dialect *const *dialects, const struct contract_host *host,
                          struct arena *arena, str *error);
void             contract_free(struct contract **contract);

/* The functions for struct http_app, with the contract as `self`. */
struct http_app contract_app(struct contract *contract);

/* True when the path belongs to a dialect's prefixes. */
bool contract_owns(const struct contract *contract, str path);

/* OpenAPI 3.1 of one dialect, from the rows. Written as one JSON document. */
void contract_openapi(const struct dialect *dialect, str server_url, struct text *out);

/* ---- parts, tested alone ---- */

/* Fills `in` (op->in_size bytes, zeroed) from the call. On a fault cx->why says field, how, bounds,
 * what came. Tolerances used are added to cx->lenient, or refused when cx->strict. */
MUST_USE enum fault contract_read(struct call *call, void *in);

/* Prints `value` by the rows as one JSON object (with the envelope's rows appended, if any); a single row of the
 * name "" is the whole answer itself, such as a list. */
void contract_write(const struct field *fields, const void *value, const struct field *envelope,
                    const void *envelope_value, struct text *out);

/* What a message says of an INVALID field: "drive_name: at most 128 characters, got 129". In cx->arena. */
str contract_complaint(const struct cx *cx);

/* Notes a tolerance; FAULT_INVALID (with the field) under strict. For dialects' own headers. */
MUST_USE enum fault contract_tolerate(struct cx *cx, const char *field, const char *reason);

#endif
