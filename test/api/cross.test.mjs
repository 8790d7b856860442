// One store, three vendors' APIs: what one of them does, the others see in the same moment.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { startServer } from './harness.mjs';
import { bytesOf, digest, dingtalk, dingtalkList, dingtalkSpaces, dingtalkToken, get, koodrive, koodriveList, koodriveUpload,
         koodriveUrl, pds, pdsFolder, pdsList, pdsUpload, pdsUrl } from './transfer.mjs';

let s, ann, dingtalkAs;
before(async () => {
  s = await startServer({ args: ['--strict'] });
  ann = await s.person('ann', { drive: true });
  dingtalkAs = await dingtalkToken(s, await s.app('cross'));
});
after(() => s?.stop());

const body = bytesOf(200_000, 11);
const name = '家庭 report (1) é.tar.gz';

test('cross: a drive made by PDS is a DingTalk space and a KooDrive container in the same moment', async () => {
  const group = await s.cli('group', 'add', 'makers');
  await s.cli('group', 'join', 'makers', 'ann', '--role', 'editor');
  const boss = await s.person('boss', { admin: true });
  const made = await pds(s, boss, '/v2/drive/create', { drive_name: 'Makers', owner: String(group.group_id),
    owner_type: 'group' }, 201);
  const space = (await dingtalkSpaces(s, dingtalkAs, ann.user_id)).find(x => x.spaceId === made.drive_id);
  assert.equal(space?.spaceName, 'Makers');
  assert.equal(space.spaceType, 'org');
  assert.deepEqual(await koodriveList(s, ann, 0, made.drive_id), []);
});

test('cross: a space made by DingTalk is a drive and a container', async () => {
  const made = await dingtalk(s, dingtalkAs, 'POST', '/v1.0/drive/spaces', { name: 'From DingTalk', unionId: ann.user_id });
  const drive = await pds(s, ann, '/v2/drive/get', { drive_id: made.spaceId });
  assert.equal(drive.drive_name, 'From DingTalk');
  assert.equal(drive.owner_type, 'group');
  assert.deepEqual(await koodriveList(s, ann, 0, made.spaceId), []);
  const folder = await pdsFolder(s, { ...ann, drive_id: made.spaceId }, 'seen by all');
  assert.deepEqual((await koodriveList(s, ann, 0, made.spaceId)).map(f => f.id), [folder.file_id]);
});

test('cross: a file uploaded by PDS is the same file by its number, name, size and bytes in KooDrive and DingTalk', async () => {
  const file = await pdsUpload(s, ann, name, [body.subarray(0, 100_000), body.subarray(100_000)]);
  const [seen] = (await koodriveList(s, ann)).filter(f => f.id === file.file_id);
  assert.equal(seen.fileName, name);
  assert.equal(seen.size, body.length);
  assert.equal(seen.fileSuffix, 'gz');
  assert.equal(seen.sha256.toLowerCase(), digest('sha256', body));
  assert.equal(seen.createdTime, file.created_at);
  const [listed] = (await dingtalkList(s, dingtalkAs, ann.user_id, ann.drive_id)).filter(f => f.fileId === file.file_id);
  assert.deepEqual([listed.spaceId, listed.parentId, listed.fileName, listed.fileSize, listed.fileExtension, listed.fileType],
    [ann.drive_id, '0', name, body.length, 'gz', 'file']);
  const byKoodrive = await get(await koodriveUrl(s, ann, file.file_id));
  const byPds = await get(await pdsUrl(s, ann, file));
  assert.ok(byKoodrive.bytes.equals(body) && byPds.bytes.equals(body));
  assert.equal(byKoodrive.headers.etag, byPds.headers.etag);
});

