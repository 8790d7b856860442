#include "drive/shared_folder.h"

#include "base/names.h"
#include "drive/access.h"
#include "drive/group.h"
#include "drive/site.h"
#include "store/drives.h"
#include "store/grants.h"
#include "store/nodes.h"
#include "store/store.h"

enum fault shared_folder_create(struct cx *cx, const struct drive *drive, str name, int max_members,
                                struct shared_folder *out)
{
    struct node  root;
    struct made  made;
    struct group group;
    if (drive->owner_kind != OWNER_USER || drive->owner.v != cx->caller->user.v)
        return fail(cx, FAULT_FORBIDDEN, .thing = THING_DRIVE, .because = "shared folders stand in one's own drive");
    TRY(store_node(cx, drive->id, drive->root, &root));
    TRY(access_require(cx, drive, &root, ACTION_CREATE));
    const struct folder_want want = { .drive = *drive, .parent = root, .name = name, .conflict = CONFLICT_REFUSE };
    TRY(folder_create(cx, &want, &made));
    if (made.exists)
        return fail(cx, FAULT_EXISTS, .thing = THING_NODE, .field = "name", .got = name, .other = made.node.id.v);
    const str label = arena_print(cx->arena, "folder %lld", (long long)made.node.id.v);
    TRY(group_add(cx, label, S(""), GROUP_SHARED_FOLDER, &group));
    TRY(group_join(cx, group.id, cx->caller->user, SHARE_OWNER));
    const struct grant grant = { .drive = drive->id, .node = made.node.id, .holder = group.id, .role = SHARE_EDITOR,
                                 .holder_kind = OWNER_GROUP, .creator = cx->caller->user, .created = cx->now };
    TRY(store_grant_put(cx, &grant));
    *out = (struct shared_folder){
        .domain = drive->domain, .drive = drive->id, .folder = made.node.id, .group = group.id,
        .owner = drive->owner, .creator = cx->caller->user, .name = made.node.name, .status = STATUS_ENABLED,
        .max_members = max_members, .created = cx->now,
    };
    TRY(store_next_id(cx, &out->id));
    return store_shared_folder_add(cx, out);
}

/* Neither in the bin nor below what is. */
static enum fault is_live(struct cx *cx, const struct shared_folder *shared, bool *live)
{
    struct drive drive;
    struct node  folder;
    int          where = 0;
    enum fault   fault = store_drive(cx, shared->domain, shared->drive, &drive);
    if (fault == OK)
        fault = store_node(cx, shared->drive, shared->folder, &folder);
    if (fault == OK)
        fault = node_where(cx, &drive, &folder, &where);
    *live = fault == OK && where == SCOPE_LIVE;
    return fault == FAULT_NOT_FOUND ? OK : fault; /* gone since it was listed */
}

enum fault shared_folder_list(struct cx *cx, enum shared_folder_whose whose, str name_part, int64_t offset, int limit,
                              struct list *out)
{
    struct list all;
    const id    me = cx->caller->user;
    const str   needle = name_folded(cx->arena, name_part.p ? name_part : S(""));
    TRY(store_shared_folders_of(cx, me, &all));
    struct shared_folder *items = all.items;
    size_t kept = 0;
    for (size_t i = 0; i < all.count && kept < (size_t)limit; i++) {
        const bool mine = items[i].owner.v == me.v;
        bool       live;
        if ((whose == WHOSE_MINE && !mine) || (whose == WHOSE_JOINED && mine)
            || !name_contains(cx->arena, items[i].name, needle))
            continue;
        TRY(is_live(cx, &items[i], &live));
        if (!live || offset-- > 0)
            continue;
        items[kept++] = items[i];
    }
    *out = (struct list){ items, kept };
    return OK;
}

enum fault shared_folder_find(struct cx *cx, str text, struct shared_folder *out)
{
    int64_t number;
    int     role = 0;
    const enum fault fault = str_int64(text, &number) && number > 0
                                 ? store_shared_folder(cx, (id){ number }, out) : FAULT_NOT_FOUND;
    if (fault == OK)
        TRY(store_member_role(cx, out->group, cx->caller->user, &role));
    if (fault == FAULT_NOT_FOUND || !role)
        return fail(cx, FAULT_NOT_FOUND, .thing = THING_SHARED_FOLDER, .got = text);
    return fault;
}

enum fault shared_folder_join(struct cx *cx, id shared_folder, id user, enum share_role role)
{
    struct shared_folder folder;
    int64_t              members;
    if (store_shared_folder(cx, shared_folder, &folder) != OK)
        return fail(cx, FAULT_NOT_FOUND, .thing = THING_SHARED_FOLDER);
    TRY(store_member_count(cx, folder.group, &members));
    if (members >= folder.max_members)
        return fail(cx, FAULT_CONFLICT, .thing = THING_SHARED_FOLDER, .because = "the shared folder is full",
                    .max = folder.max_members);
    return group_join(cx, folder.group, user, role);
}
