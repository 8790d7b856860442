// CreateGroup, GetGroup, ListGroup, SearchGroup, UpdateGroup, UpdateGroupName, DeleteGroup, AddGroupMember,
// RemoveGroupMember, ListGroupMember; and what trees of groups open.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { startServer } from './harness.mjs';
import { alterations, call, done, folder, refused, signV1, walk } from './pds.mjs';
import { pdsUpload } from './transfer.mjs';

const ABSENT = '4503599627370490';
let s, admin, ann, bob, app;
before(async () => {
  s = await startServer();
  admin = await s.person('one-admin', { admin: true });
  ann = await s.person('ann');
  bob = await s.person('bob');
  app = await s.app('domain key');
});
after(() => s?.stop());

let counter = 0;
const unique = () => `g${++counter}`;
const byKey = (path, body) => s.call('POST', '/v2' + path, { body, headers: signV1(app, { path: '/v2' + path }) });
const create = (body, who = admin) => call(s, who, '/group/create', { group_name: unique(), ...body });
const made = async (body, who) => done(await create(body, who), 201);
const get = (who, group_id) => call(s, who, '/group/get', { group_id });
const change = (who, group_id, body) => call(s, who, '/group/update', { group_id, ...body });
const remove = (who, group_id) => call(s, who, '/group/delete', { group_id });
const add = (who, group_id, member_id) => call(s, who, '/group/add_member', { group_id, member_type: 'user', member_id });
const drop = (who, group_id, member_id) => call(s, who, '/group/remove_member', { group_id, member_type: 'user', member_id });
const members = (who, group_id, body) => call(s, who, '/group/list_member', { group_id, ...body });
const ids = items => items.map(group => group.group_id);
const root = async () => done(await call(s, admin, '/group/list', {})).items.find(group => group.group_name === 'all-staff').group_id;
const assign = (group_id, user_id, verb = 'assign') => call(s, admin, `/role/${verb}`, { role_id: 'SystemGroupAdmin',
  identity: { identity_type: 'IT_User', identity_id: user_id }, manage_resource_type: 'RT_Group', manage_resource_id: group_id });
const driveOf = async owner => done(await call(s, admin, '/drive/create', { drive_name: unique(), owner, owner_type: 'group' }), 201).drive_id;

const MEMBERS = ['domain_id', 'group_id', 'group_name', 'description', 'creator', 'created_at', 'updated_at'];

// ---- create ----

test('create: fields, defaults, and any name', async () => {
  const group = await made({ group_name: 'A group', description: 'of some' });
  assert.deepEqual(Object.keys(group), MEMBERS);
  assert.deepEqual([group.group_name, group.description, group.creator], ['A group', 'of some', admin.user_id]);
  assert.match(group.group_id, /^[1-9]\d*$/);
  assert.ok(Number.isInteger(group.created_at));
  assert.deepEqual(done(await get(admin, group.group_id)), group);
  assert.equal(done(await byKey('/group/create', { group_name: 'keyed' }), 201).creator, 'system');
  for (const group_name of ['2024', 'ann', ' blank ', '家'.repeat(128), 'x'.repeat(65), 'a\nb'])
    assert.equal((await made({ group_name })).group_name, group_name);
});

test('create: bounds', async () => {
  for (const [body, code] of [
    [{ group_name: undefined }, 'InvalidParameterMissing.GroupName'], [{ group_name: '' }, 'InvalidParameterEmpty.GroupName'],
    [{ group_name: 'x'.repeat(129) }, 'InvalidParameterOutOfRange.GroupName'],
    [{ group_name: 7 }, 'InvalidParameterWrongFormat.GroupName'],
    [{ description: 'x'.repeat(1025) }, 'InvalidParameterOutOfRange.Description'],
    [{ is_root: 'yes' }, 'InvalidParameterWrongFormat.IsRoot'],
  ]) refused(await create(body), 400, code);
  await made({ description: '家'.repeat(1024), is_root: false, parent_group_id: '' });
});

test('create: a name once in the domain; one root; a parent that is there', async () => {
  const { group_name } = await made();
  refused(await create({ group_name }), 409, 'AlreadyExist.Group');
  refused(await create({ is_root: true }), 409, 'AlreadyExist.Group');
  for (const parent_group_id of [ABSENT, 'x', '0', '-1']) refused(await create({ parent_group_id }), 404, 'NotFound.Group');
  const below = await made({ parent_group_id: await root() });
  assert.ok(ids(done(await members(admin, await root(), { member_type: 'group' })).group_items).includes(below.group_id));
});

