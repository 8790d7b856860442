// Share links made and managed: CreateShareLink, GetShareLink, UpdateShareLink, CancelShareLink; what anybody may ask:
// GetShareLinkByAnonymous, GetShareLinkToken.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { startServer } from './harness.mjs';
import { pdsUpload } from './transfer.mjs';
import { alterations, call, done, folder, refused, signV1, TIME } from './pds.mjs';
import { askToken, atOnce, cancel, inside, NO_SHARE, share, shown, token, update, visitor } from './shares.mjs';

let s, ann, ben, boss, file, home, app;
before(async () => {
  s = await startServer();
  ann = await s.person('ann', { drive: true });
  ben = await s.person('ben', { drive: true });
  boss = await s.person('boss', { admin: true });
  app = await s.app('shares');
  home = await folder(s, ann, 'home');
  file = await pdsUpload(s, ann, 'a.txt', [Buffer.from('a')], { parent_file_id: home.file_id });
});
after(() => s?.stop());

const create = (more = {}, who = ann) => call(s, who, '/share_link/create',
  { drive_id: ann.drive_id, file_id_list: [file.file_id], ...more });
const byKey = (path, body) => {
  const headers = signV1(app, { path: '/v2' + path });
  return s.call('POST', '/v2' + path, { body, headers });
};
const LIMITS = ['preview_limit', 'download_limit', 'save_limit', 'save_download_limit'];
const COUNTS = ['access_count', 'preview_count', 'download_count', 'save_count', 'report_count', 'video_preview_count'];
const SWITCHES = ['disable_preview', 'disable_download', 'disable_save', 'office_editable', 'require_login', 'creatable'];

// ---- create ----

test('create: all that a ShareLink shows', async () => {
  const link = done(await create(), 201);
  assert.match(link.share_id, /^[0-9A-Za-z]{11}$/);
  assert.match(link.created_at, TIME);
  assert.equal(link.share_url, `${s.url}/s/${link.share_id}`);
  const { share_id, share_url, created_at, updated_at, ...rest } = link;
  assert.equal(updated_at, created_at);
  assert.deepEqual(rest, {
    domain_id: 'main', share_name: 'a.txt', share_pwd: '', share_msg: '', share_policy: 'url', description: '',
    drive_id: ann.drive_id, file_id: file.file_id, file_id_list: [file.file_id], share_all_files: false, creator: ann.user_id,
    status: 'enabled', expiration: '', expired: false, preview_limit: 0, download_limit: 0, save_limit: 0, save_download_limit: 0,
    access_count: 0, preview_count: 0, download_count: 0, save_count: 0, report_count: 0, video_preview_count: 0,
    disable_preview: false, disable_download: false, disable_save: false, office_editable: false, require_login: false,
    creatable: false, creatable_file_id_list: [],
  });
  assert.deepEqual(await shown(s, ann, link), link);
});

test('create: every field comes back as it was given', async () => {
  const given = {
    share_name: 'n'.repeat(128), description: 'd'.repeat(1024), share_pwd: '!~' + 'p'.repeat(62), preview_limit: 1,
    download_limit: 2, save_limit: 3, save_download_limit: 4, disable_preview: true, disable_download: true, disable_save: true,
    office_editable: true, require_login: true, creatable: true, creatable_file_id_list: [home.file_id],
  };
  const link = done(await create({ ...given, file_id_list: [home.file_id, file.file_id, home.file_id],
    expiration: '2099-01-02T03:04:05+08:00', share_policy: 'msg', status: 'disabled', access_count: 7 }), 201);
  for (const [name, value] of Object.entries(given)) assert.deepEqual(link[name], value, name);
  assert.equal(link.expiration, '2099-01-01T19:04:05.000Z');
  assert.deepEqual(link.file_id_list, [home.file_id, file.file_id]);
  assert.deepEqual([link.status, link.access_count, link.share_policy], ['enabled', 0, 'url']);
  assert.deepEqual(await shown(s, ann, link), link);
});

