// KooDrive: files/{type}, the listing of a space and of its recycle bin.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startServer } from './harness.mjs';
import { bad, folder, good, koo, list, listAll, sha256, trash, upload } from './koodrive.mjs';

let s, strict, ann, bob, annStrict;
before(async () => {
  s = await startServer();
  strict = await startServer({ args: ['--strict'] });
  ann = await s.person('ann', { drive: true });
  bob = await s.person('bob', { drive: true });
  annStrict = await strict.person('ann', { drive: true });
});
after(async () => { try { await s?.stop(); } finally { await strict?.stop(); } });

const FILE_KEYS = ['id', 'fileName', 'mimeType', 'fileSuffix', 'recycled', 'parentFolder', 'containers', 'properties', 'owners',
  'lastEditor', 'fileType', 'createdTime', 'editedTime', 'favorite', 'directlyRecycled', 'size', 'sha256', 'hidden', 'idPath',
  'creatingUser', 'userCapabilities'];
const FOLDER_KEYS = FILE_KEYS.filter(key => key !== 'size' && key !== 'sha256');
const RIGHTS = ['addChildNodePermission', 'copyPermission', 'deletePermission', 'downloadPermission', 'editPermission',
  'listChildNodePermission', 'removeChildNodePermission', 'renameFilePermission', 'shareFilePermission', 'uploadPermission',
  'viewPermission'];
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

test('koodrive list: an empty space', async () => {
  const page = await list(s, ann);
  assert.deepEqual(page, { category: 'drive#fileList', searchCompleted: true, files: [], code: 0, msg: 'Success.' });
  assert.deepEqual(Object.keys(page), ['category', 'searchCompleted', 'files', 'code', 'msg']);
});

test('koodrive list: a file and a folder have the members of the page', async () => {
  const cat = await s.person('cat', { drive: true });
  const made = await upload(s, cat, 'report.tar.gz', 'hello');
  const dir = await folder(s, cat, 'docs');
  const page = await list(s, cat, { sortInfo: { sortType: 1, sortDirection: 2 } });
  assert.deepEqual(page.files.map(f => f.fileName), ['report.tar.gz', 'docs']);
  const [file, directory] = page.files;
  const tenant = 'main';
  const person = { category: 'drive#user', userId: Buffer.from(`${cat.user_id}-${tenant}`).toString('base64url'), displayName: 'cat', me: true };
  assert.deepEqual(Object.keys(file), FILE_KEYS);
  assert.deepEqual(Object.keys(directory), FOLDER_KEYS);
  assert.deepEqual(Object.keys(file.userCapabilities), RIGHTS);
  assert.equal(file.id, made.fileId);
  assert.equal(file.fileSuffix, 'gz');
  assert.equal(file.fileType, '45');
  assert.equal(file.size, 5);
  assert.equal(file.sha256, sha256('hello'));
  assert.equal(file.recycled, false);
  assert.equal(file.directlyRecycled, false);
  assert.equal(file.favorite, false);
  assert.equal(file.hidden, false);
  assert.deepEqual(file.properties, {});
  assert.deepEqual(file.containers, [cat.drive_id]);
  assert.deepEqual(file.parentFolder, made.parentFolder);
  assert.notEqual(file.parentFolder[0], 'root');
  assert.equal(file.idPath, `/${file.parentFolder[0]}/${file.id}`);
  assert.deepEqual(file.owners, [person]);
  assert.deepEqual(file.lastEditor, person);
  assert.deepEqual(file.creatingUser, person);
  assert.match(file.createdTime, TIME);
  assert.match(file.editedTime, TIME);
  assert.deepEqual(Object.values(file.userCapabilities), [false, true, true, true, true, false, false, true, true, true, true]);
  assert.ok(Object.values(directory.userCapabilities).every(may => may === true));
  assert.equal(directory.id, dir.id);
  assert.equal(directory.mimeType, 'application/vnd.huawei-apps.folder');
  assert.equal(directory.fileType, '10');
  assert.equal(directory.fileSuffix, '');
  // the real id of the root is as good as its alias
  assert.deepEqual((await list(s, cat, { parentFileId: file.parentFolder[0], sortInfo: { sortType: 1, sortDirection: 2 } })).files, page.files);
});

