// Downloads from the signed URLs that every dialect hands out.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { startServer } from './harness.mjs';
import { bytesOf, crc64, digest, get, koodriveUpload, koodriveUrl, pds, pdsComplete, pdsCreate, pdsFolder, pdsUpload,
         pdsUrl, put, send, xmlCode } from './transfer.mjs';

let s, ann;
before(async () => {
  s = await startServer({ args: ['--strict'] });
  ann = await s.person('ann', { drive: true });
});
after(() => s?.stop());

const body = bytesOf(300_000, 7);
const parts = [body.subarray(0, 120_000), body.subarray(120_000, 120_001), body.subarray(120_001)];

// The same bytes in one part, and in three: a small one in the middle. And one that is small altogether.
const shapes = {};
for (const [name, make] of Object.entries({
  'of one part': () => pdsUpload(s, ann, 'one.bin', [body]),
  'of three parts': () => pdsUpload(s, ann, 'three.bin', parts),
}))
  shapes[name] = async () => (shapes[name].file ??= make());
async function url(shape, more) {
  return pdsUrl(s, ann, await shapes[shape](), more);
}

for (const shape of Object.keys(shapes)) {
  test(`download: a file ${shape} comes whole, with all that describes it`, async () => {
    const answer = await get(await url(shape));
    assert.equal(answer.status, 200);
    assert.ok(answer.bytes.equals(body));
    const h = answer.headers;
    assert.equal(h['content-length'], String(body.length));
    assert.equal(h['accept-ranges'], 'bytes');
    assert.match(h['content-disposition'], /^attachment; filename="(one|three)\.bin"; filename\*=UTF-8''(one|three)\.bin$/);
    assert.match(h.etag, /^"[^"]+"$/);
    assert.ok(!Number.isNaN(Date.parse(h['last-modified'])) && h['last-modified'].endsWith('GMT'));
    assert.equal(h['x-oss-hash-crc64ecma'], crc64(body));
    assert.equal(h['x-content-type-options'], 'nosniff');
    assert.match(h['content-security-policy'], /sandbox/);
    assert.match(h['cache-control'], /private/);
    assert.match(h['x-oss-request-id'], /\S{8,}/);
    assert.equal(h['access-control-allow-origin'], '*');
    for (const name of ['ETag', 'x-ca-request-id', 'x-oss-hash-crc64ecma'])
      assert.ok(h['access-control-expose-headers'].split(/, */).includes(name), name);
  });

  test(`download: HEAD of a file ${shape} says what GET would, without bytes`, async () => {
    const at = await url(shape);
    const whole = await get(at), head = await send('HEAD', at);
    assert.equal(head.status, 200);
    assert.equal(head.bytes.length, 0);
    for (const name of ['content-length', 'content-type', 'etag', 'last-modified', 'content-disposition', 'accept-ranges',
                        'x-oss-hash-crc64ecma'])
      assert.equal(head.headers[name], whole.headers[name], name);
  });

  const size = body.length;
  const single = [
    ['bytes=0-0', 0, 0], ['bytes=0-', 0, size - 1], ['bytes=100-199', 100, 199], ['bytes=119990-120010', 119990, 120010],
    ['bytes=120000-120000', 120000, 120000], ['bytes=120001-299999', 120001, 299999], ['bytes=-1', size - 1, size - 1],
    ['bytes=-300000', 0, size - 1], ['bytes=-999999', 0, size - 1], ['bytes=299999-', size - 1, size - 1],
    ['bytes=0-999999999', 0, size - 1], ['BYTES=1-2', 1, 2], ['bytes=5-9223372036854775807', 5, size - 1],
    ['bytes=119999-120001', 119999, 120001],
  ];
  test(`download: one range of a file ${shape} comes as asked`, async () => {
    const at = await url(shape);
    for (const [range, first, last] of single) {
      const answer = await get(at, { Range: range });
      assert.equal(answer.status, 206, range);
      assert.equal(answer.headers['content-range'], `bytes ${first}-${last}/${size}`, range);
      assert.equal(answer.headers['content-length'], String(last - first + 1), range);
      assert.ok(answer.bytes.equals(body.subarray(first, last + 1)), range);
      assert.equal(answer.headers['x-oss-hash-crc64ecma'], undefined, 'a checksum of the whole beside a part');
    }
  });

  test(`download: several ranges of a file ${shape} come as multipart/byteranges`, async () => {
    const at = await url(shape);
    for (const wanted of [[[0, 4], [119998, 120003], [299990, 299999]], [[200, 299], [0, 9]], [[7, 7], [9, 9]]]) {
      const answer = await get(at, { Range: 'bytes=' + wanted.map(([a, b]) => `${a}-${b}`).join(', ') });
      assert.equal(answer.status, 206);
      const boundary = /^multipart\/byteranges; *boundary="?([^"]+)"?$/.exec(answer.headers['content-type'])[1];
      assert.equal(answer.headers['content-range'], undefined);
      assert.deepEqual(readMultipart(answer.bytes, boundary).map(p => p.range),
        wanted.map(([a, b]) => `bytes ${a}-${b}/${size}`));
      for (const [i, part] of readMultipart(answer.bytes, boundary).entries())
        assert.ok(part.bytes.equals(body.subarray(wanted[i][0], wanted[i][1] + 1)));
    }
  });

  test(`download: a file ${shape} without a byte of the ranges asked gets 416`, async () => {
    const at = await url(shape);
    for (const range of ['bytes=300000-', 'bytes=300000-300001', 'bytes=-0', 'bytes=900000-, 400000-400001',
                         'bytes=9223372036854775807-']) {
      const answer = await get(at, { Range: range });
      assert.equal(answer.status, 416, range);
      assert.equal(answer.headers['content-range'], `bytes */${size}`);
      assert.equal(xmlCode(answer), 'InvalidRange');
    }
  });

  test(`download: a Range that is none is ignored for a file ${shape}`, async () => {
    const at = await url(shape);
    const overlapping = 'bytes=' + Array(20).fill('0-').join(',');
    const many = 'bytes=' + Array.from({ length: 500 }, (_, i) => `${i * 4}-${i * 4}`).join(',');
    for (const range of ['bytes', 'bytes=', 'bytes=5-2', 'bytes=a-b', 'bytes=1-2,x', 'items=0-1', '0-1', 'bytes=-',
                         'bytes=--1', 'bytes=1--2', overlapping, many]) {
      const answer = await get(at, { Range: range });
      assert.equal(answer.status, 200, range.slice(0, 40));
      assert.equal(answer.bytes.length, size, range.slice(0, 40));
    }
  });

  test(`download: the conditions of a file ${shape} are kept`, async () => {
    const at = await url(shape);
    const { etag, 'last-modified': modified } = (await get(at)).headers;
    const before = new Date(Date.parse(modified) - 2000).toUTCString();
    const later = new Date(Date.parse(modified) + 2000).toUTCString();
    for (const [headers, status] of [
      [{ 'If-None-Match': etag }, 304], [{ 'If-None-Match': `W/${etag}` }, 304], [{ 'If-None-Match': '*' }, 304],
      [{ 'If-None-Match': `"x", ${etag}` }, 304], [{ 'If-None-Match': '"x"' }, 200],
      [{ 'If-None-Match': '"x"', 'If-Modified-Since': modified }, 200],
      [{ 'If-Modified-Since': modified }, 304], [{ 'If-Modified-Since': later }, 304],
      [{ 'If-Modified-Since': before }, 200], [{ 'If-Modified-Since': 'soon' }, 200],
      [{ 'If-Match': etag }, 200], [{ 'If-Match': '*' }, 200], [{ 'If-Match': `"x", ${etag}` }, 200],
      [{ 'If-Match': '"x"' }, 412], [{ 'If-Match': `W/${etag}` }, 412],
      [{ 'If-Unmodified-Since': modified }, 200], [{ 'If-Unmodified-Since': before }, 412],
      [{ 'If-Match': etag, 'If-Unmodified-Since': before }, 200],
      [{ Range: 'bytes=0-9', 'If-Range': etag }, 206], [{ Range: 'bytes=0-9', 'If-Range': '"x"' }, 200],
      [{ Range: 'bytes=0-9', 'If-Range': `W/${etag}` }, 200], [{ Range: 'bytes=0-9', 'If-Range': modified }, 206],
      [{ Range: 'bytes=0-9', 'If-Range': before }, 200], [{ Range: 'bytes=0-9', 'If-None-Match': etag }, 304],
      [{ Range: 'bytes=900000-', 'If-Match': '"x"' }, 412],
    ]) {
      const answer = await get(at, headers);
      assert.equal(answer.status, status, JSON.stringify(headers));
      if (status === 304) {
        assert.equal(answer.bytes.length, 0);
        assert.equal(answer.headers.etag, etag);
      }
      if (status === 412) assert.equal(xmlCode(answer), 'PreconditionFailed');
    }
  });
}

