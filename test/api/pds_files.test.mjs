// CreateFile for folders, GetFile, ListFile, GetDownloadUrl.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { startServer } from './harness.mjs';
import { bytesOf, crc64, digest, get, pdsUpload } from './transfer.mjs';
import { alterations, call, DIGITS, done, folder, lenient, refused, TIME, unsupported, walk } from './pds.mjs';

let s, strict, ann, ben;
before(async () => {
  s = await startServer();
  ann = await s.person('ann', { drive: true });
  ben = await s.person('ben', { drive: true });
  strict = await startServer({ args: ['--strict'] });
  strict.ann = await strict.person('ann', { drive: true });
});
after(() => Promise.all([s?.stop(), strict?.stop()]));

const create = (more, who = ann, server = s) => call(server, who, '/file/create',
  { drive_id: who.drive_id, parent_file_id: 'root', name: 'folder', type: 'folder', ...more });
const read = (file_id, more = {}, who = ann) => call(s, who, '/file/get', { drive_id: who.drive_id, file_id, ...more });
const list = (parent_file_id, more = {}, who = ann) => call(s, who, '/file/list', { drive_id: who.drive_id, parent_file_id, ...more });
const names = async (parent, more) => done(await list(parent, more)).items.map(item => item.name);

const FOLDER = ['domain_id', 'drive_id', 'file_id', 'parent_file_id', 'name', 'type', 'status', 'created_at', 'updated_at',
  'description', 'hidden', 'starred', 'labels'];
const FILE = ['domain_id', 'drive_id', 'file_id', 'parent_file_id', 'name', 'type', 'status', 'size', 'file_extension', 'category',
  'content_type', 'content_hash', 'content_hash_name', 'crc64_hash', 'created_at', 'updated_at', 'description', 'hidden', 'starred',
  'labels', 'revision_id', 'revision_version'];
const PEOPLE = ['creator_id', 'creator_name', 'creator_type', 'last_modifier_id', 'last_modifier_name', 'last_modifier_type'];

// ---- folders ----

test('folder: create answers 201 with no upload, and get shows it', async () => {
  const answer = await create({ name: 'plain' });
  const made = done(answer, 201);
  assert.equal(lenient(answer), undefined);
  assert.deepEqual(Object.keys(made), ['domain_id', 'drive_id', 'file_id', 'file_name', 'parent_file_id', 'type', 'status', 'exist',
    'rapid_upload', 'encrypt_mode']);
  assert.match(made.file_id, DIGITS);
  assert.deepEqual({ ...made, domain_id: 0, file_id: 0 }, { domain_id: 0, drive_id: ann.drive_id, file_id: 0, file_name: 'plain',
    parent_file_id: 'root', type: 'folder', status: 'available', exist: false, rapid_upload: false, encrypt_mode: 'none' });
  const shown = done(await read(made.file_id));
  assert.deepEqual(Object.keys(shown), [...FOLDER, 'action_list']);
  assert.equal(shown.parent_file_id, 'root');
  assert.equal(shown.name, 'plain');
  assert.match(shown.created_at, TIME);
  assert.match(shown.updated_at, TIME);
  const below = done(await create({ name: 'below', parent_file_id: made.file_id }), 201);
  assert.equal(below.parent_file_id, made.file_id);
});

test('folder: description, hidden, tags and local times are kept', async () => {
  const made = done(await create({ name: 'rich', description: 'd'.repeat(1024), hidden: true,
    user_tags: [{ key: 'a', value: '1' }, { key: '颜色', value: '"红"\\' }, { key: 'a', value: '2' }, { key: 'empty', value: '' }],
    local_created_at: '2019-08-20T06:51:27Z', local_modified_at: '2020-02-29T00:00:00Z' }), 201);
  const shown = done(await read(made.file_id, { fields: 'user_tags' }));
  assert.equal(shown.description, 'd'.repeat(1024));
  assert.equal(shown.hidden, true);
  assert.equal(shown.local_created_at, '2019-08-20T06:51:27Z');
  assert.equal(shown.local_modified_at, '2020-02-29T00:00:00Z');
  assert.deepEqual(shown.user_tags, { a: '2', '颜色': '"红"\\', empty: '' });
  assert.ok(!('user_tags' in done(await read(made.file_id))), 'tags are given on request');
  assert.deepEqual(done(await read((await folder(s, ann, 'bare')).file_id, { fields: '*' })).user_tags, {});
});

