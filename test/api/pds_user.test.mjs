// CreateUser, GetUser, UpdateUser, DeleteUser, ListUser, SearchUser, ImportUser.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { startServer } from './harness.mjs';
import { alterations, call, done, refused, signV1, unsupported, walk } from './pds.mjs';

let s, boss, admin, ann, app;
before(async () => {
  s = await startServer();
  boss = { user_id: 'superadmin', token: (await s.cli('token', 'issue', 'superadmin')).access_token };
  admin = await s.person('one-admin', { admin: true });
  ann = await s.person('ann', { drive: true });
  app = await s.app('domain key');
});
after(() => s?.stop());

let counter = 0;
const unique = () => `u${++counter}`;
const byKey = (path, body) => s.call('POST', '/v2' + path, { body, headers: signV1(app, { path: '/v2' + path }) });
const create = (body, who = admin) => call(s, who, '/user/create', { user_id: unique(), ...body });
const made = async (body, who) => done(await create(body, who), 201);
const get = (who, user_id) => call(s, who, '/user/get', { user_id });
const update = (who, user_id, body) => call(s, who, '/user/update', { user_id, ...body });
const remove = (who, user_id) => call(s, who, '/user/delete', { user_id });
const ids = items => items.map(user => user.user_id);
const tokenOf = async user_id => ({ user_id, token: (await s.cli('token', 'issue', user_id)).access_token });
const group = async title => String((await s.cli('group', 'add', title)).group_id);

const MEMBERS = ['domain_id', 'user_id', 'user_name', 'nick_name', 'avatar', 'email', 'phone', 'phone_region', 'role', 'status',
  'description', 'default_drive_id', 'user_data', 'creator', 'created_at', 'updated_at'];

// ---- create ----

test('create: all fields come back, and the defaults', async () => {
  const fields = { user_id: 'whole', user_name: 'Whole Name', nick_name: 'Nick', avatar: 'https://example.com/a.png',
    email: 'whole@example.com', phone: '+86 13800000001', phone_region: '86', role: 'user', status: 'disabled',
    description: 'described', user_data: { a: [1, { b: '二' }], big: 9007199254740993 } };
  const user = await made(fields);
  assert.deepEqual(Object.keys(user), MEMBERS);
  for (const [name, value] of Object.entries(fields)) assert.deepEqual(user[name], value, name);
  assert.equal(user.creator, admin.user_id);
  assert.ok(Number.isInteger(user.created_at) && Math.abs(Date.now() - user.created_at) < 600_000);
  assert.deepEqual(done(await get(admin, 'whole')), user);
  const plain = await made({ user_id: 'plain' });
  assert.deepEqual({ ...plain, created_at: 0, updated_at: 0 }, { domain_id: user.domain_id, user_id: 'plain', user_name: 'plain',
    nick_name: '', avatar: '', email: '', phone: '', phone_region: '', role: 'user', status: 'enabled', description: '',
    default_drive_id: '', user_data: {}, creator: admin.user_id, created_at: 0, updated_at: 0 });
  assert.equal(done(await byKey('/user/create', { user_id: 'keyed' }), 201).creator, 'system');
});

