// Uploads: CreateFile, GetUploadUrl, ListUploadedParts, CompleteFile.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { startServer } from './harness.mjs';
import { bytesOf, crc64, digest, get, pdsUpload, pdsUrl, put, xmlCode } from './transfer.mjs';
import { koo, wanted } from './koodrive.mjs';
import { call, DIGITS, done, folder, lenient, refused, TIME } from './pds.mjs';

let s, strict, boss, ann, ben;
before(async () => {
  s = await startServer();
  boss = await s.person('boss', { admin: true });
  ann = await s.person('ann', { drive: true });
  ben = await s.person('ben', { drive: true });
  strict = await startServer({ args: ['--strict'] });
  strict.ann = await strict.person('ann', { drive: true });
});
after(() => Promise.all([s?.stop(), strict?.stop()]));

const numbers = (n, from = 1) => Array.from({ length: n }, (_, i) => ({ part_number: from + i }));
const create = (more, who = ann, server = s) => call(server, who, '/file/create',
  { drive_id: who.drive_id, parent_file_id: 'root', name: 'up.bin', type: 'file', ...more });
const which = (made, who = ann) => ({ drive_id: who.drive_id, file_id: made.file_id, upload_id: made.upload_id });
const complete = (made, more = {}, who = ann) => call(s, who, '/file/complete', { ...which(made, who), ...more });
const urls = (made, more = {}, who = ann) => call(s, who, '/file/get_upload_url', { ...which(made, who), part_info_list: numbers(1), ...more });
const parts = (made, more = {}, who = ann) => call(s, who, '/file/list_uploaded_parts', { ...which(made, who), ...more });
const etag = bytes => `"${digest('md5', bytes).toUpperCase()}"`;
const sha1 = bytes => digest('sha1', bytes);
async function send(info, bytes, headers) {
  const answer = await put(info.upload_url, bytes, headers);
  assert.equal(answer.status, 200, answer.text);
  return answer;
}

test('one part: create, put, complete', async () => {
  const bytes = bytesOf(3000, 1);
  const answer = await create({ size: bytes.length, name: 'one.bin' });
  const made = done(answer, 201);
  assert.equal(lenient(answer), undefined);
  assert.deepEqual(Object.keys(made), ['domain_id', 'drive_id', 'file_id', 'file_name', 'parent_file_id', 'type', 'status', 'exist',
    'rapid_upload', 'encrypt_mode', 'upload_id', 'part_info_list']);
  assert.deepEqual([made.type, made.status, made.exist, made.rapid_upload], ['file', 'uploading', false, false]);
  assert.match(made.upload_id, DIGITS);
  assert.deepEqual(made.part_info_list.map(part => Object.keys(part)), [['part_number', 'upload_url', 'internal_upload_url', 'content_type']]);
  assert.equal((await send(made.part_info_list[0], bytes)).headers.etag, etag(bytes));
  const file = done(await complete(made, { crc64_hash: crc64(bytes), part_info_list: [{ part_number: 1, etag: etag(bytes) }] }));
  assert.equal(file.file_id, made.file_id);
  assert.equal(file.size, 3000);
  assert.equal(file.content_hash, sha1(bytes).toUpperCase());
  assert.equal(file.crc64_hash, crc64(bytes));
  assert.match(file.revision_id, DIGITS);
  const { action_list, ...shown } = done(await call(s, ann, '/file/get', which(made)));
  assert.deepEqual(file, shown);
});

test('many parts, out of order, one sent twice', async () => {
  const pieces = [bytesOf(70_000, 1), bytesOf(70_000, 2), bytesOf(100, 3)], whole = Buffer.concat(pieces);
  const made = done(await create({ size: whole.length, name: 'many.bin', part_info_list: numbers(3), parallel_upload: true }), 201);
  await send(made.part_info_list[2], pieces[2]);
  await send(made.part_info_list[0], bytesOf(50_000, 9));
  await send(made.part_info_list[1], pieces[1]);
  await send(made.part_info_list[0], pieces[0]);
  const file = done(await complete(made, { crc64_hash: crc64(whole) }));
  assert.equal(file.content_hash, sha1(whole).toUpperCase());
  assert.deepEqual((await get(await pdsUrl(s, ann, file))).bytes, whole);
});

test('no bytes at all', async () => {
  const made = done(await create({ size: 0, name: 'empty.bin' }), 201);
  await send(made.part_info_list[0], Buffer.alloc(0));
  const file = done(await complete(made));
  assert.deepEqual([file.size, file.crc64_hash, file.content_hash], [0, '0', sha1('').toUpperCase()]);
});

