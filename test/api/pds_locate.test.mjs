// GetFileByPath, DownloadFile, PreCreateCheck; of ListFile and GetFile: open uploads, and what is in folders.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { startServer } from './harness.mjs';
import { get, pdsComplete, pdsCreate, pdsUpload } from './transfer.mjs';
import { alterations, call, done, folder, header, lenient, refused, signV1, unsupported, UUID, walk } from './pds.mjs';

let s, ann, ben;
before(async () => {
  s = await startServer();
  ann = await s.person('ann', { drive: true });
  ben = await s.person('ben', { drive: true });
});
after(() => s?.stop());

const file = (name, parent_file_id = 'root', text = name, who = ann) => pdsUpload(s, who, name, [Buffer.from(text)], { parent_file_id });
const trash = (file_id, who = ann) => call(s, who, '/recyclebin/trash', { drive_id: who.drive_id, file_id });

// ---- GetFileByPath ----

const byPath = (file_path, more = {}, who = ann) => call(s, who, '/file/get_by_path', { drive_id: who.drive_id, file_path, ...more });

test('get_by_path: as get shows it', async () => {
  const a = await folder(s, ann, 'a'), b = await folder(s, ann, '中 b', a.file_id), made = await file('c.txt', b.file_id);
  const shown = done(await byPath('/a/中 b/c.txt'));
  assert.deepEqual(shown, done(await call(s, ann, '/file/get', { drive_id: ann.drive_id, file_id: made.file_id })));
  assert.equal(done(await byPath('/a/中 b')).file_id, b.file_id);
  assert.equal(done(await byPath('/a/中 b/')).file_id, b.file_id);
  assert.equal(done(await byPath('/')).file_id, 'root');
  const all = done(await byPath('/a/中 b/c.txt', { fields: '*' }));
  assert.deepEqual([all.name_path, all.id_path], ['root/a/中 b/c.txt', `${a.file_id}/${b.file_id}/${made.file_id}`]);
  assert.equal((await get(all.url)).text, 'c.txt');
});

test('get_by_path: names in another normal form are the same, in another case not', async () => {
  const made = await folder(s, ann, 'caf\u00e9');
  assert.equal(done(await byPath('/cafe\u0301')).file_id, made.file_id);
  refused(await byPath('/CAF\u00c9'), 404, 'NotFound.File');
});

test('get_by_path: of two that share a name the first', async () => {
  const first = await folder(s, ann, 'twins');
  await folder(s, ann, 'twins');
  assert.equal(done(await byPath('/twins')).file_id, first.file_id);
});

test('get_by_path: what is not there, hidden, or no path', async () => {
  const home = await folder(s, ann, 'paths'), one = await file('file', home.file_id), gone = await folder(s, ann, 'gone', home.file_id);
  done(await trash(gone.file_id), 204);
  for (const path of ['/none', '/paths/none', '/paths/gone', '/paths/file/below', '/paths/none/deeper', `/${'d/'.repeat(200)}`])
    refused(await byPath(path), 404, 'NotFound.File');
  for (const path of ['paths', 'paths/file', '//paths', '/paths//file', '/./paths', '/paths/../paths', '/a\u0000b', '/x\ny', '//'])
    refused(await byPath(path), 400, 'InvalidParameter' + (path.includes('//') ? 'Empty' : '') + '.FilePath');
  refused(await byPath(''), 400, 'InvalidParameterEmpty.FilePath');
  refused(await byPath(undefined), 400, 'InvalidParameterMissing.FilePath');
  refused(await byPath(`/${'x'.repeat(1025)}`), 400, 'InvalidParameterOutOfRange.FilePath');
  refused(await byPath('/paths', { drive_id: undefined }), 400, 'InvalidParameterMissing.DriveId');
  refused(await byPath('/paths', { drive_id: ann.drive_id }, ben), 404, 'NotFound.Drive');
  refused(await byPath('/paths', {}, ben), 404, 'NotFound.File');
  refused(await call(s, null, '/file/get_by_path', { drive_id: ann.drive_id, file_path: '/paths' }), 401, 'AccessTokenInvalid');
  for (const url_expire_sec of [10, 14400]) done(await byPath('/paths', { url_expire_sec }));
  for (const url_expire_sec of [9, 14401]) refused(await byPath('/paths', { url_expire_sec }), 400, 'InvalidParameterOutOfRange.UrlExpireSec');
  assert.ok(one.file_id);
});

