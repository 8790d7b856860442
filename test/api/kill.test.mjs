// What was acknowledged is there after the process is killed in the midst of work, with its right bytes; what
// was not is there whole or not at all. KILL_ROUNDS=n for more rounds.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { startServer } from './harness.mjs';
import { bytesOf, digest, get, pds, pdsList, pdsUrl, put } from './transfer.mjs';

const rounds = Number(process.env.KILL_ROUNDS ?? 3);
const CLIENTS = 8;

let s, boss, people;
before(async () => {
  s = await startServer();
  boss = await s.person('boss', { admin: true, drive: true });
  people = await Promise.all(Array.from({ length: CLIENTS }, (_, i) => s.person(`worker${i}`, { drive: true })));
});
after(() => s?.stop());

// What clients know: acknowledged things, and files they began whose end they never heard of.
const ledger = { folders: [], files: [], drives: [], uploads: [] };
const begun = new Map(); // name → digest of the bytes it would have

const create = (who, body) => pds(s, who, '/v2/file/create', { drive_id: who.drive_id, parent_file_id: 'root',
  check_name_mode: 'refuse', ...body }, 201);
const finish = (who, made) => pds(s, who, '/v2/file/complete', { drive_id: who.drive_id, file_id: made.file_id,
  upload_id: made.upload_id });

async function upload(who, name, parts) {
  const sha256 = digest('sha256', Buffer.concat(parts));
  begun.set(name, sha256);
  const made = await create(who, { name, type: 'file', size: parts.reduce((n, p) => n + p.length, 0),
    part_info_list: parts.map((_, i) => ({ part_number: i + 1 })) });
  const open = { who, made, name, parts, sha256, acknowledged: [] };
  ledger.uploads.push(open);
  await Promise.all(parts.map(async (part, i) => {
    const answer = await put(made.part_info_list[i].upload_url, part);
    assert.equal(answer.status, 200, answer.text);
    open.acknowledged.push(i + 1);
  }));
  open.finishing = true;
  await finish(who, made);
  open.finished = true;
  ledger.files.push({ who, name, file_id: made.file_id, sha256 });
}

const work = [
  async (who, name) => {
    const made = await create(who, { name, type: 'folder' });
    ledger.folders.push({ who, name, file_id: made.file_id });
  },
  (who, name, seed) => upload(who, name, [bytesOf(100 << 10, seed)]),
  (who, name, seed) => upload(who, name, [bytesOf(500_000, seed), bytesOf(500_000, seed + 1), bytesOf(48_576, seed + 2)]),
  (who, name, seed) => upload(who, name, [bytesOf(1000, seed)]),
  async (who, name) => {
    const made = await pds(s, boss, '/v2/drive/create', { drive_name: name, owner: who.user_id, owner_type: 'user' }, 201);
    ledger.drives.push({ name, drive_id: made.drive_id });
  },
];

// Works until the server goes away. Any other trouble is the test's.
async function client(who, round, number, state) {
  for (let i = 0; !state.killed; i++)
    try {
      await work[(i + number) % work.length](who, `r${round}c${number}n${i}`, (round * 64 + number * 8 + i) % 250);
    } catch (error) {
      if (state.killed || error.code === 'ECONNRESET' || error.code === 'ECONNREFUSED' || error.cause?.code) return;
      throw error;
    }
}

async function checkAll() {
  for (const folder of ledger.folders) {
    const found = await pds(s, folder.who, '/v2/file/get', { drive_id: folder.who.drive_id, file_id: folder.file_id });
    assert.deepEqual([found.name, found.type], [folder.name, 'folder']);
  }
  for (const drive of ledger.drives)
    assert.equal((await pds(s, boss, '/v2/drive/get', { drive_id: drive.drive_id })).drive_name, drive.name);
  for (const file of ledger.files)
    await checkBytes(file.who, file, file.sha256);
}

async function checkBytes(who, file, sha256) {
  const answer = await get(await pdsUrl(s, who, file));
  assert.equal(answer.status, 200, answer.text);
  assert.equal(digest('sha256', answer.bytes), sha256, `bytes of ${file.name}`);
}

// Every name that can be seen is one somebody began, and is whole.
async function checkListing() {
  const known = new Set(ledger.files.map(f => f.file_id));
  for (const who of people)
    for (const item of await pdsList(s, who))
      if (item.type === 'file' && !known.has(item.file_id)) {
        assert.ok(begun.has(item.name), `${item.name} was begun by nobody`);
        await checkBytes(who, item, begun.get(item.name));
      }
}

// Uploads that were cut off go on where they were: acknowledged parts are there, the rest can be sent.
async function resume() {
  for (const open of ledger.uploads.filter(u => !u.finished && !u.finishing)) {
    const { who, made } = open;
    const listed = await pds(s, who, '/v2/file/list_uploaded_parts', { drive_id: who.drive_id, file_id: made.file_id,
      upload_id: made.upload_id, limit: 100 });
    const there = new Map(listed.uploaded_parts.map(p => [Number(p.part_number), p]));
    for (const number of open.acknowledged) {
      assert.ok(there.has(number), `part ${number} of ${open.name} was acknowledged`);
      assert.equal(there.get(number).part_size, open.parts[number - 1].length);
    }
    const fresh = await pds(s, who, '/v2/file/get_upload_url', { drive_id: who.drive_id, file_id: made.file_id,
      upload_id: made.upload_id, part_info_list: open.parts.map((_, i) => ({ part_number: i + 1 })) });
    for (const [i, part] of open.parts.entries())
      if (!open.acknowledged.includes(i + 1))
        assert.equal((await put(fresh.part_info_list[i].upload_url, part)).status, 200);
    await finish(who, made);
    await checkBytes(who, { file_id: made.file_id, name: open.name }, open.sha256);
    ledger.files.push({ who, name: open.name, file_id: made.file_id, sha256: open.sha256 });
  }
  ledger.uploads.length = 0;
}

for (let round = 1; round <= rounds; round++)
  test(`kill: round ${round} of ${rounds}: all that was acknowledged is there`, async t => {
    const state = { killed: false };
    const before = ledger.files.length + ledger.folders.length + ledger.drives.length;
    const clients = people.map((who, i) => client(who, round, i, state));
    await new Promise(resolve => setTimeout(resolve, 1000 + Math.random() * 1000));
    state.killed = true;
    await s.kill9();
    await Promise.all(clients);
    await s.restart();
    const done = ledger.files.length + ledger.folders.length + ledger.drives.length - before;
    t.diagnostic(`${done} things acknowledged, ${ledger.uploads.filter(u => !u.finished).length} uploads cut off`);
    assert.ok(done > 0, 'the load did something');
    await checkAll();
    await checkListing();
    await resume();
    await checkListing();
      assert.deepEqual(await s.cli('check', '--content'), []);
  });
