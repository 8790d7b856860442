/* contract/field.h: a field of a vendor's page, as a row that runs.
 *
 * The same rows are the only source of routing, validation and its messages, of `polydrive openapi`,
 * the reference in docs/ and the boundary tests. A row reads like the vendor's page. */
#ifndef CONTRACT_FIELD_H
#define CONTRACT_FIELD_H

#include "base/bind.h"

/* A row says what is particular to it and leaves the rest zero; that is how it stays readable. */
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

/* Where a field stands. In an answer's table: BODY is a member of the JSON body, HEADER a str that
 * becomes a header of the answer when it is given. */
enum from { BODY = 1, QUERY, PATH, HEADER };

/* A word of an enumeration and what it means to us. Ends with { 0 }. Words on the wire are JSON
 * strings; WORDS_NUMERIC tables (names all digits) are read and printed as JSON numbers. */
struct word {
    const char *name;
    int         value;
};

/* What a row may accept beyond the vendor's page. Each needs `.lenient`, its evidence; using one is
 * told in x-polydrive-lenient and refused under --strict. */
enum tolerance {
    TOLERATE_MISSING = 1, /* a required field is left out: `absent` stands */
    TOLERATE_NUMBER = 2,  /* a JSON number where a string is asked for: its digits as sent */
    TOLERATE_TEXT = 4,    /* a string of digits where a number is asked for */
    TOLERATE_EMPTY = 8,   /* "" stands for absent */
    TOLERATE_LARGE = 16,  /* a number past max is lowered to max */
    TOLERATE_PLACE = 32,  /* found in `also` instead of `from` */
    TOLERATE_SINGLE = 64, /* one value where an array is asked for */
};

/* The form of a string, checked after its length. */
enum form {
    FORM_ANY,
    FORM_DIGITS,  /* decimal digits only */
    FORM_HEX,     /* an even number of hex digits, either case */
    FORM_TIME_S,  /* 2006-01-02T15:04:05Z */
    FORM_TIME,    /* RFC 3339 with any offset */
    FORM_NAME,    /* no '/', no control characters, not "." or ".." */
    FORM_JSON,    /* any JSON value; the member (str) gets its raw text */
    FORM_OBJECT,  /* a JSON object; the member (str) gets its raw text */
    FORM_BOOL,    /* true or false, as 1 or 0 in an int: so that `absent` can be neither */
};

/* How an answer's value is printed where its kind leaves a choice. */
enum print {
    AS_USUAL,     /* numbers as numbers; id as "decimal string"; instant as RFC 3339 with ms */
    AS_TEXT,      /* a number as a string */
    AS_NUMBER,    /* an id as a number */
    AS_SECONDS,   /* instant: 2006-01-02T15:04:05Z */
    AS_EPOCH_MS,  /* instant: milliseconds as a number */
    AS_EPOCH_TEXT, /* instant: milliseconds as a string */
    AS_JSON,      /* str: already JSON, printed as it is */
    AS_ONE,       /* a list of at most one: the object itself; none is null (or left out, by omit).
                     Asked: an optional object whose presence the handler can tell */
    AS_MAP,       /* a list printed as an object: its shape's first row is the key, the second the
                     value */
};

struct shape;

struct field {
    const char         *name;
    enum from           from;
    size_t              at; /* these two by AT(struct, member) or WITHIN */
    enum kind           kind;
    bool                required;
    bool                bytes;    /* min and max count bytes, not characters */
    bool                form_also; /* reserved for form-encoded bodies: the field may come there */
    int64_t             min, max; /* characters of a string, items of a list, or a number's bounds; 0,0: none */
    const struct word  *words;
    int64_t             absent;   /* the member's value when the field does not come */
    unsigned            tolerate; /* enum tolerance */
    enum from           also;     /* second place, with TOLERATE_PLACE */
    const char         *lenient;  /* the evidence for `tolerate` */
    const struct shape *shape;    /* of a list's items or a nested object */
    enum form           form;
    enum print          as;
    bool                omit;     /* answers: left out when none: S0, ID_NONE, instant 0, no list, or
                                     an integer or bool equal to `absent` */
    bool                raw_words; /* words are JSON numbers on the wire */
    const char         *doc;
    bool                empty_ok; /* the page itself lets "" mean absent: no tolerance, no note */
};

/* The rows of a list's items or of a nested object. Rows with the name "" make the item itself a
 * value: { "", BODY, AT(struct one_text, text) }. Fields end with { 0 } (name NULL). */
struct shape {
    const char         *name; /* of the schema in OpenAPI */
    const struct field *fields;
    size_t              size; /* of an item's struct */
    size_t              printed; /* where in it a struct printed is (contract/printed.h); 0: nowhere */
};

#endif
