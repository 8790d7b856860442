// GeneralGetUser, GeneralSearchUser, ListGroupUser: users with their drives and groups.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { startServer } from './harness.mjs';
import { alterations, call, done, refused, signV1, walk } from './pds.mjs';

let s, admin, ann, bob, app, outer, inner, hidden, annsDrives;
const group = async (group_name, more = {}) => done(await call(s, admin, '/group/create', { group_name, ...more }), 201).group_id;
const join = async (group_id, who) =>
  done(await call(s, admin, '/group/add_member', { group_id, member_type: 'user', member_id: who.user_id }), 204);
before(async () => {
  s = await startServer();
  admin = await s.person('one-admin', { admin: true });
  ann = await s.person('ann', { drive: true });
  bob = await s.person('bob', { drive: true });
  app = await s.app('domain key');
  outer = await group('outer');
  inner = await group('inner', { parent_group_id: outer });
  hidden = await group('hidden');
  await join(outer, ann);
  await join(outer, bob);
  await join(inner, ann);
  await join(hidden, ann);
  const second = done(await call(s, admin, '/drive/create', { drive_name: 'second', owner: ann.user_id, owner_type: 'user' }), 201);
  annsDrives = [ann.drive_id, second.drive_id].sort((a, b) => a - b);
});
after(() => s?.stop());

const get = (who, body) => call(s, who, '/user/general_get', body);
const search = (who, body) => call(s, who, '/user/general_search', body);
const list = (who, body) => call(s, who, '/user/list_group_user', body);
const byKey = (path, body) => s.call('POST', '/v2' + path, { body, headers: signV1(app, { path: '/v2' + path }) });
const BOTH = ['drive', 'group'];
const drives = user => user.drive.map(drive => drive.drive_id);
const groups = user => user.group.map(item => item.group_id);

test('get: the user as GetUser tells of him, and what is asked for beside', async () => {
  const plain = done(await call(s, admin, '/user/get', { user_id: ann.user_id }));
  assert.deepEqual(done(await get(admin, { user_id: ann.user_id })), plain);
  assert.deepEqual(done(await get(admin, { user_id: ann.user_id, extra_return_info: [] })), plain);
  const { drive, group: teams, ...user } = done(await get(admin, { user_id: ann.user_id, extra_return_info: BOTH }));
  assert.deepEqual(user, plain);
  assert.equal(drive.length, 2);
  for (const [i, drive_id] of annsDrives.entries()) assert.deepEqual(drive[i], done(await call(s, admin, '/drive/get', { drive_id })));
  assert.deepEqual(teams.map(item => item.group_id), [outer, inner, hidden]);
  assert.deepEqual(teams[0], done(await call(s, admin, '/group/get', { group_id: outer })));
  const some = done(await get(admin, { user_id: ann.user_id, extra_return_info: ['drive', 'drive'] }));
  assert.deepEqual(drives(some), annsDrives);
  assert.ok(!('group' in some));
  assert.ok(!('drive' in done(await get(admin, { user_id: ann.user_id, extra_return_info: ['group'] }))));
});

test('get: one who has nothing has empty lists', async () => {
  const user_id = done(await call(s, admin, '/user/create', { user_id: 'bare' }), 201).user_id;
  const bare = done(await get(admin, { user_id, extra_return_info: BOTH }));
  assert.deepEqual([bare.drive, bare.group], [[], []]);
});

test('get: oneself by default; to a plain user there is no other', async () => {
  const me = done(await get(ann, { extra_return_info: BOTH }));
  assert.equal(me.user_id, ann.user_id);
  assert.deepEqual(drives(me), annsDrives);
  assert.deepEqual(groups(me), [outer, inner, hidden]);
  assert.equal(done(await get(ann, undefined)).user_id, ann.user_id);
  assert.deepEqual(done(await byKey('/user/general_get', { user_id: ann.user_id, extra_return_info: BOTH })), me);
  refused(await byKey('/user/general_get', {}), 400, 'InvalidParameterMissing.UserId');
  for (const user_id of [bob.user_id, 'nobody']) refused(await get(ann, { user_id }), 404, 'NotFound.User');
  refused(await get(admin, { user_id: 'nobody' }), 404, 'NotFound.User');
  refused(await get(null, {}), 401, 'AccessTokenInvalid');
});

test('extra_return_info: its words only, ten at most', async () => {
  for (const ask of [body => get(admin, body), body => search(admin, body), body => list(admin, { group_id: outer, ...body })]) {
    for (const extra of ['drives', '', 'GROUP'])
      refused(await ask({ extra_return_info: [extra] }), 400, extra ? 'InvalidParameter.ExtraReturnInfo' : 'InvalidParameterEmpty.ExtraReturnInfo');
    refused(await ask({ extra_return_info: 'drive' }), 400, 'InvalidParameterWrongFormat.ExtraReturnInfo');
    refused(await ask({ extra_return_info: [5] }), 400, 'InvalidParameterWrongFormat.ExtraReturnInfo');
    refused(await ask({ extra_return_info: Array(11).fill('drive') }), 400, 'InvalidParameterOutOfRange.ExtraReturnInfo');
    for (const extra_return_info of [Array(10).fill('drive'), null, []])
      done(await ask({ extra_return_info, user_id: admin.user_id }));
  }
});

