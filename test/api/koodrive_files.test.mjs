// KooDrive: folders, uploads, details, download addresses.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startServer } from './harness.mjs';
import { P, bad, folder, good, isRefused, koo, list, listAll, put, proper, sha256, trash, upload, wanted } from './koodrive.mjs';

let s, ann, bob;
before(async () => {
  s = await startServer();
  ann = await s.person('ann', { drive: true });
  bob = await s.person('bob', { drive: true });
});
after(() => s?.stop());

const MiB = 1024 * 1024;
const bytesOf = (n, seed = 1) => { const b = Buffer.alloc(n); for (let i = 0; i < n; i++) b[i] = (i * 31 + seed + (i >> 8)) & 255; return b; };
const STAMPED = /^(.*)_\d{8}_\d{6}(_\d+)?(\.[^.]*)?$/;
const create = (who, name, length, more) => ['POST', '/files/create', wanted(who, name, length, more)];
const detail = (who, id, more = {}) => ['POST', `/files/${id}/detail`, { containerId: who.drive_id, ...more }];

// ---- folders ----

test('koodrive directory: answers the object of a file\'s details', async () => {
  const made = await folder(s, ann, 'photos', 'root', { description: 'of the family', hidden: true });
  assert.equal(made.fileName, 'photos');
  assert.equal(made.hidden, true);
  assert.equal(made.mimeType, 'application/vnd.huawei-apps.folder');
  assert.equal(made.size, undefined);
  assert.deepEqual(made, await good(s, ann, ...detail(ann, made.id)));
});

test('koodrive directory: the times are those that were asked for', async () => {
  const times = { createdTime: '2024-01-02T03:04:05.678Z', editedTime: '2025-02-03T04:05:06.789Z' };
  const made = await folder(s, ann, 'of old', 'root', times);
  for (const shown of [made, await good(s, ann, ...detail(ann, made.id)), (await listAll(s, ann)).files.find(f => f.id === made.id)])
    assert.deepEqual({ createdTime: shown.createdTime, editedTime: shown.editedTime }, times);
});

test('koodrive directory: stands where parentFolder says, by default in the root', async () => {
  const ask = { fileName: 'a', fileType: '10', containerId: ann.drive_id };
  const top = await good(s, ann, 'POST', '/directory', ask);
  const also = await good(s, ann, 'POST', '/directory', { ...ask, fileName: 'b', parentFolder: [] });
  const below = await good(s, ann, 'POST', '/directory', { ...ask, parentFolder: [top.id, 'ignored'] });
  assert.deepEqual(top.parentFolder, also.parentFolder);
  assert.deepEqual(below.parentFolder, [top.id]);
  assert.equal(below.idPath, `${top.idPath}/${below.id}`);
});

test('koodrive directory: a taken name is refused with the one in the way, or stamped', async () => {
  const first = await folder(s, ann, 'taken');
  for (const more of [{}, { renameMode: 3 }]) {
    const r = await bad(s, ann, 'POST', '/directory', { fileName: 'taken', fileType: '10', containerId: ann.drive_id, ...more }, 13000405);
    assert.deepEqual(r.body.error.errorData, { conflictFileId: first.id });
  }
  const names = new Set();
  for (let i = 0; i < 3; i++) names.add((await folder(s, ann, 'taken', 'root', { renameMode: 2 })).fileName);
  assert.equal(names.size, 3);
  for (const name of names) assert.match(name, STAMPED);
});

