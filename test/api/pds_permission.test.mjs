// Permissions on files: FileAddPermission (/v2/file/add_permission), FileRemovePermission (/v2/file/remove_permission),
// FileListPermission (/v2/file/list_permission), /v2/file/list_inherit_permission, /v2/file/list_user_permission,
// ListReceivedFile (/v2/file/list_received_file), /v2/file/list_sharing_file, /v2/file/list_manage_sharing_file.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { request, startServer } from './harness.mjs';
import { pdsUpload } from './transfer.mjs';
import { alterations, call, done, folder, refused, walk } from './pds.mjs';

const NEVER = 4775500800000;
let s, boss, ann, ben, carl, dan, crew, team;
before(async () => {
  s = await startServer();
  boss = await s.person('boss', { admin: true });
  for (const [name, set] of [['ann', p => { ann = p; }], ['ben', p => { ben = p; }], ['carl', p => { carl = p; }],
    ['dan', p => { dan = p; }]])
    set(await s.person(name, { drive: true }));
  crew = String((await s.cli('group', 'add', 'crew')).group_id);
  team = { ...ann, drive_id: (await s.cli('drive', 'add', 'Crew', '--owner', 'crew')).drive_id };
  await s.cli('group', 'join', 'crew', 'carl', '--role', 'manager');
});
after(() => s?.stop());

const user = who => ({ identity_type: 'IT_User', identity_id: who.user_id });
const group = id => ({ identity_type: 'IT_Group', identity_id: id });
const add = (file_id, member, by = ann, drive = ann) =>
  call(s, by, '/file/add_permission', { drive_id: drive.drive_id, file_id, member_list: [member].flat() });
const remove = (file_id, member, by = ann, drive = ann) =>
  call(s, by, '/file/remove_permission', { drive_id: drive.drive_id, file_id, member_list: [member].flat() });
const list = async (file_id, by = ann, drive = ann) =>
  done(await call(s, by, '/file/list_permission', { drive_id: drive.drive_id, file_id }));
const get = (file_id, by, drive = ann) => call(s, by, '/file/get', { drive_id: drive.drive_id, file_id });
const may = async (file_id, by, drive = ann) => done(await get(file_id, by, drive)).action_list.map(a => a.replace('FILE.', '')).sort();
const place = async name => {
  const top = (await folder(s, ann, name)).file_id;
  return { top, below: (await pdsUpload(s, ann, 'x.txt', [Buffer.from('x')], { parent_file_id: top })).file_id };
};

const LOOK = ['LIST', 'VISIBLE'], VIEW = [...LOOK, 'PREVIEW'], DOWN = [...VIEW, 'DOWNLOAD', 'COPY'];
const EDIT = [...DOWN, 'CREATE', 'UPDATE', 'MOVE', 'DELETE'];
const roles = {
  SystemFileOwner: [...EDIT, 'SHARELINK'], SystemFileEditor: [...EDIT, 'SHARELINK'],
  SystemFileEditorWithoutDelete: [...DOWN, 'CREATE', 'UPDATE', 'SHARELINK'], SystemFileEditorWithoutShareLink: EDIT,
  SystemFileMetaViewer: LOOK, SystemFileViewer: VIEW, SystemFileDownloader: DOWN,
  SystemFileDownloaderWithShareLink: [...DOWN, 'SHARELINK'], SystemFileUploader: [...LOOK, 'CREATE'],
  SystemFileUploaderWithShareLink: [...LOOK, 'CREATE', 'SHARELINK'], SystemFileUploaderAndViewer: [...VIEW, 'CREATE'],
  SystemFileUploaderAndDownloader: [...DOWN, 'CREATE'],
  SystemFileUploaderAndDownloaderWithShareLink: [...DOWN, 'CREATE', 'SHARELINK'],
};

