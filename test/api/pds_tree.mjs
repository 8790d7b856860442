// What tests of trees share: planting them, looking at them, waiting for tasks. Speaks HTTP only.
import assert from 'node:assert/strict';
import { call, done } from './pds.mjs';
import { pdsUpload } from './transfer.mjs';

// Asks for a task until it has ended.
export async function ended(s, who, async_task_id) {
  for (;;) {
    const task = done(await call(s, who, '/async_task/get', { async_task_id }));
    assert.equal(task.state, task.status);
    assert.ok(['Running', 'Succeed', 'Failed'].includes(task.state), task.state);
    if (task.state !== 'Running') return task;
    await new Promise(resume => setTimeout(resume, 20));
  }
}

export async function succeeded(s, who, async_task_id) {
  const task = await ended(s, who, async_task_id);
  assert.equal(task.state, 'Succeed', JSON.stringify(task));
  return task;
}

export async function children(s, who, drive_id, parent_file_id) {
  const items = [];
  let marker;
  do {
    const page = done(await call(s, who, '/file/list', { drive_id, parent_file_id, limit: 100, marker, order_by: 'name' }));
    items.push(...page.items);
    marker = page.next_marker;
  } while (marker);
  return items;
}

// The names below a folder as one object: folders are objects, files the hash of their content.
export async function shape(s, who, drive_id, parent_file_id) {
  const found = {};
  for (const item of await children(s, who, drive_id, parent_file_id))
    found[item.name] = item.type === 'folder' ? await shape(s, who, drive_id, item.file_id) : item.content_hash;
  return found;
}

export async function folder(s, who, name, parent_file_id = 'root', drive_id = who.drive_id) {
  return done(await call(s, who, '/file/create', { drive_id, parent_file_id, name, type: 'folder', check_name_mode: 'refuse' }),
    201).file_id;
}

// A folder of `folders` folders of `files` files each, by copying: 1 + folders * (1 + files) nodes.
export async function plant(s, who, name, folders, files, parent = 'root') {
  const top = await folder(s, who, name, parent);
  const first = await folder(s, who, 'folder 0', top);
  const seed = await pdsUpload(s, who, 'file 0.txt', [Buffer.from('some bytes')], { parent_file_id: first });
  await Promise.all(Array.from({ length: files - 1 }, async (_, i) =>
    done(await call(s, who, '/file/copy', { drive_id: who.drive_id, file_id: seed.file_id, to_parent_file_id: first,
      new_name: `file ${i + 1}.txt` }), 201)));
  await Promise.all(Array.from({ length: folders - 1 }, async (_, i) => {
    const made = done(await call(s, who, '/file/copy', { drive_id: who.drive_id, file_id: first, to_parent_file_id: top,
      new_name: `folder ${i + 1}` }), 202);
    await succeeded(s, who, made.async_task_id);
  }));
  return top;
}

export const used = async (s, who, drive_id = who.drive_id) =>
  done(await call(s, who, '/drive/get', { drive_id })).used_size;