test('create: a Date of the JavaScript SDK, and no end', async () => {
  const expiration = new Date(Date.now() + 86400e3);
  assert.equal(done(await create({ expiration }), 201).expiration, expiration.toISOString());
  assert.equal(done(await create({ expiration: '' }), 201).expiration, '');
});

test('create: a long name of a file is cut to what a share may have', async () => {
  const long = await folder(s, ann, '名'.repeat(200));
  assert.equal(done(await create({ file_id_list: [long.file_id] }), 201).share_name, '名'.repeat(128));
});

test('create: all files', async () => {
  const link = done(await create({ file_id_list: undefined, share_all_files: true }), 201);
  assert.deepEqual([link.file_id_list, link.share_all_files, link.file_id], [[], true, undefined]);
  assert.equal(link.share_name, done(await call(s, ann, '/drive/get', { drive_id: ann.drive_id })).drive_name);
  assert.deepEqual(done(await create({ file_id_list: ['4503599627370495'], share_all_files: true }), 201).file_id_list, []);
});

test('create: a hundred files, and none too many', async () => {
  const many = await folder(s, ann, 'many'), ids = [];
  for (let i = 0; i < 100; i++) ids.push((await folder(s, ann, `m${i}`, many.file_id)).file_id);
  assert.equal(done(await create({ file_id_list: ids }), 201).file_id_list.length, 100);
  refused(await create({ file_id_list: [...ids, many.file_id] }), 400, 'InvalidParameter.FileIdList');
});

for (const [more, status, code] of [
  [{ drive_id: undefined }, 400, 'InvalidParameterMissing.DriveId'],
  [{ drive_id: 'x' }, 400, 'InvalidParameter.DriveId'],
  [{ drive_id: '4503599627370495' }, 404, 'NotFound.Drive'],
  [{ file_id_list: undefined }, 400, 'InvalidParameterMissing.FileIdList'],
  [{ file_id_list: [] }, 400, 'InvalidParameter.FileIdList'],
  [{ file_id_list: 'x' }, 400, 'InvalidParameter.FileIdList'],
  [{ file_id_list: ['4503599627370495'] }, 404, 'NotFound.File'],
  [{ file_id_list: ['x'] }, 404, 'NotFound.File'],
  [{ file_id_list: ['root'] }, 400, 'InvalidParameter.FileIdList'],
  [{ share_name: 'n'.repeat(129) }, 400, 'InvalidParameterOutOfRange.ShareName'],
  [{ description: 'd'.repeat(1025) }, 400, 'InvalidParameterOutOfRange.Description'],
  [{ share_pwd: 'p'.repeat(65) }, 400, 'InvalidParameterOutOfRange.SharePwd'],
  [{ share_pwd: 'a b' }, 400, 'InvalidParameter.SharePwd'],
  [{ share_pwd: 'é' }, 400, 'InvalidParameter.SharePwd'],
  [{ share_pwd: 'a\n' }, 400, 'InvalidParameter.SharePwd'],
  [{ share_pwd: 7 }, 400, 'InvalidParameterWrongFormat.SharePwd'],
  [{ expiration: 'tomorrow' }, 400, 'InvalidParameter.Expiration'],
  [{ expiration: '2026-02-30T00:00:00Z' }, 400, 'InvalidParameter.Expiration'],
  [{ expiration: '2020-01-01T00:00:00Z' }, 400, 'InvalidParameter.Expiration'],
  [{ creatable: true, creatable_file_id_list: ['4503599627370495'] }, 404, 'NotFound.File'],
  [{ user_id: 'u'.repeat(65) }, 400, 'InvalidParameterOutOfRange.UserId'],
  ...LIMITS.flatMap(name => [
    [{ [name]: -1 }, 400, `InvalidParameterOutOfRange.${camel(name)}`],
    [{ [name]: '1' }, 400, `InvalidParameterWrongFormat.${camel(name)}`],
  ]),
  ...[...SWITCHES, 'share_all_files'].map(name => [{ [name]: 1 }, 400, `InvalidParameterWrongFormat.${camel(name)}`]),
])
  test(`create: ${JSON.stringify(more).slice(0, 60)} is ${code}`, async () => {
    refused(await create(more), status, code);
  });

