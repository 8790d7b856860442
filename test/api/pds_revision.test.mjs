// ListRevision, GetRevision, UpdateRevision, RestoreRevision, DeleteRevision: what a file was before.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { request, startServer } from './harness.mjs';
import { crc64, digest, get, pdsUpload } from './transfer.mjs';
import { alterations, call, DIGITS, done, folder, refused, TIME, walk } from './pds.mjs';

let s, ann, ben;
before(async () => {
  s = await startServer();
  ann = await s.person('ann', { drive: true });
  ben = await s.person('ben', { drive: true });
});
after(() => s?.stop());

const on = path => (file, revision_id, more = {}, who = ann) =>
  call(s, who, `/file/revision/${path}`, { drive_id: who.drive_id, file_id: file.file_id, revision_id, ...more });
const one = on('get'), update = on('update'), restore = on('restore'), remove = on('delete');
const list = (file, more, who) => on('list')(file, undefined, more, who);
const used = async (who = ann) => done(await call(s, who, '/drive/get', { drive_id: who.drive_id })).used_size;
const read = (file, more = {}, who = ann) => call(s, who, '/file/get', { drive_id: who.drive_id, file_id: file.file_id, ...more });
const write = (name, text, file, who = ann) => pdsUpload(s, who, name, [Buffer.from(text)], file ? { file_id: file.file_id } : {});

// A file that was each of the texts in turn: its revisions, the oldest first.
async function history(name, texts, who = ann) {
  const made = [];
  for (const text of texts) made.push(await write(name, text, made[0], who));
  return made;
}

const MEMBERS = ['domain_id', 'drive_id', 'file_id', 'revision_id', 'revision_name', 'revision_version', 'revision_description',
  'is_latest_version', 'keep_forever', 'size', 'file_extension', 'content_hash', 'content_hash_name', 'crc64_hash', 'created_at', 'updated_at'];

test('list: the newest first, each as it was', async () => {
  const texts = ['first', 'the second', 'third'], made = await history('list.txt', texts);
  const { items, next_marker } = done(await list(made[0]));
  assert.equal(next_marker, '');
  assert.deepEqual(items.map(item => item.revision_id), made.map(file => file.revision_id).reverse());
  assert.deepEqual(items.map(item => item.revision_version), [3, 2, 1]);
  assert.deepEqual(items.map(item => item.is_latest_version), [true, false, false]);
  for (const [i, item] of items.entries()) {
    const text = Buffer.from(texts[2 - i]);
    assert.deepEqual(Object.keys(item), MEMBERS);
    assert.match(item.revision_id, DIGITS);
    assert.deepEqual([item.size, item.content_hash, item.content_hash_name, item.crc64_hash],
      [text.length, digest('sha1', text).toUpperCase(), 'sha1', crc64(text)]);
    assert.deepEqual([item.file_id, item.drive_id, item.revision_name, item.file_extension, item.keep_forever, item.revision_description],
      [made[0].file_id, ann.drive_id, 'list.txt', 'txt', false, '']);
    assert.match(item.created_at, TIME);
  }
  const all = done(await list(made[0], { fields: '*' })).items[1];
  assert.deepEqual([all.creator_id, all.creator_name], [ann.user_id, 'ann']);
});

test('list: over pages of every size', async () => {
  const made = await history('pages.txt', ['a', 'b', 'c', 'd', 'e', 'f', 'g']), wanted = made.map(file => file.revision_id).reverse();
  for (const limit of [1, 2, 3, 6, 7, 8, 100]) {
    const { items, sizes } = await walk(s, ann, '/file/revision/list', { drive_id: ann.drive_id, file_id: made[0].file_id, limit });
    assert.deepEqual(items.map(item => item.revision_id), wanted, `${limit}`);
    assert.ok(sizes.slice(0, -1).every(size => size === limit));
  }
  const { next_marker } = done(await list(made[0], { limit: 1 }));
  for (const marker of alterations(next_marker, 3)) refused(await list(made[0], { marker }), 400, 'InvalidParameter.Marker');
  const other = await write('other.txt', 'x');
  refused(await list(other, { marker: next_marker }), 400, 'InvalidParameter.Marker');
});

