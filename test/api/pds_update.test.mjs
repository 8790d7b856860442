// UpdateFile, FilePutUserTags, FileDeleteUserTags, ListByCustomIndexKey: what is said about files.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { startServer } from './harness.mjs';
import { pdsUpload } from './transfer.mjs';
import { alterations, call, done, folder, lenient, refused, walk } from './pds.mjs';

let s, strict, ann, ben;
before(async () => {
  s = await startServer();
  ann = await s.person('ann', { drive: true });
  ben = await s.person('ben', { drive: true });
  strict = await startServer({ args: ['--strict'] });
  strict.ann = await strict.person('ann', { drive: true });
});
after(() => Promise.all([s?.stop(), strict?.stop()]));

const on = path => (file_id, more = {}, who = ann) => call(s, who, path, { drive_id: who.drive_id, file_id, ...more });
const update = on('/file/update'), read = on('/file/get'), put = on('/file/put_usertags'), drop = on('/file/delete_usertags');
const file = (name, parent_file_id = 'root', who = ann, more = {}) => pdsUpload(s, who, name, [Buffer.from(name)], { parent_file_id, ...more });
const events = async (cursor, who = ann) =>
  done(await call(s, who, '/file/list_delta', { drive_id: who.drive_id, cursor })).items.map(item => `${item.op} ${item.file_id}`);
const now = async (who = ann) => done(await call(s, who, '/file/get_last_cursor', { drive_id: who.drive_id })).cursor;

// ---- names ----

test('update: a new name, and nothing else', async () => {
  const home = await folder(s, ann, 'rename'), made = await file('old.txt', home.file_id), cursor = await now();
  const { action_list, ...updated } = done(await update(made.file_id, { name: 'new.png' }));
  assert.equal(updated.name, 'new.png');
  assert.equal(updated.file_extension, 'png');
  assert.equal(updated.category, 'image');
  assert.ok(updated.updated_at >= made.updated_at && updated.created_at === made.created_at);
  for (const same of ['content_hash', 'revision_id', 'size', 'crc64_hash', 'parent_file_id', 'content_type'])
    assert.equal(updated[same], made[same], same);
  assert.ok(action_list.includes('FILE.UPDATE'));
  const { action_list: _, ...shown } = done(await read(made.file_id));
  assert.deepEqual(shown, updated);
  assert.deepEqual(await events(cursor), [`rename ${made.file_id}`]);
  assert.deepEqual(done(await call(s, ann, '/file/list', { drive_id: ann.drive_id, parent_file_id: home.file_id })).items.map(i => i.name), ['new.png']);
  done(await update(made.file_id, { name: 'new.png' }));
  assert.deepEqual((await events(cursor)).length, 1, 'the name it has is no change');
});

test('update: names that are taken', async () => {
  const home = await folder(s, ann, 'taken'), a = await file('a.txt', home.file_id), b = await file('b.txt', home.file_id);
  const message = refused(await update(b.file_id, { name: 'a.txt', check_name_mode: 'refuse' }), 409, 'AlreadyExist.File');
  assert.match(message, new RegExp(a.file_id));
  assert.equal(done(await read(b.file_id)).name, 'b.txt');
  assert.match(done(await update(b.file_id, { name: 'a.txt', check_name_mode: 'auto_rename' })).name, /^a_\d{8}_\d{6}\.txt$/);
  assert.equal(done(await update(b.file_id, { name: 'a.txt' })).name, 'a.txt');
  assert.equal(done(await update(b.file_id, { name: 'A.txt', check_name_mode: 'refuse' })).name, 'A.txt');
  assert.equal(done(await update(a.file_id, { name: 'a.txt', check_name_mode: 'refuse' })).name, 'a.txt');
  assert.equal(done(await update(a.file_id, { name: 'e\u0301.txt', check_name_mode: 'refuse' })).name, 'e\u0301.txt');
  assert.equal(done(await update(a.file_id, { name: '\u00e9.txt', check_name_mode: 'refuse' })).name, '\u00e9.txt');
});

