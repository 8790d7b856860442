// Large files pass through without the server growing.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import { createHash } from 'node:crypto';
import { startServer } from './harness.mjs';
import { pdsComplete, pdsCreate, pdsUrl, pieces, send } from './transfer.mjs';

// Freed memory that the address sanitizer keeps back is not the server's.
process.env.ASAN_OPTIONS = `${process.env.ASAN_OPTIONS ?? ""}:quarantine_size_mb=4:thread_local_quarantine_size_kb=64`;

const MiB = 1 << 20;
let s, ann;
before(async () => {
  s = await startServer();
  ann = await s.person('ann', { drive: true });
});
after(() => s?.stop());

// The most memory that the server ever held, in bytes.
const peak = () => Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${s.pid}/status`, 'utf8'))[1]) * 1024;

// Reads a URL to its end and gives the digest of what came, at most one piece in memory.
const digestOf = url => new Promise((resolve, reject) => {
  http.get(url, response => {
    const hash = createHash('sha256');
    response.on('data', piece => hash.update(piece));
    response.on('end', () => resolve(response.complete ? hash.digest('hex') : reject(new Error('short'))));
    response.on('error', reject);
  }).on('error', reject);
});

async function round(name, sizes) {
  const hash = createHash('sha256');
  const made = await pdsCreate(s, ann, name, sizes.length, { size: sizes.reduce((a, b) => a + b) });
  for (const [i, size] of sizes.entries()) {
    const answer = await send('PUT', made.part_info_list[i].upload_url, { body: pieces(size, i + 1, hash),
      headers: { 'Content-Length': size } });
    assert.equal(answer.status, 200, answer.text);
  }
  const file = await pdsComplete(s, ann, made);
  assert.equal(await digestOf(await pdsUrl(s, ann, file)), hash.digest('hex'));
}

test('large: 200 MiB up and down, in one part and in twenty, do not make the server grow', async () => {
  await round('warm.bin', [4 * MiB, 4 * MiB]);
  const before = peak();
  await round('one.bin', [200 * MiB]);
  await round('twenty.bin', Array(20).fill(10 * MiB));
  const grown = peak() - before;
  assert.ok(grown < 32 * MiB, `grew by ${(grown / MiB).toFixed(1)} MiB`);
});

test('large: eight downloads by slow readers hold no more than their buffers', async () => {
  const made = await pdsCreate(s, ann, 'slow.bin', 2);
  for (const part of made.part_info_list)
    await send('PUT', part.upload_url, { body: pieces(32 * MiB, 1), headers: { 'Content-Length': 32 * MiB } });
  const at = await pdsUrl(s, ann, await pdsComplete(s, ann, made));
  const before = peak();
  const readers = await Promise.all(Array.from({ length: 8 }, () => new Promise((resolve, reject) =>
    http.get(at, { agent: false }, response => { response.pause(); resolve(response); }).on('error', reject))));
  await new Promise(resume => setTimeout(resume, 1000));
  const grown = peak() - before;
  for (const reader of readers) reader.destroy();
  assert.ok(grown < 16 * MiB, `grew by ${(grown / MiB).toFixed(1)} MiB`);
});
