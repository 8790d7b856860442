// Inside a share: ListFile, GetFile, GetDownloadUrl, /v2/file/get_share_link_download_url and uploads by a share's token;
// what a share never gives, and when it ends.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { startServer } from './harness.mjs';
import { get, pdsUpload, put } from './transfer.mjs';
import { alterations, call, done, folder, refused } from './pds.mjs';
import { atOnce, cancel, inside, share, shown, token, update, visitor } from './shares.mjs';

// ann's drive: aa/bb/cc/x.txt, aa/bb/y.txt, aa/side.txt, z.txt
let s, ann, ben, boss, aa, bb, cc, x, y, side, z;
before(async () => {
  s = await startServer();
  ann = await s.person('ann', { drive: true });
  ben = await s.person('ben', { drive: true });
  boss = await s.person('boss', { admin: true });
  aa = await folder(s, ann, 'aa');
  bb = await folder(s, ann, 'bb', aa.file_id);
  cc = await folder(s, ann, 'cc', bb.file_id);
  const upload = (name, text, parent) => pdsUpload(s, ann, name, [Buffer.from(text)], { parent_file_id: parent });
  x = await upload('x.txt', 'content of x', cc.file_id);
  y = await upload('y.txt', 'yy', bb.file_id);
  side = await upload('side.txt', 'side', aa.file_id);
  z = await upload('z.txt', 'zzzz', 'root');
});
after(() => s?.stop());

const trash = (who, file) => call(s, who, '/recyclebin/trash', { drive_id: who.drive_id, file_id: file.file_id });
const restore = (who, file) => call(s, who, '/recyclebin/restore', { drive_id: who.drive_id, file_id: file.file_id });
const urlOf = async (visit, file) => done(await visit('/file/get_download_url', { file_id: file.file_id })).url;
const gone = answer => assert.ok(answer.status === 403 || answer.status === 404, `${answer.status} ${answer.text}`);

// ---- lists ----

test('the root of a share holds exactly what is shared', async () => {
  const visit = await visitor(s, await share(s, ann, [bb, z, side]));
  assert.deepEqual(await visit.names(), ['bb', 'side.txt', 'z.txt']);
  assert.deepEqual(await visit.names(bb.file_id), ['cc', 'y.txt']);
  assert.deepEqual(await visit.names(cc.file_id), ['x.txt']);
  refused(await visit('/file/list', { parent_file_id: aa.file_id }), 404, 'NotFound.ParentFileId');
  refused(await visit('/file/list', { parent_file_id: '0' }), 404, 'NotFound.ParentFileId');
  refused(await visit('/file/list', { parent_file_id: z.file_id }), 400, 'InvalidParameter.ParentFileId');
});

test('every item says of which share it is, and where in it', async () => {
  const link = await share(s, ann, [bb, z]), visit = await visitor(s, link);
  for (const parent_file_id of ['root', bb.file_id, cc.file_id])
    for (const item of done(await visit('/file/list', { parent_file_id, fields: '*' })).items) {
      assert.equal(item.share_id, link.share_id);
      assert.equal(item.parent_file_id, parent_file_id);
      assert.ok(!('creator_id' in item) && !('last_modifier_name' in item));
    }
  assert.ok(!('share_id' in done(await call(s, ann, '/file/get', { drive_id: ann.drive_id, file_id: z.file_id }))));
});

test('the drive that is named beside a share is ignored', async () => {
  const visit = await visitor(s, await share(s, ann, [bb]), ben);
  for (const drive_id of [ben.drive_id, '4503599627370495', ann.drive_id])
    assert.equal(done(await visit('/file/list', { drive_id, parent_file_id: 'root' })).items[0].file_id, bb.file_id);
});