test('update: of two that want one name at once, one gets it', async () => {
  const home = await folder(s, ann, 'race');
  const files = await Promise.all(Array.from({ length: 8 }, (_, i) => folder(s, ann, `n${i}`, home.file_id)));
  const answers = await Promise.all(files.map(one => update(one.file_id, { name: 'the one', check_name_mode: 'refuse' })));
  assert.equal(answers.filter(answer => answer.status === 200).length, 1);
  for (const answer of answers.filter(one => one.status !== 200)) refused(answer, 409, 'AlreadyExist.File');
});

test('update: name bounds', async () => {
  const one = await folder(s, ann, 'names');
  for (const name of ['x', 'x'.repeat(1024), '中'.repeat(341), '...']) assert.equal(done(await update(one.file_id, { name })).name, name);
  for (const name of ['x'.repeat(1025), '中'.repeat(342)]) refused(await update(one.file_id, { name }), 400, 'InvalidParameterOutOfRange.Name');
  for (const name of ['a/b', 'a\\b', '.', '..', 'a\n', '\u007f']) refused(await update(one.file_id, { name }), 400, 'InvalidParameter.Name');
  refused(await update(one.file_id, { name: '' }), 400, 'InvalidParameterEmpty.Name');
  refused(await update(one.file_id, { name: 7 }), 400, 'InvalidParameterWrongFormat.Name');
  refused(await update(one.file_id, { name: 'n', check_name_mode: 'overwrite' }), 400, 'InvalidParameter.CheckNameMode');
});

// ---- what is said ----

test('update: description, hidden, labels, local time; what does not come stays', async () => {
  const made = await folder(s, ann, 'said'), cursor = await now();
  const said = { description: 'd'.repeat(1024), hidden: true, labels: ['a', '"b"', '中'.repeat(128)], local_modified_at: '2020-02-29T00:00:00Z' };
  const updated = done(await update(made.file_id, said));
  for (const [name, value] of Object.entries(said)) assert.deepEqual(updated[name], value, name);
  assert.deepEqual(await events(cursor), [`update ${made.file_id}`]);
  const same = done(await update(made.file_id, {}));
  for (const [name, value] of Object.entries(said)) assert.deepEqual(same[name], value, name);
  done(await update(made.file_id, said));
  assert.equal((await events(cursor)).length, 1, 'what is so already is no change');
  const cleared = done(await update(made.file_id, { description: '', hidden: false, labels: [] }));
  assert.deepEqual([cleared.description, cleared.hidden, cleared.labels], ['', false, []]);
  assert.equal(cleared.local_modified_at, said.local_modified_at);
  const both = done(await update(made.file_id, { name: 'both', description: 'x', hidden: null, nothing: 1 }));
  assert.deepEqual([both.name, both.description], ['both', 'x']);
  assert.deepEqual((await events(cursor)).slice(-2), [`rename ${made.file_id}`, `update ${made.file_id}`]);
});

