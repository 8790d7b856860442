// Moving, copying and deleting: MoveFile, CopyFile, DeleteFile.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { startServer } from './harness.mjs';
import { pdsUpload } from './transfer.mjs';
import { call, done, lenient, refused, TIME } from './pds.mjs';
import { children, ended, folder, plant, shape, succeeded, used } from './pds_tree.mjs';

let s, boss, ann, ben, other, small;
before(async () => {
  s = await startServer();
  boss = await s.person('boss', { admin: true });
  ann = await s.person('ann', { drive: true });
  ben = await s.person('ben', { drive: true });
  const second = async total_size => done(await call(s, boss, '/drive/create',
    { drive_name: 'second', owner: ann.user_id, owner_type: 'user', total_size }), 201).drive_id;
  other = await second(undefined);
  small = await second(3000);
});
after(async () => {
  assert.deepEqual(await s?.cli('check', '--content'), []);
  await s?.stop();
});

const mine = path => (file_id, more = {}) => call(s, ann, path, { drive_id: ann.drive_id, file_id, ...more });
const move = mine('/file/move'), copy = mine('/file/copy'), erase = mine('/file/delete'), read = mine('/file/get');
const dir = (name, parent, drive) => folder(s, ann, name, parent, drive);
const file = async (name, parent_file_id, text = 'x') => (await pdsUpload(s, ann, name, [Buffer.from(text)], { parent_file_id })).file_id;
const names = async (parent, drive = ann.drive_id) => (await children(s, ann, drive, parent)).map(item => item.name);
const NOBODY = '4503599627370495';

// ---- move ----

test('move: a file, answered in the form of the page', async () => {
  const home = await dir('move a'), from = await dir('from', home), to = await dir('to', home);
  const one = await file('one.txt', from, 'one');
  const moved = done(await move(one, { to_parent_file_id: to }));
  assert.match(moved.updated_at, TIME);
  const { domain_id, updated_at, revision_id, ...rest } = moved;
  assert.deepEqual(rest, { drive_id: ann.drive_id, file_id: one, file_name: 'one.txt', exist: false, async_task_id: '' });
  assert.equal(domain_id, 'main');
  const now = done(await read(one));
  assert.equal(now.parent_file_id, to);
  assert.equal(now.revision_id, revision_id);
  assert.equal(now.updated_at, updated_at);
  assert.deepEqual(await names(from), []);
});

test('move: a tree goes with all that is below it, and to the root by its name', async () => {
  const top = await plant(s, ann, 'moving', 2, 3), to = await dir('target');
  const before = await shape(s, ann, ann.drive_id, top);
  done(await move(top, { to_parent_file_id: to }));
  assert.deepEqual(await shape(s, ann, ann.drive_id, top), before);
  done(await move(top, { to_parent_file_id: 'root' }));
  assert.equal(done(await read(top)).parent_file_id, 'root');
});

test('move: the three ways with a taken name', async () => {
  const home = await dir('taken'), to = await dir('to', home);
  const there = await file('n.txt', to), make = () => file('n.txt', home);
  const one = await make();
  const exist = done(await move(one, { to_parent_file_id: to, check_name_mode: 'refuse' }));
  assert.equal(exist.exist, true);
  assert.equal(exist.file_id, there);
  assert.equal(done(await read(one)).parent_file_id, home);
  const stamped = done(await move(one, { to_parent_file_id: to, check_name_mode: 'auto_rename' }));
  assert.match(stamped.file_name, /^n_\d{8}_\d{6}\.txt$/);
  const again = done(await move(await make(), { to_parent_file_id: to, auto_rename: true }));
  assert.match(again.file_name, /^n_\d{8}_\d{6}(_\d)?\.txt$/);
  const two = done(await move(await make(), { to_parent_file_id: to }));
  assert.equal(two.file_name, 'n.txt');
  assert.equal((await names(to)).filter(name => name === 'n.txt').length, 2);
  refused(await move(one, { to_parent_file_id: to, check_name_mode: 'overwrite' }), 400, 'InvalidParameter.CheckNameMode');
});