test('create: by administrators, and below their group by its administrators', async () => {
  const top = await made();
  refused(await create({}, ann), 403, 'ForbiddenNoPermission.Group');
  refused(await create({}, null), 401, 'AccessTokenInvalid');
  refused(await create({ parent_group_id: top.group_id }, ann), 404, 'NotFound.Group');
  done(await add(admin, top.group_id, ann.user_id), 204);
  refused(await create({ parent_group_id: top.group_id }, ann), 403, 'ForbiddenNoPermission.Group');
  done(await assign(top.group_id, ann.user_id), 204);
  const below = await made({ parent_group_id: top.group_id }, ann);
  const further = await made({ parent_group_id: below.group_id }, ann);
  assert.equal(further.creator, ann.user_id);
  refused(await create({}, ann), 403, 'ForbiddenNoPermission.Group');
  refused(await create({ parent_group_id: await root() }, ann), 403, 'ForbiddenNoPermission.Group');
});

// ---- get, list, search ----

test('get: by members, also of groups below; to others it is not there', async () => {
  const top = await made(), low = await made({ parent_group_id: top.group_id }), beside = await made();
  refused(await get(bob, top.group_id), 404, 'NotFound.Group');
  done(await add(admin, low.group_id, bob.user_id), 204);
  for (const group of [low, top]) assert.deepEqual(done(await get(bob, group.group_id)), done(await get(admin, group.group_id)));
  refused(await get(bob, beside.group_id), 404, 'NotFound.Group');
  done(await get(bob, await root()));
  for (const group_id of [ABSENT, 'x', '0']) refused(await get(admin, group_id), 404, 'NotFound.Group');
  refused(await call(s, admin, '/group/get', {}), 400, 'InvalidParameterMissing.GroupId');
  refused(await get(null, top.group_id), 401, 'AccessTokenInvalid');
});

test('get: the groups behind shared folders are none of these', async () => {
  const shared = (await s.cli('group', 'list')).find(group => group.kind === 'shared folder');
  const owner = await s.person('sharer', { drive: true });
  const { koodrive } = await import('./transfer.mjs');
  const folderGroup = shared?.group_id ?? (await koodrive(s, owner, 'POST', '/sharefolder/create', { shareType: 0,
    containerId: owner.drive_id, name: 'Shared' })).data.groupId;
  refused(await get(admin, String(folderGroup)), 404, 'NotFound.Group');
  refused(await get(owner, String(folderGroup)), 404, 'NotFound.Group');
  assert.ok(!ids(done(await call(s, admin, '/group/list', {})).items).includes(String(folderGroup)));
});

test('list: all for administrators, their own for others, by every page size', async () => {
  const whole = done(await call(s, admin, '/group/list', {}));
  for (const limit of [1, 2, 5, 100]) assert.deepEqual((await walk(s, admin, '/group/list', { limit })).items, whole.items);
  assert.deepEqual(done(await byKey('/group/list', {})).items, whole.items);
  const cai = await s.person('cai'), top = await made(), low = await made({ parent_group_id: top.group_id }), run = await made();
  const runBelow = await made({ parent_group_id: run.group_id });
  assert.deepEqual(done(await call(s, cai, '/group/list', {})), { items: [], next_marker: '' });
  done(await add(admin, low.group_id, cai.user_id), 204);
  done(await assign(run.group_id, cai.user_id), 204);
  const want = [top, low, run, runBelow].map(group => group.group_id);
  assert.deepEqual(ids(done(await call(s, cai, '/group/list', {})).items), want);
  for (const limit of [1, 3]) assert.deepEqual(ids((await walk(s, cai, '/group/list', { limit })).items), want);
  refused(await call(s, null, '/group/list', {}), 401, 'AccessTokenInvalid');
});

test('search: exactly, and by a part', async () => {
  const one = await made({ group_name: 'Ocelot' }), two = await made({ group_name: 'ocelots all' });
  const search = async (body, who = admin) => ids(done(await call(s, who, '/group/search', body)).items);
  assert.deepEqual(await search({ group_name: 'Ocelot' }), [one.group_id]);
  assert.deepEqual(await search({ group_name_for_fuzzy: 'OCELOT' }), [one.group_id, two.group_id]);
  assert.deepEqual(await search({ group_name: 'Ocelot', group_name_for_fuzzy: 'all' }), []);
  assert.deepEqual(await search({ group_name_for_fuzzy: '%' }), []);
  assert.deepEqual(await search({ group_name_for_fuzzy: 'ocelot' }, ann), []);
  assert.deepEqual((await walk(s, admin, '/group/search', { group_name_for_fuzzy: 'ocelot', limit: 1 })).sizes, [1, 1]);
  refused(await call(s, admin, '/group/search', { group_name: 'x'.repeat(129) }), 400, 'InvalidParameterOutOfRange.GroupName');
});