test('update: bounds', async () => {
  const { file_id } = await folder(s, ann, 'bounds');
  done(await update(file_id, { labels: Array.from({ length: 100 }, (_, i) => `l${i}`) }));
  assert.equal(done(await read(file_id)).labels.length, 100);
  for (const [more, code] of [
    [{ description: 'x'.repeat(1025) }, 'InvalidParameterOutOfRange.Description'],
    [{ description: 1 }, 'InvalidParameterWrongFormat.Description'],
    [{ hidden: 'true' }, 'InvalidParameterWrongFormat.Hidden'],
    [{ starred: 1 }, 'InvalidParameterWrongFormat.Starred'],
    [{ labels: Array(101).fill('x') }, 'InvalidParameterOutOfRange.Labels'],
    [{ labels: ['x'.repeat(129)] }, 'InvalidParameterOutOfRange.Labels'],
    [{ labels: [''] }, 'InvalidParameterEmpty.Labels'],
    [{ labels: 'x' }, 'InvalidParameterWrongFormat.Labels'],
    [{ labels: [7] }, 'InvalidParameterWrongFormat.Labels'],
    [{ local_modified_at: 'yesterday' }, 'InvalidParameter.LocalModifiedAt'],
    [{ custom_index_key: 'other' }, 'InvalidParameter.CustomIndexKey'],
    [{ drive_id: undefined }, 'InvalidParameterMissing.DriveId'],
    [{ file_id: undefined }, 'InvalidParameterMissing.FileId'],
  ]) refused(await update(file_id, more), 400, code);
  const local_modified_at = '2019-08-20T06:51:27.292Z';
  assert.match(lenient(await update(file_id, { local_modified_at })), /^local_modified_at: ./);
  const there = await folder(strict, strict.ann, 'x');
  refused(await call(strict, strict.ann, '/file/update', { drive_id: strict.ann.drive_id, file_id: there.file_id, local_modified_at }),
    400, 'InvalidParameter.LocalModifiedAt');
});

test('update, tags: what is missing, trashed, or not one\'s own', async () => {
  const one = await folder(s, ann, 'mine'), gone = await folder(s, ann, 'trashed');
  done(await call(s, ann, '/recyclebin/trash', { drive_id: ann.drive_id, file_id: gone.file_id }), 204);
  for (const [ask, more] of [[update, { name: 'x' }], [update, { starred: true }], [put, { user_tags: [{ key: 'a', value: 'b' }] }], [drop, { key_list: ['a'] }]]) {
    refused(await ask('4503599627370495', more), 404, 'NotFound.File');
    refused(await ask('0', more), 404, 'NotFound.File');
    refused(await ask(one.file_id, { ...more, drive_id: ann.drive_id }, ben), 404, 'NotFound.Drive');
    refused(await ask(one.file_id, more, ben), 404, 'NotFound.File');
    refused(await ask(gone.file_id, more), 403, 'ForbiddenFileInTheRecycleBin');
    refused(await ask('root', more), 403, 'ForbiddenNoPermission.File');
  }
  for (const path of ['/file/update', '/file/put_usertags', '/file/delete_usertags', '/file/list_by_custom_index_key'])
    refused(await call(s, null, path, { drive_id: ann.drive_id, file_id: one.file_id }), 401, 'AccessTokenInvalid');
});

// ---- stars ----

const starred = (more = {}, who = ann) =>
  call(s, who, '/file/list_by_custom_index_key', { drive_id: who.drive_id, custom_index_key: 'starred_yes', ...more });

test('a star is one\'s own, and changes nothing else', async () => {
  const made = await folder(s, ann, 'star'), before = done(await read(made.file_id));
  assert.equal(before.starred, false);
  assert.equal(done(await update(made.file_id, { starred: true, custom_index_key: 'starred_yes' })).starred, true);
  assert.deepEqual(done(await read(made.file_id)), { ...before, starred: true });
  await s.cli('group', 'add', 'both');
  const team = (await s.cli('drive', 'add', 'Both', '--owner', 'both')).drive_id;
  for (const [name, role] of [['ann', 'editor'], ['ben', 'viewer']]) await s.cli('group', 'join', 'both', name, '--role', role);
  const here = who => ({ ...who, drive_id: String(team) });
  const shared = await folder(s, here(ann), 'shared');
  done(await update(shared.file_id, { starred: true }, here(ben))); // a viewer may
  assert.equal(done(await read(shared.file_id, {}, here(ben))).starred, true);
  assert.equal(done(await read(shared.file_id, {}, here(ann))).starred, false);
  refused(await update(shared.file_id, { starred: true, description: 'x' }, here(ben)), 403, 'ForbiddenNoPermission.File');
  refused(await put(shared.file_id, { user_tags: [{ key: 'a', value: 'b' }] }, here(ben)), 403, 'ForbiddenNoPermission.File');
  assert.deepEqual(done(await starred({}, here(ann))).items, []);
  assert.deepEqual(done(await starred({}, here(ben))).items.map(item => item.file_id), [shared.file_id]);
  await s.cli('group', 'leave', 'both', 'ben');
  refused(await starred({}, here(ben)), 404, 'NotFound.Drive');
});