test('move: with a new name, within its bounds', async () => {
  const home = await dir('names'), one = await file('a.txt', home);
  const renamed = done(await move(one, { to_parent_file_id: home, new_name: 'b.png' }));
  assert.equal(renamed.file_name, 'b.png');
  assert.equal(done(await read(one)).category, 'image');
  done(await move(one, { to_parent_file_id: home, new_name: 'x'.repeat(1024) }));
  done(await move(one, { to_parent_file_id: home, new_name: '' }));
  assert.equal(done(await read(one)).name.length, 1024);
  refused(await move(one, { to_parent_file_id: home, new_name: 'x'.repeat(1025) }), 400, 'InvalidParameterOutOfRange.NewName');
  for (const new_name of ['a/b', '..', '.', 'a\\b', 'a\u0001b'])
    refused(await move(one, { to_parent_file_id: home, new_name }), 400, 'InvalidParameter.NewName');
});

test('move: to where it is changes nothing', async () => {
  const home = await dir('still'), one = await file('a.txt', home);
  const before = done(await read(one));
  const moved = done(await move(one, { to_parent_file_id: home, check_name_mode: 'refuse' }));
  assert.equal(moved.exist, false);
  assert.equal(done(await read(one)).updated_at, before.updated_at);
});

test('move: not into itself, nor below', async () => {
  const a = await dir('a'), b = await dir('b', a), c = await dir('c', b);
  for (const to_parent_file_id of [a, b, c])
    refused(await move(a, { to_parent_file_id }), 400, 'InvalidParameter.ToParentFileId');
  refused(await move('root', { to_parent_file_id: a }), 403, 'ForbiddenNoPermission.File');
});

test('move: racing moves never make a cycle', async () => {
  for (let round = 0; round < 10; round++) {
    const a = await dir(`a${round}`), b = await dir(`b${round}`);
    const answers = await Promise.all([move(a, { to_parent_file_id: b }), move(b, { to_parent_file_id: a })]);
    assert.deepEqual(answers.map(answer => answer.status).sort(), [200, 400]);
  }
});

test('move: what is missing, or not a folder', async () => {
  const home = await dir('missing'), one = await file('a.txt', home), two = await file('b.txt', home);
  refused(await move(NOBODY, { to_parent_file_id: home }), 404, 'NotFound.File');
  refused(await move(one, { to_parent_file_id: NOBODY }), 404, 'NotFound.ParentFileId');
  refused(await move(one, { to_parent_file_id: two }), 400, 'InvalidParameter.ToParentFileId');
  refused(await move(one, { to_parent_file_id: home, to_drive_id: '999999999' }), 404, 'NotFound.Drive');
  refused(await move(one, { to_parent_file_id: home, to_drive_id: 'x' }), 400, 'InvalidParameter.ToDriveId');
  refused(await move(one, {}), 400, 'InvalidParameterMissing.ToParentFileId');
  refused(await move(undefined, { to_parent_file_id: home }), 400, 'InvalidParameterMissing.FileId');
  refused(await move(one, { to_parent_file_id: home, drive_id: undefined }), 400, 'InvalidParameterMissing.DriveId');
  const bin = await dir('binned', home);
  done(await call(s, ann, '/recyclebin/trash', { drive_id: ann.drive_id, file_id: bin }), 204);
  refused(await move(one, { to_parent_file_id: bin }), 403, 'ForbiddenFileInTheRecycleBin');
  refused(await move(bin, { to_parent_file_id: home }), 403, 'ForbiddenFileInTheRecycleBin');
});

test('move: the depth limit holds for what is below', async () => {
  let low = 'root', tall;
  for (let i = 0; i < 120; i++) low = await dir('deep', low);
  const top = tall = await dir('tall');
  for (let i = 0; i < 8; i++) tall = await dir('t', tall);
  refused(await move(top, { to_parent_file_id: low }), 400, 'InvalidParameter.ToParentFileId');
  refused(await copy(top, { to_parent_file_id: low }), 400, 'InvalidParameter.ToParentFileId');
  done(await erase(tall), 204);
  done(await move(top, { to_parent_file_id: low }));
});