test('get: an old revision and its bytes', async () => {
  const made = await history('bytes.txt', ['old bytes', 'new']);
  const shown = done(await one(made[0], made[0].revision_id));
  assert.deepEqual(Object.keys(shown), [...MEMBERS, 'url', 'download_url']);
  assert.equal((await get(shown.url)).text, 'old bytes');
  assert.equal((await get(done(await one(made[0], made[1].revision_id)).download_url)).text, 'new');
  assert.equal(done(await one(made[0], made[0].revision_id, { fields: '*' })).creator_id, ann.user_id);
  const by = done(await call(s, ann, '/file/get_download_url', { drive_id: ann.drive_id, file_id: made[0].file_id, revision_id: made[0].revision_id }));
  assert.deepEqual([by.revision_id, by.size, by.content_hash], [made[0].revision_id, 9, digest('sha1', 'old bytes').toUpperCase()]);
  const answer = await get(by.url);
  assert.deepEqual([answer.text, answer.headers['x-oss-hash-crc64ecma']], ['old bytes', crc64(Buffer.from('old bytes'))]);
  assert.equal((await get(by.url, { Range: 'bytes=4-' })).text, 'bytes');
  const was = done(await read(made[0], { revision_id: made[0].revision_id, fields: 'url' }));
  assert.deepEqual([was.size, was.revision_version, was.revision_id, was.name], [9, 1, made[0].revision_id, 'bytes.txt']);
  assert.equal((await get(was.url)).text, 'old bytes');
});

test('restore: a new revision of the old content', async () => {
  const made = await history('restore.txt', ['a good text', 'bad']), before = await used();
  const cursor = done(await call(s, ann, '/file/get_last_cursor', { drive_id: ann.drive_id })).cursor;
  const shown = done(await restore(made[0], made[0].revision_id));
  assert.deepEqual(Object.keys(shown), MEMBERS);
  assert.deepEqual([shown.revision_version, shown.is_latest_version, shown.size], [3, true, 11]);
  assert.ok(![made[0].revision_id, made[1].revision_id].includes(shown.revision_id));
  const now = done(await read(made[0], { fields: 'url' }));
  assert.deepEqual([now.revision_id, now.revision_version, now.size, now.content_hash], [shown.revision_id, 3, 11, digest('sha1', 'a good text').toUpperCase()]);
  assert.equal((await get(now.url)).text, 'a good text');
  assert.deepEqual(done(await list(made[0])).items.map(item => item.revision_id), [shown.revision_id, made[1].revision_id, made[0].revision_id]);
  assert.equal(await used(), before + 11);
  assert.deepEqual(done(await call(s, ann, '/file/list_delta', { drive_id: ann.drive_id, cursor })).items.map(item => item.op), ['overwrite']);
  assert.equal((await get(done(await one(made[0], made[1].revision_id)).url)).text, 'bad');
});

test('delete: gives its room back, and its bytes are gone', async () => {
  const made = await history('delete.txt', ['first one', 'second', 'third']), before = await used();
  const { url } = done(await one(made[0], made[0].revision_id));
  done(await remove(made[0], made[0].revision_id), 204);
  assert.equal(await used(), before - 9);
  refused(await one(made[0], made[0].revision_id), 404, 'NotFound.Revision');
  refused(await remove(made[0], made[0].revision_id), 404, 'NotFound.Revision');
  assert.equal((await get(url)).status, 404);
  assert.deepEqual(done(await list(made[0])).items.map(item => item.revision_version), [3, 2]);
  assert.equal(done(await read(made[0])).revision_version, 3);
});

test('the newest can be neither restored nor deleted', async () => {
  const made = await history('newest.txt', ['a', 'b']);
  for (const ask of [restore, remove]) refused(await ask(made[0], made[1].revision_id), 400, 'FileLatestRevisionCannotBeRestore');
  const only = await write('only.txt', 'x');
  for (const ask of [restore, remove]) refused(await ask(only, only.revision_id), 400, 'FileLatestRevisionCannotBeRestore');
});