test('create: bounds of every field', async () => {
  const wrong = [
    [{ user_id: undefined }, 'InvalidParameterMissing.UserId'], [{ user_id: '' }, 'InvalidParameterEmpty.UserId'],
    [{ user_id: 'x'.repeat(65) }, 'InvalidParameterOutOfRange.UserId'], [{ user_id: 'a#b' }, 'InvalidParameter.UserId'],
    [{ user_id: 'a b' }, 'InvalidParameter.UserId'], [{ user_id: 5 }, 'InvalidParameterWrongFormat.UserId'],
    [{ user_name: 'x'.repeat(129) }, 'InvalidParameterOutOfRange.UserName'],
    [{ nick_name: 'x'.repeat(129) }, 'InvalidParameterOutOfRange.NickName'],
    [{ description: 'x'.repeat(1025) }, 'InvalidParameterOutOfRange.Description'],
    [{ role: 'king' }, 'InvalidParameter.Role'], [{ status: 'on' }, 'InvalidParameter.Status'],
    [{ avatar: 'ftp://x' }, 'InvalidParameter.Avatar'], [{ avatar: 'x' }, 'InvalidParameter.Avatar'],
    [{ avatar: 'https://' + 'x'.repeat(4096 - 7) }, 'InvalidParameterOutOfRange.Avatar'],
    [{ avatar: 'data://' + 'A'.repeat(300 * 1024 - 6) }, 'InvalidParameterOutOfRange.Avatar'],
    [{ avatar: 'https://ü' }, 'InvalidParameter.Avatar'],
    [{ email: 'nobody' }, 'InvalidParameter.Email'], [{ email: '@x' }, 'InvalidParameter.Email'],
    [{ email: 'a@b@c' }, 'InvalidParameter.Email'], [{ email: 'a b@c' }, 'InvalidParameter.Email'],
    [{ phone: 'abc' }, 'InvalidParameter.Phone'], [{ phone: '+' }, 'InvalidParameter.Phone'],
    [{ phone: '1'.repeat(33) }, 'InvalidParameterOutOfRange.Phone'],
    [{ user_data: 'x' }, 'InvalidParameterWrongFormat.UserData'], [{ user_data: [] }, 'InvalidParameterWrongFormat.UserData'],
    [{ user_data: { a: 'x'.repeat(1024) } }, 'InvalidParameterOutOfRange.UserData'],
    [{ group_info_list: [{}] }, 'InvalidParameterMissing.GroupId'],
    [{ group_info_list: Array(101).fill({ group_id: '1' }) }, 'InvalidParameterOutOfRange.GroupInfoList'],
    [{ plain_password: '' }, 'InvalidParameterEmpty.PlainPassword'],
  ];
  for (const [body, code] of wrong) refused(await create(body), 400, code);
  await made({ user_id: '家'.repeat(64), user_name: '家'.repeat(128), nick_name: '家'.repeat(128), description: '家'.repeat(1024),
    avatar: 'https://' + 'x'.repeat(4096 - 8), user_data: { a: 'x'.repeat(1024 - 8) } });
  const avatar = 'data://' + 'A'.repeat(300 * 1024 - 7);
  assert.equal((await made({ avatar })).avatar, avatar);
});

test('create: what is one user\'s is no other\'s', async () => {
  const user = await made({ email: 'one@example.com', phone: '10001' });
  refused(await create({ user_id: user.user_id }), 409, 'AlreadyExist.User');
  refused(await create({ email: 'one@example.com' }), 409, 'AlreadyExist.User');
  refused(await create({ phone: '10001' }), 409, 'AlreadyExist.User');
  // Names may be alike, like a group's, or all digits: commands take another word then.
  await group('twins');
  for (const user_name of ['twins', 'twins', 'ann', '12345', ' x ']) assert.equal((await made({ user_name })).user_name, user_name);
  // Nothing of what was refused stands.
  const nobody = unique();
  refused(await create({ user_id: nobody, group_info_list: [{ group_id: '4503599627370490' }] }), 404, 'NotFound.Group');
  refused(await get(admin, nobody), 404, 'NotFound.User');
});

test('create: by administrators; administrators by superadmins', async () => {
  refused(await create({}, ann), 403, 'ForbiddenNoPermission');
  refused(await create({}, null), 401, 'AccessTokenInvalid');
  for (const role of ['admin', 'superadmin']) {
    refused(await create({ role }), 403, 'ForbiddenNoPermission.User');
    assert.equal((await made({ role }, boss)).role, role);
  }
  for (const role of ['subdomain_admin', 'subdomain_super_admin']) {
    const answer = await create({ role }, boss);
    refused(answer, 400, 'OperationNotSupport');
    assert.equal(unsupported(answer), 'role');
  }
});

test('create: into groups, and with a password that signs in', async () => {
  const one = await group('joined-1'), two = await group('joined-2');
  const user = await made({ group_info_list: [{ group_id: one }, { group_id: two }] });
  const me = await tokenOf(user.user_id);
  const items = done(await call(s, me, '/group/list', {})).items.map(item => item.group_id);
  assert.ok(items.includes(one) && items.includes(two));
  await made({ user_id: 'with-password', user_name: 'Pass Word', plain_password: 'correct horse', phone: '70001' });
  const login = (account, password) => s.call('POST', '/koodrive/ose/v1/auth/login', { headers: { 'x-hw-agentName': 'standard' },
    body: { authType: '1', account, password } });
  for (const account of ['Pass Word', '70001'])
    assert.equal((await login(account, 'correct horse')).status, 200);
  assert.notEqual((await login('Pass Word', 'wrong')).status, 200);
});

