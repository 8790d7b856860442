// GetDomain, GetDomainQuota, ListDomains, SearchDomains, UpdateDomain, and what the settings do.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { startServer } from './harness.mjs';
import { call, done, lenient, refused, signV1, unsupported } from './pds.mjs';
import { pdsUpload } from './transfer.mjs';

let s, boss, admin, ann, app;
before(async () => {
  s = await startServer();
  boss = { user_id: 'superadmin', token: (await s.cli('token', 'issue', 'superadmin')).access_token };
  admin = await s.person('one-admin', { admin: true });
  ann = await s.person('ann');
  app = await s.app('domain key');
});
after(() => s?.stop());

let counter = 0;
const unique = () => `n${++counter}`;
const get = (who, body = { domain_id: 'main' }) => call(s, who, '/domain/get', body ?? undefined);
const update = (body, who = boss) => call(s, who, '/domain/update', { domain_id: 'main', ...body });
const set = async body => done(await update(body));
const quota = async () => done(await call(s, boss, '/domain/get_quota', {}));
const drive = (owner, more = {}) => call(s, boss, '/drive/create', { drive_name: unique(), owner, owner_type: 'user', ...more });
const user = body => call(s, boss, '/user/create', { user_id: unique(), ...body });

const MEMBERS = ['domain_id', 'domain_name', 'description', 'parent_domain_id', 'status', 'data_hash_name', 'init_drive_enable',
  'init_drive_size', 'size_quota', 'user_count_quota', 'user_single_drive_enabled', 'sharable', 'created_at', 'updated_at'];

test('get: the own domain, also by an empty body', async () => {
  const domain = done(await get(ann));
  assert.deepEqual(Object.keys(domain), MEMBERS);
  assert.deepEqual([domain.domain_id, domain.domain_name, domain.status, domain.size_quota, domain.user_count_quota,
    domain.init_drive_enable, domain.init_drive_size], ['main', 'main', 1, 0, 0, false, -1]);
  for (const body of [{}, null, { domain_id: null }]) {
    const answer = await get(ann, body);
    assert.deepEqual(done(answer), domain);
    assert.match(lenient(answer), /^domain_id: ./);
  }
  refused(await get(ann, { domain_id: 'other' }), 404, 'NotFound.Domain');
  refused(await get(null), 401, 'AccessTokenInvalid');
  const full = done(await get(ann, { domain_id: 'main', fields: '*', get_quota_used: true }));
  assert.deepEqual([full.used_size, full.size_quota_used], [0, 0]);
});

test('get: an empty body is refused when strict', async () => {
  const t = await startServer({ args: ['--strict'] });
  try {
    const who = await t.person('x');
    refused(await call(t, who, '/domain/get', {}), 400, 'InvalidParameterMissing.DomainId');
    done(await call(t, who, '/domain/get', { domain_id: 'main' }));
  } finally { await t.stop(); }
});

test('quota: what there may be and what there is, for administrators', async () => {
  const before = await quota();
  assert.deepEqual(Object.keys(before), ['size_quota', 'size_used', 'user_count_quota', 'user_count_used']);
  assert.deepEqual([before.size_quota, before.user_count_quota], [0, 0]);
  assert.equal(before.user_count_used, done(await call(s, boss, '/user/list', {})).items.length);
  const made = done(await user(), 201);
  assert.equal((await quota()).user_count_used, before.user_count_used + 1);
  done(await call(s, boss, '/user/delete', { user_id: made.user_id }), 204);
  assert.equal((await quota()).user_count_used, before.user_count_used);
  const own = done(await drive(ann.user_id), 201);
  await pdsUpload(s, { ...ann, drive_id: own.drive_id }, 'x', [Buffer.alloc(1234)]);
  assert.equal((await quota()).size_used, before.size_used + 1234);
  done(await call(s, boss, '/drive/delete', { drive_id: own.drive_id, force: true }), 204);
  assert.equal((await quota()).size_used, before.size_used);
  done(await call(s, admin, '/domain/get_quota', undefined));
  refused(await call(s, ann, '/domain/get_quota', {}), 403, 'ForbiddenNoPermission');
  refused(await call(s, null, '/domain/get_quota', {}), 401, 'AccessTokenInvalid');
});

