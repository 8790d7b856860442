// /v2/membership and /v2/role: both of the older ways to say who is in a group, and who administers one.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { startServer } from './harness.mjs';
import { alterations, call, done, refused, walk } from './pds.mjs';

const ABSENT = '4503599627370490';
let s, admin, ann, bob;
before(async () => {
  s = await startServer();
  admin = await s.person('one-admin', { admin: true });
  ann = await s.person('ann');
  bob = await s.person('bob');
});
after(() => s?.stop());

let counter = 0;
const unique = () => `g${++counter}`;
const group = async (more = {}) => done(await call(s, admin, '/group/create', { group_name: unique(), ...more }), 201).group_id;
const ask = (who, verb, body) => call(s, who, `/membership/${verb}`, body);
const ofUser = (group_id, user_id, more) => ({ group_id, member_type: 'user', user_id, ...more });
const ofGroup = (group_id, sub_group_id, more) => ({ group_id, member_type: 'group', sub_group_id, ...more });
const create = (body, who = admin) => ask(who, 'create', body);
const has = async body => done(await ask(admin, 'has_member', body)).result;
const children = (who, body) => ask(who, 'list_direct_child_memberships', body);
const parents = (who, body) => ask(who, 'list_direct_parent_memberships', body);

test('create: a user in a group, as member or administrator', async () => {
  const team = await group();
  const made = done(await create(ofUser(team, ann.user_id, { description: 'why' })), 201);
  assert.deepEqual(Object.keys(made), ['domain_id', 'group_id', 'member_type', 'user_id', 'member_role', 'description', 'creator',
    'created_at', 'updated_at']);
  assert.deepEqual([made.group_id, made.member_type, made.user_id, made.member_role, made.description, made.creator],
    [team, 'user', ann.user_id, 'member', 'why', admin.user_id]);
  assert.ok(Number.isInteger(made.created_at));
  assert.deepEqual(done(await ask(admin, 'get', ofUser(team, ann.user_id))), made);
  refused(await create(ofUser(team, ann.user_id)), 409, 'AlreadyExist.Membership');
  assert.equal(done(await create(ofUser(team, bob.user_id, { member_role: 'admin' })), 201).member_role, 'admin');
  // He does administer it.
  done(await call(s, bob, '/group/update', { group_id: team, description: 'bob was here' }));
  refused(await call(s, ann, '/group/update', { group_id: team, description: 'x' }), 403, 'ForbiddenNoPermission.Group');
});

test('create: a group in a group, once and without circles', async () => {
  const top = await group(), low = await group(), other = await group();
  const made = done(await create(ofGroup(top, low)), 201);
  assert.deepEqual([made.group_id, made.member_type, made.sub_group_id, made.member_role, 'user_id' in made],
    [top, 'group', low, 'member', false]);
  assert.deepEqual(done(await ask(admin, 'get', ofGroup(top, low))), made);
  refused(await create(ofGroup(top, low)), 409, 'AlreadyExist.Membership');
  refused(await create(ofGroup(other, low)), 409, 'AlreadyExist.Membership');
  refused(await create(ofGroup(low, top)), 400, 'InvalidParameter.SubGroupId');
  refused(await create(ofGroup(top, top)), 400, 'InvalidParameter.SubGroupId');
  refused(await ask(admin, 'get', ofGroup(other, low)), 404, 'NotFound.Membership');
  done(await ask(admin, 'delete', ofGroup(top, low)), 204);
  refused(await ask(admin, 'delete', ofGroup(top, low)), 404, 'NotFound.Membership');
  done(await create(ofGroup(low, top)), 201);
});