function readMultipart(bytes, boundary) {
  const found = [];
  let at = bytes.indexOf(`--${boundary}\r\n`);
  assert.equal(at, 0);
  while (bytes.subarray(at, at + boundary.length + 4).toString() === `--${boundary}\r\n`) {
    const headEnd = bytes.indexOf('\r\n\r\n', at);
    const range = /Content-Range: (.*)/i.exec(bytes.subarray(at, headEnd).toString())[1].trim();
    assert.match(bytes.subarray(at, headEnd).toString(), /Content-Type: \S+/i);
    const [, first, last] = /bytes (\d+)-(\d+)/.exec(range).map(Number);
    const start = headEnd + 4, end = start + last - first + 1;
    found.push({ range, bytes: bytes.subarray(start, end) });
    assert.equal(bytes.subarray(end, end + 2).toString(), '\r\n');
    at = end + 2;
  }
  assert.equal(bytes.subarray(at).toString(), `--${boundary}--\r\n`);
  return found;
}

test('download: an empty file is an empty answer, and no range of it can be met', async () => {
  const file = await pdsUpload(s, ann, 'empty.bin', [Buffer.alloc(0)]);
  const at = await pdsUrl(s, ann, file);
  const answer = await get(at);
  assert.equal(answer.status, 200);
  assert.equal(answer.headers['content-length'], '0');
  assert.equal(answer.headers['x-oss-hash-crc64ecma'], '0');
  const ranged = await get(at, { Range: 'bytes=0-' });
  assert.ok(ranged.status === 416 || ranged.status === 200);
  assert.equal((await send('HEAD', at)).headers['content-length'], '0');
});