test('update: description and keep_forever, of old ones and the newest', async () => {
  const made = await history('marked.txt', ['a', 'b']);
  for (const [i, file] of made.entries()) {
    const shown = done(await update(made[0], file.revision_id, { keep_forever: true, revision_description: 'd'.repeat(1024) }));
    assert.deepEqual([shown.keep_forever, shown.revision_description, shown.revision_version], [true, 'd'.repeat(1024), i + 1]);
    assert.deepEqual(done(await update(made[0], file.revision_id)), shown, 'what does not come stays');
  }
  const other = await write('marked.txt', 'c', made[0]); // what is said stays with the revision
  const { items } = done(await list(made[0]));
  assert.deepEqual(items.map(item => [item.revision_version, item.keep_forever]), [[3, false], [2, true], [1, true]]);
  assert.equal(done(await one(made[0], other.revision_id)).revision_description, '');
  const less = done(await update(made[0], made[0].revision_id, { keep_forever: false, revision_description: '' }));
  assert.deepEqual([less.keep_forever, less.revision_description], [false, '']);
  refused(await update(made[0], made[0].revision_id, { revision_description: 'd'.repeat(1025) }), 400, 'InvalidParameterOutOfRange.RevisionDescription');
  refused(await update(made[0], made[0].revision_id, { keep_forever: 'yes' }), 400, 'InvalidParameterWrongFormat.KeepForever');
});

test('at most 50 are kept for ever, and of the others a hundred', async () => {
  const who = await s.person('many', { drive: true });
  const made = [await write('many.txt', '0', null, who)];
  while (made.length < 51) made.push(await write('many.txt', String(made.length), made[0], who));
  for (const file of made.slice(0, 50)) done(await update(made[0], file.revision_id, { keep_forever: true }, who));
  refused(await update(made[0], made[50].revision_id, { keep_forever: true }, who), 400, 'InvalidParameterOutOfRange.KeepForever');
  done(await update(made[0], made[0].revision_id, { keep_forever: true }, who));
  done(await update(made[0], made[0].revision_id, { keep_forever: false }, who));
  done(await update(made[0], made[50].revision_id, { keep_forever: true }, who));
  while (made.length < 160) made.push(await write('many.txt', String(made.length), made[0], who));
  const { items } = await walk(s, who, '/file/revision/list', { drive_id: who.drive_id, file_id: made[0].file_id, limit: 100 });
  const versions = items.map(item => item.revision_version);
  assert.equal(items.filter(item => item.keep_forever).length, 50);
  assert.equal(versions.length, 151, 'the newest, 100 and 50');
  assert.ok(!versions.includes(1) && versions.includes(2) && versions.includes(60) && !versions.includes(59));
  assert.equal(await used(who), items.reduce((sum, item) => sum + item.size, 0));
});

test('room: revisions count, and a full drive takes no more of them', async () => {
  const who = await s.person('tight', { drive: true });
  const made = await history('tight.txt', ['x'.repeat(400), 'y'.repeat(300)], who);
  assert.equal(await used(who), 700);
  await s.cli('drive', 'quota', who.drive_id, '1000');
  refused(await restore(made[0], made[0].revision_id, {}, who), 403, 'QuotaExhausted.Drive');
  assert.equal(done(await read(made[0], {}, who)).revision_version, 2, 'nothing has happened');
  done(await remove(made[0], made[0].revision_id, {}, who), 204);
  assert.equal(await used(who), 300);
  const checked = await s.cli('check', '--content');
  assert.ok(checked);
});

