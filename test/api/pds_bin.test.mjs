// The recycle bin: TrashFile, RestoreFile, ListRecyclebin.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { startServer } from './harness.mjs';
import { pdsUpload } from './transfer.mjs';
import { plant, succeeded, used } from './pds_tree.mjs';
import { alterations, call, done, folder, refused, TIME, unsupported, walk } from './pds.mjs';

let s, ann, ben;
before(async () => {
  s = await startServer();
  ann = await s.person('ann', { drive: true });
  ben = await s.person('ben', { drive: true });
});
after(() => s?.stop());

const on = path => (file_id, more = {}, who = ann) => call(s, who, path, { drive_id: who.drive_id, file_id, ...more });
const trash = on('/recyclebin/trash'), restore = on('/recyclebin/restore'), read = on('/file/get');
const bin = (more = {}, who = ann) => call(s, who, '/recyclebin/list', { drive_id: who.drive_id, ...more });
const names = async parent => done(await call(s, ann, '/file/list', { drive_id: ann.drive_id, parent_file_id: parent, order_by: 'name' }))
  .items.map(item => item.name);
const inBin = async file_id => done(await bin({ limit: 200 })).items.find(item => item.file_id === file_id);

test('trash and restore answer 204 with nothing, and the file is as it was', async () => {
  const home = await folder(s, ann, 'home');
  const file = await pdsUpload(s, ann, 'a.txt', [Buffer.from('x')], { parent_file_id: home.file_id });
  done(await trash(file.file_id), 204);
  assert.deepEqual(await names(home.file_id), []);
  refused(await read(file.file_id), 403, 'ForbiddenFileInTheRecycleBin');
  const item = await inBin(file.file_id);
  assert.match(item.trashed_at, TIME);
  assert.ok(item.auto_delete_left_sec > 0);
  assert.equal(item.parent_file_id, home.file_id);
  assert.equal(item.name, 'a.txt');
  done(await restore(file.file_id), 204);
  assert.equal(await inBin(file.file_id), undefined);
  const { action_list, ...back } = done(await read(file.file_id));
  assert.deepEqual({ ...back, updated_at: 0 }, { ...file, updated_at: 0 });
});

test('a trashed tree is one entry, and all below it is in the bin', async () => {
  const top = await folder(s, ann, 'tree'), below = await folder(s, ann, 'below', top.file_id);
  const file = await pdsUpload(s, ann, 'deep.txt', [Buffer.from('x')], { parent_file_id: below.file_id });
  done(await trash(top.file_id), 204);
  assert.ok(await inBin(top.file_id));
  assert.equal(await inBin(below.file_id), undefined);
  for (const one of [top, below, file]) refused(await read(one.file_id), 403, 'ForbiddenFileInTheRecycleBin');
  refused(await call(s, ann, '/file/list', { drive_id: ann.drive_id, parent_file_id: below.file_id }), 403, 'ForbiddenFileInTheRecycleBin');
  refused(await call(s, ann, '/file/get_download_url', { drive_id: ann.drive_id, file_id: file.file_id }), 403, 'ForbiddenFileInTheRecycleBin');
  refused(await call(s, ann, '/file/create', { drive_id: ann.drive_id, parent_file_id: top.file_id, name: 'x', type: 'folder' }), 403,
    'ForbiddenFileInTheRecycleBin');
  done(await restore(top.file_id), 204);
  assert.equal(done(await read(file.file_id)).parent_file_id, below.file_id);
});

test('a folder whose parent is in the bin comes back under one of the same name', async () => {
  const top = await folder(s, ann, 'parent'), child = await folder(s, ann, 'child', top.file_id);
  done(await trash(child.file_id), 204);
  done(await trash(top.file_id), 204);
  done(await restore(child.file_id), 204);
  const back = done(await read(child.file_id, { fields: 'name_path' }));
  assert.equal(back.name_path, 'root/parent/child');
  assert.notEqual(back.parent_file_id, top.file_id);
  assert.ok(await inBin(top.file_id));
});