function camel(name) { return name.replace(/(^|_)(.)/g, (_, __, c) => c.toUpperCase()); }

test('create: limits at their bounds', async () => {
  const link = done(await create(Object.fromEntries(LIMITS.map(name => [name, Number.MAX_SAFE_INTEGER]))), 201);
  for (const name of LIMITS) assert.equal(link[name], Number.MAX_SAFE_INTEGER);
});

test('create: what is writable must be shared, and a folder', async () => {
  const elsewhere = await folder(s, ann, 'elsewhere'), below = await folder(s, ann, 'below', home.file_id);
  const ask = (file_id_list, creatable_file_id_list, more = {}) => create({ file_id_list, creatable: true, creatable_file_id_list, ...more });
  done(await ask([home.file_id], [below.file_id]), 201);
  done(await ask(undefined, ['root', elsewhere.file_id], { share_all_files: true }), 201);
  refused(await ask([home.file_id], [elsewhere.file_id]), 400, 'InvalidParameter.CreatableFileIdList');
  refused(await ask([below.file_id], [home.file_id]), 400, 'InvalidParameter.CreatableFileIdList');
  refused(await ask([home.file_id], ['root']), 400, 'InvalidParameter.CreatableFileIdList');
  refused(await ask([file.file_id], [file.file_id]), 400, 'InvalidParameter.CreatableFileIdList');
});

test('create: what is in the bin is not shared', async () => {
  const gone = await folder(s, ann, 'gone');
  done(await call(s, ann, '/recyclebin/trash', { drive_id: ann.drive_id, file_id: gone.file_id }), 204);
  refused(await create({ file_id_list: [gone.file_id] }), 403, 'ForbiddenFileInTheRecycleBin');
});

test('create: by whom and for whom', async () => {
  refused(await create({}, null), 401, 'AccessTokenInvalid');
  refused(await create({}, ben), 404, 'NotFound.Drive');
  refused(await create({ drive_id: ben.drive_id }, ben), 404, 'NotFound.File');
  refused(await create({ user_id: boss.user_id }), 403, 'ForbiddenNoPermission.User');
  assert.equal(done(await create({ user_id: ann.user_id }), 201).creator, ann.user_id);
  assert.equal(done(await create({ user_id: ann.user_id }, boss), 201).creator, ann.user_id);
  refused(await create({ user_id: 'nobody' }, boss), 404, 'NotFound.User');
  refused(await create({ user_id: ben.user_id }, boss), 404, 'NotFound.Drive'); // ben has no right to it
  const body = { drive_id: ann.drive_id, file_id_list: [file.file_id] };
  refused(await byKey('/share_link/create', body), 400, 'InvalidParameterMissing.UserId');
  assert.equal(done(await byKey('/share_link/create', { ...body, user_id: ann.user_id }), 201).creator, ann.user_id);
});

test('create: only with the right to share', async () => {
  const group = (await s.cli('group', 'add', 'readers')).group_id;
  const drive = done(await call(s, boss, '/drive/create', { drive_name: 'team', owner: group, owner_type: 'group' }), 201).drive_id;
  const made = done(await call(s, boss, '/file/create', { drive_id: drive, parent_file_id: 'root', name: 'f', type: 'folder' }), 201);
  for (const [role, status] of [['viewer', 403], ['editor', 403], ['manager', 201], ['owner', 201]]) {
    const who = await s.person(`s${role}`);
    await s.cli('group', 'join', 'readers', `s${role}`, '--role', role);
    const answer = await call(s, who, '/share_link/create', { drive_id: drive, file_id_list: [made.file_id] });
    if (status === 201) done(answer, 201);
    else refused(answer, 403, 'ForbiddenNoPermission.File');
  }
});

// ---- get, update, cancel ----