test('an empty part_info_list is one part, and a size need not be told', async () => {
  const made = done(await create({ name: 'nosize.bin', part_info_list: [], user_tags: [], content_hash: '', file_id: '' }), 201);
  assert.equal(made.part_info_list.length, 1);
  await send(made.part_info_list[0], Buffer.from('abc'));
  assert.equal(done(await complete(made)).size, 3);
});

test('hash contexts of a parallel upload are accepted and have no effect', async () => {
  const bytes = bytesOf(192, 4);
  const h = [1, 2, 3, 4294967295, 5];
  const part_info_list = [{ part_number: 1, part_size: 128, from: 0, to: 128, parallel_sha1_ctx: { h: [], part_offset: 0 } },
    { part_number: 2, parallel_sha1_ctx: { h, part_offset: 128 }, parallel_sha256_ctx: { h: [...h, 6, 7, 8], part_offset: 128 } }];
  const made = done(await create({ size: 192, name: 'ctx.bin', parallel_upload: true, part_info_list }), 201);
  await send(made.part_info_list[1], bytes.subarray(128));
  await send(made.part_info_list[0], bytes.subarray(0, 128));
  assert.equal(done(await complete(made)).content_hash, sha1(bytes).toUpperCase());
  for (const bad of [{ h: [...h, 6], part_offset: 0 }, { h: 'x', part_offset: 0 }, { h, part_offset: -1 }])
    assert.equal((await create({ size: 1, part_info_list: [{ part_number: 1, parallel_sha1_ctx: bad }] })).status, 400);
});

test('ten thousand parts at once, and not one more', async () => {
  const made = done(await create({ size: 20_000, name: 'tenthousand.bin', part_info_list: numbers(10_000) }), 201);
  assert.equal(made.part_info_list.length, 10_000);
  assert.equal(new Set(made.part_info_list.map(part => part.upload_url)).size, 10_000);
  refused(await create({ part_info_list: numbers(10_001) }), 400, 'InvalidParameterOutOfRange.PartInfoList');
  refused(await create({ part_info_list: [{ part_number: 10_001 }] }), 400, 'InvalidParameterOutOfRange.PartNumber');
  refused(await create({ part_info_list: [{ part_number: 0 }] }), 400, 'InvalidParameterOutOfRange.PartNumber');
});

test('a part without a number is tolerated by its place', async () => {
  const answer = await create({ name: 'nulls.bin', part_info_list: [{ part_number: null, upload_url: null }, {}] });
  assert.deepEqual(done(answer, 201).part_info_list.map(part => part.part_number), [1, 2]);
  assert.match(lenient(answer), /^part_number: ./);
  refused(await create({ part_info_list: [{}] }, strict.ann, strict), 400, 'InvalidParameterMissing.PartNumber');
});

test('content_type and content_md5 of a part bind its PUT', async () => {
  const bytes = Buffer.from('bound'), content_md5 = Buffer.from(digest('md5', bytes), 'hex').toString('base64');
  const made = done(await create({ size: 5, name: 'bound.bin', part_info_list: [{ part_number: 1, content_type: 'text/x-a', content_md5 }] }), 201);
  const [info] = made.part_info_list;
  assert.equal(info.content_type, 'text/x-a');
  assert.equal((await put(info.upload_url, bytes)).status, 403);
  assert.equal((await put(info.upload_url, bytes, { 'Content-Type': 'text/x-b', 'Content-MD5': content_md5 })).status, 403);
  await send(info, bytes, { 'Content-Type': 'text/x-a', 'Content-MD5': content_md5 });
  done(await complete(made));
  for (const content_md5 of ['x', 'AAAA', digest('md5', bytes)])
    refused(await create({ part_info_list: [{ part_number: 1, content_md5 }] }), 400, 'InvalidParameter.ContentMd5');
  refused(await create({ part_info_list: [{ part_number: 1, content_type: 'a\r\nb' }] }), 400, 'InvalidParameter.ContentType');
});

test('the content type is the one given at create', async () => {
  const typed = await pdsUpload(s, ann, 'typed.txt', [Buffer.from('x')], { content_type: 'image/x-own' });
  assert.equal(typed.content_type, 'image/x-own');
  assert.equal((await pdsUpload(s, ann, 'typed.txt', [Buffer.from('x')])).content_type, 'application/octet-stream');
});

