// GetDefaultDrive, ListDrive, SearchDrive, ListMyGroupDrive, UpdateDrive, DeleteDrive.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { startServer } from './harness.mjs';
import { alterations, call, done, folder, refused, signV1, walk } from './pds.mjs';
import { pdsUpload } from './transfer.mjs';

let s, admin, ann, bob, crew, app;
before(async () => {
  s = await startServer();
  admin = await s.person('root-admin', { admin: true });
  ann = await s.person('ann', { drive: true });
  bob = await s.person('bob');
  crew = String((await s.cli('group', 'add', 'crew')).group_id);
  app = await s.app('domain key');
});
after(() => s?.stop());

const byKey = (path, body) => s.call('POST', '/v2' + path, { body, headers: signV1(app, { path: '/v2' + path }) });
let counter = 0;
const create = async (who, more = {}) => done(await call(s, admin, '/drive/create',
  { drive_name: `d${++counter}`, owner: who.user_id ?? who, owner_type: who.user_id ? 'user' : 'group', ...more }), 201);
const get = (who, drive_id) => call(s, who, '/drive/get', { drive_id });
const update = (who, drive_id, more) => call(s, who, '/drive/update', { drive_id, ...more });
const remove = (who, drive_id, more) => call(s, who, '/drive/delete', { drive_id, ...more });
const ids = items => items.map(drive => drive.drive_id);

// ---- get_default_drive ----

test('default: of oneself, by token; of anyone, by an administrator; an AccessKey must say whose', async () => {
  const mine = done(await call(s, ann, '/drive/get_default_drive', {}));
  assert.deepEqual(mine, done(await get(ann, ann.drive_id)));
  assert.deepEqual(done(await call(s, ann, '/drive/get_default_drive', { user_id: ann.user_id })), mine);
  assert.deepEqual(done(await call(s, admin, '/drive/get_default_drive', { user_id: ann.user_id })), mine);
  assert.deepEqual(done(await byKey('/drive/get_default_drive', { user_id: ann.user_id })), mine);
  refused(await byKey('/drive/get_default_drive', {}), 400, 'InvalidParameterMissing.UserId');
});

test('default: who has none, another one\'s, nobody\'s', async () => {
  refused(await call(s, bob, '/drive/get_default_drive', {}), 404, 'NotFound.Drive');
  refused(await call(s, admin, '/drive/get_default_drive', { user_id: bob.user_id }), 404, 'NotFound.Drive');
  for (const user_id of [ann.user_id, 'nobody'])
    refused(await call(s, bob, '/drive/get_default_drive', { user_id }), 404, 'NotFound.User');
  refused(await call(s, admin, '/drive/get_default_drive', { user_id: 'nobody' }), 404, 'NotFound.User');
  refused(await call(s, admin, '/drive/get_default_drive', { user_id: 'x'.repeat(65) }), 400, 'InvalidParameterOutOfRange.UserId');
  refused(await call(s, null, '/drive/get_default_drive', {}), 401, 'AccessTokenInvalid');
  // A drive is the default only where that was asked for.
  const drive = await create(bob);
  refused(await call(s, bob, '/drive/get_default_drive', {}), 404, 'NotFound.Drive');
  await create(bob, { default: true });
  assert.notEqual(done(await call(s, bob, '/drive/get_default_drive', {})).drive_id, drive.drive_id);
});

// ---- list and search ----

test('list: all drives for administrators and AccessKeys, by every page size', async () => {
  const whole = done(await call(s, admin, '/drive/list', {}));
  assert.equal(whole.next_marker, '');
  for (const limit of [1, 2, 3, whole.items.length, 100])
    assert.deepEqual((await walk(s, admin, '/drive/list', { limit })).items, whole.items);
  assert.deepEqual(done(await byKey('/drive/list', {})).items, whole.items);
  const sorted = [...whole.items].sort((a, b) => Number(a.drive_id) - Number(b.drive_id));
  assert.deepEqual(whole.items, sorted);
});

