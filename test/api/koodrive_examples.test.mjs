// KooDrive: every request form of the vendor's own examples, with our ids and token, against the
// published shape; each leniency it needs is flagged, and refused under --strict.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startServer } from './harness.mjs';
import { P, folder, isRefused, proper, sha256, upload } from './koodrive.mjs';

let s, strict, ann, annStrict;
before(async () => {
  s = await startServer();
  strict = await startServer({ args: ['--strict'] });
  ann = await s.person('ann', { drive: true });
  annStrict = await strict.person('ann', { drive: true });
});
after(async () => { try { await s?.stop(); } finally { await strict?.stop(); } });

// Sends it to both servers. lenient: the fields that must be flagged, in any order.
async function example(method, path, body, { headers = {}, lenient = [], form = 'Bearer+' } = {}) {
  const send = (server, who) => server.call(method, P + (typeof path === 'function' ? path(who) : path),
    { body: typeof body === 'function' ? body(who) : body,
      headers: { Authorization: form + who.token, ...(typeof headers === 'function' ? headers(who) : headers) } });
  const r = await send(s, ann), refused = await send(strict, annStrict);
  assert.equal(r.status, 200, r.text);
  const flags = r.headers['x-polydrive-lenient'];
  const named = flags ? flags.split('; ').map(flag => flag.split(': ')[0]) : [];
  assert.deepEqual([...new Set(named)].sort(), [...lenient].sort(), flags);
  if (lenient.length) assert.ok(refused.status === 400 || refused.status === 401, refused.text);
  else assert.equal(refused.status, 200, refused.text);
  return r.body;
}

const HEADERS = ['X-Date', 'X-User-Id'];

// ---- files/{type} ----

// The example of the page: pageSize is text, what is not wanted is an empty text, one header alone.
const published = who => ({ containerId: who.drive_id, parentFileId: 'root', pageInfo: { pageSize: '10', pageCursor: '' },
  sortInfo: { sortType: '', sortDirection: '' }, fileType: '', fileName: '' });

test('koodrive example: Listing Files in a Space, as the page sends it', async () => {
  const dir = await folder(s, ann, 'example');
  const file = await upload(s, ann, 'test.docx', 'example');
  const body = await example('POST', '/files/0', published, { lenient: [...HEADERS, 'pageSize', 'sortType', 'sortDirection', 'fileType'] });
  assert.deepEqual(Object.keys(body), ['category', 'searchCompleted', 'files', 'code', 'msg']);
  assert.equal(body.category, 'drive#fileList');
  assert.equal(body.code, 0);
  assert.deepEqual(new Set(body.files.map(f => f.id)), new Set([dir.id, file.fileId]));
  const order = ['id', 'fileName', 'mimeType', 'fileSuffix', 'recycled', 'parentFolder', 'containers', 'properties', 'owners',
    'lastEditor', 'fileType', 'createdTime', 'editedTime', 'favorite'];
  for (const f of body.files) assert.deepEqual(Object.keys(f).slice(0, order.length), order);
});

const plain = { headers: proper };
const base = who => ({ containerId: who.drive_id, parentFileId: 'root' });

for (const [name, more, flagged] of [
  ['pageSize "10"', { pageInfo: { pageSize: '10' } }, 'pageSize'],
  ['pageSize ""', { pageInfo: { pageSize: '' } }, 'pageSize'],
  ['sortType ""', { sortInfo: { sortType: '' } }, 'sortType'],
  ['sortType "1"', { sortInfo: { sortType: '1' } }, 'sortType'],
  ['sortDirection ""', { sortInfo: { sortDirection: '' } }, 'sortDirection'],
  ['fileType ""', { fileType: '' }, 'fileType'],
  ['fileName ""', { fileName: '' }, null],
  ['pageCursor ""', { pageInfo: { pageCursor: '' } }, null],
  ['nulls', { pageInfo: null, sortInfo: null, fileType: null, fileName: null, imageProcess: null, hidden: null }, null],
])
  test(`koodrive example: files/{type} with ${name}`, async () => {
    const body = await example('POST', '/files/0', who => ({ ...base(who), ...more }), { ...plain, lenient: flagged ? [flagged] : [] });
    assert.equal(body.category, 'drive#fileList');
  });

test('koodrive example: files/{type} with the headers of the page', async () => {
  const trace = 'f'.repeat(58);
  const headers = who => ({ ...proper(who), Host: undefined, 'X-Traceid': trace, language: 'en-US', 'Content-Type': 'application/json' });
  const clean = who => Object.fromEntries(Object.entries(headers(who)).filter(([, value]) => value !== undefined));
  for (const type of [0, 1]) await example('POST', `/files/${type}`, base, { headers: clean });
  for (const language of ['en_us', 'zh-CN']) await example('POST', '/files/0', base, { headers: who => ({ ...clean(who), language }) });
});

for (const missing of HEADERS)
  test(`koodrive example: files/{type} without ${missing}`, async () => {
    const headers = who => Object.fromEntries(Object.entries(proper(who)).filter(([name]) => name !== missing));
    await example('POST', '/files/0', base, { headers, lenient: [missing] });
  });

// ---- sharefolder/list ----