test('list, search, members: limits and markers', async () => {
  const group_id = await root();
  for (const [path, more] of [['/group/list', {}], ['/group/search', {}], ['/group/list_member', { group_id }]]) {
    for (const limit of [0, -1, 101, '10']) refused(await call(s, admin, path, { ...more, limit }), 400, 'InvalidParameterOutOfRange.Limit');
    const { next_marker: marker } = done(await call(s, admin, path, { ...more, limit: 1 }));
    for (const altered of alterations(marker, 5)) refused(await call(s, admin, path, { ...more, marker: altered }), 400, 'InvalidParameter.Marker');
    refused(await call(s, ann, path, { ...more, marker }), 400, 'InvalidParameter.Marker');
  }
});

// ---- update ----

test('update: name and description; what is absent stays', async () => {
  const group = await made({ description: 'd' }), taken = await made();
  const { updated_at, ...same } = done(await change(admin, group.group_id, {}));
  assert.deepEqual(same, (({ updated_at: _, ...rest }) => rest)(group));
  assert.ok(updated_at >= group.updated_at);
  const named = done(await change(admin, group.group_id, { group_name: 'renamed one', description: '' }));
  assert.deepEqual([named.group_name, named.description], ['renamed one', '']);
  assert.equal(done(await call(s, admin, '/group/update_name', { group_id: group.group_id, name: 'renamed two' })).group_name, 'renamed two');
  // The old name is free again; commands know the new one.
  await made({ group_name: 'renamed one' });
  await s.cli('group', 'join', 'renamed two', 'ann');
  done(await change(admin, group.group_id, { group_name: 'renamed two' }));
  refused(await change(admin, group.group_id, { group_name: taken.group_name }), 409, 'AlreadyExist.Group');
  for (const [body, code] of [[{ group_name: '' }, 'InvalidParameterEmpty.GroupName'],
    [{ group_name: 'x'.repeat(129) }, 'InvalidParameterOutOfRange.GroupName'],
    [{ description: 'x'.repeat(1025) }, 'InvalidParameterOutOfRange.Description']])
    refused(await change(admin, group.group_id, body), 400, code);
  refused(await call(s, admin, '/group/update_name', { group_id: group.group_id }), 400, 'InvalidParameterMissing.Name');
  refused(await change(admin, ABSENT, {}), 404, 'NotFound.Group');
  refused(await change(admin, await root(), { group_name: 'x' }), 409, 'StateConflict');
});

test('update, delete: by administrators of the group or of one above', async () => {
  const top = await made(), low = await made({ parent_group_id: top.group_id }), dee = await s.person('dee');
  refused(await change(dee, low.group_id, { description: 'x' }), 404, 'NotFound.Group');
  done(await add(admin, low.group_id, dee.user_id), 204);
  refused(await change(dee, low.group_id, { description: 'x' }), 403, 'ForbiddenNoPermission.Group');
  refused(await remove(dee, low.group_id), 403, 'ForbiddenNoPermission.Group');
  done(await assign(top.group_id, dee.user_id), 204);
  done(await change(dee, low.group_id, { description: 'x' }));
  done(await drop(dee, low.group_id, dee.user_id), 204);
  done(await remove(dee, low.group_id), 204);
  done(await assign(top.group_id, dee.user_id, 'cancel_assign'), 204);
  refused(await change(dee, top.group_id, { description: 'x' }), 404, 'NotFound.Group');
});

