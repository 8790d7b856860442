/* store/schema.c: the tables, as migrations: each runs once, in order, in a transaction of its own.
 *
 * Portable SQL with type words that the driver expands (@INT64, @BYTES, @CLUSTERED). Booleans are
 * integers, times are milliseconds, "none" is 0 for numbers and NULL for texts. Once released a migration
 * is never changed. Rows of one version run together. */
#include "store/driver.h"

static const char people[] =
    "CREATE TABLE domains ("
    " id @INT64 PRIMARY KEY, name TEXT NOT NULL UNIQUE, epoch TEXT NOT NULL,"
    " single_drive INTEGER NOT NULL, instant_any_owner INTEGER NOT NULL, bin_days INTEGER NOT NULL,"
    " staff_drive @INT64 NOT NULL, staff_group @INT64 NOT NULL);"

    "CREATE TABLE users ("
    " id @INT64 PRIMARY KEY, domain_id @INT64 NOT NULL, default_drive @INT64 NOT NULL,"
    " public_id TEXT NOT NULL, login TEXT NOT NULL, name TEXT NOT NULL, phone TEXT, email TEXT, description TEXT,"
    " password TEXT NOT NULL, role INTEGER NOT NULL, status INTEGER NOT NULL,"
    " created @INT64 NOT NULL, modified @INT64 NOT NULL);"
    "CREATE UNIQUE INDEX users_public_id ON users (domain_id, public_id);"
    "CREATE UNIQUE INDEX users_login ON users (domain_id, login);"
    "CREATE UNIQUE INDEX users_phone ON users (domain_id, phone) WHERE phone IS NOT NULL;"
    "CREATE UNIQUE INDEX users_email ON users (domain_id, email) WHERE email IS NOT NULL;"

    "CREATE TABLE teams ("
    " id @INT64 PRIMARY KEY, domain_id @INT64 NOT NULL, creator @INT64 NOT NULL, kind INTEGER NOT NULL,"
    " name TEXT NOT NULL, description TEXT, created @INT64 NOT NULL, modified @INT64 NOT NULL);"
    "CREATE UNIQUE INDEX teams_name ON teams (domain_id, name);"
    "CREATE TABLE members ("
    " team_id @INT64 NOT NULL, user_id @INT64 NOT NULL, role INTEGER NOT NULL,"
    " PRIMARY KEY (team_id, user_id)) @CLUSTERED;"
    "CREATE INDEX members_user ON members (user_id, team_id);"

    "CREATE TABLE apps ("
    " id @INT64 PRIMARY KEY, domain_id @INT64 NOT NULL, user_id @INT64 NOT NULL, name TEXT NOT NULL,"
    " key TEXT NOT NULL UNIQUE, sealed_secret @BYTES NOT NULL, public_key TEXT, created @INT64 NOT NULL);"
    "CREATE UNIQUE INDEX apps_name ON apps (domain_id, name);"

    "CREATE TABLE tokens ("
    " hash @BYTES PRIMARY KEY, id @INT64 NOT NULL, domain_id @INT64 NOT NULL, user_id @INT64 NOT NULL,"
    " app_id @INT64 NOT NULL, kind INTEGER NOT NULL, ttl_s @INT64 NOT NULL, sliding INTEGER NOT NULL,"
    " expires @INT64 NOT NULL, sealed @BYTES, twin @INT64 NOT NULL) @CLUSTERED;"
    "CREATE UNIQUE INDEX tokens_id ON tokens (id);"
    "CREATE INDEX tokens_user ON tokens (user_id);"
    "CREATE INDEX tokens_app ON tokens (app_id, kind);"
    "CREATE INDEX tokens_expires ON tokens (expires);"
    "CREATE INDEX tokens_twin ON tokens (twin);";