test('download: a small file comes whole and in ranges', async () => {
  const small = Buffer.from('the quick brown fox');
  const at = await pdsUrl(s, ann, await pdsUpload(s, ann, 'fox.txt', [small]));
  assert.equal((await get(at)).text, small.toString());
  assert.equal((await get(at, { Range: 'bytes=4-8' })).text, 'quick');
  const several = await get(at, { Range: 'bytes=0-2,-3' });
  assert.equal(several.status, 206);
  assert.match(several.text, /\r\n\r\nthe\r\n[^]*\r\n\r\nfox\r\n/);
});

test('download: the type is the file\'s, or the one asked for, and never active', async () => {
  const page = await pdsUpload(s, ann, 'page.html', [Buffer.from('<script>alert(1)</script>')],
    { content_type: 'text/html' });
  const plain = await get(await pdsUrl(s, ann, page));
  assert.match(plain.headers['content-type'], /^text\/html/);
  assert.match(plain.headers['content-disposition'], /^attachment;/);
  assert.match(plain.headers['content-security-policy'], /sandbox/);
  const asked = await get(await pdsUrl(s, ann, page, { response_content_type: 'image/svg+xml', file_name: 'x.svg' }));
  assert.equal(asked.headers['content-type'], 'image/svg+xml');
  assert.match(asked.headers['content-disposition'], /^attachment; filename="x\.svg"/);
  assert.match(asked.headers['content-security-policy'], /sandbox/);
  assert.equal(asked.headers['x-content-type-options'], 'nosniff');
});

const hostileNames = ['a"b.txt', 'a\'b; filename=evil.exe', 'x";filename="evil.html', '家庭 照片.jpg', 'a%22b%0d%0a.txt',
  '\u202Egpj.exe', '🙂.txt', ' lead and trail ', 'a\u0301.txt', '.hidden', 'con', '*.?<>|', 'x'.repeat(255), '"', '%',
  'a,b;c=d.txt', '=?UTF-8?B?YQ==?=', '--x', '$(id)', '\ufeffbom'];
test('download: no file name breaks out of Content-Disposition', async () => {
  let tried = 0;
  for (const name of hostileNames) {
    const made = await s.call('POST', '/v2/file/create', { token: ann.token, body: { drive_id: ann.drive_id,
      parent_file_id: 'root', name, type: 'file', size: 1 } });
    if (made.status >= 400 && made.status < 500) continue;
    assert.equal(made.status, 201, made.text);
    await put(made.body.part_info_list[0].upload_url, Buffer.from('x'));
    const file = await pdsComplete(s, ann, made.body);
    checkDisposition((await get(await pdsUrl(s, ann, file))).headers['content-disposition'], name);
    tried++;
  }
  assert.ok(tried >= 15, `only ${tried} names were taken`);
  // The name asked for in the link goes the same way.
  const file = await shapes['of one part']();
  for (const name of hostileNames) {
    const answer = await s.call('POST', '/v2/file/get_download_url', { token: ann.token,
      body: { drive_id: ann.drive_id, file_id: file.file_id, file_name: name } });
    if (answer.status === 200)
      checkDisposition((await get(answer.body.url, { Range: 'bytes=0-0' })).headers['content-disposition'], name);
  }
});