test('koodrive directory: every field is checked', async () => {
  const fine = { fileName: 'x', fileType: '10', containerId: ann.drive_id };
  for (const [change, code, param] of [
    [{ fileName: undefined }, 13000102, 'fileName'], [{ fileName: '' }, 13000102, 'fileName'], [{ fileName: '.' }, 13000102, 'fileName'],
    [{ fileName: '..' }, 13000102, 'fileName'], [{ fileName: 'x'.repeat(251) }, 13000417, 'fileName'],
    ...[...'<>|:"*?/\\\n\t'].map(c => [{ fileName: `a${c}b` }, 13000102, 'fileName']),
    [{ fileType: undefined }, 13000102, 'fileType'], [{ fileType: '45' }, 13000102, 'fileType'], [{ fileType: 10 }, 13000102, 'fileType'],
    [{ containerId: undefined }, 13000102, 'containerId'], [{ renameMode: 4 }, 13000102, 'renameMode'], [{ renameMode: 1 }, 13000102, 'renameMode'],
    [{ parentFolder: 'root' }, 13000102, 'parentFolder'], [{ parentFolder: [''] }, 13000102, 'parentFolder'],
    [{ createdTime: 'yesterday' }, 13000102, 'createdTime'], [{ editedTime: '2024-02-30T00:00:00Z' }, 13000102, 'editedTime'],
    [{ description: 'x'.repeat(513) }, 13000102, 'description'], [{ description: '🎉' }, 13000102, 'description'],
    [{ hidden: 'yes' }, 13000102, 'hidden'],
    [{ containerId: bob.drive_id }, 13000301], [{ parentFolder: ['12345678'] }, 13000309], [{ parentFolder: ['sbox'] }, 13000309],
  ]) await bad(s, ann, 'POST', '/directory', { ...fine, ...change }, code, { param });
  const smart = await bad(s, ann, 'POST', '/directory', { ...fine, smartFolderAttr: {} }, 13000102);
  assert.equal(smart.headers['x-polydrive-unsupported'], 'smartFolderAttr');
  await folder(s, ann, '家'.repeat(250));
});

test('koodrive directory: not in a file, not in the bin, not too deep', async () => {
  const file = await upload(s, ann, 'no folder.txt', 'x'), gone = await folder(s, ann, 'gone');
  await trash(s, ann, gone.id);
  const into = id => ['POST', '/directory', { fileName: 'x', fileType: '10', containerId: ann.drive_id, parentFolder: [id] }];
  await bad(s, ann, ...into(file.fileId), 13000304);
  await bad(s, ann, ...into(gone.id), 13000305);
  let at = 'root', r;
  for (let i = 0; i < 200; i++) {
    r = await koo(s, ann, 'POST', '/directory', { fileName: 'd', fileType: '10', containerId: ann.drive_id, parentFolder: [at], renameMode: 2 });
    if (r.status !== 200) break;
    at = r.body.id;
  }
  isRefused(r, 13000310);
});

// ---- uploads ----

test('koodrive upload: one part, and the file is there only when it is complete', async () => {
  const who = await s.person('una', { drive: true });
  const bytes = bytesOf(70_000);
  const made = await good(s, who, ...create(who, 'one.bin', bytes.length));
  assert.deepEqual(Object.keys(made), ['fileId', 'rapidUpload', 'containerId', 'fileName', 'uploadId', 'parentFolder', 'exist', 'multiParts', 'code', 'msg']);
  assert.deepEqual([made.rapidUpload, made.exist, made.containerId, made.fileName], [false, false, who.drive_id, 'one.bin']);
  assert.equal(made.multiParts.length, 1);
  assert.deepEqual([made.multiParts[0].partNumber, made.multiParts[0].partSize], [1, bytes.length]);
  assert.deepEqual((await list(s, who)).files, []);
  await bad(s, who, ...detail(who, made.fileId), 13000309);
  await bad(s, who, 'POST', '/files/complete', { fileId: made.fileId }, 13000402);
  const sent = await put(made.multiParts[0].uploadUrl, bytes);
  assert.equal(sent.status, 200);
  assert.ok(sent.headers.get('etag'));
  assert.deepEqual((await list(s, who)).files, []);
  await good(s, who, 'POST', '/files/complete', { fileId: made.fileId, sha256: sha256(bytes) });
  await good(s, who, 'POST', '/files/complete', { fileId: made.fileId });
  const [file] = (await list(s, who)).files;
  assert.deepEqual([file.id, file.size, file.sha256], [made.fileId, bytes.length, sha256(bytes)]);
  const { downloads: [{ url }] } = await good(s, who, 'POST', '/files/download', { containerId: who.drive_id, fileIds: [file.id] });
  assert.deepEqual(Buffer.from(await (await fetch(url)).arrayBuffer()), bytes);
});

