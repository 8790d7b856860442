// "Save to my drive": /v2/file/copy out of a share, by an account and the share's token together; and into one.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { startServer } from './harness.mjs';
import { get, pdsUpload } from './transfer.mjs';
import { call, done, folder, refused } from './pds.mjs';
import { atOnce, cancel, share, shown, update, visitor } from './shares.mjs';

let s, ann, ben, dir, sub, x, z;
before(async () => {
  s = await startServer();
  ann = await s.person('ann', { drive: true });
  ben = await s.person('ben', { drive: true });
  dir = await folder(s, ann, 'dir');
  sub = await folder(s, ann, 'sub', dir.file_id);
  x = await pdsUpload(s, ann, 'x.txt', [Buffer.from('content of x')], { parent_file_id: sub.file_id });
  z = await pdsUpload(s, ann, 'z.txt', [Buffer.from('zz')]);
});
after(() => s?.stop());

const save = (visit, file, more = {}) => visit('/file/copy', { file_id: file.file_id, to_drive_id: ben.drive_id, to_parent_file_id: 'root', ...more });
const finished = async answer => {
  const { async_task_id, file_id } = done(answer, 202);
  for (;;) {
    const task = done(await call(s, ben, '/async_task/get', { async_task_id }));
    if (task.state !== 'Running') return { ...task, file_id };
    await new Promise(resume => setTimeout(resume, 10));
  }
};
const used = async who => done(await call(s, who, '/drive/get', { drive_id: who.drive_id })).used_size;

test('a file is saved into one\'s own drive', async () => {
  const link = await share(s, ann, [dir]), visit = await visitor(s, link, ben), before = await used(ben), anns = await used(ann);
  const made = done(await save(visit, x, { new_name: 'mine.txt' }), 201);
  assert.equal(made.drive_id, ben.drive_id);
  const own = done(await call(s, ben, '/file/get', { drive_id: ben.drive_id, file_id: made.file_id, fields: 'url' }));
  assert.deepEqual([own.name, own.parent_file_id, own.content_hash], ['mine.txt', 'root', x.content_hash]);
  assert.equal((await get(own.url)).text, 'content of x');
  assert.equal(await used(ben), before + 12);
  assert.equal(await used(ann), anns);
  assert.equal((await shown(s, ann, link)).save_count, 1);
});

test('a folder is saved by a task, and counts once', async () => {
  const link = await share(s, ann, [dir]), visit = await visitor(s, link, ben);
  const task = await finished(await save(visit, dir, { auto_rename: true }));
  assert.equal(task.state, 'Succeed', JSON.stringify(task));
  const below = done(await call(s, ben, '/file/list', { drive_id: ben.drive_id, parent_file_id: task.file_id }));
  assert.deepEqual(below.items.map(item => item.name), ['sub']);
  assert.equal((await shown(s, ann, link)).save_count, 1);
});

test('only with an account, and only into what is one\'s own', async () => {
  const link = await share(s, ann, [dir]), guest = await visitor(s, link), bens = await visitor(s, link, ben);
  refused(await save(guest, x), 401, 'AccessTokenInvalid');
  refused(await save(bens, x, { to_drive_id: ann.drive_id }), 404, 'NotFound.Drive');
  refused(await save(bens, x, { to_parent_file_id: dir.file_id }), 404, 'NotFound.ParentFileId');
  refused(await save(bens, z), 404, 'NotFound.File');
  refused(await call(s, ben, '/file/copy', { share_id: link.share_id, file_id: x.file_id, to_drive_id: ben.drive_id, to_parent_file_id: 'root' }), 401,
    'ShareLinkTokenInvalid');
  assert.equal((await shown(s, ann, link)).save_count, 0);
});

test('disable_save, disable_download: each by itself', async () => {
  const link = await share(s, ann, [dir], { disable_save: true }), visit = await visitor(s, link, ben);
  refused(await save(visit, x), 403, 'ForbiddenNoPermission.File');
  done(await visit('/file/get_download_url', { file_id: x.file_id }));
  done(await update(s, ann, link, { disable_save: false, disable_download: true }));
  done(await save(visit, x), 201);
  refused(await visit('/file/get_download_url', { file_id: x.file_id }), 403, 'ForbiddenNoPermission.File');
  done(await cancel(s, ann, link), 204);
  refused(await save(visit, x), 403, 'ShareLink.Cancelled');
});

for (const [limits, saves] of [[{ save_limit: 5 }, 5], [{ save_download_limit: 3 }, 3], [{ save_limit: 4, save_download_limit: 9 }, 4]])
  test(`${JSON.stringify(limits)}: exact for 16 at once`, async () => {
    const link = await share(s, ann, [dir], limits), visit = await visitor(s, link, ben);
    const home = await folder(s, ben, 'home', 'root', { check_name_mode: 'auto_rename' });
    const { answers, statuses } = await atOnce(16, i => save(visit, x, { to_parent_file_id: home.file_id, new_name: `s${i}` }));
    assert.deepEqual(statuses, { 201: saves, 403: 16 - saves });
    for (const answer of answers.filter(answer => answer.status === 403)) refused(answer, 403, 'ShareLink.Forbidden');
    assert.equal((await shown(s, ann, link)).save_count, saves);
    assert.equal(done(await call(s, ben, '/file/list', { drive_id: ben.drive_id, parent_file_id: home.file_id })).items.length, saves);
  });