test('every operation: what must be named, and what is not there', async () => {
  const team = await group();
  for (const verb of ['create', 'get', 'update', 'delete', 'has_member']) {
    const good = ofUser(team, ann.user_id);
    for (const [body, status, code] of [
      [{ ...good, group_id: undefined }, 400, 'InvalidParameterMissing.GroupId'],
      [{ ...good, member_type: undefined }, 400, 'InvalidParameterMissing.MemberType'],
      [{ ...good, member_type: 'app' }, 400, 'InvalidParameter.MemberType'],
      [{ ...good, user_id: undefined }, 400, 'InvalidParameterMissing.UserId'],
      [{ ...good, user_id: 'x'.repeat(65) }, 400, 'InvalidParameterOutOfRange.UserId'],
      [ofGroup(team, undefined), 400, 'InvalidParameterMissing.SubGroupId'],
      [ofUser(ABSENT, ann.user_id), 404, 'NotFound.Group'], [ofUser('x', ann.user_id), 404, 'NotFound.Group'],
      [ofUser(team, 'nobody'), 404, 'NotFound.User'], [ofGroup(team, ABSENT), 404, 'NotFound.Group'],
    ]) refused(await ask(admin, verb, body), status, code);
    refused(await ask(null, verb, good), 401, 'AccessTokenInvalid');
    refused(await ask(ann, verb, good), 404, 'NotFound.Group');
  }
  for (const verb of ['create', 'update']) {
    refused(await ask(admin, verb, ofUser(team, ann.user_id, { member_role: 'chief' })), 400, 'InvalidParameter.MemberRole');
    refused(await ask(admin, verb, ofUser(team, ann.user_id, { description: 'x'.repeat(1025) })), 400, 'InvalidParameterOutOfRange.Description');
  }
  for (const verb of ['get', 'update', 'delete']) refused(await ask(admin, verb, ofUser(team, ann.user_id)), 404, 'NotFound.Membership');
});

test('update: role and description; what is absent stays', async () => {
  const team = await group();
  done(await create(ofUser(team, ann.user_id, { description: 'd' })), 201);
  const update = more => ask(admin, 'update', ofUser(team, ann.user_id, more));
  assert.equal(done(await update({})).description, 'd');
  assert.deepEqual((({ member_role, description }) => [member_role, description])(done(await update({ member_role: 'admin' }))), ['admin', 'd']);
  done(await call(s, ann, '/group/update', { group_id: team, description: 'x' }));
  assert.deepEqual((({ member_role, description }) => [member_role, description])(done(await update({ description: '' }))), ['admin', '']);
  assert.equal(done(await update({ member_role: 'member' })).member_role, 'member');
  refused(await call(s, ann, '/group/update', { group_id: team, description: 'x' }), 403, 'ForbiddenNoPermission.Group');
  refused(await ask(ann, 'update', ofUser(team, ann.user_id, { member_role: 'admin' })), 403, 'ForbiddenNoPermission.Group');
});

test('delete, has_member: below counts, above does not', async () => {
  const top = await group(), low = await group({ parent_group_id: top }), cai = await s.person('cai');
  assert.equal(await has(ofUser(low, cai.user_id)), false);
  done(await create(ofUser(low, cai.user_id)), 201);
  assert.deepEqual([await has(ofUser(low, cai.user_id)), await has(ofUser(top, cai.user_id))], [true, true]);
  assert.deepEqual([await has(ofGroup(top, low)), await has(ofGroup(low, top)), await has(ofGroup(low, low))], [true, false, false]);
  refused(await ask(admin, 'get', ofUser(top, cai.user_id)), 404, 'NotFound.Membership');
  done(await ask(admin, 'delete', ofUser(low, cai.user_id)), 204);
  assert.deepEqual([await has(ofUser(low, cai.user_id)), await has(ofUser(top, cai.user_id))], [false, false]);
});

test('children: groups, then users, by every page size', async () => {
  const team = await group(), low = [], users = [];
  for (let i = 0; i < 2; i++) low.push(await group({ parent_group_id: team }));
  for (let i = 0; i < 3; i++) {
    users.push(unique());
    done(await call(s, admin, '/user/create', { user_id: users[i], group_info_list: [{ group_id: team }] }), 201);
  }
  const named = items => items.map(item => item.sub_group_id ?? item.user_id);
  const whole = done(await children(admin, { group_id: team }));
  assert.deepEqual([named(whole.items), whole.next_marker], [[...low, ...users], '']);
  assert.deepEqual(whole.items[4], done(await ask(admin, 'get', ofUser(team, users[2]))));
  for (const limit of [1, 2, 3, 4, 5, 6])
    assert.deepEqual((await walk(s, admin, '/membership/list_direct_child_memberships', { group_id: team, limit })).items, whole.items);
  assert.deepEqual(named(done(await children(admin, { group_id: team, member_type: 'group' })).items), low);
  assert.deepEqual(named(done(await children(admin, { group_id: team, member_type: 'user' })).items), users);
  refused(await children(ann, { group_id: team }), 404, 'NotFound.Group');
  refused(await children(admin, {}), 400, 'InvalidParameterMissing.GroupId');
  for (const limit of [0, 101]) refused(await children(admin, { group_id: team, limit }), 400, 'InvalidParameterOutOfRange.Limit');
  const { next_marker: marker } = done(await children(admin, { group_id: team, limit: 2 }));
  for (const altered of alterations(marker, 5)) refused(await children(admin, { group_id: team, marker: altered }), 400, 'InvalidParameter.Marker');
  refused(await children(admin, { group_id: low[0], marker }), 400, 'InvalidParameter.Marker');
});

