// KooDrive: shared folders: making, listing, and working inside one by its header.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startServer } from './harness.mjs';
import { bad, folder, good, koo, list, put, upload } from './koodrive.mjs';

let s, ann, bob, eve;
before(async () => {
  s = await startServer();
  ann = await s.person('ann', { drive: true });
  bob = await s.person('bob', { drive: true });
  eve = await s.person('eve', { drive: true });
});
after(() => s?.stop());

const share = (who, name, more = {}) => ['POST', '/sharefolder/create', { shareType: 0, containerId: who.drive_id, name, ...more }];
const folders = async (who, query = 'offset=0&limit=1000') => (await good(s, who, 'GET', `/sharefolder/list?${query}`)).folders;
const names = async (who, query) => (await folders(who, query)).map(f => f.name);

test('koodrive sharefolder: making one answers its three numbers', async () => {
  const made = await good(s, ann, ...share(ann, 'Family'));
  assert.deepEqual(Object.keys(made), ['id', 'data', 'code', 'msg']);
  assert.deepEqual(Object.keys(made.data), ['tenantId', 'creator', 'createTime', 'groupId', 'id', 'shareFolderId']);
  assert.equal(made.id, made.data.id);
  assert.equal(made.data.creator, ann.user_id);
  assert.ok(Number.isSafeInteger(made.data.groupId));
  assert.match(made.data.createTime, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  const [seen] = await folders(ann);
  assert.deepEqual(seen, { tenantId: made.data.tenantId, creator: ann.user_id, createTime: made.data.createTime, ownerId: seen.ownerId, status: 0,
    id: made.id, containerId: ann.drive_id, shareFolderFileId: made.data.shareFolderId, name: 'Family', groupId: String(made.data.groupId), maxMember: seen.maxMember });
  assert.ok(Number.isSafeInteger(seen.ownerId) && Number.isInteger(seen.maxMember));
  const [file] = (await list(s, ann)).files;
  assert.deepEqual([file.id, file.fileName, file.fileType], [made.data.shareFolderId, 'Family', '10']);
});

test('koodrive sharefolder: its fields are checked', async () => {
  for (const [change, code, param] of [
    [{ shareType: undefined }, 13000102, 'shareType'], [{ shareType: 1 }, 13000102, 'shareType'], [{ shareType: 'family' }, 13000102, 'shareType'],
    [{ containerId: undefined }, 13000102, 'containerId'], [{ name: undefined }, 13000102, 'name'], [{ name: '' }, 13000102, 'name'],
    [{ name: 'x'.repeat(32) }, 13000417, 'name'], [{ name: '.' }, 13000102, 'name'], [{ name: '..' }, 13000102, 'name'], [{ name: '👪' }, 13000102, 'name'],
    ...[...'<>|:*?"/\\\n\r\b\t'].map(c => [{ name: `a${c}b` }, 13000102, 'name']),
    [{ containerId: bob.drive_id }, 13000301], [{ containerId: '12345678' }, 13000301],
  ]) await bad(s, ann, ...share(ann, 'x', change), code, { param });
  await good(s, ann, ...share(ann, '家'.repeat(31)));
  const clash = await bad(s, ann, ...share(ann, 'Family'), 13000405);
  assert.ok(clash.body.error.errorData.conflictFileId);
});

test('koodrive sharefolder: the list is the newest first, in pages, by name, by whose', async () => {
  const cat = await s.person('cat', { drive: true });
  for (let i = 0; i < 7; i++) await good(s, cat, ...share(cat, i % 2 ? `Family ${i}` : `trip ${i}`));
  const all = await names(cat);
  assert.deepEqual(all, [6, 5, 4, 3, 2, 1, 0].map(i => (i % 2 ? `Family ${i}` : `trip ${i}`)));
  const paged = [];
  for (let offset = 0, page; (page = await names(cat, `offset=${offset}&limit=3`)).length; offset += 3) paged.push(...page);
  assert.deepEqual(paged, all);
  assert.deepEqual(await names(cat, 'offset=100&limit=3'), []);
  assert.deepEqual(await names(cat, 'offset=0&limit=10&keyWord=fAMI'), ['Family 5', 'Family 3', 'Family 1']);
  assert.deepEqual(await names(cat, 'offset=1&limit=1&keyWord=family'), ['Family 3']);
  assert.deepEqual(await names(cat, 'offset=0&limit=10&keyWord='), all);
  assert.deepEqual(await names(cat, 'offset=0&limit=10&queryType=1'), all);
  assert.deepEqual(await names(cat, 'offset=0&limit=10&queryType=2'), []);
  assert.deepEqual(await names(cat, 'offset=0&limit=10&status=0'), all);
  assert.deepEqual(await names(cat, 'offset=0&limit=10&status=1'), []);
  for (const [query, param] of [['offset=-1&limit=1', 'offset'], ['offset=x&limit=1', 'offset'], ['offset=0', 'limit'], ['offset=0&limit=0', 'limit'],
    ['offset=0&limit=1001', 'limit'], ['offset=0&limit=1&status=2', 'status'], ['offset=0&limit=1&queryType=3', 'queryType'], ['offset=0&limit=1&queryType=-1', 'queryType'],
    ['offset=0&limit=1&keyWord=' + 'x'.repeat(33), 'keyWord'], ['offset=0&limit=1&limit=2', 'limit'], ['offset=0&limit=1&keyWord=%zz', 'keyWord'],
    ['offset=99999999999999999999&limit=1', 'offset']]) {
    const r = await bad(s, cat, 'GET', `/sharefolder/list?${query}`, undefined, 13000102, { param });
    assert.equal(r.body.error.errorDetail[0].errorPos, 'query');
  }
  assert.deepEqual(await names(bob), []);
});

test('koodrive sharefolder: one in the bin is not listed, whether it went there itself or with its parent', async () => {
  const ian = await s.person('ian', { drive: true });
  const pds = async (path, body) => assert.ok((await s.call('POST', path, { token: ian.token, body: { drive_id: ian.drive_id, ...body } })).status < 300);
  const { data: made } = await good(s, ian, ...share(ian, 'Shared'));
  await s.cli('group', 'join', String(made.groupId), 'bob');
  const over = (await folder(s, ian, 'over')).id;
  const seen = async () => [await names(ian), await names(bob, 'offset=0&limit=1&keyWord=Shared')];
  assert.deepEqual(await seen(), [['Shared'], ['Shared']]);
  await pds('/v2/file/move', { file_id: made.shareFolderId, to_parent_file_id: over });
  assert.deepEqual(await seen(), [['Shared'], ['Shared']]);
  for (const file_id of [over, made.shareFolderId]) {
    await pds('/v2/recyclebin/trash', { file_id });
    assert.deepEqual(await seen(), [[], []]);
    await pds('/v2/recyclebin/restore', { file_id });
    assert.deepEqual(await seen(), [['Shared'], ['Shared']]);
  }
  await pds('/v2/file/delete', { file_id: made.shareFolderId });
  assert.deepEqual(await seen(), [[], []]);
});

test('koodrive sharefolder: none is made in a space that is not active', async () => {
  const off = await s.person('off', { drive: true }), boss = await s.person('boss', { admin: true });
  const set = status => s.call('POST', '/v2/drive/update', { token: boss.token, body: { drive_id: off.drive_id, status } });
  assert.equal((await set('disabled')).status, 200);
  await bad(s, off, ...share(off, 'Late'), 13000412);
  assert.equal((await set('enabled')).status, 200);
  assert.deepEqual(await names(off), []);
  await good(s, off, ...share(off, 'Late'));
});

test('koodrive sharefolder: a member works inside by the header, and nowhere else', async () => {
  const made = await good(s, ann, ...share(ann, 'Together'));
  const at = made.data.shareFolderId, group = String(made.data.groupId);
  const inside = await folder(s, ann, 'inside', at), outside = await folder(s, ann, 'outside');
  await upload(s, ann, 'ann.txt', 'from ann', { parentFolder: [at] });
  await s.cli('group', 'join', group, 'bob', '--role', 'editor');
  assert.deepEqual((await folders(bob)).map(f => [f.name, f.containerId, f.id]), [['Together', ann.drive_id, made.id]]);
  assert.deepEqual(await names(bob, 'offset=0&limit=9&queryType=2'), ['Together']);
  assert.deepEqual(await names(bob, 'offset=0&limit=9&queryType=1'), []);

  const ask = (parentFileId, type = 0) => ['POST', `/files/${type}`, { containerId: ann.drive_id, parentFileId }];
  const seen = (await good(s, bob, ...ask(at))).files;
  assert.deepEqual(seen.map(f => f.fileName).sort(), ['ann.txt', 'inside']);
  for (const f of seen) {
    assert.equal(f.owners[0].me, false);
    assert.equal(f.userCapabilities.editPermission, true);
    assert.equal(f.userCapabilities.shareFilePermission, false);
  }
  await bad(s, bob, ...ask('root'), 13000309);
  await bad(s, bob, ...ask(outside.id), 13000309);
  await bad(s, eve, ...ask(at), 13000301);

  const dir = (parent, fileName) => ['POST', '/directory', { fileName, fileType: '10', containerId: ann.drive_id, parentFolder: [parent] }];
  await bad(s, bob, ...dir(at, 'without'), 13000410);
  for (const header of [made.id, at, group]) {
    const headers = { 'x-hw-share-folder-id': header };
    const own = await good(s, bob, ...dir(inside.id, `by ${header}`), headers);
    assert.equal(own.owners[0].me, false);
    assert.equal(own.creatingUser.me, true);
    assert.equal((await good(s, bob, 'POST', `/files/${own.id}/detail`, { containerId: ann.drive_id }, headers)).id, own.id);
    await bad(s, bob, ...dir(bob.drive_id, 'x'), 13000309, { headers });
    await bad(s, eve, ...dir(inside.id, 'x'), 13000309, { headers });
    await bad(s, ann, ...dir(outside.id, 'x'), 13000411, { headers });
    await bad(s, bob, 'POST', '/directory', { fileName: 'x', fileType: '10', containerId: bob.drive_id }, 13000411, { headers });
  }
  await bad(s, bob, ...dir(inside.id, 'x'), 13000309, { headers: { 'x-hw-share-folder-id': '12345678' } });

  const headers = { 'x-hw-share-folder-id': made.id };
  const body = { fileName: 'bob.txt', fileType: '26', parentFolder: [at], length: 3, uploadMode: 'multipart', uploadType: 1, autoRename: 3, containerId: ann.drive_id };
  await bad(s, bob, 'POST', '/files/create', body, 13000410);
  const file = await good(s, bob, 'POST', '/files/create', body, headers);
  const again = await good(s, bob, 'POST', '/files/multipart/uploadUrl', { fileId: file.fileId, multiParts: [{ partNumber: 1, partSize: 3 }] }, headers);
  assert.equal((await put(again.multiParts[0].uploadUrl, 'bob')).status, 200);
  await good(s, bob, 'POST', '/files/complete', { fileId: file.fileId }, headers);
  const { downloads } = await good(s, bob, 'POST', '/files/download', { containerId: ann.drive_id, fileIds: [file.fileId, outside.id] }, headers);
  assert.deepEqual(downloads.map(d => d.code), ['0', '13000309']);
  assert.equal(await (await fetch(downloads[0].url)).text(), 'bob');
  assert.ok((await list(s, ann, { parentFileId: at })).files.some(f => f.id === file.fileId), 'it is in the owner\'s space');

  await s.cli('group', 'leave', group, 'bob');
  const until = Date.now() + 1500;
  let r;
  do r = await koo(s, bob, ...ask(at)); while (r.status === 200 && Date.now() < until);
  assert.equal(r.body.code, 13000301);
  assert.deepEqual(await names(bob), []);
  assert.notEqual((await fetch(downloads[0].url)).status, 200, 'a link made before is of no use');
});
