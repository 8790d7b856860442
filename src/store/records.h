/* store/records.h: what the store keeps, as structs: the columns that programs care about.
 *
 * Strings read from the store live in cx->arena. */
#ifndef STORE_RECORDS_H
#define STORE_RECORDS_H

#include "base/bind.h"

#define QUOTA_NONE (-1)

struct domain {
    id   id;
    str  name, epoch;       /* epoch changes when a backup is restored: old cursors end */
    bool single_drive;      /* one drive an owner */
    bool instant_any_owner; /* instant upload may match content the caller cannot read */
    int  bin_days;          /* how long the bin keeps; 0: for ever */
    id   staff_drive, staff_group; /* the all-staff drive and the group of every user */

    /* Settings that change while the program runs: read them by drive/domain.h. */
    str     title, description;
    bool    first_drive;       /* a new user gets a drive, of this quota */
    int64_t first_drive_quota; /* bytes; may be QUOTA_NONE */
    int64_t size_quota;        /* bytes of all drives; 0: no limit */
    int64_t charged;           /* used and reserved in all drives; kept only while there is a limit */
    int64_t user_quota;        /* 0: no limit */
    int64_t user_count;
    instant created, modified;
};

enum role { ROLE_USER = 1, ROLE_ADMIN, ROLE_SUPERADMIN };
enum status { STATUS_ENABLED = 1, STATUS_DISABLED };

struct user {
    id      id, domain, default_drive;
    str     public_id, login, name, phone, email, description;
    str     password; /* argon2id, encoded; "" when none: then no login by password */
    int     role, status;
    instant created, modified;
};

enum group_kind { GROUP_TEAM = 1, GROUP_SHARED_FOLDER, GROUP_STAFF };

/* What a member of a group may do with the group's drive or folder; also the role of a grant. */
enum share_role { SHARE_VIEWER = 1, SHARE_EDITOR, SHARE_MANAGER, SHARE_OWNER };

/* Groups of kind GROUP_TEAM make a tree: a group has one parent or stands on top. */
struct group {
    id      id, domain, creator, parent;
    int     kind;
    str     name;  /* for commands: shares one namespace with logins, is not all digits */
    str     title; /* what people call it: the name, where that can be one */
    str     description;
    instant created, modified;
};

enum account_kind { ACCOUNT_PHONE = 1, ACCOUNT_EMAIL, ACCOUNT_DINGTALK, ACCOUNT_RAM, ACCOUNT_WECHAT, ACCOUNT_LDAP,
                    ACCOUNT_CUSTOM };

/* An identity elsewhere that stands for a user. */
struct account {
    id      domain, user;
    int     kind;     /* enum account_kind */
    str     identity; /* unique with its kind and extra */
    str     extra;    /* of a phone number: its country code; else mostly "" */
    str     shown;    /* how it is displayed, or S0 */
    instant created;
};

/* Whether a program can keep a secret: one on a server does, one on people's devices does not, one that
 * signs assertions needs none. */
enum app_kind { APP_WEB = 1, APP_NATIVE, APP_JWT };

struct app {
    id      id, domain, user; /* user none: acts for the domain */
    int     kind;             /* enum app_kind */
    str     name, key, sealed_secret, public_key;
    str     redirects;        /* where a browser may be sent back to, blanks between, or S0 */
    instant created;
};

/* A spent one was good once: a refresh token or a code, kept to see that it comes again. */
enum token_kind { TOKEN_ACCESS = 1, TOKEN_REFRESH, TOKEN_APP, TOKEN_API_KEY, TOKEN_CODE, TOKEN_SPENT };

struct token {
    id      id, domain, user, app;
    int     kind;
    int64_t ttl_s;   /* 0: does not end */
    bool    sliding; /* each use starts the time anew */
    instant expires; /* none: does not end */
    str     sealed;  /* TOKEN_APP: the token itself, encrypted, to be handed out again */
    id      twin;    /* the refresh token's access token */
    id      family;  /* all that came of one sign-in; none: it stands alone */
    str     scopes;  /* what it is limited to, blanks between; S0: nothing */
    str     bound;   /* TOKEN_CODE: the redirect URI, a line end, the app's state; else S0 */
};

