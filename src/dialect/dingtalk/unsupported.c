/* dialect/dingtalk/unsupported.c: operations of the vendor's pages that are known and not implemented.
 *
 * Each answers an error that says so, so that a client's author is not left to look for a mistake in
 * the address. A row leaves this table when the operation gets one of its own. */
#include "dialect/dingtalk/parts.h"

static const char reason[] = "known, and not implemented here";

#define KNOWN(op_name, op_method, op_path, page, op_who)                                          \
    { .name = op_name, .method = op_method, .path = op_path, .source = page, .who = op_who,       \
      .effect = READ, .unsupported = reason }

/* drive 1.0: the calls without a space, then those on the files of one. */
#define DRIVE(op_name, method, path) \
    KNOWN(op_name, method, "/v1.0/drive" path, "DingTalk drive 1.0 " op_name ", 2026-08", USER)
#define FILES(op_name, method, path) DRIVE(op_name, method, "/spaces/{spaceId}/files" path)

/* storage 1.0: the same for spaces, for one dentry (file or folder) and for one recycle bin. Some
 * names are those of drive calls, so all carry their family in front. */
#define STORAGE(op_name, method, path)                                                            \
    KNOWN("Storage" op_name, method, "/v1.0/storage" path,                                        \
          "DingTalk storage 1.0 " op_name ", 2026-08", USER)
#define SPACE(op_name, method, path)  STORAGE(op_name, method, "/spaces/{spaceId}" path)
#define DENTRY(op_name, method, path) SPACE(op_name, method, "/dentries/{dentryId}" path)
#define BIN(op_name, method, path)    STORAGE(op_name, method, "/recycleBins/{recycleBinId}" path)

/* storage 2.0 */
#define STORAGE2(op_name, method, path)                                                           \
    KNOWN("StorageV2" op_name, method, "/v2.0/storage" path,                                      \
          "DingTalk storage 2.0 " op_name ", 2026-08", USER)
#define UPLOAD2(op_name, method, path) STORAGE2(op_name, method, "/spaces/files/{parentDentryUuid}" path)
#define RIGHTS2(op_name, method, path) \
    STORAGE2(op_name, method, "/spaces/dentries/{dentryUuid}/permissions" path)

/* identity */
#define TOKEN(op_name, path) \
    KNOWN(op_name, "POST", path, "DingTalk oauth2 1.0 " op_name ", 2026-08", ANYONE)
#define LEGACY(op_name, path) \
    KNOWN(op_name, "POST", path, "DingTalk " path " (legacy host), 2026-08", ANYONE)