// ---- instant upload ----

test('content_hash: what the caller has already needs no sending', async () => {
  const bytes = bytesOf(5000, 21);
  const first = await pdsUpload(s, ann, 'first.bin', [bytes]);
  for (const content_hash of [sha1(bytes), sha1(bytes).toUpperCase()]) {
    const made = done(await create({ name: 'instant.bin', size: 5000, content_hash, content_hash_name: 'sha1' }), 201);
    assert.deepEqual([made.rapid_upload, made.status, made.exist], [true, 'available', false]);
    assert.ok(!('upload_id' in made) && !('part_info_list' in made));
    assert.match(made.revision_id, DIGITS);
    const file = done(await call(s, ann, '/file/get', which(made)));
    assert.equal(file.content_hash, first.content_hash);
    assert.deepEqual((await get(await pdsUrl(s, ann, file))).bytes, bytes);
  }
});

test('content_hash: another size, another hash, or another one\'s file is sent', async () => {
  const bytes = bytesOf(5000, 22);
  const mine = await pdsUpload(s, ann, 'private.bin', [bytes]);
  assert.ok(mine.file_id);
  for (const [more, who] of [[{ size: 4999, content_hash: sha1(bytes) }, ann], [{ content_hash: sha1(bytes) }, ann],
    [{ size: 5000, content_hash: sha1('other') }, ann], [{ size: 5000, content_hash: sha1(bytes) }, ben]]) {
    const made = done(await create({ name: 'sent.bin', ...more }, who), 201);
    assert.equal(made.rapid_upload, false);
    assert.equal(made.part_info_list.length, 1);
  }
});

test('content_hash: the bytes must have it', async () => {
  const bytes = bytesOf(100, 23);
  const made = done(await create({ name: 'wrong.bin', size: 100, content_hash: sha1('something else') }), 201);
  await send(made.part_info_list[0], bytes);
  refused(await complete(made), 400, 'InvalidParameter.ContentHash');
  refused(await call(s, ann, '/file/get', which(made)), 404, 'NotFound.File');
});

test('content_hash, content_hash_name, pre_hash: forms', async () => {
  for (const content_hash of ['x', 'a'.repeat(39), 'a'.repeat(41), 'g'.repeat(40)])
    assert.match((await create({ size: 1, content_hash })).body.code, /^InvalidParameter(OutOfRange)?\.ContentHash$/);
  for (const name of ['sha256', 'md5']) refused(await create({ size: 1, content_hash_name: name }), 400, 'InvalidParameter.ContentHashName');
  assert.match((await create({ size: 1, pre_hash: 'g'.repeat(40) })).body.code, /^InvalidParameter\.PreHash$/);
});

test('pre_hash: 409 where stored content begins alike, and only for those who may read it', async () => {
  const bytes = bytesOf(5000, 24);
  await pdsUpload(s, ann, 'pre.bin', [bytes]);
  const pre_hash = sha1(bytes.subarray(0, 1024));
  refused(await create({ name: 'pre2.bin', size: 5000, pre_hash }), 409, 'PreHashMatched');
  refused(await create({ name: 'pre2.bin', size: 5000, pre_hash: pre_hash.toUpperCase() }), 409, 'PreHashMatched');
  assert.equal(done(await create({ name: 'pre2.bin', size: 5000, pre_hash, content_hash: sha1(bytes) }), 201).rapid_upload, true);
  assert.equal(done(await create({ name: 'pre3.bin', size: 5001, pre_hash }), 201).rapid_upload, false);
  assert.equal(done(await create({ name: 'pre3.bin', size: 5000, pre_hash: sha1('x') }), 201).rapid_upload, false);
  assert.equal(done(await create({ name: 'pre3.bin', size: 5000, pre_hash }, ben), 201).rapid_upload, false);
});

// ---- overwriting ----