test('every role gives exactly its actions, on the folder and below, and is told by its name', async () => {
  const { top, below } = await place('roles');
  for (const [role_id, actions] of Object.entries(roles)) {
    done(await add(top, { identity: user(ben), role_id }), 204);
    assert.deepEqual(await may(top, ben), [...actions].sort(), role_id);
    assert.deepEqual(await may(below, ben), [...actions].sort(), role_id);
    const [member, ...more] = await list(top);
    assert.deepEqual(more, []);
    assert.deepEqual(member, { identity: user(ben), role_id, action_list: member.action_list, expire_time: NEVER,
      disinherit_sub_group: false });
    assert.deepEqual(member.action_list.map(a => a.replace('FILE.', '')).sort(), [...actions].sort());
  }
  done(await remove(top, { identity: user(ben) }), 204);
  assert.deepEqual(await list(top), []);
  refused(await get(top, ben), 404, 'NotFound.Drive');
});

test('what the actions say holds: an action that is not among them is refused', async () => {
  const { top, below } = await place('holds');
  const on = ann.drive_id;
  const tries = {
    DOWNLOAD: () => call(s, ben, '/file/get_download_url', { drive_id: on, file_id: below }),
    CREATE: n => call(s, ben, '/file/create', { drive_id: on, parent_file_id: top, type: 'folder', name: `f${n}` }),
    UPDATE: n => call(s, ben, '/file/update', { drive_id: on, file_id: below, name: `n${n}.txt` }),
  };
  let n = 0;
  for (const [role_id, actions] of Object.entries(roles)) {
    done(await add(top, { identity: user(ben), role_id }), 204);
    for (const [action, run] of Object.entries(tries)) {
      const answer = await run(++n);
      if (actions.includes(action)) assert.ok(answer.status < 300, `${role_id} ${action}: ${answer.text}`);
      else refused(answer, 403, 'ForbiddenNoPermission.File');
    }
  }
  // Deleting and moving what is granted itself, not only what lies below.
  done(await add(below, { identity: user(dan), action_list: ['FILE.DELETE'] }), 204);
  done(await call(s, dan, '/recyclebin/trash', { drive_id: on, file_id: below }), 204);
  refused(await call(s, dan, '/recyclebin/trash', { drive_id: on, file_id: top }), 404, 'NotFound.File');
});

test('action_list instead of a role; role_id wins; one of them is needed', async () => {
  const { top } = await place('actions');
  done(await add(top, { identity: user(ben), action_list: ['FILE.PREVIEW', 'FILE.CREATE'] }), 204);
  assert.deepEqual(await may(top, ben), ['CREATE', 'LIST', 'PREVIEW', 'VISIBLE']);
  const [member] = await list(top);
  assert.ok(!('role_id' in member));
  done(await add(top, { identity: user(ben), role_id: 'SystemFileMetaViewer', action_list: ['FILE.DELETE'] }), 204);
  assert.deepEqual(await may(top, ben), ['LIST', 'VISIBLE']);
  refused(await add(top, { identity: user(ben) }), 400, 'InvalidParameterMissing.RoleId');
  refused(await add(top, { identity: user(ben), action_list: [] }), 400, 'InvalidParameterMissing.RoleId');
  refused(await add(top, { identity: user(ben), action_list: ['FILE.RULE'] }), 400, 'InvalidParameter.ActionList');
  refused(await add(top, { identity: user(ben), role_id: 'SystemFileKing' }), 400, 'InvalidParameter.RoleId');
});