test('koodrive list: every page once, in every sort, both ways', async () => {
  const dora = await s.person('dora', { drive: true });
  const names = Array.from({ length: 23 }, (_, i) => `n${(i * 7) % 23}.${['txt', 'png', 'zip'][i % 3]}`);
  for (const [i, name] of names.entries())
    if (i % 4 === 3) await folder(s, dora, name.replace('.', '_'));
    else await upload(s, dora, name, 'x'.repeat((i * 5) % 9), { fileType: '' });
  for (const sortType of [1, 2, 3, 4, 6])
    for (const sortDirection of [1, 2]) {
      const { files, pages } = await listAll(s, dora, { sortInfo: { sortType, sortDirection } }, 0, 5);
      assert.equal(pages, 5);
      assert.equal(new Set(files.map(f => f.id)).size, 23);
      const up = sortDirection === 1 ? files : [...files].reverse();
      const key = { 2: f => f.size ?? 0, 3: f => f.createdTime, 4: f => f.editedTime }[sortType];
      for (let i = 1; key && i < up.length; i++) assert.ok(key(up[i - 1]) <= key(up[i]), `${sortType}`);
    }
  const newest = (await list(s, dora)).files.map(f => f.editedTime);
  assert.deepEqual(newest, [...newest].sort().reverse(), 'by default the last edited first');
});

test('koodrive list: names sort as people expect', async () => {
  const kim = await s.person('kim', { drive: true });
  for (const name of ['n10', 'n9', 'b', 'A', '中', '啊']) await folder(s, kim, name);
  assert.deepEqual((await list(s, kim, { sortInfo: { sortType: 1, sortDirection: 1 } })).files.map(f => f.fileName),
    ['啊', '中', 'A', 'b', 'n9', 'n10'].sort((x, y) => x.localeCompare(y, 'zh-u-co-pinyin-kn-true')));
});

test('koodrive list: filters by type and by name', async () => {
  const eve = await s.person('eve', { drive: true });
  for (const name of ['a.PNG', 'b.jpg', 'c.docx', 'd.xlsx', 'e.pptx', 'f.mp3', 'g.mp4', 'h.zip', 'i.pdf', 'j'])
    await upload(s, eve, name, name, { fileType: '' });
  await upload(s, eve, 'named by its maker.bin', 'z', { fileType: '15' });
  await folder(s, eve, 'K.png');
  const of = async more => (await listAll(s, eve, more)).files.map(f => f.fileName).sort();
  assert.deepEqual(await of({ fileType: '15' }), ['a.PNG', 'b.jpg', 'named by its maker.bin']);
  assert.deepEqual(await of({ fileType: '26' }), ['c.docx']);
  assert.deepEqual(await of({ fileType: '27' }), ['d.xlsx']);
  assert.deepEqual(await of({ fileType: '28' }), ['e.pptx']);
  assert.deepEqual(await of({ fileType: '30' }), ['f.mp3']);
  assert.deepEqual(await of({ fileType: '20' }), ['g.mp4']);
  assert.deepEqual(await of({ fileType: '35' }), ['h.zip']);
  assert.deepEqual(await of({ fileType: '45' }), ['i.pdf', 'j']);
  assert.deepEqual(await of({ fileType: '10' }), ['K.png']);
  assert.deepEqual(await of({ fileType: '11' }), []);
  assert.deepEqual(await of({ fileName: 'PNG' }), ['K.png', 'a.PNG']);
  assert.deepEqual(await of({ fileName: 'png', fileType: '10' }), ['K.png']);
  assert.equal((await of({ fileName: '' })).length, 12);
  const small = await listAll(s, eve, { fileType: '15', sortInfo: { sortType: 1, sortDirection: 1 } }, 0, 1);
  assert.deepEqual(small.files.map(f => f.fileName), ['a.PNG', 'b.jpg', 'named by its maker.bin']);
});

