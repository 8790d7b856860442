// The second paths of operations, which clients of the consumer drive call: /adrive, /v3, /token, /users.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { startServer } from './harness.mjs';
import { bytesOf, digest, pdsUpload, put } from './transfer.mjs';
import { call, done, folder, header, lenient, refused } from './pds.mjs';
import { assertionOf, byAssertion, claimsOf, isToken, keyedApp } from './oauth.mjs';
import { NO_SHARE, share, token, visitor } from './shares.mjs';

let s, strict, ann, ben, sam, paths;
before(async () => {
  s = await startServer();
  strict = await startServer({ args: ['--strict'] });
  ann = await s.person('ann', { drive: true });
  ben = await s.person('ben', { drive: true });
  sam = await strict.person('sam', { drive: true });
  paths = Object.entries((await s.cli('openapi', 'pds')).paths).filter(([path]) => !path.startsWith('/v2/'));
});
after(() => Promise.all([s?.stop(), strict?.stop()]));

const post = (path, body, who = ann, more = {}) => s.call('POST', path, { token: who?.token, body, ...more });
const on = (file, more = {}) => ({ drive_id: ann.drive_id, file_id: file.file_id, ...more });
const CREATE = '/adrive/v2/file/createWithFolders';
const create = (name, more = {}, who = ann) =>
  post(CREATE, { drive_id: ann.drive_id, parent_file_id: 'root', name, type: 'folder', check_name_mode: 'refuse', ...more }, who);
const made = async (...args) => done(await create(...args), 201);
const list = async (parent_file_id = 'root') => done(await call(s, ann, '/file/list',
  { drive_id: ann.drive_id, parent_file_id, order_by: 'name', limit: 100 })).items;
const names = async parent => (await list(parent)).map(item => item.name);

// ---- all of them ----

test('each says that it is beyond the vendor\'s page, and whose alias it is', () => {
  assert.deepEqual(paths.map(([path]) => path).sort(), ['/adrive/v2/batch', CREATE, '/adrive/v2/file/get_by_share',
    '/adrive/v2/file/list_by_share', '/adrive/v2/share_link/cancel', '/adrive/v2/share_link/create',
    '/adrive/v2/share_link/get_share_by_anonymous', '/adrive/v3/file/list', '/adrive/v3/share_link/list', '/token/refresh',
    '/users/v1/users/device/create_session', '/users/v1/users/device/renew_session', '/v3/batch', '/v3/file/update'].sort());
  for (const [path, { post: op, ...others }] of paths) {
    assert.deepEqual(others, {}, path);
    assert.match(op['x-polydrive-lenient'], /consumer drive/, path);
  }
});

test('strict: none of them is there', async () => {
  for (const [path] of paths) {
    const answer = await strict.call('POST', path, { token: sam.token, body: {} });
    assert.equal(answer.status, 404, `${path}: ${answer.text}`);
    assert.equal(answer.text, '');
    assert.equal(header(answer, 'x-ca-error-code'), 'I404NF');
  }
});

test('beside them there is nothing: the gateway\'s 404', async () => {
  for (const path of ['/adrive/v2/nothing', '/adrive/v3/file/get', '/v3/file/list', '/token/get', '/users/v1/users']) {
    const answer = await post(path, {});
    assert.equal(answer.status, 404, `${path}: ${answer.text}`);
    assert.equal(header(answer, 'x-ca-error-code'), 'I404NF');
  }
  for (const path of ['/v3', '/token', '/users/v1'])
    assert.equal((await post(path, {})).status, 404, path);
});

test('without a token those that need one are refused', async () => {
  for (const [path, { post: op }] of paths) {
    const answer = await post(path, {}, null);
    if (op.security?.length === 0) assert.notEqual(answer.status, 401, path);
    else refused(answer, 401, 'AccessTokenInvalid');
  }
});

test('the headers and the query of those clients are ignored', async () => {
  const answer = await post('/adrive/v3/file/list?jsonmask=next_marker%2Citems(name)', { drive_id: ann.drive_id, parent_file_id: 'root' }, ann,
    { headers: { 'x-device-id': 'd', 'x-signature': '00', 'x-canary': 'client=web,app=adrive' } });
  assert.deepEqual(Object.keys(done(answer)), ['items', 'next_marker']);
  assert.match(lenient(answer), /^route: .*consumer drive/);
});

// ---- files ----

