// CreateDrive, GetDrive, ListMyDrives.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { startServer } from './harness.mjs';
import { alterations, call, DIGITS, done, lenient, refused, TIME, unsupported, walk } from './pds.mjs';

const KEYS = ['domain_id', 'drive_id', 'drive_name', 'description', 'drive_type', 'owner', 'owner_type', 'status', 'total_size',
  'used_size', 'creator', 'created_at'];

let s, strict, boss, ann, ben, group;
before(async () => {
  s = await startServer();
  boss = await s.person('boss', { drive: true, admin: true });
  ann = await s.person('ann', { drive: true });
  ben = await s.person('ben');
  group = await s.cli('group', 'add', 'makers');
  strict = await startServer({ args: ['--strict'] });
  strict.boss = await strict.person('boss', { drive: true, admin: true });
});
after(() => Promise.all([s?.stop(), strict?.stop()]));

const want = more => ({ drive_name: 'Plans', owner: ben.user_id, owner_type: 'user', ...more });
const create = (more, who = boss) => call(s, who, '/drive/create', want(more));
const get = (who, drive_id) => call(s, who, '/drive/get', { drive_id });

test('create: the least that is asked for gives a drive with its defaults', async () => {
  const answer = await create();
  const drive = done(answer, 201);
  assert.deepEqual(Object.keys(drive), KEYS);
  assert.match(drive.drive_id, DIGITS);
  assert.match(drive.created_at, TIME);
  assert.match(drive.domain_id, /^[a-z0-9A-Z]+$/);
  assert.deepEqual({ ...drive, domain_id: 0, drive_id: 0, created_at: 0 }, {
    domain_id: 0, drive_id: 0, drive_name: 'Plans', description: '', drive_type: 'normal', owner: ben.user_id,
    owner_type: 'user', status: 'enabled', total_size: -1, used_size: 0, creator: boss.user_id, created_at: 0,
  });
  assert.equal(lenient(answer), undefined);
  assert.deepEqual(done(await get(boss, drive.drive_id)), drive);
  assert.deepEqual(done(await get(ben, drive.drive_id)), drive);
});

test('create: all that can be said is kept', async () => {
  const drive = done(await create({ description: '中'.repeat(1024), drive_type: 'normal', status: 'disabled', total_size: 12345,
    drive_name: '名'.repeat(128) }), 201);
  assert.equal(drive.drive_name, '名'.repeat(128));
  assert.equal(drive.description, '中'.repeat(1024));
  assert.equal(drive.status, 'disabled');
  assert.equal(drive.total_size, 12345);
  assert.deepEqual(done(await get(boss, drive.drive_id)), drive);
});

test('create: for a group', async () => {
  const owner = String(group.group_id);
  const drive = done(await create({ owner, owner_type: 'group' }), 201);
  assert.equal(drive.owner, owner);
  assert.equal(drive.owner_type, 'group');
  refused(await create({ owner: '4503599627370495', owner_type: 'group' }), 404, 'NotFound.Group');
  refused(await create({ owner: 'nobody', owner_type: 'group' }), 404, 'NotFound.Group');
});

test('create: what answers show cannot be set', async () => {
  const drive = done(await create({ used_size: 5, creator: 'x', domain_id: 'other', drive_id: '1', created_at: '2001-01-01T00:00:00Z' }), 201);
  assert.equal(drive.used_size, 0);
  assert.equal(drive.creator, boss.user_id);
  assert.notEqual(drive.domain_id, 'other');
  assert.doesNotMatch(drive.created_at, /^2001/);
});