test('create: a user has no drive until one is made, and shows its default', async () => {
  const user = await made({});
  assert.equal(user.default_drive_id, '');
  const drive = done(await call(s, admin, '/drive/create', { drive_name: 'd', owner: user.user_id, owner_type: 'user', default: true }), 201);
  assert.equal(done(await get(admin, user.user_id)).default_drive_id, drive.drive_id);
});

// ---- get ----

test('get: oneself by default; others for administrators; to anybody else there is no other', async () => {
  const me = done(await call(s, ann, '/user/get', {}));
  assert.equal(me.user_id, ann.user_id);
  assert.equal(me.default_drive_id, ann.drive_id);
  assert.deepEqual(done(await get(ann, ann.user_id)), me);
  assert.deepEqual(done(await get(admin, ann.user_id)), me);
  assert.deepEqual(done(await byKey('/user/get', { user_id: ann.user_id })), me);
  refused(await byKey('/user/get', {}), 400, 'InvalidParameterMissing.UserId');
  for (const user_id of ['superadmin', admin.user_id, 'nobody']) {
    const message = refused(await get(ann, user_id), 404, 'NotFound.User');
    assert.equal(message.replace(user_id, ''), refused(await get(ann, 'nobody'), 404, 'NotFound.User').replace('nobody', ''));
  }
  refused(await get(admin, 'nobody'), 404, 'NotFound.User');
  refused(await get(null, ann.user_id), 401, 'AccessTokenInvalid');
});

// ---- update ----

test('update: what is absent stays, "" takes away', async () => {
  const user = await made({ nick_name: 'n', description: 'd', email: 'upd@example.com', phone: '20001', avatar: 'http://x/y',
    user_data: { k: 1 } });
  const same = done(await update(admin, user.user_id, {}));
  assert.deepEqual({ ...same, updated_at: 0 }, { ...user, updated_at: 0 });
  const changed = done(await update(admin, user.user_id, { nick_name: 'N2', user_data: { k: 2 }, phone: '20002' }));
  assert.deepEqual([changed.nick_name, changed.user_data, changed.phone, changed.email], ['N2', { k: 2 }, '20002', 'upd@example.com']);
  const bare = done(await update(admin, user.user_id, { nick_name: '', description: '', email: '', phone: '', avatar: '', phone_region: '' }));
  assert.deepEqual([bare.nick_name, bare.description, bare.email, bare.phone, bare.avatar], ['', '', '', '', '']);
  await made({ email: 'upd@example.com', phone: '20002' });
  refused(await update(admin, user.user_id, { email: 'upd@example.com' }), 409, 'AlreadyExist.User');
  refused(await update(admin, user.user_id, { phone: '20002' }), 409, 'AlreadyExist.User');
  refused(await update(admin, user.user_id, { nick_name: 'x'.repeat(129) }), 400, 'InvalidParameterOutOfRange.NickName');
  refused(await update(admin, user.user_id, { avatar: 'x' }), 400, 'InvalidParameter.Avatar');
  refused(await update(admin, user.user_id, { email: 'x' }), 400, 'InvalidParameter.Email');
  refused(await update(admin, 'nobody', {}), 404, 'NotFound.User');
});

test('update: oneself in part, administrators more, superadmins all', async () => {
  const user = await made({}), me = await tokenOf(user.user_id);
  const own = done(await update(me, user.user_id, { nick_name: 'me', description: 'myself', avatar: 'https://i' }));
  assert.deepEqual([own.nick_name, own.description, own.avatar], ['me', 'myself', 'https://i']);
  for (const body of [{ email: 'me@x' }, { phone: '5' }, { status: 'disabled' }, { user_data: {} }, { group_info_list: [] },
    { role: 'admin' }, { role: 'superadmin' }])
    refused(await update(me, user.user_id, body), 403, 'ForbiddenNoPermission.User');
  refused(await update(me, ann.user_id, { nick_name: 'x' }), 404, 'NotFound.User');
  refused(await update(admin, user.user_id, { role: 'admin' }), 403, 'ForbiddenNoPermission.User');
  for (const other of ['superadmin', (await made({ role: 'admin' }, boss)).user_id])
    refused(await update(admin, other, { nick_name: 'x' }), 403, 'ForbiddenNoPermission.User');
  assert.equal(done(await update(boss, user.user_id, { role: 'admin' })).role, 'admin');
  // The new role counts at once.
  done(await call(s, me, '/user/list', {}));
  assert.equal(done(await byKey('/user/update', { user_id: user.user_id, role: 'user' })).role, 'user');
  refused(await call(s, me, '/user/list', {}), 403, 'ForbiddenNoPermission.User');
});

