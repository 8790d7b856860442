// ScanFile, GetLastCursor, ListDelta: every entry of a drive, and what changed in it.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { startServer } from './harness.mjs';
import { koodrive, koodriveUpload, pdsUpload } from './transfer.mjs';
import { alterations, call, done, folder, lenient, refused, walk } from './pds.mjs';

let s, ann, ben, people = 0;
before(async () => {
  s = await startServer();
  ann = await s.person('ann', { drive: true });
  ben = await s.person('ben', { drive: true });
});
after(() => s?.stop());

const fresh = () => s.person(`p${++people}`, { drive: true });
const delta = (who, more = {}) => call(s, who, '/file/list_delta', { drive_id: who.drive_id, ...more });
const last = (who, more = {}) => call(s, who, '/file/get_last_cursor', { drive_id: who.drive_id, ...more });
const trash = (who, file_id) => call(s, who, '/recyclebin/trash', { drive_id: who.drive_id, file_id });
const restore = (who, file_id) => call(s, who, '/recyclebin/restore', { drive_id: who.drive_id, file_id });
const file = (who, name, parent_file_id = 'root', more = {}) => pdsUpload(s, who, name, [Buffer.from(name)], { parent_file_id, ...more });

// All that happened after `cursor`, by pages of `limit`.
async function follow(who, cursor, limit = 100, more = {}) {
  const items = [];
  for (let i = 0; ; i++) {
    assert.ok(i < 1000, 'it has no end');
    const page = done(await delta(who, { cursor, limit, ...more }));
    assert.deepEqual(Object.keys(page), ['items', 'cursor', 'has_more']);
    assert.ok(page.items.length <= limit);
    items.push(...page.items);
    cursor = page.cursor;
    if (!page.has_more) return { items, cursor };
  }
}
const short = items => items.map(item => `${item.op} ${item.file_id}`);

// ---- ListDelta ----

test('delta: each change is told once, in order, with the file as it is now', async () => {
  const who = await fresh();
  const a = await folder(s, who, 'a');
  const f = await file(who, 'f.txt', a.file_id);
  await file(who, 'f.txt', a.file_id, { file_id: f.file_id });
  done(await trash(who, f.file_id), 204);
  done(await restore(who, f.file_id), 204);
  done(await trash(who, a.file_id), 204);
  const wanted = [`create ${a.file_id}`, `create ${f.file_id}`, `overwrite ${f.file_id}`, `trash ${f.file_id}`,
    `restore ${f.file_id}`, `trash ${a.file_id}`];
  for (const limit of [1, 2, 3, 5, 6, 7, 100]) assert.deepEqual(short((await follow(who, undefined, limit)).items), wanted, `${limit}`);
  const { items } = await follow(who);
  assert.ok(items.every(item => item.file.file_id === item.file_id && item.file.drive_id === who.drive_id));
  assert.equal(items[0].file.name, 'a');
  assert.ok('trashed_at' in items[0].file);
  assert.equal(items[1].file.size, 5);
  assert.equal(items[1].file.revision_version, 2);
  assert.equal(items[1].file.parent_file_id, a.file_id);
});

test('delta: a file that was shown before shows what it is now, the caller\'s star included', async () => {
  const who = await fresh();
  const { file_id } = await file(who, 'star.txt');
  const alter = change => call(s, who, '/file/update', { drive_id: who.drive_id, file_id, ...change }).then(it => done(it));
  for (const change of [{ starred: true }, { starred: false }, { description: 'said' }, { starred: true }, { hidden: true }]) {
    await alter(change);
    const alone = done(await call(s, who, '/file/get', { drive_id: who.drive_id, file_id }));
    for (let i = 0; i < 2; i++) {
      const shown = (await follow(who)).items.at(-1).file;
      for (const member of Object.keys(shown)) assert.deepEqual(shown[member], alone[member], member);
    }
  }
});