static const char drives[] =
    "CREATE TABLE drives ("
    " id @INT64 PRIMARY KEY, domain_id @INT64 NOT NULL, owner @INT64 NOT NULL, owner_kind INTEGER NOT NULL,"
    " status INTEGER NOT NULL, root @INT64 NOT NULL, bin @INT64 NOT NULL, creator @INT64 NOT NULL,"
    " name TEXT NOT NULL, description TEXT, used @INT64 NOT NULL, reserved @INT64 NOT NULL, quota @INT64 NOT NULL,"
    " is_default INTEGER NOT NULL, is_staff INTEGER NOT NULL, deleted @INT64 NOT NULL,"
    " created @INT64 NOT NULL, modified @INT64 NOT NULL);"
    "CREATE INDEX drives_owner ON drives (owner, id);"
    "CREATE UNIQUE INDEX drives_default ON drives (owner) WHERE is_default = 1 AND deleted = 0;"
    "CREATE INDEX drives_teams ON drives (domain_id, owner_kind, id);"

    "CREATE TABLE nodes ("
    " drive_id @INT64 NOT NULL, id @INT64 NOT NULL, parent_id @INT64 NOT NULL, origin @INT64 NOT NULL,"
    " content_id @INT64 NOT NULL, revision @INT64 NOT NULL, creator @INT64 NOT NULL, editor @INT64 NOT NULL,"
    " kind INTEGER NOT NULL, category INTEGER NOT NULL, duplicate @INT64 NOT NULL, name TEXT NOT NULL,"
    " name_key @BYTES NOT NULL, sort_key @BYTES NOT NULL, media_type TEXT, file_type TEXT, description TEXT,"
    " size @INT64 NOT NULL, version @INT64 NOT NULL, hidden INTEGER NOT NULL, sha1 @BYTES, sha256 @BYTES,"
    " crc64 @INT64 NOT NULL, tags TEXT, local_created TEXT, local_modified TEXT,"
    " created @INT64 NOT NULL, modified @INT64 NOT NULL, trashed @INT64 NOT NULL,"
    " PRIMARY KEY (drive_id, id)) @CLUSTERED;"
    "CREATE UNIQUE INDEX nodes_name ON nodes (drive_id, parent_id, name_key, duplicate);"
    "CREATE INDEX nodes_by_name ON nodes (drive_id, parent_id, sort_key, id);"
    "CREATE INDEX nodes_by_size ON nodes (drive_id, parent_id, size, id);"
    "CREATE INDEX nodes_by_created ON nodes (drive_id, parent_id, created, id);"
    "CREATE INDEX nodes_by_modified ON nodes (drive_id, parent_id, modified, id);"
    "CREATE INDEX nodes_by_category ON nodes (drive_id, parent_id, category, id);"
    "CREATE INDEX nodes_by_trashed ON nodes (drive_id, parent_id, trashed, id) WHERE trashed > 0;"
    "CREATE INDEX nodes_content ON nodes (drive_id, content_id, id);";

static const char content[] =
    /* What a file was before its present revision. */
    "CREATE TABLE revisions ("
    " drive_id @INT64 NOT NULL, node_id @INT64 NOT NULL, id @INT64 NOT NULL, version @INT64 NOT NULL,"
    " content_id @INT64 NOT NULL, editor @INT64 NOT NULL, size @INT64 NOT NULL, created @INT64 NOT NULL,"
    " PRIMARY KEY (drive_id, node_id, id)) @CLUSTERED;"

    "CREATE TABLE contents ("
    " id @INT64 PRIMARY KEY, size @INT64 NOT NULL, crc64 @INT64 NOT NULL, refs @INT64 NOT NULL,"
    " chunks @INT64 NOT NULL, sha256 @BYTES NOT NULL, sha1 @BYTES NOT NULL, sha1_hint @INT64 NOT NULL,"
    " pre_hint @INT64 NOT NULL, unused_since @INT64 NOT NULL);"
    "CREATE UNIQUE INDEX contents_sha256 ON contents (sha256);"
    "CREATE INDEX contents_sha1 ON contents (sha1_hint);"
    "CREATE INDEX contents_pre ON contents (pre_hint);"
    "CREATE INDEX contents_unused ON contents (unused_since) WHERE unused_since > 0;"
    "CREATE TABLE content_chunks ("
    " content_id @INT64 NOT NULL, position @INT64 NOT NULL, chunk_id @INT64 NOT NULL,"
    " PRIMARY KEY (content_id, position)) @CLUSTERED;"

    /* bytes is NULL where content/ holds them; unused_since > 0: nobody refers to it any more. */
    "CREATE TABLE chunks ("
    " id @INT64 PRIMARY KEY, size @INT64 NOT NULL, stored_here INTEGER NOT NULL, unused_since @INT64 NOT NULL,"
    " sha256 @BYTES NOT NULL, bytes @BYTES);"
    "CREATE INDEX chunks_unused ON chunks (unused_since) WHERE unused_since > 0;";

