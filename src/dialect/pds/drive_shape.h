/* dialect/pds/drive_shape.h: the Drive object, as every operation on drives answers it. */
#ifndef DIALECT_PDS_DRIVE_SHAPE_H
#define DIALECT_PDS_DRIVE_SHAPE_H

#include "dialect/pds/inner.h"

struct pds_drive {
    str     domain_id, drive_name, description, owner, drive_type, creator;
    id      drive_id;
    int     owner_type, status;
    int64_t total_size, used_size;
    instant created_at;
};
extern const struct field pds_drive_rows[];
extern const struct shape pds_drive_shape;

struct pds_drive pds_show_drive(const struct cx *cx, const struct drive *drive);

/* items of a page, as struct pds_drive. */
struct list pds_show_drives(struct cx *cx, const struct list *drives);

#endif