test('folder: local times with milliseconds are tolerated, others not', async () => {
  const local_modified_at = '2019-08-20T06:51:27.292Z';
  const answer = await create({ name: 'ms', local_modified_at });
  assert.equal(done(await read(done(answer, 201).file_id)).local_modified_at, local_modified_at);
  assert.match(lenient(answer), /^local_modified_at: ./);
  refused(await create({ name: 'ms', local_modified_at }, strict.ann, strict), 400, 'InvalidParameter.LocalModifiedAt');
  for (const bad of ['yesterday', '2019-02-30T00:00:00Z', '2019-08-20', '2019-08-20T06:51:27'])
    refused(await create({ local_created_at: bad }), 400, 'InvalidParameter.LocalCreatedAt');
});

test('check_name_mode: ignore makes a second one of the name, and is the default', async () => {
  const home = await folder(s, ann, 'ignore');
  const made = [];
  for (const check_name_mode of [undefined, 'ignore', 'ignore'])
    made.push(done(await create({ name: 'same', parent_file_id: home.file_id, check_name_mode }), 201));
  assert.equal(new Set(made.map(one => one.file_id)).size, 3);
  assert.deepEqual(await names(home.file_id), ['same', 'same', 'same']);
});

test('check_name_mode: refuse answers with the one that is there', async () => {
  const home = await folder(s, ann, 'refuse');
  const first = done(await create({ name: 'same', parent_file_id: home.file_id, check_name_mode: 'refuse' }), 201);
  assert.equal(first.exist, false);
  const again = done(await create({ name: 'same', parent_file_id: home.file_id, check_name_mode: 'refuse' }), 201);
  assert.deepEqual(again, { ...first, exist: true });
  const file = done(await create({ name: 'same', parent_file_id: home.file_id, check_name_mode: 'refuse', type: 'file', size: 1 }), 201);
  assert.equal(file.exist, true);
  assert.equal(file.file_id, first.file_id);
  assert.equal(file.type, 'folder');
  assert.ok(!('upload_id' in file) && !('part_info_list' in file));
  assert.deepEqual(await names(home.file_id), ['same']);
});

test('check_name_mode: auto_rename stamps the new one, a file before its extension', async () => {
  const home = await folder(s, ann, 'rename');
  const more = { parent_file_id: home.file_id, check_name_mode: 'auto_rename' };
  assert.equal(done(await create({ ...more, name: 'same' }), 201).file_name, 'same');
  assert.match(done(await create({ ...more, name: 'same' }), 201).file_name, /^same_\d{8}_\d{6}$/);
  await pdsUpload(s, ann, 'a.tar.gz', [Buffer.from('x')], more);
  const renamed = await pdsUpload(s, ann, 'a.tar.gz', [Buffer.from('y')], more);
  assert.match(renamed.name, /^a\.tar_\d{8}_\d{6}\.gz$/);
});

test('names: what is taken and what is refused', async () => {
  const home = await folder(s, ann, 'names');
  const ask = name => create({ name, parent_file_id: home.file_id });
  for (const name of ['x', 'x'.repeat(1024), '中'.repeat(341), ' lead', 'trail ', '.hidden', '...', 'CON', 'a:b*?"<>|', '😀']) {
    const made = done(await ask(name), 201);
    assert.equal(made.file_name, name);
    assert.equal(done(await read(made.file_id)).name, name);
  }
  refused(await ask(''), 400, 'InvalidParameterEmpty.Name');
  refused(await ask(undefined), 400, 'InvalidParameterMissing.Name');
  refused(await ask(7), 400, 'InvalidParameterWrongFormat.Name');
  for (const name of ['x'.repeat(1025), '中'.repeat(342)]) refused(await ask(name), 400, 'InvalidParameterOutOfRange.Name');
  for (const name of ['a/b', '/', 'a\\b', '.', '..', 'a\nb', 'a\u0000', '\u007f', '\t'])
    refused(await ask(name), 400, 'InvalidParameter.Name');
});

