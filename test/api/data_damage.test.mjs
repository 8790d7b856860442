// What the disk lost is never answered as if it were the file: an error, or a connection that breaks off, but no
// short or altered success.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import http from 'node:http';
import { readdirSync, renameSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { startServer } from './harness.mjs';
import { bytesOf, get, pdsUpload, pdsUrl, xmlCode } from './transfer.mjs';

let s, ann;
before(async () => {
  s = await startServer();
  ann = await s.person('ann', { drive: true });
});
after(() => s?.stop());

// The one file of this size under the server's data.
function storedAs(size) {
  const found = readdirSync(s.data, { recursive: true }).map(name => join(s.data, name))
    .filter(path => { const is = statSync(path); return is.isFile() && is.size === size; });
  assert.equal(found.length, 1, `a chunk of ${size} bytes in a file`);
  return found[0];
}

const brokenOff = at => get(at).then(
  answer => assert.fail(`answered ${answer.status} with ${answer.bytes.length} bytes`),
  error => assert.ok(['ECONNRESET', 'EPIPE', 'ERR_STREAM_PREMATURE_CLOSE'].includes(error.code) || /aborted/.test(error.message), String(error)));

for (const [what, harm] of [['cut short', path => truncateSync(path, 50_000)], ['gone', path => renameSync(path, path + '.away')],
                            ['longer', path => truncateSync(path, 500_000)]]) {
  test(`damage: a file whose only chunk is ${what} is an error`, async () => {
    const size = 100_001 + what.length;
    const at = await pdsUrl(s, ann, await pdsUpload(s, ann, `one ${what}.bin`, [bytesOf(size, 1)]));
    harm(storedAs(size));
    const answer = await get(at);
    assert.equal(answer.status, 500);
    assert.equal(xmlCode(answer), 'InternalError');
    assert.equal(answer.headers.etag, undefined);
  });

  test(`damage: a file whose last chunk is ${what} breaks off`, async () => {
    const size = 200_001 + what.length;
    const at = await pdsUrl(s, ann, await pdsUpload(s, ann, `two ${what}.bin`, [bytesOf(100_000, 1), bytesOf(size, 2)]));
    harm(storedAs(size));
    await brokenOff(at);
    // What is whole can still be had.
    const head = await get(at, { Range: 'bytes=0-99' });
    assert.equal(head.status, 206);
    assert.ok(head.bytes.equals(bytesOf(100_000, 1).subarray(0, 100)));
  });
}

// More than the sockets between the two hold, so that the server still has bytes to send when its file is cut.
test('damage: a chunk that is cut short while it is sent breaks off', async () => {
  const size = 32 << 20;
  const at = await pdsUrl(s, ann, await pdsUpload(s, ann, 'cut.bin', [bytesOf(size, 3)]));
  const error = await new Promise((resolve, reject) => {
    http.get(at, { agent: false }, answer => {
      let got = 0;
      answer.pause();
      truncateSync(storedAs(size), 20 << 20);
      answer.on('data', piece => { got += piece.length; });
      answer.on('end', () => reject(new Error(`ended with ${got} bytes`)));
      answer.on('error', resolve);
      answer.resume();
    }).on('error', reject);
  });
  assert.equal(error.code, 'ECONNRESET');
});

test('damage: the server lives, and its log tells', async () => {
  assert.equal((await get(s.url + '/healthz')).status, 200);
  assert.match(s.log(), /chunk/);
  assert.match(s.log(), /a body breaks off/);
});