test('downloads and saves share save_download_limit', async () => {
  const link = await share(s, ann, [dir], { save_download_limit: 2 }), visit = await visitor(s, link, ben);
  done(await visit('/file/get_download_url', { file_id: x.file_id }));
  done(await save(visit, x, { auto_rename: true }), 201);
  refused(await visit('/file/get_download_url', { file_id: x.file_id }), 403, 'ShareLink.Forbidden');
  refused(await save(visit, x, { auto_rename: true }), 403, 'ShareLink.Forbidden');
});

test('what failed is not counted', async () => {
  const link = await share(s, ann, [dir], { save_limit: 1 }), visit = await visitor(s, link, ben);
  refused(await save(visit, x, { to_parent_file_id: '4503599627370495' }), 404, 'NotFound.ParentFileId');
  assert.equal((await shown(s, ann, link)).save_count, 0);
  done(await save(visit, x, { auto_rename: true }), 201);
});

test('into a share: a folder, by a task of who asks', async () => {
  const inbox = await folder(s, ann, 'inbox', dir.file_id);
  const link = await share(s, ann, [dir], { creatable: true, creatable_file_id_list: [inbox.file_id] }), visit = await visitor(s, link, ben);
  const bens = await folder(s, ben, 'whole'), inner = await folder(s, ben, 'inner', bens.file_id);
  await pdsUpload(s, ben, 'deep.txt', [Buffer.from('deep')], { parent_file_id: inner.file_id });
  const into = to_parent_file_id => call(s, ben, '/file/copy', { drive_id: ben.drive_id, file_id: bens.file_id,
    to_share_id: link.share_id, to_parent_file_id }, { headers: { 'x-share-token': visit.token } });
  const before = await used(ann), bensBefore = await used(ben);
  const task = await finished(await into(inbox.file_id));
  assert.equal(task.state, 'Succeed', JSON.stringify(task));
  assert.deepEqual(await visit.names(inbox.file_id), ['whole']);
  assert.deepEqual(await visit.names(task.file_id), ['inner']);
  assert.deepEqual([await used(ann) - before, await used(ben) - bensBefore], [4, 0]);
  const copy = done(await call(s, ann, '/file/get', { drive_id: ann.drive_id, file_id: task.file_id, fields: '*' }));
  assert.deepEqual([copy.parent_file_id, copy.creator_id], [inbox.file_id, ben.user_id]);
  // from the share into itself: what is shared may be saved there
  const again = await finished(await visit('/file/copy', { file_id: sub.file_id, to_share_id: link.share_id, to_parent_file_id: inbox.file_id }));
  assert.equal(again.state, 'Succeed', JSON.stringify(again));
  assert.deepEqual(await visit.names(inbox.file_id), ['sub', 'whole']);
  refused(await into(dir.file_id), 403, 'ForbiddenNoPermission.File');
  refused(await into('root'), 403, 'ForbiddenNoPermission.File');
  // his own way there is none
  refused(await call(s, ben, '/file/copy', { drive_id: ben.drive_id, file_id: bens.file_id, to_drive_id: ann.drive_id, to_parent_file_id: inbox.file_id }),
    404, 'NotFound.Drive');
});

test('into a share: files, where it is writable', async () => {
  const link = await share(s, ann, [dir], { creatable: true, creatable_file_id_list: [sub.file_id] }), visit = await visitor(s, link, ben);
  const bens = await pdsUpload(s, ben, 'of ben.txt', [Buffer.from('ben')]);
  const into = (to_parent_file_id, file = bens, more = {}) => call(s, ben, '/file/copy', { drive_id: ben.drive_id, file_id: file.file_id,
    to_share_id: link.share_id, to_parent_file_id, ...more }, { headers: { 'x-share-token': visit.token } });
  const before = await used(ann);
  const made = done(await into(sub.file_id), 201);
  assert.ok((await visit.names(sub.file_id)).includes('of ben.txt'));
  assert.equal(await used(ann), before + 3);
  assert.equal(done(await call(s, ann, '/file/get', { drive_id: ann.drive_id, file_id: made.file_id })).parent_file_id, sub.file_id);
  for (const parent of [dir.file_id, 'root']) refused(await into(parent), 403, 'ForbiddenNoPermission.File');
  refused(await into('4503599627370495'), 404, 'NotFound.ParentFileId');
  refused(await into(sub.file_id, z), 404, 'NotFound.File'); // what is to be copied is his own to name
  refused(await call(s, ben, '/file/copy', { drive_id: ben.drive_id, file_id: bens.file_id, to_share_id: link.share_id, to_parent_file_id: sub.file_id }),
    401, 'ShareLinkTokenInvalid');
  // within one share, one token is for both
  done(await visit('/file/copy', { file_id: x.file_id, to_share_id: link.share_id, to_parent_file_id: sub.file_id, new_name: 'again.txt' }), 201);
  assert.ok((await visit.names(sub.file_id)).includes('again.txt'));
  assert.equal((await shown(s, ann, link)).save_count, 1);
  done(await update(s, ann, link, { creatable: false }));
  refused(await into(sub.file_id), 403, 'ForbiddenNoPermission.File');
});
