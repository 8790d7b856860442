/* main.c: the two tables of the program: its commands, and the vendors whose APIs it speaks. */
#include "admin/commands.h"
#include "dialect/dingtalk/dingtalk.h"
#include "dialect/koodrive/koodrive.h"
#include "dialect/pds/pds.h"
#include "serve.h"

/* ---- vendors: one line each; and what `polydrive env` tells their clients ---- */

static const struct variable pds_variables[] = {
    { "PDS_ENDPOINT", MEANS_ENDPOINT },
    { "PDS_DOMAIN_ID", MEANS_DOMAIN },
    { "PDS_ACCESS_TOKEN", MEANS_USER_TOKEN },
    { "PDS_ACCESS_KEY_ID", MEANS_APP_KEY },
    { "PDS_ACCESS_KEY_SECRET", MEANS_APP_SECRET },
    { "PDS_USER_ID", MEANS_USER },
    { "PDS_DRIVE_ID", MEANS_DRIVE },
    { 0 }
};

static const struct variable dingtalk_variables[] = {
    { "DINGTALK_ENDPOINT", MEANS_ENDPOINT },
    { "DINGTALK_CORP_ID", MEANS_DOMAIN },
    { "DINGTALK_APP_KEY", MEANS_APP_KEY },
    { "DINGTALK_APP_SECRET", MEANS_APP_SECRET },
    { "DINGTALK_ACCESS_TOKEN", MEANS_APP_TOKEN },
    { "DINGTALK_UNION_ID", MEANS_USER },
    { "DINGTALK_SPACE_ID", MEANS_DRIVE },
    { 0 }
};

static const struct variable koodrive_variables[] = {
    { "KOODRIVE_ENDPOINT", MEANS_ENDPOINT },
    { "KOODRIVE_TENANT_ID", MEANS_DOMAIN },
    { "KOODRIVE_ACCESS_TOKEN", MEANS_USER_TOKEN },
    { "KOODRIVE_APP_ID", MEANS_APP_KEY },
    { "KOODRIVE_APP_SECRET", MEANS_APP_SECRET },
    { "KOODRIVE_USER_ID", MEANS_USER },
    { "KOODRIVE_CONTAINER_ID", MEANS_DRIVE },
    { 0 }
};

static const struct vendor vendors[] = {
    { &pds_dialect, pds_variables },
    { &dingtalk_dialect, dingtalk_variables },
    { &koodrive_dialect, koodrive_variables },
    { 0 }
};

/* ---- commands ---- */

static const struct command commands[] = {
    { "serve", NULL, NULL, 0, 0, "", true, serve_command, "runs the server until SIGTERM" },
    { "demo", NULL, NULL, 0, 0, "", true, demo_command, "runs a server on data that is seeded now and deleted at the end",
      .refuses = "data db content key_file" },
    { "env", NULL, "VENDOR", 1, 1, "user format json", false, env_command,
      "prints what a client of pds, dingtalk or koodrive needs" },
    { "user", "add", "NAME", 1, 1, "id admin drive password-stdin json", false, user_add_command, "makes a user" },
    { "user", "list", NULL, 0, 0, "json", false, user_list_command, "lists users" },
    { "user", "passwd", "USER", 1, 1, "password-stdin json", false, user_passwd_command,
      "gives a random password, or the one from standard input" },
    { "user", "disable", "USER", 1, 1, "json", false, user_disable_command, "ends all access of a user" },
    { "user", "enable", "USER", 1, 1, "json", false, user_enable_command, "lets a disabled user in again" },
    { "user", "remove", "USER", 1, 1, "json", false, user_remove_command, "removes a user who owns no drive" },
    { "group", "add", "NAME", 1, 1, "description json", false, group_add_command, "makes a team" },
    { "group", "list", NULL, 0, 0, "json", false, group_list_command, "lists groups" },
    { "group", "join", "GROUP USER", 2, 2, "role json", false, group_join_command, "makes a member, or changes the role" },
    { "group", "leave", "GROUP USER", 2, 2, "json", false, group_leave_command, "ends a membership" },
    { "drive", "add", "NAME", 1, 1, "owner quota description json", false, drive_add_command, "makes a drive" },
    { "drive", "list", NULL, 0, 0, "json", false, drive_list_command, "lists drives" },
    { "drive", "quota", "ID BYTES", 2, 2, "json", false, drive_quota_command, "sets the most a drive may hold, or none" },
    { "app", "add", "NAME", 1, 1, "user public-key kind redirect-uri json", false, app_add_command,
      "makes a key and a secret, for the domain or for one user" },
    { "app", "list", NULL, 0, 0, "json", false, app_list_command, "lists apps" },
    { "app", "remove", "NAME|KEY", 1, 1, "json", false, app_remove_command, "ends an app and its tokens" },
    { "token", "issue", "USER", 1, 1, "ttl api-key scope json", false, token_issue_command, "makes an access token" },
    { "token", "revoke", "TOKEN", 1, 1, "json", false, token_revoke_command, "ends a token; - reads it from standard input" },
    { "check", NULL, NULL, 0, 0, "content repair json", false, check_command,
      "verifies the store, and with --content every byte" },
    { "openapi", NULL, "[VENDOR]", 0, 1, "json", true, openapi_command, "prints the contract as OpenAPI 3.1" },
    { "version", NULL, NULL, 0, 0, "json", false, version_command, "prints the version" },
    { 0 }
};

int main(int argc, char **argv)
{
    static const struct lent lent = { vendors, serve_run };
    return command_main(argc, argv, commands, &lent);
}
