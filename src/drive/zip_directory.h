/* drive/zip_directory.h: looks at the directory of a ZIP before anything else does; inside drive/ only.
 *
 * What unpacks (libarchive) keeps the whole directory in memory and believes much of it. So it is walked here
 * first, in bounded memory, entry by entry, and each entry's own header beside it: where the two disagree, where
 * entries lie over each other or past the directory, where there are more than allowed, or a method, an
 * encryption or a kind of ZIP that is not served, nobody goes on.
 * Source: APPNOTE.TXT 6.3.9; the AES extra field of WinZip, "AE-1 and AE-2" */
#ifndef DRIVE_ZIP_DIRECTORY_H
#define DRIVE_ZIP_DIRECTORY_H

#include "drive/reader.h"

/* Faults  MISMATCH no ZIP, or a damaged one; TOO_LARGE more than entries_max entries, or a directory too long
 *         for so many; UNSUPPORTED methods and encryptions other than stored, deflated, traditional and AES;
 *         INVALID names with NUL or control characters, of more than ZIP_NAME_MAX bytes, or said to be UTF-8 and
 *         not.  All with THING_NODE */
enum { ZIP_NAME_MAX = 4096 };
MUST_USE enum fault zip_directory_check(struct cx *cx, struct reader *reader, int64_t entries_max, int64_t *entries);

#endif