// ---- DownloadFile ----

const download = (query, { token = ann.token, headers = {} } = {}) =>
  s.call('GET', `/v2/file/download?${new URLSearchParams(query)}`, { token, headers });

test('download: 302 to a fresh URL', async () => {
  const made = await file('down.txt', 'root', 'the bytes'), query = { drive_id: ann.drive_id, file_id: made.file_id };
  const answer = await download(query);
  assert.equal(answer.status, 302, answer.text);
  assert.equal(answer.text, '');
  assert.match(header(answer, 'x-ca-request-id'), UUID);
  assert.equal((await get(header(answer, 'location'))).text, 'the bytes');
  const app = await s.app('downloads'), path = '/v2/file/download', search = String(new URLSearchParams(query));
  const signed = await s.call('GET', `${path}?${search}`, { headers: signV1(app, { method: 'GET', path, query: search }) });
  assert.equal(signed.status, 302, signed.text);
});

test('download: refusals', async () => {
  const made = await file('refused.txt'), dir = await folder(s, ann, 'no bytes'), gone = await file('gone.txt');
  done(await trash(gone.file_id), 204);
  const ask = (more, how) => download({ drive_id: ann.drive_id, file_id: made.file_id, ...more }, how);
  refused(await ask({ file_id: dir.file_id }), 400, 'InvalidResource.FileTypeFolder');
  refused(await ask({ file_id: '4503599627370495' }), 404, 'NotFound.File');
  refused(await ask({ file_id: gone.file_id }), 403, 'ForbiddenFileInTheRecycleBin');
  refused(await ask({}, { token: ben.token }), 404, 'NotFound.Drive');
  refused(await ask({}, { token: null }), 401, 'AccessTokenInvalid');
  refused(await download({ drive_id: ann.drive_id }), 400, 'InvalidParameterMissing.FileId');
  refused(await download({ file_id: made.file_id }), 400, 'InvalidParameterMissing.DriveId');
  const thumbnail = await ask({ image_thumbnail_process: 'image/resize,w_10' });
  refused(thumbnail, 400, 'OperationNotSupport');
  assert.equal(unsupported(thumbnail), 'thumbnail');
});

// ---- PreCreateCheck ----

const check = (more, who = ann) => call(s, who, '/file/pre_create_check', { drive_id: who.drive_id, parent_file_id: 'root', name: 'n', type: 'file', ...more });

test('pre_create_check: tells what has the name', async () => {
  const home = await folder(s, ann, 'check'), made = await file('taken', home.file_id), dir = await folder(s, ann, 'dir', home.file_id);
  const parent_file_id = home.file_id;
  assert.deepEqual(done(await check({ parent_file_id, name: 'free' })), { result_code: 'success' });
  for (const type of ['file', 'folder']) {
    assert.deepEqual(done(await check({ parent_file_id, name: 'taken', type })), { result_code: 'NameCheckFailed.ExistSameNameFile',
      name_check_result: { exist_file_id: made.file_id, exist_file_type: 'file' } });
    assert.deepEqual(done(await check({ parent_file_id, name: 'dir', type })).name_check_result, { exist_file_id: dir.file_id, exist_file_type: 'folder' });
  }
  done(await trash(made.file_id), 204);
  assert.equal(done(await check({ parent_file_id, name: 'taken' })).result_code, 'success');
});

