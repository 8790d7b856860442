// Uploads to the signed URLs that every dialect hands out.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import { startServer } from './harness.mjs';
import { bytesOf, crc64, digest, get, koodrive, koodriveCreate, koodriveUrl, pds, pdsComplete, pdsCreate, pdsUpload,
         pdsUrl, put, send, xmlCode } from './transfer.mjs';

let s, ann;
before(async () => {
  s = await startServer();
  ann = await s.person('ann', { drive: true });
});
after(() => s?.stop());

const md5 = bytes => digest('md5', bytes).toUpperCase();
const md5Header = bytes => Buffer.from(digest('md5', bytes), 'hex').toString('base64');
const stored = async (who, made) => (await pds(s, who, '/v2/file/list_uploaded_parts', { drive_id: who.drive_id,
  file_id: made.file_id, upload_id: made.upload_id, limit: 100 })).uploaded_parts;
const sameFile = async (file, bytes) =>
  assert.equal(digest('sha256', (await get(await pdsUrl(s, ann, file))).bytes), digest('sha256', bytes));
// A raw exchange: sends `text`, resolves with all that comes until `until` matches or the peer closes.
function raw(text, until = /$^/) {
  const { hostname, port } = new URL(s.url);
  return new Promise((resolve, reject) => {
    const socket = net.connect(Number(port), hostname, () => socket.write(text));
    let got = '';
    socket.on('data', piece => {
      got += piece.toString('latin1');
      if (until.test(got)) resolve({ got, socket });
    });
    socket.on('close', () => resolve({ got, socket }));
    socket.on('error', reject);
  });
}

test('upload: an answer has the ETag and the checksum of the part, and no body', async () => {
  const bytes = bytesOf(70_000, 3);
  const made = await pdsCreate(s, ann, 'a.bin', 1, { size: bytes.length });
  const answer = await put(made.part_info_list[0].upload_url, bytes);
  assert.equal(answer.status, 200);
  assert.equal(answer.headers.etag, `"${md5(bytes)}"`);
  assert.equal(answer.headers['x-oss-hash-crc64ecma'], crc64(bytes));
  assert.equal(answer.headers['access-control-allow-origin'], '*');
  assert.match(answer.headers['access-control-expose-headers'], /ETag/);
  assert.match(answer.headers['x-oss-request-id'], /\S/);
  assert.equal(answer.bytes.length, 0);
  await sameFile(await pdsComplete(s, ann, made), bytes);
});

for (const size of [0, 1, 65_535, 65_536, 65_537, 1_000_000])
  test(`upload: ${size} bytes come back as they were, sized and chunked`, async () => {
    const bytes = bytesOf(size, 9);
    for (const headers of [{}, { 'Transfer-Encoding': 'chunked' }]) {
      const made = await pdsCreate(s, ann, `size${size}.bin`, 1, { size });
      const answer = await put(made.part_info_list[0].upload_url, bytes, headers);
      assert.equal(answer.status, 200, answer.text);
      assert.equal(answer.headers.etag, `"${md5(bytes)}"`);
      const file = await pdsComplete(s, ann, made);
      assert.equal(file.size, size);
      assert.equal(file.content_hash, digest('sha1', bytes).toUpperCase());
      await sameFile(file, bytes);
    }
  });

test('upload: a PUT without any body header is an empty part', async () => {
  const made = await pdsCreate(s, ann, 'nothing.bin', 1, { size: 0 });
  const at = new URL(made.part_info_list[0].upload_url);
  const { got } = await raw(`PUT ${at.pathname}${at.search} HTTP/1.1\r\nHost: ${at.host}\r\nConnection: close\r\n\r\n`);
  assert.match(got, /^HTTP\/1\.1 200 /);
  assert.equal((await pdsComplete(s, ann, made)).size, 0);
});

