/* test/drive/stage.h: a store with content and a site in a folder of its own, and a few people in it. */
#ifndef TEST_DRIVE_STAGE_H
#define TEST_DRIVE_STAGE_H

#include "drive/site.h"
#include "drive/upload.h"
#include "drive/user.h"
#include "drive/access.h"
#include "store/store.h"

struct place {
    char            path[64];
    struct arena   *arena; /* of the site */
    struct store   *store;
    struct content *content;
    struct site     site;
    struct cx       cx;    /* the superadmin's, on a read connection */
};

void place_open(struct place *place);
void place_close(struct place *place); /* and removes the folder */

/* Runs in one change of the writer; the fault it gives. */
enum fault place_change(struct place *place, enum fault (*run)(struct cx *cx, void *arg), void *arg);

/* From here on `login` asks; he is made, with a drive, when he is not there yet. */
void place_act_as(struct place *place, const char *login);

/* The acting user's first drive and its root. */
void place_own_drive(struct place *place, struct drive *drive, struct node *root);

/* A folder or a file with these bytes, by the whole way an upload takes. */
struct node place_folder(struct place *place, const struct drive *drive, const struct node *parent, const char *name);
struct node place_file(struct place *place, const struct drive *drive, const struct node *parent, const char *name,
                       str bytes);
enum fault place_receive(struct place *place, const struct upload *upload, int number, str bytes);
enum fault place_complete(struct place *place, const struct upload *upload, struct node *out);

/* How many findings check has, with every chunk read. */
int place_findings(struct place *place);

str number_text(struct place *place, id number);

#endif