test('delete: not while it has groups, users or drives; the root never', async () => {
  const top = await made(), low = await made({ parent_group_id: top.group_id });
  refused(await remove(admin, top.group_id), 409, 'StateConflict');
  done(await add(admin, low.group_id, ann.user_id), 204);
  refused(await remove(admin, low.group_id), 409, 'StateConflict');
  done(await drop(admin, low.group_id, ann.user_id), 204);
  done(await remove(admin, low.group_id), 204);
  const drive_id = await driveOf(top.group_id);
  refused(await remove(admin, top.group_id), 409, 'StateConflict');
  done(await call(s, admin, '/drive/delete', { drive_id }), 204);
  done(await remove(admin, top.group_id), 204);
  refused(await get(admin, top.group_id), 404, 'NotFound.Group');
  refused(await remove(admin, top.group_id), 404, 'NotFound.Group');
  refused(await remove(admin, await root()), 409, 'StateConflict');
  refused(await remove(ann, ABSENT), 404, 'NotFound.Group');
});

// ---- members ----

test('members: added, listed, removed', async () => {
  const group = await made(), low = await made({ parent_group_id: group.group_id });
  done(await add(admin, group.group_id, ann.user_id), 204);
  done(await add(admin, group.group_id, bob.user_id), 204);
  const whole = done(await members(admin, group.group_id));
  assert.deepEqual(Object.keys(whole), ['group_items', 'user_items', 'next_marker']);
  assert.deepEqual([ids(whole.group_items), whole.user_items.map(user => user.user_id).sort(), whole.next_marker],
    [[low.group_id], [ann.user_id, bob.user_id].sort(), '']);
  assert.deepEqual(whole.user_items.find(user => user.user_id === ann.user_id), done(await call(s, ann, '/user/get', {})));
  const users = done(await members(admin, group.group_id, { member_type: 'user' }));
  assert.deepEqual([users.group_items, users.user_items], [[], whole.user_items]);
  const groups = done(await members(admin, group.group_id, { member_type: 'group' }));
  assert.deepEqual([groups.group_items, groups.user_items], [whole.group_items, []]);
  refused(await add(admin, group.group_id, ann.user_id), 409, 'AlreadyExist.Membership');
  done(await drop(admin, group.group_id, ann.user_id), 204);
  refused(await drop(admin, group.group_id, ann.user_id), 404, 'NotFound.Membership');
  assert.deepEqual(done(await members(admin, group.group_id)).user_items.map(user => user.user_id), [bob.user_id]);
});

test('members: every page size, from groups to users', async () => {
  const group = await made(), low = [], users = [];
  for (let i = 0; i < 3; i++) low.push((await made({ parent_group_id: group.group_id })).group_id);
  for (let i = 0; i < 3; i++) {
    const user_id = unique();
    done(await call(s, admin, '/user/create', { user_id, group_info_list: [{ group_id: group.group_id }] }), 201);
    users.push(user_id);
  }
  for (const limit of [1, 2, 3, 4, 5, 6, 7]) {
    const seen = [], sizes = [];
    let marker;
    do {
      const page = done(await members(admin, group.group_id, { limit, marker }));
      sizes.push(page.group_items.length + page.user_items.length);
      seen.push(...ids(page.group_items), ...page.user_items.map(user => user.user_id));
      marker = page.next_marker;
    } while (marker);
    assert.deepEqual(seen, [...low, ...users], String(limit));
    assert.ok(sizes.every(size => size <= limit), String(sizes));
  }
});

test('members: of the root are all users and the groups on top', async () => {
  const staff = await root(), top = await made(), low = await made({ parent_group_id: top.group_id });
  const whole = done(await members(admin, staff));
  assert.ok(ids(whole.group_items).includes(top.group_id) && !ids(whole.group_items).includes(low.group_id));
  const people = [];
  let marker;
  do {
    const page = done(await members(admin, staff, { member_type: 'user', limit: 3, marker }));
    people.push(...page.user_items.map(user => user.user_id));
    marker = page.next_marker;
  } while (marker);
  assert.deepEqual(people, done(await call(s, admin, '/user/list', {})).items.map(user => user.user_id));
  refused(await drop(admin, staff, ann.user_id), 409, 'StateConflict');
});