test('another user\'s share is not there', async () => {
  const link = done(await create({ share_pwd: 'secret' }), 201);
  for (const id of [link.share_id, NO_SHARE, 'x', 'x'.repeat(64)]) {
    refused(await call(s, ben, '/share_link/get', { share_id: id }), 404, 'NotFound.ShareLink');
    refused(await call(s, ben, '/share_link/update', { share_id: id, share_pwd: '' }), 404, 'NotFound.ShareLink');
    refused(await call(s, ben, '/share_link/cancel', { share_id: id }), 404, 'NotFound.ShareLink');
  }
  const visit = await visitor(s, link, ben);
  for (const path of ['/share_link/get', '/share_link/update', '/share_link/cancel']) {
    refused(await visit(path), 404, 'NotFound.ShareLink');
    refused(await inside(s, link, visit.token, path), 401, 'AccessTokenInvalid');
    refused(await call(s, null, path, { share_id: link.share_id }), 401, 'AccessTokenInvalid');
    refused(await call(s, ann, path, {}), 400, 'InvalidParameterMissing.ShareId');
    refused(await call(s, ann, path, { share_id: '' }), 400, 'InvalidParameterEmpty.ShareId');
  }
  assert.equal((await shown(s, boss, link)).share_pwd, 'secret');
  assert.equal(done(await byKey('/share_link/get', { share_id: link.share_id })).share_pwd, 'secret');
  assert.equal((await shown(s, ann, link)).share_pwd, 'secret');
});

test('update: what is left out stays', async () => {
  const link = done(await create({ share_name: 'n', description: 'd', share_pwd: 'p', expiration: '2099-01-01T00:00:00Z', download_limit: 5,
    disable_save: true, require_login: true }), 201);
  const { updated_at, ...same } = done(await update(s, ann, link, {}));
  assert.deepEqual({ ...same, updated_at: link.updated_at }, link);
  assert.ok(updated_at >= link.updated_at);
});

test('update: each field by itself', async () => {
  const link = done(await create({ share_name: 'n', share_pwd: 'p', expiration: '2099-01-01T00:00:00Z' }), 201);
  let before = link;
  const changes = [['share_name', 'other'], ['share_name', ''], ['description', 'd'.repeat(1024)], ['share_pwd', 'q'], ['share_pwd', ''],
    ['expiration', '2098-01-01T00:00:00.000Z'], ['expiration', ''], ['status', 'disabled'], ['status', 'enabled'],
    ...SWITCHES.flatMap(name => [[name, true], [name, false]]), ...[...LIMITS, ...COUNTS].flatMap(name => [[name, 9], [name, 0]])];
  for (const [name, value] of changes) {
    const after = done(await update(s, ann, link, { [name]: value }));
    assert.deepEqual({ ...after, updated_at: '' }, { ...before, [name]: value, updated_at: '' }, name);
    before = after;
  }
  assert.deepEqual(await shown(s, ann, link), before);
});

test('update: the files stay what they are', async () => {
  const link = done(await create(), 201);
  const after = done(await update(s, ann, link, { file_id_list: [home.file_id], share_all_files: true, creatable_file_id_list: [home.file_id],
    drive_id: ben.drive_id, creator: ben.user_id, share_id: link.share_id }));
  assert.deepEqual({ ...after, updated_at: '' }, { ...link, updated_at: '' });
});

for (const [more, code] of [
  [{ share_name: 'n'.repeat(129) }, 'InvalidParameterOutOfRange.ShareName'],
  [{ description: 'd'.repeat(1025) }, 'InvalidParameterOutOfRange.Description'],
  [{ share_pwd: 'p'.repeat(65) }, 'InvalidParameterOutOfRange.SharePwd'],
  [{ share_pwd: ' ' }, 'InvalidParameter.SharePwd'],
  [{ expiration: 'x' }, 'InvalidParameter.Expiration'],
  [{ status: 'cancelled' }, 'InvalidParameter.Status'],
  ...[...LIMITS, ...COUNTS].map(name => [{ [name]: -1 }, `InvalidParameterOutOfRange.${camel(name)}`]),
  ...SWITCHES.map(name => [{ [name]: 'true' }, `InvalidParameterWrongFormat.${camel(name)}`]),
])
  test(`update: ${JSON.stringify(more).slice(0, 50)} is ${code}`, async () => {
    refused(await update(s, ann, done(await create(), 201), more), 400, code);
  });