test('bounds of every field, and who is not there', async () => {
  const { top } = await place('bounds');
  const good = { identity: user(ben), role_id: 'SystemFileViewer' };
  refused(await add(top, []), 400, 'InvalidParameterEmpty.MemberList');
  refused(await add(top, Array(101).fill(good)), 400, 'InvalidParameterOutOfRange.MemberList');
  done(await add(top, Array(100).fill(good)), 204);
  assert.equal((await list(top)).length, 1);
  refused(await call(s, ann, '/file/add_permission', { drive_id: ann.drive_id, file_id: top }), 400, 'InvalidParameterMissing.MemberList');
  refused(await add(undefined, good), 400, 'InvalidParameterMissing.FileId');
  refused(await add(top, { role_id: 'SystemFileViewer' }), 400, 'InvalidParameterMissing.Identity');
  refused(await add(top, { ...good, identity: { identity_type: 'IT_Robot', identity_id: 'x' } }), 400, 'InvalidParameter.IdentityType');
  refused(await add(top, { ...good, identity: { identity_type: 'IT_User', identity_id: 'nobody' } }), 404, 'NotFound.User');
  refused(await add(top, { ...good, identity: group('999999999') }), 404, 'NotFound.Group');
  refused(await add(top, { ...good, identity: group(ben.user_id) }), 404, 'NotFound.Group');
  refused(await add(top, { ...good, identity: { identity_type: 'IT_User', identity_id: 'u'.repeat(65) } }), 400, 'InvalidParameterOutOfRange.IdentityId');
  refused(await add('4503599627370490', good), 404, 'NotFound.File');
  refused(await add('root', good), 400, 'InvalidParameter.FileId');
  // One that is wrong spoils all of them.
  refused(await add(top, [{ ...good, identity: user(dan) }, { ...good, identity: { ...user(ben), identity_id: 'nobody' } }]), 404, 'NotFound.User');
  assert.equal((await list(top)).length, 1);
  const binned = (await folder(s, ann, 'binned')).file_id;
  done(await call(s, ann, '/recyclebin/trash', { drive_id: ann.drive_id, file_id: binned }), 204);
  refused(await add(binned, good), 403, 'ForbiddenFileInTheRecycleBin');
});

test('an end in the past is refused, one that has come ends it', async () => {
  const { top } = await place('ends');
  const good = { identity: user(ben), role_id: 'SystemFileViewer' };
  refused(await add(top, { ...good, expire_time: 1 }), 400, 'InvalidParameterExpired.ExpireTime');
  refused(await add(top, { ...good, expire_time: 0 }), 400, 'InvalidParameterOutOfRange.ExpireTime');
  done(await add(top, { ...good, expire_time: NEVER }), 204);
  assert.equal((await list(top))[0].expire_time, NEVER);
  const end = Date.now() + 1500;
  done(await add(top, { ...good, expire_time: end }), 204);
  assert.equal((await list(top))[0].expire_time, end);
  done(await get(top, ben));
  while (Date.now() < end + 5) await new Promise(resume => setTimeout(resume, 50));
  assert.equal((await get(top, ben)).status, 404);
  assert.deepEqual(await list(top), []);
});

test('a team drive: the root too; groups, and groups below them unless told otherwise', async () => {
  done(await add('root', { identity: user(ben), role_id: 'SystemFileViewer' }, carl, team), 204);
  done(await get('root', ben, team));
  done(await remove('root', { identity: user(ben) }, carl, team), 204);
  const upper = done(await call(s, boss, '/group/create', { group_name: 'upper' }), 201).group_id;
  const lower = done(await call(s, boss, '/group/create', { group_name: 'lower', parent_group_id: upper }), 201).group_id;
  await s.cli('group', 'join', 'lower', 'dan', '--role', 'viewer');
  const { top } = await place('groups');
  done(await add(top, { identity: group(upper), role_id: 'SystemFileEditor' }), 204);
  assert.deepEqual(await may(top, dan), [...roles.SystemFileEditor].sort());
  assert.deepEqual((await list(top))[0].identity, group(upper));
  done(await add(top, { identity: group(upper), role_id: 'SystemFileEditor', disinherit_sub_group: true }), 204);
  assert.equal((await list(top))[0].disinherit_sub_group, true);
  refused(await get(top, dan), 404, 'NotFound.File'); // another grant of this test file still shows the drive to him
  await s.cli('group', 'join', 'upper', 'dan', '--role', 'viewer');
  done(await get(top, dan));
  await s.cli('group', 'leave', 'upper', 'dan');
  refused(await get(top, dan), 404, 'NotFound.File');
});

