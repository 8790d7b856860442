// The vendor's own clients from npm against the server, changed in nothing but the address: pop-core (AccessKey
// signature v1) and openapi-core (ACS3, v1 in its own spelling, bearer token). Each of them makes a drive, uploads,
// lists, downloads, bins and restores, on a tolerant server and on a strict one.
import { describe, test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { startServer } from '../../api/harness.mjs';
import { bytesOf, crc64, digest, get, put } from '../../api/transfer.mjs';

const require = createRequire(import.meta.url);
const { ROAClient } = require('@alicloud/pop-core');
const { default: OpenApi, $OpenApiUtil } = require('@alicloud/openapi-core');
const { RuntimeOptions } = require('@darabonba/typescript');

const VERSION = '2022-03-01';
const BODILESS = new Set(['TrashFile', 'RestoreFile', 'DeleteFile', 'AddGroupMember', 'CancelShareLink', 'DeleteUser']); // their models say: no body

// ---- the clients, each as: call(operation, path, body) → { status, body }; throws { status, code } ----

function popCore(s, { app_key: accessKeyId, app_secret: accessKeySecret }) {
  const client = new ROAClient({ accessKeyId, accessKeySecret, endpoint: s.url, apiVersion: VERSION });
  return async (operation, path, body) => {
    try {
      return { body: await client.post(path, {}, body === undefined ? '' : JSON.stringify(body),
        { 'Content-Type': 'application/json' }) };
    } catch (error) {
      throw Object.assign(new Error(error.message), { status: error.statusCode, code: error.result?.code });
    }
  };
}

function openApi(s, settings) {
  const client = new OpenApi(new $OpenApiUtil.Config({ protocol: 'http', endpoint: new URL(s.url).host, ...settings }));
  return async (operation, path, body) => {
    const params = { action: operation, version: VERSION, protocol: 'HTTP', pathname: path, method: 'POST', style: 'ROA',
      authType: 'AK', reqBodyType: 'json', bodyType: BODILESS.has(operation) ? 'none' : 'json' };
    try {
      const answer = await client.callApi(new $OpenApiUtil.Params(params), new $OpenApiUtil.OpenApiRequest({ body }),
        new RuntimeOptions({}));
      return { status: answer.statusCode, body: answer.body, headers: answer.headers };
    } catch (error) {
      throw Object.assign(new Error(error.message), { status: error.statusCode, code: error.code });
    }
  };
}

const key = app => ({ accessKeyId: app.app_key, accessKeySecret: app.app_secret });
const clients = {
  'pop-core, signature v1': (s, { app }) => popCore(s, app),
  'openapi-core, ACS3': (s, { app }) => openApi(s, key(app)),
  'openapi-core, signature v1': (s, { app }) => openApi(s, { ...key(app), signatureAlgorithm: 'v2' }),
  'openapi-core, bearer token': Object.assign((s, { token }) => openApi(s, { bearerToken: token }), { bearer: true }),
};

// ---- what each must be able to do ----

const fails = (promise, status, code) => assert.rejects(promise, error => {
  assert.deepEqual([error.status, error.code], [status, code], error.message);
  return true;
});

// The status is told by openapi-core only.
function done(answer, status = 200) {
  if (answer.status !== undefined) assert.equal(answer.status, status);
  if (answer.headers) assert.equal(answer.headers['x-polydrive-lenient'], undefined);
  return answer.body;
}

// The bytes of a new file in the root of `drive_id`, sent in parts; the file as completed.
async function upload(call, drive_id, name, parts) {
  const made = done(await call('CreateFile', '/v2/file/create', { drive_id, parent_file_id: 'root', name, type: 'file',
    size: parts.reduce((sum, part) => sum + part.length, 0), check_name_mode: 'refuse',
    part_info_list: parts.map((_, i) => ({ part_number: i + 1 })) }), 201);
  assert.equal(made.exist ?? false, false);
  assert.equal(made.rapid_upload ?? false, false);
  for (const [i, part] of parts.entries()) {
    const answer = await put(made.part_info_list[i].upload_url, part);
    assert.equal(answer.status, 200, answer.text);
    assert.ok(answer.headers.etag);
  }
  return done(await call('CompleteFile', '/v2/file/complete', { drive_id, file_id: made.file_id,
    upload_id: made.upload_id, crc64_hash: crc64(Buffer.concat(parts)) }));
}

for (const args of [[], ['--strict']])
  describe(['a server', ...args].join(' '), () => {
    let s;
    before(async () => {
      s = await startServer({ args });
      // pop-core sends a Host without the port, so the server must be told where it is.
      await s.restart({ args: [...args, '--public-url', s.url] });
    });
    after(() => s?.stop());
    let turn = 0;
    for (const [name, make] of Object.entries(clients))
      describe(name, () => works(() => s, make, ++turn));
  });

function works(server, make, turn) {
  let s, call, ann, keys, stranger;
  before(async () => {
    s = server();
    ann = await s.person(`ann${turn}`, { drive: true });
    const chief = await s.person(`chief${turn}`, { admin: true });
    keys = { app: await s.app(`tool${turn}`), token: chief.token };
    call = make(s, keys);
    const bob = await s.person(`bob${turn}`);
    stranger = { app: await s.app(`bobs${turn}`, { user: `bob${turn}` }), token: bob.token };
  });

  test('CreateDrive: is 201 and gives the drive, as GetDrive does', async () => {
    const asked = { drive_name: `资料 ${turn} +&=*~`, owner: ann.user_id, owner_type: 'user', total_size: 1 << 20 };
    const made = done(await call('CreateDrive', '/v2/drive/create', asked), 201);
    assert.match(made.drive_id, /^[1-9]\d*$/);
    for (const [field, value] of Object.entries(asked)) assert.equal(made[field], value, field);
    const read = done(await call('GetDrive', '/v2/drive/get', { drive_id: made.drive_id }));
    assert.equal(read.used_size, 0);
    assert.equal(read.status, 'enabled');
    // Values, not prototypes: pop-core's reader makes objects that have none.
    assert.deepEqual({ ...read }, { ...made });
  });

  test('CreateDrive: an owner that is not there, a name too long', async () => {
    await fails(call('CreateDrive', '/v2/drive/create', { drive_name: 'x', owner: 'nobody', owner_type: 'user' }),
      404, 'NotFound.User');
    await fails(call('CreateDrive', '/v2/drive/create', { drive_name: 'x'.repeat(129), owner: ann.user_id,
      owner_type: 'user' }), 400, 'InvalidParameterOutOfRange.DriveName');
  });

  test('GetDrive: a drive that is not there', async () => {
    await fails(call('GetDrive', '/v2/drive/get', { drive_id: '4503599627370495' }), 404, 'NotFound.Drive');
  });

  test('ListMyDrives: those of the user that the key is bound to, page by page', async () => {
    const mine = make(s, { app: await s.app(`anns${turn}`, { user: `ann${turn}` }), token: ann.token });
    const all = done(await mine('ListMyDrives', '/v2/drive/list_my_drives'));
    assert.ok(all.items.length >= 2);
    assert.ok(all.items.every(drive => drive.owner === ann.user_id && drive.owner_type === 'user'));
    assert.equal(all.next_marker, '');
    const ids = [];
    let marker = '';
    do {
      const page = done(await mine('ListMyDrives', '/v2/drive/list_my_drives', { limit: 1, marker }));
      ids.push(...page.items.map(drive => drive.drive_id));
      marker = page.next_marker;
    } while (marker);
    assert.deepEqual(ids, all.items.map(drive => drive.drive_id));
    await fails(mine('ListMyDrives', '/v2/drive/list_my_drives', { limit: 101 }), 400, 'InvalidParameterOutOfRange.Limit');
  });

  if (!make.bearer)
    test('ListMyDrives: a key that is bound to nobody has no drives of its own', async () => {
      await fails(call('ListMyDrives', '/v2/drive/list_my_drives', {}), 400, 'InvalidParameter');
    });

  test('files: upload, list, get, download, bin, restore', async () => {
    const drive_id = ann.drive_id, parts = [bytesOf(150_000, turn), bytesOf(70_001, turn + 50)];
    const bytes = Buffer.concat(parts);
    const file = await upload(call, drive_id, '报告 a+b.bin', parts);
    assert.equal(file.size, bytes.length);
    assert.equal(file.content_hash, digest('sha1', bytes).toUpperCase());
    assert.equal(file.crc64_hash, crc64(bytes));
    const at = { drive_id, file_id: file.file_id };

    const list = async () => done(await call('ListFile', '/v2/file/list', { drive_id, parent_file_id: 'root' })).items
      .map(item => item.file_id);
    assert.deepEqual(await list(), [file.file_id]);
    assert.equal(done(await call('GetFile', '/v2/file/get', at)).name, '报告 a+b.bin');

    const link = done(await call('GetDownloadUrl', '/v2/file/get_download_url', at));
    assert.equal(link.method, 'GET');
    const down = await get(link.url);
    assert.equal(down.status, 200);
    assert.ok(down.bytes.equals(bytes));
    assert.equal(down.headers['x-oss-hash-crc64ecma'], crc64(bytes));
    assert.ok((await get(link.url, { Range: 'bytes=149999-150001' })).bytes.equals(bytes.subarray(149_999, 150_002)));

    const empty = answer => assert.ok(!done(answer, 204), 'no body');
    empty(await call('TrashFile', '/v2/recyclebin/trash', at));
    assert.deepEqual(await list(), []);
    const bin = async () => done(await call('ListRecyclebin', '/v2/recyclebin/list', { drive_id })).items
      .map(item => item.file_id);
    assert.deepEqual(await bin(), [file.file_id]);
    assert.equal((await get(link.url)).status, 404);
    empty(await call('RestoreFile', '/v2/recyclebin/restore', at));
    assert.deepEqual([await list(), await bin()], [[file.file_id], []]);
    assert.ok((await get(link.url)).bytes.equals(bytes));
  });

  test('files: one error of each operation', async () => {
    const drive_id = ann.drive_id, file_id = '4503599627370495';
    const folder = done(await call('CreateFile', '/v2/file/create', { drive_id, parent_file_id: 'root', name: 'folder',
      type: 'folder', check_name_mode: 'refuse' }), 201);
    for (const [operation, path, body, status, code] of [
      ['CreateFile', '/v2/file/create', { drive_id, parent_file_id: file_id, name: 'x', type: 'file' }, 404,
        'NotFound.ParentFileId'],
      ['CompleteFile', '/v2/file/complete', { drive_id, file_id, upload_id: file_id }, 404, 'NotFound.UploadId'],
      ['GetFile', '/v2/file/get', { drive_id, file_id }, 404, 'NotFound.File'],
      ['ListFile', '/v2/file/list', { drive_id, parent_file_id: file_id }, 404, 'NotFound.ParentFileId'],
      ['GetDownloadUrl', '/v2/file/get_download_url', { drive_id, file_id: folder.file_id }, 400,
        'InvalidResource.FileTypeFolder'],
      ['TrashFile', '/v2/recyclebin/trash', { drive_id, file_id }, 404, 'NotFound.File'],
      ['RestoreFile', '/v2/recyclebin/restore', { drive_id, file_id }, 404, 'NotFound.File'],
      ['ListRecyclebin', '/v2/recyclebin/list', { drive_id: file_id }, 404, 'NotFound.Drive'],
    ])
      await fails(call(operation, path, body), status, code);
  });

  test('a wrong secret, key or token opens nothing', async () => {
    const ask = changed => make(s, { ...keys, ...changed })('GetDrive', '/v2/drive/get', { drive_id: ann.drive_id });
    const signed = !make.bearer;
    const [status, code] = signed ? [403, 'SignatureDoesNotMatch'] : [401, 'AccessTokenInvalid'];
    await fails(ask({ app: { ...keys.app, app_secret: 'wrong' }, token: '0'.repeat(48) }), status, code);
    if (signed) await fails(ask({ app: { ...keys.app, app_key: 'nobodysKey' } }), 403, 'InvalidAccessKeyId.NotFound');
  });

  test("another user's key or token finds nothing", async () => {
    const theirs = make(s, stranger);
    await fails(theirs('GetDrive', '/v2/drive/get', { drive_id: ann.drive_id }), 404, 'NotFound.Drive');
    await fails(theirs('ListFile', '/v2/file/list', { drive_id: ann.drive_id, parent_file_id: 'root' }), 404,
      'NotFound.Drive');
    await fails(theirs('CreateDrive', '/v2/drive/create', { drive_name: 'x', owner: ann.user_id, owner_type: 'user' }),
      403, 'ForbiddenNoPermission');
  });

  test('what is not implemented is told as such', async () => {
    await fails(call('ListTags', '/v2/image/list_tags', { drive_id: ann.drive_id }), 400, 'OperationNotSupport');
  });

  test('files: rename, tag, find, copy, move, what changed, delete', async () => {
    const { drive_id } = done(await call('CreateDrive', '/v2/drive/create', { drive_name: `wide ${turn}`, owner: ann.user_id,
      owner_type: 'user' }), 201);
    const made = async (name, parent_file_id = 'root') => done(await call('CreateFile', '/v2/file/create', { drive_id,
      parent_file_id, name, type: 'folder', check_name_mode: 'refuse' }), 201).file_id;
    const { cursor } = done(await call('GetLastCursor', '/v2/file/get_last_cursor', { drive_id }));
    const [from, to] = [await made('from'), await made('to')], inside = await made('inside', from);
    const file = await upload(call, drive_id, 'report.txt', [bytesOf(5000, turn + 9)]);
    const at = { drive_id, file_id: file.file_id };
    assert.equal(done(await call('UpdateFile', '/v2/file/update', { ...at, name: '年度 report.txt' })).name, '年度 report.txt');
    done(await call('FilePutUserTags', '/v2/file/put_usertags', { ...at, user_tags: [{ key: 'k', value: 'v' }] }));
    const found = done(await call('SearchFile', '/v2/file/search', { drive_id, query: 'name match "report" and type = "file"' }));
    assert.deepEqual(found.items.map(item => item.file_id), [file.file_id]);
    done(await call('MoveFile', '/v2/file/move', { ...at, to_parent_file_id: inside }));
    const copy = done(await call('CopyFile', '/v2/file/copy', { drive_id, file_id: from, to_parent_file_id: to }), 202);
    let task;
    do task = done(await call('GetAsyncTask', '/v2/async_task/get', { async_task_id: copy.async_task_id }));
    while (task.state === 'Running');
    assert.equal(task.state, 'Succeed');
    const there = done(await call('GetFileByPath', '/v2/file/get_by_path', { drive_id, file_path: '/to/from/inside/年度 report.txt' }));
    assert.equal(there.content_hash, file.content_hash);
    const { items } = done(await call('ListDelta', '/v2/file/list_delta', { drive_id, cursor }));
    for (const op of ['create', 'rename', 'move']) assert.ok(items.some(item => item.op === op), op);
    assert.ok(!done(await call('DeleteFile', '/v2/file/delete', at), 204));
    await fails(call('GetFile', '/v2/file/get', at), 404, 'NotFound.File');
  });

  test('people, shares and batches', async () => {
    const id = `sdk${turn}`, drive_id = ann.drive_id;
    const user = done(await call('CreateUser', '/v2/user/create', { user_id: id, nick_name: 'Ms. Tester' }), 201);
    assert.deepEqual([user.user_id, user.role, user.status], [id, 'user', 'enabled']);
    const group = done(await call('CreateGroup', '/v2/group/create', { group_name: `群组 ${turn}` }), 201);
    await call('AddGroupMember', '/v2/group/add_member', { group_id: group.group_id, member_type: 'user', member_id: id });
    assert.deepEqual(done(await call('ListGroupMember', '/v2/group/list_member', { group_id: group.group_id })).user_items
      .map(item => item.user_id), [id]);
    const file = await upload(call, drive_id, `shared ${turn}.bin`, [bytesOf(3000, turn + 3)]);
    const share = done(await call('CreateShareLink', '/v2/share_link/create', { drive_id, file_id_list: [file.file_id],
      share_pwd: 'abcd', user_id: ann.user_id }), 201);
    const { share_id } = share;
    const token = done(await call('GetShareLinkToken', '/v2/share_link/get_share_token', { share_id, share_pwd: 'abcd' }));
    assert.ok(token.share_token && token.expires_in > 0);
    const { responses } = done(await call('Batch', '/v2/batch', { resource: 'file', requests: ['a', 'b'].map((id, i) => ({ id,
      method: 'POST', url: '/file/get', headers: { 'Content-Type': 'application/json' },
      body: { drive_id, file_id: i ? '4503599627370495' : file.file_id } })) }));
    assert.deepEqual(responses.map(it => [it.id, it.status]), [['a', 200], ['b', 404]]);
    assert.ok(!done(await call('CancelShareLink', '/v2/share_link/cancel', { share_id }), 204));
    assert.ok(!done(await call('DeleteUser', '/v2/user/delete', { user_id: id }), 204));
  });
}