test('koodrive upload: parts in any order, renewed URLs, a replaced part', async () => {
  const who = await s.person('vic', { drive: true });
  const bytes = bytesOf(11 * MiB + 5, 7), size = 5 * MiB;
  const part = n => bytes.subarray((n - 1) * size, n * size);
  const made = await good(s, who, ...create(who, 'three.bin', bytes.length, { multiParts: [{ partNumber: 1, partSize: size }] }));
  assert.equal(made.multiParts.length, 1);
  const more = await good(s, who, 'POST', '/files/multipart/uploadUrl', { fileId: made.fileId,
    multiParts: [{ partNumber: 2, partSize: size }, { partNumber: 3, partSize: bytes.length - 2 * size }] });
  assert.deepEqual(Object.keys(more), ['multiParts', 'code', 'msg']);
  assert.deepEqual(more.multiParts.map(p => p.partNumber), [2, 3]);
  assert.equal((await put(more.multiParts[1].uploadUrl, part(3))).status, 200);
  await bad(s, who, 'POST', '/files/complete', { fileId: made.fileId }, 13000402);
  assert.equal((await put(made.multiParts[0].uploadUrl, bytesOf(size, 99))).status, 200);
  assert.equal((await put(more.multiParts[0].uploadUrl, part(2))).status, 200);
  await bad(s, who, 'POST', '/files/complete', { fileId: made.fileId, sha256: sha256(bytes) }, 13000402);
  assert.equal((await put(made.multiParts[0].uploadUrl, part(1))).status, 200);
  await good(s, who, 'POST', '/files/complete', { fileId: made.fileId, sha256: sha256(bytes).toUpperCase() });
  assert.equal((await list(s, who)).files[0].sha256, sha256(bytes));
  await bad(s, who, 'POST', '/files/multipart/uploadUrl', { fileId: made.fileId, multiParts: [{ partNumber: 1, partSize: 1 }] }, 13000401);
});

test('koodrive upload: what is shorter than announced, or of another digest, is not complete', async () => {
  const made = await good(s, ann, ...create(ann, 'short.bin', 10));
  await put(made.multiParts[0].uploadUrl, 'five.');
  await bad(s, ann, 'POST', '/files/complete', { fileId: made.fileId }, 13000402);
  const announced = await good(s, ann, ...create(ann, 'digest.bin', 5, { sha256: sha256('right') }));
  await put(announced.multiParts[0].uploadUrl, 'wrong');
  await bad(s, ann, 'POST', '/files/complete', { fileId: announced.fileId }, 13000402);
  await bad(s, ann, 'POST', '/files/complete', { fileId: announced.fileId, sha256: sha256('wrong') }, 13000402);
  await put(announced.multiParts[0].uploadUrl, 'right');
  await good(s, ann, 'POST', '/files/complete', { fileId: announced.fileId, sha256: sha256('right') });
});

test('koodrive upload: an empty file', async () => {
  const made = await upload(s, ann, 'empty.txt', '');
  const file = await good(s, ann, ...detail(ann, made.fileId));
  assert.deepEqual([file.size, file.sha256], [0, sha256('')]);
});