test('who may grant: not viewers, editors; a collaborator no more than he has and as long as he has it', async () => {
  const { top, below } = await place('lent');
  const to = (who, role_id) => ({ identity: user(who), role_id });
  for (const role_id of ['SystemFileEditor', 'SystemFileViewer']) {
    done(await add(top, to(ben, role_id)), 204);
    refused(await add(below, to(dan, 'SystemFileViewer'), ben), 403, 'ForbiddenNoPermission.File');
    refused(await call(s, ben, '/file/list_permission', { drive_id: ann.drive_id, file_id: top }), 403, 'ForbiddenNoPermission.File');
    refused(await call(s, ben, '/file/list_inherit_permission', { drive_id: ann.drive_id, file_id: below }), 403, 'ForbiddenNoPermission.File');
    refused(await remove(top, { identity: user(ben) }, ben), 403, 'ForbiddenNoPermission.File');
  }
  done(await add(top, to(ben, 'SystemFileOwner')), 204);
  done(await add(below, to(boss, 'SystemFileViewer')), 204);
  refused(await add(below, to(boss, 'SystemFileEditor'), ben), 403, 'ForbiddenNoPermission.File'); // ann gave it
  refused(await remove(top, { identity: user(ben) }, ben), 403, 'ForbiddenNoPermission.File');
  done(await add(below, to(carl, 'SystemFileEditor'), ben), 204);
  assert.deepEqual(await may(below, carl), [...roles.SystemFileEditor].sort());
  // He has less: what he gave is less.
  done(await add(top, to(ben, 'SystemFileViewer')), 204);
  assert.deepEqual(await may(below, carl), [...VIEW].sort());
  done(await add(top, to(ben, 'SystemFileOwner')), 204);
  assert.deepEqual(await may(below, carl), [...roles.SystemFileEditor].sort());
  done(await remove(top, { identity: user(ben) }), 204);
  assert.equal((await get(below, carl)).status, 404);
  // Two who give to each other keep nothing.
  done(await add(top, to(ben, 'SystemFileOwner')), 204);
  done(await add(below, to(carl, 'SystemFileOwner'), ben), 204);
  done(await add(below, to(ben, 'SystemFileOwner'), carl), 204);
  done(await remove(top, { identity: user(ben) }), 204);
  assert.equal((await get(below, carl)).status, 404);
  assert.equal((await get(below, ben)).status, 404);
});

// Every way by which something may have come to somebody is not walked apart: here there are millions.
test('lent by many to many, in folders below each other: decided by what each has, and gone with the first', async () => {
  const people = [], folders = [];
  for (let i = 0; i < 9; i++) people.push(await s.person(`lender${i}`));
  for (let i = 0; i < 12; i++) folders.push((await folder(s, ann, 'deep', folders.at(-1) ?? 'root')).file_id);
  const to = who => ({ identity: user(who), role_id: 'SystemFileOwner' });
  done(await add(folders[0], people.map(to)), 204);
  for (let d = 1; d < folders.length; d++)
    for (let i = 0; i < people.length; i++)
      if (d % people.length) done(await add(folders[d], to(people[i]), people[(i + d) % people.length]), 204);
  done(await remove(folders[0], people.slice(1).map(who => ({ identity: user(who) }))), 204);
  for (const who of people) assert.deepEqual(await may(folders.at(-1), who), [...roles.SystemFileOwner].sort());
  done(await add(folders[0], { identity: user(people[0]), role_id: 'SystemFileViewer' }), 204);
  for (const who of people) assert.deepEqual(await may(folders.at(-1), who), [...VIEW].sort());
  done(await remove(folders[0], { identity: user(people[0]) }), 204);
  for (const who of people) assert.equal((await get(folders.at(-1), who)).status, 404);
});

test('lent on from hand to hand holds as long as all of them have it', async () => {
  const { top, below } = await place('hands');
  const hands = [];
  for (let i = 0; i < 12; i++) hands.push(await s.person(`hand${i}`));
  for (const [i, who] of hands.entries())
    done(await add(top, { identity: user(who), role_id: 'SystemFileOwner' }, hands[i - 1] ?? ann), 204);
  assert.deepEqual(await may(below, hands.at(-1)), [...roles.SystemFileOwner].sort());
  await s.cli('user', 'disable', 'hand5');
  assert.equal((await get(below, hands.at(-1))).status, 404);
  done(await get(below, hands[4]));
});

