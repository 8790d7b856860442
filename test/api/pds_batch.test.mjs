// Several calls in one: Batch (/v2/batch).
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { request, startServer } from './harness.mjs';
import { pdsUpload } from './transfer.mjs';
import { call, done, folder, lenient, refused } from './pds.mjs';

let s, ann, ben;
before(async () => {
  s = await startServer();
  ann = await s.person('ann', { drive: true });
  ben = await s.person('ben', { drive: true });
});
after(() => s?.stop());

const batch = (requests, who = ann, more = {}) => call(s, who, '/batch', { resource: 'file', requests, ...more });
const one = (url, body, id = url) => ({ id, method: 'POST', url, headers: { 'Content-Type': 'application/json' }, body });
const answers = async (requests, who) => done(await batch(requests, who)).responses;
const on = (file_id, more = {}) => ({ drive_id: ann.drive_id, file_id, ...more });

test('each has its own id, status and body, in the order asked', async () => {
  const a = (await folder(s, ann, 'a')).file_id, b = await pdsUpload(s, ann, 'b.txt', [Buffer.from('bb')]);
  const got = await answers([one('/file/get', on(b.file_id), 'z'), one('/file/get', on('4503599627370490'), 'y'),
    one('/recyclebin/trash', on(a), 'x'), one('/drive/get', { drive_id: ann.drive_id }, 'w'),
    one('/file/get_download_url', on(b.file_id), 'v')]);
  assert.deepEqual(got.map(r => [r.id, r.status]), [['z', 200], ['y', 404], ['x', 204], ['w', 200], ['v', 200]]);
  const alone = done(await call(s, ann, '/file/get', on(b.file_id)));
  assert.deepEqual(got[0].body, alone);
  assert.equal(got[1].body.code, 'NotFound.File');
  assert.ok(!('body' in got[2]));
  assert.equal((await request('GET', got[4].body.url)).text, 'bb');
});

test('one sees what those before it did, and not what comes after', async () => {
  const a = (await folder(s, ann, 'seen')).file_id;
  const got = await answers([one('/file/get', on(a), '1'), one('/recyclebin/trash', on(a), '2'), one('/file/get', on(a), '3'),
    one('/recyclebin/restore', on(a), '4'), one('/file/get', on(a), '5'), one('/recyclebin/trash', on(a), '6'),
    one('/recyclebin/trash', on(a), '7'), one('/recyclebin/restore', on(a), '8')]);
  assert.deepEqual(got.map(r => r.status), [200, 204, 403, 204, 200, 204, 403, 204]);
  assert.equal(got[2].body.code, 'ForbiddenFileInTheRecycleBin');
  done(await call(s, ann, '/file/get', on(a)));
});

test('a hundred small changes cost a few commits, and one that fails undoes itself alone', async () => {
  const ids = [];
  for (let i = 0; i < 99; i++) ids.push((await folder(s, ann, `many ${i}`)).file_id);
  const commits = async () => Number(/^polydrive_store_commits_total (\d+)/m.exec((await request('GET', `${s.url}/metrics`)).text)?.[1]);
  const before = await commits();
  const got = await answers([...ids.slice(0, 50), '4503599627370490', ...ids.slice(50)].map((id, i) => one('/recyclebin/trash', on(id), String(i))));
  assert.deepEqual(got.map(r => r.status), Array.from({ length: 100 }, (_, i) => (i === 50 ? 404 : 204)));
  const after = await commits();
  assert.ok(after - before <= 4, `${after - before} commits`);
  const names = done(await call(s, ann, '/file/list', { drive_id: ann.drive_id, parent_file_id: 'root', limit: 100 })).items.map(f => f.name);
  assert.ok(!names.some(name => name.startsWith('many')));
});

