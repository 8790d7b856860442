// The reference docs/pds.md: each operation of PDS stands in it once, and the test it names is about it.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, runProgram } from './harness.mjs';

const ran = await runProgram(['openapi', 'pds']);
const rows = Object.entries(JSON.parse(ran.stdout).paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, op]) => ({ path, method: method.toUpperCase(), ...op })));

test('docs/pds.md is what `make reference` writes from the rows of this program', () => {
  const made = spawnSync('node', [join(root, 'tools/reference.mjs')], { input: ran.stdout, encoding: 'utf8' });
  assert.equal(made.status, 0, made.stderr);
  const there = readFileSync(join(root, 'docs/pds.md'), 'utf8').split('\n'), now = made.stdout.split('\n');
  const stale = now.filter(line => !there.includes(line)).concat(there.filter(line => !now.includes(line)).map(line => `no more: ${line}`));
  assert.deepEqual(stale, [], 'run `make reference`');
  assert.deepEqual(there, now, 'run `make reference`');
});

test('every operation stands in the page once, with its state', () => {
  const made = spawnSync('node', [join(root, 'tools/reference.mjs')], { input: ran.stdout, encoding: 'utf8' });
  assert.equal(made.status, 0, made.stderr);
  const lines = made.stdout.split('\n').filter(line => line.startsWith('| ') && line.includes('`'));
  assert.equal(lines.length, rows.length);
  for (const row of rows) {
    const [line, ...more] = lines.filter(one => one.startsWith(`| ${row.operationId} | \`${row.method} ${row.path}\` |`));
    assert.ok(line && !more.length, row.operationId);
    const state = line.split(' | ')[2];
    if ('x-polydrive-unsupported' in row) assert.equal(state, 'answered as not supported');
    else assert.match(state, 'x-polydrive-partial' in row ? /^partial: \S/ : /^complete$/);
  }
});

// A test may spell the path out, or put it together from its group and its last word.
test('every operation that is served names a test, which is there and speaks of its path', () => {
  const lacking = [];
  for (const row of rows.filter(one => !('x-polydrive-unsupported' in one))) {
    const file = join(root, 'test/api', row['x-polydrive-proof'] ?? 'none');
    const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
    const path = row.path.replace(/^\/v2/, ''), at = path.lastIndexOf('/') + 1;
    const word = new RegExp(`\\b${path.slice(at)}\\b`);
    if (!text.includes(path) && !(text.includes(path.slice(0, at)) && word.test(text))) lacking.push(`${row.operationId} ${row['x-polydrive-proof']}`);
  }
  assert.deepEqual(lacking, []);
});