for (const [more, code] of [
  [{ drive_name: undefined }, 'InvalidParameterMissing.DriveName'],
  [{ drive_name: '' }, 'InvalidParameterEmpty.DriveName'],
  [{ drive_name: 'x'.repeat(129) }, 'InvalidParameterOutOfRange.DriveName'],
  [{ drive_name: 7 }, 'InvalidParameterWrongFormat.DriveName'],
  [{ owner: undefined }, 'InvalidParameterMissing.Owner'],
  [{ owner: '' }, 'InvalidParameterEmpty.Owner'],
  [{ owner: 'x'.repeat(65) }, 'InvalidParameterOutOfRange.Owner'],
  [{ owner_type: 'team' }, 'InvalidParameter.OwnerType'],
  [{ drive_type: 'large' }, 'InvalidParameter.DriveType'],
  [{ status: 'on' }, 'InvalidParameter.Status'],
  [{ description: 'x'.repeat(1025) }, 'InvalidParameterOutOfRange.Description'],
  [{ total_size: -2 }, 'InvalidParameterOutOfRange.TotalSize'],
  [{ total_size: '5' }, 'InvalidParameterWrongFormat.TotalSize'],
  [{ total_size: 1.5 }, 'InvalidParameterWrongFormat.TotalSize'],
  [{ default: 'yes' }, 'InvalidParameterWrongFormat.Default'],
])
  test(`create: ${JSON.stringify(more).slice(0, 60)} is ${code}`, async () => {
    const message = refused(await create(more), 400, code);
    assert.match(message, new RegExp(Object.keys(more)[0]));
  });

test('create: a missing owner_type is tolerated as user, told, and refused when strict', async () => {
  const answer = await create({ owner_type: undefined });
  assert.equal(done(answer, 201).owner_type, 'user');
  assert.match(lenient(answer), /^owner_type: ./);
  const body = { drive_name: 'x', owner: strict.boss.user_id };
  refused(await call(strict, strict.boss, '/drive/create', body), 400, 'InvalidParameterMissing.OwnerType');
  const plain = await call(strict, strict.boss, '/drive/create', { ...body, owner_type: 'user' });
  done(plain, 201);
  assert.equal(lenient(plain), undefined);
});

test('create: a missing user is 404', async () => {
  refused(await create({ owner: 'nobody' }), 404, 'NotFound.User');
});

test('create: one default drive an owner', async () => {
  const carl = await s.person('carl');
  done(await create({ owner: carl.user_id, default: true }), 201);
  refused(await create({ owner: carl.user_id, default: true }), 409, 'AlreadyExist.Drive');
  done(await create({ owner: carl.user_id, default: false }), 201);
});

test('create: plain users may not', async () => {
  for (const body of [want({ owner: ann.user_id }), {}])
    refused(await call(s, ann, '/drive/create', body), 403, 'ForbiddenNoPermission');
  refused(await call(s, null, '/drive/create', want()), 401, 'AccessTokenInvalid');
});

test('create: a drive that members of the group do not get by being members', async () => {
  const mia = await s.person('mia'), owner = String(group.group_id);
  await s.cli('group', 'join', owner, 'mia');
  const open = done(await create({ owner, owner_type: 'group' }), 201);
  const closed = done(await create({ owner, owner_type: 'group', disable_assign_group_default_permission: true }), 201);
  done(await get(mia, open.drive_id));
  refused(await get(mia, closed.drive_id), 404, 'NotFound.Drive');
  const items = done(await call(s, mia, '/drive/list_my_group_drive', {})).items.map(drive => drive.drive_id);
  assert.ok(items.includes(open.drive_id) && !items.includes(closed.drive_id));
  await s.cli('group', 'join', owner, 'mia', '--role', 'owner');
  done(await get(mia, closed.drive_id));
  // A personal drive has its owner.
  const own = done(await create({ owner: mia.user_id, disable_assign_group_default_permission: true }), 201);
  done(await get(mia, own.drive_id));
});

test('get: another one\'s drive looks like one that is not there', async () => {
  const hidden = await get(ann, boss.drive_id), missing = await get(ann, '4503599627370495');
  assert.equal(refused(hidden, 404, 'NotFound.Drive').replace(boss.drive_id, 'X'),
    refused(missing, 404, 'NotFound.Drive').replace('4503599627370495', 'X'));
  for (const drive_id of ['0', '9007199254740993', '9223372036854775808', '1'.repeat(50)])
    refused(await get(ann, drive_id), 404, 'NotFound.Drive');
});