test('a taken name gets a stamp: nothing is overwritten', async () => {
  const home = await folder(s, ann, 'taken');
  const old = await pdsUpload(s, ann, 'n.txt', [Buffer.from('old')], { parent_file_id: home.file_id });
  done(await trash(old.file_id), 204);
  const fresh = await pdsUpload(s, ann, 'n.txt', [Buffer.from('new')], { parent_file_id: home.file_id });
  done(await restore(old.file_id), 204);
  assert.match(done(await read(old.file_id)).name, /^n_\d{8}_\d{6}\.txt$/);
  assert.equal(done(await read(fresh.file_id)).name, 'n.txt');
});

test('trash and restore in the wrong state', async () => {
  const file = await folder(s, ann, 'state');
  refused(await restore(file.file_id), 409, 'StateConflict');
  done(await trash(file.file_id), 204);
  refused(await trash(file.file_id), 403, 'ForbiddenFileInTheRecycleBin');
  done(await restore(file.file_id), 204);
  const root = await trash('root');
  assert.ok(root.status === 403 || root.status === 409, root.text);
  assert.deepEqual((await names('root')).includes('state'), true);
});

test('trash and restore: what is missing, or not one\'s own', async () => {
  const file = await folder(s, ann, 'own');
  for (const path of ['/recyclebin/trash', '/recyclebin/restore']) {
    const ask = on(path), bens = (file_id, more) => ask(file_id, more, ben);
    refused(await ask('4503599627370495'), 404, 'NotFound.File');
    refused(await ask('0'), 404, 'NotFound.File');
    refused(await ask(undefined), 400, 'InvalidParameterMissing.FileId');
    refused(await ask(file.file_id, { drive_id: undefined }), 400, 'InvalidParameterMissing.DriveId');
    refused(await bens(file.file_id), 404, 'NotFound.File');
    refused(await bens(file.file_id, { drive_id: ann.drive_id }), 404, 'NotFound.Drive');
    refused(await call(s, null, path, { drive_id: ann.drive_id, file_id: file.file_id }), 401, 'AccessTokenInvalid');
  }
});

test('list: the last trashed first, over many pages', async () => {
  const carl = await s.person('carl', { drive: true });
  const ids = [];
  for (let i = 0; i < 7; i++) {
    const made = await folder(s, carl, `f${i}`);
    ids.unshift(made.file_id);
    done(await call(s, carl, '/recyclebin/trash', { drive_id: carl.drive_id, file_id: made.file_id }), 204);
    await new Promise(resume => setTimeout(resume, 3));
  }
  const { items, sizes } = await walk(s, carl, '/recyclebin/list', { drive_id: carl.drive_id, limit: 3 });
  assert.deepEqual(items.map(item => item.file_id), ids);
  assert.deepEqual(sizes.slice(0, 2), [3, 3]);
  assert.ok(items.every(item => item.parent_file_id === 'root' && item.status === 'available'));
  assert.ok(!('creator_id' in items[0]) && !('user_tags' in items[0]));
  assert.ok('creator_id' in done(await bin({ fields: '*' }, carl)).items[0]);
  const { next_marker } = done(await bin({ limit: 1 }, carl));
  for (const marker of alterations(next_marker, 3)) refused(await bin({ limit: 1, marker }, carl), 400, 'InvalidParameter.Marker');
  refused(await bin({ limit: 1, marker: next_marker }), 400, 'InvalidParameter.Marker');
});

test('list: bounds and refusals', async () => {
  for (const limit of [1, 200]) done(await bin({ limit }));
  for (const limit of [0, -1, 201, '5']) refused(await bin({ limit }), 400, 'InvalidParameterOutOfRange.Limit');
  refused(await bin({ drive_id: undefined }), 400, 'InvalidParameterMissing.DriveId');
  refused(await bin({ drive_id: ann.drive_id }, ben), 404, 'NotFound.Drive');
  refused(await bin({ fields: 'nonsense' }), 400, 'InvalidParameter.Fields');
  assert.match(unsupported(await bin({ thumbnail_processes: { a: {} } })), /thumbnail/);
  refused(await call(s, null, '/recyclebin/list', { drive_id: ann.drive_id }), 401, 'AccessTokenInvalid');
});

test('what is in the bin still counts', async () => {
  const before = done(await call(s, ann, '/drive/get', { drive_id: ann.drive_id })).used_size;
  const file = await pdsUpload(s, ann, 'counted.bin', [Buffer.alloc(1000)]);
  done(await trash(file.file_id), 204);
  assert.equal(done(await call(s, ann, '/drive/get', { drive_id: ann.drive_id })).used_size, before + 1000);
});