test('parents: of a user and of a group; one\'s own without naming oneself', async () => {
  const dee = await s.person('dee'), one = await group(), two = await group(), low = await group({ parent_group_id: one });
  for (const team of [low, two]) done(await create(ofUser(team, dee.user_id)), 201);
  const named = items => items.map(item => item.group_id);
  const body = { member_type: 'user', user_id: dee.user_id };
  assert.deepEqual(named(done(await parents(admin, body)).items).sort(), [low, two].sort());
  assert.deepEqual((await walk(s, admin, '/membership/list_direct_parent_memberships', { ...body, limit: 1 })).sizes, [1, 1]);
  const direct = done(await ask(dee, 'list_direct_memberships', {}));
  assert.deepEqual(direct, done(await parents(dee, body)));
  assert.deepEqual(done(await ask(admin, 'list_direct_memberships', { user_id: dee.user_id })), direct);
  refused(await ask(ann, 'list_direct_memberships', { user_id: dee.user_id }), 404, 'NotFound.User');
  refused(await parents(ann, body), 404, 'NotFound.User');
  assert.deepEqual(named(done(await parents(admin, { member_type: 'group', sub_group_id: low })).items), [one]);
  assert.deepEqual(done(await parents(admin, { member_type: 'group', sub_group_id: one })), { items: [], next_marker: '' });
  refused(await parents(admin, { member_type: 'group' }), 400, 'InvalidParameterMissing.SubGroupId');
  refused(await parents(admin, { user_id: dee.user_id }), 400, 'InvalidParameterMissing.MemberType');
  refused(await parents(null, body), 401, 'AccessTokenInvalid');
});

// ---- roles ----

const role = (user_id, group_id, more = {}) => ({ identity: { identity_type: 'IT_User', identity_id: user_id },
  role_id: 'SystemGroupAdmin', manage_resource_type: 'RT_Group', manage_resource_id: group_id, ...more });
const assign = (who, body) => call(s, who, '/role/assign', body);
const cancel = (who, body) => call(s, who, '/role/cancel_assign', body);
const assignments = (who, group_id, more) => call(s, who, '/role/list_assignment', { manage_resource_type: 'RT_Group', manage_resource_id: group_id, ...more });
const rolesOf = (who, user_id, more) => call(s, who, '/role/list_identity_role', { identity: { identity_type: 'IT_User', identity_id: user_id }, ...more });

test('roles: assigned, listed on both sides, cancelled', async () => {
  const team = await group(), other = await group(), eli = await s.person('eli'), fay = await s.person('fay');
  for (const user of [eli, fay]) done(await assign(admin, role(user.user_id, team)), 204);
  done(await assign(admin, role(eli.user_id, other)), 204);
  refused(await assign(admin, role(eli.user_id, team)), 409, 'AlreadyExist.Membership');
  const page = done(await assignments(admin, team));
  assert.deepEqual(Object.keys(page), ['assignment_list', 'next_marker']);
  const [first] = page.assignment_list.filter(item => item.identity.identity_id === eli.user_id);
  assert.deepEqual({ ...first, created_at: 0 }, { domain_id: 'main', identity: { identity_type: 'IT_User', identity_id: eli.user_id },
    role_id: 'SystemGroupAdmin', manage_resource_type: 'RT_Group', manage_resource_id: team, creator: admin.user_id, created_at: 0 });
  assert.equal(page.assignment_list.length, 2);
  const one = done(await assignments(admin, team, { limit: 1 })), two = done(await assignments(admin, team, { limit: 1, marker: one.next_marker }));
  assert.deepEqual([...one.assignment_list, ...two.assignment_list, two.next_marker], [...page.assignment_list, '']);
  const mine = done(await rolesOf(eli, eli.user_id)).assignment_list.map(item => item.manage_resource_id);
  assert.deepEqual(mine, [team, other]);
  assert.equal(done(await rolesOf(admin, eli.user_id, { limit: 1 })).assignment_list.length, 1);
  refused(await rolesOf(ann, eli.user_id), 404, 'NotFound.User');
  // An administrator is no member.
  assert.equal(await has(ofUser(team, eli.user_id)), false);
  done(await cancel(admin, role(eli.user_id, team)), 204);
  refused(await cancel(admin, role(eli.user_id, team)), 404, 'NotFound.Membership');
  assert.deepEqual(done(await rolesOf(eli, eli.user_id)).assignment_list.map(item => item.manage_resource_id), [other]);
  refused(await call(s, eli, '/group/get', { group_id: team }), 404, 'NotFound.Group');
});