test('starred files: list, filter and order', async () => {
  const carl = await s.person('carl', { drive: true }), home = await folder(s, carl, 'home'), ids = [];
  for (let i = 0; i < 7; i++) {
    const one = i % 2 ? await folder(s, carl, `f${i}`, home.file_id) : await file(`f${i}`, home.file_id, carl);
    if (i > 0) { done(await update(one.file_id, { custom_index_key: 'starred_yes' }, carl)); ids.push(one.file_id); }
    await new Promise(resume => setTimeout(resume, 3));
  }
  const newest = [...ids].reverse(), whole = { drive_id: carl.drive_id, custom_index_key: 'starred_yes' };
  for (const limit of [1, 2, 5, 6, 7, 100]) {
    assert.deepEqual((await walk(s, carl, '/file/list_by_custom_index_key', { ...whole, limit })).items.map(i => i.file_id), newest, `${limit}`);
    const { items } = await walk(s, carl, '/file/list', { drive_id: carl.drive_id, parent_file_id: home.file_id, starred: true, limit, order_by: 'name' });
    assert.deepEqual(items.map(item => item.name), ['f1', 'f2', 'f3', 'f4', 'f5', 'f6'], `${limit}`);
    assert.ok(items.every(item => item.starred));
  }
  assert.deepEqual(done(await starred({ order_direction: 'ASC' }, carl)).items.map(item => item.file_id), ids);
  const all = done(await starred({ fields: '*' }, carl)).items[0];
  assert.equal(all.name_path, 'root/home/f6');
  assert.ok(all.starred && all.url && all.creator_id);
  assert.deepEqual(done(await call(s, carl, '/file/list', { drive_id: carl.drive_id, parent_file_id: home.file_id, order_by: 'name' })).items.map(i => i.starred),
    [false, true, true, true, true, true, true]);
  // no longer starred, or in the bin
  done(await update(ids[0], { custom_index_key: '' }, carl));
  done(await update(ids[1], { starred: false, custom_index_key: 'starred_yes' }, carl));
  done(await call(s, carl, '/recyclebin/trash', { drive_id: carl.drive_id, file_id: ids[2] }), 204);
  assert.deepEqual(done(await starred({}, carl)).items.map(item => item.file_id), newest.slice(0, 3));
  done(await call(s, carl, '/recyclebin/trash', { drive_id: carl.drive_id, file_id: home.file_id }), 204);
  assert.deepEqual(done(await starred({}, carl)).items, []);
  done(await call(s, carl, '/recyclebin/restore', { drive_id: carl.drive_id, file_id: home.file_id }), 204);
  assert.equal(done(await starred({}, carl)).items.length, 3);
});

test('starred files: bounds and markers', async () => {
  for (const name of ['m1', 'm2']) done(await update((await folder(s, ann, name)).file_id, { starred: true }));
  for (const limit of [1, 100]) done(await starred({ limit }));
  for (const limit of [0, -1, 'x']) refused(await starred({ limit }), 400, 'InvalidParameterOutOfRange.Limit');
  assert.match(lenient(await starred({ limit: 200 })), /^limit: ./);
  refused(await starred({ custom_index_key: undefined }), 400, 'InvalidParameterMissing.CustomIndexKey');
  refused(await starred({ custom_index_key: 'other' }), 400, 'InvalidParameter.CustomIndexKey');
  refused(await starred({ order_direction: 'UP' }), 400, 'InvalidParameter.OrderDirection');
  refused(await starred({ drive_id: undefined }), 400, 'InvalidParameterMissing.DriveId');
  refused(await starred({ drive_id: ann.drive_id }, ben), 404, 'NotFound.Drive');
  const { next_marker } = done(await starred({ limit: 1 }));
  assert.ok(next_marker);
  for (const marker of alterations(next_marker, 3)) refused(await starred({ limit: 1, marker }), 400, 'InvalidParameter.Marker');
  refused(await starred({ limit: 1, marker: next_marker, order_direction: 'ASC' }), 400, 'InvalidParameter.Marker');
});