test('cross: trash by PDS, see it in KooDrive\'s bin, restore by PDS', async () => {
  const file = await pdsUpload(s, ann, 'to and fro.txt', [Buffer.from('to and fro')]);
  const id = file.file_id;
  const at = await koodriveUrl(s, ann, id);
  await pds(s, ann, '/v2/recyclebin/trash', { drive_id: ann.drive_id, file_id: id }, 204);
  assert.ok(!(await koodriveList(s, ann)).some(f => f.id === id));
  assert.ok(!(await dingtalkList(s, dingtalkAs, ann.user_id, ann.drive_id)).some(f => f.fileId === id));
  const [binned] = (await koodriveList(s, ann, 1)).filter(f => f.id === id);
  assert.equal(binned.fileName, 'to and fro.txt');
  assert.equal(binned.recycled, true);
  assert.equal(binned.directlyRecycled, true);
  assert.equal((await get(at)).status, 404);
  await pds(s, ann, '/v2/recyclebin/restore', { drive_id: ann.drive_id, file_id: id }, 204);
  assert.ok(!(await koodriveList(s, ann, 1)).some(f => f.id === id));
  assert.ok((await koodriveList(s, ann)).some(f => f.id === id && f.recycled === false));
  assert.equal((await get(at)).text, 'to and fro');
});

test('cross: what lies in a trashed folder is in the bin by its folder, in both', async () => {
  const folder = await pdsFolder(s, ann, 'box');
  const inside = await pdsUpload(s, ann, 'inside.txt', [Buffer.from('i')], { parent_file_id: folder.file_id });
  await pds(s, ann, '/v2/recyclebin/trash', { drive_id: ann.drive_id, file_id: folder.file_id }, 204);
  const bin = await koodriveList(s, ann, 1);
  assert.ok(bin.some(f => f.id === folder.file_id));
  assert.ok(!bin.some(f => f.id === inside.file_id), 'only what was put into the bin is listed at its top');
  const below = await koodriveList(s, ann, 1, ann.drive_id, folder.file_id);
  assert.deepEqual(below.map(f => [f.id, f.directlyRecycled]), [[inside.file_id, false]]);
  await pds(s, ann, '/v2/recyclebin/restore', { drive_id: ann.drive_id, file_id: folder.file_id }, 204);
  assert.deepEqual((await koodriveList(s, ann, 0, ann.drive_id, folder.file_id)).map(f => f.id), [inside.file_id]);
});

test('cross: a file uploaded by KooDrive is the same file in PDS', async () => {
  const made = await koodriveUpload(s, ann, 'from koodrive.bin', body);
  const file = await pds(s, ann, '/v2/file/get', { drive_id: ann.drive_id, file_id: made.fileId });
  assert.equal(file.name, 'from koodrive.bin');
  assert.equal(file.size, body.length);
  assert.equal(file.content_hash, digest('sha1', body).toUpperCase());
  assert.equal(file.parent_file_id, 'root');
  const answer = await get(await pdsUrl(s, ann, file));
  assert.ok(answer.bytes.equals(body));
  assert.match(answer.headers['content-disposition'], /from%20koodrive\.bin$/);
});

test('cross: folders made by each are folders in the other, and names clash across them', async () => {
  const byKoodrive = await koodrive(s, ann, 'POST', '/directory', { fileName: 'made by koodrive', fileType: '10',
    containerId: ann.drive_id, parentFolder: ['root'], renameMode: 3 });
  const refused = await pds(s, ann, '/v2/file/create', { drive_id: ann.drive_id, parent_file_id: 'root', type: 'folder',
    name: 'made by koodrive', check_name_mode: 'refuse' }, 201);
  assert.equal(refused.exist, true);
  assert.equal(refused.file_id, byKoodrive.id);
  const byPds = await pdsFolder(s, ann, 'made by pds');
  const clash = await koodrive(s, ann, 'POST', '/directory', { fileName: 'made by pds', fileType: '10',
    containerId: ann.drive_id, parentFolder: ['root'], renameMode: 3 }, 400);
  assert.equal(clash.code, 13000405);
  assert.equal(clash.error.errorData.conflictFileId, byPds.file_id);
});

test('cross: all list the same numbers', async () => {
  const byPds = (await pdsList(s, ann)).map(f => f.file_id).sort();
  const byKoodrive = (await koodriveList(s, ann)).map(f => f.id).sort();
  const byDingtalk = (await dingtalkList(s, dingtalkAs, ann.user_id, ann.drive_id)).map(f => f.fileId).sort();
  assert.ok(byPds.length >= 5);
  assert.deepEqual(byKoodrive, byPds);
  assert.deepEqual(byDingtalk, byPds);
});