test('list: by owner and by owner_type', async () => {
  const eve = await s.person('eve', { drive: true }), team = String((await s.cli('group', 'add', 'listed')).group_id);
  const own = [await create(eve), await create(eve)], theirs = await create(team);
  const list = async body => ids(done(await call(s, admin, '/drive/list', body)).items);
  assert.deepEqual((await list({ owner: eve.user_id })).sort(), [eve.drive_id, ...ids(own)].sort());
  assert.deepEqual(await list({ owner: team }), [theirs.drive_id]);
  assert.deepEqual(await list({ owner: team, owner_type: 'group' }), [theirs.drive_id]);
  assert.deepEqual(await list({ owner: team, owner_type: 'user' }), []);
  assert.deepEqual(await list({ owner: eve.user_id, owner_type: 'group' }), []);
  assert.deepEqual(await list({ owner: 'nobody' }), []);
  assert.ok(!(await list({ owner_type: 'user' })).includes(theirs.drive_id));
  assert.ok((await list({ owner_type: 'group' })).includes(theirs.drive_id));
  assert.ok(!(await list({ owner_type: 'group' })).includes(eve.drive_id));
  assert.deepEqual((await walk(s, admin, '/drive/list', { owner: eve.user_id, limit: 1 })).sizes, [1, 1, 1]);
});

test('list: a plain user\'s own drives, and those of a group of theirs that they name', async () => {
  const fay = await s.person('fay', { drive: true }), team = String((await s.cli('group', 'add', 'fays')).group_id);
  const theirs = await create(team);
  const list = body => call(s, fay, '/drive/list', body);
  assert.deepEqual(ids(done(await list({})).items), [fay.drive_id]);
  assert.deepEqual(ids(done(await list({ owner: fay.user_id })).items), [fay.drive_id]);
  refused(await list({ owner: team }), 403, 'ForbiddenNoPermission.Drive');
  await s.cli('group', 'join', team, 'fay', '--role', 'viewer');
  assert.deepEqual(ids(done(await list({ owner: team })).items), [theirs.drive_id]);
  assert.deepEqual(ids(done(await list({ owner: team, owner_type: 'group' })).items), [theirs.drive_id]);
  for (const owner of [ann.user_id, 'nobody', crew]) refused(await list({ owner }), 403, 'ForbiddenNoPermission.Drive');
  refused(await call(s, null, '/drive/list', {}), 401, 'AccessTokenInvalid');
});

test('search: by a part of the name in any case, newest first when asked', async () => {
  const gus = await s.person('gus');
  const made = [];
  for (const drive_name of ['Quartz Alpha', 'quartz beta', 'QUARTZ γάμμα', '石英 quartz', 'other'])
    made.push(await create(gus, { drive_name }));
  const search = async body => ids(done(await call(s, admin, '/drive/search', body)).items);
  const four = ids(made).slice(0, 4);
  assert.deepEqual(await search({ drive_name: 'quartz' }), four);
  assert.deepEqual(await search({ drive_name: 'QuArTz' }), four);
  assert.deepEqual(await search({ drive_name: '石' }), [four[3]]);
  assert.deepEqual(await search({ drive_name: 'ΓΆΜ' }), [four[2]]);
  assert.deepEqual(await search({ drive_name: 'quartz', owner: ann.user_id }), []);
  assert.deepEqual(await search({ drive_name: 'quartz', owner_type: 'group' }), []);
  assert.deepEqual(await search({ drive_name: 'quartz', order_by: 'created_at', order_direction: 'DESC' }), [...four].reverse());
  assert.deepEqual(await search({ owner: gus.user_id, order_direction: 'DESC' }), ids(made).reverse());
  for (const order_direction of ['ASC', 'DESC']) {
    const { items, sizes } = await walk(s, admin, '/drive/search', { drive_name: 'quartz', order_direction, limit: 1 });
    assert.deepEqual(ids(items), order_direction === 'ASC' ? four : [...four].reverse());
    assert.deepEqual(sizes, [1, 1, 1, 1]);
  }
  // Their own search finds their own.
  assert.deepEqual(ids(done(await call(s, gus, '/drive/search', { drive_name: 'beta' })).items), [four[1]]);
  assert.deepEqual(done(await call(s, bob, '/drive/search', { drive_name: 'beta' })).items, []);
  // What is like a pattern stands for itself.
  for (const drive_name of ['%', '_', '*', '\\', "'"]) assert.deepEqual(await search({ drive_name, owner: gus.user_id }), []);
});