test('roles: given by administrators of the domain only', async () => {
  const team = await group(), gil = await s.person('gil');
  refused(await assign(gil, role(gil.user_id, team)), 404, 'NotFound.Group');
  done(await assign(admin, role(gil.user_id, team)), 204);
  refused(await assign(gil, role(ann.user_id, team)), 403, 'ForbiddenNoPermission.Group');
  refused(await cancel(gil, role(gil.user_id, team)), 403, 'ForbiddenNoPermission.Group');
  assert.equal(done(await assignments(gil, team)).assignment_list.length, 1);
  done(await create(ofUser(team, bob.user_id)), 201);
  refused(await assignments(bob, team), 403, 'ForbiddenNoPermission.Group');
  refused(await assignments(ann, team), 404, 'NotFound.Group');
  refused(await assign(null, role(ann.user_id, team)), 401, 'AccessTokenInvalid');
});

test('roles: bounds', async () => {
  const team = await group();
  for (const verb of ['assign', 'cancel_assign'])
    for (const [body, status, code] of [
      [{ identity: undefined }, 400, 'InvalidParameterMissing.Identity'], [{ identity: 'ann' }, 400, 'InvalidParameterWrongFormat.Identity'],
      [{ identity: {} }, 400, 'InvalidParameterMissing.IdentityType'],
      [{ identity: { identity_type: 'IT_Group', identity_id: team } }, 400, 'InvalidParameter.IdentityType'],
      [{ identity: { identity_type: 'IT_User', identity_id: 'nobody' } }, 404, 'NotFound.User'],
      [{ role_id: 'SystemFileOwner' }, 400, 'InvalidParameter.RoleId'], [{ role_id: undefined }, 400, 'InvalidParameterMissing.RoleId'],
      [{ manage_resource_type: 'RT_Drive' }, 400, 'InvalidParameter.ManageResourceType'],
      [{ manage_resource_id: undefined }, 400, 'InvalidParameterMissing.ManageResourceId'],
      [{ manage_resource_id: ABSENT }, 404, 'NotFound.Group'],
    ]) refused(await call(s, admin, `/role/${verb}`, role(ann.user_id, team, body)), status, code);
  for (const limit of [0, 101]) refused(await assignments(admin, team, { limit }), 400, 'InvalidParameterOutOfRange.Limit');
  refused(await assignments(admin, team, { marker: 'x' }), 400, 'InvalidParameter.Marker');
  refused(await rolesOf(admin, 'nobody'), 404, 'NotFound.User');
  refused(await call(s, admin, '/role/list_identity_role', {}), 400, 'InvalidParameterMissing.Identity');
});

test('roles: end with the user and with the group', async () => {
  const team = await group(), other = await group(), user_id = unique();
  done(await call(s, admin, '/user/create', { user_id }), 201);
  for (const id of [team, other]) done(await assign(admin, role(user_id, id)), 204);
  done(await call(s, admin, '/group/delete', { group_id: other }), 204);
  assert.deepEqual(done(await rolesOf(admin, user_id)).assignment_list.map(item => item.manage_resource_id), [team]);
  done(await call(s, admin, '/user/delete', { user_id }), 204);
  assert.deepEqual(done(await assignments(admin, team)).assignment_list, []);
});

test('and the store is sound', async () => {
  assert.deepEqual(await s.cli('check', '--content'), []);
});