test('koodrive upload: what the caller can read is not sent again; what others have is', async () => {
  const bytes = bytesOf(100_000, 3), more = { sha256: sha256(bytes) };
  const first = await upload(s, ann, 'original.bin', bytes);
  const again = await good(s, ann, ...create(ann, 'copy.bin', bytes.length, more));
  assert.deepEqual([again.rapidUpload, again.exist, again.multiParts, again.uploadId], [true, false, undefined, undefined]);
  assert.notEqual(again.fileId, first.fileId);
  const file = await good(s, ann, ...detail(ann, again.fileId));
  assert.deepEqual([file.size, file.sha256], [bytes.length, sha256(bytes)]);
  await good(s, ann, 'POST', '/files/complete', { fileId: again.fileId });
  // another user's is as if it were not there, by answer and by what must be sent
  const foreign = await good(s, bob, ...create(bob, 'copy.bin', bytes.length, { ...more, preHash: sha256(bytes.subarray(0, 1024)), proofCode: 'x' }));
  assert.deepEqual([foreign.rapidUpload, foreign.exist], [false, false]);
  const wrongSize = await good(s, ann, ...create(ann, 'other size.bin', bytes.length + 1, more));
  assert.equal(wrongSize.rapidUpload, false);
});

test('koodrive upload: a taken name is refused, stamped, or found to be the same', async () => {
  const who = await s.person('wim', { drive: true });
  const first = await upload(s, who, 'test.zip', 'one');
  const clash = await bad(s, who, ...create(who, 'test.zip', 3), 13000405);
  assert.deepEqual(clash.body.error.errorData, { conflictFileId: first.fileId });
  const stamped = await good(s, who, ...create(who, 'test.zip', 3, { autoRename: 2 }));
  await put(stamped.multiParts[0].uploadUrl, 'two');
  await new Promise(resolve => setTimeout(resolve, 1100)); // another second, another timestamp
  await good(s, who, 'POST', '/files/complete', { fileId: stamped.fileId });
  const { files } = await listAll(s, who);
  const file = files.find(f => f.id === stamped.fileId);
  assert.match(file.fileName, STAMPED);
  assert.match(file.fileName, /^test_.*\.zip$/);
  assert.equal(stamped.fileName, file.fileName, 'the final name is told when it is created');
  const same = await good(s, who, ...create(who, 'test.zip', 3, { autoRename: 4, sha256: sha256('one') }));
  assert.deepEqual([same.exist, same.fileId, same.fileName, same.rapidUpload, same.multiParts], [true, first.fileId, 'test.zip', false, undefined]);
  const differs = await good(s, who, ...create(who, 'test.zip', 3, { autoRename: 4, sha256: sha256('six') }));
  assert.deepEqual([differs.exist, differs.rapidUpload], [false, false]);
  assert.match(differs.fileName, STAMPED);
  assert.equal((await listAll(s, who)).files.length, 2);
});

test('koodrive upload: two that race for a name: one wins', async () => {
  const a = await good(s, ann, ...create(ann, 'race.bin', 1)), b = await good(s, ann, ...create(ann, 'race.bin', 1));
  for (const made of [a, b]) await put(made.multiParts[0].uploadUrl, 'x');
  await good(s, ann, 'POST', '/files/complete', { fileId: a.fileId });
  const r = await bad(s, ann, 'POST', '/files/complete', { fileId: b.fileId }, 13000405);
  assert.deepEqual(r.body.error.errorData, { conflictFileId: a.fileId });
});

test('koodrive upload: no more than the space holds, counting what is open', async () => {
  const who = await s.person('xia', { drive: true });
  await s.cli('drive', 'quota', who.drive_id, '1000');
  await upload(s, who, 'a', 'x'.repeat(400));
  const open = await good(s, who, ...create(who, 'b', 500));
  await bad(s, who, ...create(who, 'c', 101), 13000311);
  await upload(s, who, 'c', 'x'.repeat(100));
  await put(open.multiParts[0].uploadUrl, 'x'.repeat(500));
  await good(s, who, 'POST', '/files/complete', { fileId: open.fileId });
  await bad(s, who, ...create(who, 'd', 1), 13000311);
  const same = await koo(s, who, ...create(who, 'e', 400, { sha256: sha256('x'.repeat(400)) }));
  isRefused(same, 13000311);
});

