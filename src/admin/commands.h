/* admin/commands.h: the subcommands' functions, for the rows of main.c. Each gives an exit code. */
#ifndef ADMIN_COMMANDS_H
#define ADMIN_COMMANDS_H

#include "admin/command.h"

int user_add_command(struct run *run);
int user_list_command(struct run *run);
int user_passwd_command(struct run *run);
int user_disable_command(struct run *run);
int user_enable_command(struct run *run);
int user_remove_command(struct run *run);

int group_add_command(struct run *run);
int group_list_command(struct run *run);
int group_join_command(struct run *run);
int group_leave_command(struct run *run);

int drive_add_command(struct run *run);
int drive_list_command(struct run *run);
int drive_quota_command(struct run *run);

int app_add_command(struct run *run);
int app_list_command(struct run *run);
int app_remove_command(struct run *run);

int token_issue_command(struct run *run);
int token_revoke_command(struct run *run);

int serve_command(struct run *run);
int demo_command(struct run *run);
int env_command(struct run *run);
int check_command(struct run *run);
int openapi_command(struct run *run);
int version_command(struct run *run);

#endif