test('list, search: bounds, words, and markers of other lists', async () => {
  for (const path of ['/drive/list', '/drive/search', '/drive/list_my_group_drive']) {
    for (const limit of [0, -1, 101, '10', 1.5]) refused(await call(s, admin, path, { limit }), 400, 'InvalidParameterOutOfRange.Limit');
    refused(await call(s, admin, path, { marker: 'x' }), 400, 'InvalidParameter.Marker');
  }
  refused(await call(s, admin, '/drive/list', { owner_type: 'team' }), 400, 'InvalidParameter.OwnerType');
  refused(await call(s, admin, '/drive/list', { owner: 'x'.repeat(65) }), 400, 'InvalidParameterOutOfRange.Owner');
  refused(await call(s, admin, '/drive/search', { drive_name: 'x'.repeat(129) }), 400, 'InvalidParameterOutOfRange.DriveName');
  done(await call(s, admin, '/drive/search', { drive_name: '家'.repeat(128) }));
  refused(await call(s, admin, '/drive/search', { order_by: 'size' }), 400, 'InvalidParameter.OrderBy');
  refused(await call(s, admin, '/drive/search', { order_direction: 'down' }), 400, 'InvalidParameter.OrderDirection');
  const { next_marker: marker } = done(await call(s, admin, '/drive/list', { limit: 1 }));
  for (const altered of alterations(marker, 3)) refused(await call(s, admin, '/drive/list', { marker: altered }), 400, 'InvalidParameter.Marker');
  refused(await call(s, admin, '/drive/search', { marker, order_direction: 'DESC' }), 400, 'InvalidParameter.Marker');
  refused(await call(s, admin, '/drive/list', { marker, owner_type: 'user' }), 400, 'InvalidParameter.Marker');
  refused(await call(s, ann, '/drive/list', { marker }), 400, 'InvalidParameter.Marker');
});

test('my group drives: of one\'s groups, all for administrators, the one of all staff apart', async () => {
  const hal = await s.person('hal'), teams = [], drives = [];
  for (const name of ['red', 'green', 'blue']) {
    const team = String((await s.cli('group', 'add', name)).group_id);
    teams.push(team);
    drives.push((await create(team, { drive_name: `The ${name} ones` })).drive_id);
  }
  for (const name of ['red', 'blue']) await s.cli('group', 'join', name, 'hal');
  const whole = done(await call(s, hal, '/drive/list_my_group_drive', {}));
  assert.deepEqual(Object.keys(whole), ['items', 'next_marker', 'root_group_drive']);
  assert.deepEqual(ids(whole.items), [drives[0], drives[2]]);
  assert.equal(whole.root_group_drive.owner_type, 'group');
  assert.ok(!ids(whole.items).includes(whole.root_group_drive.drive_id));
  done(await get(hal, whole.root_group_drive.drive_id));
  const first = done(await call(s, hal, '/drive/list_my_group_drive', { limit: 1 }));
  const second = done(await call(s, hal, '/drive/list_my_group_drive', { limit: 1, marker: first.next_marker }));
  assert.deepEqual([...ids(first.items), ...ids(second.items)], ids(whole.items));
  assert.equal(second.next_marker, '');
  assert.deepEqual(ids(done(await call(s, hal, '/drive/list_my_group_drive', { drive_name: 'BLUE' })).items), [drives[2]]);
  const all = ids(done(await call(s, admin, '/drive/list_my_group_drive', {})).items);
  for (const drive of drives) assert.ok(all.includes(drive));
  assert.ok(ids(done(await byKey('/drive/list_my_group_drive', {})).items).includes(drives[1]));
});

// ---- update ----