for (const [order_by, order_direction] of [[], ['name', 'ASC'], ['name', 'DESC'], ['size', 'ASC'], ['size', 'DESC'], ['created_at', 'DESC'],
  ['updated_at', 'ASC']])
  test(`the root by ${order_by ?? 'nothing'} ${order_direction ?? ''}, with pages of every size, as a folder would be`, async () => {
    const dir = await folder(s, ann, 'dir', 'root', { check_name_mode: 'auto_rename' }), ids = [];
    for (let i = 0; i < 7; i++)
      ids.push((await pdsUpload(s, ann, `n${(i * 5) % 7}.txt`, [Buffer.alloc((i * 3) % 7)], { parent_file_id: dir.file_id })).file_id);
    const visit = await visitor(s, await share(s, ann, ids));
    const own = done(await call(s, ann, '/file/list', { drive_id: ann.drive_id, parent_file_id: dir.file_id, order_by, order_direction }));
    for (let limit = 1; limit <= 8; limit++) {
      const found = [];
      let marker;
      do {
        const page = done(await visit('/file/list', { parent_file_id: 'root', order_by, order_direction, limit, marker }));
        assert.ok(page.items.length <= limit);
        found.push(...page.items.map(item => item.file_id));
        marker = page.next_marker;
      } while (marker);
      assert.deepEqual(found, own.items.map(item => item.file_id));
    }
  });

test('the root by type and category', async () => {
  const visit = await visitor(s, await share(s, ann, [bb, z, side]));
  assert.deepEqual(await visit.names('root', { type: 'folder' }), ['bb']);
  assert.deepEqual(await visit.names('root', { type: 'file' }), ['side.txt', 'z.txt']);
  assert.deepEqual(await visit.names('root', { category: 'doc' }), ['side.txt', 'z.txt']);
  assert.deepEqual(await visit.names('root', { category: 'image' }), []);
});

test('markers are of one share, one caller, one order', async () => {
  const link = await share(s, ann, [bb, z, side]), other = await share(s, ann, [bb, z, side]);
  const visit = await visitor(s, link), elsewhere = await visitor(s, other), bens = await visitor(s, link, ben);
  const first = { parent_file_id: 'root', order_by: 'name', limit: 1 };
  const { next_marker } = done(await visit('/file/list', first));
  assert.equal(done(await visit('/file/list', { ...first, marker: next_marker })).items[0].name, 'side.txt');
  for (const marker of alterations(next_marker, 5)) refused(await visit('/file/list', { ...first, marker }), 400, 'InvalidParameter.Marker');
  refused(await visit('/file/list', { ...first, order_by: 'size', marker: next_marker }), 400, 'InvalidParameter.Marker');
  refused(await elsewhere('/file/list', { ...first, marker: next_marker }), 400, 'InvalidParameter.Marker');
  refused(await bens('/file/list', { ...first, marker: next_marker }), 400, 'InvalidParameter.Marker');
  await done(await cancel(s, ann, link), 204);
  refused(await visit('/file/list', { ...first, marker: next_marker }), 403, 'ShareLink.Cancelled');
});

test('all files: the drive\'s root, and nothing of another drive', async () => {
  const visit = await visitor(s, await share(s, ann, [], { share_all_files: true, file_id_list: undefined }));
  const names = await visit.names();
  assert.ok(names.includes('aa') && names.includes('z.txt'));
  done(await visit('/file/get', { file_id: x.file_id }));
  const bens = await folder(s, ben, 'of ben', 'root', { check_name_mode: 'auto_rename' });
  refused(await visit('/file/get', { file_id: bens.file_id }), 404, 'NotFound.File');
  refused(await visit('/file/get', { drive_id: ben.drive_id, file_id: bens.file_id }), 404, 'NotFound.File');
  const fresh = await folder(s, ann, 'made later');
  assert.ok((await visit.names()).includes(fresh.name ?? 'made later'));
});

// ---- files ----

test('walking up ends at the share\'s top', async () => {
  for (const who of [null, ben, ann]) { // also for who could see more without the share
    const visit = await visitor(s, await share(s, ann, [bb]), who), way = [];
    for (let id = cc.file_id; id !== 'root';) {
      const file = done(await visit('/file/get', { file_id: id, fields: '*' }));
      way.unshift(file.name);
      assert.equal(file.name_path, `root/${['bb', 'cc'].slice(0, way.length === 2 ? 1 : 2).join('/')}`);
      assert.ok(!file.id_path.includes(aa.file_id));
      id = file.parent_file_id;
    }
    assert.deepEqual(way, ['bb', 'cc']);
    for (const file_id of [aa.file_id, side.file_id, z.file_id, 'root', '0', '4503599627370495', 'x'])
      refused(await visit('/file/get', { file_id }), 404, 'NotFound.File');
  }
});