test('pre_create_check: bounds and refusals', async () => {
  for (const name of ['x'.repeat(1024)]) done(await check({ name }));
  refused(await check({ name: 'x'.repeat(1025) }), 400, 'InvalidParameterOutOfRange.Name');
  for (const name of ['a/b', 'a\\b', '..']) refused(await check({ name }), 400, 'InvalidParameter.Name');
  refused(await check({ name: undefined }), 400, 'InvalidParameterMissing.Name');
  refused(await check({ type: 'link' }), 400, 'InvalidParameter.Type');
  refused(await check({ type: undefined }), 400, 'InvalidParameterMissing.Type');
  refused(await check({ parent_file_id: undefined }), 400, 'InvalidParameterMissing.ParentFileId');
  refused(await check({ parent_file_id: '4503599627370495' }), 404, 'NotFound.ParentFileId');
  refused(await check({ parent_file_id: (await file('no folder')).file_id }), 400, 'InvalidParameter.ParentFileId');
  refused(await check({ drive_id: undefined }), 400, 'InvalidParameterMissing.DriveId');
  refused(await check({ drive_id: ann.drive_id }, ben), 404, 'NotFound.ParentFileId' && 'NotFound.Drive');
  refused(await call(s, null, '/file/pre_create_check', { drive_id: ann.drive_id }), 401, 'AccessTokenInvalid');
});

// ---- ListFile: status=uploading ----

const uploading = (parent_file_id, more = {}, who = ann) =>
  call(s, who, '/file/list', { drive_id: who.drive_id, parent_file_id, status: 'uploading', ...more });

test('list: open uploads, until they are complete', async () => {
  const home = await folder(s, ann, 'uploading'), made = [];
  for (let i = 0; i < 5; i++)
    made.push(await pdsCreate(s, ann, `u${i}.png`, 1, { parent_file_id: home.file_id, size: i ? 3 : undefined, description: 'on its way' }));
  await file('there.txt', home.file_id);
  for (const limit of [1, 2, 4, 5, 6]) {
    const { items } = await walk(s, ann, '/file/list', { drive_id: ann.drive_id, parent_file_id: home.file_id, status: 'uploading', limit });
    assert.deepEqual(items.map(item => item.upload_id), made.map(one => one.upload_id), `${limit}`);
  }
  const [first, second] = done(await uploading(home.file_id, { fields: '*' })).items;
  assert.ok(!('size' in first) && !('content_hash' in first) && !('crc64_hash' in first) && !('revision_id' in first) && !('url' in first));
  assert.deepEqual([second.status, second.size, second.name, second.file_id, second.parent_file_id, second.type, second.category, second.description],
    ['uploading', 3, 'u1.png', made[1].file_id, home.file_id, 'file', 'image', 'on its way']);
  assert.equal(second.name_path, 'root/uploading/u1.png');
  assert.deepEqual(done(await call(s, ann, '/file/list', { drive_id: ann.drive_id, parent_file_id: home.file_id })).items.map(i => i.name), ['there.txt']);
  refused(await call(s, ann, '/file/get', { drive_id: ann.drive_id, file_id: made[1].file_id }), 404, 'NotFound.File');
  for (const [more, n] of [[{ type: 'folder' }, 0], [{ category: 'doc' }, 0], [{ category: 'image' }, 5]])
    assert.equal(done(await uploading(home.file_id, more)).items.length, n);
  await fetch(made[1].part_info_list[0].upload_url, { method: 'PUT', body: 'abc', headers: { 'Content-Type': '' } });
  await pdsComplete(s, ann, made[1]);
  assert.deepEqual(done(await uploading(home.file_id)).items.map(item => item.name), ['u0.png', 'u2.png', 'u3.png', 'u4.png']);
});

