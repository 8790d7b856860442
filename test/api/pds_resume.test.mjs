// The whole way of an upload as the official JavaScript client takes it: parts of 10,485,824 bytes and
// smaller, in turn and at once, resumed after a break by what the server has.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { startServer } from './harness.mjs';
import { bytesOf, crc64, digest, get, pdsUrl, put, send } from './transfer.mjs';
import { call, done, lenient, refused } from './pds.mjs';

const CHUNK = 10_485_824; // 10 MiB + 64: the client rounds up past a multiple of 64
let s, ann;
before(async () => {
  s = await startServer();
  ann = await s.person('ann', { drive: true });
});
after(() => s?.stop());

const ask = (path, body) => call(s, ann, path, { drive_id: ann.drive_id, ...body });
const create = (name, size, parts, more = {}) => ask('/file/create', { parent_file_id: 'root', name, type: 'file', size,
  content_type: 'application/octet-stream', check_name_mode: 'ignore', part_info_list: parts, ...more });
const parts = (made, more = {}) => ask('/file/list_uploaded_parts', { file_id: made.file_id, upload_id: made.upload_id, limit: 1000, ...more });

// The client's own way to send one part.
async function sendPart(url, bytes) {
  const answer = await put(url, bytes, { 'Content-Type': '' });
  assert.equal(answer.status, 200, answer.text);
  assert.equal(answer.headers.etag, `"${digest('md5', bytes).toUpperCase()}"`);
  return answer.headers.etag;
}

test('upload: three parts in turn, broken off and resumed', async () => {
  const body = bytesOf(2 * CHUNK + 777, 5), cut = n => body.subarray((n - 1) * CHUNK, n * CHUNK), etags = {};
  const made = done(await create('large.bin', body.length, [1, 2, 3].map(part_number =>
    ({ part_number, part_size: cut(part_number).length, from: (part_number - 1) * CHUNK, to: Math.min(part_number * CHUNK, body.length) }))), 201);
  assert.deepEqual([made.rapid_upload, made.exist, made.status, made.part_info_list.length], [false, false, 'uploading', 3]);
  etags[1] = await sendPart(made.part_info_list[0].upload_url, cut(1));

  await s.restart(); // the break
  const answer = await parts(made);
  assert.match(lenient(answer), /^limit: ./);
  const stored = done(answer);
  assert.deepEqual(stored, { file_id: made.file_id, upload_id: made.upload_id, parallel_upload: false,
    uploaded_parts: [{ part_number: 1, part_size: CHUNK, etag: etags[1] }], next_part_number_marker: '' });
  const urls = done(await ask('/file/get_upload_url', { file_id: made.file_id, upload_id: made.upload_id,
    part_info_list: [{ part_number: 2 }, { part_number: 3 }, { part_number: 4 }] }));
  assert.deepEqual(urls.part_info_list.map(part => part.part_number), [2, 3, 4]);
  // The rest in smaller pieces than was planned: the client splits a part and asks for one number more.
  const half = CHUNK + 5_242_880;
  etags[2] = await sendPart(urls.part_info_list[0].upload_url, body.subarray(CHUNK, half));
  etags[3] = await sendPart(urls.part_info_list[1].upload_url, body.subarray(half, 2 * CHUNK));
  refused(await ask('/file/complete', { file_id: made.file_id, upload_id: made.upload_id }), 400, 'InvalidParameter.PartInfoList');
  etags[4] = await sendPart(urls.part_info_list[2].upload_url, body.subarray(2 * CHUNK));

  const file = done(await ask('/file/complete', { file_id: made.file_id, upload_id: made.upload_id,
    part_info_list: [1, 2, 3, 4].map(part_number => ({ part_number, etag: etags[part_number] })) }));
  const shown = done(await ask('/file/get', { file_id: made.file_id, fields: '*' }));
  assert.deepEqual([file.revision_id, file.size, file.content_hash], [shown.revision_id, body.length, digest('sha1', body).toUpperCase()]);
  assert.equal(shown.crc64_hash, crc64(body));
  const url = await pdsUrl(s, ann, file), got = [];
  for (let from = 0; from < body.length; from += CHUNK) // in ranges, as the client downloads
    got.push((await get(url, { Range: `bytes=${from}-${Math.min(from + CHUNK, body.length) - 1}` })).bytes);
  assert.ok(Buffer.concat(got).equals(body));
  for (const path of ['/file/list_uploaded_parts', '/file/complete'])
    refused(await ask(path, { file_id: made.file_id, upload_id: made.upload_id }), 404, 'NotFound.UploadId');
  refused(await ask('/file/get_upload_url', { file_id: made.file_id, upload_id: made.upload_id, part_info_list: [{ part_number: 1 }] }),
    404, 'NotFound.UploadId');
});

