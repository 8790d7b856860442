/* dialect/pds/auth.h: the kinds of AccessKey signature that auth.c tells apart. */
#ifndef DIALECT_PDS_AUTH_H
#define DIALECT_PDS_AUTH_H

#include "dialect/pds/inner.h"

/* Check what follows the scheme in Authorization and set cx->caller. BAD_SIGNATURE. */
MUST_USE enum fault pds_by_acs_v1(struct call *call, str credential);
MUST_USE enum fault pds_by_acs3(struct call *call, str parameters);
MUST_USE enum fault pds_by_acs4(struct call *call, str parameters);

#endif
