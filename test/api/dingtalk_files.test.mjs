// Files and folders as this vendor shows them. They are made through the PDS calls: one store.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { startServer } from './harness.mjs';
import { accepted, altered, appToken, DIGITS, dt, header, lenient, refused, SECONDS, walk } from './dingtalk.mjs';
import { pds, pdsFolder, pdsUpload } from './transfer.mjs';

const FOLDER_KEYS = ['spaceId', 'parentId', 'fileId', 'fileName', 'filePath', 'fileType', 'createTime', 'modifyTime',
  'creator', 'modifier'];
const FILE_KEYS = ['spaceId', 'parentId', 'fileId', 'fileName', 'filePath', 'fileType', 'contentType', 'fileExtension',
  'fileSize', 'createTime', 'modifyTime', 'creator', 'modifier'];
const ORDERS = ['createTimeAsc', 'createTimeDesc', 'modifyTimeAsc', 'modifyTimeDesc', 'nameAsc', 'nameDesc', 'sizeAsc',
  'sizeDesc'];

let s, ann, bob, root, token, folder, inner, file, binned;
const bytes = size => Buffer.alloc(size, 'x');
before(async () => {
  s = await startServer();
  ann = await s.person('ann', { drive: true });
  bob = await s.person('bob', { drive: true });
  root = await s.person('root-admin', { admin: true });
  token = await appToken(s, await s.app('tester'));
  folder = await pdsFolder(s, ann, 'docs');
  inner = await pdsFolder(s, ann, '内 a&b', folder.file_id);
  file = await pdsUpload(s, ann, 'a10.txt', [bytes(30)]);
  await pdsUpload(s, ann, 'a2.png', [bytes(20)]);
  await pdsUpload(s, ann, 'B.tar.gz', [bytes(50)]);
  await pdsUpload(s, ann, 'Makefile', [bytes(10)]);
  await pdsUpload(s, ann, 'empty.pdf', [bytes(0)]);
  await pdsFolder(s, ann, 'zoo');
  await pdsUpload(s, ann, 'deep.mp3', [bytes(5)], { parent_file_id: inner.file_id });
  binned = await pdsFolder(s, ann, 'thrown away');
  await pdsFolder(s, ann, 'below', binned.file_id);
  await pds(s, ann, '/v2/recyclebin/trash', { drive_id: ann.drive_id, file_id: binned.file_id }, 204);
});
after(() => s?.stop());

const path = (space = ann.drive_id) => `/v1.0/drive/spaces/${space}/files`;
const list = (query = {}, { space, who = token } = {}) =>
  dt(s, 'GET', path(space), { token: who, query: { unionId: ann.user_id, maxResults: 50, ...query } });
const info = (fileId, { space, unionId = ann.user_id, who = token } = {}) =>
  dt(s, 'GET', `${path(space)}/${fileId}`, { token: who, query: { unionId } });
const names = async query => accepted(await list(query)).files.map(item => item.fileName);

// ---- shapes ----

test('ListFiles: answers files and folders with exactly their fields', async () => {
  const page = accepted(await list());
  assert.deepEqual(Object.keys(page), ['files', 'nextToken']);
  assert.equal(page.nextToken, '');
  assert.equal(page.files.length, 7);
  for (const item of page.files) {
    assert.equal(item.spaceId, ann.drive_id);
    assert.equal(item.parentId, '0');
    assert.match(item.fileId, DIGITS);
    assert.equal(item.filePath, '/' + item.fileName);
    assert.match(item.createTime, SECONDS);
    assert.match(item.modifyTime, SECONDS);
    assert.equal(item.creator, ann.user_id);
    assert.equal(item.modifier, ann.user_id);
    if (item.fileType === 'folder') assert.deepEqual(Object.keys(item), FOLDER_KEYS);
    else if (item.fileName !== 'Makefile') assert.deepEqual(Object.keys(item), FILE_KEYS);
  }
});

test('ListFiles: type, extension, content type and size of each', async () => {
  const files = Object.fromEntries(accepted(await list()).files.map(item => [item.fileName, item]));
  const of = name => [files[name].fileType, files[name].contentType, files[name].fileExtension, files[name].fileSize];
  assert.deepEqual(of('docs'), ['folder', undefined, undefined, undefined]);
  assert.deepEqual(of('a10.txt'), ['file', 'text', 'txt', 30]);
  assert.deepEqual(of('a2.png'), ['file', 'image', 'png', 20]);
  assert.deepEqual(of('B.tar.gz'), ['file', 'archive', 'gz', 50]);
  assert.deepEqual(of('empty.pdf'), ['file', 'document', 'pdf', 0]);
  assert.deepEqual(of('Makefile'), ['file', 'other', undefined, 10]);
});