test('list, search: the one domain, or none', async () => {
  const domain = done(await get(admin));
  assert.deepEqual(done(await call(s, admin, '/domain/list', {})), { items: [domain], next_marker: '' });
  assert.deepEqual(done(await call(s, admin, '/domain/list', { parent_domain_id: 'main' })).items, []);
  assert.deepEqual(done(await call(s, admin, '/domain/list', { limit: 1, marker: '', parent_domain_id: '', service_code: 'edm' })).items, [domain]);
  assert.deepEqual(done(await call(s, admin, '/domain/search', { name: 'MAI' })).items, [domain]);
  assert.deepEqual(done(await call(s, admin, '/domain/search', { name: 'other' })), { items: [], next_marker: '' });
  for (const path of ['/domain/list', '/domain/search']) {
    for (const limit of [0, 101, '1']) refused(await call(s, admin, path, { limit }), 400, 'InvalidParameterOutOfRange.Limit');
    refused(await call(s, admin, path, { marker: 'x' }), 400, 'InvalidParameter.Marker');
    refused(await call(s, ann, path, {}), 403, 'ForbiddenNoPermission');
    refused(await call(s, null, path, {}), 401, 'AccessTokenInvalid');
  }
});

test('update: what is absent stays; by superadmins and AccessKeys', async () => {
  const before = done(await get(boss));
  const same = await set({});
  assert.deepEqual({ ...same, updated_at: 0 }, { ...before, updated_at: 0 });
  const changed = await set({ domain_name: 'Our domain', description: 'ours', init_drive_size: 5, size_quota: 10 ** 12, user_count_quota: 1000 });
  assert.deepEqual({ ...changed, updated_at: 0 }, { ...before, updated_at: 0, domain_name: 'Our domain', description: 'ours',
    init_drive_size: 5, size_quota: 10 ** 12, user_count_quota: 1000 });
  assert.deepEqual(done(await get(ann)), changed);
  const path = '/v2/domain/update';
  done(await s.call('POST', path, { body: { domain_id: 'main', description: '' }, headers: signV1(app, { path }) }));
  for (const who of [admin]) refused(await update({ description: 'x' }, who), 403, 'ForbiddenNoPermission.Domain');
  refused(await update({ description: 'x' }, ann), 403, 'ForbiddenNoPermission');
  refused(await update({ description: 'x' }, null), 401, 'AccessTokenInvalid');
  await set({ init_drive_size: -1, size_quota: 0, user_count_quota: 0 });
});

test('update: bounds', async () => {
  for (const [body, code] of [
    [{ domain_id: undefined }, 'InvalidParameterMissing.DomainId'], [{ domain_name: '' }, 'InvalidParameterEmpty.DomainName'],
    [{ domain_name: 'x'.repeat(129) }, 'InvalidParameterOutOfRange.DomainName'],
    [{ description: 'x'.repeat(1025) }, 'InvalidParameterOutOfRange.Description'],
    [{ init_drive_enable: 'yes' }, 'InvalidParameterWrongFormat.InitDriveEnable'],
    [{ init_drive_size: -2 }, 'InvalidParameterOutOfRange.InitDriveSize'],
    [{ size_quota: -1 }, 'InvalidParameterOutOfRange.SizeQuota'],
    [{ user_count_quota: -1 }, 'InvalidParameterOutOfRange.UserCountQuota'],
    [{ user_single_drive_enabled: 1 }, 'InvalidParameterWrongFormat.UserSingleDriveEnabled'],
  ]) refused(await update(body), 400, code);
  refused(await update({ domain_id: 'other' }), 404, 'NotFound.Domain');
  const answer = await update({ published_app_access_strategy: { effect: 'allow', except_app_id_list: [] } });
  refused(answer, 400, 'OperationNotSupport');
  assert.equal(unsupported(answer), 'published_app_access_strategy');
});

test('user_count_quota: no user more, by any door; below what is there nobody goes', async () => {
  const { user_count_used: count } = await quota();
  await set({ user_count_quota: count + 1 });
  const last = done(await user(), 201);
  refused(await user(), 403, 'QuotaExhausted.User');
  refused(await call(s, boss, '/user/import', { authentication_type: 'custom', identity: 'one more', nick_name: 'x' }), 403, 'QuotaExhausted.User');
  await assert.rejects(s.cli('user', 'add', 'one-more'));
  assert.equal((await quota()).user_count_used, count + 1);
  done(await call(s, boss, '/user/delete', { user_id: last.user_id }), 204);
  done(await user(), 201);
  await set({ user_count_quota: 1 });
  assert.equal((await quota()).user_count_used, count + 1);
  await set({ user_count_quota: 0 });
  done(await user(), 201);
});