test('file/list gives what ListFile gives, page by page', async () => {
  const top = await folder(s, ann, 'listed');
  for (const name of ['a', 'b', 'c', 'd', 'e']) await folder(s, ann, name, top.file_id);
  for (const limit of [1, 2, 5, 200]) {
    let marker = '', seen = [];
    do {
      const ask = { drive_id: ann.drive_id, parent_file_id: top.file_id, order_by: 'name', limit, marker };
      const page = done(await post('/adrive/v3/file/list', ask));
      assert.deepEqual(page.items, done(await call(s, ann, '/file/list', ask)).items);
      seen.push(...page.items.map(item => item.name));
      marker = page.next_marker;
    } while (marker);
    assert.deepEqual(seen, ['a', 'b', 'c', 'd', 'e']);
  }
  refused(await post('/adrive/v3/file/list', { drive_id: ann.drive_id, parent_file_id: top.file_id, limit: 0 }), 400,
    'InvalidParameterOutOfRange.Limit');
  const hidden = { drive_id: ann.drive_id, parent_file_id: 'root' };
  const [one, other] = [await post('/adrive/v3/file/list', hidden, ben), await call(s, ben, '/file/list', hidden)];
  assert.deepEqual([one.status, one.body], [other.status, other.body]);
});

test('file/update renames', async () => {
  const file = await pdsUpload(s, ann, 'before.txt', [Buffer.from('x')]);
  assert.equal(done(await post('/v3/file/update', on(file, { name: 'after.txt' }))).name, 'after.txt');
  assert.equal(done(await call(s, ann, '/file/get', on(file))).name, 'after.txt');
  refused(await post('/v3/file/update', on(file, { name: 'a/b' })), 400, 'InvalidParameter.Name');
  assert.equal((await post('/v3/file/update', on(file, { name: 'stolen' }), ben)).status, 404);
  assert.equal(done(await call(s, ann, '/file/get', on(file))).name, 'after.txt');
});

test('both batches answer as /v2/batch', async () => {
  const file = await pdsUpload(s, ann, 'batched.txt', [Buffer.from('x')]);
  const one = (id, url, body) => ({ id, method: 'POST', url, headers: { 'Content-Type': 'application/json' }, body });
  for (const path of ['/v3/batch', '/adrive/v2/batch']) {
    const { responses } = done(await post(path, { resource: 'file', requests: [one('1', '/file/get', on(file)),
      one('2', '/recyclebin/trash', on(file)), one('3', '/recyclebin/restore', on(file)), one('4', '/adrive/v2/batch', {})] }));
    assert.deepEqual(responses.map(r => [r.id, r.status]), [['1', 200], ['2', 204], ['3', 204], ['4', 400]]);
    assert.equal(responses[0].body.name, 'batched.txt');
  }
});

// ---- createWithFolders ----

test('a name without a slash is created as CreateFile does', async () => {
  const one = await made('plain', { check_name_mode: 'ignore' });
  assert.deepEqual([one.file_name, one.parent_file_id, one.exist], ['plain', 'root', false]);
  assert.equal((await made('plain')).exist, true);
  assert.match((await made('plain', { check_name_mode: 'auto_rename' })).file_name, /^plain.+/);
});

test('a name with slashes makes the folders that lack, and those alone', async () => {
  const first = await made('x/y/z');
  assert.deepEqual([first.file_name, first.exist], ['z', false]);
  const second = await made('x/y/w');
  assert.equal(second.parent_file_id, first.parent_file_id);
  const third = await made('y/deep', { parent_file_id: (await list()).find(item => item.name === 'x').file_id });
  assert.equal(third.parent_file_id, first.parent_file_id);
  assert.deepEqual(await names(first.parent_file_id), ['deep', 'w', 'z']);
  assert.equal((await names()).filter(name => name === 'x').length, 1);
  const again = await made('x/y/z');
  assert.deepEqual([again.exist, again.file_id], [true, first.file_id]);
  const composed = await made('caf\u00e9/one'), apart = await made('cafe\u0301/two');
  assert.equal(apart.parent_file_id, composed.parent_file_id);
});

