// GetAsyncTask.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { startServer } from './harness.mjs';
import { call, done, refused, TIME } from './pds.mjs';
import { ended, folder, succeeded } from './pds_tree.mjs';

let s, boss, ann, ben;
before(async () => {
  s = await startServer();
  boss = await s.person('boss', { admin: true });
  ann = await s.person('ann', { drive: true });
  ben = await s.person('ben', { drive: true });
});
after(() => s?.stop());

const get = (who, async_task_id) => call(s, who, '/async_task/get', { async_task_id });
const copied = async (who = ann) => done(await call(s, who, '/file/copy', { drive_id: who.drive_id,
  file_id: await folder(s, who, `f${Math.random()}`), to_parent_file_id: 'root', new_name: 'copy' }), 202).async_task_id;

test('a task has the form of the page, and ends in Succeed', async () => {
  const id = await copied();
  const { created_at, started_at, finished_at, ...rest } = await succeeded(s, ann, id);
  assert.deepEqual(rest, { async_task_id: id, state: 'Succeed', status: 'Succeed', total_process: 1, consumed_process: 1,
    skipped_process: 0, failed_process: 0 });
  for (const time of [created_at, started_at, finished_at]) assert.match(time, TIME);
  assert.ok(created_at <= finished_at);
});

test('a task that fails says why', async () => {
  const drive = done(await call(s, boss, '/drive/create', { drive_name: 'none', owner: ann.user_id, owner_type: 'user',
    total_size: 0 }), 201).drive_id;
  const from = await folder(s, ann, 'source');
  for (let i = 0; i < 60; i++) await folder(s, ann, `f${i}`, from); // more than goes at once
  const made = done(await call(s, ann, '/file/create', { drive_id: ann.drive_id, parent_file_id: from, name: 'a', type: 'folder' }), 201);
  assert.ok(made.file_id);
  const id = done(await call(s, ann, '/file/copy', { drive_id: ann.drive_id, file_id: from, to_drive_id: drive, to_parent_file_id: 'root' }), 202)
    .async_task_id;
  const trash = await call(s, ann, '/recyclebin/trash', { drive_id: ann.drive_id, file_id: from });
  done(trash, 204);
  const task = await ended(s, ann, id);
  if (task.state === 'Failed') { // or it was quicker than the trash
    assert.equal(task.error_code, 'ForbiddenFileInTheRecycleBin');
    assert.equal(task.error_message, task.message);
    assert.ok(task.message.length > 0);
  }
});

test('a task is its caller\'s, and the administrators\'', async () => {
  const id = await copied();
  done(await get(boss, id));
  refused(await get(ben, id), 404, 'NotFound.AsyncTask');
  const own = refused(await get(ben, '4503599627370495'), 404, 'NotFound.AsyncTask');
  assert.match(own, /async task/);
  refused(await get(null, id), 401, 'AccessTokenInvalid');
});

test('the field at its bounds', async () => {
  refused(await get(ann, undefined), 400, 'InvalidParameterMissing.AsyncTaskId');
  refused(await get(ann, ''), 400, 'InvalidParameterEmpty.AsyncTaskId');
  refused(await get(ann, 'x'.repeat(64)), 404, 'NotFound.AsyncTask');
  refused(await get(ann, 'x'.repeat(65)), 400, 'InvalidParameterOutOfRange.AsyncTaskId');
  refused(await get(ann, '-1'), 404, 'NotFound.AsyncTask');
});

test('a task is there after a restart', async () => {
  const id = await copied();
  await s.restart();
  assert.equal((await succeeded(s, ann, id)).async_task_id, id);
});