test('upload: 100 Continue comes for a good link, and a refusal instead of it for a bad one', async () => {
  const bytes = bytesOf(1000, 4);
  const made = await pdsCreate(s, ann, 'expect.bin', 1, { size: bytes.length });
  const good = made.part_info_list[0].upload_url;
  let continued = 0;
  const answer = await send('PUT', good, { headers: { 'Content-Length': bytes.length, Expect: '100-continue' },
    onContinue: request => { continued++; request.end(bytes); } });
  assert.equal(answer.status, 200);
  assert.equal(continued, 1);

  const at = new URL(good.slice(0, -1));
  const { got } = await raw(`PUT ${at.pathname}${at.search} HTTP/1.1\r\nHost: ${at.host}\r\nContent-Length: 1000\r\n` +
    'Expect: 100-continue\r\nConnection: close\r\n\r\n');
  assert.match(got, /^HTTP\/1\.1 403 /);
  assert.ok(!got.includes('100 Continue'));
});

test('upload: a length past what was announced is refused before a byte is asked for', async () => {
  const made = await pdsCreate(s, ann, 'expected.bin', 1, { size: 10 });
  const at = new URL(made.part_info_list[0].upload_url);
  const { got } = await raw(`PUT ${at.pathname}${at.search} HTTP/1.1\r\nHost: ${at.host}\r\nContent-Length: 11\r\n` +
    'Expect: 100-continue\r\nConnection: close\r\n\r\n');
  assert.match(got, /^HTTP\/1\.1 400 /);
  assert.match(got, /EntityTooLarge/);
  assert.ok(!got.includes('100 Continue'));
});

test('upload: Content-MD5 is checked', async () => {
  const bytes = bytesOf(100_000, 5);
  const made = await pdsCreate(s, ann, 'md5.bin', 1, { size: bytes.length });
  const at = made.part_info_list[0].upload_url;
  for (const wrong of [md5Header(Buffer.from('other')), 'AAAA', 'not base64!!', digest('md5', bytes)]) {
    const answer = await put(at, bytes, { 'Content-MD5': wrong });
    assert.equal(answer.status, 400, wrong);
    assert.equal(xmlCode(answer), 'InvalidDigest');
    assert.deepEqual(await stored(ann, made), []);
  }
  assert.equal((await put(at, bytes, { 'Content-MD5': md5Header(bytes) })).status, 200);
  assert.equal((await stored(ann, made)).length, 1);
});

test('upload: the Content-Type agreed for a part must come', async () => {
  const made = await pdsCreate(s, ann, 'typed.bin', 1, { size: 1,
    part_info_list: [{ part_number: 1, content_type: 'text/x-agreed' }] });
  const at = made.part_info_list[0].upload_url;
  for (const headers of [{}, { 'Content-Type': 'text/plain' }]) {
    const answer = await put(at, Buffer.from('x'), headers);
    assert.equal(answer.status, 403);
    assert.equal(xmlCode(answer), 'SignatureDoesNotMatch');
  }
  assert.equal((await put(at, Buffer.from('x'), { 'Content-Type': 'text/x-agreed' })).status, 200);
});

test('upload: a Content-Type where none was agreed is a tolerance, told, and refused under strict', async () => {
  const made = await pdsCreate(s, ann, 'untyped.bin', 1, { size: 1 });
  const answer = await put(made.part_info_list[0].upload_url, Buffer.from('x'), { 'Content-Type': 'text/plain' });
  assert.equal(answer.status, 200);
  assert.match(answer.headers['x-polydrive-lenient'], /^Content-Type: /);
  const empty = await put(made.part_info_list[0].upload_url, Buffer.from('x'), { 'Content-Type': '' });
  assert.equal(empty.status, 200);
  assert.equal(empty.headers['x-polydrive-lenient'], undefined);

  const strict = await startServer({ args: ['--strict'] });
  try {
    const eve = await strict.person('eve', { drive: true });
    const there = await pdsCreate(strict, eve, 'untyped.bin', 1, { size: 1 });
    const refused = await put(there.part_info_list[0].upload_url, Buffer.from('x'), { 'Content-Type': 'text/plain' });
    assert.equal(refused.status, 403);
    assert.equal(xmlCode(refused), 'SignatureDoesNotMatch');
  } finally {
    await strict.stop();
  }
});