function checkDisposition(value, name) {
  const found = /^attachment; filename="([^"\\\x00-\x1f\x7f-\uffff]*)"; filename\*=UTF-8''([A-Za-z0-9\-._~%]*)$/.exec(value);
  assert.ok(found, `${JSON.stringify(name)}: ${value}`);
  assert.equal(decodeURIComponent(found[2]), name);
}

test('download: line ends cannot be smuggled into headers by name or type', async () => {
  const file = await shapes['of one part']();
  for (const more of [{ file_name: 'a\r\nSet-Cookie: x=1' }, { response_content_type: 'text/plain\r\nSet-Cookie: x=1' }]) {
    const answer = await s.call('POST', '/v2/file/get_download_url', { token: ann.token,
      body: { drive_id: ann.drive_id, file_id: file.file_id, ...more } });
    if (answer.status !== 200) continue; // refused is as good
    const got = await get(answer.body.url);
    assert.equal(got.status, 200);
    assert.equal(got.headers['set-cookie'], undefined);
  }
});

test('download: a link is to the revision its maker was shown, while that is there', async () => {
  const file = await pdsUpload(s, ann, 'rev.txt', [Buffer.from('first')]);
  const old = await pdsUrl(s, ann, file);
  assert.equal((await get(old)).text, 'first');
  const made = await pdsCreate(s, ann, 'rev.txt', 1, { size: 6, file_id: file.file_id, check_name_mode: 'ignore' });
  assert.equal((await put(made.part_info_list[0].upload_url, Buffer.from('second'))).status, 200);
  assert.equal((await get(old)).text, 'first', 'an upload that is not complete changes nothing');
  await pdsComplete(s, ann, made);
  const answer = await get(old);
  assert.equal(answer.text, 'first', 'a link is to what its maker was shown');
  assert.equal(answer.headers['x-oss-hash-crc64ecma'], crc64(Buffer.from('first')));
  assert.equal((await get(await pdsUrl(s, ann, file))).text, 'second');
  await pds(s, ann, '/v2/file/revision/delete', { drive_id: ann.drive_id, file_id: file.file_id,
    revision_id: file.revision_id }, 204);
  const gone = await get(old);
  assert.equal(gone.status, 404);
  assert.equal(xmlCode(gone), 'NoSuchKey');
});

test('download: a folder has no bytes', async () => {
  const folder = await pdsFolder(s, ann, 'folder');
  const answer = await s.call('POST', '/v2/file/get_download_url', { token: ann.token,
    body: { drive_id: ann.drive_id, file_id: folder.file_id } });
  assert.equal(answer.status, 400);
});

test('download: a file in the bin has no bytes, and has them again when it is back', async () => {
  const file = await pdsUpload(s, ann, 'binned.txt', [Buffer.from('x')]);
  const at = await pdsUrl(s, ann, file);
  await pds(s, ann, '/v2/recyclebin/trash', { drive_id: ann.drive_id, file_id: file.file_id }, 204);
  const gone = await get(at);
  assert.equal(gone.status, 404);
  assert.equal(xmlCode(gone), 'NoSuchKey');
  await pds(s, ann, '/v2/recyclebin/restore', { drive_id: ann.drive_id, file_id: file.file_id }, 204);
  assert.equal((await get(at)).text, 'x');
});

test('download: access that is taken away ends links that were given', async () => {
  await s.cli('group', 'add', 'crew');
  await s.cli('group', 'join', 'crew', 'ann', '--role', 'editor');
  const { drive_id } = await s.cli('drive', 'add', 'crew drive', '--owner', 'crew');
  const file = await pdsUpload(s, { ...ann, drive_id }, 'shared.txt', [Buffer.from('shared')]);
  const at = await pdsUrl(s, { ...ann, drive_id }, file);
  const upload = await pdsCreate(s, { ...ann, drive_id }, 'next.txt', 1, { size: 1 });
  assert.equal((await get(at)).text, 'shared');
  await s.cli('group', 'leave', 'crew', 'ann');
  await new Promise(resume => setTimeout(resume, 1000));
  const refused = await get(at);
  assert.ok([403, 404].includes(refused.status), String(refused.status));
  assert.ok(!refused.text.includes('shared'));
  const late = await put(upload.part_info_list[0].upload_url, Buffer.from('x'));
  assert.ok([403, 404].includes(late.status), String(late.status));
});