test('names: alike in another normal form are the same, in another case not', async () => {
  const home = await folder(s, ann, 'forms');
  const more = { parent_file_id: home.file_id, check_name_mode: 'refuse' };
  const first = done(await create({ ...more, name: 'caf\u00e9' }), 201);
  const again = done(await create({ ...more, name: 'cafe\u0301' }), 201);
  assert.deepEqual([again.exist, again.file_id], [true, first.file_id]);
  assert.equal(done(await create({ ...more, name: 'CAF\u00c9' }), 201).exist, false);
});

for (const [more, code, status = 400] of [
  [{ type: undefined }, 'InvalidParameterMissing.Type'],
  [{ type: 'link' }, 'InvalidParameter.Type'],
  [{ drive_id: undefined }, 'InvalidParameterMissing.DriveId'],
  [{ drive_id: 'x' }, 'InvalidParameter.DriveId'],
  [{ drive_id: '4503599627370495' }, 'NotFound.Drive', 404],
  [{ parent_file_id: undefined }, 'InvalidParameterMissing.ParentFileId'],
  [{ parent_file_id: '' }, 'InvalidParameterEmpty.ParentFileId'],
  [{ parent_file_id: '4503599627370495' }, 'NotFound.ParentFileId', 404],
  [{ parent_file_id: 'nothing' }, 'NotFound.ParentFileId', 404],
  [{ parent_file_id: '0' }, 'NotFound.ParentFileId', 404],
  [{ parent_file_id: 'a'.repeat(51) }, 'InvalidParameterOutOfRange.ParentFileId'],
  [{ check_name_mode: 'overwrite' }, 'InvalidParameter.CheckNameMode'],
  [{ description: 'x'.repeat(1025) }, 'InvalidParameterOutOfRange.Description'],
  [{ hidden: 'no' }, 'InvalidParameterWrongFormat.Hidden'],
  [{ size: -1 }, 'InvalidParameterOutOfRange.Size'],
  [{ file_id: '1' }, 'InvalidParameter.FileId'],
  [{ user_tags: 'x' }, 'InvalidParameterWrongFormat.UserTags'],
  [{ user_tags: [{ key: 'a' }] }, 'InvalidParameterMissing.Value'],
  [{ user_tags: [{ key: '', value: 'x' }] }, 'InvalidParameterEmpty.Key'],
  [{ user_tags: [{ key: 'a#b', value: 'x' }] }, 'InvalidParameter.UserTags'],
  [{ user_tags: [{ key: 'k'.repeat(1000), value: 'v'.repeat(1001) }] }, 'InvalidParameterOutOfRange.UserTags'],
  [{ user_tags: Array.from({ length: 1001 }, (_, i) => ({ key: `k${i}`, value: 'v' })) }, 'InvalidParameterOutOfRange.UserTags'],
  [{ share_id: 'abc' }, 'ShareLinkTokenInvalid', 401],
  [{ content_type: 'text/plain\r\nx: y' }, 'InvalidParameter.ContentType'],
  [{ content_type: 'x'.repeat(256) }, 'InvalidParameterOutOfRange.ContentType'],
])
  test(`create: ${JSON.stringify(more).slice(0, 60)} is ${code}`, async () => {
    refused(await create(more), status, code);
  });

test('create: tags at their bounds', async () => {
  const user_tags = Array.from({ length: 1000 }, (_, i) => ({ key: `k${i}`, value: 'v' }));
  const made = done(await create({ name: 'tags', user_tags }), 201);
  assert.equal(Object.keys(done(await read(made.file_id, { fields: 'user_tags' })).user_tags).length, 1000);
  done(await create({ name: 'long tag', user_tags: [{ key: 'k'.repeat(1000), value: 'v'.repeat(1000) }] }), 201);
});