const struct op dingtalk_unsupported_ops[] = {
    DRIVE("ManagementListSpaces",        "POST",   "/managements/spaces/query"),
    DRIVE("ManagementModifySpace",       "PUT",    "/managements/spaces"),
    DRIVE("AddCustomSpace",              "POST",   "/spaces/customSpaces"),
    FILES("AddFile",                     "POST",   ""),
    FILES("GetUploadInfo",               "GET",    "/{parentId}/uploadInfos"),
    FILES("GetDownloadInfo",             "GET",    "/{fileId}/downloadInfos"),
    FILES("CopyFile",                    "POST",   "/{fileId}/copy"),
    FILES("MoveFile",                    "POST",   "/{fileId}/move"),
    FILES("MoveFiles",                   "POST",   "/batchMove"),
    FILES("RenameFile",                  "POST",   "/{fileId}/rename"),
    FILES("DeleteFile",                  "DELETE", "/{fileId}"),
    FILES("DeleteFiles",                 "POST",   "/batchDelete"),
    DRIVE("GetAsyncTaskInfo",            "GET",    "/tasks/{taskId}"),
    DRIVE("ListRecycleFiles",            "GET",    "/recycleItems"),
    DRIVE("RecoverRecycleFiles",         "POST",   "/recycleItems/recover"),
    DRIVE("DeleteRecycleFiles",          "POST",   "/recycleItems/delete"),
    DRIVE("ClearRecycleFiles",           "POST",   "/recycleItems/clear"),
    FILES("ListPermissions",             "GET",    "/{fileId}/permissions"),
    FILES("AddPermission",               "POST",   "/{fileId}/permissions"),
    FILES("ModifyPermission",            "PUT",    "/{fileId}/permissions"),
    FILES("DeletePermission",            "POST",   "/{fileId}/permissions/delete"),
    FILES("GetPrivilegeInfo",            "GET",    "/{fileId}/privileges"),
    FILES("GrantPrivilegeOfCustomSpace", "POST",   "/customSpacePrivileges"),
    FILES("GetPreviewInfo",              "GET",    "/{fileId}/previewInfos"),
    DRIVE("GetQuotaInfos",               "POST",   "/quotaInfos/query"),
    DRIVE("ManagementBuyQuota",          "POST",   "/managements/quotas/buy"),

    STORAGE("AddSpace",                    "POST",   "/spaces"),
    SPACE(  "GetSpace",                    "GET",    ""),
    SPACE(  "AddFolder",                   "POST",   "/dentries/{parentId}/folders"),
    SPACE(  "ListDentries",                "GET",    "/dentries"),
    SPACE(  "ListAllDentries",             "POST",   "/dentries/listAll"),
    DENTRY( "GetDentry",                   "POST",   "/query"),
    SPACE(  "GetDentries",                 "POST",   "/dentries/query"),
    DENTRY( "RenameDentry",                "POST",   "/rename"),
    DENTRY( "CopyDentry",                  "POST",   "/copy"),
    DENTRY( "MoveDentry",                  "POST",   "/move"),
    SPACE(  "CopyDentries",                "POST",   "/dentries/batchCopy"),
    SPACE(  "MoveDentries",                "POST",   "/dentries/batchMove"),
    DENTRY( "DeleteDentry",                "DELETE", ""),
    SPACE(  "DeleteDentries",              "POST",   "/dentries/batchRemove"),
    SPACE(  "GetFileUploadInfo",           "POST",   "/files/uploadInfos/query"),
    SPACE(  "InitMultipartFileUpload",     "POST",   "/files/multiPartUploadInfos/init"),
    STORAGE("GetMultipartFileUploadInfos", "POST",   "/spaces/files/multiPartUploadInfos/query"),
    SPACE(  "CommitFile",                  "POST",   "/files/commit"),
    DENTRY( "GetFileDownloadInfo",         "POST",   "/downloadInfos/query"),
    DENTRY( "ListDentryVersions",          "GET",    "/versions"),
    DENTRY( "RevertDentryVersion",         "POST",   "/versions/{version}/revert"),
    STORAGE("GetRecycleBin",               "GET",    "/recycleBins"),
    BIN(    "ListRecycleItems",            "GET",    "/recycleItems"),
    BIN(    "GetRecycleItem",              "GET",    "/recycleItems/{recycleItemId}"),
    BIN(    "RestoreRecycleItem",          "POST",   "/recycleItems/{recycleItemId}/restore"),
    BIN(    "RestoreRecycleItems",         "POST",   "/recycleItems/batchRestore"),
    BIN(    "DeleteRecycleItem",           "DELETE", "/recycleItems/{recycleItemId}"),
    BIN(    "DeleteRecycleItems",          "POST",   "/recycleItems/batchRemove"),
    BIN(    "ClearRecycleBin",             "POST",   "/clear"),
    STORAGE("GetTask",                     "GET",    "/tasks/{taskId}"),
    SPACE(  "GetDentryThumbnails",         "POST",   "/thumbnails/query"),
    DENTRY( "GetDentryOpenInfo",           "POST",   "/openInfos/query"),
    DENTRY( "AddPermission",               "POST",   "/permissions"),
    DENTRY( "UpdatePermission",            "PUT",    "/permissions"),
    DENTRY( "DeletePermission",            "POST",   "/permissions/remove"),
    DENTRY( "ListPermissions",             "POST",   "/permissions/query"),
    DENTRY( "UpdateDentryAppProperties",   "PUT",    "/appProperties"),
    DENTRY( "DeleteDentryAppProperties",   "POST",   "/appProperties/remove"),
    STORAGE("GetOrg",                      "GET",    "/orgs/{corpId}"),
    STORAGE("GetCurrentApp",               "POST",   "/currentApps/query"),
    SPACE(  "BatchQueryRoles",             "POST",   "/dentries/permissions/roles/batchQuery"),
    DENTRY( "GetWebOfficeUrl",             "GET",    "/webOfficeUrls"),
    DENTRY( "RefreshWebOfficeToken",       "GET",    "/refreshWebOfficeToken"),
    DENTRY( "RegisterOpenInfo",            "POST",   "/openInfos/register"),
    STORAGE("SubscribeEvent",              "POST",   "/events/subscribe"),
    STORAGE("UnsubscribeEvent",            "POST",   "/events/unsubscribe"),

    UPLOAD2( "GetFileUploadInfo",        "POST",   "/uploadInfos/query"),
    UPLOAD2( "CommitFile",               "POST",   "/commit"),
    RIGHTS2( "AddPermission",            "POST",   ""),
    RIGHTS2( "UpdatePermission",         "PUT",    ""),
    RIGHTS2( "DeletePermission",         "POST",   "/remove"),
    RIGHTS2( "ListPermissions",          "POST",   "/query"),
    RIGHTS2( "GetPermissionInheritance", "GET",    "/inheritances"),
    RIGHTS2( "SetPermissionInheritance", "PUT",    "/inheritances"),
    RIGHTS2( "GetPermissionShareScope",  "GET",    "/scopes"),
    RIGHTS2( "SetPermissionShareScope",  "PUT",    "/scopes"),
    STORAGE2("BatchQueryRoles",          "POST",   "/spaces/dentries/permissions/roles/batchQuery"),
    STORAGE2("SearchDentries",           "POST",   "/dentries/search"),

    TOKEN("GetUserToken",        "/v1.0/oauth2/userAccessToken"),
    TOKEN("GetCorpAccessToken",  "/v1.0/oauth2/corpAccessToken"),
    TOKEN("GetSuiteAccessToken", "/v1.0/oauth2/suiteAccessToken"),
    KNOWN("GetUser", "GET", "/v1.0/contact/users/{unionId}", "DingTalk contact 1.0 GetUser, 2026-08", USER),
    LEGACY("GetUserByUserId",  "/topapi/v2/user/get"),
    LEGACY("GetUserByUnionId", "/topapi/user/getbyunionid"),
    LEGACY("GetUserByMobile",  "/topapi/v2/user/getbymobile"),
    { 0 },
};