test('upload: Content-Encoding is not undone', async () => {
  const bytes = Buffer.from('1f8b0800', 'hex');
  const made = await pdsCreate(s, ann, 'gz.bin', 1, { size: bytes.length });
  assert.equal((await put(made.part_info_list[0].upload_url, bytes, { 'Content-Encoding': 'gzip' })).status, 200);
  await sameFile(await pdsComplete(s, ann, made), bytes);
});

test('upload: a repeated part replaces the first', async () => {
  const [first, second, tail] = [bytesOf(80_000, 1), bytesOf(90_000, 2), bytesOf(10, 3)];
  const made = await pdsCreate(s, ann, 'again.bin', 2);
  for (const bytes of [first, second])
    assert.equal((await put(made.part_info_list[0].upload_url, bytes)).headers.etag, `"${md5(bytes)}"`);
  assert.equal((await put(made.part_info_list[1].upload_url, tail)).status, 200);
  const parts = await stored(ann, made);
  assert.deepEqual(parts.map(p => Number(p.part_number)), [1, 2]);
  assert.equal(parts[0].part_size, second.length);
  await sameFile(await pdsComplete(s, ann, made), Buffer.concat([second, tail]));
});

test('upload: parts come in any order, and all at once', async () => {
  const parts = Array.from({ length: 12 }, (_, i) => bytesOf(i % 3 ? 70_000 + i : 100 + i, 30 + i));
  const whole = Buffer.concat(parts);
  for (const run of [
    async urls => { for (const i of [11, 0, 5, 4, 3, 10, 1, 2, 9, 8, 7, 6]) assert.equal((await put(urls[i], parts[i])).status, 200); },
    async urls => Promise.all(urls.map(async (at, i) => assert.equal((await put(at, parts[i])).status, 200))),
  ]) {
    const made = await pdsCreate(s, ann, 'order.bin', parts.length, { size: whole.length });
    await run(made.part_info_list.map(p => p.upload_url));
    const file = await pdsComplete(s, ann, made);
    assert.equal(file.content_hash, digest('sha1', whole).toUpperCase());
    assert.equal(file.crc64_hash, crc64(whole));
    await sameFile(file, whole);
  }
});

test('upload: the same part sent by many at once is one of them, whole', async () => {
  const made = await pdsCreate(s, ann, 'race.bin', 1);
  const rivals = Array.from({ length: 8 }, (_, i) => bytesOf(70_000 + i, 50 + i));
  const answers = await Promise.all(rivals.map(bytes => put(made.part_info_list[0].upload_url, bytes)));
  for (const answer of answers) assert.equal(answer.status, 200);
  const file = await pdsComplete(s, ann, made);
  const got = (await get(await pdsUrl(s, ann, file))).bytes;
  assert.ok(rivals.some(bytes => bytes.equals(got)));
});

test('upload: a body that breaks off is no part', async () => {
  for (const head of [at => `Content-Length: 100000\r\n\r\n${'x'.repeat(80_000)}`,
                      at => `Transfer-Encoding: chunked\r\n\r\n4\r\nabcd\r\n1000\r\n${'x'.repeat(100)}`]) {
    const made = await pdsCreate(s, ann, 'cut.bin', 1);
    const at = new URL(made.part_info_list[0].upload_url);
    await new Promise(resolve => {
      const socket = net.connect(Number(at.port), at.hostname, () =>
        socket.write(`PUT ${at.pathname}${at.search} HTTP/1.1\r\nHost: ${at.host}\r\n${head(at)}`, () =>
          setTimeout(() => { socket.destroy(); resolve(); }, 100)));
      socket.on('error', () => {});
    });
    await new Promise(resume => setTimeout(resume, 200));
    assert.deepEqual(await stored(ann, made), []);
    const refused = await s.call('POST', '/v2/file/complete', { token: ann.token, body: { drive_id: ann.drive_id,
      file_id: made.file_id, upload_id: made.upload_id } });
    assert.ok(refused.status >= 400 && refused.status < 500, refused.text);
  }
});