test('koodrive list: asking for thumbnails is told that there are none', async () => {
  const asked = imageProcess => koo(s, ann, 'POST', '/files/0', { containerId: ann.drive_id, parentFileId: 'root', imageProcess });
  for (let round = 0; round < 3; round++) { // answers that are kept say it too
    assert.match((await asked('image/resize,m_lfit,h_128,w_128')).headers['x-polydrive-unsupported'], /^imageProcess/);
    for (const none of [undefined, null, '']) assert.equal((await asked(none)).headers['x-polydrive-unsupported'], undefined);
  }
});

test('koodrive list: hidden files are shown when asked for', async () => {
  const fay = await s.person('fay', { drive: true });
  await upload(s, fay, 'seen', '1');
  await upload(s, fay, 'secret', '2', { hidden: true });
  await folder(s, fay, 'secret folder', 'root', { hidden: true });
  assert.deepEqual((await list(s, fay)).files.map(f => f.fileName), ['seen']);
  assert.deepEqual((await list(s, fay, { hidden: false })).files.map(f => f.fileName), ['seen']);
  const all = (await list(s, fay, { hidden: true })).files;
  assert.deepEqual(Object.fromEntries(all.map(f => [f.fileName, f.hidden])), { 'secret': true, 'secret folder': true, 'seen': false });
});

test('koodrive list: the bin shows what was put there, and what is in a recycled folder', async () => {
  const gus = await s.person('gus', { drive: true });
  const above = await folder(s, gus, 'above');
  const dir = await folder(s, gus, 'dir', above.id);
  const inner = await folder(s, gus, 'inner', dir.id);
  const deep = await upload(s, gus, 'deep.txt', 'deep', { parentFolder: [inner.id] });
  const file = await upload(s, gus, 'file.txt', 'file');
  await trash(s, gus, dir.id);
  await trash(s, gus, file.fileId);
  assert.deepEqual((await list(s, gus)).files.map(f => f.id), [above.id]);
  const bin = await list(s, gus, {}, 1);
  assert.deepEqual(bin.files.map(f => f.id), [file.fileId, dir.id], 'the last recycled first');
  for (const f of bin.files) {
    assert.deepEqual([f.recycled, f.directlyRecycled], [true, true]);
    assert.match(f.recycledTime, TIME);
  }
  assert.deepEqual(bin.files[1].parentFolder, [above.id]);
  assert.equal(bin.files[1].idPath, dir.idPath);
  const [child] = (await list(s, gus, { parentFileId: dir.id }, 1)).files;
  assert.deepEqual([child.id, child.recycled, child.directlyRecycled, child.recycledTime], [inner.id, true, false, bin.files[1].recycledTime]);
  assert.equal(child.idPath, inner.idPath);
  const [grandchild] = (await list(s, gus, { parentFileId: inner.id, sortInfo: { sortType: 5, sortDirection: 1 } }, 1)).files;
  assert.deepEqual([grandchild.id, grandchild.recycledTime], [deep.fileId, bin.files[1].recycledTime]);
  assert.deepEqual((await list(s, gus, { parentFileId: above.parentFolder[0] }, 1)).files.map(f => f.id), bin.files.map(f => f.id));
  assert.deepEqual((await list(s, gus, { sortInfo: { sortType: 5, sortDirection: 1 } }, 1)).files.map(f => f.id), [dir.id, file.fileId]);
  const { files, pages } = await listAll(s, gus, {}, 1, 1);
  assert.deepEqual([files.length, pages], [2, 2]);

  const at = (type, parentFileId) => ['POST', `/files/${type}`, { containerId: gus.drive_id, parentFileId }];
  await bad(s, gus, ...at(0, dir.id), 13000306);
  await bad(s, gus, ...at(0, inner.id), 13000306);
  await bad(s, gus, ...at(1, above.id), 13000303);
  await bad(s, gus, ...at(1, file.fileId), 13000406);
  // a folder above it goes too: the path that was is still told
  await trash(s, gus, above.id);
  const again = (await list(s, gus, { parentFileId: dir.id }, 1)).files;
  assert.equal(again[0].idPath, inner.idPath);
});

