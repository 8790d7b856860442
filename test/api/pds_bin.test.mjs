// The recycle bin: TrashFile, RestoreFile, ListRecyclebin.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { startServer } from './harness.mjs';
import { pdsUpload } from './transfer.mjs';
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