test('create: a file is no folder', async () => {
  const file = await pdsUpload(s, ann, 'nofolder.txt', [Buffer.from('x')]);
  refused(await create({ parent_file_id: file.file_id }), 400, 'InvalidParameter.ParentFileId');
  refused(await list(file.file_id), 400, 'InvalidParameter.ParentFileId');
});

test('create: folders have a depth', async () => {
  let parent = 'root', answer;
  for (let depth = 1; depth <= 200; depth++) {
    answer = await create({ name: `d${depth}`, parent_file_id: parent });
    if (answer.status !== 201) break;
    parent = answer.body.file_id;
  }
  refused(answer, 400, 'InvalidParameter.ParentFileId');
});

test('a share_id opens nothing without its token', async () => {
  for (const path of ['/file/get', '/file/list', '/file/get_download_url', '/recyclebin/trash'])
    refused(await call(s, ann, path, { share_id: 'x', file_id: '1', parent_file_id: 'root' }), 401, 'ShareLinkTokenInvalid');
});

test('a disabled drive takes and gives nothing', async () => {
  const boss = await s.person('boss', { admin: true });
  const drive = done(await call(s, boss, '/drive/create', { drive_name: 'off', owner: ann.user_id, owner_type: 'user',
    status: 'disabled' }), 201);
  refused(await create({ drive_id: drive.drive_id }), 403, 'ForbiddenNoPermission.Drive');
  refused(await list('root', { drive_id: drive.drive_id }), 403, 'ForbiddenNoPermission.Drive');
});

// ---- get ----

test('get: a file, all its members', async () => {
  const bytes = bytesOf(1000, 5);
  const made = await pdsUpload(s, ann, 'Report.TXT', [bytes]);
  const shown = done(await read(made.file_id));
  assert.deepEqual(Object.keys(shown), [...FILE, 'action_list']);
  assert.equal(shown.size, 1000);
  assert.equal(shown.file_extension.toLowerCase(), 'txt');
  assert.equal(shown.category, 'doc');
  assert.equal(shown.content_type, 'application/octet-stream');
  assert.equal(shown.content_hash, digest('sha1', bytes).toUpperCase());
  assert.equal(shown.content_hash_name, 'sha1');
  assert.equal(shown.crc64_hash, crc64(bytes));
  assert.match(shown.revision_id, DIGITS);
  assert.equal(shown.revision_version, 1);
  for (const action of ['FILE.PREVIEW', 'FILE.DOWNLOAD', 'FILE.DELETE', 'FILE.UPDATE', 'FILE.LIST'])
    assert.ok(shown.action_list.includes(action), action);
});

test('get: extras on request', async () => {
  const top = await folder(s, ann, 'extras'), below = await folder(s, ann, 'below', top.file_id);
  const file = await pdsUpload(s, ann, 'x.bin', [Buffer.from('x')], { parent_file_id: below.file_id, user_tags: [{ key: 'k', value: 'v' }] });
  const all = done(await read(file.file_id, { fields: '*' }));
  for (const key of ['url', 'download_url', 'id_path', 'name_path', 'user_tags', ...PEOPLE]) assert.ok(key in all, key);
  assert.equal(all.id_path, `${top.file_id}/${below.file_id}/${file.file_id}`);
  assert.equal(all.name_path, 'root/extras/below/x.bin');
  assert.deepEqual(all.user_tags, { k: 'v' });
  assert.deepEqual([all.creator_id, all.creator_type, all.last_modifier_id], [ann.user_id, 'User', ann.user_id]);
  assert.equal((await get(all.url)).text, 'x');
  const some = done(await read(file.file_id, { fields: 'url, name_path' }));
  assert.ok('url' in some && 'name_path' in some && !('id_path' in some) && !('creator_id' in some));
  assert.ok(!('url' in done(await read(top.file_id, { fields: 'url' }))), 'a folder has no URL');
});

