// The floor of the disk: beyond it no file comes in, and all else goes on.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { request, startServer } from './harness.mjs';
import { bytesOf, get, pdsUpload, pdsUrl } from './transfer.mjs';
import { call, done, folder } from './pds.mjs';

let s, ann, small, large;
before(async () => {
  s = await startServer();
  ann = await s.person('ann', { drive: true });
  small = await pdsUpload(s, ann, 'small', [Buffer.from('small')]);
  large = await pdsUpload(s, ann, 'large', [bytesOf(200_000, 1), bytesOf(200_000, 2)]);
  await s.restart({ args: ['--disk-floor', '1024TiB'] }); // no disk has so much free
});
after(() => s?.stop());

const begin = size => call(s, ann, '/file/create', { drive_id: ann.drive_id, parent_file_id: 'root', name: `n${size}`, type: 'file', size });

test('a part is refused, to be tried again, whatever its size; nothing of it stays', async () => {
  for (const size of [0, 10, 300_000]) {
    const { part_info_list: [part], file_id, upload_id } = done(await begin(size), 201);
    const answer = await request('PUT', part.upload_url, { body: Buffer.alloc(size), headers: { 'Content-Length': size } });
    assert.equal(answer.status, 503, answer.text);
    assert.match(answer.text, /<Code>ServiceUnavailable</);
    const { uploaded_parts } = done(await call(s, ann, '/file/list_uploaded_parts', { drive_id: ann.drive_id, file_id, upload_id }));
    assert.deepEqual(uploaded_parts, []);
  }
});

test('what is there is read, moved, copied and deleted; folders are made', async () => {
  assert.equal((await s.call('GET', '/readyz')).status, 503);
  assert.ok((await get(await pdsUrl(s, ann, large))).bytes.equals(Buffer.concat([bytesOf(200_000, 1), bytesOf(200_000, 2)])));
  const { file_id } = await folder(s, ann, 'made');
  done(await call(s, ann, '/file/move', { drive_id: ann.drive_id, file_id: small.file_id, to_parent_file_id: file_id }));
  done(await call(s, ann, '/file/copy', { drive_id: ann.drive_id, file_id: large.file_id, to_parent_file_id: file_id }), 201);
  done(await call(s, ann, '/file/delete', { drive_id: ann.drive_id, file_id: large.file_id }), 204);
});

test('a ZIP that would take of it is refused', async () => {
  const { async_task_id } = done(await call(s, ann, '/file/archive_files', { drive_id: ann.drive_id, file_ids: [small.file_id], name: 'z' }), 202);
  let task;
  do task = done(await call(s, ann, '/async_task/get', { async_task_id })); while (task.state === 'Running');
  assert.equal(task.state, 'Failed');
});

test('with room again files come in', async () => {
  await s.restart({ args: [] });
  await pdsUpload(s, ann, 'again', [bytesOf(300_000, 3)]);
  assert.deepEqual(await s.cli('check', '--content'), []);
});

test('where files may not grow any more, parts and changes are refused, and the server lives', async () => {
  const limit = (bytes) => execFileSync('prlimit', ['--pid', String(s.pid), `--fsize=${bytes}:unlimited`]);
  const size = 12 << 20;
  const { part_info_list: [part], file_id, upload_id } = done(await begin(size), 201);
  const put = () => request('PUT', part.upload_url, { body: bytesOf(size, 4), headers: { 'Content-Length': size } });
  limit(8 << 20);
  assert.equal((await put()).status, 503);
  assert.equal((await s.call('GET', '/healthz')).status, 200);
  limit(1); // nor does the log of the store grow: from there on it takes nothing until it is opened again
  assert.equal((await begin(10)).status, 503);
  assert.equal((await s.call('GET', '/healthz')).status, 503);
  await s.restart({ args: [] });
  assert.equal((await put()).status, 200);
  done(await call(s, ann, '/file/complete', { drive_id: ann.drive_id, file_id, upload_id }));
  assert.deepEqual(await s.cli('check', '--content'), []);
});