// ---- tags ----

const tags = async file_id => done(await read(file_id, { fields: 'user_tags' })).user_tags;

test('tags: put merges by key, delete takes keys away', async () => {
  const { file_id } = await folder(s, ann, 'tags', 'root', { user_tags: [{ key: 'a', value: '1' }, { key: 'b', value: '2' }] });
  done(await update(file_id, { labels: ['label'] }));
  const cursor = await now();
  assert.deepEqual(done(await put(file_id, { user_tags: [{ key: 'b', value: '"3"' }, { key: '中', value: '' }, { key: '中', value: '文' }] })), { file_id });
  assert.deepEqual(await tags(file_id), { a: '1', b: '"3"', '中': '文' });
  assert.deepEqual(done(await read(file_id)).labels, ['label']);
  assert.deepEqual(await events(cursor), [`update ${file_id}`]);
  done(await drop(file_id, { key_list: ['a', 'absent', 'a'] }), 204);
  assert.deepEqual(await tags(file_id), { b: '"3"', '中': '文' });
  done(await drop(file_id, { key_list: ['absent'] }), 204);
  done(await put(file_id, { user_tags: [{ key: 'b', value: '"3"' }] }));
  assert.equal((await events(cursor)).length, 2, 'what is so already is no change');
  done(await drop(file_id, { key_list: ['b', '中'] }), 204);
  assert.deepEqual(await tags(file_id), {});
  assert.deepEqual(done(await read(file_id)).labels, ['label']);
});

test('tags: bounds', async () => {
  const { file_id } = await folder(s, ann, 'tagbounds');
  const many = n => Array.from({ length: n }, (_, i) => ({ key: `k${i}`, value: 'v' }));
  done(await put(file_id, { user_tags: many(1000) }));
  assert.equal(Object.keys(await tags(file_id)).length, 1000);
  refused(await put(file_id, { user_tags: [{ key: 'one more', value: '' }] }), 400, 'InvalidParameterOutOfRange.UserTags');
  done(await put(file_id, { user_tags: [{ key: 'k7', value: 'w' }] }));
  refused(await put(file_id, { user_tags: many(1001) }), 400, 'InvalidParameterOutOfRange.UserTags');
  refused(await put(file_id, { user_tags: [] }), 400, 'InvalidParameterEmpty.UserTags');
  refused(await put(file_id), 400, 'InvalidParameterMissing.UserTags');
  refused(await put(file_id, { user_tags: [{ key: 'a#b', value: '' }] }), 400, 'InvalidParameter.UserTags');
  refused(await put(file_id, { user_tags: [{ key: 'k', value: 'v'.repeat(2000) }] }), 400, 'InvalidParameterOutOfRange.UserTags');
  done(await drop(file_id, { key_list: Array.from({ length: 1000 }, (_, i) => `k${i}`) }), 204);
  assert.deepEqual(await tags(file_id), {});
  done(await put(file_id, { user_tags: [{ key: 'k', value: 'v'.repeat(1999) }] }));
  refused(await drop(file_id, { key_list: [] }), 400, 'InvalidParameterEmpty.KeyList');
  refused(await drop(file_id), 400, 'InvalidParameterMissing.KeyList');
  refused(await drop(file_id, { key_list: Array(1001).fill('k') }), 400, 'InvalidParameterOutOfRange.KeyList');
  refused(await drop(file_id, { key_list: [''] }), 400, 'InvalidParameterEmpty.KeyList');
});

test('tags: the largest that the page allows fit', async () => {
  const { file_id } = await folder(s, ann, 'large');
  const user_tags = Array.from({ length: 1000 }, (_, i) => ({ key: `k${i}`, value: '值'.repeat(660) }));
  done(await put(file_id, { user_tags }));
  assert.equal(Object.keys(await tags(file_id)).length, 1000);
});

