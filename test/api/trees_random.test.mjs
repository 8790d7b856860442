// Several clients move, copy, delete, trash and restore at random in two drives, all at once: no answer is a fault of
// the server, no move makes a cycle, and in the end check is silent and every used size is what the files make.
// TREES_CALLS=n for more calls a client.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { startServer } from './harness.mjs';
import { call, done } from './pds.mjs';
import { children, ended, folder, plant, used } from './pds_tree.mjs';

const CALLS = Number(process.env.TREES_CALLS ?? 150), CLIENTS = 6;

let s, ann, drives;
before(async () => {
  s = await startServer();
  const boss = await s.person('boss', { admin: true });
  ann = await s.person('ann', { drive: true });
  const other = done(await call(s, boss, '/drive/create', { drive_name: 'other', owner: ann.user_id, owner_type: 'user',
    total_size: 20_000 }), 201).drive_id;
  drives = [ann.drive_id, other];
  await plant(s, ann, 'seed', 3, 20);
  await folder(s, ann, 'there', 'root', other);
});
after(() => s?.stop());

// The same sequence for the same seed.
function random(seed) {
  let state = seed;
  return below => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return (state >>> 8) % below;
  };
}

async function everything(drive_id) {
  const found = [], left = ['root'];
  while (left.length && found.length < 400) {
    const parent = left.shift();
    const page = await call(s, ann, '/file/list', { drive_id, parent_file_id: parent, limit: 100 });
    for (const item of page.body?.items ?? []) {
      found.push(item);
      if (item.type === 'folder') left.push(item.file_id);
    }
  }
  return found;
}

const tasks = [];

async function client(seed) {
  const roll = random(seed);
  for (let i = 0; i < CALLS; i++) {
    const drive_id = drives[roll(2)], to_drive_id = drives[roll(3) ? drives.indexOf(drive_id) : roll(2)];
    if (i % 20 === 0) client.known = { [drives[0]]: await everything(drives[0]), [drives[1]]: await everything(drives[1]) };
    const some = client.known[drive_id] ?? [], folders = (client.known[to_drive_id] ?? []).filter(one => one.type === 'folder');
    const file_id = some.length ? some[roll(some.length)].file_id : '1';
    const to_parent_file_id = folders.length && roll(4) ? folders[roll(folders.length)].file_id : 'root';
    const to = { to_drive_id, to_parent_file_id, auto_rename: roll(2) === 0 };
    const kinds = [['/file/move', to, 6], ['/file/copy', to, 5], ['/file/delete', {}, 1], ['/recyclebin/trash', {}, 2],
      ['/recyclebin/restore', {}, 3]].flatMap(([path, more, weight]) => Array(weight).fill([path, more]));
    const [path, more] = i % 50 === 49 ? ['/recyclebin/clear', {}] : kinds[roll(kinds.length)];
    const answer = await call(s, ann, path, { drive_id, file_id, ...more });
    assert.ok(answer.status < 500, `${path}: ${answer.status} ${answer.text}`);
    if (answer.body?.async_task_id) tasks.push(answer.body.async_task_id);
  }
}

test('random moves, copies and deletions by many leave all sound', async t => {
  await Promise.all(Array.from({ length: CLIENTS }, (_, i) => client(7 + i)));
  const states = {};
  for (const task of tasks) {
    const { state } = await ended(s, ann, task);
    states[state] = (states[state] ?? 0) + 1;
  }
  t.diagnostic(`${tasks.length} tasks: ${JSON.stringify(states)}`);
  assert.deepEqual(await s.cli('check', '--content'), []);
  for (const drive_id of drives) {
    await ended(s, ann, done(await call(s, ann, '/recyclebin/clear', { drive_id }), 202).async_task_id);
    const sizes = (await everything2(drive_id)).reduce((sum, item) => sum + (item.size ?? 0), 0);
    assert.equal(await used(s, ann, drive_id), sizes);
  }
  assert.deepEqual(await s.cli('check', '--content'), []);
});

async function everything2(drive_id, parent = 'root') {
  const items = await children(s, ann, drive_id, parent);
  const below = await Promise.all(items.filter(one => one.type === 'folder').map(one => everything2(drive_id, one.file_id)));
  return items.concat(...below);
}