test('paths in lists begin at the share', async () => {
  const visit = await visitor(s, await share(s, ann, [bb]));
  assert.equal(done(await visit('/file/list', { parent_file_id: 'root', fields: 'name_path,id_path' })).items[0].name_path, 'root/bb');
  const item = done(await visit('/file/list', { parent_file_id: cc.file_id, fields: 'name_path,id_path' })).items[0];
  assert.equal(item.name_path, 'root/bb/cc/x.txt');
  assert.equal(item.id_path, [bb, cc, x].map(file => file.file_id).join('/'));
});

test('what a visitor may do is told', async () => {
  const actions = async more => done(await (await visitor(s, await share(s, ann, [bb], more)))('/file/get', { file_id: bb.file_id })).action_list.sort();
  assert.deepEqual(await actions({}), ['FILE.COPY', 'FILE.DOWNLOAD', 'FILE.LIST', 'FILE.PREVIEW', 'FILE.VISIBLE']);
  assert.deepEqual(await actions({ disable_download: true, disable_save: true, disable_preview: true }), ['FILE.LIST', 'FILE.VISIBLE']);
  assert.ok((await actions({ creatable: true, creatable_file_id_list: [bb.file_id] })).includes('FILE.CREATE'));
});

test('download: the bytes, by both operations', async () => {
  const link = await share(s, ann, [bb], { share_pwd: 'pw' }), visit = await visitor(s, link);
  const answer = done(await visit('/file/get_download_url', { file_id: x.file_id, file_name: 'other.txt' }));
  assert.equal(answer.method, 'GET');
  const bytes = await get(answer.url);
  assert.equal(bytes.text, 'content of x');
  assert.match(bytes.headers['content-disposition'], /other\.txt/);
  const older = done(await visit('/file/get_share_link_download_url', { file_id: x.file_id, expire_sec: 60 }));
  assert.equal(older.url, older.download_url);
  assert.equal((await get(older.url)).text, 'content of x');
  assert.equal(older.crc64_hash, answer.crc64_hash);
  assert.equal((await shown(s, ann, link)).download_count, 2);
  for (const path of ['/file/get_download_url', '/file/get_share_link_download_url']) {
    refused(await visit(path, { file_id: bb.file_id }), 400, 'InvalidResource.FileTypeFolder');
    refused(await visit(path, { file_id: side.file_id }), 404, 'NotFound.File');
    refused(await visit(path, { file_id: undefined }), 400, 'InvalidParameterMissing.FileId');
    for (const expire_sec of [0, 115201]) refused(await visit(path, { file_id: x.file_id, expire_sec }), 400, 'InvalidParameter.ExpireSec');
    refused(await call(s, null, path, { share_id: link.share_id, file_id: x.file_id }), 401, 'AccessTokenInvalid');
    refused(await call(s, ann, path, { share_id: link.share_id, file_id: x.file_id }), 401, 'ShareLinkTokenInvalid');
  }
  refused(await call(s, ann, '/file/get_share_link_download_url', { file_id: x.file_id }), 400, 'InvalidParameterMissing.ShareId');
  assert.equal((await shown(s, ann, link)).download_count, 2);
});

test('a URL made inside is of that file, and ends with the share', async () => {
  const link = await share(s, ann, [bb, y]), visit = await visitor(s, link);
  const url = await urlOf(visit, x);
  assert.equal((await get(url)).status, 200);
  for (const [from, to] of [[`file=${x.file_id}`, `file=${z.file_id}`], ['share=', 'share=1'], [/&share=\d+/, ''], [/edition=\d+/, 'edition=2'],
    [/&edition=\d+/, ''], [/expires=\d/, 'expires=9']])
    assert.equal((await get(url.replace(from, to))).status, 403, String(from));
  done(await update(s, ann, link, { status: 'disabled' }));
  gone(await get(url));
  done(await update(s, ann, link, { status: 'enabled' }));
  assert.equal((await get(url)).status, 200);
  done(await update(s, ann, link, { disable_download: true }));
  gone(await get(url));
  done(await update(s, ann, link, { disable_download: false, expiration: '2020-01-01T00:00:00Z' }));
  gone(await get(url));
  done(await update(s, ann, link, { expiration: '', share_pwd: 'new' }));
  gone(await get(url));
  const again = await urlOf(await visitor(s, { ...link, share_pwd: 'new' }), x);
  assert.equal((await get(again)).status, 200);
  done(await cancel(s, ann, link), 204);
  gone(await get(again));
});