// The end comes together with the last bytes, while the server does not look: it hears of both at once.
test('upload: a client that goes in the middle leaves nothing behind', async () => {
  const made = await pdsCreate(s, ann, 'gone.bin', 1, {});
  const at = new URL(made.part_info_list[0].upload_url);
  const temporary = () => readdirSync(`${s.data}/tmp`).length;
  const until = async held => { while (!await held()) await new Promise(resume => setTimeout(resume, 20)); };
  for (const ends of [socket => socket.end(), socket => socket.destroy()]) {
    const socket = net.connect(Number(at.port), at.hostname);
    socket.on('error', () => {});
    socket.write(`PUT ${at.pathname}${at.search} HTTP/1.1\r\nHost: ${at.host}\r\nContent-Length: 4000000\r\n\r\n`);
    socket.write(bytesOf(200_000, 5));
    await until(() => temporary() === 1);
    s.child.kill('SIGSTOP');
    await new Promise(resume => socket.write(bytesOf(10_000, 6), resume));
    ends(socket);
    await new Promise(resume => setTimeout(resume, 50));
    s.child.kill('SIGCONT');
    const before = Date.now();
    await until(() => temporary() === 0);
    assert.ok(Date.now() - before < 30_000, 'only a timeout ended it');
    socket.destroy();
  }
  assert.deepEqual(await stored(ann, made), []);
});

test('upload: a slow body is waited for', async () => {
  const bytes = bytesOf(3000, 8);
  const made = await pdsCreate(s, ann, 'slow.bin', 1, { size: bytes.length });
  async function* slowly() {
    for (let i = 0; i < 3; i++) {
      yield bytes.subarray(i * 1000, i * 1000 + 1000);
      await new Promise(resume => setTimeout(resume, 300));
    }
  }
  const answer = await send('PUT', made.part_info_list[0].upload_url, { body: slowly(),
    headers: { 'Content-Length': bytes.length } });
  assert.equal(answer.status, 200);
  await sameFile(await pdsComplete(s, ann, made), bytes);
});

test('upload: more bytes than the announced size are refused', async () => {
  const made = await pdsCreate(s, ann, 'long.bin', 1, { size: 10 });
  for (const headers of [{}, { 'Transfer-Encoding': 'chunked' }]) {
    const answer = await put(made.part_info_list[0].upload_url, bytesOf(11, 1), headers);
    assert.equal(answer.status, 400, JSON.stringify(headers));
    assert.equal(xmlCode(answer), 'EntityTooLarge');
  }
  assert.deepEqual(await stored(ann, made), []);
  assert.equal((await put(made.part_info_list[0].upload_url, bytesOf(10, 1))).status, 200);
});

test('upload: a part of what is a part is refused', async () => {
  const made = await pdsCreate(s, ann, 'ranged.bin', 1, { size: 10 });
  const answer = await put(made.part_info_list[0].upload_url, bytesOf(5, 1), { 'Content-Range': 'bytes 0-4/10' });
  assert.equal(answer.status, 400);
});

test('upload: a finished upload takes no more parts', async () => {
  const made = await pdsCreate(s, ann, 'done.bin', 1, { size: 1 });
  const at = made.part_info_list[0].upload_url;
  assert.equal((await put(at, Buffer.from('x'))).status, 200);
  const file = await pdsComplete(s, ann, made);
  const late = await put(at, Buffer.from('y'));
  assert.equal(late.status, 404);
  assert.equal(xmlCode(late), 'NoSuchUpload');
  await sameFile(file, Buffer.from('x'));
});

