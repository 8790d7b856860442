// MoveFile and RestoreFile of trees of more than a thousand folders, which are measured before they are moved.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { startServer } from './harness.mjs';
import { call, done, refused } from './pds.mjs';
import { children, folder, succeeded } from './pds_tree.mjs';

const DEPTH_MAX = 128;
let s, ann, other, tree;
const copy = async (file_id, to_parent_file_id, new_name) => {
  const made = done(await call(s, ann, '/file/copy', { drive_id: ann.drive_id, file_id, to_parent_file_id, new_name }), 202);
  await succeeded(s, ann, made.async_task_id);
  return made.file_id;
};
// 1 + 33 * (1 + 33) = 1123 folders, of height 2.
before(async () => {
  s = await startServer();
  ann = await s.person('ann', { drive: true });
  other = String((await s.cli('drive', 'add', 'other', '--owner', 'ann')).drive_id);
  tree = await folder(s, ann, 'tree');
  const first = await folder(s, ann, 'branch 0', tree);
  for (let i = 0; i < 33; i++) await folder(s, ann, `leaf ${i}`, first);
  for (let i = 1; i < 33; i++) await copy(first, tree, `branch ${i}`);
});
after(async () => {
  assert.deepEqual(await s?.cli('check'), []);
  await s?.stop();
});

const move = (to_parent_file_id, more = {}) => call(s, ann, '/file/move', { drive_id: ann.drive_id, file_id: tree, to_parent_file_id, ...more });
const folders = async (drive_id, top) => {
  let count = 1;
  for (const branch of await children(s, ann, drive_id, top)) count += 1 + (await children(s, ann, drive_id, branch.file_id)).length;
  return count;
};
async function chain(levels) {
  const ids = ['root'];
  for (let i = 0; i < levels; i++) ids.push(await folder(s, ann, `level ${i}`, ids.at(-1)));
  return ids;
}

test('within the drive it is done when it answers, to the depth that is left and no deeper', async () => {
  const levels = await chain(DEPTH_MAX - 2);
  refused(await move(levels.at(-1)), 400, 'InvalidParameter.ToParentFileId'); // one too deep
  const moved = done(await move(levels.at(-2)));
  assert.deepEqual([moved.file_id, moved.async_task_id], [tree, '']);
  assert.equal(await folders(ann.drive_id, tree), 1123);
  for (const into of [tree, (await children(s, ann, ann.drive_id, tree))[0].file_id])
    refused(await move(into), 400, 'InvalidParameter.ToParentFileId');
  done(await move('root'));
});

test('out of the bin again, to where it stood', async () => {
  done(await call(s, ann, '/recyclebin/trash', { drive_id: ann.drive_id, file_id: tree }), 204);
  done(await call(s, ann, '/recyclebin/restore', { drive_id: ann.drive_id, file_id: tree }), 204);
  assert.equal(await folders(ann.drive_id, tree), 1123);
});

test('to another drive by a task, whole', async () => {
  const { file_id, async_task_id } = done(await move('root', { to_drive_id: other }));
  assert.notEqual(async_task_id, '');
  await succeeded(s, ann, async_task_id);
  assert.equal(file_id, tree);
  assert.equal(await folders(other, tree), 1123);
  refused(await call(s, ann, '/file/get', { drive_id: ann.drive_id, file_id: tree }), 404, 'NotFound.File');
});