test('no answer about a protected share leads past its password', async () => {
  const link = await share(s, ann, [bb], { share_pwd: 'pw' }), visit = await visitor(s, link);
  const texts = [(await call(s, null, '/share_link/get_by_anonymous', { share_id: link.share_id })).text,
    (await call(s, null, '/share_link/get_share_token', { share_id: link.share_id, share_pwd: 'x' })).text];
  for (const text of texts) assert.ok(!/https?:|data\/download|x\.txt/.test(text), text);
  // what the token gave is worth nothing once the password is another
  const urls = [await urlOf(visit, x), done(await visit('/file/get', { file_id: x.file_id, fields: 'url' })).url,
    ...done(await visit('/file/list', { parent_file_id: cc.file_id, fields: 'url' })).items.map(item => item.url)];
  assert.equal(urls.length, 3);
  for (const url of urls) assert.equal((await get(url)).status, 200);
  done(await update(s, ann, link, { share_pwd: 'other' }));
  for (const url of urls) gone(await get(url));
});

test('disable_download: no URL anywhere', async () => {
  const visit = await visitor(s, await share(s, ann, [bb], { disable_download: true }));
  refused(await visit('/file/get_download_url', { file_id: x.file_id }), 403, 'ForbiddenNoPermission.File');
  refused(await visit('/file/get_share_link_download_url', { file_id: x.file_id }), 403, 'ForbiddenNoPermission.File');
  for (const answer of [await visit('/file/get', { file_id: x.file_id, fields: '*' }), await visit('/file/list', { parent_file_id: cc.file_id, fields: '*' })])
    assert.ok(!/data\/download/.test(JSON.stringify(done(answer))), answer.text);
});

test('what a file was before is not shared', async () => {
  const dir = await folder(s, ann, 'versions');
  const first = await pdsUpload(s, ann, 'v.txt', [Buffer.from('first, secret')], { parent_file_id: dir.file_id });
  const second = await pdsUpload(s, ann, 'v.txt', [Buffer.from('second')], { parent_file_id: dir.file_id, file_id: first.file_id });
  const visit = await visitor(s, await share(s, ann, [dir]));
  for (const path of ['/file/get', '/file/get_download_url']) {
    refused(await visit(path, { file_id: first.file_id, revision_id: first.revision_id }), 404, 'NotFound.Revision');
    done(await visit(path, { file_id: first.file_id, revision_id: second.revision_id }));
  }
  assert.equal((await get(await urlOf(visit, first))).text, 'second');
});

test('nobody\'s stars show in a share', async () => {
  done(await call(s, ann, '/file/update', { drive_id: ann.drive_id, file_id: z.file_id, starred: true }));
  done(await call(s, ann, '/file/update', { drive_id: ann.drive_id, file_id: x.file_id, starred: true }));
  const link = await share(s, ann, [bb, z]);
  for (const who of [null, ben, ann]) {
    const visit = await visitor(s, link, who);
    assert.deepEqual(await visit.names('root', { starred: true }), []);
    assert.deepEqual(await visit.names(cc.file_id, { starred: true }), []);
    assert.equal(done(await visit('/file/get', { file_id: z.file_id })).starred, false);
  }
});

test('archive_files: what is shared, as a download', async () => {
  const link = await share(s, ann, [bb], { download_limit: 1 }), visit = await visitor(s, link, ben);
  const pack = (v, file_ids) => v('/file/archive_files', { file_ids, name: 'all.zip' });
  refused(await pack(visit, [side.file_id]), 404, 'NotFound.File');
  const { async_task_id } = done(await pack(visit, [bb.file_id]), 202);
  let task;
  do task = done(await call(s, ben, '/async_task/get', { async_task_id })); while (task.state === 'Running');
  assert.equal(task.state, 'Succeed', JSON.stringify(task));
  assert.ok((await get(task.url)).text.includes('content of x'));
  assert.equal((await shown(s, ann, link)).download_count, 1);
  refused(await pack(visit, [bb.file_id]), 403, 'ShareLink.Forbidden');
  done(await update(s, ann, link, { download_limit: 0, disable_download: true }));
  refused(await pack(visit, [bb.file_id]), 403, 'ForbiddenNoPermission.File');
});