test('a file below new folders is sent and completed', async () => {
  const bytes = bytesOf(2000, 7);
  const up = await made('in/side/up.bin', { type: 'file', size: bytes.length, content_hash_name: 'none', proof_code: '', proof_version: 'v1',
    part_info_list: [{ part_number: 1 }], device_name: 'web' });
  assert.equal((await put(up.part_info_list[0].upload_url, bytes)).status, 200);
  const file = done(await call(s, ann, '/file/complete', { drive_id: ann.drive_id, file_id: up.file_id, upload_id: up.upload_id }));
  assert.deepEqual([file.name, file.size, file.parent_file_id], ['up.bin', bytes.length, up.parent_file_id]);
  assert.equal(file.content_hash, digest('sha1', bytes).toUpperCase());
});

test('content_hash counts with sha1, and not with none', async () => {
  const bytes = bytesOf(3000, 8);
  await pdsUpload(s, ann, 'known.bin', [bytes]);
  const ask = { type: 'file', size: bytes.length, content_hash: digest('sha1', bytes), proof_code: 'AAAAAAAAAAA=', check_name_mode: 'ignore' };
  assert.equal((await made('fast/one.bin', { ...ask, content_hash_name: 'sha1' })).rapid_upload, true);
  assert.equal((await made('fast/two.bin', ask)).rapid_upload, true);
  assert.equal((await made('fast/three.bin', { ...ask, content_hash_name: 'none' })).rapid_upload, false);
  refused(await create('fast/four.bin', { ...ask, content_hash_name: 'md5' }), 400, 'InvalidParameter.ContentHashName');
  refused(await call(s, ann, '/file/create', { drive_id: ann.drive_id, parent_file_id: 'root', name: 'n', ...ask, content_hash_name: 'none' }),
    400, 'InvalidParameter.ContentHashName');
});

test('a name that is none makes nothing', async () => {
  const before = await names();
  for (const name of ['/a', 'a/', 'a//b', '/', 'new/./b', 'new/../b', '..', 'new/b\\c', 'new/\u0001', 'new/..'])
    refused(await create(name), 400, 'InvalidParameter.Name');
  assert.equal((await create('')).status, 400);
  assert.equal((await create('n'.repeat(1025))).status, 400);
  assert.equal((await create('d/'.repeat(512) + 'e')).status, 400); // 1025 bytes
  const file = await pdsUpload(s, ann, 'no folder.txt', [Buffer.from('x')]);
  refused(await create('new/rev.txt', { type: 'file', size: 1, file_id: file.file_id, check_name_mode: 'ignore' }), 400, 'InvalidParameter.FileId');
  const answer = await create('no folder.txt/below');
  assert.equal(answer.status, 400, answer.text);
  refused(await create('new/file.bin', { type: 'file', size: -2 }), 400, 'InvalidParameterOutOfRange.Size');
  assert.deepEqual((await names()).filter(name => !before.includes(name)), ['no folder.txt']);
});

test('past the deepest level nothing is made, not even the folders before', async () => {
  const top = await made('deep top');
  const answer = await create('d/'.repeat(400) + 'e', { parent_file_id: top.file_id });
  assert.equal(answer.status, 400, answer.text);
  assert.deepEqual(await names(top.file_id), []);
  const fits = await made('d/'.repeat(60) + 'e', { parent_file_id: top.file_id });
  assert.equal(fits.file_name, 'e');
});

test('folders are made by those who may, in live folders', async () => {
  assert.equal((await create('theirs/x', {}, ben)).status, 404);
  const bin = await made('binned/inner');
  done(await call(s, ann, '/recyclebin/trash', { drive_id: ann.drive_id, file_id: bin.parent_file_id }), 204);
  const anew = await made('binned/inner');
  assert.notEqual(anew.parent_file_id, bin.parent_file_id);
  assert.equal((await create('a/b', { parent_file_id: bin.parent_file_id })).status >= 400, true);
  refused(await create('a/b', { parent_file_id: '4503599627370495' }), 404, 'NotFound.ParentFileId');
  refused(await create('a/b', { drive_id: undefined }), 400, 'InvalidParameterMissing.DriveId');
});

// ---- shares ----