test('koodrive list: the space must be the caller\'s, the parent a live folder of it', async () => {
  const file = await upload(s, bob, 'bob.txt', 'bob');
  const dir = await folder(s, bob, 'bob');
  const ask = (containerId, parentFileId = 'root') => ['POST', '/files/0', { containerId, parentFileId }];
  for (const space of [bob.drive_id, '1', '999999999999', 'IAAAAAAA', '0', '-1', '9'.repeat(64)]) {
    await bad(s, ann, ...ask(space), 13000301);
    await bad(s, ann, ...ask(space, dir.id), 13000301);
    await bad(s, ann, ...ask(space, '12345678'), 13000301);
  }
  await bad(s, bob, ...ask(bob.drive_id, file.fileId), 13000406);
  for (const parent of ['12345678', 'sbox', '0', 'F'.repeat(33), ann.drive_id, '.'])
    await bad(s, bob, ...ask(bob.drive_id, parent), 13000309);
  const ours = await folder(s, ann, 'ours');
  await bad(s, bob, ...ask(bob.drive_id, ours.id), 13000309);
  const foreign = await bad(s, ann, ...ask(bob.drive_id), 13000301), none = await bad(s, ann, ...ask('999999999999'), 13000301);
  assert.equal(foreign.text, none.text);
});

test('koodrive list: every field is checked', async () => {
  const fine = { containerId: ann.drive_id, parentFileId: 'root' };
  const cases = [
    ['containerId', { containerId: undefined }], ['containerId', { containerId: '' }], ['containerId', { containerId: 'x'.repeat(65) }],
    ['containerId', { containerId: true }], ['containerId', { containerId: ['1'] }], ['containerId', { containerId: null }],
    ['parentFileId', { parentFileId: undefined }], ['parentFileId', { parentFileId: '' }], ['parentFileId', { parentFileId: 'x'.repeat(65) }],
    ['pageSize', { pageInfo: { pageSize: 0 } }], ['pageSize', { pageInfo: { pageSize: 101 } }], ['pageSize', { pageInfo: { pageSize: -1 } }],
    ['pageSize', { pageInfo: { pageSize: 1.5 } }], ['pageSize', { pageInfo: { pageSize: '0' } }], ['pageSize', { pageInfo: { pageSize: 'ten' } }],
    ['pageSize', { pageInfo: { pageSize: true } }], ['pageInfo', { pageInfo: 'x' }], ['pageInfo', { pageInfo: [] }],
    ['pageCursor', { pageInfo: { pageCursor: 'x' } }], ['pageCursor', { pageInfo: { pageCursor: 'x'.repeat(513) } }],
    ['sortType', { sortInfo: { sortType: 0 } }], ['sortType', { sortInfo: { sortType: 7 } }], ['sortType', { sortInfo: { sortType: 5 } }],
    ['sortDirection', { sortInfo: { sortDirection: 0 } }], ['sortDirection', { sortInfo: { sortDirection: 3 } }],
    ['fileType', { fileType: '12' }], ['fileType', { fileType: 'image' }], ['fileType', { fileType: 15 }],
    ['fileName', { fileName: 'x'.repeat(81) }], ['fileName', { fileName: 1 }],
    ['imageProcess', { imageProcess: 'x' }], ['imageProcess', { imageProcess: 'image/' + 'x'.repeat(295) }],
    ['imageProcess', { imageProcess: 'image/resize,w_0' }],
    ['hidden', { hidden: 'true' }], ['hidden', { hidden: 1 }],
  ];
  for (const [param, change] of cases) {
    const r = await bad(s, ann, 'POST', '/files/0', { ...fine, ...change }, 13000102, { param });
    assert.match(r.body.msg, new RegExp(param), r.text);
    assert.equal(r.body.error.errorDetail[0].errorPos, 'body');
  }
  for (const change of [{ pageInfo: { pageSize: 1 } }, { pageInfo: { pageSize: 100 } }, { pageInfo: {} }, { pageInfo: null }, { sortInfo: {} },
    { fileName: '家'.repeat(80) }, { imageProcess: 'image/resize,m_lfit,h_128,w_128' }, { imageProcess: '' }, { fileType: null }])
    await good(s, ann, 'POST', '/files/0', { ...fine, ...change });
});

