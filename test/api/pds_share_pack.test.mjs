// ArchiveFiles and GetAsyncTask by a share's token alone, without an account.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { startServer } from './harness.mjs';
import { get, pdsUpload } from './transfer.mjs';
import { call, done, folder, refused } from './pds.mjs';
import { atOnce, cancel, inside, share, shown, token, update, visitor } from './shares.mjs';

let s, boss, ann, ben, dir, x, side;
before(async () => {
  s = await startServer();
  boss = await s.person('boss', { admin: true });
  ann = await s.person('ann', { drive: true });
  ben = await s.person('ben', { drive: true });
  dir = await folder(s, ann, 'dir');
  x = await pdsUpload(s, ann, 'x.txt', [Buffer.from('content of x')], { parent_file_id: dir.file_id });
  side = await pdsUpload(s, ann, 'side.txt', [Buffer.from('aside')]);
});
after(() => s?.stop());

const pack = (visit, files = [dir], more = {}) => visit('/file/archive_files', { file_ids: files.map(f => f.file_id), name: 'all.zip', ...more });
const ask = (share_token, async_task_id, who = null) =>
  call(s, who, '/async_task/get', { async_task_id }, { headers: share_token ? { 'x-share-token': share_token } : {} });
async function finished(share_token, async_task_id) {
  for (;;) {
    const task = done(await ask(share_token, async_task_id));
    if (task.state !== 'Running') return task;
    await new Promise(resume => setTimeout(resume, 10));
  }
}
const packed = async visit => {
  const { async_task_id } = done(await pack(visit), 202);
  const task = await finished(visit.token, async_task_id);
  assert.equal(task.state, 'Succeed', JSON.stringify(task));
  return { ...task, async_task_id };
};

test('a guest packs what is shared, asks for the task and fetches the ZIP; it is one download', async () => {
  const link = await share(s, ann, [dir]), guest = await visitor(s, link);
  const task = await packed(guest);
  const zip = await get(task.url);
  assert.equal(zip.status, 200);
  assert.equal(zip.headers['content-type'], 'application/zip');
  assert.ok(zip.text.includes('dir/x.txt') && zip.text.includes('content of x') && !zip.text.includes('aside'));
  assert.equal((await shown(s, ann, link)).download_count, 1);
  refused(await pack(guest, [side]), 404, 'NotFound.File');
});

test('the task is there for guests of that share and for administrators, and for nobody else', async () => {
  const link = await share(s, ann, [dir]), guest = await visitor(s, link), task = await packed(guest);
  const same = done(await ask(await token(s, link), task.async_task_id));
  assert.equal(same.state, 'Succeed');
  assert.equal((await get(same.url)).status, 200);
  assert.equal(done(await ask(null, task.async_task_id, boss)).state, 'Succeed');
  const other = await visitor(s, await share(s, ann, [dir]));
  refused(await ask(other.token, task.async_task_id), 404, 'NotFound.AsyncTask');
  for (const who of [ann, ben]) {
    refused(await ask(null, task.async_task_id, who), 404, 'NotFound.AsyncTask');
    refused(await ask(guest.token, task.async_task_id, who), 404, 'NotFound.AsyncTask'); // with an account he is no guest
  }
  refused(await ask(null, task.async_task_id), 401, 'AccessTokenInvalid');
});

test('what users began is not there for guests, even in the same share', async () => {
  const link = await share(s, ann, [dir]), guest = await visitor(s, link), bens = await visitor(s, link, ben);
  const { async_task_id } = done(await pack(bens), 202);
  refused(await ask(guest.token, async_task_id), 404, 'NotFound.AsyncTask');
  const copy = done(await bens('/file/copy', { file_id: dir.file_id, to_drive_id: ben.drive_id, to_parent_file_id: 'root' }), 202);
  refused(await ask(guest.token, copy.async_task_id), 404, 'NotFound.AsyncTask');
  for (const id of ['0', 'x', '4503599627370490']) refused(await ask(guest.token, id), 404, 'NotFound.AsyncTask');
});

test('a task and its URL are closed with the share, and by a new password', async () => {
  const link = await share(s, ann, [dir]), guest = await visitor(s, link), task = await packed(guest);
  done(await update(s, ann, link, { share_pwd: 'new' }));
  refused(await ask(guest.token, task.async_task_id), 401, 'ShareLinkTokenInvalid');
  assert.equal((await get(task.url)).status, 403);
  const again = done(await ask(await token(s, { ...link, share_pwd: 'new' }), task.async_task_id));
  assert.equal((await get(again.url)).status, 200);
  done(await cancel(s, ann, link), 204);
  assert.equal((await get(again.url)).status, 403);
});

test('limits and switches of the share hold for guests', async () => {
  const once = await visitor(s, await share(s, ann, [dir], { download_limit: 1 }));
  await packed(once);
  refused(await pack(once), 403, 'ShareLink.Forbidden');
  const closed = await visitor(s, await share(s, ann, [dir], { disable_download: true }));
  refused(await pack(closed), 403, 'ForbiddenNoPermission.File');
  const login = await share(s, ann, [dir], { require_login: true }), stranger = await visitor(s, login);
  refused(await pack(stranger), 401, 'AccessTokenInvalid');
});

test('guests of one share begin no more than a hundred a day, users as many as they like', async () => {
  const link = await share(s, ann, [x]), guest = await visitor(s, link);
  const { statuses } = await atOnce(101, () => pack(guest, [x]));
  assert.deepEqual(statuses, { 202: 100, 429: 1 });
  refused(await pack(guest, [x]), 429, 'TooManyRequests');
  done(await pack(await visitor(s, link, ben), [x]), 202);
  done(await pack(await visitor(s, await share(s, ann, [x])), [x]), 202);
  assert.equal((await shown(s, ann, link)).download_count, 101);
});

test('in a batch of a guest too', async () => {
  const link = await share(s, ann, [dir]), guest = await visitor(s, link), task = await packed(guest);
  const [answer] = done(await inside(s, link, guest.token, '/batch', { resource: 'async_task', requests: [{ id: '1', method: 'POST', url: '/async_task/get',
    headers: { 'Content-Type': 'application/json' }, body: { async_task_id: task.async_task_id } }] })).responses;
  assert.deepEqual([answer.status, answer.body.state], [200, 'Succeed']);
});