test('upload: parts at once, with the client\'s hash contexts', async () => {
  const size = 64 * 1024, body = bytesOf(4 * size + 5, 9), cut = n => body.subarray((n - 1) * size, n * size);
  const context = n => ({ h: n === 1 ? [] : [1, 2, 4294967295, 0, 5], part_offset: (n - 1) * size });
  const numbers = [1, 2, 3, 4, 5];
  const made = done(await create('parallel.bin', body.length, numbers.map(part_number =>
    ({ part_number, parallel_sha1_ctx: context(part_number) })), { parallel_upload: true }), 201);
  assert.equal(done(await parts(made)).parallel_upload, true);
  await Promise.all([5, 3, 1, 4, 2].map(n => sendPart(made.part_info_list[n - 1].upload_url, cut(n))));
  await s.restart();
  const stored = done(await parts(made, { limit: 2 }));
  assert.deepEqual([stored.parallel_upload, stored.uploaded_parts.length, stored.next_part_number_marker], [true, 2, '2']);
  assert.deepEqual(done(await parts(made, { part_number_marker: '2' })).uploaded_parts.map(part => part.part_number), [3, 4, 5]);
  const file = done(await ask('/file/complete', { file_id: made.file_id, upload_id: made.upload_id, crc64_hash: crc64(body) }));
  assert.equal(file.content_hash, digest('sha1', body).toUpperCase());
});

test('upload: hash contexts that cannot be are refused', async () => {
  const one = (parallel_sha1_ctx, name = 'parallel_sha1_ctx') =>
    create('context.bin', 100, [{ part_number: 1, [name]: parallel_sha1_ctx }], { parallel_upload: true });
  for (const good of [{ h: [], part_offset: 0 }, { h: [0, 1, 2, 3, 4294967295], part_offset: 64 }, { h: [1, 2, 3, 4, 5], part_offset: CHUNK }, null, {}])
    done(await one(good), 201);
  for (const bad of [{ h: [1, 2, 3, 4], part_offset: 64 }, { h: [1, 2, 3, 4, 5], part_offset: 63 }])
    refused(await one(bad), 400, 'InvalidParameter.ParallelSha1Ctx');
  refused(await one({ h: [], part_offset: 64 }), 400, 'InvalidParameterMissing.ParallelSha1Ctx');
  for (const h of [[1, 2, 3, 4, 4294967296], [-1, 2, 3, 4, 5]]) refused(await one({ h, part_offset: 64 }), 400, 'InvalidParameterOutOfRange.ParallelSha1Ctx');
  done(await one({ h: [1, 2, 3, 4, 5, 6, 7, 8], part_offset: 64 }, 'parallel_sha256_ctx'), 201);
  refused(await one({ h: [1, 2, 3, 4, 5], part_offset: 64 }, 'parallel_sha256_ctx'), 400, 'InvalidParameter.ParallelSha256Ctx');
});

test('upload: an empty file is one empty part', async () => {
  const made = done(await create('empty.bin', 0, [{ part_number: 1 }]), 201);
  await sendPart(made.part_info_list[0].upload_url, Buffer.alloc(0));
  const file = done(await ask('/file/complete', { file_id: made.file_id, upload_id: made.upload_id }));
  assert.deepEqual([file.size, file.crc64_hash, file.content_hash], [0, '0', digest('sha1', '').toUpperCase()]);
});

test('upload: an altered URL is refused in the storage\'s own form', async () => {
  const made = done(await create('url.bin', 3, [{ part_number: 1 }]), 201), url = made.part_info_list[0].upload_url;
  const answer = await send('PUT', url.replace(/part=1/, 'part=2'), { body: Buffer.from('abc'), headers: { 'Content-Length': 3 } });
  assert.equal(answer.status, 403);
  assert.match(answer.headers['content-type'], /^application\/xml/);
  assert.match(answer.text, /<Code>SignatureDoesNotMatch<\/Code>.*<RequestId>.+<\/RequestId>.*<HostId>/s);
});