test('search: as SearchUser finds, with what is asked for beside, page by page', async () => {
  for (const body of [{}, { user_name: 'ann' }, { nick_name: 'nobody' }, { role: 'admin' }, { status: 'enabled', limit: 2 }]) {
    const plain = done(await call(s, admin, '/user/search', body)), general = done(await search(admin, body));
    assert.deepEqual(general.items, plain.items, JSON.stringify(body));
    assert.equal(general.next_marker === '', plain.next_marker === '');
  }
  const whole = done(await search(admin, { extra_return_info: BOTH })).items;
  const found = whole.find(user => user.user_id === ann.user_id);
  assert.deepEqual(drives(found), annsDrives);
  assert.deepEqual(groups(found), [outer, inner, hidden]);
  for (let limit = 1; limit <= whole.length + 1; limit++) {
    const { items, sizes } = await walk(s, admin, '/user/general_search', { limit, extra_return_info: BOTH });
    assert.deepEqual(items, whole, `limit ${limit}`);
    assert.equal(sizes.length, Math.ceil(whole.length / limit));
  }
  for (const [body, code] of [[{ limit: 0 }, 'InvalidParameterOutOfRange.Limit'], [{ limit: 101 }, 'InvalidParameterOutOfRange.Limit'],
    [{ limit: 'x' }, 'InvalidParameterOutOfRange.Limit'], [{ marker: 'x' }, 'InvalidParameter.Marker'],
    [{ role: 'king' }, 'InvalidParameter.Role'], [{ status: 'on' }, 'InvalidParameter.Status'],
    [{ user_name: 'x'.repeat(129) }, 'InvalidParameterOutOfRange.UserName'],
    [{ nick_name: 'x'.repeat(129) }, 'InvalidParameterOutOfRange.NickName'],
    [{ nick_name_for_fuzzy: 'x'.repeat(129) }, 'InvalidParameterOutOfRange.NickNameForFuzzy'],
    [{ email: 'x'.repeat(257) }, 'InvalidParameterOutOfRange.Email'], [{ phone: '1'.repeat(33) }, 'InvalidParameterOutOfRange.Phone']])
    refused(await search(admin, body), 400, code);
  refused(await search(ann, {}), 403, 'ForbiddenNoPermission.User');
  refused(await search(null, {}), 401, 'AccessTokenInvalid');
});

test('search: a marker of ours only, for the search it came from', async () => {
  const { next_marker: marker } = done(await search(admin, { limit: 1 }));
  refused(await search(admin, { limit: 1, marker, role: 'user' }), 400, 'InvalidParameter.Marker');
  for (const other of alterations(marker, 5)) refused(await search(admin, { limit: 1, marker: other }), 400, 'InvalidParameter.Marker');
});

test('who administers a group sees the users, none of their drives, and the groups that are his to see', async () => {
  const carl = await s.person('carl');
  done(await call(s, admin, '/role/assign', { identity: { identity_type: 'IT_User', identity_id: carl.user_id }, role_id: 'SystemGroupAdmin',
    manage_resource_type: 'RT_Group', manage_resource_id: outer }), 204);
  const found = done(await search(carl, { user_name: 'ann', extra_return_info: BOTH })).items[0];
  assert.deepEqual(found.drive, []);
  assert.deepEqual(groups(found), [outer, inner]);
  assert.deepEqual(done(await get(carl, { user_id: ann.user_id, extra_return_info: BOTH })), found);
});

test('list_group_user: the groups, then the users that stand in the group, as ListGroupMember tells of them', async () => {
  const plain = done(await call(s, admin, '/group/list_member', { group_id: outer }));
  assert.deepEqual(done(await list(admin, { group_id: outer })), plain);
  const whole = done(await list(admin, { group_id: outer, extra_return_info: BOTH }));
  assert.deepEqual(Object.keys(whole), ['group_items', 'user_items', 'next_marker']);
  assert.deepEqual(whole.group_items.map(item => item.group_id), [inner]);
  assert.deepEqual(whole.user_items.map(user => user.user_id), [ann.user_id, bob.user_id]);
  assert.deepEqual(groups(whole.user_items[0]), [outer, inner, hidden]);
  assert.deepEqual(drives(whole.user_items[1]), [bob.drive_id]);
  for (let limit = 1; limit <= 4; limit++) {
    const all = { group_items: [], user_items: [] };
    let marker = '', pages = 0;
    do {
      const page = done(await list(admin, { group_id: outer, limit, marker, extra_return_info: BOTH }));
      assert.ok(page.group_items.length + page.user_items.length <= limit);
      for (const name of Object.keys(all)) all[name].push(...page[name]);
      marker = page.next_marker;
      assert.ok(++pages <= 4);
    } while (marker);
    assert.deepEqual(all, { group_items: whole.group_items, user_items: whole.user_items }, `limit ${limit}`);
  }
});

test('list_group_user: members see it without what is others\' own; who stands outside finds no group', async () => {
  const page = done(await list(bob, { group_id: outer, extra_return_info: BOTH }));
  const [other, me] = page.user_items;
  assert.deepEqual([other.phone, other.email, other.drive], ['', '', []]);
  assert.deepEqual(groups(other), [outer]);
  assert.deepEqual(drives(me), [bob.drive_id]);
  refused(await list(bob, { group_id: hidden }), 404, 'NotFound.Group');
  refused(await list(admin, { group_id: '4503599627370490' }), 404, 'NotFound.Group');
  refused(await list(admin, { group_id: 'x' }), 404, 'NotFound.Group');
  refused(await list(admin, {}), 400, 'InvalidParameterMissing.GroupId');
  refused(await list(admin, { group_id: '' }), 400, 'InvalidParameterEmpty.GroupId');
  refused(await list(admin, { group_id: 'x'.repeat(65) }), 400, 'InvalidParameterOutOfRange.GroupId');
  for (const limit of [0, 101, -1]) refused(await list(admin, { group_id: outer, limit }), 400, 'InvalidParameterOutOfRange.Limit');
  refused(await list(admin, { group_id: outer, marker: 'x' }), 400, 'InvalidParameter.Marker');
  refused(await list(null, { group_id: outer }), 401, 'AccessTokenInvalid');
});
