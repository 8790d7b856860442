/* drive/settle.h: hashing parts that came ahead of the prefix; inside drive/ only. */
#ifndef DRIVE_SETTLE_H
#define DRIVE_SETTLE_H

#include "drive/site.h"

/* Has a worker read back what goes on from the upload's prefix. Does nothing where there are no workers or
 * they are busy: upload_settle does what is left. Any thread. */
void settle_ahead(const struct site *site, id upload);

#endif