test('koodrive upload: only its maker goes on with it', async () => {
  const made = await good(s, ann, ...create(ann, 'mine.bin', 1));
  for (const fileId of [made.fileId, '12345678', 'x', made.uploadId]) {
    await bad(s, bob, 'POST', '/files/complete', { fileId }, 13000401);
    await bad(s, bob, 'POST', '/files/multipart/uploadUrl', { fileId, multiParts: [{ partNumber: 1, partSize: 1 }] }, 13000401);
  }
  const file = await upload(s, ann, 'finished.bin', 'x');
  await bad(s, bob, 'POST', '/files/complete', { fileId: file.fileId }, 13000401);
});

test('koodrive upload: not into a file, the bin, or what is not there', async () => {
  const file = await upload(s, ann, 'plain.txt', 'x'), gone = await folder(s, ann, 'gone too');
  const inside = await good(s, ann, ...create(ann, 'late.bin', 1, { parentFolder: [gone.id] }));
  await put(inside.multiParts[0].uploadUrl, 'x');
  await trash(s, ann, gone.id);
  await bad(s, ann, ...create(ann, 'x', 1, { parentFolder: [file.fileId] }), 13000304);
  await bad(s, ann, ...create(ann, 'x', 1, { parentFolder: [gone.id] }), 13000404);
  await bad(s, ann, ...create(ann, 'x', 1, { parentFolder: ['12345678'] }), 13000309);
  await bad(s, ann, ...create(ann, 'x', 1, { containerId: bob.drive_id }), 13000301);
  await bad(s, ann, 'POST', '/files/complete', { fileId: inside.fileId }, 13000404);
});