test('members: who may, and what others learn', async () => {
  const group = await made(), eli = await s.person('eli');
  done(await call(s, admin, '/user/update', { user_id: bob.user_id, phone: '55501', email: 'bob@example.com' }));
  done(await add(admin, group.group_id, bob.user_id), 204);
  refused(await members(eli, group.group_id), 404, 'NotFound.Group');
  refused(await add(eli, group.group_id, eli.user_id), 404, 'NotFound.Group');
  refused(await drop(eli, group.group_id, bob.user_id), 404, 'NotFound.Group');
  done(await add(admin, group.group_id, eli.user_id), 204);
  refused(await add(eli, group.group_id, ann.user_id), 403, 'ForbiddenNoPermission.Group');
  refused(await drop(eli, group.group_id, bob.user_id), 403, 'ForbiddenNoPermission.Group');
  const shown = who => members(who, group.group_id).then(answer => done(answer).user_items.find(user => user.user_id === bob.user_id));
  assert.deepEqual((({ phone, email }) => [phone, email])(await shown(eli)), ['', '']);
  assert.deepEqual((({ phone, email }) => [phone, email])(await shown(bob)), ['55501', 'bob@example.com']);
  assert.deepEqual((({ phone, email }) => [phone, email])(await shown(admin)), ['55501', 'bob@example.com']);
  done(await assign(group.group_id, eli.user_id), 204);
  done(await add(eli, group.group_id, ann.user_id), 204);
  done(await drop(eli, group.group_id, ann.user_id), 204);
  for (const who of [add, drop]) {
    refused(await who(admin, group.group_id, 'nobody'), 404, 'NotFound.User');
    refused(await who(admin, ABSENT, ann.user_id), 404, 'NotFound.Group');
    refused(await who(null, group.group_id, ann.user_id), 401, 'AccessTokenInvalid');
  }
  refused(await call(s, admin, '/group/add_member', { group_id: group.group_id, member_type: 'group', member_id: ABSENT }), 400, 'InvalidParameter.MemberType');
  refused(await call(s, admin, '/group/add_member', { group_id: group.group_id, member_id: 'ann' }), 400, 'InvalidParameterMissing.MemberType');
  refused(await call(s, admin, '/group/add_member', { group_id: group.group_id, member_type: 'user' }), 400, 'InvalidParameterMissing.MemberId');
});

// ---- what groups open ----

test('tree: a member below reaches the drives above, at once and only while he is one', async () => {
  const top = await made(), mid = await made({ parent_group_id: top.group_id }), low = await made({ parent_group_id: mid.group_id });
  const beside = await made({ parent_group_id: top.group_id }), fin = await s.person('fin');
  const drive_id = await driveOf(top.group_id), other = await driveOf(beside.group_id);
  const file = await pdsUpload(s, { ...admin, drive_id }, 'x.txt', [Buffer.from('x')]);
  const read = () => call(s, fin, '/file/get', { drive_id, file_id: file.file_id });
  refused(await read(), 404, 'NotFound.Drive');
  done(await add(admin, low.group_id, fin.user_id), 204);
  done(await read());
  await folder(s, { ...fin, drive_id }, 'made below');
  refused(await call(s, fin, '/drive/get', { drive_id: other }), 404, 'NotFound.Drive');
  refused(await call(s, fin, '/drive/delete', { drive_id }), 403, 'ForbiddenNoPermission.Drive');
  assert.deepEqual(done(await call(s, fin, '/drive/list_my_group_drive', {})).items.map(drive => drive.drive_id), [drive_id]);
  done(await drop(admin, low.group_id, fin.user_id), 204);
  refused(await read(), 404, 'NotFound.Drive');
});

test('tree: who administers a group has its drives and those below, not those above', async () => {
  const top = await made(), mid = await made({ parent_group_id: top.group_id }), low = await made({ parent_group_id: mid.group_id });
  const [tops, mids, lows] = [await driveOf(top.group_id), await driveOf(mid.group_id), await driveOf(low.group_id)];
  const gil = await s.person('gil'), see = drive_id => call(s, gil, '/drive/get', { drive_id });
  done(await assign(mid.group_id, gil.user_id), 204);
  refused(await see(tops), 404, 'NotFound.Drive');
  for (const drive_id of [mids, lows]) done(await see(drive_id));
  assert.deepEqual(done(await call(s, gil, '/drive/list_my_group_drive', {})).items.map(drive => drive.drive_id), [mids, lows]);
  await folder(s, { ...gil, drive_id: lows }, 'by the administrator');
  assert.equal(done(await call(s, gil, '/drive/update', { drive_id: lows, drive_name: 'renamed' })).drive_name, 'renamed');
  done(await call(s, gil, '/user/list', {}));
  done(await assign(mid.group_id, gil.user_id, 'cancel_assign'), 204);
  refused(await see(lows), 404, 'NotFound.Drive');
  refused(await call(s, gil, '/user/list', {}), 403, 'ForbiddenNoPermission.User');
});

test('and the store is sound', async () => {
  assert.deepEqual(await s.cli('check', '--content'), []);
});
