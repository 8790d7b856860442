/* dialect/pds/pds.h: the dialect, as main.c lists it. */
#ifndef DIALECT_PDS_PDS_H
#define DIALECT_PDS_PDS_H

#include "contract/contract.h"

extern const struct dialect pds_dialect;

#endif