test('ListFiles: below a folder, paths and parents are those of the folder', async () => {
  const [one] = accepted(await list({ parentId: folder.file_id })).files;
  assert.equal(one.fileId, inner.file_id);
  assert.equal(one.parentId, folder.file_id);
  assert.equal(one.filePath, '/docs/内 a&b');
  const [deep] = accepted(await list({ parentId: inner.file_id })).files;
  assert.equal(deep.filePath, '/docs/内 a&b/deep.mp3');
  assert.equal(deep.contentType, 'audio');
  assert.equal(deep.parentId, inner.file_id);
});

// ---- order and pages ----

test('ListFiles: keeps each of the eight orders', async () => {
  const value = { createTime: item => Date.parse(item.createTime), modifyTime: item => Date.parse(item.modifyTime),
    size: item => item.fileSize ?? 0 };
  for (const orderType of ORDERS) {
    const files = accepted(await list({ orderType })).files;
    assert.equal(files.length, 7, orderType);
    const [, key, direction] = /^(.*)(Asc|Desc)$/.exec(orderType);
    if (key === 'name') {
      const wanted = ['a2.png', 'a10.txt', 'B.tar.gz', 'docs', 'empty.pdf', 'Makefile', 'zoo'];
      assert.deepEqual(files.map(item => item.fileName), direction === 'Asc' ? wanted : wanted.reverse());
      continue;
    }
    const values = files.map(value[key]);
    const sorted = [...values].sort((a, b) => direction === 'Asc' ? a - b : b - a);
    assert.deepEqual(values, sorted, orderType);
  }
});

test('ListFiles: newest first unless asked otherwise', async () => {
  const newest = await names({ orderType: 'createTimeDesc' });
  assert.equal(newest[0], 'zoo');
  assert.deepEqual(await names({}), newest);
  assert.deepEqual(await names({ orderType: '' }), newest);
  assert.deepEqual(await names({ order: 'asc', orderBy: 'name' }), newest);
});

test('ListFiles: pages to the end give what one page gives, in every order', async () => {
  for (const orderType of ORDERS) {
    const whole = accepted(await list({ orderType })).files;
    for (const maxResults of [1, 2, 3]) {
      const query = { unionId: ann.user_id, orderType, maxResults };
      const { items, sizes } = await walk(s, token, path(), 'files', query);
      assert.deepEqual(items, whole, `${orderType} by ${maxResults}`);
      assert.ok(sizes.length > 2);
    }
  }
});

test('ListFiles: an empty folder is an empty list', async () => {
  const empty = await pdsFolder(s, bob, 'empty');
  const answer = await dt(s, 'GET', path(bob.drive_id), { token,
    query: { unionId: bob.user_id, maxResults: 5, parentId: empty.file_id } });
  assert.deepEqual(accepted(answer), { files: [], nextToken: '' });
});

test('ListFiles: a cursor is good for its folder, order and person only', async () => {
  const first = { maxResults: 2, orderType: 'nameAsc' };
  const { nextToken } = accepted(await list(first));
  accepted(await list({ orderType: 'nameAsc', nextToken }));
  refused(await list({ orderType: 'nameDesc', nextToken }), 400, 'param.error');
  refused(await list({ nextToken }), 400, 'param.error');
  refused(await list({ orderType: 'nameAsc', nextToken, parentId: folder.file_id }), 400, 'param.error');
  refused(await list({ orderType: 'nameAsc', nextToken, unionId: bob.user_id }, { space: bob.drive_id }), 400,
    'param.error');
  for (const wrong of [altered(nextToken), nextToken.slice(0, -1), 'x', '1660268242000:2528089682'])
    refused(await list({ orderType: 'nameAsc', nextToken: wrong }), 400, 'param.error');
});

// ---- parameters ----

test('ListFiles: maxResults is 1 to 50', async () => {
  accepted(await list({ maxResults: 1 }));
  accepted(await list({ maxResults: 50 }));
  refused(await list({ maxResults: 51 }), 400, 'param.error.maxresults');
  for (const maxResults of [0, -1, 'abc']) refused(await list({ maxResults }), 400, 'param.error');
  refused(await list({ maxResults: undefined }), 400, 'MissingmaxResults');
});

test('ListFiles: refuses words that are not on the page', async () => {
  for (const orderType of ['nameasc', 'name', 'createTime'])
    refused(await list({ orderType }), 400, 'param.error');
  for (const withIcon of ['1', 'TRUE', 'yes']) refused(await list({ withIcon }), 400, 'param.error');
});