test('file_id: a new revision of the same file', async () => {
  const home = await folder(s, ann, 'overwrite');
  const first = await pdsUpload(s, ann, 'o.txt', [Buffer.from('first')], { parent_file_id: home.file_id });
  const more = { name: 'o.txt', parent_file_id: home.file_id, file_id: first.file_id, size: 6 };
  const made = done(await create(more), 201);
  assert.equal(made.file_id, first.file_id);
  assert.ok(!('revision_id' in made));
  assert.equal(done(await call(s, ann, '/file/get', which(made))).revision_id, first.revision_id, 'until it is complete');
  await send(made.part_info_list[0], Buffer.from('second'));
  const second = done(await complete(made));
  assert.equal(second.file_id, first.file_id);
  assert.notEqual(second.revision_id, first.revision_id);
  assert.equal(second.revision_version, 2);
  assert.equal((await get(await pdsUrl(s, ann, second))).text, 'second');
  assert.equal(done(await call(s, ann, '/file/list', { drive_id: ann.drive_id, parent_file_id: home.file_id })).items.length, 1);
  const again = await create({ ...more, check_name_mode: 'refuse' });
  assert.equal(done(again, 201).file_id, first.file_id);
  assert.match(lenient(again), /^file_id: ./);
  refused(await create({ ...more, check_name_mode: 'auto_rename' }), 400, 'InvalidParameter.FileId');
  refused(await create({ ...more, file_id: '4503599627370495' }), 404, 'NotFound.File');
  refused(await create({ ...more, file_id: home.file_id }), 400, 'InvalidResource.FileTypeFolder');
});

// ---- more URLs, parts ----

test('get_upload_url: new ones, also for numbers not listed at create', async () => {
  const bytes = bytesOf(100, 30);
  const made = done(await create({ size: 100, name: 'more.bin' }), 201);
  const answer = done(await urls(made, { part_info_list: numbers(3) }));
  assert.deepEqual(Object.keys(answer), ['domain_id', 'drive_id', 'file_id', 'upload_id', 'create_at', 'part_info_list']);
  assert.match(answer.create_at, TIME);
  assert.deepEqual(answer.part_info_list.map(part => part.part_number), [1, 2, 3]);
  for (const i of [0, 1, 2]) await send(answer.part_info_list[i], bytes.subarray(i * 40, i * 40 + 40));
  assert.equal(done(await complete(made)).content_hash, sha1(bytes).toUpperCase());
});

test('get_upload_url, list_uploaded_parts, complete: after the end there is no such upload', async () => {
  const made = done(await create({ size: 1, name: 'over.bin' }), 201);
  await send(made.part_info_list[0], Buffer.from('x'));
  done(await complete(made));
  for (const answer of [await urls(made), await parts(made), await complete(made)]) refused(answer, 404, 'NotFound.UploadId');
  const late = await put(made.part_info_list[0].upload_url, Buffer.from('x'));
  assert.ok(late.status >= 400, late.text);
});

test('get_upload_url: of a rapid upload the file is there already', async () => {
  const bytes = bytesOf(400, 31);
  await pdsUpload(s, ann, 'r.bin', [bytes]);
  const made = done(await create({ name: 'rapid.bin', size: 400, content_hash: sha1(bytes) }), 201);
  const message = refused(await urls(made), 409, 'AlreadyExist.File');
  assert.match(message, new RegExp(made.file_id));
});

test('get_upload_url: bounds', async () => {
  const made = done(await create({ size: 1, name: 'ub.bin' }), 201);
  refused(await urls(made, { part_info_list: undefined }), 400, 'InvalidParameterMissing.PartInfoList');
  refused(await urls(made, { part_info_list: [] }), 400, 'InvalidParameterEmpty.PartInfoList');
  refused(await urls(made, { part_info_list: numbers(10_001) }), 400, 'InvalidParameterOutOfRange.PartInfoList');
  assert.equal(done(await urls(made, { part_info_list: numbers(10_000) })).part_info_list.length, 10_000);
});

test('list_uploaded_parts: pages to the end', async () => {
  const made = done(await create({ name: 'paged.bin', part_info_list: numbers(7) }), 201);
  const sizes = [5, 6, 7, 8, 9, 10, 11];
  for (const [i, size] of sizes.entries()) await send(made.part_info_list[i], bytesOf(size, i));
  const first = done(await parts(made, { limit: 3 }));
  assert.deepEqual(Object.keys(first), ['file_id', 'upload_id', 'parallel_upload', 'uploaded_parts', 'next_part_number_marker']);
  assert.deepEqual(first.uploaded_parts[0], { part_number: 1, part_size: 5, etag: etag(bytesOf(5, 0)) });
  assert.equal(first.next_part_number_marker, '3');
  const all = [...first.uploaded_parts];
  let marker = first.next_part_number_marker;
  while (marker) {
    const page = done(await parts(made, { limit: 3, part_number_marker: Number(marker) }));
    all.push(...page.uploaded_parts);
    marker = page.next_part_number_marker;
  }
  assert.deepEqual(all.map(part => [part.part_number, part.part_size]), sizes.map((size, i) => [i + 1, size]));
  assert.equal(done(await parts(made, { part_number_marker: 7 })).uploaded_parts.length, 0);
});