test('delta: the cursor goes on where it stood, also with nothing new', async () => {
  const who = await fresh();
  const { cursor } = done(await last(who));
  assert.deepEqual(done(await delta(who, { cursor })), { items: [], cursor, has_more: false });
  assert.deepEqual((await follow(who)).items, []);
  const one = await folder(s, who, 'one');
  const first = await follow(who, cursor);
  assert.deepEqual(short(first.items), [`create ${one.file_id}`]);
  assert.deepEqual(done(await last(who)).cursor, first.cursor);
  const two = await folder(s, who, 'two');
  assert.deepEqual(short((await follow(who, first.cursor)).items), [`create ${two.file_id}`]);
  assert.deepEqual(short((await follow(who, cursor)).items), [`create ${one.file_id}`, `create ${two.file_id}`]);
});

test('delta: it holds over a restart', async () => {
  const who = await fresh();
  await folder(s, who, 'before');
  const { cursor } = done(await last(who));
  await s.restart();
  const made = await folder(s, who, 'after');
  assert.deepEqual(short((await follow(who, cursor)).items), [`create ${made.file_id}`]);
});

test('delta: limit 0 tells only whether there is more', async () => {
  const who = await fresh();
  const { cursor } = done(await last(who));
  assert.equal(done(await delta(who, { cursor, limit: 0 })).has_more, false);
  await folder(s, who, 'x');
  assert.deepEqual(done(await delta(who, { cursor, limit: 0 })), { items: [], cursor, has_more: true });
});

test('delta: changes by other vendors are told too', async () => {
  const who = await fresh();
  const { cursor } = done(await last(who));
  const made = await koodriveUpload(s, who, 'koo.txt', Buffer.from('koo'));
  const { items } = await follow(who, cursor);
  assert.deepEqual(short(items), [`create ${made.fileId}`]);
  assert.equal(items[0].file.name, 'koo.txt');
});

test('delta: a watched folder tells what is and what was below it', async () => {
  const who = await fresh();
  const a = await folder(s, who, 'a'), b = await folder(s, who, 'b');
  const deep = await folder(s, who, 'deep', a.file_id);
  const { cursor } = done(await last(who, { sync_root_id: a.file_id }));
  const inside = await file(who, 'in', deep.file_id);
  await file(who, 'out', b.file_id);
  done(await trash(who, inside.file_id), 204);
  done(await trash(who, b.file_id), 204);
  const { items } = await follow(who, cursor, 1, { sync_root_id: a.file_id });
  assert.deepEqual(short(items), [`create ${inside.file_id}`, `trash ${inside.file_id}`]);
  done(await trash(who, a.file_id), 204);
  assert.deepEqual(short((await follow(who, cursor, 100, { sync_root_id: a.file_id })).items).at(-1), `trash ${a.file_id}`);
  refused(await delta(who, { cursor }), 400, 'InvalidParameter.Cursor');
  refused(await delta(who, { cursor, sync_root_id: b.file_id }), 400, 'InvalidParameter.Cursor');
  refused(await delta(who, { sync_root_id: inside.file_id }), 400, 'InvalidParameter.SyncRootId');
  refused(await delta(who, { sync_root_id: '4503599627370495' }), 404, 'NotFound.File');
  refused(await last(who, { sync_root_id: '0' }), 404, 'NotFound.File');
});

test('delta: what moves out of a watched folder, or is deleted for good, is told', async () => {
  const who = await fresh(), on = (path, file_id, more) => call(s, who, path, { drive_id: who.drive_id, file_id, ...more });
  const a = await folder(s, who, 'a'), b = await folder(s, who, 'b'), moved = await file(who, 'moved', a.file_id);
  const renamed = await file(who, 'renamed', a.file_id), deleted = await file(who, 'deleted', a.file_id);
  const whole = done(await last(who)).cursor, cursor = done(await last(who, { sync_root_id: a.file_id })).cursor;
  done(await on('/file/update', renamed.file_id, { name: 'new name' }));
  done(await on('/file/move', moved.file_id, { to_parent_file_id: b.file_id }));
  done(await on('/file/delete', deleted.file_id), 204);
  const wanted = [`rename ${renamed.file_id}`, `move ${moved.file_id}`, `delete ${deleted.file_id}`];
  const { items } = await follow(who, cursor, 100, { sync_root_id: a.file_id });
  assert.deepEqual(short(items), wanted);
  assert.deepEqual(items.map(item => item.file?.name), ['new name', 'moved', undefined]);
  assert.deepEqual(Object.keys(items[2]), ['op', 'file_id'], 'of what is gone only its number');
  assert.equal(items[1].file.parent_file_id, b.file_id);
  assert.deepEqual(short((await follow(who, whole)).items), wanted);
});