test('get: the root', async () => {
  const root = done(await read('root', { fields: '*' }));
  assert.deepEqual([root.file_id, root.parent_file_id, root.name, root.type], ['root', '', 'root', 'folder']);
  assert.deepEqual([root.id_path, root.name_path], ['root', 'root']);
});

test('get: extras that are not made say so', async () => {
  const file = await pdsUpload(s, ann, 'p.jpg', [Buffer.from('x')]);
  for (const fields of ['thumbnail', 'exif', 'video_metadata', 'url,investigation_info'])
    assert.match(unsupported(await read(file.file_id, { fields })), /^fields=/);
  for (const more of [{ image_thumbnail_process: 'image/resize,w_10' }, { image_url_process: 'image/resize,w_10' },
    { thumbnail_processes: { w_10: { image_thumbnail_process: 'image/resize,w_10' } } }]) {
    const answer = await read(file.file_id, more);
    assert.ok(!('thumbnail' in done(answer)) && !('thumbnail_urls' in answer.body));
    assert.match(unsupported(answer), /thumbnail|image_url_process/);
  }
  assert.equal(unsupported(await read(file.file_id, { fields: '*', thumbnail_processes: {} })), undefined);
});

test('get: bounds', async () => {
  const file = await pdsUpload(s, ann, 'bounds.bin', [Buffer.from('x')]);
  for (const url_expire_sec of [10, 14400]) done(await read(file.file_id, { url_expire_sec }));
  for (const url_expire_sec of [9, 14401, -1, 0])
    refused(await read(file.file_id, { url_expire_sec }), 400, 'InvalidParameterOutOfRange.UrlExpireSec');
  refused(await read(file.file_id, { fields: 'nonsense' }), 400, 'InvalidParameter.Fields');
  refused(await read(file.file_id, { fields: 'url,,x' }), 400, 'InvalidParameter.Fields');
  assert.match(lenient(await read(file.file_id, { fields: 'name,size' })), /^fields: ./);
  const six = Object.fromEntries(Array.from({ length: 6 }, (_, i) => [`k${i}`, {}]));
  refused(await read(file.file_id, { thumbnail_processes: six }), 400, 'InvalidParameterOutOfRange.ThumbnailProcesses');
  refused(await read(file.file_id, { thumbnail_processes: { a: 'x' } }), 400, 'InvalidParameterWrongFormat.ThumbnailProcesses');
  refused(await read(file.file_id, { thumbnail_processes: { a: { image_thumbnail_process: 7 } } }), 400,
    'InvalidParameterWrongFormat.ThumbnailProcesses');
  refused(await read(file.file_id, { thumbnail_processes: [] }), 400, 'InvalidParameterWrongFormat.ThumbnailProcesses');
  refused(await read(undefined), 400, 'InvalidParameterMissing.FileId');
  refused(await read(''), 400, 'InvalidParameterEmpty.FileId');
  refused(await read('x'.repeat(51)), 400, 'InvalidParameterOutOfRange.FileId');
  done(await read(file.file_id, { revision_id: file.revision_id }));
});

test('get: what is not there, not one\'s own, or under another drive looks the same', async () => {
  const file = await pdsUpload(s, ann, 'mine.bin', [Buffer.from('x')]);
  for (const file_id of ['4503599627370495', '5d79206586bb5dd69fb34c349282718146c55da7', 'x', '0', '-1'])
    refused(await read(file_id), 404, 'NotFound.File');
  refused(await read(file.file_id, {}, ben), 404, 'NotFound.File');
  refused(await read('4503599627370495', {}, ben), 404, 'NotFound.File');
  refused(await read(file.file_id, { drive_id: ann.drive_id }, ben), 404, 'NotFound.Drive');
  refused(await read('4503599627370495', { drive_id: ann.drive_id }, ben), 404, 'NotFound.Drive');
  refused(await call(s, null, '/file/get', { drive_id: ann.drive_id, file_id: file.file_id }), 401, 'AccessTokenInvalid');
});

// ---- list ----

const ORDERS = { name: 'name', size: 'size', created_at: 'created_at', updated_at: 'updated_at' };