test('update: what is absent stays', async () => {
  const drive = await create(ann, { description: 'before', total_size: 1000 });
  const same = done(await update(admin, drive.drive_id, {}));
  assert.deepEqual(same, drive);
  const changed = done(await update(admin, drive.drive_id, { drive_name: 'New', description: '', status: 'disabled', total_size: -1 }));
  assert.deepEqual(changed, { ...drive, drive_name: 'New', description: '', status: 'disabled', total_size: -1 });
  assert.deepEqual(done(await get(ann, drive.drive_id)), changed);
  assert.equal(done(await update(admin, drive.drive_id, { total_size: 0 })).total_size, 0);
});

test('update: bounds', async () => {
  const { drive_id } = await create(ann);
  for (const [body, code] of Object.entries({
    'InvalidParameterEmpty.DriveName': { drive_name: '' }, 'InvalidParameterOutOfRange.DriveName': { drive_name: 'x'.repeat(129) },
    'InvalidParameterOutOfRange.Description': { description: 'x'.repeat(1025) }, 'InvalidParameter.Status': { status: 'gone' },
    'InvalidParameterOutOfRange.TotalSize': { total_size: -2 }, 'InvalidParameterWrongFormat.TotalSize': { total_size: '5' },
    'InvalidParameterEmpty.Owner': { owner: '' },
  }).map(([code, body]) => [body, code])) refused(await update(admin, drive_id, body), 400, code);
  done(await update(admin, drive_id, { drive_name: '家'.repeat(128), description: '家'.repeat(1024), total_size: 2 ** 53 }));
  refused(await call(s, admin, '/drive/update', {}), 400, 'InvalidParameterMissing.DriveId');
  refused(await update(admin, '4503599627370490', {}), 404, 'NotFound.Drive');
});

test('update: the owner names and describes, administrators do the rest, strangers see nothing', async () => {
  const { drive_id } = await create(ann);
  done(await update(ann, drive_id, { drive_name: 'mine', description: 'as I like it' }));
  for (const body of [{ status: 'disabled' }, { total_size: 5 }, { owner: bob.user_id }])
    refused(await update(ann, drive_id, body), 403, 'ForbiddenNoPermission.Drive');
  refused(await update(bob, drive_id, { drive_name: 'his' }), 404, 'NotFound.Drive');
  refused(await update(null, drive_id, { drive_name: 'his' }), 401, 'AccessTokenInvalid');
  const team = await create(crew), ed = await s.person('ed');
  await s.cli('group', 'join', 'crew', 'ed', '--role', 'editor');
  refused(await update(ed, team.drive_id, { drive_name: 'his' }), 403, 'ForbiddenNoPermission.Drive');
});

test('update: a disabled drive takes and gives nothing until it is enabled again', async () => {
  const { drive_id } = await create(ann), at = { ...ann, drive_id };
  const file = await pdsUpload(s, at, 'x.txt', [Buffer.from('x')]);
  done(await update(admin, drive_id, { status: 'disabled' }));
  refused(await call(s, ann, '/file/get', { drive_id, file_id: file.file_id }), 403, 'ForbiddenNoPermission.Drive');
  assert.equal(done(await get(ann, drive_id)).status, 'disabled');
  done(await update(admin, drive_id, { status: 'enabled' }));
  done(await call(s, ann, '/file/get', { drive_id, file_id: file.file_id }));
});

test('update: a size below what is used stops what comes, and takes nothing away', async () => {
  const { drive_id } = await create(ann), at = { ...ann, drive_id };
  await pdsUpload(s, at, 'x.txt', [Buffer.alloc(1000)]);
  const drive = done(await update(admin, drive_id, { total_size: 10 }));
  assert.deepEqual([drive.total_size, drive.used_size], [10, 1000]);
  const file = name => call(s, at, '/file/create', { drive_id, parent_file_id: 'root', name, type: 'file', size: 1 });
  refused(await file('y'), 403, 'QuotaExhausted.Drive');
  done(await update(admin, drive_id, { total_size: 1001 }));
  done(await file('y'), 201);
});