static const char uploads[] =
    "CREATE TABLE uploads ("
    " id @INT64 PRIMARY KEY, drive_id @INT64 NOT NULL, parent_id @INT64 NOT NULL, node_id @INT64 NOT NULL,"
    " user_id @INT64 NOT NULL, app_id @INT64 NOT NULL, overwrites INTEGER NOT NULL, state INTEGER NOT NULL,"
    " conflict INTEGER NOT NULL, name TEXT NOT NULL, media_type TEXT, file_type TEXT, description TEXT, tags TEXT,"
    " local_created TEXT, local_modified TEXT, hidden INTEGER NOT NULL, size @INT64 NOT NULL,"
    " reserved @INT64 NOT NULL, sha1 @BYTES, sha256 @BYTES, created @INT64 NOT NULL, expires @INT64 NOT NULL,"
    " file_created @INT64 NOT NULL);"
    "CREATE INDEX uploads_node ON uploads (node_id);"
    "CREATE INDEX uploads_expires ON uploads (expires);"
    "CREATE INDEX uploads_drive ON uploads (drive_id);"
    "CREATE TABLE parts ("
    " upload_id @INT64 NOT NULL, number INTEGER NOT NULL, chunk_id @INT64 NOT NULL, size @INT64 NOT NULL,"
    " crc64 @INT64 NOT NULL, md5 @BYTES NOT NULL, sha256 @BYTES NOT NULL, sha1 @BYTES NOT NULL,"
    " pre_sha1 @BYTES NOT NULL, received @INT64 NOT NULL, PRIMARY KEY (upload_id, number)) @CLUSTERED;"

    "CREATE TABLE shared_folders ("
    " id @INT64 PRIMARY KEY, domain_id @INT64 NOT NULL, drive_id @INT64 NOT NULL, folder_id @INT64 NOT NULL,"
    " team_id @INT64 NOT NULL, owner @INT64 NOT NULL, creator @INT64 NOT NULL, status INTEGER NOT NULL,"
    " max_members INTEGER NOT NULL, created @INT64 NOT NULL);"
    "CREATE UNIQUE INDEX shared_folders_folder ON shared_folders (folder_id);"
    "CREATE UNIQUE INDEX shared_folders_team ON shared_folders (team_id);"

    "CREATE TABLE grants ("
    " drive_id @INT64 NOT NULL, node_id @INT64 NOT NULL, holder @INT64 NOT NULL, holder_kind INTEGER NOT NULL,"
    " role INTEGER NOT NULL, created @INT64 NOT NULL, PRIMARY KEY (drive_id, node_id, holder)) @CLUSTERED;"
    "CREATE INDEX grants_holder ON grants (holder, drive_id);"

    "CREATE TABLE events ("
    " drive_id @INT64 NOT NULL, id @INT64 NOT NULL, node_id @INT64 NOT NULL, user_id @INT64 NOT NULL,"
    " app_id @INT64 NOT NULL, what INTEGER NOT NULL, at @INT64 NOT NULL,"
    " PRIMARY KEY (drive_id, id)) @CLUSTERED;";