test('cancel: 204, and it is over for everybody', async () => {
  const link = done(await create(), 201), visit = await visitor(s, link);
  done(await cancel(s, ann, link), 204);
  for (const answer of [await cancel(s, ann, link), await update(s, ann, link, { status: 'enabled' }),
    await call(s, ann, '/share_link/get', { share_id: link.share_id }), await askToken(s, link.share_id),
    await call(s, null, '/share_link/get_by_anonymous', { share_id: link.share_id }), await visit('/file/list', { parent_file_id: 'root' })])
    refused(answer, 403, 'ShareLink.Cancelled');
});

test('cancel: an administrator may', async () => {
  done(await cancel(s, boss, done(await create(), 201)), 204);
});

// ---- what anybody may ask ----

test('anonymous: the settings, a masked name, and no files', async () => {
  const zoe = await s.person('zoe-the-maker', { drive: true });
  const secret = await folder(s, zoe, 'secret file');
  const link = await share(s, zoe, [secret], { share_name: 'shown', share_pwd: 'pw', download_limit: 3, expiration: '2099-01-01T00:00:00Z', disable_save: true });
  const answer = await call(s, null, '/share_link/get_by_anonymous', { share_id: link.share_id });
  assert.deepEqual(done(answer), {
    share_id: link.share_id, share_name: 'shown', creator_id: zoe.user_id, creator_name: 'zo***er', creator_phone: '', avatar: '',
    expiration: '2099-01-01T00:00:00.000Z', updated_at: link.updated_at, has_pwd: true, require_login: false,
    disable_preview: false, disable_download: false, disable_save: true, preview_limit: 0, download_limit: 3, save_limit: 0,
    save_download_limit: 0, access_count: 0, preview_count: 0, download_count: 0, save_count: 0, report_count: 0, video_preview_count: 0,
  });
  assert.ok(!/secret file|"pw"|zoe-the-maker/.test(answer.text));
  assert.equal(done(await call(s, ben, '/share_link/get_by_anonymous', { share_id: link.share_id })).has_pwd, true);
});

test('anonymous: short names keep little', async () => {
  for (const [name, masked] of [['q', '***'], ['qu', 'q***'], ['que', 'q***'], ['quen', 'q***n'], ['名前名前名前', '名***前'], ['quentin8', 'qu***n8']]) {
    const who = await s.person(name, { drive: true });
    const link = await share(s, who, [await folder(s, who, 'f')]);
    assert.equal(done(await call(s, null, '/share_link/get_by_anonymous', { share_id: link.share_id })).creator_name, masked, name);
  }
});

test('anonymous: nick name, phone and picture of the maker', async () => {
  done(await call(s, boss, '/user/create', { user_id: 'phil', nick_name: 'Philippa', phone: '13800138000', avatar: 'https://example.com/p.png' }), 201);
  const { drive_id } = done(await call(s, boss, '/drive/create', { drive_name: 'd', owner: 'phil', owner_type: 'user' }), 201);
  const made = await folder(s, { ...boss, drive_id }, 'f');
  const link = done(await call(s, boss, '/share_link/create', { drive_id, file_id_list: [made.file_id], user_id: 'phil' }), 201);
  const answer = await call(s, null, '/share_link/get_by_anonymous', { share_id: link.share_id });
  const { creator_id, creator_name, creator_phone, avatar } = done(answer);
  assert.deepEqual([creator_id, creator_name, creator_phone, avatar], ['phil', 'Ph***pa', '138***00', 'https://example.com/p.png']);
  assert.ok(!answer.text.includes('13800138000') && !answer.text.includes('Philippa'));
  // with his drive and himself his shares go, and nothing is left of them
  done(await call(s, boss, '/drive/delete', { drive_id, force: true }), 204);
  assert.ok([403, 404].includes((await (await visitor(s, link))('/file/get', { file_id: made.file_id })).status));
  done(await call(s, boss, '/user/delete', { user_id: 'phil' }), 204);
  refused(await call(s, null, '/share_link/get_by_anonymous', { share_id: link.share_id }), 404, 'NotFound.ShareLink');
  refused(await call(s, boss, '/share_link/get', { share_id: link.share_id }), 404, 'NotFound.ShareLink');
});