test('koodrive upload: every field is checked', async () => {
  const GB = 1024 ** 3;
  const part = (partNumber, partSize, more) => ({ partNumber, partSize, ...more });
  const hash = [1, 2, 3, 4, 5, 6, 7, 4294967295];
  for (const [change, code, param] of [
    [{ fileName: undefined }, 13000102, 'fileName'], [{ fileName: 'x'.repeat(251) }, 13000417, 'fileName'], [{ fileName: 'a:b' }, 13000102, 'fileName'],
    [{ fileType: undefined }, 13000102, 'fileType'], [{ fileType: '10' }, 13000102, 'fileType'], [{ fileType: 45 }, 13000102, 'fileType'],
    [{ parentFolder: undefined }, 13000102, 'parentFolder'], [{ parentFolder: [] }, 13000102, 'parentFolder'], [{ parentFolder: 'root' }, 13000102, 'parentFolder'],
    [{ length: undefined }, 13000102, 'length'], [{ length: -1 }, 13000102, 'length'], [{ length: 200 * GB + 1 }, 13000102, 'length'], [{ length: 1.5 }, 13000102, 'length'],
    [{ uploadMode: undefined }, 13000102, 'uploadMode'], [{ uploadMode: 'post' }, 13000102, 'uploadMode'], [{ uploadMode: 'put', length: 5 * GB + 1 }, 13000102, 'length'],
    [{ uploadType: undefined }, 13000102, 'uploadType'], [{ uploadType: 0 }, 13000102, 'uploadType'], [{ uploadType: 2 }, 13000102, 'uploadType'],
    [{ autoRename: 1 }, 13000102, 'autoRename'], [{ autoRename: 5 }, 13000102, 'autoRename'],
    [{ sha256: 'x'.repeat(64) }, 13000102, 'sha256'], [{ sha256: 'a'.repeat(63) }, 13000102, 'sha256'], [{ sha256: 'a'.repeat(66) }, 13000102, 'sha256'],
    [{ preHash: 'abc' }, 13000102, 'preHash'], [{ description: 'x'.repeat(513) }, 13000102, 'description'], [{ createdTime: 'x' }, 13000102, 'createdTime'],
    [{ multiParts: 'x' }, 13000102, 'multiParts'], [{ multiParts: [{}] }, 13000102, 'partNumber'],
    [{ multiParts: [part(0, 5)] }, 13000102, 'partNumber'], [{ multiParts: [part(10001, 5)] }, 13000102, 'partNumber'],
    [{ multiParts: [part(1, -1)] }, 13000102, 'partSize'], [{ multiParts: [part(1, 5 * GB + 1)], length: 100 * GB }, 13000102, 'partSize'],
    [{ multiParts: [part(1, 11)] }, 13000102, 'partSize'],
    [{ multiParts: [part(1, 5 * MiB - 1), part(2, 1)], length: 5 * MiB }, 13000102, 'partSize'],
    [{ multiParts: [part(1, 5), part(1, 5)] }, 13000102, 'partNumber'],
    [{ multiParts: [part(1, 5 * MiB + 1, { partOffset: 0 }), part(2, 1, { partOffset: 5 * MiB + 1, hashCtx: hash })], length: 6 * MiB }, 13000102, 'partSize'],
    [{ multiParts: [part(1, 5 * MiB, { partOffset: 0 }), part(2, 1, { partOffset: 5 * MiB })], length: 6 * MiB }, 13000102, 'hashCtx'],
    [{ multiParts: [part(2, 5, { hashCtx: [1, 2] })] }, 13000102, 'hashCtx'], [{ multiParts: [part(2, 5, { hashCtx: [4294967296, ...hash.slice(1)] })] }, 13000102, 'hashCtx'],
  ]) await bad(s, ann, ...create(ann, 'field.bin', 10, change), code, { param });
  await good(s, ann, ...create(ann, 'parallel.bin', 6 * MiB, { multiParts: [part(1, 5 * MiB, { partOffset: 0 }), part(2, MiB, { partOffset: 5 * MiB, hashCtx: hash })] }));
  const put5 = await good(s, ann, ...create(ann, 'put.bin', 1, { uploadMode: 'put' }));
  assert.equal(put5.multiParts.length, 1);
  const big = await good(s, ann, ...create(ann, 'big.bin', 11 * GB));
  assert.deepEqual(big.multiParts.map(p => p.partSize), [5 * GB, 5 * GB, GB]);
  await good(s, ann, ...create(ann, 'biggest.bin', 200 * GB));
  for (const [body, param] of [[{ fileId: undefined }, 'fileId'], [{ fileId: '' }, 'fileId'], [{ fileId: 'x'.repeat(65) }, 'fileId'], [{ fileId: '1', sha256: 'zz' }, 'sha256']])
    await bad(s, ann, 'POST', '/files/complete', body, 13000102, { param });
  for (const [body, param] of [[{ fileId: '1' }, 'multiParts'], [{ fileId: '1', multiParts: [] }, 'multiParts'], [{ multiParts: [part(1, 1)] }, 'fileId']])
    await bad(s, ann, 'POST', '/files/multipart/uploadUrl', body, 13000102, { param });
});

test('koodrive upload: ten thousand parts are asked for at once', async () => {
  const multiParts = Array.from({ length: 10_000 }, (_, i) => ({ partNumber: i + 1, partSize: 5 * MiB }));
  const made = await good(s, ann, ...create(ann, 'many.bin', 10_000 * 5 * MiB, { multiParts }));
  assert.equal(made.multiParts.length, 10_000);
  assert.equal(new Set(made.multiParts.map(p => p.uploadUrl)).size, 10_000);
  await bad(s, ann, 'POST', '/files/multipart/uploadUrl', { fileId: made.fileId, multiParts: [...multiParts, { partNumber: 10_000, partSize: 1 }] }, 13000102);
});