/* Nodes apart from their key. SQLite keeps whole rows in the inner pages of a clustered table as well, so a
 * million of them stood six levels deep; now it is three, with no record to compare on the way from an index to
 * its row. The number is no INTEGER PRIMARY KEY: SQLite would not seek by (size, id) in an index then, but walk all
 * of a size (seen: 9 times the cost of a page). What a listing reads stands before what only indexes need. */
static const char nodes_beside[] =
    "CREATE TABLE nodes_moved ("
    " id @INT64 NOT NULL, drive_id @INT64 NOT NULL, parent_id @INT64 NOT NULL, name TEXT NOT NULL,"
    " details @BYTES NOT NULL, size @INT64 NOT NULL, created @INT64 NOT NULL, modified @INT64 NOT NULL,"
    " trashed @INT64 NOT NULL, content_id @INT64 NOT NULL, kind INTEGER NOT NULL, category INTEGER NOT NULL,"
    " duplicate @INT64 NOT NULL, description TEXT, name_key @BYTES NOT NULL, sort_key @BYTES NOT NULL);";
static const char nodes_instead[] =
    "DROP TABLE nodes;"
    "ALTER TABLE nodes_moved RENAME TO nodes;"
    "CREATE UNIQUE INDEX nodes_id ON nodes (drive_id, id);"
    "CREATE UNIQUE INDEX nodes_name ON nodes (drive_id, parent_id, name_key, duplicate);"
    "CREATE INDEX nodes_by_name ON nodes (drive_id, parent_id, sort_key, id);"
    "CREATE INDEX nodes_by_size ON nodes (drive_id, parent_id, size, id);"
    "CREATE INDEX nodes_by_created ON nodes (drive_id, parent_id, created, id);"
    "CREATE INDEX nodes_by_modified ON nodes (drive_id, parent_id, modified, id);"
    "CREATE INDEX nodes_by_category ON nodes (drive_id, parent_id, category, id);"
    "CREATE INDEX nodes_by_trashed ON nodes (drive_id, parent_id, trashed, id) WHERE trashed > 0;"
    "CREATE INDEX nodes_content ON nodes (drive_id, content_id, id);";

static const char accounts[] =
    "CREATE TABLE account_links ("
    " domain_id @INT64 NOT NULL, kind INTEGER NOT NULL, identity TEXT NOT NULL, extra TEXT NOT NULL,"
    " user_id @INT64 NOT NULL, shown TEXT, created @INT64 NOT NULL,"
    " PRIMARY KEY (domain_id, kind, identity, extra)) @CLUSTERED;"
    "CREATE INDEX account_links_user ON account_links (user_id, created);";

/* The folder that a node left, for who watches a part of a drive. */
static const char event_places[] =
    "ALTER TABLE events ADD COLUMN parent_id @INT64 NOT NULL DEFAULT 0;";