test('anonymous: what is not there or closed', async () => {
  const ask = share_id => call(s, null, '/share_link/get_by_anonymous', { share_id });
  refused(await ask(NO_SHARE), 404, 'NotFound.ShareLink');
  refused(await ask(undefined), 400, 'InvalidParameterMissing.ShareId');
  refused(await ask('x'.repeat(65)), 400, 'InvalidParameterOutOfRange.ShareId');
  const link = done(await create(), 201);
  done(await update(s, ann, link, { status: 'disabled' }));
  refused(await ask(link.share_id), 403, 'ShareLink.Forbidden');
  done(await update(s, ann, link, { status: 'enabled', expiration: '2020-01-01T00:00:00Z' }));
  refused(await ask(link.share_id), 403, 'ShareLink.Expired');
  assert.equal((await shown(s, ann, link)).expired, true);
  done(await update(s, ann, link, { expiration: '' }));
  done(await ask(link.share_id));
});

// ---- tokens ----

test('token: with and without a password', async () => {
  const open = done(await create(), 201), closed = done(await create({ share_pwd: 'right' }), 201);
  const given = done(await askToken(s, open.share_id));
  assert.deepEqual(Object.keys(given), ['share_token', 'expires_in', 'expire_time']);
  assert.equal(given.expires_in, 7200);
  assert.ok(Math.abs(Date.parse(given.expire_time) - Date.now() - 7200e3) < 60e3);
  done(await askToken(s, open.share_id, { share_pwd: '' }));
  done(await askToken(s, open.share_id, { share_pwd: 'any' }));
  done(await askToken(s, closed.share_id, { share_pwd: 'right' }));
  for (const share_pwd of ['wrong', 'righ', 'rightt', 'Right', '', undefined])
    refused(await askToken(s, closed.share_id, { share_pwd }), 400, 'InvalidResource.SharePwd');
  assert.equal((await shown(s, ann, open)).access_count, 3);
  assert.equal((await shown(s, ann, closed)).access_count, 1);
});

test('token: how long it holds', async () => {
  const link = done(await create(), 201);
  for (const expire_sec of [1, 7200]) assert.equal(done(await askToken(s, link.share_id, { expire_sec })).expires_in, expire_sec);
  for (const expire_sec of [0, -1, 7201]) refused(await askToken(s, link.share_id, { expire_sec }), 400, 'InvalidParameter.ExpireSec');
  refused(await askToken(s, link.share_id, { expire_sec: '60' }), 400, 'InvalidParameter.ExpireSec');
  const soon = done(await create({ expiration: new Date(Date.now() + 600e3) }), 201);
  const cut = done(await askToken(s, soon.share_id));
  assert.equal(cut.expire_time, soon.expiration);
  assert.ok(cut.expires_in <= 600 && cut.expires_in > 500);
});

test('token: the maker and administrators need no password where they say so', async () => {
  const link = done(await create({ share_pwd: 'right' }), 201);
  done(await askToken(s, link.share_id, { check_share_pwd: false }, ann));
  done(await askToken(s, link.share_id, { check_share_pwd: false }, boss));
  refused(await askToken(s, link.share_id, { check_share_pwd: false }, ben), 400, 'InvalidResource.SharePwd');
  refused(await askToken(s, link.share_id, { check_share_pwd: false }), 400, 'InvalidResource.SharePwd');
  refused(await askToken(s, link.share_id, { check_share_pwd: false }, { token: '0'.repeat(48) }), 400, 'InvalidResource.SharePwd');
  refused(await askToken(s, link.share_id, {}, ann), 400, 'InvalidResource.SharePwd');
  const visit = await visitor(s, link);
  refused(await visit('/share_link/get_share_token', { check_share_pwd: false }), 400, 'InvalidResource.SharePwd');
});

