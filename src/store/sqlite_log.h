/* store/sqlite_log.h: SQLite's write-ahead log in few large writes.
 *
 * SQLite writes two pieces for each page of a commit, 24 bytes and 4096: at eight uploads at a time 42 calls
 * an upload. Through this file system layer they are gathered, and go to the file in one call before the sync,
 * or before anything else looks at the file. What SQLite promises stays as it was: other connections look at
 * a page of the log only when the commit's sync is over. */
#ifndef STORE_SQLITE_LOG_H
#define STORE_SQLITE_LOG_H

/* The name of the layer, for sqlite3_open_v2. Any thread. */
const char *sqlite_log_layer(void);

#endif