test('move: a file to another drive keeps its number', async () => {
  const one = await file('over.txt', 'root', 'twelve bytes'), before = await used(s, ann), there = await used(s, ann, other);
  const moved = done(await move(one, { to_parent_file_id: 'root', to_drive_id: other, new_name: 'over there.txt' }));
  assert.deepEqual([moved.drive_id, moved.file_id, moved.async_task_id], [other, one, '']);
  assert.equal(await used(s, ann), before - 12);
  assert.equal(await used(s, ann, other), there + 12);
  refused(await read(one), 404, 'NotFound.File');
  assert.equal(done(await call(s, ann, '/file/get', { drive_id: other, file_id: one })).name, 'over there.txt');
});

test('move: a large tree to another drive is a task, and then it is all there', async () => {
  const top = await plant(s, ann, 'large', 6, 40), before = await shape(s, ann, ann.drive_id, top);
  const here = await used(s, ann), there = await used(s, ann, other);
  const moved = done(await move(top, { to_parent_file_id: 'root', to_drive_id: other }));
  assert.match(moved.async_task_id, /^\d+$/);
  const task = await succeeded(s, ann, moved.async_task_id);
  assert.equal(task.consumed_process, 247);
  assert.deepEqual(await shape(s, ann, other, top), before);
  refused(await read(top), 404, 'NotFound.File');
  assert.equal(await used(s, ann), here - 2400);
  assert.equal(await used(s, ann, other), there + 2400);
});

test('move: without room in the other drive all stays where it was', async () => {
  const top = await plant(s, ann, 'too large', 8, 40), before = await shape(s, ann, ann.drive_id, top);
  const moved = done(await move(top, { to_parent_file_id: 'root', to_drive_id: small }));
  const task = await ended(s, ann, moved.async_task_id);
  assert.equal(task.state, 'Failed');
  assert.equal(task.error_code, 'QuotaExhausted.Drive');
  assert.match(task.finished_at, TIME);
  assert.deepEqual(await shape(s, ann, ann.drive_id, top), before);
  assert.equal(await used(s, ann, small), 0);
  const big = await file('big', 'root', 'x'.repeat(3001));
  refused(await move(big, { to_parent_file_id: 'root', to_drive_id: small }), 403, 'QuotaExhausted.Drive');
  assert.equal(done(await read(big)).parent_file_id, 'root');
});

// ---- copy ----

test('copy: a file is there at once, with its content and without its tags', async () => {
  const home = await dir('copy a'), tags = [{ key: 'k', value: 'v' }];
  const one = await pdsUpload(s, ann, 'one.txt', [Buffer.from('one')], { parent_file_id: home, user_tags: tags, description: 'd' });
  const made = done(await copy(one.file_id, { to_parent_file_id: home, new_name: 'two.txt' }), 201);
  assert.deepEqual(Object.keys(made).sort(), ['domain_id', 'drive_id', 'file_id']);
  const two = done(await read(made.file_id, { fields: '*' }));
  assert.equal(two.content_hash, one.content_hash);
  assert.equal(two.crc64_hash, one.crc64_hash);
  assert.deepEqual([two.name, two.description, two.revision_version], ['two.txt', 'd', 1]);
  assert.deepEqual(two.user_tags ?? {}, {});
  const kept = done(await copy(one.file_id, { to_parent_file_id: home, new_name: 'three.txt', keep_user_tags: true }), 201);
  assert.deepEqual(done(await read(kept.file_id, { fields: 'user_tags' })).user_tags, { k: 'v' });
});

test('copy: into the same folder, with and without auto_rename', async () => {
  const home = await dir('copy same'), one = await file('n.txt', home);
  const second = done(await copy(one, { to_parent_file_id: home }), 201);
  assert.deepEqual(await names(home), ['n.txt', 'n.txt']);
  const third = done(await copy(one, { to_parent_file_id: home, auto_rename: true }), 201);
  assert.match(done(await read(third.file_id)).name, /^n_\d{8}_\d{6}\.txt$/);
  assert.notEqual(second.file_id, one);
});