test('download: links of somebody who was disabled end', async () => {
  const bob = await s.person('bob', { drive: true });
  const file = await pdsUpload(s, bob, 'bobs.txt', [Buffer.from('bobs')]);
  const at = await pdsUrl(s, bob, file);
  assert.equal((await get(at)).text, 'bobs');
  await s.cli('user', 'disable', 'bob');
  await new Promise(resume => setTimeout(resume, 1000));
  assert.equal((await get(at)).status, 403);
});

test('download: an expired link is refused with the words that clients look for', async () => {
  const file = await shapes['of one part']();
  const at = await pdsUrl(s, ann, file, { expire_sec: 1 });
  assert.equal((await get(at)).status, 200);
  await new Promise(resume => setTimeout(resume, 2100));
  const answer = await get(at);
  assert.equal(answer.status, 403);
  assert.equal(xmlCode(answer), 'AccessDenied');
  assert.match(answer.text, /expired/);
  assert.match(answer.text, /<RequestId>\S+<\/RequestId>/);
  assert.ok(answer.text.includes(answer.headers['x-oss-request-id']));
});

test('download: a browser may ask first', async () => {
  for (const path of ['/data/upload', '/data/download']) {
    const answer = await send('OPTIONS', s.url + path + '?x=1', { headers: { Origin: 'https://app.example',
      'Access-Control-Request-Method': 'PUT', 'Access-Control-Request-Headers': 'content-type' } });
    assert.equal(answer.status, 204);
    assert.equal(answer.headers['access-control-allow-origin'], '*');
    assert.match(answer.headers['access-control-allow-methods'], /PUT/);
    for (const name of ['authorization', 'x-share-token', 'pds-js-sdk', 'content-type', 'range'])
      assert.ok(answer.headers['access-control-allow-headers'].toLowerCase().split(/, */).includes(name), name);
  }
});

test('download: other methods are refused in the vendor\'s form', async () => {
  const at = await url('of one part');
  for (const method of ['POST', 'DELETE', 'PATCH']) {
    const answer = await send(method, at, { body: 'x', headers: { 'Content-Length': '1' } });
    assert.equal(answer.status, 405, method);
    assert.equal(xmlCode(answer), 'MethodNotAllowed');
  }
});

test('koodrive: its links give the same bytes, HEAD and ranges', async () => {
  const made = await koodriveUpload(s, ann, 'koo.bin', body);
  const at = await koodriveUrl(s, ann, made.fileId);
  const whole = await get(at);
  assert.ok(whole.bytes.equals(body));
  assert.match(whole.headers['content-disposition'], /^attachment; .*filename\*=UTF-8''koo\.bin/);
  assert.match(whole.headers['x-request-id'], /\S{8,}/);
  assert.equal((await send('HEAD', at)).headers['content-length'], String(body.length));
  assert.ok((await get(at, { Range: 'bytes=10-19' })).bytes.equals(body.subarray(10, 20)));
  assert.equal((await get(at, { Range: 'bytes=0-1,5-6' })).status, 206);
  assert.equal((await get(at, { Range: 'bytes=300000-' })).status, 416);
});

test('download: many at once give each its own bytes', async () => {
  const files = await Promise.all(Array.from({ length: 8 }, async (_, i) => {
    const bytes = bytesOf(100_000 + i, 20 + i);
    return { bytes, at: await pdsUrl(s, ann, await pdsUpload(s, ann, `many${i}.bin`, [bytes])) };
  }));
  await Promise.all(files.flatMap(file => Array.from({ length: 4 }, async () => {
    assert.equal(digest('sha1', (await get(file.at)).bytes), digest('sha1', file.bytes));
  })));
});

test('download: a range that runs from one part into the next', async () => {
  const parts = [bytesOf(150_000, 1), bytesOf(70_001, 2)], bytes = Buffer.concat(parts);
  const url = await pdsUrl(s, ann, await pdsUpload(s, ann, 'two parts.bin', parts));
  for (const [first, last] of [[149_999, 150_001], [140_000, 160_010], [1, 220_000]]) {
    const answer = await get(url, { Range: `bytes=${first}-${last}` });
    assert.equal(answer.status, 206);
    assert.ok(answer.bytes.equals(bytes.subarray(first, last + 1)));
  }
});