/* Groups in groups, administrators of groups, what users and domains are told beyond their names. */
static const char more_people[] =
    "ALTER TABLE teams ADD COLUMN parent_id @INT64 NOT NULL DEFAULT 0;"
    "ALTER TABLE teams ADD COLUMN title TEXT;"
    "UPDATE teams SET title = name;"
    "CREATE INDEX teams_parent ON teams (parent_id, id);"
    "CREATE UNIQUE INDEX teams_title ON teams (domain_id, title) WHERE kind <> 2;"
    "ALTER TABLE members ADD COLUMN creator @INT64 NOT NULL DEFAULT 0;"
    "ALTER TABLE members ADD COLUMN description TEXT;"
    "ALTER TABLE members ADD COLUMN created @INT64 NOT NULL DEFAULT 0;"
    "ALTER TABLE members ADD COLUMN modified @INT64 NOT NULL DEFAULT 0;"
    "CREATE TABLE team_admins ("
    " team_id @INT64 NOT NULL, user_id @INT64 NOT NULL, creator @INT64 NOT NULL, created @INT64 NOT NULL,"
    " PRIMARY KEY (team_id, user_id)) @CLUSTERED;"
    "CREATE INDEX team_admins_user ON team_admins (user_id, team_id);"

    "CREATE TABLE profiles ("
    " user_id @INT64 PRIMARY KEY, domain_id @INT64 NOT NULL, creator @INT64 NOT NULL, nick TEXT, avatar TEXT,"
    " phone_region TEXT, extra TEXT);"
    "CREATE INDEX profiles_nick ON profiles (domain_id, nick, user_id);"
    "CREATE INDEX users_name ON users (domain_id, name, id);"

    "ALTER TABLE drives ADD COLUMN is_closed INTEGER NOT NULL DEFAULT 0;"

    "ALTER TABLE domains ADD COLUMN title TEXT;"
    "ALTER TABLE domains ADD COLUMN description TEXT;"
    "ALTER TABLE domains ADD COLUMN first_drive INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE domains ADD COLUMN first_drive_quota @INT64 NOT NULL DEFAULT -1;"
    "ALTER TABLE domains ADD COLUMN size_quota @INT64 NOT NULL DEFAULT 0;"
    "ALTER TABLE domains ADD COLUMN charged @INT64 NOT NULL DEFAULT 0;"
    "ALTER TABLE domains ADD COLUMN user_quota @INT64 NOT NULL DEFAULT 0;"
    "ALTER TABLE domains ADD COLUMN user_count @INT64 NOT NULL DEFAULT 0;"
    "ALTER TABLE domains ADD COLUMN created @INT64 NOT NULL DEFAULT 0;"
    "ALTER TABLE domains ADD COLUMN modified @INT64 NOT NULL DEFAULT 0;"
    "UPDATE domains SET user_count = (SELECT COUNT(*) FROM users u WHERE u.domain_id = domains.id),"
    " created = COALESCE((SELECT MIN(u.created) FROM users u WHERE u.domain_id = domains.id), 0);";

/* Apps that had a key to check assertions by were made for that. */
static const char grants_of_tokens[] =
    "ALTER TABLE apps ADD COLUMN kind INTEGER NOT NULL DEFAULT 1;"
    "ALTER TABLE apps ADD COLUMN redirects TEXT;"
    "UPDATE apps SET kind = 3 WHERE public_key IS NOT NULL;"
    "ALTER TABLE tokens ADD COLUMN family @INT64 NOT NULL DEFAULT 0;"
    "ALTER TABLE tokens ADD COLUMN scopes TEXT;"
    "ALTER TABLE tokens ADD COLUMN bound TEXT;"
    "CREATE INDEX tokens_family ON tokens (family) WHERE family > 0;"
    "CREATE TABLE sign_ins (user_id @INT64 PRIMARY KEY, first @INT64 NOT NULL);";
/* What people have marked for themselves. */
static const char stars[] =
    "CREATE TABLE stars ("
    " drive_id @INT64 NOT NULL, node_id @INT64 NOT NULL, user_id @INT64 NOT NULL, starred @INT64 NOT NULL,"
    " PRIMARY KEY (drive_id, node_id, user_id)) @CLUSTERED;"
    "CREATE INDEX stars_user ON stars (drive_id, user_id, starred, node_id);";