test('delta: who was given one folder sees that folder and no more', async () => {
  const who = await fresh(), guest = await fresh();
  const shared = (await koodrive(s, who, 'POST', '/sharefolder/create', { shareType: 0, containerId: who.drive_id, name: 'Shared' })).data;
  await s.cli('group', 'join', String(shared.groupId), `p${people}`, '--role', 'viewer');
  const there = { ...guest, drive_id: who.drive_id }, root = { sync_root_id: shared.shareFolderId };
  const inside = await folder(s, who, 'inside', shared.shareFolderId), other = await folder(s, who, 'other');
  const { cursor } = done(await last(there, root));
  refused(await delta(there), 404, 'NotFound.Drive');
  refused(await delta(there, { sync_root_id: other.file_id }), 404, 'NotFound.File');
  const late = await file(who, 'late', inside.file_id);
  await file(who, 'secret', other.file_id);
  done(await call(s, who, '/file/move', { drive_id: who.drive_id, file_id: late.file_id, to_parent_file_id: other.file_id }));
  const { items } = await follow(there, cursor, 100, root);
  assert.deepEqual(short(items), [`move ${late.file_id}`]);
  assert.ok(!('file' in items[0]), 'where it went is not his to see');
});

test('delta: cursors that are altered, or another\'s', async () => {
  const { cursor } = done(await last(ann));
  for (const altered of alterations(cursor, 2)) refused(await delta(ann, { cursor: altered }), 400, 'InvalidParameter.Cursor');
  for (const bad of ['x', '0', `${cursor}A`, cursor.slice(1), '%%', 'é']) refused(await delta(ann, { cursor: bad }), 400, 'InvalidParameter.Cursor');
  refused(await delta(ben, { cursor }), 400, 'InvalidParameter.Cursor');
  const { next_marker } = done(await call(s, ann, '/file/scan', { drive_id: ann.drive_id, limit: 1 }));
  if (next_marker) refused(await delta(ann, { cursor: next_marker }), 400, 'InvalidParameter.Cursor');
});

test('delta, last cursor, scan: bounds and refusals', async () => {
  for (const limit of [0, 1, 100]) done(await delta(ann, { limit }));
  for (const limit of [-1, 101, '5', 1.5]) refused(await delta(ann, { limit }), 400, 'InvalidParameterOutOfRange.Limit');
  for (const path of ['/file/list_delta', '/file/get_last_cursor', '/file/scan']) {
    refused(await call(s, ann, path, {}), 400, 'InvalidParameterMissing.DriveId');
    refused(await call(s, ann, path, { drive_id: 'x' }), 400, 'InvalidParameter.DriveId');
    refused(await call(s, ann, path, { drive_id: '4503599627370495' }), 404, 'NotFound.Drive');
    refused(await call(s, ben, path, { drive_id: ann.drive_id }), 404, 'NotFound.Drive');
    refused(await call(s, null, path, { drive_id: ann.drive_id }), 401, 'AccessTokenInvalid');
  }
});

// ---- ScanFile ----

const scan = (who, more = {}) => call(s, who, '/file/scan', { drive_id: who.drive_id, ...more });