test('cross: the used bytes are the same everywhere', async () => {
  const drive = await pds(s, ann, '/v2/drive/get', { drive_id: ann.drive_id });
  const sizes = (await pdsList(s, ann)).filter(f => f.type === 'file').reduce((sum, f) => sum + f.size, 0);
  const inFolders = 1; /* inside.txt */
  assert.equal(drive.used_size, sizes + inFolders);
});

test('cross: the all-staff drive is one for all, by every door', async () => {
  const [staff] = await dingtalkSpaces(s, dingtalkAs, ann.user_id);
  const drive = await pds(s, ann, '/v2/drive/get', { drive_id: staff.spaceId });
  assert.equal(drive.drive_name, staff.spaceName);
  assert.deepEqual(await koodriveList(s, ann, 0, staff.spaceId), []);

  const boss = { ...await s.person('chief', { admin: true }), drive_id: staff.spaceId };
  const file = await pdsUpload(s, boss, 'for everybody.txt', [Buffer.from('hello')]);
  const bob = await s.person('bob', { drive: true });
  for (const reader of [ann, bob]) {
    assert.deepEqual((await koodriveList(s, reader, 0, staff.spaceId)).map(f => f.id), [file.file_id]);
    assert.deepEqual((await pdsList(s, reader, staff.spaceId)).map(f => f.file_id), [file.file_id]);
    assert.deepEqual((await dingtalkList(s, dingtalkAs, reader.user_id, staff.spaceId)).map(f => f.fileId), [file.file_id]);
    assert.equal((await get(await pdsUrl(s, { ...reader, drive_id: staff.spaceId }, file))).text, 'hello');
    assert.equal((await dingtalkSpaces(s, dingtalkAs, reader.user_id))[0].spaceId, staff.spaceId);
  }
  const refused = await s.call('POST', '/v2/drive/delete', { token: boss.token, body: { drive_id: staff.spaceId } });
  assert.ok(refused.status >= 400 && refused.status < 500, refused.text);
  await dingtalk(s, dingtalkAs, 'DELETE', `/v1.0/drive/spaces/${staff.spaceId}?unionId=${boss.user_id}`, undefined, 400);
});

test('cross: one who may not see a drive may not by any door', async () => {
  const eve = await s.person('eve', { drive: true });
  const [file] = await pdsList(s, ann);
  const missing = await s.call('POST', '/v2/drive/get', { token: eve.token, body: { drive_id: '4503599627370495' } });
  const hidden = await s.call('POST', '/v2/drive/get', { token: eve.token, body: { drive_id: ann.drive_id } });
  assert.deepEqual([hidden.status, hidden.body.code], [missing.status, missing.body.code]);
  assert.equal((await s.call('POST', '/v2/file/get', { token: eve.token, body: { drive_id: ann.drive_id,
    file_id: file.file_id } })).status, 404);
  const list = containerId => koodrive(s, eve, 'POST', '/files/0', { containerId, parentFileId: 'root',
    pageInfo: { pageSize: 10, pageCursor: '' } }, 400);
  assert.equal((await list(ann.drive_id)).code, (await list('4503599627370495')).code);
  assert.ok(!(await dingtalkSpaces(s, dingtalkAs, eve.user_id)).some(x => x.spaceId === ann.drive_id));
});

test('cross: a drive deleted by DingTalk is gone everywhere', async () => {
  const made = await dingtalk(s, dingtalkAs, 'POST', '/v1.0/drive/spaces', { name: 'Short lived', unionId: ann.user_id });
  const file = await pdsUpload(s, { ...ann, drive_id: made.spaceId }, 'x.txt', [Buffer.from('x')]);
  const at = await pdsUrl(s, { ...ann, drive_id: made.spaceId }, file);
  await dingtalk(s, dingtalkAs, 'DELETE', `/v1.0/drive/spaces/${made.spaceId}?unionId=${ann.user_id}`);
  assert.equal((await s.call('POST', '/v2/drive/get', { token: ann.token, body: { drive_id: made.spaceId } })).status, 404);
  await koodrive(s, ann, 'POST', '/files/0', { containerId: made.spaceId, parentFileId: 'root' }, 400);
  assert.ok(!(await dingtalkSpaces(s, dingtalkAs, ann.user_id)).some(x => x.spaceId === made.spaceId));
  assert.equal((await get(at)).status, 404);
});

test('cross: check finds nothing wrong', async () => {
  assert.deepEqual(await s.cli('check', '--content'), []);
});
