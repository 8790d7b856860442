/* dialect/pds/unsupported.c: operations that PDS has and this server has not yet.
 *
 * They answer OperationNotSupport, so that a client is told apart what is missing here from what the
 * vendor does not have either. A row moves to its object's file when it is built. */
#include "dialect/pds/inner.h"

#define PAGE "PDS API reference, 2022-03-01"
#define SDKS "official SDKs; not in the 2022-03-01 reference"

/* For callers with a token or key. */
#define LATER(name, method, path, source) \
    { name, method, path, source, USER, READ, .unsupported = name }

const struct op pds_unsupported_ops[] = {
    /* accounts, benefits, domains, permissions, revisions, images */
    LATER("RemoveFaceGroupFile", "POST", "/v2/albums/unassign_facegroup_item", PAGE),
    LATER("AuditLogExport", "POST", "/v2/audit_log/export", PAGE),
    LATER("CreateIdentityToBenefitPkgMapping", "POST", "/v2/benefit/identity_to_benefit_pkg_mapping/create", PAGE),
    LATER("GetIdentityToBenefitPkgMapping", "POST", "/v2/benefit/identity_to_benefit_pkg_mapping/get", PAGE),
    LATER("ListIdentityToBenefitPkgMapping", "POST", "/v2/benefit/identity_to_benefit_pkg_mapping/list", PAGE),
    LATER("UpdateIdentityToBenefitPkgMapping", "POST", "/v2/benefit/identity_to_benefit_pkg_mapping/update", PAGE),
    LATER("PunishFile", "POST", "/v2/csi/business/punish_file", PAGE),
    LATER("CsiGetFileInfo", "POST", "/v2/csi/get_file_info", PAGE),
    LATER("InvestigateFile", "POST", "/v2/csi/investigate_file", PAGE),
    LATER("CreateDomain", "POST", "/v2/domain/create", PAGE),
    LATER("CreateOrder", "POST", "/v2/domain/create_order", PAGE),
    LATER("DeleteDomain", "POST", "/v2/domain/delete", PAGE),
    LATER("QueryOrderPrice", "POST", "/v2/domain/query_order_price", PAGE),
    LATER("GetVideoPreviewPlayInfo", "POST", "/v2/file/get_video_preview_play_info", PAGE),
    LATER("GetVideoPreviewPlayMeta", "POST", "/v2/file/get_video_preview_play_meta", PAGE),
    LATER("VideoDRMLicense", "POST", "/v2/file/video_drm_license", PAGE),
    LATER("AddStoryFiles", "POST", "/v2/image/add_story_files", PAGE),
    LATER("CreateCustomizedStory", "POST", "/v2/image/create_customized_story", PAGE),
    LATER("CreateSimilarImageClusterTask", "POST", "/v2/image/create_similar_image_cluster_task", PAGE),
    LATER("CreateStory", "POST", "/v2/image/create_story", PAGE),
    LATER("DeleteStory", "POST", "/v2/image/delete_story", PAGE),
    LATER("SearchStories", "POST", "/v2/image/find_stories", PAGE),
    LATER("GetStory", "POST", "/v2/image/get_story", PAGE),
    LATER("GetTaskStatus", "POST", "/v2/image/get_task_status", PAGE),
    LATER("ListAddressGroups", "POST", "/v2/image/list_address_groups", PAGE),
    LATER("ListFacegroups", "POST", "/v2/image/list_facegroups", PAGE),
    LATER("ListTags", "POST", "/v2/image/list_tags", PAGE),
    LATER("SearchSimilarImageClusters", "POST", "/v2/image/query_similar_image_clusters", PAGE),
    LATER("RemoveStoryFiles", "POST", "/v2/image/remove_story_files", PAGE),
    LATER("SearchAddressGroups", "POST", "/v2/image/search_address_groups", PAGE),
    LATER("UpdateFacegroup", "POST", "/v2/image/update_facegroup_info", PAGE),
    LATER("UpdateStory", "POST", "/v2/image/update_story", PAGE),

    /* what only the SDKs know */
    LATER("GetOfficePreviewUrl", "POST", "/v2/file/get_office_preview_url", SDKS),
    LATER("GetOfficeEditUrl", "POST", "/v2/file/get_office_edit_url", SDKS),
    LATER("RefreshOfficeEditToken", "POST", "/v2/file/refresh_office_edit_token", SDKS),
    LATER("GetVideoPreviewUrl", "POST", "/v2/file/get_video_preview_url", SDKS),
    LATER("WalkFile", "POST", "/v2/file/walk", SDKS),
    LATER("ListFileActivity", "POST", "/v2/file/list_activity", SDKS),
    LATER("CreateFileWithProof", "POST", "/v2/file/create_with_proof", SDKS),
    { 0 }
};