test('koodrive upload: what is open survives a restart', async () => {
  const who = await s.person('yan', { drive: true });
  const bytes = bytesOf(6 * MiB, 5);
  const made = await good(s, who, ...create(who, 'later.bin', bytes.length, { multiParts: [{ partNumber: 1, partSize: 5 * MiB }, { partNumber: 2, partSize: MiB }] }));
  assert.equal((await put(made.multiParts[0].uploadUrl, bytes.subarray(0, 5 * MiB))).status, 200);
  await s.restart();
  assert.equal((await put(made.multiParts[1].uploadUrl, bytes.subarray(5 * MiB))).status, 200);
  await good(s, who, 'POST', '/files/complete', { fileId: made.fileId, sha256: sha256(bytes) });
  assert.equal((await list(s, who)).files[0].sha256, sha256(bytes));
});

// ---- details ----

test('koodrive detail: a file with its content\'s resource', async () => {
  const made = await upload(s, ann, 'picture.jpg', 'not really', { fileType: '', mimeType: 'image/jpeg', createdTime: '2024-01-04T10:54:03Z' });
  const file = await good(s, ann, ...detail(ann, made.fileId, { imageProcess: 'image/resize,m_lfit,h_128,w_128' }));
  const asked = await koo(s, ann, ...detail(ann, made.fileId, { imageProcess: 'image/resize,p_50' }));
  assert.match(asked.headers['x-polydrive-unsupported'], /^imageProcess/, 'there are no thumbnails');
  for (const imageProcess of [undefined, null, ''])
    assert.equal((await koo(s, ann, ...detail(ann, made.fileId, { imageProcess }))).headers['x-polydrive-unsupported'], undefined);
  assert.deepEqual([file.fileName, file.fileType, file.mimeType, file.createdTime], ['picture.jpg', '15', 'image/jpeg', '2024-01-04T10:54:03.000Z']);
  assert.equal(file.attachments.length, 1, 'no thumbnail');
  const [{ usage, asset }] = file.attachments;
  assert.equal(usage, 'content');
  assert.deepEqual([asset.mimeType, asset.resource.length, asset.resource.type, asset.resource.sha256], ['image/jpeg', 10, 12, sha256('not really')]);
  const [slice] = asset.resource.object;
  assert.deepEqual([slice.start, slice.downloadUrl.method], [0, 'GET']);
  assert.equal(await (await fetch(slice.downloadUrl.url)).text(), 'not really');
  assert.deepEqual(file.downloadLinks.map(l => l.usage), ['content']);
  assert.equal(await (await fetch(file.downloadLinks[0].downloadLink)).text(), 'not really');
});

test('koodrive detail: the root, what is in the bin, and what is not there', async () => {
  const who = await s.person('zoe', { drive: true });
  const root = await good(s, who, ...detail(who, 'root'));
  assert.deepEqual([root.fileType, root.parentFolder, root.idPath, root.fileName], ['10', [], `/${root.id}`, `root${who.drive_id}`]);
  const dir = await folder(s, who, 'dir'), file = await upload(s, who, 'f.txt', 'x', { parentFolder: [dir.id] });
  await trash(s, who, dir.id);
  const inBin = await good(s, who, ...detail(who, dir.id)), below = await good(s, who, ...detail(who, file.fileId));
  assert.deepEqual([inBin.recycled, inBin.directlyRecycled, inBin.parentFolder], [true, true, [root.id]]);
  assert.deepEqual([below.recycled, below.directlyRecycled, below.recycledTime, below.attachments], [true, false, inBin.recycledTime, undefined]);
  assert.equal(below.idPath, `/${root.id}/${dir.id}/${file.fileId}`);
  await bad(s, who, ...detail(who, '12345678'), 13000309);
  await bad(s, who, ...detail(who, 'x'.repeat(65)), 13000102, { param: 'fileId' });
  await bad(s, bob, ...detail(who, file.fileId), 13000301);
  await bad(s, bob, 'POST', `/files/${file.fileId}/detail`, { containerId: bob.drive_id }, 13000309);
  await bad(s, who, 'POST', `/files/${file.fileId}/detail`, {}, 13000102, { param: 'containerId' });
  await bad(s, who, ...detail(who, dir.id, { imageProcess: 'nonsense' }), 13000102, { param: 'imageProcess' });
});