test('bounds and refusals', async () => {
  const made = await history('refused.txt', ['a', 'b']), dir = await folder(s, ann, 'dir'), old = made[0].revision_id;
  for (const limit of [1, 100]) done(await list(made[0], { limit }));
  for (const limit of [0, -1, 101, '5']) refused(await list(made[0], { limit }), 400, 'InvalidParameterOutOfRange.Limit');
  for (const url_expire_sec of [10, 86400]) done(await one(made[0], old, { url_expire_sec }));
  for (const url_expire_sec of [9, 86401]) refused(await one(made[0], old, { url_expire_sec }), 400, 'InvalidParameterOutOfRange.UrlExpireSec');
  refused(await list(made[0], { fields: 'nonsense' }), 400, 'InvalidParameter.Fields');
  for (const ask of [list, one, update, restore, remove].map(ask => (ask === list ? (file, _, more, who) => list(file, more, who) : ask))) {
    refused(await ask(dir, old), 400, 'InvalidResource.FileTypeFolder');
    refused(await ask({ file_id: '4503599627370495' }, old), 404, 'NotFound.File');
    refused(await ask(made[0], old, {}, ben), 404, 'NotFound.File');
    refused(await ask(made[0], old, { drive_id: ann.drive_id }, ben), 404, 'NotFound.Drive');
    refused(await ask(made[0], old, { drive_id: undefined }), 400, 'InvalidParameterMissing.DriveId');
    refused(await ask(made[0], old, { file_id: undefined }), 400, 'InvalidParameterMissing.FileId');
  }
  const other = await write('another.txt', 'x');
  for (const ask of [one, update, restore, remove]) {
    for (const bad of ['4503599627370495', 'x', '0', '-1', other.revision_id]) refused(await ask(made[0], bad), 404, 'NotFound.Revision');
    refused(await ask(made[0], undefined), 400, 'InvalidParameterMissing.RevisionId');
    refused(await ask(made[0], ''), 400, 'InvalidParameterEmpty.RevisionId');
    refused(await ask(made[0], 'x'.repeat(51)), 400, 'InvalidParameterOutOfRange.RevisionId');
  }
  refused(await read(made[0], { revision_id: '1' }), 404, 'NotFound.Revision');
  refused(await call(s, ann, '/file/get_download_url', { drive_id: ann.drive_id, file_id: made[0].file_id, revision_id: other.revision_id }), 404, 'NotFound.Revision');
  for (const path of ['list', 'get', 'update', 'restore', 'delete'])
    refused(await call(s, null, `/file/revision/${path}`, { drive_id: ann.drive_id, file_id: made[0].file_id, revision_id: old }), 401, 'AccessTokenInvalid');
  done(await call(s, ann, '/recyclebin/trash', { drive_id: ann.drive_id, file_id: made[0].file_id }), 204);
  for (const ask of [one, update, restore, remove]) refused(await ask(made[0], old), 403, 'ForbiddenFileInTheRecycleBin');
});

// ---- on their way in ----

const quota = async (name, total_size) => {
  const who = await s.person(name, { drive: true });
  await s.cli('drive', 'quota', who.drive_id, String(total_size));
  return who;
};
const begin = (who, body) => call(s, who, '/file/create', { drive_id: who.drive_id, parent_file_id: 'root', name: 'x', type: 'file', ...body });

test('a file that is deleted takes all of its new revisions on their way in with it', async () => {
  const who = await quota('several', 1000), file = await write('f.txt', 'f', null, who);
  for (let i = 0; i < 2; i++) done(await begin(who, { size: 400, file_id: file.file_id }), 201);
  refused(await begin(who, { size: 900 }), 403, 'QuotaExhausted.Drive');
  done(await call(s, who, '/file/delete', { drive_id: who.drive_id, file_id: file.file_id }), 204);
  done(await begin(who, { size: 1000 }), 201);
});

test('a new revision goes where its file is by then, also when the folder it was in is gone', async () => {
  const top = (await folder(s, ann, 'left behind')).file_id;
  const file = await pdsUpload(s, ann, 'moved.txt', [Buffer.from('one')], { parent_file_id: top });
  const upload = done(await begin(ann, { size: 3, parent_file_id: top, file_id: file.file_id }), 201);
  done(await call(s, ann, '/file/move', { drive_id: ann.drive_id, file_id: file.file_id, to_parent_file_id: 'root' }));
  done(await call(s, ann, '/recyclebin/trash', { drive_id: ann.drive_id, file_id: top }), 204);
  assert.equal((await request('PUT', upload.part_info_list[0].upload_url, { body: Buffer.from('two') })).status, 200);
  const now = done(await call(s, ann, '/file/complete', { drive_id: ann.drive_id, file_id: file.file_id, upload_id: upload.upload_id }));
  assert.deepEqual([now.parent_file_id, now.size, now.revision_version], ['root', 3, 2]);
});