test('update: a disabled user\'s tokens end at once', async () => {
  const user = await made({}), me = await tokenOf(user.user_id);
  done(await call(s, me, '/user/get', {}));
  assert.equal(done(await update(admin, user.user_id, { status: 'disabled' })).status, 'disabled');
  refused(await call(s, me, '/user/get', {}), 401, 'AccessTokenInvalid');
  assert.equal(done(await update(admin, user.user_id, { status: 'enabled' })).status, 'enabled');
  refused(await call(s, me, '/user/get', {}), 401, 'AccessTokenInvalid');
});

test('update: the last superadmin stays one', async () => {
  const t = await startServer();
  try {
    const last = { token: (await t.cli('token', 'issue', 'superadmin')).access_token };
    const change = body => call(t, last, '/user/update', { user_id: 'superadmin', ...body });
    refused(await change({ role: 'user' }), 409, 'StateConflict');
    refused(await change({ status: 'disabled' }), 409, 'StateConflict');
    refused(await call(t, last, '/user/delete', { user_id: 'superadmin' }), 409, 'StateConflict');
    done(await change({ role: 'superadmin', nick_name: 'chief' }));
    done(await call(t, last, '/user/create', { user_id: 'second', role: 'superadmin' }), 201);
    assert.equal(done(await change({ role: 'user' })).role, 'user');
  } finally { await t.stop(); }
});

test('update: group_info_list is exactly the groups from then on', async () => {
  const [a, b, c] = [await group('set-a'), await group('set-b'), await group('set-c')];
  const user = await made({ group_info_list: [{ group_id: a }, { group_id: b }] }), me = await tokenOf(user.user_id);
  const mine = async () => done(await call(s, me, '/group/list', {})).items.map(item => item.group_id)
    .filter(item => [a, b, c].includes(item));
  done(await update(admin, user.user_id, { group_info_list: [{ group_id: b }, { group_id: c }] }));
  assert.deepEqual((await mine()).sort(), [b, c].sort());
  refused(await update(admin, user.user_id, { group_info_list: [{ group_id: a }, { group_id: 'x' }] }), 404, 'NotFound.Group');
  assert.deepEqual((await mine()).sort(), [b, c].sort());
  done(await update(admin, user.user_id, { nick_name: 'same groups' }));
  assert.deepEqual((await mine()).sort(), [b, c].sort());
  done(await update(admin, user.user_id, { group_info_list: [] }));
  assert.deepEqual(await mine(), []);
});

// ---- delete ----

test('delete: with tokens and memberships, not with drives', async () => {
  const team = await group('left'), user = await made({ group_info_list: [{ group_id: team }] }), me = await tokenOf(user.user_id);
  const drive = done(await call(s, admin, '/drive/create', { drive_name: 'd', owner: user.user_id, owner_type: 'user' }), 201);
  refused(await remove(admin, user.user_id), 409, 'StateConflict');
  done(await call(s, me, '/user/get', {}));
  done(await call(s, admin, '/drive/delete', { drive_id: drive.drive_id }), 204);
  done(await remove(admin, user.user_id), 204);
  refused(await call(s, me, '/user/get', {}), 401, 'AccessTokenInvalid');
  refused(await get(admin, user.user_id), 404, 'NotFound.User');
  refused(await remove(admin, user.user_id), 404, 'NotFound.User');
  assert.deepEqual(done(await call(s, admin, '/group/list_member', { group_id: team })).user_items, []);
  done(await call(s, admin, '/group/delete', { group_id: team }), 204);
  assert.equal((await made({ user_id: user.user_id })).nick_name, '');
});

test('delete: by whom', async () => {
  const user = await made({}), other = await made({ role: 'admin' }, boss);
  refused(await remove(ann, user.user_id), 403, 'ForbiddenNoPermission');
  refused(await remove(null, user.user_id), 401, 'AccessTokenInvalid');
  refused(await remove(admin, other.user_id), 403, 'ForbiddenNoPermission.User');
  refused(await call(s, admin, '/user/delete', {}), 400, 'InvalidParameterMissing.UserId');
  done(await remove(boss, other.user_id), 204);
  done(await byKey('/user/delete', { user_id: user.user_id }), 204);
});

// ---- list and search ----