test('open uploads: only one\'s own through this share are listed', async () => {
  const more = { creatable: true, creatable_file_id_list: [cc.file_id] };
  const first = await share(s, ann, [bb], more), second = await share(s, ann, [bb], more);
  const one = await visitor(s, first), two = await visitor(s, second);
  done(await one('/file/create', { parent_file_id: cc.file_id, name: 'open one', type: 'file', size: 1 }), 201);
  done(await call(s, ann, '/file/create', { drive_id: ann.drive_id, parent_file_id: cc.file_id, name: 'of ann', type: 'file', size: 1 }), 201);
  const open = v => v('/file/list', { parent_file_id: cc.file_id, status: 'uploading' });
  assert.deepEqual(done(await open(one)).items.map(item => item.name), ['open one']);
  assert.deepEqual(done(await open(two)).items, []);
});

test('batch: each call by itself, inside the share and outside of it', async () => {
  const link = await share(s, ann, [bb], { download_limit: 2 }), t = await token(s, link);
  const batch = (who, ...calls) => call(s, who, '/batch', { resource: 'file', requests: calls.map(([url, body], i) =>
    ({ id: String(i), method: 'POST', url, headers: { 'Content-Type': 'application/json' }, body })) }, { headers: { 'x-share-token': t } });
  const { share_id } = link, file_id = x.file_id;
  const url = ['/file/get_download_url', { share_id, file_id }];
  const statuses = answer => done(answer).responses.map(one => one.status);
  assert.deepEqual(statuses(await batch(null, ['/file/get', { share_id, file_id }], ['/file/get', { drive_id: ann.drive_id, file_id }],
    ['/file/get', { share_id, file_id: side.file_id }], ['/drive/get', { drive_id: ann.drive_id }], url, url, url)),
  [200, 401, 404, 401, 200, 200, 403]);
  assert.deepEqual(statuses(await batch(ann, ['/file/get', { share_id, file_id: side.file_id }], ['/file/get', { drive_id: ann.drive_id, file_id: side.file_id }])),
    [404, 200]);
  assert.equal((await shown(s, ann, link)).download_count, 2);
});

// ---- limits ----

for (const path of ['/file/get_download_url', '/file/get_share_link_download_url'])
  test(`download_limit: exact for 16 at once by ${path}`, async () => {
    const link = await share(s, ann, [bb], { download_limit: 5 }), visit = await visitor(s, link);
    const { statuses, answers } = await atOnce(16, () => visit(path, { file_id: x.file_id }));
    assert.deepEqual(statuses, { 200: 5, 403: 11 });
    for (const answer of answers.filter(answer => answer.status === 403)) refused(answer, 403, 'ShareLink.Forbidden');
    assert.equal((await shown(s, ann, link)).download_count, 5);
    // no other way to a URL, and what failed is not counted
    assert.ok(!('url' in done(await visit('/file/get', { file_id: x.file_id, fields: '*' }))));
    assert.ok(!/data\/download/.test((await visit('/file/list', { parent_file_id: cc.file_id, fields: '*' })).text));
    done(await update(s, ann, link, { download_limit: 6 }));
    refused(await visit(path, { file_id: bb.file_id }), 400, 'InvalidResource.FileTypeFolder');
    assert.equal((await shown(s, ann, link)).download_count, 5);
    done(await visit(path, { file_id: x.file_id }));
    refused(await visit(path, { file_id: x.file_id }), 403, 'ShareLink.Forbidden');
  });

test('save_download_limit counts downloads too', async () => {
  const link = await share(s, ann, [bb], { save_download_limit: 3 }), visit = await visitor(s, link);
  const { statuses } = await atOnce(16, () => visit('/file/get_download_url', { file_id: x.file_id }));
  assert.deepEqual(statuses, { 200: 3, 403: 13 });
});

test('preview_limit: exact for 16 at once', async () => {
  const link = await share(s, ann, [bb], { preview_limit: 4 }), visit = await visitor(s, link);
  const { answers, statuses } = await atOnce(16, () => visit('/file/get', { file_id: x.file_id, fields: 'url' }));
  assert.deepEqual(statuses, { 200: 16 });
  assert.equal(answers.filter(answer => answer.body.url).length, 4);
  assert.equal((await shown(s, ann, link)).preview_count, 4);
  assert.ok(!/data\/download/.test((await visit('/file/list', { parent_file_id: cc.file_id, fields: 'url' })).text));
  done(await visit('/file/get', { file_id: x.file_id }));
  done(await visit('/file/get', { file_id: bb.file_id, fields: '*' }));
  assert.equal((await shown(s, ann, link)).preview_count, 4);
});