test('upload: one that completes while a part is on its way does not take that part', async () => {
  const made = await pdsCreate(s, ann, 'meanwhile.bin', 1);
  const at = made.part_info_list[0].upload_url;
  assert.equal((await put(at, Buffer.from('first'))).status, 200);
  let go;
  const gate = new Promise(resolve => { go = resolve; });
  async function* late() { yield Buffer.from('sec'); await gate; yield Buffer.from('ond'); }
  const pending = send('PUT', at, { body: late(), headers: { 'Content-Length': 6 } });
  await new Promise(resume => setTimeout(resume, 200));
  const file = await pdsComplete(s, ann, made);
  go();
  const answer = await pending;
  assert.equal(answer.status, 404);
  assert.equal(xmlCode(answer), 'NoSuchUpload');
  await sameFile(file, Buffer.from('first'));
});

test('upload: access that ends while a part is on its way ends that part', async () => {
  await s.cli('group', 'add', 'crew');
  await s.cli('group', 'join', 'crew', 'ann', '--role', 'editor');
  const there = { ...ann, drive_id: (await s.cli('drive', 'add', 'crew drive', '--owner', 'crew')).drive_id };
  const made = await pdsCreate(s, there, 'late.bin', 1);
  let go;
  const gate = new Promise(resolve => { go = resolve; });
  async function* late() { yield Buffer.from('fir'); await gate; yield Buffer.from('st'); }
  const pending = send('PUT', made.part_info_list[0].upload_url, { body: late(), headers: { 'Content-Length': 5 } });
  await new Promise(resume => setTimeout(resume, 200));
  await s.cli('group', 'leave', 'crew', 'ann');
  await new Promise(resume => setTimeout(resume, 1000));
  go();
  const answer = await pending;
  assert.ok([403, 404].includes(answer.status), `${answer.status}`);
  await s.cli('group', 'join', 'crew', 'ann', '--role', 'editor');
  await new Promise(resume => setTimeout(resume, 1000));
  assert.deepEqual(await stored(there, made), []);
});

test('upload: koodrive parts carry an ETag, in any order, and a repeated one replaces the first', async () => {
  const big = 5 << 20, tail = 1234;
  const first = bytesOf(big, 1), wrong = bytesOf(tail, 2), last = bytesOf(tail, 3);
  const made = await koodriveCreate(s, ann, 'koo.bin', big + tail, { multiParts: [
    { partNumber: 1, partSize: big }, { partNumber: 2, partSize: tail }] });
  const urls = Object.fromEntries(made.multiParts.map(p => [p.partNumber, p.uploadUrl]));
  for (const [number, bytes] of [[2, wrong], [1, first], [2, last]]) {
    const answer = await put(urls[number], bytes, { 'Content-Type': 'application/whatever' });
    assert.equal(answer.status, 200, answer.text);
    assert.equal(answer.headers.etag, `"${md5(bytes)}"`);
    assert.equal(answer.headers['x-polydrive-lenient'], undefined);
  }
  await koodrive(s, ann, 'POST', '/files/complete', { fileId: made.fileId });
  assert.ok((await get(await koodriveUrl(s, ann, made.fileId))).bytes.equals(Buffer.concat([first, last])));
});

test('upload: keep-alive connections carry many parts', async () => {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  try {
    for (let i = 0; i < 10; i++) {
      const bytes = bytesOf(1000 + i, i + 1);
      const made = await pdsCreate(s, ann, `alive${i}.bin`, 1, { size: bytes.length });
      const answer = await send('PUT', made.part_info_list[0].upload_url, { body: bytes, agent,
        headers: { 'Content-Length': bytes.length } });
      assert.equal(answer.status, 200);
      await sameFile(await pdsComplete(s, ann, made), bytes);
    }
  } finally {
    agent.destroy();
  }
});

test('upload: a part of an overwriting upload changes nothing before it completes', async () => {
  const file = await pdsUpload(s, ann, 'over.txt', [Buffer.from('old')]);
  const made = await pdsCreate(s, ann, 'over.txt', 1, { size: 3, file_id: file.file_id });
  assert.equal((await put(made.part_info_list[0].upload_url, Buffer.from('new'))).status, 200);
  await sameFile(file, Buffer.from('old'));
  assert.equal((await pdsComplete(s, ann, made)).file_id, file.file_id);
  await sameFile(file, Buffer.from('new'));
});