test('list: everybody, by every page size, for administrators', async () => {
  const whole = done(await call(s, admin, '/user/list', {}));
  assert.equal(whole.next_marker, '');
  assert.deepEqual(Object.keys(whole.items[0]), MEMBERS);
  for (const limit of [1, 2, 7, whole.items.length, 100])
    assert.deepEqual((await walk(s, admin, '/user/list', { limit })).items, whole.items);
  assert.deepEqual(done(await byKey('/user/list', {})).items, whole.items);
  refused(await call(s, ann, '/user/list', {}), 403, 'ForbiddenNoPermission.User');
  refused(await call(s, null, '/user/list', {}), 401, 'AccessTokenInvalid');
});

test('list: large pictures make pages short, and nobody is lost', async () => {
  const t = await startServer();
  try {
    const who = { token: (await t.cli('token', 'issue', 'superadmin')).access_token };
    const avatar = 'data://' + 'A'.repeat(300 * 1024 - 7);
    for (let i = 0; i < 9; i++) done(await call(t, who, '/user/create', { user_id: `p${i}`, avatar }), 201);
    const { items, sizes } = await walk(t, who, '/user/list', { limit: 100 });
    assert.deepEqual(ids(items), ['superadmin', ...Array.from({ length: 9 }, (_, i) => `p${i}`)]);
    assert.ok(sizes.length > 1, String(sizes));
  } finally { await t.stop(); }
});

test('search: by each field, and by all of them', async () => {
  const role = 'admin', status = 'disabled';
  const one = await made({ user_name: 'Sought', nick_name: 'Zebra Finch', email: 'find@example.com', phone: '30001' });
  const two = await made({ user_name: 'Sought', nick_name: 'zebra', role, status }, boss);
  const search = async body => ids(done(await call(s, admin, '/user/search', body)).items);
  assert.deepEqual(await search({ user_name: 'Sought' }), [one.user_id, two.user_id]);
  assert.deepEqual(await search({ user_name: 'sought' }), []);
  assert.deepEqual(await search({ nick_name: 'Zebra Finch' }), [one.user_id]);
  assert.deepEqual(await search({ nick_name: 'Zebra' }), []);
  assert.deepEqual(await search({ nick_name_for_fuzzy: 'ZEBRA' }), [one.user_id, two.user_id]);
  assert.deepEqual(await search({ nick_name_for_fuzzy: 'finch' }), [one.user_id]);
  assert.deepEqual(await search({ email: 'find@example.com' }), [one.user_id]);
  assert.deepEqual(await search({ phone: '30001' }), [one.user_id]);
  assert.deepEqual(await search({ phone: '30001', email: 'find@example.com', user_name: 'Sought', role: 'user', status: 'enabled' }), [one.user_id]);
  assert.deepEqual(await search({ phone: '30001', role }), []);
  assert.deepEqual(await search({ user_name: 'Sought', role, status }), [two.user_id]);
  assert.deepEqual(await search({ phone: '39999' }), []);
  assert.deepEqual(await search({ user_name: '', nick_name: '', email: '', nick_name_for_fuzzy: 'finch' }), [one.user_id]);
  for (const limit of [1, 2, 3])
    assert.deepEqual(ids((await walk(s, admin, '/user/search', { user_name: 'Sought', limit })).items), [one.user_id, two.user_id]);
  for (const limit of [1, 2])
    assert.deepEqual(ids((await walk(s, admin, '/user/search', { nick_name_for_fuzzy: 'zebra', limit })).items), [one.user_id, two.user_id]);
  assert.deepEqual(ids((await walk(s, admin, '/user/search', { nick_name: 'zebra', limit: 1 })).items), [two.user_id]);
  refused(await call(s, ann, '/user/search', {}), 403, 'ForbiddenNoPermission.User');
});

test('list, search: bounds and markers', async () => {
  for (const path of ['/user/list', '/user/search']) {
    for (const limit of [0, -1, 101, '10', 1.5]) refused(await call(s, admin, path, { limit }), 400, 'InvalidParameterOutOfRange.Limit');
    const { next_marker: marker } = done(await call(s, admin, path, { limit: 1 }));
    for (const altered of alterations(marker, 3)) refused(await call(s, admin, path, { marker: altered }), 400, 'InvalidParameter.Marker');
    refused(await call(s, boss, path, { marker }), 400, 'InvalidParameter.Marker');
  }
  const { next_marker: marker } = done(await call(s, admin, '/user/search', { limit: 1, status: 'enabled' }));
  refused(await call(s, admin, '/user/search', { marker, status: 'disabled' }), 400, 'InvalidParameter.Marker');
  refused(await call(s, admin, '/user/search', { role: 'king' }), 400, 'InvalidParameter.Role');
  refused(await call(s, admin, '/user/search', { nick_name: 'x'.repeat(129) }), 400, 'InvalidParameterOutOfRange.NickName');
});