test('lists of files with much to tell come in shorter pages, and whole', async () => {
  const who = await s.person('heavy', { drive: true }), top = (await folder(s, who, 'heavy')).file_id;
  const user_tags = Array.from({ length: 1000 }, (_, i) => ({ key: `k${i}`, value: 'v'.repeat(1990) }));
  const files = [];
  for (let i = 0; i < 7; i++) {
    files.push((await folder(s, who, `heavy ${i}`, top)).file_id);
    done(await call(s, who, '/file/put_usertags', { drive_id: who.drive_id, file_id: files[i], user_tags }));
    done(await call(s, who, '/file/update', { drive_id: who.drive_id, file_id: files[i], starred: true }));
  }
  const isShort = ({ items, sizes }, path) => {
    assert.deepEqual(items.map(item => item.file_id).filter(id => files.includes(id)).sort(), [...files].sort(), path);
    assert.ok(Math.max(...sizes) <= 5 && sizes.length > 1, `${path}: ${sizes}`);
  };
  for (const [path, body] of [['/file/list', { parent_file_id: top }], ['/file/list', { parent_file_id: top, order_by: 'name', fields: 'user_tags' }],
    ['/file/search', { query: 'name match "heavy" and type = "folder"' }], ['/file/search', { query: `parent_file_id = "${top}"`, order_by: 'name ASC' }],
    ['/file/scan', {}], ['/file/list_by_custom_index_key', { custom_index_key: 'starred_yes' }]])
    isShort(await walk(s, who, path, { drive_id: who.drive_id, limit: 100, ...body }), path);
  const deltas = { items: [], sizes: [] };
  for (let page = { cursor: '' }; page.has_more !== false;) {
    page = done(await call(s, who, '/file/list_delta', { drive_id: who.drive_id, cursor: page.cursor, limit: 100 }));
    deltas.items.push(...page.items);
    deltas.sizes.push(page.items.length);
  }
  assert.deepEqual(new Set(deltas.items.map(item => item.file_id)), new Set([top, ...files]));
  assert.ok(deltas.sizes.length > 3, String(deltas.sizes));
  // What is shared of it, by a link and with somebody.
  const link = done(await call(s, who, '/share_link/create', { drive_id: who.drive_id, file_id_list: files }), 201);
  const { share_token } = done(await call(s, null, '/share_link/get_share_token', { share_id: link.share_id }));
  const guest = { call: (method, path, more) => s.call(method, path, { ...more, headers: { 'x-share-token': share_token } }) };
  for (const order_by of ['name', 'created_at'])
    isShort(await walk(guest, null, '/file/list', { share_id: link.share_id, parent_file_id: 'root', limit: 100, order_by }), 'share');
  for (const file_id of files)
    done(await call(s, who, '/file/add_permission', { drive_id: who.drive_id, file_id,
      member_list: [{ identity: { identity_type: 'IT_User', identity_id: ann.user_id }, role_id: 'SystemFileViewer' }] }), 204);
  isShort(await walk(s, ann, '/file/list_received_file', { limit: 100 }), 'received');
  // A tree of it goes its way.
  const copied = done(await call(s, who, '/file/copy', { drive_id: who.drive_id, file_id: top, to_parent_file_id: 'root', keep_user_tags: true }), 202);
  for (let state; state !== 'Succeed'; await new Promise(resolve => setTimeout(resolve, 20))) {
    state = done(await call(s, who, '/async_task/get', { async_task_id: copied.async_task_id })).state;
    assert.notEqual(state, 'Failed');
  }
  isShort(await walk(s, who, '/file/list', { drive_id: who.drive_id, parent_file_id: top, limit: 100 }), 'source');
  assert.equal((await walk(s, who, '/file/list', { drive_id: who.drive_id, parent_file_id: copied.file_id, limit: 100 })).items.length, 7);
});