enum owner_kind { OWNER_USER = 1, OWNER_GROUP };

/* A drive: PDS drive, DingTalk space, KooDrive container. */
struct drive {
    id      id, domain, owner, root, bin, creator;
    int     owner_kind, status; /* enum owner_kind, enum status */
    str     name, description;
    str     owner_public;   /* the owning user's public id, or the group's number */
    str     creator_public; /* "system" when an app made it */
    int64_t used, reserved, quota; /* bytes; quota may be QUOTA_NONE */
    bool    is_default, is_staff;
    bool    is_closed; /* of a group: membership alone opens it to nobody, only grants do */
    instant created, modified;
};

enum node_kind { NODE_FOLDER = 1, NODE_FILE };

/* By extension and media type; the order is the one of `format` sorts. */
enum category { CATEGORY_NONE, CATEGORY_DOC, CATEGORY_SHEET, CATEGORY_SLIDES, CATEGORY_IMAGE,
                CATEGORY_VIDEO, CATEGORY_AUDIO, CATEGORY_ARCHIVE, CATEGORY_APP, CATEGORY_OTHER };

/* A file or folder. parent == drive's bin: it was put into the recycle bin, and `origin` is the
 * folder it came from. What lies below a trashed folder keeps its parent. */
struct node {
    id      id, drive, parent, origin, content, revision, creator, editor;
    int     kind, category; /* kind 0: of the row only id, drive, parent, name and details are there yet */
    int     duplicate; /* 0, or the number that lets a second one of the name exist */
    str     name, media_type, file_type, description;
    int64_t size, version; /* version counts revisions from 1 */
    bool    hidden;
    bool    starred;      /* by the caller; no column: star_look and starred listings fill it */
    str     sha1, sha256; /* binary; S0 for folders */
    int64_t crc64;        /* the bits of an unsigned number */
    str     tags;         /* JSON: [{"key":..,"value":..}], or S0 */
    str     local_created, local_modified; /* as the client gave them */
    instant created, modified, trashed;
    str     details; /* these together as the store has them (store/details.h): equal where they are equal;
                        S0 unless just read */
};

enum upload_state { UPLOAD_OPEN = 1, UPLOAD_DONE };

/* A file on its way in. Becomes node `node` when complete. */
struct upload {
    id      id, drive, parent, node, user, app;
    id      share;        /* through which it comes, or none */
    bool    overwrites;   /* node exists: a new revision of it */
    bool    parallel;     /* the client said that it sends parts at once; nothing here depends on it */
    int     state, conflict; /* enum upload_state, enum conflict of drive/node.h */
    str     name, media_type, file_type, description, tags, local_created, local_modified;
    bool    hidden;
    int64_t size;         /* announced; -1 when not */
    int64_t reserved;     /* bytes counted in the drive's reserved */
    str     sha1, sha256; /* announced, binary, or S0 */
    instant created, expires, file_created; /* file_created: wished for, or none */
};

struct part {
    int     number; /* from 1 */
    id      chunk;
    int64_t size;
    str     md5, sha256, sha1; /* binary; sha1 and sha256 of this part alone */
    str     pre_sha1;          /* of its first min(1024, size) bytes */
    int64_t crc64;
    instant received;
};

struct chunk {
    id      id;
    int64_t size;
    str     sha256;
    bool    stored_here; /* the bytes are in the store, not in content/ */
};

/* Where bytes of a content lie: its chunks in order. */
struct extent {
    id      chunk;
    int64_t size;
    bool    stored_here;
};

struct content_record {
    id      id;
    int64_t size, crc64, references, chunks;
    str     sha256, sha1, pre_sha1; /* pre_sha1: of the first min(1024, size) bytes */
};