test('clear: 202 with a task; then the bin is empty and its room given back', async () => {
  const dora = await s.person('dora', { drive: true });
  const clear = (more = {}, who = dora) => call(s, who, '/recyclebin/clear', { drive_id: dora.drive_id, ...more });
  const put = async name => done(await call(s, dora, '/recyclebin/trash', { drive_id: dora.drive_id,
    file_id: (await pdsUpload(s, dora, name, [Buffer.alloc(100)])).file_id }), 204);
  for (let i = 0; i < 3; i++) await put(`f${i}`);
  const kept = await pdsUpload(s, dora, 'kept', [Buffer.alloc(7)]);
  const taken = done(await clear(), 202);
  assert.deepEqual(Object.keys(taken), ['domain_id', 'drive_id', 'async_task_id']);
  await succeeded(s, dora, taken.async_task_id);
  assert.deepEqual(done(await bin({ drive_id: dora.drive_id }, dora)).items, []);
  assert.equal(await used(s, dora), 7);
  done(await call(s, dora, '/file/get', { drive_id: dora.drive_id, file_id: kept.file_id }));
  await succeeded(s, dora, done(await clear(), 202).async_task_id); // an empty one too
  refused(await clear({ drive_id: undefined }), 400, 'InvalidParameterMissing.DriveId');
  refused(await clear({}, ben), 404, 'NotFound.Drive');
  refused(await clear({}, null), 401, 'AccessTokenInvalid');
});

test('clear: a tree of many, while what is trashed meanwhile stays', async () => {
  const emil = await s.person('emil', { drive: true });
  const body = file_id => ({ drive_id: emil.drive_id, file_id });
  const top = await plant(s, emil, 'many', 5, 60);
  done(await call(s, emil, '/recyclebin/trash', body(top)), 204);
  const taken = done(await call(s, emil, '/recyclebin/clear', { drive_id: emil.drive_id }), 202);
  refused(await call(s, emil, '/recyclebin/restore', body(top)), 404, 'NotFound.File');
  await new Promise(resume => setTimeout(resume, 3)); // another millisecond
  const later = await folder(s, emil, 'later');
  done(await call(s, emil, '/recyclebin/trash', body(later.file_id)), 204);
  assert.equal((await succeeded(s, emil, taken.async_task_id)).consumed_process, 306);
  assert.deepEqual(done(await bin({ drive_id: emil.drive_id }, emil)).items.map(item => item.name), ['later']);
  assert.equal(await used(s, emil), 0);
});

test('clear_all: an entry for each of the caller\'s drives', async () => {
  const fred = await s.person('fred', { drive: true });
  const one = await folder(s, fred, 'one');
  done(await call(s, fred, '/recyclebin/trash', { drive_id: fred.drive_id, file_id: one.file_id }), 204);
  const { items } = done(await call(s, fred, '/recyclebin/clear_all', {}), 202);
  assert.deepEqual(items.map(item => item.drive_id), [fred.drive_id]);
  await succeeded(s, fred, items[0].async_task_id);
  assert.deepEqual(done(await bin({ drive_id: fred.drive_id }, fred)).items, []);
  refused(await call(s, null, '/recyclebin/clear_all', {}), 401, 'AccessTokenInvalid');
});

test('restore: not deeper than folders may stand', async () => {
  const gina = await s.person('gina', { drive: true });
  const at = path => (file_id, more = {}) => call(s, gina, path, { drive_id: gina.drive_id, file_id, ...more });
  let low = 'root', tall;
  const home = (await folder(s, gina, 'home')).file_id, top = tall = (await folder(s, gina, 'tall', home)).file_id;
  for (let i = 0; i < 20; i++) tall = (await folder(s, gina, 't', tall)).file_id;
  done(await at('/recyclebin/trash')(top), 204);
  for (let i = 0; i < 110; i++) low = (await folder(s, gina, 'd', low)).file_id;
  done(await at('/file/move')(home, { to_parent_file_id: low }));
  refused(await at('/recyclebin/restore')(top), 400, 'InvalidParameter.ParentFileId');
  done(await at('/file/move')(home, { to_parent_file_id: 'root' }));
  done(await at('/recyclebin/restore')(top), 204);
  done(await at('/file/get')(tall));
});