test('who may change one file gives it new content, and nothing to the folder it is in', async () => {
  const { top, below } = await place('one file');
  done(await add(below, { identity: user(ben), action_list: ['FILE.UPDATE', 'FILE.DOWNLOAD'] }), 204);
  const { parent_file_id } = done(await get(below, ben));
  assert.equal(parent_file_id, top);
  assert.equal((await get(top, ben)).status, 404);
  const begin = more => call(s, ben, '/file/create', { drive_id: ann.drive_id, parent_file_id, name: 'x.txt', type: 'file', size: 3, ...more });
  refused(await begin(), 404, 'NotFound.ParentFileId');
  refused(await begin({ parent_file_id: 'root', file_id: below }), 404, 'NotFound.ParentFileId');
  const upload = done(await begin({ file_id: below }), 201);
  const put = () => request('PUT', upload.part_info_list[0].upload_url, { body: Buffer.from('new') });
  const complete = () => call(s, ben, '/file/complete', { drive_id: ann.drive_id, file_id: below, upload_id: upload.upload_id });
  assert.equal((await put()).status, 200);
  // With less than that the upload is none of his.
  done(await add(below, { identity: user(ben), role_id: 'SystemFileViewer' }), 204);
  assert.equal((await put()).status, 403);
  refused(await complete(), 403, 'ForbiddenNoPermission.File');
  done(await add(below, { identity: user(ben), role_id: 'SystemFileEditor' }), 204);
  assert.equal(done(await complete()).revision_version, 2);
});

test('revoked at once: URLs, markers and uploads made before', async () => {
  const { top, below } = await place('revoked');
  for (let i = 0; i < 3; i++) await folder(s, ann, `f${i}`, top);
  done(await add(top, { identity: user(ben), role_id: 'SystemFileEditor' }), 204);
  const { url } = done(await call(s, ben, '/file/get_download_url', { drive_id: ann.drive_id, file_id: below }));
  const page = done(await call(s, ben, '/file/list', { drive_id: ann.drive_id, parent_file_id: top, limit: 1 }));
  const upload = done(await call(s, ben, '/file/create', { drive_id: ann.drive_id, parent_file_id: top, name: 'u', type: 'file', size: 1,
    part_info_list: [{ part_number: 1 }] }), 201);
  assert.equal((await request('GET', url)).text, 'x');
  done(await remove(top, { identity: user(ben), role_id: 'SystemFileEditor' }), 204);
  assert.ok((await request('GET', url)).status >= 400);
  assert.ok((await request('PUT', upload.part_info_list[0].upload_url, { body: Buffer.from('x') })).status >= 400);
  assert.equal((await call(s, ben, '/file/list', { drive_id: ann.drive_id, parent_file_id: top, limit: 1, marker: page.next_marker })).status, 404);
  refused(await call(s, ben, '/file/complete', { drive_id: ann.drive_id, file_id: upload.file_id, upload_id: upload.upload_id }), 404, 'NotFound.UploadId');
});

test('remove: only the role that is named; nothing there is no fault', async () => {
  const { top } = await place('removing');
  done(await add(top, { identity: user(ben), role_id: 'SystemFileViewer' }), 204);
  done(await remove(top, { identity: user(ben), role_id: 'SystemFileEditor' }), 204);
  assert.equal((await list(top)).length, 1);
  done(await remove(top, { identity: user(ben), role_id: 'SystemFileViewer' }), 204);
  assert.deepEqual(await list(top), []);
  done(await remove(top, { identity: user(ben) }), 204);
  refused(await remove(top, { identity: { identity_type: 'IT_User', identity_id: 'nobody' } }), 404, 'NotFound.User');
  refused(await remove(top, []), 400, 'InvalidParameterEmpty.MemberList');
});

