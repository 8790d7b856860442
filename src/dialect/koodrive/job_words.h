/* dialect/koodrive/job_words.h: taskType and actionType, and what they are here.
 *
 * The page says that actionType is for taskType 1, 2 and 3 only, and lists 501 to 503 and 701 beside it: each
 * belongs to the type whose digit it begins with.
 * Source: Creating a Batch Job, 2026-05 */
#ifndef DIALECT_KOODRIVE_JOB_WORDS_H
#define DIALECT_KOODRIVE_JOB_WORDS_H

#include "contract/field.h"
#include "drive/bulk.h"

enum { TYPE_COPY = 1, TYPE_DELETE, TYPE_MOVE, TYPE_RESTORE, TYPE_ARCHIVE, TYPE_ZIP, TYPE_CLEAR };
enum { JOB_NONE = 0, JOB_SAVE = 101, JOB_TO_BIN = 201, JOB_FOR_GOOD = 202, JOB_OVER = 301, JOB_VIEW = 501,
       JOB_UNPACK_ALL = 502, JOB_UNPACK_SOME = 503, JOB_EMPTY = 701 };

extern const struct word koodrive_task_types[], koodrive_action_types[];

/* What is meant where no actionType comes; `some`: with uncompressFilePaths. */
int koodrive_usual_action(int task_type, bool some);

/* 0 for what does not fit together. */
enum bulk_kind koodrive_bulk_kind(int task_type, int action_type);

/* The two words of a job. */
void koodrive_job_words(enum bulk_kind kind, bool is_part, int *task_type, int *action_type);

#endif