test('list_uploaded_parts: what clients send beyond the page', async () => {
  const made = done(await create({ name: 'beyond.bin', part_info_list: numbers(2) }), 201);
  await send(made.part_info_list[0], Buffer.from('x'));
  const large = await parts(made, { limit: 1000 });
  assert.equal(done(large).uploaded_parts.length, 1);
  assert.match(lenient(large), /^limit: ./);
  const text = await parts(made, { part_number_marker: '1' });
  assert.equal(done(text).uploaded_parts.length, 0);
  assert.match(lenient(text), /^part_number_marker: ./);
  assert.equal(done(await parts(made, { part_number_marker: '' })).uploaded_parts.length, 1);
  for (const limit of [0, -1]) refused(await parts(made, { limit }), 400, 'InvalidParameterOutOfRange.Limit');
  refused(await parts(made, { part_number_marker: -1 }), 400, 'InvalidParameterOutOfRange.PartNumberMarker');
  const theirs = done(await create({ name: 'x' }, strict.ann, strict), 201);
  const ask = more => call(strict, strict.ann, '/file/list_uploaded_parts', { ...which(theirs, strict.ann), ...more });
  refused(await ask({ limit: 1000 }), 400, 'InvalidParameterOutOfRange.Limit');
  refused(await ask({ part_number_marker: '1' }), 400, 'InvalidParameterWrongFormat.PartNumberMarker');
  done(await ask({ limit: 100, part_number_marker: 0 }));
});

// ---- complete ----

test('complete: all parts must be there, and as long as announced', async () => {
  const made = done(await create({ size: 10, name: 'missing.bin', part_info_list: numbers(3) }), 201);
  refused(await complete(made), 400, 'InvalidParameter.PartInfoList');
  await send(made.part_info_list[1], Buffer.from('x'));
  refused(await complete(made), 400, 'InvalidParameter.PartInfoList');
  await send(made.part_info_list[0], Buffer.from('12345678'));
  refused(await complete(made), 400, 'InvalidParameter.PartInfoList');
  await send(made.part_info_list[1], Buffer.from('90'));
  assert.equal(done(await complete(made)).size, 10);
});

test('complete: crc64_hash must be that of the content', async () => {
  const bytes = bytesOf(50, 40);
  const made = done(await create({ size: 50, name: 'crc.bin' }), 201);
  await send(made.part_info_list[0], bytes);
  refused(await complete(made, { crc64_hash: '1' }), 400, 'InvalidParameter.Crc64Hash');
  for (const crc64_hash of ['x', '-1', '18446744073709551616', '1'.repeat(21)])
    assert.match((await complete(made, { crc64_hash })).body.code, /^InvalidParameter(OutOfRange)?\.Crc64Hash$/);
  refused(await complete(made, { crc64_hash: 1 }), 400, 'InvalidParameterWrongFormat.Crc64Hash');
  done(await complete(made, { crc64_hash: crc64(bytes) }));
});

test('complete: a name that was taken meanwhile is 409 where that is to be refused', async () => {
  const home = await folder(s, ann, 'race');
  const more = { name: 'r.bin', size: 1, parent_file_id: home.file_id, check_name_mode: 'refuse' };
  const one = done(await create(more), 201), other = done(await create(more), 201);
  for (const made of [one, other]) await send(made.part_info_list[0], Buffer.from('x'));
  done(await complete(one));
  assert.match(refused(await complete(other), 409, 'AlreadyExist.File'), new RegExp(one.file_id));
});

test('another one\'s upload looks like one that is not there', async () => {
  const made = done(await create({ size: 1, name: 'mine.bin' }), 201);
  for (const ask of [urls, parts, complete]) {
    refused(await ask(made, {}, ben), 404, 'NotFound.UploadId');
    refused(await ask(made, { drive_id: ann.drive_id }, ben), 404, 'NotFound.UploadId');
    refused(await ask(made, { upload_id: '4503599627370495' }), 404, 'NotFound.UploadId');
    refused(await ask(made, { upload_id: 'x' }), 404, 'NotFound.UploadId');
    refused(await ask(made, { file_id: '4503599627370495' }), 404, 'NotFound.UploadId');
    refused(await ask(made, { drive_id: ben.drive_id }), 404, 'NotFound.UploadId');
    refused(await ask(made, { drive_id: undefined }), 400, 'InvalidParameterMissing.DriveId');
    refused(await ask(made, { file_id: undefined }), 400, 'InvalidParameterMissing.FileId');
    refused(await ask(made, { upload_id: 'x'.repeat(65) }), 400, 'InvalidParameterOutOfRange.UploadId');
  }
  refused(await parts(made, { upload_id: undefined }), 400, 'InvalidParameterMissing.UploadId');
  refused(await complete(made, { upload_id: undefined }), 400, 'InvalidParameterMissing.UploadId');
  for (const path of ['get_upload_url', 'list_uploaded_parts', 'complete'])
    refused(await call(s, null, `/file/${path}`, which(made)), 401, 'AccessTokenInvalid');
});