test('what comes from above, and what reaches oneself', async () => {
  const { top, below } = await place('above');
  done(await add(top, { identity: user(ben), role_id: 'SystemFileViewer' }), 204);
  const inherited = done(await call(s, ann, '/file/list_inherit_permission', { drive_id: ann.drive_id, file_id: below })).items;
  assert.deepEqual(inherited.map(i => [i.file_id, i.member.role_id, i.member.identity.identity_id]), [[top, 'SystemFileViewer', ben.user_id]]);
  assert.deepEqual(done(await call(s, ann, '/file/list_inherit_permission', { drive_id: ann.drive_id, file_id: top })).items, []);
  const mine = by => call(s, by, '/file/list_user_permission', { drive_id: ann.drive_id, file_id: below });
  assert.deepEqual(done(await mine(ben)).items.map(i => i.file_id), [top]);
  assert.deepEqual(done(await mine(ann)).items, []);
});

test('received, given and managed files: all pages of every size', async () => {
  const eve = await s.person('eve', { drive: true }), fay = await s.person('fay', { drive: true });
  const made = [];
  for (let i = 0; i < 5; i++) {
    made.push((await folder(s, eve, `r${i}`)).file_id);
    done(await add(made[i], { identity: user(fay), role_id: 'SystemFileViewer' }, eve, eve), 204);
  }
  const sorted = [...made].sort((a, b) => a - b);
  for (const [path, who] of [['/file/list_received_file', fay], ['/file/list_sharing_file', eve], ['/file/list_manage_sharing_file', eve]]) {
    for (const limit of [1, 2, 3, 4, 5, 6, 100])
      assert.deepEqual((await walk(s, who, path, { limit })).items.map(f => f.file_id), sorted, `${path} ${limit}`);
    for (const limit of [0, 101, -1]) refused(await call(s, who, path, { limit }), 400, 'InvalidParameterOutOfRange.Limit');
    const { next_marker } = done(await call(s, who, path, { limit: 2 }));
    for (const marker of alterations(next_marker, 5)) refused(await call(s, who, path, { limit: 2, marker }), 400, 'InvalidParameter.Marker');
    refused(await call(s, ann, path, { limit: 2, marker: next_marker }), 400, 'InvalidParameter.Marker');
    refused(await call(s, null, path, {}), 401, 'AccessTokenInvalid');
  }
  const received = done(await call(s, fay, '/file/list_received_file', {})).items[0];
  assert.deepEqual(received.action_list.map(a => a.replace('FILE.', '')).sort(), [...VIEW].sort());
  assert.equal(received.drive_id, eve.drive_id);
  assert.deepEqual(done(await call(s, eve, '/file/list_received_file', {})).items, []);
  // What is in the bin is not shown.
  done(await call(s, eve, '/recyclebin/trash', { drive_id: eve.drive_id, file_id: made[0] }), 204);
  assert.equal(done(await call(s, fay, '/file/list_received_file', {})).items.length, 4);
  assert.equal(done(await call(s, eve, '/file/list_sharing_file', {})).items.length, 4);
  assert.deepEqual(await s.cli('check'), []);
});

test('a user who goes takes what he was given; strangers learn nothing', async () => {
  const gus = await s.person('gus'), { top } = await place('gone');
  done(await add(top, { identity: user(gus), role_id: 'SystemFileViewer' }), 204);
  await s.cli('user', 'remove', 'gus');
  assert.deepEqual(await list(top), []);
  const stranger = await s.person('stranger');
  for (const path of ['add_permission', 'remove_permission', 'list_permission', 'list_inherit_permission', 'list_user_permission']) {
    const body = { drive_id: ann.drive_id, file_id: top, member_list: [{ identity: user(ben), role_id: 'SystemFileViewer' }] };
    refused(await call(s, stranger, `/file/${path}`, body), 404, 'NotFound.Drive');
    refused(await call(s, null, `/file/${path}`, body), 401, 'AccessTokenInvalid');
  }
  assert.deepEqual(await s.cli('check'), []);
});