test('token: altered, cut, of another share, and none', async () => {
  const link = done(await create(), 201), other = done(await create(), 201);
  const good = await token(s, link), list = t => inside(s, link, t, '/file/list', { parent_file_id: 'root' });
  done(await list(good));
  for (const bad of alterations(good)) refused(await list(bad), 401, 'ShareLinkTokenInvalid');
  for (const bad of [good.slice(0, -1), good + 'A', good.toUpperCase(), 'x', await token(s, other), '0'.repeat(48), ann.token, 'a'.repeat(5000)])
    refused(await list(bad), 401, 'ShareLinkTokenInvalid');
  refused(await call(s, ann, '/file/list', { share_id: link.share_id, parent_file_id: 'root' }), 401, 'ShareLinkTokenInvalid');
  refused(await call(s, null, '/file/list', { share_id: link.share_id, parent_file_id: 'root' }), 401, 'AccessTokenInvalid');
  assert.notEqual(good, await token(s, link, { expire_sec: 60 }));
});

test('token: it outlives neither password, nor switch, nor end', async () => {
  const link = done(await create({ share_pwd: 'one' }), 201), visit = await visitor(s, link);
  const list = () => visit('/file/list', { parent_file_id: 'root' });
  done(await list());
  done(await update(s, ann, link, { share_pwd: 'one', share_name: 'x' })); // the same is no change
  done(await list());
  done(await update(s, ann, link, { status: 'disabled' }));
  refused(await list(), 403, 'ShareLink.Forbidden');
  done(await update(s, ann, link, { status: 'enabled' }));
  done(await list());
  done(await update(s, ann, link, { expiration: '2020-01-01T00:00:00Z' }));
  refused(await list(), 403, 'ShareLink.Expired');
  done(await update(s, ann, link, { expiration: '' }));
  done(await list());
  done(await update(s, ann, link, { share_pwd: 'two' }));
  assert.match(refused(await list(), 401, 'ShareLinkTokenInvalid'), /expired/);
  done(await update(s, ann, link, { share_pwd: 'one' }));
  refused(await list(), 401, 'ShareLinkTokenInvalid');
});

test('token: counted exactly under parallel calls', async () => {
  const link = done(await create(), 201);
  const { statuses } = await atOnce(16, () => askToken(s, link.share_id));
  assert.deepEqual(statuses, { 200: 16 });
  assert.equal((await shown(s, ann, link)).access_count, 16);
});

test('guessing: twenty, and the right one is not heard any more', async () => {
  const link = done(await create({ share_pwd: 'right' }), 201), other = done(await create({ share_pwd: 'right' }), 201);
  const { statuses } = await atOnce(40, i => askToken(s, link.share_id, { share_pwd: `wrong${i}` }));
  assert.ok(statuses[400] <= 20 && statuses[400] + statuses[429] === 40, JSON.stringify(statuses));
  refused(await askToken(s, link.share_id, { share_pwd: 'right' }), 429, 'TooManyRequests');
  done(await askToken(s, link.share_id, { check_share_pwd: false }, ann)); // its maker is not locked out
  refused(await askToken(s, other.share_id, { share_pwd: 'right' }), 429, 'TooManyRequests'); // nor is the next share open to the guesser
});

test('the maker disabled: his shares are closed', async () => {
  const max = await s.person('max', { drive: true });
  const link = await share(s, max, [await folder(s, max, 'f')]), visit = await visitor(s, link);
  done(await visit('/file/list', { parent_file_id: 'root' }));
  await s.cli('user', 'disable', 'max');
  refused(await visit('/file/list', { parent_file_id: 'root' }), 403, 'ShareLink.Forbidden');
  refused(await askToken(s, link.share_id), 403, 'ShareLink.Forbidden');
  await s.cli('user', 'enable', 'max');
  done(await visit('/file/list', { parent_file_id: 'root' }));
});

test('a restart changes nothing: tokens and shares hold', async () => {
  const own = await startServer();
  const may = await own.person('may', { drive: true });
  const link = await share(own, may, [await folder(own, may, 'f')], { share_pwd: 'pw' }), t = await token(own, link);
  await own.restart();
  done(await inside(own, link, t, '/file/list', { parent_file_id: 'root' }));
  assert.equal((await shown(own, may, link)).share_pwd, 'pw');
  assert.ok(!own.log().includes(t));
  await own.stop();
});
