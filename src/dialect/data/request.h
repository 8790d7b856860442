/* dialect/data/request.h: one transfer on its way through the door; what upload, download and
 * answers share.
 *
 * States of a transfer
 *   NEW        the head is in. An upload is admitted or refused here, before "100 Continue".
 *   RECEIVING  bytes go into the receiver. The peer may go away: then `over` comes and nothing is
 *              kept.
 *   SYNCING    the body was complete; a worker makes its bytes durable; asleep.
 *   RECORDING  the writer records the part in its transaction; asleep.
 *   ANSWERED   http has the answer. Only `over` is still to come. */
#ifndef DIALECT_DATA_REQUEST_H
#define DIALECT_DATA_REQUEST_H

#include "base/hash.h"
#include "contract/contract.h"
#include "dialect/data/rules.h"
#include "drive/link.h"
#include "drive/upload.h"

enum transfer_state {
    TRANSFER_NEW,
    TRANSFER_RECEIVING,
    TRANSFER_SYNCING,
    TRANSFER_RECORDING,
    TRANSFER_ANSWERED,
};

enum { DATA_HEADERS_MAX = 24 };

struct transfer {
    struct contract_job         job; /* first: what a worker or the writer gets is this transfer */
    const struct contract_host *host;
    struct http_request        *http;
    struct cx                   cx;
    struct conn                *reader; /* cx.db of the loop thread, while a job has the transfer */
    enum transfer_state         state;
    enum fault                  fault; /* of the job that ran last */
    struct link                 link;
    const struct data_rules    *rules;
    struct http_header          headers[DATA_HEADERS_MAX];
    size_t                      header_count;
    int64_t                     started_ms;

    /* uploads */
    struct upload    upload;
    struct receiver *receiver;
    str              announced_md5; /* binary, or S0 */
    struct part      part;
};

/* cx.db, site and so on from the host, and back: at the latest when the transfer is over. */
void transfer_enter(struct transfer *t);
void transfer_leave(struct transfer *t);

/* Reads the link from the request and sets the rules. BAD_SIGNATURE for a URL that is altered or of
 * another kind, how EXPIRED for one that is too old. */
MUST_USE enum fault transfer_read_link(struct transfer *t, enum link_kind kind);

/* Adds a header to the answer; the value is borrowed until the request is over. */
void transfer_header(struct transfer *t, const char *name, str value);

/* Answers: the headers so far and those that every answer of the door has. */
void transfer_answer(struct transfer *t, struct http_answer answer);

/* Answers with the vendor's error for cx.why. */
void transfer_refuse(struct transfer *t);

/* upload.c: admits and takes the body; then what the http calls tell. */
void upload_head(struct transfer *t);
void upload_received(struct transfer *t);
void upload_woken(struct transfer *t);
void upload_over(struct transfer *t);

/* download.c: answers a GET or HEAD. */
void download_answer(struct transfer *t);

#endif