// ---- what a share does not give ----

test('a guest of a share is nobody elsewhere', async () => {
  const link = await share(s, ann, [bb]), t = await token(s, link), headers = { 'x-share-token': t };
  const { paths } = await s.cli('openapi', 'pds');
  const open = new Set(['/v2/file/list', '/v2/file/get', '/v2/file/get_download_url', '/v2/file/get_share_link_download_url', '/v2/file/download',
    '/v2/file/create', '/v2/file/get_upload_url', '/v2/file/list_uploaded_parts', '/v2/file/complete', '/v2/file/archive_files',
    '/v2/async_task/get', // of what he began there: pds_share_pack.test.mjs
    '/v2/file/get_video_preview_play_info', '/v2/file/get_video_preview_play_meta', '/v2/file/pre_create_check', '/v2/batch',
    // second paths of some of these: pds_alias.test.mjs
    '/adrive/v3/file/list', '/adrive/v2/file/list_by_share', '/adrive/v2/file/get_by_share', '/adrive/v2/file/createWithFolders',
    '/adrive/v2/batch', '/v3/batch']);
  let looked = 0;
  for (const [path, methods] of Object.entries(paths))
    for (const [method, op] of Object.entries(methods)) {
      if (op.security?.length === 0 || open.has(path)) continue;
      const answer = await s.call(method.toUpperCase(), path, { headers,
        body: method === 'post' ? { share_id: link.share_id, drive_id: ann.drive_id, file_id: x.file_id } : undefined });
      refused(answer, 401, 'AccessTokenInvalid');
      looked++;
    }
  assert.ok(looked > 20);
  // and where a guest may go, he goes nowhere without naming the share
  for (const path of ['/file/list', '/file/get', '/file/get_download_url', '/file/create', '/file/get_upload_url', '/file/list_uploaded_parts', '/file/complete'])
    refused(await call(s, null, path, { drive_id: ann.drive_id, file_id: x.file_id, parent_file_id: bb.file_id, name: 'n', type: 'folder',
      upload_id: '1', part_info_list: [{ part_number: 1 }] }, { headers }), 401, 'AccessTokenInvalid');
});

test('a visitor changes nothing', async () => {
  for (const who of [ben, ann, boss]) { // inside, their own rights do not count
    const visit = await visitor(s, await share(s, ann, [bb]), who);
    refused(await visit('/recyclebin/trash', { file_id: x.file_id }), 403, 'ForbiddenNoPermission.File');
    refused(await visit('/file/create', { parent_file_id: bb.file_id, name: 'n', type: 'folder' }), 403, 'ForbiddenNoPermission.File');
    refused(await visit('/file/create', { parent_file_id: 'root', name: 'n', type: 'folder' }), 403, 'ForbiddenNoPermission.File');
    refused(await visit('/file/create', { parent_file_id: bb.file_id, file_id: y.file_id, name: 'n', type: 'file' }), 403, 'ForbiddenNoPermission.File');
    refused(await visit('/file/get', { file_id: aa.file_id }), 404, 'NotFound.File');
  }
});

test('one share is not another', async () => {
  const first = await share(s, ann, [cc]), second = await share(s, ann, [z]);
  const t = await token(s, first);
  refused(await inside(s, second, t, '/file/get', { file_id: z.file_id }), 401, 'ShareLinkTokenInvalid');
  refused(await inside(s, first, t, '/file/get', { file_id: z.file_id }), 404, 'NotFound.File');
});

test('require_login: only with an account', async () => {
  const link = await share(s, ann, [bb], { require_login: true });
  const t = await token(s, link);
  refused(await inside(s, link, t, '/file/list', { parent_file_id: 'root' }), 401, 'AccessTokenInvalid');
  done(await inside(s, link, t, '/file/list', { parent_file_id: 'root' }, ben));
  const { url } = done(await inside(s, link, t, '/file/get_download_url', { file_id: x.file_id }, ben));
  assert.equal((await get(url)).status, 200);
});

// ---- the sharer and the files change ----

