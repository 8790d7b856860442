/* The tables themselves: sound, complete, and each route claimed once. */
#include "test.h"

#include "contract/inner.h"
#include "dialect/dingtalk/dingtalk.h"

static const struct dialect *const alone[] = { &dingtalk_dialect, NULL };

TEST(dingtalk_rows, are_sound_and_claim_each_route_once)
{
    AUTO(arena_free) struct arena *arena = arena_new();
    struct routes routes;
    str           error = S0;
    const bool    sound = routes_read(&routes, alone, arena, &error);
    CHECK_CASE(arena_z(arena, error), sound);
}

static const struct op *found(const struct routes *routes, const char *method, const char *path)
{
    const struct route *route = route_find(routes, str_of(method), str_of(path));
    return route ? route->op : NULL;
}

TEST(dingtalk_rows, are_found_where_literals_and_parameters_meet)
{
    static const struct {
        const char *method, *path, *name;
    } cases[] = {
        { "GET", "/v1.0/drive/spaces", "ListSpaces" },
        { "GET", "/v1.0/drive/spaces/7", "InfoSpace" },
        { "GET", "/v1.0/drive/spaces/abc", "InfoSpace" }, /* a bad parameter, not an unknown address */
        { "POST", "/v1.0/drive/spaces/customSpaces", "AddCustomSpace" },
        { "POST", "/v1.0/drive/spaces/7/files/batchMove", "MoveFiles" },
        { "POST", "/v1.0/drive/spaces/7/files/customSpacePrivileges", "GrantPrivilegeOfCustomSpace" },
        { "GET", "/v1.0/drive/spaces/7/files/0/uploadInfos", "GetUploadInfo" },
        { "GET", "/v1.0/drive/spaces/7/files/8/downloadInfos", "GetDownloadInfo" },
        { "POST", "/v1.0/oauth2/main/token", "GetToken" },
        { "POST", "/v1.0/oauth2/accessToken", "GetAccessToken" },
        { "POST", "/v1.0/storage/spaces/7/dentries/listAll", "StorageListAllDentries" },
        { "POST", "/v1.0/storage/spaces/7/dentries/query", "StorageGetDentries" },
        { "POST", "/v1.0/storage/spaces/7/dentries/8/query", "StorageGetDentry" },
        { "POST", "/v1.0/storage/spaces/files/multiPartUploadInfos/query",
          "StorageGetMultipartFileUploadInfos" },
        { "POST", "/v1.0/storage/spaces/7/dentries/permissions/roles/batchQuery", "StorageBatchQueryRoles" },
        { "POST", "/v2.0/storage/spaces/dentries/permissions/roles/batchQuery", "StorageV2BatchQueryRoles" },
    };
    AUTO(arena_free) struct arena *arena = arena_new();
    struct routes routes;
    str           error;
    CHECK(routes_read(&routes, alone, arena, &error));
    for (size_t i = 0; i < COUNT(cases); i++) {
        const struct op *op = found(&routes, cases[i].method, cases[i].path);
        CHECK_CASE(cases[i].path, op && strcmp(op->name, cases[i].name) == 0);
    }
    CHECK(!found(&routes, "PATCH", "/v1.0/drive/spaces"));
}

static void see_drive(void *arg, const struct op *op)
{
    if (str_starts(str_of(op->path), S("/v1.0/drive/")))
        ++*(size_t *)arg;
}

TEST(dingtalk_rows, know_all_33_drive_operations)
{
    size_t count = 0;
    ops_each(&dingtalk_dialect, see_drive, &count);
    CHECK(count == 33);
}

TEST_MAIN
