#include "dialect/koodrive/job_words.h"

const struct word koodrive_task_types[] = {
    { "1", TYPE_COPY }, { "2", TYPE_DELETE }, { "3", TYPE_MOVE }, { "4", TYPE_RESTORE }, { "5", TYPE_ARCHIVE },
    { "6", TYPE_ZIP }, { "7", TYPE_CLEAR }, { 0 }
};
const struct word koodrive_action_types[] = {
    { "101", JOB_SAVE }, { "201", JOB_TO_BIN }, { "202", JOB_FOR_GOOD }, { "301", JOB_OVER },
    { "501", JOB_VIEW }, { "502", JOB_UNPACK_ALL }, { "503", JOB_UNPACK_SOME }, { "701", JOB_EMPTY }, { 0 }
};

static const struct meaning {
    int            task_type, action_type;
    enum bulk_kind kind;
    bool           is_part;
} meanings[] = { /* the usual action of a type first */
    { TYPE_COPY, JOB_SAVE, BULK_COPY, false },
    { TYPE_DELETE, JOB_TO_BIN, BULK_TRASH, false },
    { TYPE_DELETE, JOB_FOR_GOOD, BULK_DELETE, false },
    { TYPE_MOVE, JOB_OVER, BULK_MOVE, false },
    { TYPE_RESTORE, JOB_NONE, BULK_RESTORE, false },
    { TYPE_ARCHIVE, JOB_UNPACK_ALL, BULK_UNPACK, false },
    { TYPE_ARCHIVE, JOB_UNPACK_SOME, BULK_UNPACK, true },
    { TYPE_ARCHIVE, JOB_VIEW, BULK_LOOK, false },
    { TYPE_ZIP, JOB_NONE, BULK_PACK, false },
    { TYPE_CLEAR, JOB_EMPTY, BULK_CLEAR, false },
};

int koodrive_usual_action(int task_type, bool some)
{
    for (size_t i = 0; i < COUNT(meanings); i++)
        if (meanings[i].task_type == task_type && (task_type != TYPE_ARCHIVE || meanings[i].is_part == some))
            return meanings[i].action_type;
    return JOB_NONE;
}

enum bulk_kind koodrive_bulk_kind(int task_type, int action_type)
{
    for (size_t i = 0; i < COUNT(meanings); i++)
        if (meanings[i].task_type == task_type && meanings[i].action_type == action_type)
            return meanings[i].kind;
    return (enum bulk_kind)0;
}

void koodrive_job_words(enum bulk_kind kind, bool is_part, int *task_type, int *action_type)
{
    for (size_t i = 0; i < COUNT(meanings); i++)
        if (meanings[i].kind == kind && meanings[i].is_part == is_part) {
            *task_type = meanings[i].task_type;
            *action_type = meanings[i].action_type;
        }
}