test('the sharer loses a right: the share gives no more than he has', async () => {
  const group = (await s.cli('group', 'add', 'crew')).group_id;
  const drive_id = done(await call(s, boss, '/drive/create', { drive_name: 'crew', owner: group, owner_type: 'group' }), 201).drive_id;
  const mona = { ...await s.person('mona'), drive_id };
  await s.cli('group', 'join', 'crew', 'mona', '--role', 'manager');
  const dir = await folder(s, { ...boss, drive_id }, 'dir');
  const file = await pdsUpload(s, { ...boss, drive_id }, 'f.txt', [Buffer.from('f')], { parent_file_id: dir.file_id });
  const link = await share(s, mona, [dir], { creatable: true, creatable_file_id_list: [dir.file_id] }), visit = await visitor(s, link);
  const made = done(await visit('/file/create', { parent_file_id: dir.file_id, name: 'up', type: 'file', size: 1 }), 201);
  const url = await urlOf(visit, file);
  assert.equal((await get(url)).status, 200);
  for (const change of [['group', 'join', 'crew', 'mona', '--role', 'viewer'], ['group', 'leave', 'crew', 'mona']]) {
    await s.cli(...change);
    assert.deepEqual(await visit.names(), []);
    refused(await visit('/file/get', { file_id: file.file_id }), 404, 'NotFound.File');
    refused(await visit('/file/list', { parent_file_id: dir.file_id }), 404, 'NotFound.ParentFileId');
    refused(await visit('/file/get_download_url', { file_id: file.file_id }), 404, 'NotFound.File');
    gone(await get(url));
    gone(await put(made.part_info_list[0].upload_url, Buffer.from('x')));
    refused(await visit('/file/complete', { file_id: made.file_id, upload_id: made.upload_id }), 404, 'NotFound.UploadId');
  }
  await s.cli('group', 'join', 'crew', 'mona', '--role', 'manager');
  assert.equal((await get(url)).status, 200);
});

test('trashed, restored, deleted for good: as if it were not shared', async () => {
  const dir = await folder(s, ann, 'to be trashed');
  const file = await pdsUpload(s, ann, 'in it.txt', [Buffer.from('t')], { parent_file_id: dir.file_id });
  const link = await share(s, ann, [dir, z]), visit = await visitor(s, link), url = await urlOf(visit, file);
  const absent = async () => {
    assert.deepEqual(await visit.names(), ['z.txt']);
    for (const one of [dir, file]) refused(await visit('/file/get', { file_id: one.file_id }), 404, 'NotFound.File');
    refused(await visit('/file/list', { parent_file_id: dir.file_id }), 404, 'NotFound.ParentFileId');
    refused(await visit('/file/get_download_url', { file_id: file.file_id }), 404, 'NotFound.File');
    gone(await get(url));
  };
  done(await trash(ann, dir), 204);
  await absent();
  done(await restore(ann, dir), 204);
  assert.deepEqual(await visit.names(), ['to be trashed', 'z.txt']);
  assert.equal((await get(url)).status, 200);
  done(await trash(ann, dir), 204);
  await folder(s, ann, 'to be trashed'); // the same name again is not what was shared
  await absent();
});

test('a whole share in the bin is an empty one', async () => {
  const dir = await folder(s, ann, 'alone'), visit = await visitor(s, await share(s, ann, [dir]));
  done(await trash(ann, dir), 204);
  assert.deepEqual(await visit.names(), []);
});

// ---- uploads ----

const upload = async (visit, parent_file_id, name, text, more = {}) => {
  const made = done(await visit('/file/create', { parent_file_id, name, type: 'file', size: text.length, part_info_list: [{ part_number: 1 }], ...more }), 201);
  assert.equal((await put(made.part_info_list[0].upload_url, Buffer.from(text))).status, 200);
  return made;
};
const upShare = more => share(s, ann, [bb], { creatable: true, creatable_file_id_list: [cc.file_id], ...more });