struct shared_folder {
    id      id, domain, drive, folder, group, owner, creator;
    str     name;
    int     status, max_members;
    instant created;
};

enum share_state { SHARE_OPEN = 1, SHARE_DISABLED, SHARE_CANCELLED };

/* A link by which whoever has it reaches some nodes of a drive, with or without an account. */
struct share_link {
    id      id, domain, drive, creator;
    int     state;      /* enum share_state */
    int64_t edition;    /* counts changes of the password: what was given out under another one is void */
    str     code;       /* its public id, of letters and digits */
    str     name, description;
    str     sealed_password; /* encrypted; S0: none */
    str     files;      /* numbers of the nodes, eight bytes each, in the order they were given */
    str     writable;   /* numbers of the folders into which its visitors may put something */
    bool    all_files;  /* the whole drive; `files` is empty */
    bool    no_preview, no_download, no_save, office_editable, needs_login, creatable;
    instant created, modified, expires; /* expires: none for never */
    int64_t preview_limit, download_limit, save_limit; /* 0: none */
    int64_t take_limit; /* of downloads and saves together */
    int64_t accesses, previews, downloads, saves, reports, video_previews;
};

struct event {
    id      id, drive, node, user;
    id      parent; /* the folder the node left, where what happened took it from one; else none */
    int     what; /* enum event_kind */
    instant at;
};

/* Long work in the background: drive/task.h says how it goes. */
enum task_kind { TASK_ERASE = 1, TASK_COPY, TASK_MOVE, TASK_CLEAR, TASK_ARCHIVE, TASK_UNPACK, TASK_BULK,
                 TASK_KIND_COUNT };
enum task_state { TASK_RUNNING = 1, TASK_SUCCEEDED, TASK_FAILED };

/* The number of a running task also stands as the parent of what it builds or takes apart: a node there
 * is in no folder, so nobody sees it. */
struct task {
    id      id, domain, user, app, share; /* who asked; share: under which share link, or none */
    int     kind, state, phase;           /* phase: its kind's own */
    id      drive, node;                  /* what it is about */
    id      to_drive, to_parent, made;    /* where to, and the node that came of it */
    id      to_share;                     /* the share link through which it goes there, or none */
    id      content;                      /* what it made, or is made of, kept for a while after it ended */
    int     conflict;                     /* enum conflict of drive/node.h */
    bool    keep_tags;
    str     name, more;                   /* its kind's own */
    int64_t total, done, skipped, failed; /* nodes; total 0: not known yet */
    int64_t reserved;                     /* bytes counted in the drive's reserved */
    int64_t folders, at_folder, at_key, height; /* where it stands in a tree */
    id      at_node;
    str     fault;                        /* fault_name of what ended it, or S0 */
    int     thing;                        /* enum thing of that */
    instant before, created, finished;
};

/* A folder that a task has to look into: `to` is made of `from`. */
struct task_folder {
    int64_t number; /* from 1, in the order of finding */
    id      from, to;
    int     depth;  /* below the top */
};

enum item_state { ITEM_WAITING, ITEM_STARTED, ITEM_DONE, ITEM_FAILED };

/* One of the nodes that a task deals with one by one. */
struct task_item {
    int64_t number; /* from 1 */
    id      node, made;
    id      sub;    /* the task that was begun for it, or none */
    int     state;  /* enum item_state */
    str     name;   /* the node's, when it was asked for */
    str     fault;  /* as in struct task */
    int     thing;
    /* of that task, when read; zero when there is none any more */
    int     sub_kind, sub_state, sub_thing;
    str     sub_fault;
    id      sub_made;
    int64_t sub_done, sub_skipped, sub_total;
    instant sub_finished;
};

enum event_kind { EVENT_CREATE = 1, EVENT_OVERWRITE, EVENT_DELETE, EVENT_UPDATE, EVENT_MOVE,
                  EVENT_TRASH, EVENT_RESTORE, EVENT_RENAME, EVENT_DRIVE_CREATE, EVENT_DRIVE_DELETE };

#endif