test('list: every order, both ways, over many pages', async () => {
  const home = await folder(s, ann, 'orders');
  for (const [i, name] of ['b10.txt', 'b9.txt', 'a.png', 'c.zip', '阿.mp3', 'd'].entries())
    await (i < 5 ? pdsUpload(s, ann, name, [bytesOf((i * 7) % 5 + 1)], { parent_file_id: home.file_id })
      : folder(s, ann, name, home.file_id));
  const all = done(await list(home.file_id, { limit: 100 })).items;
  assert.equal(all.length, 6);
  for (const [order_by, key] of Object.entries(ORDERS)) {
    const once = { ASC: [], DESC: [] };
    for (const order_direction of ['ASC', 'DESC']) {
      const { items, sizes } = await walk(s, ann, '/file/list', { drive_id: ann.drive_id, parent_file_id: home.file_id, order_by,
        order_direction, limit: 2 });
      once[order_direction] = items.map(item => item.file_id);
      assert.ok(sizes.length >= 3);
      assert.deepEqual([...items].sort((a, b) => a.file_id - b.file_id), [...all].sort((a, b) => a.file_id - b.file_id));
      if (order_by !== 'name')
        for (let i = 1; i < items.length; i++) {
          const [a, b] = order_direction === 'ASC' ? [items[i - 1], items[i]] : [items[i], items[i - 1]];
          assert.ok((a[key] ?? 0) <= (b[key] ?? 0), order_by);
        }
    }
    assert.deepEqual((await walk(s, ann, '/file/list', { drive_id: ann.drive_id, parent_file_id: home.file_id, order_by, limit: 4 }))
      .items.map(item => item.file_id), once.ASC, 'ASC where only order_by is given');
  }
  assert.deepEqual((await names(home.file_id, { order_by: 'name' })).filter(name => name !== '阿.mp3'),
    ['a.png', 'b9.txt', 'b10.txt', 'c.zip', 'd'], 'numbers by value');
});

test('list: the newest first where no order is asked for', async () => {
  const home = await folder(s, ann, 'newest');
  for (const name of ['one', 'two', 'three']) {
    await folder(s, ann, name, home.file_id);
    await new Promise(resume => setTimeout(resume, 5));
  }
  assert.deepEqual(await names(home.file_id), ['three', 'two', 'one']);
  assert.deepEqual(await names(home.file_id, { order_direction: 'ASC' }), ['one', 'two', 'three']);
});

test('list: filters', async () => {
  const home = await folder(s, ann, 'filters');
  for (const name of ['a.txt', 'b.xlsx', 'c.pptx', 'd.png', 'e.mp4', 'f.mp3', 'g.zip', 'h.apk', 'i.unknown'])
    await pdsUpload(s, ann, name, [Buffer.from('x')], { parent_file_id: home.file_id });
  await folder(s, ann, 'z', home.file_id);
  const found = async more => (await names(home.file_id, { order_by: 'name', ...more })).join(' ');
  assert.equal(await found({ type: 'folder' }), 'z');
  assert.equal(await found({ type: 'file' }), 'a.txt b.xlsx c.pptx d.png e.mp4 f.mp3 g.zip h.apk i.unknown');
  for (const [category, expected] of Object.entries({ doc: 'a.txt b.xlsx c.pptx', image: 'd.png', video: 'e.mp4', audio: 'f.mp3',
    zip: 'g.zip', app: 'h.apk', others: 'i.unknown' })) {
    assert.equal(await found({ category }), expected, category);
    assert.equal(await found({ category, type: 'folder' }), '');
    for (const item of done(await list(home.file_id, { category })).items) assert.equal(item.category, category);
  }
  assert.equal(await found({ status: 'available', starred: false, all: false }),
    'a.txt b.xlsx c.pptx d.png e.mp4 f.mp3 g.zip h.apk i.unknown z');
  for (const more of [{ all: true }]) {
    const answer = await list(home.file_id, more);
    refused(answer, 400, 'OperationNotSupport');
    assert.match(unsupported(answer), /\S/);
  }
});