test('bounds: resource, how many, ids, methods', async () => {
  const get = id => one('/drive/get', { drive_id: ann.drive_id }, id);
  const many = n => Array.from({ length: n }, (_, i) => get(String(i)));
  assert.equal((await answers(many(100))).length, 100);
  refused(await batch(many(101)), 400, 'InvalidParameterOutOfRange.Requests');
  refused(await batch([]), 400, 'InvalidParameterEmpty.Requests');
  refused(await call(s, ann, '/batch', { resource: 'file' }), 400, 'InvalidParameterMissing.Requests');
  refused(await call(s, ann, '/batch', { requests: many(1) }), 400, 'InvalidParameterMissing.Resource');
  refused(await batch(many(1), ann, { resource: 'planet' }), 400, 'InvalidParameter.Resource');
  for (const resource of ['file', 'drive', 'user', 'group', 'membership', 'share_link', 'async_task'])
    done(await batch(many(1), ann, { resource }));
  refused(await batch([get('a'), get('b'), get('a')]), 400, 'InvalidParameter.Id');
  refused(await batch([{ ...get('a'), id: undefined }]), 400, 'InvalidParameterMissing.Id');
  refused(await batch([{ ...get('a'), url: undefined }]), 400, 'InvalidParameterMissing.Url');
  refused(await batch([{ ...get('a'), method: undefined }]), 400, 'InvalidParameterMissing.Method');
  refused(await batch([{ ...get('a'), method: 'PATCH' }]), 400, 'InvalidParameter.Method');
  refused(await batch([{ ...get('a'), id: 'x'.repeat(257) }]), 400, 'InvalidParameterOutOfRange.Id');
  refused(await batch(Array.from({ length: 100 }, (_, i) => ({ ...get(String(i)), headers: { x: 'x'.repeat(20000) } }))), 413, 'InvalidParameterOutOfRange');
  for (const method of ['GET', 'PUT', 'DELETE', 'HEAD']) {
    const [r] = await answers([{ ...get('a'), method }]);
    assert.deepEqual([r.status, r.body.code], [400, 'InvalidParameter.Method']);
  }
  const [without] = await answers([{ id: 'a', method: 'POST', url: '/drive/get' }]);
  assert.deepEqual([without.status, without.body.code], [400, 'InvalidParameterMissing.DriveId']);
});

test('only what is listed may stand in it, and no batch', async () => {
  for (const url of ['/batch', '/file/list', '/file/create', '/user/create', '/file/add_permission', 'file/get', '/file/get/',
    '/file/get?x=1', '/../v2/file/get', '/nothing', '/oauth/token']) {
    const [r] = await answers([one(url, on('root', { resource: 'file', requests: [] }))]);
    assert.deepEqual([r.status, r.body.code], [400, 'InvalidParameter.Url'], url);
  }
  const answer = await batch([one('/file/pre_create_check', { drive_id: ann.drive_id, parent_file_id: 'root', name: 'x', type: 'file' })]);
  assert.equal(done(answer).responses.length, 1);
  assert.match(lenient(answer), /url: the official JS SDK/);
});

test('who asks counts for each: strangers, nobody, tokens for less', async () => {
  const a = (await folder(s, ann, 'mine')).file_id;
  const got = await answers([one('/file/get', on(a), '1'), one('/recyclebin/trash', on(a), '2')], ben);
  assert.deepEqual(got.map(r => [r.status, r.body.code]), [[404, 'NotFound.Drive'], [404, 'NotFound.Drive']]);
  refused(await batch([one('/file/get', on(a))], null), 401, 'AccessTokenInvalid');
  const token = async scope => (await s.cli('token', 'issue', 'ann', '--scope', scope)).access_token;
  const reader = { token: await token('BATCH,FILE.GET') };
  const less = await answers([one('/file/get', on(a), '1'), one('/recyclebin/trash', on(a), '2')], reader);
  assert.deepEqual(less.map(r => r.status), [200, 403]);
  refused(await batch([one('/file/get', on(a))], { token: await token('FILE.GET') }), 403, 'CheckRouterAccessFailed');
  done(await call(s, ann, '/file/get', on(a)));
});

test('many batches at once end well', async () => {
  const ids = [];
  for (let i = 0; i < 8; i++) ids.push((await folder(s, ann, `once ${i}`)).file_id);
  await Promise.all(ids.map(async id => {
    const got = await answers(['/recyclebin/trash', '/recyclebin/restore', '/recyclebin/trash', '/recyclebin/restore', '/file/get']
      .map((url, i) => one(url, on(id), String(i))));
    assert.deepEqual(got.map(r => r.status), [204, 204, 204, 204, 200]);
  }));
  assert.deepEqual(await s.cli('check'), []);
});