test('koodrive list: a cursor is for one list only', async () => {
  const hal = await s.person('hal', { drive: true });
  const dir = await folder(s, hal, 'dir');
  for (let i = 0; i < 4; i++) { await folder(s, hal, `f${i}`); await folder(s, hal, `f${i}`, dir.id); }
  const ask = { sortInfo: { sortType: 1, sortDirection: 1 } };
  const first = await list(s, hal, { ...ask, pageInfo: { pageSize: 2 } });
  const cursor = first.nextCursor;
  assert.match(cursor, /^[\w.~-]{1,512}$/);
  assert.equal(first.searchCompleted, false);
  const go = (who, more, type = 0, pageCursor = cursor) => ['POST', `/files/${type}`, { containerId: who.drive_id, parentFileId: 'root', ...ask,
    ...more, pageInfo: { pageSize: 2, pageCursor } }];
  assert.equal((await good(s, hal, ...go(hal, {}))).files.length, 2);
  for (const [who, more, type] of [[ann, {}], [hal, { parentFileId: dir.id }], [hal, { sortInfo: { sortType: 2, sortDirection: 1 } }],
    [hal, { sortInfo: { sortType: 1, sortDirection: 2 } }], [hal, { fileType: '10' }], [hal, { fileName: 'f' }], [hal, { hidden: true }], [hal, {}, 1]])
    await bad(s, who, ...go(who, more, type), 13000102, { param: 'pageCursor' });
  for (let i = 0; i < cursor.length; i += 3) {
    const altered = cursor.slice(0, i) + (cursor[i] === 'A' ? 'B' : 'A') + cursor.slice(i + 1);
    await bad(s, hal, ...go(hal, {}, 0, altered), 13000102, { param: 'pageCursor' });
  }
  const other = await strict.call('POST', '/koodrive/ose/v1/files/0', { token: annStrict.token, body: { containerId: annStrict.drive_id,
    parentFileId: 'root', pageInfo: { pageCursor: cursor } } });
  assert.equal(other.status, 400);
});

test('koodrive list: a page goes on where it was, whatever was made meanwhile', async () => {
  const ida = await s.person('ida', { drive: true });
  for (let i = 0; i < 6; i++) await folder(s, ida, `b${i}`);
  const ask = { sortInfo: { sortType: 1, sortDirection: 1 } };
  const first = await list(s, ida, { ...ask, pageInfo: { pageSize: 3 } });
  await folder(s, ida, 'a new one');
  await folder(s, ida, 'b5 and more');
  const second = await list(s, ida, { ...ask, pageInfo: { pageSize: 100, pageCursor: first.nextCursor } });
  assert.deepEqual([...first.files, ...second.files].map(f => f.fileName), ['b0', 'b1', 'b2', 'b3', 'b4', 'b5', 'b5 and more']);
});

test('koodrive list: ids may be numbers, flagged, and refused under --strict', async () => {
  for (const [server, who] of [[s, ann], [strict, annStrict]]) {
    const r = await koo(server, who, 'POST', '/files/0', { containerId: Number(who.drive_id), parentFileId: 'root' });
    assert.equal(r.status, server === s ? 200 : 400, r.text);
    if (server === s) assert.match(r.headers['x-polydrive-lenient'], /^containerId: /);
  }
});