test('koodrive example: Listing Shared Folders, as the page sends it', async () => {
  for (const name of ['Family pictures', 'Our Family']) {
    const r = await s.call('POST', `${P}/sharefolder/create`, { token: ann.token, headers: proper(ann),
      body: { shareType: 0, containerId: ann.drive_id, name } });
    assert.equal(r.status, 200, r.text);
  }
  const body = await example('GET', '/sharefolder/list?limit=100&keyWord=Family&queryType=0', undefined, { lenient: [...HEADERS, 'offset'] });
  assert.deepEqual(Object.keys(body), ['folders', 'code', 'msg']);
  assert.deepEqual(body.folders.map(f => f.name), ['Our Family', 'Family pictures']);
  for (const f of body.folders) {
    assert.deepEqual(Object.keys(f).sort(), ['containerId', 'createTime', 'creator', 'groupId', 'id', 'maxMember', 'name', 'ownerId',
      'shareFolderFileId', 'status', 'tenantId']);
    assert.equal(typeof f.ownerId, 'number');
    assert.ok(Number.isSafeInteger(f.ownerId));
    assert.equal(typeof f.groupId, 'string');
    assert.equal(f.status, 0);
  }
});

test('koodrive example: sharefolder/list with all its parameters needs no leniency', async () => {
  await example('GET', '/sharefolder/list?offset=0&limit=1000&keyWord=&status=0&queryType=1', undefined, plain);
  assert.deepEqual((await example('GET', '/sharefolder/list?offset=0&limit=10&status=1', undefined, plain)).folders, []);
});

test('koodrive example: sharefolder/list without offset', async () => {
  await example('GET', '/sharefolder/list?limit=10', undefined, { ...plain, lenient: ['offset'] });
});

test('koodrive example: sharefolder/list without limit is refused', async () => {
  for (const query of ['offset=0', 'offset=0&limit=', 'offset=0&limit=0', 'offset=0&limit=1001', 'offset=0&limit=ten'])
    isRefused(await s.call('GET', `${P}/sharefolder/list?${query}`, { token: ann.token, headers: proper(ann) }), 13000102, 400, 'limit');
});

// ---- tokens ----

for (const [form, lenient] of [['Bearer+', false], ['Bearer ', false], ['AT+', false], ['AT ', false], ['', true], ['Bearer+AT ', true], ['Bearer%2B', true]])
  test(`koodrive example: Authorization: ${form}TOKEN`, async () => {
    await example('POST', '/files/0', base, { ...plain, form, lenient: lenient ? ['Authorization'] : [] });
  });

// ---- the other operations ----

test('koodrive example: an upload, a folder, details and addresses as the pages write them', async () => {
  const bytes = Buffer.from('vendor example');
  const headers = proper;
  const made = await example('POST', '/directory', who => ({ fileName: 'new folder', fileType: '10', containerId: who.drive_id, parentFolder: [],
    renameMode: 2, createdTime: '2024-01-04T10:54:03.000Z', editedTime: '2024-01-04T10:54:03.000Z', description: '' }), { headers });
  assert.equal(made.createdTime, '2024-01-04T10:54:03.000Z');
  const created = await example('POST', '/files/create', who => ({ fileName: 'test.zip', fileType: '35', parentFolder: ['root'], length: bytes.length,
    uploadMode: 'multipart', uploadType: 1, autoRename: 2, containerId: who.drive_id, sha256: sha256(bytes), preHash: sha256(bytes), proofCode: 'any',
    multiParts: [{ partNumber: 1, partSize: bytes.length }], createdTime: '2024-01-04 10:54:03' }), { headers });
  assert.deepEqual(Object.keys(created), ['fileId', 'rapidUpload', 'containerId', 'fileName', 'uploadId', 'parentFolder', 'exist', 'multiParts', 'code', 'msg']);
  assert.deepEqual(Object.keys(created.multiParts[0]), ['partNumber', 'partSize', 'partId', 'uploadUrl']);
  const sent = await fetch(created.multiParts[0].uploadUrl, { method: 'PUT', body: bytes });
  assert.equal(sent.status, 200);
  assert.ok(sent.headers.get('etag'));
  for (let i = 0; i < 2; i++) {
    const done = await s.call('POST', `${P}/files/complete`, { token: ann.token, headers: proper(ann), body: { fileId: created.fileId, sha256: sha256(bytes) } });
    assert.deepEqual(done.body, { code: 0, msg: 'Success.' });
  }
});

for (const [name, more, flagged] of [
  ['numbers as text', { length: '3', uploadType: '1', autoRename: '2' }, ['length', 'uploadType', 'autoRename']],
  ['no autoRename', { autoRename: undefined }, ['autoRename']],
  ['a time of the share pages', { createdTime: '20240104105403' }, ['createdTime']],
])
  test(`koodrive example: files/create with ${name}`, async () => {
    await example('POST', '/files/create', who => ({ fileName: `${name}.bin`, fileType: '45', parentFolder: ['root'], length: 3, uploadMode: 'multipart',
      uploadType: 1, autoRename: 2, containerId: who.drive_id, ...more }), { ...plain, lenient: flagged });
  });
