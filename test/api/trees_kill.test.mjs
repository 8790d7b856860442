// The process is killed in the midst of copying, moving and deleting a tree of some thousand nodes, and is started
// again: the task ends rightly, what it was to make is there, and check is silent, also before it goes on.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { startServer } from './harness.mjs';
import { call, done } from './pds.mjs';
import { ended, plant, shape, succeeded, used } from './pds_tree.mjs';

const FOLDERS = 12, FILES = 90, NODES = 1 + FOLDERS * (1 + FILES), BYTES = FOLDERS * FILES * 10;

let s, boss, ann, other, small, top, whole;
before(async () => {
  s = await startServer();
  boss = await s.person('boss', { admin: true });
  ann = await s.person('ann', { drive: true });
  const second = async total_size => done(await call(s, boss, '/drive/create',
    { drive_name: 'second', owner: ann.user_id, owner_type: 'user', total_size }), 201).drive_id;
  other = await second(undefined);
  small = await second(BYTES - 500);
  top = await plant(s, ann, 'big', FOLDERS, FILES);
  whole = await shape(s, ann, ann.drive_id, top);
});
after(() => s?.stop());

const sound = async () => assert.deepEqual(await s.cli('check', '--content'), []);

// Kills it while the task runs, again and again until it was late; each time it goes on where it was.
async function killed(async_task_id, t) {
  let kills = 0, before = 0;
  for (;;) {
    const task = done(await call(s, ann, '/async_task/get', { async_task_id }));
    assert.ok(task.consumed_process >= before || task.failed_process, 'it went back');
    if (task.state !== 'Running') break;
    before = task.consumed_process;
    if (kills < 4) {
      await s.kill9();
      await sound();
      await s.restart();
      kills++;
    } else await new Promise(resume => setTimeout(resume, 5));
  }
  t.diagnostic(`${kills} kills`);
  assert.ok(kills > 0, 'it was done before it could be killed');
  await sound();
}

test('kill: a copy', async t => {
  const was = await used(s, ann);
  const made = done(await call(s, ann, '/file/copy', { drive_id: ann.drive_id, file_id: top, to_parent_file_id: 'root', new_name: 'c' }), 202);
  await killed(made.async_task_id, t);
  assert.equal((await succeeded(s, ann, made.async_task_id)).consumed_process, NODES);
  assert.deepEqual(await shape(s, ann, ann.drive_id, made.file_id), whole);
  assert.equal(await used(s, ann), was + BYTES);
  const gone = done(await call(s, ann, '/file/delete', { drive_id: ann.drive_id, file_id: made.file_id }), 202);
  await killed(gone.async_task_id, t);
  assert.equal((await succeeded(s, ann, gone.async_task_id)).consumed_process, NODES);
  assert.equal(await used(s, ann), was);
});

test('kill: a move to another drive, and back', async t => {
  for (const [from, to] of [[ann.drive_id, other], [other, ann.drive_id]]) {
    const moved = done(await call(s, ann, '/file/move', { drive_id: from, file_id: top, to_drive_id: to, to_parent_file_id: 'root' }));
    await killed(moved.async_task_id, t);
    await succeeded(s, ann, moved.async_task_id);
    assert.deepEqual(await shape(s, ann, to, top), whole);
    assert.deepEqual([await used(s, ann, from), await used(s, ann, to)], [0, BYTES]);
  }
});

test('kill: a move that finds no room puts all back', async t => {
  const moved = done(await call(s, ann, '/file/move', { drive_id: ann.drive_id, file_id: top, to_drive_id: small, to_parent_file_id: 'root' }));
  await killed(moved.async_task_id, t);
  const task = await ended(s, ann, moved.async_task_id);
  assert.deepEqual([task.state, task.error_code], ['Failed', 'QuotaExhausted.Drive']);
  assert.deepEqual(await shape(s, ann, ann.drive_id, top), whole);
  assert.deepEqual([await used(s, ann), await used(s, ann, small)], [BYTES, 0]);
});

test('kill: the bin is being emptied', async t => {
  done(await call(s, ann, '/recyclebin/trash', { drive_id: ann.drive_id, file_id: top }), 204);
  const cleared = done(await call(s, ann, '/recyclebin/clear', { drive_id: ann.drive_id }), 202);
  await killed(cleared.async_task_id, t);
  assert.equal((await succeeded(s, ann, cleared.async_task_id)).consumed_process, NODES);
  assert.equal(await used(s, ann), 0);
});
