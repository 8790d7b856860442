// ArchiveFiles: a ZIP by a task.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startServer } from './harness.mjs';
import { bytesOf, get, pdsUpload } from './transfer.mjs';
import { call, done, lenient, refused } from './pds.mjs';
import { ended, folder, plant, succeeded } from './pds_tree.mjs';

let s, ann, ben;
before(async () => {
  s = await startServer();
  ann = await s.person('ann', { drive: true });
  ben = await s.person('ben', { drive: true });
});
after(async () => {
  assert.deepEqual(await s?.cli('check', '--content'), []);
  await s?.stop();
});

const archive = (file_ids, more = {}, who = ann) =>
  call(s, who, '/file/archive_files', { drive_id: ann.drive_id, file_ids, name: 'packed', ...more });
const upload = async (name, bytes, parent_file_id = 'root') =>
  (await pdsUpload(s, ann, name, [bytes].flat(), { parent_file_id })).file_id;

// Unpacks by Python's own reader of ZIPs: { path: bytes }.
function unpacked(bytes) {
  const home = mkdtempSync(join(tmpdir(), 'polydrive-test-zip-'));
  try {
    writeFileSync(join(home, 'a.zip'), bytes);
    const list = JSON.parse(execFileSync('python3', ['-c', `
import json, sys, zipfile, hashlib
z = zipfile.ZipFile(sys.argv[1])
assert z.testzip() is None
print(json.dumps([[i.filename, i.flag_bits, i.compress_type, hashlib.sha1(z.read(i)).hexdigest(), i.file_size] for i in z.infolist()]))`,
      join(home, 'a.zip')], { encoding: 'utf8', maxBuffer: 1 << 26 }));
    return list.map(([name, flags, method, sha1, size]) => ({ name, utf8: Boolean(flags & 0x800), method, sha1, size }));
  } finally { rmSync(home, { recursive: true, force: true }); }
}

async function packed(answer) {
  const taken = done(answer, 202);
  assert.deepEqual(Object.keys(taken), ['async_task_id']);
  const task = await succeeded(s, ann, taken.async_task_id);
  const got = await get(task.url);
  assert.equal(got.status, 200, got.text);
  assert.equal(got.headers['content-type'], 'application/zip');
  return { task, got, entries: unpacked(got.bytes) };
}
const names = entries => entries.map(entry => entry.name).sort();

test('archive: files and folders, with their bytes and UTF-8 names', async () => {
  const home = await folder(s, ann, '资料'), below = await folder(s, ann, 'below', home);
  await upload('报告 é.txt', Buffer.from('report'), home);
  await upload('empty', Buffer.alloc(0), below);
  const large = [bytesOf(3_000_000, 1), bytesOf(2_000_000, 2)], big = await upload('big.bin', large);
  const { task, got, entries } = await packed(await archive([home, big]));
  assert.deepEqual(names(entries), ['big.bin', '资料/', '资料/below/', '资料/below/empty', '资料/报告 é.txt'].sort());
  const by = Object.fromEntries(entries.map(entry => [entry.name, entry]));
  assert.equal(by['big.bin'].size, 5_000_000);
  assert.equal(by['big.bin'].sha1.toUpperCase(),
    done(await call(s, ann, '/file/get', { drive_id: ann.drive_id, file_id: big })).content_hash);
  assert.equal(by['资料/报告 é.txt'].size, 6);
  for (const entry of entries) {
    assert.equal(entry.method, 0, 'stored');
    if (/[^ -~]/.test(entry.name)) assert.ok(entry.utf8, `${entry.name} is told to be UTF-8`);
  }
  assert.equal(task.consumed_process, 5);
  assert.match(got.headers['content-disposition'], /packed\.zip/);
  const part = await get(task.url, { Range: 'bytes=0-3' });
  assert.deepEqual([part.status, part.text], [206, 'PK\u0003\u0004']);
});

test('archive: two of a name are told apart, and no name leads out', async () => {
  const home = await folder(s, ann, 'twice');
  const a = await upload('a.txt', Buffer.from('1'), home), b = await upload('a.txt', Buffer.from('2'), home);
  const c = await upload('a.txt', Buffer.from('3'));
  const { entries } = await packed(await archive([home, a, c]));
  assert.ok(b);
  assert.deepEqual(names(entries), ['a (2).txt', 'a.txt', 'twice/', 'twice/a (2).txt', 'twice/a.txt'].sort());
  for (const { name } of entries) assert.ok(!name.startsWith('/') && !name.includes('..') && !name.includes('\\'), name);
});

test('archive: many entries, and the name with its ending', async () => {
  const top = await plant(s, ann, 'many', 4, 60);
  const { got, entries } = await packed(await archive([top], { name: 'all.ZIP' }));
  assert.equal(entries.length, 245);
  assert.match(got.headers['content-disposition'], /all\.ZIP/);
});

test('archive: files as the JavaScript SDK sends them', async () => {
  const one = await upload('sdk.txt', Buffer.from('x'));
  const answer = await archive(undefined, { files: [{ file_id: one }] });
  assert.match(lenient(answer), /^files:/);
  assert.deepEqual(names((await packed(answer)).entries), ['sdk.txt']);
});

test('archive: its fields at their bounds', async () => {
  const one = await upload('bounds.txt', Buffer.from('x'));
  refused(await archive(undefined), 400, 'InvalidParameterMissing.FileIds');
  refused(await archive([]), 400, 'InvalidParameterEmpty.FileIds');
  refused(await archive([one], { name: undefined }), 400, 'InvalidParameterMissing.Name');
  refused(await archive([one], { name: '' }), 400, 'InvalidParameterEmpty.Name');
  refused(await archive([one], { name: 'a/b' }), 400, 'InvalidParameter.Name');
  refused(await archive([one], { name: 'x'.repeat(1025) }), 400, 'InvalidParameterOutOfRange.Name');
  refused(await archive([one], { drive_id: undefined }), 400, 'InvalidParameterMissing.DriveId');
  refused(await archive(Array(1001).fill(one)), 400, 'InvalidParameterOutOfRange.FileIds');
  refused(await archive([one, '4503599627370495']), 404, 'NotFound.File');
});

test('archive: nobody packs, or fetches, what is not his', async () => {
  const one = await upload('mine.txt', Buffer.from('x'));
  refused(await archive([one], {}, ben), 404, 'NotFound.Drive');
  refused(await archive([one], {}, null), 401, 'AccessTokenInvalid');
  const { async_task_id } = done(await archive([one]), 202);
  refused(await call(s, ben, '/async_task/get', { async_task_id }), 404, 'NotFound.AsyncTask');
  const { url } = await succeeded(s, ann, async_task_id);
  const other = new URL(url);
  other.searchParams.set('task', String(Number(async_task_id) - 1));
  assert.equal((await get(other.href)).status, 403);
});

test('archive: what is trashed meanwhile is left out', async () => {
  const one = await upload('stays.txt', Buffer.from('x')), two = await upload('goes.txt', Buffer.from('y'));
  const { async_task_id } = done(await archive([one, two]), 202);
  done(await call(s, ann, '/recyclebin/trash', { drive_id: ann.drive_id, file_id: two }), 204);
  const task = await ended(s, ann, async_task_id);
  assert.equal(task.state, 'Succeed');
  assert.equal(task.consumed_process + task.skipped_process, 2);
});
