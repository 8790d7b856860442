/* dialect/data/dressing.h: header values made of what a file's author chose: hostile until proven
 * plain. */
#ifndef DIALECT_DATA_DRESSING_H
#define DIALECT_DATA_DRESSING_H

#include "base/arena.h"

/* Content-Disposition for a download under this name (RFC 6266): always `attachment`, the name in
 * full as filename*, and in ASCII for old clients. Printable ASCII whatever the name holds. */
str disposition(struct arena *arena, str name);

/* The media type when it is a type/subtype with plain parameters, else application/octet-stream. */
str safe_media_type(str media_type);

#endif