test('update: an AccessKey gives a personal drive away, nobody else does', async () => {
  const ida = await s.person('ida', { drive: true }), jon = await s.person('jon', { drive: true });
  refused(await update(admin, ida.drive_id, { owner: jon.user_id }), 403, 'ForbiddenNoPermission.Drive');
  refused(await byKey('/drive/update', { drive_id: ida.drive_id, owner: 'nobody' }), 404, 'NotFound.User');
  const drive = done(await byKey('/drive/update', { drive_id: ida.drive_id, owner: jon.user_id }));
  assert.equal(drive.owner, jon.user_id);
  refused(await get(ida, ida.drive_id), 404, 'NotFound.Drive');
  done(await get(jon, ida.drive_id));
  refused(await call(s, ida, '/drive/get_default_drive', {}), 404, 'NotFound.Drive');
  assert.equal(done(await call(s, jon, '/drive/get_default_drive', {})).drive_id, jon.drive_id);
  const team = await create(crew);
  refused(await byKey('/drive/update', { drive_id: team.drive_id, owner: jon.user_id }), 400, 'InvalidParameter.Owner');
});

// ---- delete ----

test('delete: an empty drive goes, a full one only by force, the bin counts', async () => {
  const drive = await create(ann), at = { ...ann, drive_id: drive.drive_id };
  const made = await folder(s, at, 'x');
  refused(await remove(ann, drive.drive_id), 409, 'StateConflict');
  refused(await remove(ann, drive.drive_id, { force: false }), 409, 'StateConflict');
  done(await call(s, ann, '/recyclebin/trash', { drive_id: drive.drive_id, file_id: made.file_id }), 204);
  refused(await remove(ann, drive.drive_id), 409, 'StateConflict');
  done(await remove(ann, drive.drive_id, { force: true }), 204);
  refused(await get(ann, drive.drive_id), 404, 'NotFound.Drive');
  refused(await remove(ann, drive.drive_id, { force: true }), 404, 'NotFound.Drive');
  const empty = await create(ann);
  done(await remove(ann, empty.drive_id), 204);
  assert.ok(!ids(done(await call(s, admin, '/drive/list', {})).items).includes(empty.drive_id));
});

test('delete: open uploads end, and a new default may come', async () => {
  const kim = await s.person('kim', { drive: true });
  const upload = done(await call(s, kim, '/file/create', { drive_id: kim.drive_id, parent_file_id: 'root', name: 'x', type: 'file', size: 5 }), 201);
  done(await remove(kim, kim.drive_id), 204);
  refused(await call(s, kim, '/file/complete', { drive_id: kim.drive_id, file_id: upload.file_id, upload_id: upload.upload_id }), 404, 'NotFound.UploadId');
  const put = await fetch(upload.part_info_list[0].upload_url, { method: 'PUT', body: 'hello' });
  assert.ok(put.status >= 400, String(put.status));
  refused(await call(s, kim, '/drive/get_default_drive', {}), 404, 'NotFound.Drive');
  await create(kim, { default: true });
  done(await call(s, kim, '/drive/get_default_drive', {}));
});

test('delete: by whom, and which not', async () => {
  const personal = await create(ann), team = await create(crew), lea = await s.person('lea');
  refused(await remove(bob, personal.drive_id), 404, 'NotFound.Drive');
  refused(await remove(null, personal.drive_id), 401, 'AccessTokenInvalid');
  await s.cli('group', 'join', 'crew', 'lea', '--role', 'manager');
  refused(await remove(lea, team.drive_id), 403, 'ForbiddenNoPermission.Drive');
  await s.cli('group', 'join', 'crew', 'lea', '--role', 'owner');
  done(await remove(lea, team.drive_id), 204);
  done(await byKey('/drive/delete', { drive_id: personal.drive_id }), 204);
  const { root_group_drive: staff } = done(await call(s, admin, '/drive/list_my_group_drive', {}));
  refused(await remove(admin, staff.drive_id, { force: true }), 409, 'StateConflict');
  refused(await remove(ann, staff.drive_id, { force: true }), 403, 'ForbiddenNoPermission.Drive');
  for (const force of ['true', 1]) refused(await remove(ann, ann.drive_id, { force }), 400, 'InvalidParameterWrongFormat.Force');
  refused(await call(s, ann, '/drive/delete', {}), 400, 'InvalidParameterMissing.DriveId');
});

test('and the store is sound', async () => {
  assert.deepEqual(await s.cli('check', '--content'), []);
});