test('ListFiles: withIcon is taken, and what is not made here is said', async () => {
  const answer = await list({ withIcon: true });
  assert.equal(accepted(answer).files.length, 7);
  assert.match(header(answer, 'x-polydrive-unsupported'), /withIcon/);
  assert.equal(header(await list({ withIcon: false }), 'x-polydrive-unsupported'), undefined);
});

test('ListFiles: the root is 0, empty or absent', async () => {
  const whole = accepted(await list());
  for (const parentId of ['0', '', undefined]) {
    const answer = await list({ parentId });
    assert.deepEqual(accepted(answer), whole);
    assert.equal(lenient(answer), undefined);
  }
});

test('ListFiles: a parent that is no live folder of the space is not there', async () => {
  const others = await pdsFolder(s, bob, 'others');
  for (const parentId of ['9007199254740991', file.file_id, binned.file_id, others.file_id, '99999999999999999999'])
    assert.equal(refused(await list({ parentId }), 404, 'parent.not.exist'), 'Parent folder is not exist.');
  for (const parentId of ['root', '-1', 'abc']) refused(await list({ parentId }), 400, 'param.error');
});

test('ListFiles: a space that the person may not see is like one that is not there', async () => {
  const hidden = refused(await list({ unionId: bob.user_id }), 404, 'object.not.exist');
  assert.equal(hidden, 'File does not exist or has been deleted.');
  refused(await list({}, { space: '9007199254740991' }), 404, 'object.not.exist');
  refused(await list({ unionId: bob.user_id }, { who: bob.token }), 404, 'object.not.exist');
  refused(await list({ unionId: root.user_id }), 404, 'object.not.exist');
  refused(await list({ unionId: root.user_id, parentId: '9007199254740991' }), 404, 'object.not.exist');
  refused(await list({}, { space: 'abc' }), 400, 'param.error');
});

test('ListFiles: asks for unionId and a token', async () => {
  refused(await list({ unionId: undefined }), 400, 'MissingunionId');
  refused(await list({ unionId: 'nobody' }), 400, 'param.error');
  refused(await list({ unionId: bob.user_id }, { who: ann.token }), 400, 'no.priviledge');
  refused(await list({}, { who: 'x' }), 400, 'InvalidAuthentication');
  assert.deepEqual(accepted(await list({}, { who: ann.token })), accepted(await list()));
});

// ---- GetFileInfo ----

test('GetFileInfo: is the very object of the list', async () => {
  for (const item of accepted(await list()).files)
    assert.deepEqual(accepted(await info(item.fileId)), item);
  const [deep] = accepted(await list({ parentId: inner.file_id })).files;
  assert.deepEqual(accepted(await info(deep.fileId)), deep);
});

test('GetFileInfo: 0 is the root folder', async () => {
  const space = accepted(await info('0'));
  assert.equal(space.fileId, '0');
  assert.equal(space.filePath, '/');
  assert.equal(space.fileType, 'folder');
  assert.equal(space.parentId, undefined);
});

test('GetFileInfo: what is absent, thrown away or not to be seen is not there', async () => {
  const below = await pdsFolder(s, bob, 'of bob');
  for (const fileId of ['9007199254740991', binned.file_id, below.file_id, '99999999999999999999'])
    assert.equal(refused(await info(fileId), 404, 'object.not.exist'), 'File does not exist or has been deleted.');
  refused(await info(file.file_id, { unionId: bob.user_id }), 404, 'object.not.exist');
  refused(await info(file.file_id, { space: bob.drive_id, unionId: bob.user_id }), 404, 'object.not.exist');
  refused(await info(file.file_id, { unionId: root.user_id }), 404, 'object.not.exist');
});

test('GetFileInfo: asks for ids of digits, unionId and a token', async () => {
  for (const fileId of ['abc', 'root', '-1', '1%2F2']) refused(await info(fileId), 400, 'param.error');
  refused(await info(file.file_id, { space: 'abc' }), 400, 'param.error');
  refused(await info(file.file_id, { unionId: null }), 400, 'MissingunionId');
  refused(await info(file.file_id, { unionId: 'nobody' }), 400, 'param.error');
  refused(await info(file.file_id, { who: null }), 400, 'InvalidAuthentication');
  refused(await info(file.file_id, { unionId: bob.user_id, who: ann.token }), 400, 'no.priviledge');
});

test('spaces and PDS drives are one: usedQuota counts what was uploaded', async () => {
  const space = accepted(await dt(s, 'GET', '/v1.0/drive/mySpaces', { token, query: { unionId: ann.user_id } }));
  assert.equal(space.usedQuota, 30 + 20 + 50 + 10 + 0 + 5);
});