static const char tasks[] =
    "CREATE TABLE tasks ("
    " id @INT64 PRIMARY KEY, domain_id @INT64 NOT NULL, user_id @INT64 NOT NULL, app_id @INT64 NOT NULL,"
    " share_id @INT64 NOT NULL, kind INTEGER NOT NULL, state INTEGER NOT NULL, phase INTEGER NOT NULL,"
    " drive_id @INT64 NOT NULL, node_id @INT64 NOT NULL, to_drive @INT64 NOT NULL, to_parent @INT64 NOT NULL,"
    " made @INT64 NOT NULL, content_id @INT64 NOT NULL, conflict INTEGER NOT NULL, keep_tags INTEGER NOT NULL,"
    " name TEXT, more TEXT, total @INT64 NOT NULL, done @INT64 NOT NULL, skipped @INT64 NOT NULL,"
    " failed @INT64 NOT NULL, reserved @INT64 NOT NULL, folders @INT64 NOT NULL, at_folder @INT64 NOT NULL,"
    " at_key @INT64 NOT NULL, height @INT64 NOT NULL, at_node @INT64 NOT NULL, fault TEXT, thing INTEGER NOT NULL,"
    " before @INT64 NOT NULL, created @INT64 NOT NULL, finished @INT64 NOT NULL);"
    "CREATE INDEX tasks_running ON tasks (id) WHERE state = 1;"
    "CREATE INDEX tasks_of_drive ON tasks (drive_id, kind) WHERE state = 1;"
    "CREATE INDEX tasks_finished ON tasks (finished) WHERE finished > 0;"
    "CREATE INDEX tasks_holding ON tasks (finished) WHERE content_id > 0;"
    "CREATE TABLE task_folders ("
    " task_id @INT64 NOT NULL, number @INT64 NOT NULL, from_id @INT64 NOT NULL, to_id @INT64 NOT NULL,"
    " depth INTEGER NOT NULL, PRIMARY KEY (task_id, number)) @CLUSTERED;"
    /* The open uploads of a folder end with it. */
    "DROP INDEX uploads_drive;"
    "CREATE INDEX uploads_place ON uploads (drive_id, parent_id);";

/* Links to files for whoever has them. files and writable: node numbers of eight bytes each. */
static const char share_links_2[] =
    "CREATE TABLE share_links ("
    " id @INT64 PRIMARY KEY, domain_id @INT64 NOT NULL, drive_id @INT64 NOT NULL, creator @INT64 NOT NULL,"
    " state INTEGER NOT NULL, edition @INT64 NOT NULL, code TEXT NOT NULL, name TEXT NOT NULL,"
    " description TEXT NOT NULL, sealed_password @BYTES, files @BYTES NOT NULL, writable @BYTES NOT NULL,"
    " all_files INTEGER NOT NULL, no_preview INTEGER NOT NULL, no_download INTEGER NOT NULL,"
    " no_save INTEGER NOT NULL, office_editable INTEGER NOT NULL, needs_login INTEGER NOT NULL,"
    " creatable INTEGER NOT NULL, created @INT64 NOT NULL, modified @INT64 NOT NULL, expires @INT64 NOT NULL,"
    " preview_limit @INT64 NOT NULL, download_limit @INT64 NOT NULL, save_limit @INT64 NOT NULL,"
    " take_limit @INT64 NOT NULL, accesses @INT64 NOT NULL, previews @INT64 NOT NULL,"
    " downloads @INT64 NOT NULL, saves @INT64 NOT NULL, reports @INT64 NOT NULL,"
    " video_previews @INT64 NOT NULL, name_key @BYTES NOT NULL, description_key @BYTES NOT NULL);"
    "CREATE UNIQUE INDEX share_links_code ON share_links (code);"
    "CREATE INDEX share_links_drive ON share_links (drive_id);"
    "CREATE INDEX share_links_created ON share_links (domain_id, created, id);"
    "CREATE INDEX share_links_modified ON share_links (domain_id, modified, id);"
    "CREATE INDEX share_links_name ON share_links (domain_id, name_key, id);"
    "CREATE INDEX share_links_description ON share_links (domain_id, description_key, id);"
    "CREATE INDEX share_links_own_created ON share_links (creator, created, id);"
    "CREATE INDEX share_links_own_modified ON share_links (creator, modified, id);"
    "CREATE INDEX share_links_own_name ON share_links (creator, name_key, id);"
    "CREATE INDEX share_links_own_description ON share_links (creator, description_key, id);"
    "ALTER TABLE uploads ADD COLUMN share_id @INT64 NOT NULL DEFAULT 0;";
/* What is said about revisions, the newest included. */
static const char revision_marks[] =
    "CREATE TABLE revision_marks ("
    " drive_id @INT64 NOT NULL, node_id @INT64 NOT NULL, id @INT64 NOT NULL, kept INTEGER NOT NULL,"
    " description TEXT, PRIMARY KEY (drive_id, node_id, id)) @CLUSTERED;";

