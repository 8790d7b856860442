// The process is killed in the midst of unpacking an archive of some thousand entries, and of jobs over many files, and is
// started again: the job ends rightly, each entry is there once and whole, and check is silent, also before it goes on.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { startServer } from './harness.mjs';
import { folder, good, upload } from './koodrive.mjs';
import { children, shape, used } from './pds_tree.mjs';
import { digest } from './transfer.mjs';
import { zipOf } from './zips.mjs';

const FOLDERS = 12, FILES = 150, ENTRIES = FOLDERS * FILES + 2;
const bytesOf = (n, seed) => Buffer.from(Array.from({ length: n }, (_, i) => (i * 31 + (i >> 8) + seed) & 255));

let s, ann, zip, whole, bytes = 0;
before(async () => {
  s = await startServer();
  ann = await s.person('ann', { drive: true });
  const entries = [];
  whole = {};
  const add = (folder, name, content) => {
    entries.push({ name: `${folder}/${name}`, bytes: content, stored: content.length < 100 });
    (whole[folder] ??= {})[name] = digest('sha1', content).toUpperCase();
    bytes += content.length;
  };
  for (let f = 0; f < FOLDERS; f++)
    for (let i = 0; i < FILES; i++) add(`folder ${f}`, `file ${i}`, Buffer.from(`${i % 40} of ${f}`));
  for (const i of [1, 2]) add(`folder ${i}`, 'large', bytesOf(3_000_000, i));
  assert.equal(entries.length, ENTRIES);
  zip = (await upload(s, ann, 'archive.zip', zipOf(entries))).fileId;
});
after(() => s?.stop());

const sound = async () => assert.deepEqual(await s.cli('check', '--content'), []);
const job = async (taskType, fileIds, newFilePath, more) => (await good(s, ann, 'POST', '/jobs', { taskType,
  taskInfo: { fileInfo: fileIds.map(fileId => ({ fileId })), srcContainerId: ann.drive_id, newFilePath },
  dstContainerId: ann.drive_id, ...more })).data;
const detail = async id => (await good(s, ann, 'GET', `/${id}`)).data;

// Kills it while the job runs, `most` times; each time it goes on where it was. `seen` looks at it before each.
async function killed(id, most, t, seen) {
  let kills = 0, before = 0;
  for (;;) {
    const { jobInfo } = await detail(id);
    assert.ok(jobInfo.progress >= before, `it went back from ${before} to ${jobInfo.progress}`);
    if (jobInfo.status === 2) break;
    before = jobInfo.progress;
    await seen?.();
    if (kills < most && jobInfo.progress >= kills * 10) {
      await s.kill9();
      await sound();
      await s.restart();
      kills++;
    } else await new Promise(resume => setTimeout(resume, 5));
  }
  t.diagnostic(`${kills} kills`);
  assert.ok(kills > 0, 'it was done before it could be killed');
  await sound();
  return detail(id);
}

test('kill: an archive that is unpacked', async t => {
  const target = (await folder(s, ann, 'target')).id, was = await used(s, ann);
  const id = await job(5, [zip], target);
  const { jobInfo } = await killed(id, 6, t, async () => {
    // Not half of it: nothing, or all of its folders.
    const there = (await children(s, ann, ann.drive_id, target)).length;
    assert.ok([0, FOLDERS].includes(there), `${there} folders`);
  });
  assert.deepEqual([jobInfo.taskResultCode, jobInfo.resultCode], [1, 0]);
  assert.deepEqual(await shape(s, ann, ann.drive_id, target), whole);
  assert.equal(await used(s, ann), was + bytes);
});

test('kill: an archive that fails in its midst leaves nothing', async t => {
  const target = (await folder(s, ann, 'broken target')).id, entries = [];
  for (let i = 0; i < 1500; i++) entries.push({ name: `f/${i}`, bytes: `${i}`, stored: true });
  entries.push({ name: 'f/last', bytes: 'secret', password: 'one' });
  const broken = (await upload(s, ann, 'broken.zip', zipOf(entries))).fileId, was = await used(s, ann);
  const id = await job(5, [broken], target, { password: 'another' });
  let kills = 0;
  for (;;) {
    const { jobInfo } = await detail(id);
    if (jobInfo.status === 2) {
      assert.deepEqual([jobInfo.taskResultCode, jobInfo.resultCode], [3, 13000102]);
      break;
    }
    if (kills < 5 && jobInfo.progress > 10 * kills) {
      await s.kill9();
      await sound();
      await s.restart();
      kills++;
    }
  }
  t.diagnostic(`${kills} kills`);
  assert.ok(kills > 0);
  assert.deepEqual(await shape(s, ann, ann.drive_id, target), {});
  assert.equal(await used(s, ann), was);
  await sound();
});

test('kill: many files that are copied and moved one by one', async t => {
  const home = (await folder(s, ann, 'home')).id, copies = (await folder(s, ann, 'copies')).id, moved = (await folder(s, ann, 'moved')).id;
  const files = [];
  for (let i = 0; i < 200; i++) files.push((await upload(s, ann, `f${i}`, `${i % 7}`, { parentFolder: [home] })).fileId);
  const names = Object.fromEntries(files.map((_, i) => [`f${i}`, digest('sha1', Buffer.from(`${i % 7}`)).toUpperCase()]));
  for (const [taskType, target] of [[1, copies], [3, moved]]) {
    const { jobInfo, taskInfos } = await killed(await job(taskType, files, target), 4, t);
    assert.equal(jobInfo.taskResultCode, 1);
    assert.equal(new Set(taskInfos.map(info => info.newFileId)).size, files.length);
    assert.deepEqual(await shape(s, ann, ann.drive_id, target), names);
  }
  assert.deepEqual(await shape(s, ann, ann.drive_id, home), {});
});