test('quota: no room is 403', async () => {
  const drive = done(await call(s, boss, '/drive/create', { drive_name: 'small', owner: ann.user_id, owner_type: 'user', total_size: 100 }), 201);
  const small = { ...ann, drive_id: drive.drive_id };
  const message = refused(await create({ size: 101 }, small), 403, 'QuotaExhausted.Drive');
  assert.match(message, /has exceeded the limit/);
  const made = done(await create({ size: 100 }, small), 201);
  refused(await create({ size: 1 }, small), 403, 'QuotaExhausted.Drive');
  await send(made.part_info_list[0], bytesOf(100));
  done(await complete(made, {}, small));
  assert.equal(done(await call(s, ann, '/drive/get', { drive_id: drive.drive_id })).used_size, 100);
  const none = done(await call(s, boss, '/drive/create', { drive_name: 'none', owner: ann.user_id, owner_type: 'user', total_size: 0 }), 201);
  refused(await create({ size: 1 }, { ...ann, drive_id: none.drive_id }), 403, 'QuotaExhausted.Drive');
});

test('quota: of many at once as many as fit, by whatever door, and what does not come is given back', async () => {
  const drive = done(await call(s, boss, '/drive/create', { drive_name: 'tight', owner: ann.user_id, owner_type: 'user', total_size: 1000 }), 201);
  const tight = { ...ann, drive_id: drive.drive_id };
  const used = async () => done(await call(s, ann, '/drive/get', { drive_id: drive.drive_id })).used_size;
  const many = () => Promise.all(Array.from({ length: 24 }, async (_, i) => i % 2
    ? { pds: await create({ size: 300 }, tight) }
    : { koo: await koo(s, tight, 'POST', '/files/create', wanted(tight, `many ${i}.bin`, 300)) }));
  const statuses = (all) => all.map((it) => (it.pds ?? it.koo).status);
  const first = await many();
  assert.equal(statuses(first).filter((status) => status < 300).length, 3, statuses(first).join());
  for (const it of first.filter((it) => it.pds?.status === 403)) refused(it.pds, 403, 'QuotaExhausted.Drive');
  assert.equal(await used(), 0);
  const begun = first.find((it) => (it.pds ?? it.koo).status < 300), made = (begun.pds ?? begun.koo).body;
  const toPut = begun.pds ? made.part_info_list.map((it) => it.upload_url) : made.multiParts.map((it) => it.uploadUrl);
  assert.equal((await put(toPut[0], bytesOf(300))).status, 200);
  if (begun.pds) done(await complete(made, {}, tight));
  else assert.equal((await koo(s, tight, 'POST', '/files/complete', { fileId: made.fileId })).status, 200);
  assert.equal(await used(), 300);
  const instant = await Promise.all(Array.from({ length: 8 }, () => create({ size: 300, content_hash_name: 'sha1',
    content_hash: digest('sha1', bytesOf(300)) }, tight)));
  assert.ok(instant.every((it) => it.status === 403)); // 300 are there, 600 still on their way
  const { file_id } = done(await call(s, ann, '/file/list', { drive_id: drive.drive_id, parent_file_id: 'root' })).items[0];
  done(await call(s, ann, '/file/delete', { drive_id: drive.drive_id, file_id }), 204);
  assert.equal(await used(), 0);
  assert.equal(statuses(await many()).filter((status) => status < 300).length, 1);
});

test('an altered upload URL is refused', async () => {
  const made = done(await create({ size: 1, name: 'url.bin', part_info_list: numbers(2) }), 201);
  const { upload_url } = made.part_info_list[0];
  const bad = await put(upload_url.replace('part=1', 'part=2'), Buffer.from('x'));
  assert.equal(bad.status, 403, bad.text);
  assert.match(xmlCode(bad), /\S/);
});