test('list: items as get shows them, with the extras asked for', async () => {
  const home = await folder(s, ann, 'items');
  const file = await pdsUpload(s, ann, 'x.bin', [Buffer.from('x')], { parent_file_id: home.file_id });
  const [item] = done(await list(home.file_id)).items;
  assert.deepEqual(Object.keys(item), FILE);
  const { action_list, ...shown } = done(await read(file.file_id));
  assert.deepEqual(item, shown);
  const [rich] = done(await list(home.file_id, { fields: '*' })).items;
  assert.equal(rich.name_path, 'root/items/x.bin');
  assert.equal(rich.id_path, `${home.file_id}/${file.file_id}`);
  assert.equal((await get(rich.url)).text, 'x');
  assert.deepEqual(rich.user_tags, {});
  const top = done(await list('root', { fields: 'id_path,name_path', limit: 1 })).items[0];
  assert.deepEqual([top.id_path, top.name_path], [top.file_id, `root/${top.name}`]);
  assert.equal(top.parent_file_id, 'root');
});

test('list: an upload under way is not shown', async () => {
  const home = await folder(s, ann, 'underway');
  const made = done(await create({ parent_file_id: home.file_id, type: 'file', name: 'u.bin', size: 1 }), 201);
  assert.deepEqual(done(await list(home.file_id)), { items: [], next_marker: '' });
  refused(await read(made.file_id), 404, 'NotFound.File');
});

test('list: bounds', async () => {
  for (const limit of [0, -1, '5', 1.5]) refused(await list('root', { limit }), 400, 'InvalidParameterOutOfRange.Limit');
  for (const limit of [1, 100]) assert.equal(lenient(await list('root', { limit })), undefined);
  for (const limit of [101, 200, 1e9]) {
    const answer = await list('root', { limit });
    assert.ok(done(answer).items.length <= 100);
    assert.match(lenient(answer), /^limit: ./);
  }
  refused(await call(strict, strict.ann, '/file/list', { drive_id: strict.ann.drive_id, parent_file_id: 'root', limit: 101 }), 400,
    'InvalidParameterOutOfRange.Limit');
  refused(await list('root', { order_by: 'type' }), 400, 'InvalidParameter.OrderBy');
  refused(await list('root', { order_direction: 'asc' }), 400, 'InvalidParameter.OrderDirection');
  refused(await list('root', { type: 'x' }), 400, 'InvalidParameter.Type');
  refused(await list('root', { category: 'x' }), 400, 'InvalidParameter.Category');
  refused(await list('root', { status: 'x' }), 400, 'InvalidParameter.Status');
  refused(await list('root', { url_expire_sec: 9 }), 400, 'InvalidParameterOutOfRange.UrlExpireSec');
  refused(await list(undefined), 400, 'InvalidParameterMissing.ParentFileId');
  refused(await list('4503599627370495'), 404, 'NotFound.ParentFileId');
  refused(await list('root', { drive_id: ann.drive_id }, ben), 404, 'NotFound.Drive');
});

test('list: fifty where no limit is given', async () => {
  const home = await folder(s, ann, 'many');
  await Promise.all(Array.from({ length: 60 }, (_, i) => folder(s, ann, `f${i}`, home.file_id)));
  const page = done(await list(home.file_id));
  assert.equal(page.items.length, 50);
  assert.equal(done(await list(home.file_id, { marker: page.next_marker })).items.length, 10);
});

