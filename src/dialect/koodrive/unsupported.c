/* dialect/koodrive/unsupported.c: operations of both books that are known and not implemented: they answer
 * so, with the name in x-polydrive-unsupported, rather than as paths nobody knows. */
#include "dialect/koodrive/inner.h"

static const struct word types[] = { { "0", 0 }, { "1", 1 }, { 0 } };
struct by_type {
    int type;
};
static const struct field by_type_in[] = {
    { "type", PATH, AT(struct by_type, type), .required = true, .words = types }, { 0 }
};

#define KNOWN(op_name, verb, route, whose)                                                     \
    { .name = op_name, .method = verb, .path = route, .source = "KooDrive API Reference, 2026-05", \
      .who = whose, .effect = READ, .unsupported = op_name " is not implemented" }
#define BY_TOKEN(op_name, verb, route) KNOWN(op_name, verb, KOODRIVE route, USER)
#define OPEN(op_name, verb, route) KNOWN(op_name, verb, KOODRIVE route, ANYONE)

const struct op koodrive_unsupported_ops[] = {
    /* users */
    BY_TOKEN("GetUserInfo",           "GET",    "/user/info"),
    BY_TOKEN("ModifyUserInfo",        "PUT",    "/user/info"),
    BY_TOKEN("GetUser",               "GET",    "/users/{userId}"),
    BY_TOKEN("UpdateUser",            "PUT",    "/users/{userId}"),
    BY_TOKEN("DeleteUser",            "DELETE", "/users/{userId}"),
    BY_TOKEN("CreateUser",            "POST",   "/users"),
    BY_TOKEN("GetUserList",           "GET",    "/userList"),
    BY_TOKEN("GetUserCount",          "GET",    "/users/count"),
    BY_TOKEN("GetUserMobile",         "GET",    "/users/mobile/{userId}"),
    BY_TOKEN("PreverifyBatchImport",  "POST",   "/users/batchimport/preverify"),

    /* accounts and sessions */
    OPEN(    "Register",              "POST",   "/user/register"),
    OPEN(    "ResetPassword",         "POST",   "/password/reset"),
    BY_TOKEN("ModifyPassword",        "POST",   "/password/modify"),
    OPEN(    "ValidateCode",          "POST",   "/verify/code/validate"),
    KNOWN(   "ValidateCodeUnversioned", "POST", "/koodrive/ose/verify/code/validate", ANYONE),
    OPEN(    "GetAuthCodeUrl",        "GET",    "/session/authCodeURL"),
    OPEN(    "CreateSession",         "POST",   "/session"),
    BY_TOKEN("GetSession",            "GET",    "/session/auth"),
    BY_TOKEN("RefreshSession",        "POST",   "/session/refresh"),
    OPEN(    "LogoffSession",         "GET",    "/session/logoff"),

    /* spaces */
    BY_TOKEN("GetSpace",              "GET",    "/space/{ownerId}"),
    BY_TOKEN("CreateSpace",           "POST",   "/space/{ownerId}"),
    BY_TOKEN("UpdateSpace",           "PUT",    "/space/{ownerId}"),
    BY_TOKEN("DeleteSpace",           "DELETE", "/space/{ownerId}"),
    KNOWN(   "GetSpaceV2",            "GET",    "/koodrive/ose/v2/space/{ownerId}", USER),
    BY_TOKEN("GetSpaceByContainerID", "GET",    "/space/container/{containerId}"),
    BY_TOKEN("GetUsageOverview",      "GET",    "/space/usage/overview"),
    BY_TOKEN("GetUsageQuota",         "GET",    "/space/usage/quota"),
    BY_TOKEN("GetUserUsage",          "POST",   "/space/usage/user"),
    BY_TOKEN("GetUserSpaceList",      "GET",    "/space/userList"),
    BY_TOKEN("GetGroupSpaceList",     "GET",    "/space/groupList"),
    BY_TOKEN("CreateGroupSpace",      "POST",   "/space/group"),
    BY_TOKEN("GetSpaceAllocation",    "GET",    "/space/allocation/get"),

    /* shared folders */
    BY_TOKEN("DeleteShareFolder",         "POST", "/sharefolder/delete"),
    BY_TOKEN("RenameShareFolder",         "POST", "/sharefolder/rename"),
    BY_TOKEN("GetShareFolderMetadata",    "GET",  "/sharefolder/metadata/{shareFolderId}"),
    BY_TOKEN("UserGroupInvite",           "POST", "/usergroupsInvite/invite/{groupId}"),
    BY_TOKEN("ShareFolderDeleteMember",   "POST", "/usergroupsInvite/deleteMember"),
    BY_TOKEN("InviteList",                "GET",  "/usergroupsInvite/inviteList/{groupId}"),
    BY_TOKEN("InviteDetail",              "GET",  "/usergroupsInvite/detail/{inviteId}"),
    BY_TOKEN("InviteConfrimList",         "GET",  "/usergroupsInvite/inviteConfrimList"), /* their spelling */
    BY_TOKEN("InviteConfirm",             "POST", "/usergroupsInvite/inviteConfirm/{groupId}"),

    /* files */
    { .name = "GetDepartmentFiles", .method = "POST", .path = KOODRIVE "/files/{groupId}/{type}",
      .source = "KooDrive API Reference, 2025-12", .who = USER, .effect = READ, .in = by_type_in,
      .in_size = sizeof(struct by_type), .unsupported = "GetDepartmentFiles is not implemented" },
    BY_TOKEN("RenameFile",        "POST", "/files/rename/{fileId}"),
    BY_TOKEN("ClearRecycleFile",  "POST", "/files/recycle"),
    BY_TOKEN("Search",            "POST", "/files/search"),
    BY_TOKEN("BatchFiles",        "POST", "/files/batch"),
    BY_TOKEN("StatsDir",          "GET",  "/files/statsDir"),
    BY_TOKEN("StatsDirByPost",    "POST", "/files/statsDir"),
    BY_TOKEN("GetFullPath",       "GET",  "/files/path"),
    BY_TOKEN("GetFileOperations", "GET",  "/files/{fileId}/operations"),
    BY_TOKEN("CreateSyncDir",     "POST", "/syncDir/create"),

    /* versions */
    BY_TOKEN("ListRevision",     "POST", "/revision/listRevision"),
    BY_TOKEN("GetRevision",      "POST", "/revision/getRevision"),
    BY_TOKEN("CreateRevision",   "POST", "/revision/createRevision"),
    BY_TOKEN("CompleteRevision", "POST", "/revision/completeRevision"),
    BY_TOKEN("UpdateRevision",   "POST", "/revision/updateRevision"),
    BY_TOKEN("RestoreRevision",  "POST", "/revision/restoreRevision"),
    BY_TOKEN("DeleteRevision",   "POST", "/revision/deleteRevision"),

    /* jobs */
    BY_TOKEN("GetJobList", "GET",  "/jobs"),
    BY_TOKEN("CancelJob",  "POST", "/cancel"),

    /* favourites, links, portal */
    BY_TOKEN("BatchStar",          "POST", "/star/batch"),
    BY_TOKEN("ListStars",          "GET",  "/star/files"),
    BY_TOKEN("CreateShare",        "POST", "/share"),
    BY_TOKEN("ListShares",         "GET",  "/share"),
    BY_TOKEN("GetShare",           "GET",  "/share/{shareId}"),
    BY_TOKEN("UpdateShare",        "PUT",  "/share/{shareId}"),
    BY_TOKEN("CancelShare",        "POST", "/share/cancel"),
    BY_TOKEN("ListReceivedShares", "GET",  "/share/received"),
    BY_TOKEN("GetReceivedShare",   "GET",  "/share/received/{shareId}"),
    BY_TOKEN("ExitShare",          "POST", "/share/exit"),
    BY_TOKEN("VisitShare",         "GET",  "/share/visit"),
    BY_TOKEN("GetShareUserInfo",   "GET",  "/share/userInfo"),
    BY_TOKEN("VerifyShare",        "POST", "/share/verify"),
    BY_TOKEN("ListShareFiles",     "POST", "/share/files"),
    BY_TOKEN("DownloadShareFile",  "POST", "/share/download"),
    BY_TOKEN("CreateShareTask",    "POST", "/share/tasks"),
    BY_TOKEN("GetShareTask",       "POST", "/share/taskDetail"),
    OPEN(    "VisitPublicShare",        "GET",  "/share/public/visit"),
    OPEN(    "GetPublicShareUserInfo",  "GET",  "/share/public/userInfo"),
    OPEN(    "VerifyPublicShare",       "POST", "/share/public/verify"),
    OPEN(    "ListPublicShareFiles",    "POST", "/share/public/files"),
    OPEN(    "DownloadPublicShareFile", "POST", "/share/public/download"),
    OPEN(    "CreatePublicShareTask",   "POST", "/share/public/tasks"),
    BY_TOKEN("ListRecentlyAccess", "GET",  "/access"),
    BY_TOKEN("ListRelatedToMe",    "GET",  "/related"),

    /* departments, user groups, permissions */
    BY_TOKEN("GetDepartmentList",    "GET",    "/departmentList"),
    BY_TOKEN("CreateDepartment",     "POST",   "/departments"),
    BY_TOKEN("GetDepartment",        "GET",    "/departments/{id}"),
    BY_TOKEN("UpdateDepartment",     "PUT",    "/departments/{id}"),
    BY_TOKEN("DeleteDepartment",     "DELETE", "/departments/{id}"),
    BY_TOKEN("GetUserGroupList",     "GET",    "/usergroups"),
    BY_TOKEN("CreateUserGroup",      "POST",   "/usergroups"),
    BY_TOKEN("DeleteUserGroup",      "DELETE", "/usergroups/{id}"),
    BY_TOKEN("GetUserGroupMembers",  "GET",    "/usergroups/{id}/members"),
    BY_TOKEN("BatchAddMembers",      "POST",   "/usergroups/{id}/members/batchAdd"),
    BY_TOKEN("BatchDeleteMembers",   "POST",   "/usergroups/{id}/members/batchDelete"),
    BY_TOKEN("GetPermissionUserList", "GET",   "/permission/userList"),
    BY_TOKEN("CreatePermissionTemplate",   "POST", "/permission/template/create"),
    BY_TOKEN("EditPermissionTemplate",     "POST", "/permission/template/edit"),
    BY_TOKEN("DeletePermissionTemplate",   "POST", "/permission/template/delete"),
    BY_TOKEN("BatchGetPermissionTemplate", "POST", "/permission/template/batchGet"),
    BY_TOKEN("ListPermissionTemplate",     "GET",  "/permission/template/list"),
    BY_TOKEN("GetPermissionTemplateRef",   "GET",  "/permission/template/ref/{id}"),

    /* hand-over tasks, messages, the service */
    BY_TOKEN("CreateTask",         "POST", "/task/create"),
    BY_TOKEN("ListTasks",          "GET",  "/task/list"),
    BY_TOKEN("GetTask",            "GET",  "/task/{task_id}"),
    BY_TOKEN("GetTaskResult",      "GET",  "/task/result"),
    BY_TOKEN("GetTaskUserInfo",    "GET",  "/task/dstUserInfo/{id}"),
    BY_TOKEN("GetUnreadCount",     "GET",  "/message/unreadCount"),
    BY_TOKEN("BatchReadMessages",  "POST", "/message/batchRead"),
    BY_TOKEN("GetService",         "GET",  "/service"),
    BY_TOKEN("GetServiceQuotaUsed", "GET", "/service/quotaUsed"),
    BY_TOKEN("OrderPackage",       "POST", "/org/package"),
    BY_TOKEN("GetJsSdkInfo",       "GET",  "/sdk/get-js-sdk-info"),
    { 0 },
};