test('size_quota: of all drives together, with what is on its way', async () => {
  const bea = await s.person('bea'), one = done(await drive(bea.user_id), 201), two = done(await drive(bea.user_id), 201);
  const { size_used } = await quota();
  const at = made => ({ ...bea, drive_id: made.drive_id });
  const create = (made, size) => call(s, bea, '/file/create', { drive_id: made.drive_id, parent_file_id: 'root', name: unique(), type: 'file', size });
  await pdsUpload(s, at(one), 'x', [Buffer.alloc(600)]);
  await set({ size_quota: size_used + 1000 });
  refused(await create(two, 401), 403, 'QuotaExhausted.Drive');
  await pdsUpload(s, at(two), 'y', [Buffer.alloc(300)]);
  refused(await create(one, 101), 403, 'QuotaExhausted.Drive');
  done(await create(two, 100), 201); // reserved from now on
  refused(await create(one, 1), 403, 'QuotaExhausted.Drive');
  // A drive that goes gives back all of it, what is reserved too.
  done(await call(s, bea, '/drive/delete', { drive_id: two.drive_id, force: true }), 204);
  refused(await create(one, 401), 403, 'QuotaExhausted.Drive');
  done(await create(one, 400), 201);
  // What a drive's own size refuses is not charged to the domain.
  const small = done(await drive(bea.user_id, { total_size: 10 }), 201);
  await set({ size_quota: size_used + 2000 });
  for (let i = 0; i < 3; i++) refused(await create(small, 900), 403, 'QuotaExhausted.Drive');
  done(await create(one, 1000), 201);
  refused(await create(one, 1), 403, 'QuotaExhausted.Drive');
  await set({ size_quota: 0 });
  done(await create(one, 10 ** 9), 201);
});

test('size_quota: of many at once as many as fit', async () => {
  const cat = await s.person('cat'), own = done(await drive(cat.user_id), 201);
  const { size_used } = await quota();
  await set({ size_quota: 0 });
  const drives = await Promise.all([1, 2, 3, 4].map(async () => done(await drive(cat.user_id), 201)));
  // What is reserved counts too: find out how much by a limit that is set anew.
  await set({ size_quota: 10 ** 15 });
  await set({ size_quota: 0 });
  const reserved = (await s.cli('drive', 'list')).reduce((sum, one) => sum + one.reserved, 0);
  await set({ size_quota: size_used + reserved + 1000 });
  const answers = await Promise.all(Array.from({ length: 16 }, (_, i) => call(s, cat, '/file/create', { type: 'file', size: 300,
    drive_id: [own, ...drives][i % 5].drive_id, parent_file_id: 'root', name: unique() })));
  assert.deepEqual(answers.map(answer => answer.status).sort(), [201, 201, 201, ...Array(13).fill(403)]);
  await set({ size_quota: 0 });
});

test('init_drive_enable: a new user gets a drive of that size, by any door', async () => {
  await set({ init_drive_enable: true, init_drive_size: 4096 });
  const made = done(await user(), 201);
  assert.equal(done(await call(s, boss, '/drive/get', { drive_id: made.default_drive_id })).total_size, 4096);
  const imported = done(await call(s, boss, '/user/import', { authentication_type: 'custom', identity: unique(), nick_name: 'x' }));
  assert.equal(done(await call(s, boss, '/drive/get', { drive_id: imported.default_drive_id })).total_size, 4096);
  const own = done(await call(s, boss, '/user/import', { authentication_type: 'custom', identity: unique(), nick_name: 'x', drive_total_size: 7 }));
  assert.equal(done(await call(s, boss, '/drive/get', { drive_id: own.default_drive_id })).total_size, 7);
  const dan = await s.cli('user', 'add', 'dan');
  assert.equal(done(await call(s, boss, '/drive/get', { drive_id: dan.drive_id })).owner, dan.user_id);
  await set({ init_drive_size: 0 });
  const none = done(await user(), 201);
  assert.equal(done(await call(s, boss, '/drive/get', { drive_id: none.default_drive_id })).total_size, 0);
  await set({ init_drive_enable: false, init_drive_size: -1 });
  assert.equal(done(await user(), 201).default_drive_id, '');
});

test('user_single_drive_enabled: a second drive is one too many, made or given', async () => {
  assert.equal((await set({ user_single_drive_enabled: true })).user_single_drive_enabled, true);
  const one = done(await user(), 201), other = done(await user(), 201);
  const first = done(await drive(one.user_id), 201);
  refused(await drive(one.user_id), 409, 'AlreadyExist.Drive');
  done(await drive(other.user_id), 201);
  const path = '/v2/drive/update', body = { drive_id: first.drive_id, owner: other.user_id };
  refused(await s.call('POST', path, { body, headers: signV1(app, { path }) }), 409, 'AlreadyExist.Drive');
  // It is a setting of now: one that went leaves room for the next.
  done(await call(s, boss, '/drive/delete', { drive_id: first.drive_id }), 204);
  done(await drive(one.user_id), 201);
  await set({ user_single_drive_enabled: false });
  done(await drive(one.user_id), 201);
});

test('settings outlive a restart', async () => {
  const before = await set({ domain_name: 'kept', user_count_quota: 500, user_single_drive_enabled: true });
  await s.restart();
  assert.deepEqual(done(await get(boss)), before);
  await set({ user_count_quota: 0, user_single_drive_enabled: false });
});

test('and the store is sound', async () => {
  assert.deepEqual(await s.cli('check', '--content'), []);
});
