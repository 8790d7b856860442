/* dialect/data/data.h: the signed upload and download endpoints, one piece for all dialects; their error
 * form and range rules are a row per dialect (data/rules.c). */
#ifndef DIALECT_DATA_DATA_H
#define DIALECT_DATA_DATA_H

#include "contract/contract.h"

struct data_door;

/* host is kept. */
struct data_door *data_door_new(const struct contract_host *host);
void              data_door_free(struct data_door **door);

/* The functions for struct http_app. */
struct http_app data_door_app(struct data_door *door);

/* True for paths under /data/. */
bool data_door_owns(str path);

#endif