test('copy: a folder is a task in any case; its copy is all there in the end', async () => {
  const top = await plant(s, ann, 'copied', 5, 50), before = await shape(s, ann, ann.drive_id, top), was = await used(s, ann);
  const made = done(await copy(top, { to_parent_file_id: 'root', new_name: 'the copy' }), 202);
  assert.notEqual(made.file_id, top);
  const task = await succeeded(s, ann, made.async_task_id);
  assert.deepEqual([task.total_process, task.consumed_process, task.skipped_process, task.failed_process], [256, 256, 0, 0]);
  assert.deepEqual(await shape(s, ann, ann.drive_id, made.file_id), before);
  assert.equal(done(await read(made.file_id)).name, 'the copy');
  assert.equal(await used(s, ann), was + 2500);
  const empty = done(await copy(await dir('empty'), { to_parent_file_id: top }), 202);
  await succeeded(s, ann, empty.async_task_id);
  done(await read(empty.file_id));
});

test('copy: of a folder into itself ends', async () => {
  const top = await plant(s, ann, 'itself', 2, 60);
  const made = done(await copy(top, { to_parent_file_id: top }), 202);
  await succeeded(s, ann, made.async_task_id);
  assert.deepEqual(await names(made.file_id), ['folder 0', 'folder 1']);
  assert.deepEqual(await names(top), ['folder 0', 'folder 1', 'itself']);
});

test('copy: to another drive, as far as there is room', async () => {
  const one = await file('to other.txt', 'root', 'abc'), there = await used(s, ann, other);
  const made = done(await copy(one, { to_drive_id: other, to_parent_file_id: 'root' }), 201);
  assert.equal(made.drive_id, other);
  assert.equal(await used(s, ann, other), there + 3);
  const top = await plant(s, ann, 'no room', 8, 40);
  const task = await ended(s, ann, done(await copy(top, { to_drive_id: small, to_parent_file_id: 'root' }), 202).async_task_id);
  assert.deepEqual([task.state, task.error_code], ['Failed', 'QuotaExhausted.Drive']);
  assert.deepEqual(await names('root', small), []);
  assert.equal(await used(s, ann, small), 0);
});

test('copy: what is missing, or not to be had', async () => {
  const home = await dir('copy bad'), one = await file('a.txt', home);
  refused(await copy(NOBODY, { to_parent_file_id: home }), 404, 'NotFound.File');
  refused(await copy(one, { to_parent_file_id: NOBODY }), 404, 'NotFound.ParentFileId');
  refused(await copy(one, { to_parent_file_id: one }), 400, 'InvalidParameter.ToParentFileId');
  refused(await copy(one, {}), 400, 'InvalidParameterMissing.ToParentFileId');
  refused(await copy('root', { to_parent_file_id: home }), 403, 'ForbiddenNoPermission.File');
  refused(await copy(one, { to_parent_file_id: home, new_name: 'x'.repeat(1025) }), 400, 'InvalidParameterOutOfRange.NewName');
  refused(await copy(one, { to_parent_file_id: home, new_name: '..' }), 400, 'InvalidParameter.NewName');
  refused(await copy(one, { to_parent_file_id: home, to_share_id: 'x' }), 401, 'ShareLinkTokenInvalid');
  assert.match(lenient(await copy(one, { drive_id: Number(ann.drive_id), to_parent_file_id: home })), /^drive_id:/);
});

// ---- delete ----

test('delete: a file, a small tree, and what is in the bin, at once and for good', async () => {
  const home = await dir('delete a'), was = await used(s, ann), one = await file('one.txt', home, 'one');
  done(await erase(one), 204);
  refused(await read(one), 404, 'NotFound.File');
  const top = await plant(s, ann, 'small tree', 2, 5, home);
  done(await erase(top, { permanently: true }), 204);
  const two = await file('two.txt', home, 'two');
  done(await call(s, ann, '/recyclebin/trash', { drive_id: ann.drive_id, file_id: two }), 204);
  done(await erase(two), 204);
  refused(await erase(two), 404, 'NotFound.File');
  assert.deepEqual(await names(home), []);
  assert.equal(await used(s, ann), was);
});

test('delete: what is below a trashed folder', async () => {
  const home = await dir('delete below'), one = await file('one.txt', home);
  done(await call(s, ann, '/recyclebin/trash', { drive_id: ann.drive_id, file_id: home }), 204);
  done(await erase(one), 204);
  done(await call(s, ann, '/recyclebin/restore', { drive_id: ann.drive_id, file_id: home }), 204);
  assert.deepEqual(await names(home), []);
});