test('a share link made, listed, looked at and cancelled', async () => {
  const top = await made('to share');
  const link = done(await post('/adrive/v2/share_link/create', { drive_id: ann.drive_id, file_id_list: [top.file_id], share_pwd: 'ab12' }), 201);
  assert.equal(link.share_pwd, 'ab12');
  const { items } = done(await post('/adrive/v3/share_link/list', { creator: ann.user_id, limit: 100 }));
  assert.ok(items.some(item => item.share_id === link.share_id));
  const look = share_id => post('/adrive/v2/share_link/get_share_by_anonymous', { share_id }, null);
  assert.deepEqual(done(await look(link.share_id)), done(await call(s, null, '/share_link/get_by_anonymous', { share_id: link.share_id })));
  assert.equal((await look(NO_SHARE)).status, 404);
  const cancel = who => post('/adrive/v2/share_link/cancel', { share_id: link.share_id }, who);
  assert.ok((await cancel(ben)).status >= 400);
  done(await cancel(ann), 204);
  assert.ok((await look(link.share_id)).status >= 400);
});

test('by share: its files for its guests, with and without an account', async () => {
  const top = await made('shared top'), inner = await made('shared top/inner');
  const out = await made('not shared');
  const link = await share(s, ann, [top]);
  const share_token = await token(s, link);
  for (const who of [null, ben]) {
    const visit = (path, body) => post(path, { share_id: link.share_id, ...body }, who, { headers: { 'x-share-token': share_token } });
    assert.deepEqual(done(await visit('/adrive/v2/file/list_by_share', { parent_file_id: 'root' })).items.map(i => i.name), ['shared top']);
    assert.deepEqual(done(await visit('/adrive/v2/file/list_by_share', { parent_file_id: top.file_id })).items.map(i => i.name), ['inner']);
    assert.equal(done(await visit('/adrive/v2/file/get_by_share', { file_id: inner.file_id, fields: '*' })).name, 'inner');
    refused(await visit('/adrive/v2/file/get_by_share', { file_id: out.file_id }), 404, 'NotFound.File');
    assert.ok((await visit(CREATE, { parent_file_id: 'root', name: 'into/it', type: 'folder' })).status >= 400);
    assert.ok((await visit(CREATE, { parent_file_id: top.file_id, name: 'into/it', type: 'folder' })).status >= 400);
  }
  assert.deepEqual(await names(top.file_id), ['inner']);
  // with its token alone, and the share not named, nothing is there
  const ids = { drive_id: ann.drive_id, file_id: inner.file_id, parent_file_id: top.file_id, name: 'into/it', type: 'folder' };
  for (const path of ['/adrive/v3/file/list', '/adrive/v2/file/list_by_share', '/adrive/v2/file/get_by_share', CREATE])
    refused(await post(path, ids, null, { headers: { 'x-share-token': share_token } }), 401, 'AccessTokenInvalid');
  for (const path of ['/adrive/v2/file/list_by_share', '/adrive/v2/file/get_by_share'])
    assert.equal((await post(path, { share_id: link.share_id, parent_file_id: 'root', file_id: top.file_id }, null)).status, 401);
});

test('in a creatable share folders are made below what is shared', async () => {
  const top = await made('writable');
  const link = await share(s, ann, [top], { creatable: true, creatable_file_id_list: [top.file_id] });
  const visit = await visitor(s, link, ben);
  const answer = await post(CREATE, { share_id: link.share_id, parent_file_id: top.file_id, name: 'one/two', type: 'folder' }, ben,
    { headers: { 'x-share-token': visit.token } });
  assert.equal(done(answer, 201).file_name, 'two');
  assert.deepEqual(await names(top.file_id), ['one']);
});

// ---- tokens and devices ----

test('token/refresh gives a new pair and ends the old one', async () => {
  const app = await keyedApp(s, 'alias app');
  const old = isToken(await byAssertion(s, app, assertionOf(app, claimsOf(app, ann.user_id))), ann.user_id);
  const refresh = () => post('/token/refresh', { grant_type: 'refresh_token', refresh_token: old.refresh_token }, null);
  const answer = await refresh(), pair = isToken(answer, ann.user_id);
  assert.match(lenient(answer), /route: /);
  assert.notEqual(pair.refresh_token, old.refresh_token);
  done(await post('/adrive/v3/file/list', { drive_id: ann.drive_id, parent_file_id: 'root' }, { token: pair.access_token }));
  refused(await call(s, { token: old.access_token }, '/drive/get', { drive_id: ann.drive_id }), 401, 'AccessTokenInvalid');
  refused(await refresh(), 400, 'InvalidParameter.RefreshToken');
});

test('sessions of devices succeed for whoever has a token', async () => {
  for (const word of ['create_session', 'renew_session'])
    assert.deepEqual(done(await post(`/users/v1/users/device/${word}`, { deviceName: 'd', pubKey: '04' })), { success: true });
});