// ---- download addresses ----

test('koodrive download: each file by itself, and how many succeeded', async () => {
  const a = await upload(s, ann, 'down a.txt', 'a'), b = await upload(s, ann, 'down b.txt', 'bb');
  const dir = await folder(s, ann, 'down'), gone = await upload(s, ann, 'down gone.txt', 'c'), theirs = await upload(s, bob, 'theirs.txt', 'd');
  await trash(s, ann, gone.fileId);
  const of = fileIds => good(s, ann, 'POST', '/files/download', { containerId: ann.drive_id, fileIds });
  const all = await of([a.fileId, b.fileId]);
  assert.deepEqual(Object.keys(all), ['batchCode', 'downloads', 'code', 'msg']);
  assert.equal(all.batchCode, 1);
  for (const [i, text] of ['a', 'bb'].entries()) {
    const d = all.downloads[i];
    assert.deepEqual(Object.keys(d), ['fileId', 'fileName', 'url', 'code', 'msg']);
    assert.deepEqual([d.code, d.msg], ['0', 'Success.']);
    const answer = await fetch(d.url);
    assert.equal(await answer.text(), text);
    assert.match(answer.headers.get('content-disposition'), /^attachment/);
  }
  const some = await of([a.fileId, dir.id, gone.fileId, theirs.fileId, '12345678', 'x']);
  assert.equal(some.batchCode, 0);
  assert.deepEqual(some.downloads.map(d => d.code), ['0', '13000406', '13000306', '13000309', '13000309', '13000309']);
  for (const d of some.downloads.slice(1)) assert.deepEqual(Object.keys(d), ['fileId', 'code', 'msg']);
  assert.equal((await of([dir.id])).batchCode, 2);
  const zh = await koo(s, ann, 'POST', '/files/download', { containerId: ann.drive_id, fileIds: ['x'] }, { language: 'zh-CN' });
  assert.match(zh.body.downloads[0].msg, /[一-鿿]/);
});

test('koodrive download: its fields are checked', async () => {
  const ask = (more, who = ann) => ['POST', '/files/download', { containerId: who.drive_id, fileIds: ['1'], ...more }];
  await bad(s, ann, ...ask({ fileIds: undefined }), 13000102, { param: 'fileIds' });
  await bad(s, ann, ...ask({ fileIds: [] }), 13000102, { param: 'fileIds' });
  await bad(s, ann, ...ask({ fileIds: '1' }), 13000102, { param: 'fileIds' });
  await bad(s, ann, ...ask({ fileIds: Array(101).fill('1') }), 13000102, { param: 'fileIds' });
  await good(s, ann, ...ask({ fileIds: Array(100).fill('1') }));
  await bad(s, ann, ...ask({ containerId: bob.drive_id }), 13000301);
  await bad(s, ann, ...ask({ containerId: '12345678' }), 13000301);
  isRefused(await s.call('POST', `${P}/files/download`, { body: ask({})[2], headers: proper(ann) }), 13000410, 401);
});

test('koodrive: no operation answers without a token', async () => {
  for (const [method, path] of [['POST', '/files/0'], ['POST', '/files/1'], ['POST', '/directory'], ['POST', '/files/create'], ['POST', '/files/complete'],
    ['POST', '/files/multipart/uploadUrl'], ['POST', '/files/download'], ['POST', '/files/1/detail'], ['GET', '/sharefolder/list'], ['POST', '/sharefolder/create'],
    ['POST', '/auth/logout'], ['POST', '/auth/refreshToken']])
    for (const headers of [{}, { Authorization: 'Bearer ' + 'a'.repeat(48) }])
      isRefused(await s.call(method, P + path, { headers, body: method === 'POST' ? {} : undefined }), 13000410, 401);
});