test('delete: a large tree is a task, out of sight at once', async () => {
  const was = await used(s, ann), top = await plant(s, ann, 'large tree', 5, 60), [first] = await children(s, ann, ann.drive_id, top);
  const taken = done(await erase(top), 202);
  assert.deepEqual(Object.keys(taken).sort(), ['async_task_id', 'domain_id', 'drive_id', 'file_id']);
  assert.equal(taken.file_id, top);
  for (const gone of [top, first.file_id]) refused(await read(gone), 404, 'NotFound.File');
  refused(await call(s, ann, '/recyclebin/restore', { drive_id: ann.drive_id, file_id: top }), 404, 'NotFound.File');
  const task = await succeeded(s, ann, taken.async_task_id);
  assert.equal(task.consumed_process, 306);
  assert.equal(await used(s, ann), was);
});

test('delete: an upload into it ends and gives its room back', async () => {
  const home = await dir('delete upload');
  const made = done(await call(s, ann, '/file/create', { drive_id: ann.drive_id, parent_file_id: home, name: 'up', type: 'file',
    size: 500, part_info_list: [{ part_number: 1 }] }), 201);
  done(await erase(home), 204);
  refused(await call(s, ann, '/file/complete', { drive_id: ann.drive_id, file_id: made.file_id, upload_id: made.upload_id }),
    404, 'NotFound.UploadId');
});

test('delete: what is missing, and the root', async () => {
  refused(await erase(NOBODY), 404, 'NotFound.File');
  refused(await erase('root'), 403, 'ForbiddenNoPermission.File');
  refused(await erase(undefined), 400, 'InvalidParameterMissing.FileId');
  refused(await erase(NOBODY, { drive_id: undefined }), 400, 'InvalidParameterMissing.DriveId');
});

// ---- who may ----

test('nobody else moves, copies or deletes what is not his', async () => {
  const home = await dir('private'), one = await file('a.txt', home), bens = await folder(s, ben, 'home');
  for (const path of ['/file/move', '/file/copy', '/file/delete']) {
    const body = { drive_id: ann.drive_id, file_id: one, to_parent_file_id: home };
    refused(await call(s, null, path, body), 401, 'AccessTokenInvalid');
    refused(await call(s, ben, path, body), 404, 'NotFound.Drive');
    refused(await call(s, ben, path, { ...body, drive_id: ben.drive_id }), 404, 'NotFound.File');
  }
  for (const path of ['/file/move', '/file/copy'])
    refused(await call(s, ben, path, { drive_id: ben.drive_id, file_id: bens, to_drive_id: ann.drive_id, to_parent_file_id: home }),
      404, 'NotFound.Drive');
  refused(await call(s, ben, '/file/copy', { drive_id: ann.drive_id, file_id: one, to_drive_id: ben.drive_id,
    to_parent_file_id: 'root' }), 404, 'NotFound.Drive');
});

test('a viewer copies out and changes nothing; an editor may both', async () => {
  await s.cli('group', 'add', 'crew');
  const team = (await s.cli('drive', 'add', 'crew drive', '--owner', 'crew')).drive_id;
  await s.cli('group', 'join', 'crew', 'ann', '--role', 'editor');
  await s.cli('group', 'join', 'crew', 'ben', '--role', 'viewer');
  const home = await folder(s, ann, 'home', 'root', team), to = await folder(s, ann, 'to', 'root', team);
  const asked = (who, path, more) => call(s, who, path, { drive_id: team, file_id: home, ...more });
  refused(await asked(ben, '/file/move', { to_parent_file_id: to }), 403, 'ForbiddenNoPermission.File');
  refused(await asked(ben, '/file/copy', { to_parent_file_id: to }), 403, 'ForbiddenNoPermission.File');
  refused(await asked(ben, '/file/delete'), 403, 'ForbiddenNoPermission.File');
  refused(await asked(ben, '/file/move', { to_drive_id: ben.drive_id, to_parent_file_id: 'root' }), 403, 'ForbiddenNoPermission.File');
  await succeeded(s, ben, done(await asked(ben, '/file/copy', { to_drive_id: ben.drive_id, to_parent_file_id: 'root' }), 202).async_task_id);
  done(await asked(ann, '/file/move', { to_parent_file_id: to }));
  done(await asked(ann, '/file/delete'), 204);
});
