// A list that is asked for again and again says what is there now, whoever changed it.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { startServer } from './harness.mjs';
import { koodrive, koodriveList, koodriveUpload, pdsUpload } from './transfer.mjs';
import { call, done, folder, refused } from './pds.mjs';

let s, ann, ben;
before(async () => {
  s = await startServer();
  ann = await s.person('ann', { drive: true });
  ben = await s.person('ben', { drive: true });
});
after(() => s?.stop());

const list = (parent, who = ann) => call(s, who, '/file/list', { drive_id: ann.drive_id, parent_file_id: parent });
const ask = (path, body, status = 200) => async () => done(await call(s, ann, path, { drive_id: ann.drive_id, ...body }), status);
const file = (name, parent) => pdsUpload(s, ann, name, [Buffer.from(name)], { parent_file_id: parent });

// Four times the same question, so that an answer that is kept at all is given; and the same in other words, which
// is made anew, but of items that may have been kept. An item alone is always made anew.
async function again(parent) {
  const first = done(await list(parent));
  for (let i = 0; i < 3; i++) assert.deepEqual(done(await list(parent)), first);
  for (let i = 0; i < 3; i++) {
    const body = { drive_id: ann.drive_id, parent_file_id: parent, unread: `${first.items.length}.${i}` };
    assert.deepEqual(done(await call(s, ann, '/file/list', body)), first);
  }
  for (const item of first.items) {
    const alone = done(await call(s, ann, '/file/get', { drive_id: ann.drive_id, file_id: item.file_id }));
    for (const member of Object.keys(item)) assert.deepEqual(item[member], alone[member], member);
  }
  return first.items;
}

test('again: every change shows at once', async () => {
  const home = (await folder(s, ann, 'again')).file_id, one = (await file('one.txt', home)).file_id;
  const changes = {
    'a new folder': ask('/file/create', { parent_file_id: home, name: 'new', type: 'folder' }, 201),
    'a new file': () => file('two.txt', home),
    'a new name': ask('/file/update', { file_id: one, name: 'uno.txt' }),
    'a description': ask('/file/update', { file_id: one, description: 'said' }),
    'hidden': ask('/file/update', { file_id: one, hidden: true }),
    'labels': ask('/file/update', { file_id: one, labels: ['red'] }),
    'a local time': ask('/file/update', { file_id: one, local_modified_at: '2020-01-02T03:04:05Z' }),
    'a star': ask('/file/update', { file_id: one, starred: true }),
    'no star': ask('/file/update', { file_id: one, starred: false }),
    'the bin': ask('/recyclebin/trash', { file_id: one }, 204),
    'restored': ask('/recyclebin/restore', { file_id: one }, 204),
    'a new revision': () => pdsUpload(s, ann, 'uno.txt', [Buffer.from('once more')], { parent_file_id: home, file_id: one }),
  };
  for (const [name, change] of Object.entries(changes)) {
    const before = await again(home);
    await change();
    assert.notDeepEqual(await again(home), before, name);
  }
  const before = await again('root');
  await koodriveUpload(s, ann, 'by another API.txt', Buffer.from('three'));
  assert.equal((await again('root')).length, before.length + 1);
});

test('again: what is kept for one is not given to another', async () => {
  const home = (await folder(s, ann, 'mine')).file_id;
  await file('one.txt', home);
  await again(home);
  refused(await list(home, ben), 404, 'NotFound.Drive');
  assert.equal((await call(s, undefined, '/file/list', { drive_id: ann.drive_id, parent_file_id: home })).status, 401);
});

test('again: not after the drive is no longer to be seen', async () => {
  const group = await s.cli('group', 'add', 'few');
  const drive = (await s.cli('drive', 'add', 'Few', '--owner', 'few')).drive_id;
  await s.cli('group', 'join', 'few', 'ben', '--role', 'viewer');
  const seen = () => call(s, ben, '/file/list', { drive_id: drive, parent_file_id: 'root' });
  for (let i = 0; i < 4; i++) done(await seen());
  await s.cli('group', 'leave', 'few', 'ben');
  refused(await seen(), 404, 'NotFound.Drive');
  assert.ok(group.group_id);
});

test('again: by another API, with the names of people in it', async () => {
  const eve = await s.person('eve', { drive: true });
  const made = await koodriveUpload(s, eve, 'eve.txt', Buffer.from('eve'));
  const seen = async () => {
    const first = await koodriveList(s, eve);
    for (let i = 0; i < 6; i++) assert.deepEqual(await koodriveList(s, eve), first);
    return first;
  };
  const before = await seen();
  done(await call(s, eve, '/file/update', { drive_id: eve.drive_id, file_id: String(made.fileId), name: 'Eve.txt' }));
  assert.deepEqual((await seen()).map(it => it.fileName), ['Eve.txt']);
  done(await call(s, eve, '/user/update', { user_id: eve.user_id, nick_name: 'Eve the Second' }));
  assert.notDeepEqual(JSON.stringify(await seen()), JSON.stringify(before));
  await koodriveUpload(s, eve, 'more.txt', Buffer.from('more'));
  assert.equal((await seen()).length, 2);
  const favorites = async () => (await seen()).filter(it => it.favorite).map(it => it.fileName);
  for (const starred of [true, false, true]) {
    done(await call(s, eve, '/file/update', { drive_id: eve.drive_id, file_id: String(made.fileId), starred }));
    assert.deepEqual(await favorites(), starred ? ['Eve.txt'] : []);
  }
  const alone = await koodrive(s, eve, 'POST', `/files/${made.fileId}/detail`, { containerId: eve.drive_id });
  assert.equal(alone.favorite, true);
});

test('again: a large folder that goes in the background is not in the list from the moment of the answer', async () => {
  const other = (await s.cli('drive', 'add', 'Other', '--owner', 'ann')).drive_id;
  const large = async name => {
    const made = (await folder(s, ann, name)).file_id;
    for (let round = 0; round < 3; round++)
      done(await call(s, ann, '/batch', { resource: 'file', requests: Array.from({ length: 100 }, (_, i) => ({ id: `${i}`,
        method: 'POST', url: '/file/copy', body: { drive_id: ann.drive_id, file_id: seed, to_parent_file_id: made } })) }));
    return made;
  };
  const seed = (await file('seed.txt', 'root')).file_id;
  const names = async () => (await again('root')).map(item => item.name);
  const gone = await large('gone'), away = await large('away');
  assert.deepEqual((await names()).filter(name => ['gone', 'away'].includes(name)).length, 2);
  done(await call(s, ann, '/file/delete', { drive_id: ann.drive_id, file_id: gone }), 202);
  assert.ok(!(await names()).includes('gone'));
  const moved = done(await call(s, ann, '/file/move', { drive_id: ann.drive_id, file_id: away, to_drive_id: other, to_parent_file_id: 'root' }));
  assert.ok(moved.async_task_id && !(await names()).includes('away'));
});