test('scan: every live entry once, whatever the page', async () => {
  const who = await fresh();
  const made = [];
  for (let i = 0; i < 4; i++) {
    const top = await folder(s, who, `t${i}`), below = await folder(s, who, 'b', top.file_id);
    const leaf = await file(who, 'leaf', below.file_id);
    if (i === 1) done(await trash(who, top.file_id), 204); // with all below it
    else if (i === 2) { done(await trash(who, leaf.file_id), 204); made.push(top.file_id, below.file_id); }
    else made.push(top.file_id, below.file_id, leaf.file_id);
  }
  made.sort((x, y) => x - y);
  for (const limit of [1, 2, 3, 7, 8, 100]) {
    const { items } = await walk(s, who, '/file/scan', { drive_id: who.drive_id, limit });
    assert.deepEqual(items.map(item => item.file_id), made, `${limit}`);
  }
});

test('scan: the page\'s default members, or the whole file', async () => {
  const who = await fresh();
  const top = await folder(s, who, 'top');
  await file(who, 'x.txt', top.file_id, { user_tags: [{ key: 'k', value: 'v' }] });
  const [folderShown, shown] = done(await scan(who)).items;
  const common = ['drive_id', 'file_id', 'parent_file_id', 'type', 'status'], times = ['created_at', 'updated_at', 'starred', 'hidden'];
  assert.deepEqual(Object.keys(folderShown), [...common, ...times]);
  assert.deepEqual(Object.keys(shown), [...common, 'size', 'file_extension', 'category', ...times]);
  assert.equal(shown.parent_file_id, top.file_id);
  assert.equal(folderShown.parent_file_id, 'root');
  const all = done(await scan(who, { fields: '*' })).items[1];
  assert.equal(all.name, 'x.txt');
  assert.equal(all.name_path, 'root/top/x.txt');
  assert.equal(all.id_path, `${top.file_id}/${all.file_id}`);
  assert.deepEqual(all.user_tags, { k: 'v' });
  assert.equal(all.creator_id, who.user_id);
  assert.ok(all.url && all.content_hash && all.domain_id && all.revision_id && all.labels);
  const named = done(await scan(who, { fields: 'name,url' })).items[1];
  assert.equal(named.name, 'x.txt');
  assert.ok(named.url && !('name_path' in named));
  refused(await scan(who, { fields: 'nonsense' }), 400, 'InvalidParameter.Fields');
});

test('scan: limits and markers', async () => {
  const who = await fresh();
  await folder(s, who, 'a');
  await folder(s, who, 'b');
  for (const limit of [1, 100]) done(await scan(who, { limit }));
  for (const limit of [0, -1, 'x']) refused(await scan(who, { limit }), 400, 'InvalidParameterOutOfRange.Limit');
  assert.match(lenient(await scan(who, { limit: 5000 })), /^limit: ./);
  const { next_marker } = done(await scan(who, { limit: 1 }));
  for (const marker of alterations(next_marker, 3)) refused(await scan(who, { marker }), 400, 'InvalidParameter.Marker');
  refused(await scan(ben, { marker: next_marker }), 400, 'InvalidParameter.Marker');
});

test('scan and delta together make a true copy', async () => {
  const who = await fresh();
  const top = await folder(s, who, 'top');
  for (let i = 0; i < 5; i++) await folder(s, who, `f${i}`, top.file_id);
  const { cursor } = done(await last(who));
  const page = done(await scan(who, { limit: 3, fields: 'name' }));
  const copy = new Map(page.items.map(item => [item.file_id, item.name]));
  const late = await folder(s, who, 'late', top.file_id);
  const gone = page.items.at(-1).file_id;
  done(await trash(who, gone), 204);
  for (let marker = page.next_marker; marker;) {
    const next = done(await scan(who, { limit: 3, fields: 'name', marker }));
    for (const item of next.items) copy.set(item.file_id, item.name);
    marker = next.next_marker;
  }
  for (const item of (await follow(who, cursor)).items)
    if (item.op === 'trash' || item.op === 'delete') copy.delete(item.file_id);
    else copy.set(item.file_id, item.file.name);
  assert.deepEqual([...copy.values()].sort(), ['f0', 'f1', 'f2', 'f3', 'f4', 'late', 'top'].filter(name => name !== page.items.at(-1).name));
  assert.ok(copy.has(late.file_id));
});
