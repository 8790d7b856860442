/* A store whose n-th call fails: whatever call that is, nothing half done stays and nothing is told OK that
 * is not there. */
#include "test.h"

#include <stdatomic.h>

#include "drive/stage.h"
#include "store/driver.h"

static atomic_int calls_left; /* below 0: none fails any more */

static bool fails_now(void)
{
    return atomic_fetch_sub(&calls_left, 1) == 0;
}

static enum fault failing_begin(struct conn *conn)
{
    return fails_now() ? FAULT_UNAVAILABLE : store_sqlite.begin(conn);
}

static enum fault failing_savepoint(struct conn *conn)
{
    return fails_now() ? FAULT_UNAVAILABLE : store_sqlite.savepoint(conn);
}

static enum fault failing_commit(struct conn *conn)
{
    return fails_now() ? FAULT_UNAVAILABLE : store_sqlite.commit(conn);
}

static enum step failing_start(struct conn *conn, const struct stmt *stmt, const struct arg *args, size_t n)
{
    return fails_now() ? STEP_FAILED : store_sqlite.start(conn, stmt, args, n);
}

static struct store_driver failing_driver(void)
{
    struct store_driver driver = store_sqlite;
    driver.name = "failing";
    driver.begin = failing_begin;
    driver.savepoint = failing_savepoint;
    driver.commit = failing_commit;
    driver.start = failing_start;
    return driver;
}

static void swap_driver(struct place *p, struct store_driver *driver)
{
    const struct store_options options = { .readers = 4, .driver = driver };
    atomic_store(&calls_left, -1);
    store_close(&p->store);
    CHECK(store_open(&p->cx, str_of(p->path), &options, &p->store) == OK);
    p->cx.db = store_reader(p->store, 0);
    p->site.store = p->store;
}

struct upload_once {
    struct upload_want want;
    struct upload_made made;
};

static enum fault start_upload(struct cx *cx, void *arg)
{
    struct upload_once *once = arg;
    return upload_start(cx, &once->want, &once->made);
}

TEST(writer, tells_a_fault_and_changes_nothing_whichever_call_of_the_store_fails)
{
    struct store_driver driver = failing_driver();
    struct place p;
    struct drive drive;
    struct node  root;
    int          faults = 0, n = 0;
    place_open(&p);
    place_act_as(&p, "ann");
    for (; n < 200; n++) {
        swap_driver(&p, &driver);
        place_own_drive(&p, &drive, &root);
        struct upload_once once = { .want = { .drive = drive, .parent = root, .name = S("a"), .size = 1000,
                                              .conflict = CONFLICT_ALLOW } };
        const int64_t reserved = drive.reserved;
        atomic_store(&calls_left, n);
        const enum fault fault = place_change(&p, start_upload, &once);
        const bool reached = atomic_load(&calls_left) < 0;
        atomic_store(&calls_left, -1);
        place_own_drive(&p, &drive, &root);
        CHECK(drive.reserved == reserved + (fault == OK ? 1000 : 0));
        faults += fault != OK;
        if (!reached)
            break;
    }
    CHECK(n < 200 && faults >= 6);
    CHECK(place_findings(&p) == 0);
    place_close(&p);
}

TEST(store, stays_broken_after_a_commit_that_failed)
{
    struct store_driver driver = failing_driver();
    struct place p;
    struct drive drive;
    struct node  root;
    place_open(&p);
    place_act_as(&p, "ann");
    swap_driver(&p, &driver);
    place_own_drive(&p, &drive, &root);
    struct upload_once once = { .want = { .drive = drive, .parent = root, .name = S("a"), .size = 1,
                                          .conflict = CONFLICT_ALLOW } };
    driver.commit = failing_begin; /* fails when its turn comes, whatever it is called */
    atomic_store(&calls_left, 0);
    driver.begin = store_sqlite.begin;
    driver.savepoint = store_sqlite.savepoint;
    driver.start = store_sqlite.start;
    CHECK(place_change(&p, start_upload, &once) == FAULT_UNAVAILABLE);
    CHECK(store_broken(p.store));
    CHECK(place_change(&p, start_upload, &once) == FAULT_UNAVAILABLE);
    place_close(&p);
}

TEST_MAIN