test('list: a marker is good for its list, order, filter and caller only', async () => {
  const home = await folder(s, ann, 'markers'), other = await folder(s, ann, 'markers 2');
  for (const parent of [home, other]) for (const name of ['a', 'b', 'c']) await folder(s, ann, name, parent.file_id);
  const ask = (marker, more = {}) => list(more.parent ?? home.file_id, { limit: 1, order_by: 'name', marker, ...more });
  const { next_marker } = done(await ask());
  assert.deepEqual(done(await ask(next_marker)).items.map(item => item.name), ['b']);
  for (const more of [{ order_by: 'size' }, { order_direction: 'DESC' }, { type: 'folder' }, { parent: other.file_id }])
    refused(await ask(next_marker, more), 400, 'InvalidParameter.Marker');
  for (const marker of alterations(next_marker, 3)) refused(await ask(marker), 400, 'InvalidParameter.Marker');
  refused(await call(s, ann, '/recyclebin/list', { drive_id: ann.drive_id, marker: next_marker }), 400, 'InvalidParameter.Marker');
  refused(await call(s, ann, '/drive/list_my_drives', { marker: next_marker }), 400, 'InvalidParameter.Marker');
  refused(await list('root', { marker: next_marker, limit: 1, order_by: 'name' }, ben), 400, 'InvalidParameter.Marker');
});

// ---- download URL ----

const link = (file_id, more = {}, who = ann) =>
  call(s, who, '/file/get_download_url', { drive_id: who.drive_id, file_id, ...more });

test('download url: its answer, and what it gives', async () => {
  const bytes = bytesOf(500, 6);
  const file = await pdsUpload(s, ann, 'down.bin', [bytes]);
  const answer = done(await link(file.file_id));
  assert.deepEqual(Object.keys(answer), ['domain_id', 'drive_id', 'file_id', 'revision_id', 'method', 'url', 'internal_url', 'cdn_url',
    'expiration', 'size', 'content_hash', 'content_hash_name', 'crc64_hash']);
  assert.equal(answer.method, 'GET');
  assert.equal(answer.size, 500);
  assert.equal(answer.content_hash, file.content_hash);
  assert.equal(answer.crc64_hash, file.crc64_hash);
  const left = Date.parse(answer.expiration) - Date.now();
  assert.ok(left > 880_000 && left <= 900_500, `${left} ms`);
  const got = await get(answer.url);
  assert.deepEqual(got.bytes, bytes);
  assert.match(got.headers['content-disposition'], /^attachment;.*filename\*=UTF-8''down\.bin$/);
});

test('download url: expire_sec, file_name, response_content_type', async () => {
  const file = await pdsUpload(s, ann, 'opt.bin', [Buffer.from('x')]);
  const answer = done(await link(file.file_id, { expire_sec: 115200, file_name: '报告.txt', response_content_type: 'text/plain' }));
  assert.ok(Date.parse(answer.expiration) - Date.now() > 115_100_000);
  const got = await get(answer.url);
  assert.match(got.headers['content-disposition'], /filename\*=UTF-8''%E6%8A%A5%E5%91%8A\.txt$/);
  assert.match(got.headers['content-type'], /^text\/plain/);
  const short = done(await link(file.file_id, { expire_sec: 1 }));
  await new Promise(resume => setTimeout(resume, 1100));
  const late = await get(short.url);
  assert.equal(late.status, 403);
  assert.match(late.text, /<Code>AccessDenied<\/Code>.*expired/s);
});

test('download url: bounds and refusals', async () => {
  const file = await pdsUpload(s, ann, 'b.bin', [Buffer.from('x')]);
  for (const expire_sec of [0, -1, 115201]) refused(await link(file.file_id, { expire_sec }), 400, 'InvalidParameter.ExpireSec');
  done(await link(file.file_id, { file_name: '名'.repeat(1024) }));
  refused(await link(file.file_id, { file_name: 'x'.repeat(1025) }), 400, 'InvalidParameterOutOfRange.FileName');
  refused(await link(file.file_id, { response_content_type: 'text/plain\r\nx: y' }), 400, 'InvalidParameter.ResponseContentType');
  refused(await link((await folder(s, ann, 'f')).file_id), 400, 'InvalidResource.FileTypeFolder');
  refused(await link('root'), 400, 'InvalidResource.FileTypeFolder');
  refused(await link('4503599627370495'), 404, 'NotFound.File');
  refused(await link(file.file_id, {}, ben), 404, 'NotFound.File');
  refused(await link(file.file_id, { drive_id: ann.drive_id }, ben), 404, 'NotFound.Drive');
});