// ---- import ----

const imported = (body, who = admin) => call(s, who, '/user/import', { nick_name: unique(), ...body });

test('import: by mobile and by email, with a drive where one is asked for', async () => {
  const mobile = done(await imported({ authentication_type: 'mobile', identity: '13912345678', nick_name: 'Mobile' }));
  assert.deepEqual([mobile.phone, mobile.phone_region, mobile.nick_name, mobile.default_drive_id, mobile.role, mobile.status],
    ['13912345678', '86', 'Mobile', '', 'user', 'enabled']);
  assert.deepEqual(done(await get(admin, mobile.user_id)), mobile);
  const email = done(await imported({ authentication_type: 'email', identity: 'imp@example.com', auto_create_drive: true,
    drive_total_size: 1024, email: 'other@example.com', phone: '40001', extra: '1' }));
  assert.deepEqual([email.email, email.phone, email.phone_region], ['imp@example.com', '40001', '1']);
  const drive = done(await call(s, admin, '/drive/get', { drive_id: email.default_drive_id }));
  assert.deepEqual([drive.owner, drive.total_size], [email.user_id, 1024]);
  const free = done(await imported({ authentication_type: 'mobile', identity: '139', auto_create_drive: true, drive_total_size: -1 }));
  assert.equal(done(await call(s, admin, '/drive/get', { drive_id: free.default_drive_id })).total_size, -1);
  // Who is there already is not imported again.
  refused(await imported({ authentication_type: 'mobile', identity: '13912345678' }), 409, 'AlreadyExist.User');
  refused(await imported({ authentication_type: 'email', identity: 'imp@example.com' }), 409, 'AlreadyExist.User');
});

test('import: by what is signed in with elsewhere; LDAP is not configured', async () => {
  for (const authentication_type of ['ding', 'ram', 'wechat', 'custom']) {
    done(await imported({ authentication_type, identity: `id of ${authentication_type}`, authentication_display_name: 'shown' }));
    refused(await imported({ authentication_type, identity: `id of ${authentication_type}` }), 409, 'AlreadyExist.User');
  }
  const answer = await imported({ authentication_type: 'ldap', identity: 'cn=ann' });
  refused(answer, 400, 'OperationNotSupport');
});

test('import: into a group', async () => {
  const team = await group('importers');
  const user = done(await imported({ authentication_type: 'custom', identity: 'grouped', parent_group_id: team }));
  const me = await tokenOf(user.user_id);
  assert.ok(done(await call(s, me, '/group/list', {})).items.some(item => item.group_id === team));
  refused(await imported({ authentication_type: 'custom', identity: 'lost', parent_group_id: '4503599627370490' }), 404, 'NotFound.Group');
  // And nothing of it stands.
  done(await imported({ authentication_type: 'custom', identity: 'lost' }));
});

test('import: bounds, and by administrators', async () => {
  const good = { authentication_type: 'email', identity: 'bound@example.com' };
  for (const [body, code] of [
    [{ authentication_type: undefined }, 'InvalidParameterMissing.AuthenticationType'],
    [{ authentication_type: 'fax' }, 'InvalidParameter.AuthenticationType'],
    [{ identity: undefined }, 'InvalidParameterMissing.Identity'], [{ identity: '' }, 'InvalidParameterEmpty.Identity'],
    [{ identity: 'no address' }, 'InvalidParameter.Identity'], [{ nick_name: undefined }, 'InvalidParameterMissing.NickName'],
    [{ authentication_type: 'mobile', identity: 'ann' }, 'InvalidParameter.Identity'],
    [{ nick_name: 'x'.repeat(129) }, 'InvalidParameterOutOfRange.NickName'],
    [{ drive_total_size: -2 }, 'InvalidParameterOutOfRange.DriveTotalSize'],
    [{ auto_create_drive: 'yes' }, 'InvalidParameterWrongFormat.AutoCreateDrive'],
  ]) refused(await imported({ ...good, ...body }), 400, code);
  refused(await imported(good, ann), 403, 'ForbiddenNoPermission');
  refused(await imported(good, null), 401, 'AccessTokenInvalid');
  done(await imported(good));
});