test('get: bad ids', async () => {
  refused(await get(ann, undefined), 400, 'InvalidParameterMissing.DriveId');
  refused(await get(ann, ''), 400, 'InvalidParameterEmpty.DriveId');
  for (const drive_id of ['abc', '-1', '1 ', '1.0', '+1', '0x1'])
    refused(await get(ann, drive_id), 400, 'InvalidParameter.DriveId');
  refused(await get(ann, '1'.repeat(51)), 400, 'InvalidParameterOutOfRange.DriveId');
  for (const drive_id of [true, [], {}, 1.5])
    refused(await get(ann, drive_id), 400, 'InvalidParameterWrongFormat.DriveId');
});

test('get: a number for drive_id is tolerated, told, and refused when strict', async () => {
  const answer = await get(ann, Number(ann.drive_id));
  assert.equal(done(answer).drive_id, ann.drive_id);
  assert.match(lenient(answer), /^drive_id: ./);
  refused(await call(strict, strict.boss, '/drive/get', { drive_id: Number(strict.boss.drive_id) }), 400,
    'InvalidParameterWrongFormat.DriveId');
});

test('list: all of one\'s own and nothing else, oldest first, over many pages', async () => {
  const dora = await s.person('dora');
  const made = [];
  for (let i = 0; i < 7; i++)
    made.push(done(await create({ owner: dora.user_id, drive_name: `d${i}`, status: i % 2 ? 'disabled' : 'enabled' }), 201));
  const { items, sizes } = await walk(s, dora, '/drive/list_my_drives', { limit: 2 });
  assert.deepEqual(items, made);
  assert.deepEqual(sizes, [2, 2, 2, 1]);
  assert.deepEqual((await walk(s, dora, '/drive/list_my_drives', { limit: 7 })).sizes, [7]);
  assert.deepEqual(done(await call(s, dora, '/drive/list_my_drives', undefined)), { items: made, next_marker: '' });
  assert.deepEqual(done(await call(s, dora, '/drive/list_my_drives', { marker: '', limit: null })).items, made);
});

test('list: of one who has none', async () => {
  const eve = await s.person('eve');
  assert.deepEqual(done(await call(s, eve, '/drive/list_my_drives', {})), { items: [], next_marker: '' });
});

test('list: bounds of limit, also when strict', async () => {
  for (const [server, who] of [[s, ann], [strict, strict.boss]]) {
    for (const limit of [0, -1, 101, 1e9, '10', 2.5, true])
      refused(await call(server, who, '/drive/list_my_drives', { limit }), 400, 'InvalidParameterOutOfRange.Limit');
    for (const limit of [1, 100]) done(await call(server, who, '/drive/list_my_drives', { limit }));
  }
});

test('list: a foreign or altered marker is refused', async () => {
  const fay = await s.person('fay'), gus = await s.person('gus');
  for (const owner of [fay.user_id, gus.user_id])
    for (let i = 0; i < 3; i++) done(await create({ owner }), 201);
  const { next_marker } = done(await call(s, fay, '/drive/list_my_drives', { limit: 1 }));
  for (const marker of [...alterations(next_marker), 'x', next_marker + 'A', next_marker.slice(1), '0', '../..', '%00', "' or 1=1"])
    refused(await call(s, fay, '/drive/list_my_drives', { limit: 1, marker }), 400, 'InvalidParameter.Marker');
  refused(await call(s, gus, '/drive/list_my_drives', { limit: 1, marker: next_marker }), 400, 'InvalidParameter.Marker');
  refused(await call(s, fay, '/drive/list_my_drives', { marker: 7 }), 400, 'InvalidParameterWrongFormat.Marker');
  done(await call(s, fay, '/drive/list_my_drives', { limit: 2, marker: next_marker }));
});

test('no token, no drives', async () => {
  refused(await call(s, null, '/drive/get', { drive_id: ann.drive_id }), 401, 'AccessTokenInvalid');
  refused(await call(s, null, '/drive/list_my_drives', {}), 401, 'AccessTokenInvalid');
  refused(await call(s, { token: 'f'.repeat(48) }, '/drive/list_my_drives', {}), 401, 'AccessTokenInvalid');
});