for (const who of ['nobody', 'ben'])
  test(`upload through a share by ${who}: folder, file, parts, complete`, async () => {
    const link = await upShare({ share_pwd: 'pw' }), visit = await visitor(s, link, who === 'ben' ? ben : null);
    const before = done(await call(s, ann, '/drive/get', { drive_id: ann.drive_id })).used_size;
    const dir = done(await visit('/file/create', { parent_file_id: cc.file_id, name: `dir of ${who}`, type: 'folder' }), 201);
    assert.equal(dir.share_id, link.share_id);
    const made = await upload(visit, dir.file_id, 'up.txt', 'uploaded');
    assert.equal(made.share_id, link.share_id);
    const parts = done(await visit('/file/list_uploaded_parts', { file_id: made.file_id, upload_id: made.upload_id }));
    assert.deepEqual(parts.uploaded_parts.map(part => part.part_size), [8]);
    const urls = done(await visit('/file/get_upload_url', { file_id: made.file_id, upload_id: made.upload_id, part_info_list: [{ part_number: 1 }] }));
    assert.equal((await put(urls.part_info_list[0].upload_url, Buffer.from('UPLOADED'))).status, 200);
    const file = done(await visit('/file/complete', { file_id: made.file_id, upload_id: made.upload_id }));
    assert.equal(file.share_id, link.share_id);
    assert.equal((await get(await urlOf(visit, file))).text, 'UPLOADED');
    const own = done(await call(s, ann, '/file/get', { drive_id: ann.drive_id, file_id: file.file_id, fields: '*' }));
    assert.equal(own.creator_id, who === 'ben' ? ben.user_id : 'system');
    assert.equal(done(await call(s, ann, '/drive/get', { drive_id: ann.drive_id })).used_size, before + 8);
  });

test('upload: only where the share says, only while it says so', async () => {
  const link = await upShare(), visit = await visitor(s, link);
  const create = (parent_file_id, v = visit) => v('/file/create', { parent_file_id, name: 'n', type: 'folder', check_name_mode: 'auto_rename' });
  done(await create(cc.file_id), 201);
  for (const parent of [bb.file_id, 'root']) refused(await create(parent), 403, 'ForbiddenNoPermission.File');
  refused(await create(aa.file_id), 404, 'NotFound.ParentFileId');
  const made = await upload(visit, cc.file_id, 'half.txt', 'half');
  done(await update(s, ann, link, { creatable: false }));
  refused(await create(cc.file_id), 403, 'ForbiddenNoPermission.File');
  gone(await put(made.part_info_list[0].upload_url, Buffer.from('late')));
  assert.equal((await visit('/file/complete', { file_id: made.file_id, upload_id: made.upload_id })).status, 403);
  done(await update(s, ann, link, { creatable: true }));
  done(await visit('/file/complete', { file_id: made.file_id, upload_id: made.upload_id }));
  refused(await create(cc.file_id, await visitor(s, await share(s, ann, [bb], { creatable: true }))), 403, 'ForbiddenNoPermission.File');
  refused(await create(cc.file_id, await visitor(s, await share(s, ann, [bb], { creatable_file_id_list: [cc.file_id] }))), 403, 'ForbiddenNoPermission.File');
});

test('upload: begun in one share it is not in another, nor outside', async () => {
  const link = await upShare(), other = await upShare(), visit = await visitor(s, link);
  const made = await upload(visit, cc.file_id, 'mine.txt', 'mine'), ids = { file_id: made.file_id, upload_id: made.upload_id };
  const elsewhere = await visitor(s, other), bens = await visitor(s, link, ben);
  for (const v of [elsewhere, bens]) {
    refused(await v('/file/complete', ids), 404, 'NotFound.UploadId');
    refused(await v('/file/list_uploaded_parts', ids), 404, 'NotFound.UploadId');
    refused(await v('/file/get_upload_url', { ...ids, part_info_list: [{ part_number: 1 }] }), 404, 'NotFound.UploadId');
  }
  refused(await call(s, ann, '/file/complete', { drive_id: ann.drive_id, ...ids }), 404, 'NotFound.UploadId');
  const anns = await upload((path, body) => call(s, ann, path, { drive_id: ann.drive_id, ...body }), cc.file_id, 'anns.txt', 'anns');
  refused(await visit('/file/complete', { file_id: anns.file_id, upload_id: anns.upload_id }), 404, 'NotFound.UploadId');
  done(await cancel(s, ann, link), 204);
  gone(await put(made.part_info_list[0].upload_url, Buffer.from('late')));
  refused(await visit('/file/complete', ids), 403, 'ShareLink.Cancelled');
});

test('rapid upload through a share finds only what is shared', async () => {
  const visit = await visitor(s, await upShare());
  const create = file => visit('/file/create', { parent_file_id: cc.file_id, name: 'rapid.txt', type: 'file', size: file.size,
    content_hash: file.content_hash, content_hash_name: 'sha1', check_name_mode: 'auto_rename' });
  assert.equal(done(await create(x), 201).rapid_upload, true);
  assert.equal(done(await create(z), 201).rapid_upload, false);
});