test('list: open uploads are one\'s own', async () => {
  await s.cli('group', 'add', 'crew');
  const drive_id = String((await s.cli('drive', 'add', 'Crew', '--owner', 'crew')).drive_id);
  for (const name of ['ann', 'ben']) await s.cli('group', 'join', 'crew', name, '--role', 'editor');
  const [a, b] = [{ ...ann, drive_id }, { ...ben, drive_id }];
  const mine = await pdsCreate(s, a, 'mine', 1);
  await pdsCreate(s, b, 'his', 1);
  assert.deepEqual(done(await uploading('root', {}, a)).items.map(item => item.upload_id), [mine.upload_id]);
  const { next_marker } = done(await uploading('root', { limit: 1 }, a));
  assert.equal(next_marker, '');
  await pdsCreate(s, a, 'more', 1);
  const page = done(await uploading('root', { limit: 1 }, a));
  for (const marker of alterations(page.next_marker, 5)) refused(await uploading('root', { marker }, a), 400, 'InvalidParameter.Marker');
  refused(await call(s, a, '/file/list', { drive_id, parent_file_id: 'root', marker: page.next_marker }), 400, 'InvalidParameter.Marker');
});

// ---- fields=dir_size ----

test('dir_size: the sum of all that is below', async () => {
  const who = await s.person('sums', { drive: true }), put = (name, parent, size) => file(name, parent, 'x'.repeat(size), who);
  const read = (file_id, more = { fields: 'dir_size' }) => call(s, who, '/file/get', { drive_id: who.drive_id, file_id, ...more });
  const top = await folder(s, who, 'top'), below = await folder(s, who, 'below', top.file_id), deep = await folder(s, who, 'deep', below.file_id);
  const empty = await folder(s, who, 'empty', top.file_id);
  await put('a', top.file_id, 10);
  await put('b', below.file_id, 200);
  const c = await put('c.zip', deep.file_id, 3000);
  await pdsUpload(s, who, 'c.zip', [Buffer.alloc(3001)], { parent_file_id: deep.file_id, file_id: c.file_id }); // an old revision does not count
  const sums = shown => [shown.size, shown.dir_size_info];
  const answer = await read(top.file_id);
  assert.deepEqual(sums(done(answer)), [3211, { dir_count: 3, file_count: 3 }]);
  assert.equal(unsupported(answer), undefined);
  assert.deepEqual(sums(done(await read('root'))), [3211, { dir_count: 4, file_count: 3 }]);
  assert.deepEqual(sums(done(await read(empty.file_id))), [0, { dir_count: 0, file_count: 0 }]);
  assert.deepEqual(sums(done(await read(c.file_id))), [3001, undefined]);
  const { items } = done(await call(s, who, '/file/list', { drive_id: who.drive_id, parent_file_id: top.file_id, fields: 'dir_size,name_path', order_by: 'name' }));
  assert.deepEqual(items.map(item => [item.name, ...sums(item)]), [['a', 10, undefined], ['below', 3201, { dir_count: 1, file_count: 2 }],
    ['empty', 0, { dir_count: 0, file_count: 0 }]]);
  assert.equal(items[1].name_path, 'root/top/below');
  for (const fields of [undefined, '*', 'url'])
    assert.ok(!('dir_size_info' in done(await read(top.file_id, { fields }))), 'by its name only');
  done(await trash(deep.file_id, who), 204);
  assert.deepEqual(sums(done(await read(top.file_id))), [210, { dir_count: 2, file_count: 2 }]);
  refused(await read('4503599627370495'), 404, 'NotFound.File');
  refused(await call(s, ben, '/file/get', { drive_id: who.drive_id, file_id: top.file_id, fields: 'dir_size' }), 404, 'NotFound.Drive');
});

test('dir_size: many folders', async () => {
  const who = await s.person('many', { drive: true }), top = await folder(s, who, 'top');
  const kids = await Promise.all(Array.from({ length: 60 }, (_, i) => folder(s, who, `k${i}`, top.file_id)));
  await Promise.all(kids.flatMap(kid => [folder(s, who, 'x', kid.file_id), folder(s, who, 'y', kid.file_id), file('f', kid.file_id, 'f', who)]));
  const shown = done(await call(s, who, '/file/get', { drive_id: who.drive_id, file_id: top.file_id, fields: 'dir_size' }));
  assert.deepEqual([shown.size, shown.dir_size_info], [60, { dir_count: 180, file_count: 60 }]);
});