/* See store/search.h. The two indexes give a whole drive in order of time. */
static const char searches[] =
    "CREATE TABLE search_recent ("
    " drive_id @INT64 NOT NULL, node_id @INT64 NOT NULL, words @BYTES NOT NULL,"
    " PRIMARY KEY (drive_id, node_id)) @CLUSTERED;"
    "CREATE TABLE search_words ("
    " drive_id @INT64 NOT NULL, segment @INT64 NOT NULL, word @BYTES NOT NULL, node_id @INT64 NOT NULL,"
    " PRIMARY KEY (drive_id, segment, word, node_id)) @CLUSTERED;"
    "CREATE TABLE search_filled (drive_id @INT64 NOT NULL, node_id @INT64 NOT NULL);"
    /* a store that has no nodes yet is filled */
    "INSERT INTO search_filled (drive_id, node_id)"
    " SELECT CASE WHEN EXISTS (SELECT 1 FROM nodes) THEN 0 ELSE 9223372036854775807 END, 0;"
    "CREATE INDEX nodes_of_drive_created ON nodes (drive_id, created, id);"
    "CREATE INDEX nodes_of_drive_modified ON nodes (drive_id, modified, id);";

/* A grant says its actions itself, who gave it and until when; `role` stays for shared folders. */
static const char grants_2[] =
    "ALTER TABLE grants ADD COLUMN actions INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE grants ADD COLUMN label INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE grants ADD COLUMN direct_only INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE grants ADD COLUMN lent INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE grants ADD COLUMN creator @INT64 NOT NULL DEFAULT 0;"
    "ALTER TABLE grants ADD COLUMN expires @INT64 NOT NULL DEFAULT 0;"
    "DROP INDEX grants_holder;"
    "CREATE INDEX grants_holder ON grants (holder, drive_id, node_id);"
    "CREATE INDEX grants_creator ON grants (creator, drive_id, node_id);"
    "CREATE INDEX grants_expires ON grants (expires) WHERE expires > 0;";
/* The share link into which a copy goes, or 0; and what guests of a share began. */
static const char task_places[] =
    "ALTER TABLE tasks ADD COLUMN to_share @INT64 NOT NULL DEFAULT 0;"
    "CREATE INDEX tasks_of_guests ON tasks (share_id, created) WHERE user_id = 0 AND app_id = 0;";

static const char parallel_uploads[] =
    "ALTER TABLE uploads ADD COLUMN parallel INTEGER NOT NULL DEFAULT 0;";

/* What a task does to nodes one by one, and how far each is. */
static const char task_items[] =
    "CREATE TABLE task_items ("
    " task_id @INT64 NOT NULL, number @INT64 NOT NULL, node_id @INT64 NOT NULL, made @INT64 NOT NULL,"
    " sub_task @INT64 NOT NULL, state INTEGER NOT NULL, name TEXT NOT NULL, fault TEXT, thing INTEGER NOT NULL,"
    " PRIMARY KEY (task_id, number)) @CLUSTERED;";

const struct migration migrations[] = {
    { 1, .sql = people },
    { 1, .sql = drives },
    { 1, .sql = content },
    { 1, .sql = uploads },
    { 2, .sql = nodes_beside, .fill = nodes_from_1 },
    { 2, .sql = nodes_instead },
    { 2, .sql = accounts },
    { 2, .sql = event_places },
    { 2, .sql = more_people },
    { 2, .sql = grants_of_tokens },
    { 2, .sql = stars },
    { 2, .sql = tasks },
    { 2, .sql = share_links_2 },
    { 2, .sql = revision_marks },
    { 2, .sql = searches },
    { 2, .sql = grants_2 },
    { 2, .sql = parallel_uploads },
    { 2, .sql = task_places },
    { 2, .sql = task_items },
};
const int migration_count = (int)COUNT(migrations);
