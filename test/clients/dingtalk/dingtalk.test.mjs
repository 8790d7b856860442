// The vendor's own SDK (npm @alicloud/dingtalk 2.2.27) against the server, changed in nothing but the
// address: token, spaces, paging, files, errors.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { startServer } from '../../api/harness.mjs';
import { pdsFolder, pdsUpload } from '../../api/transfer.mjs';

const require = createRequire(import.meta.url);
const oauth2 = require('@alicloud/dingtalk/oauth2_1_0');
const drive = require('@alicloud/dingtalk/drive_1_0');
const storage = require('@alicloud/dingtalk/storage_1_0');
const { Config } = require('@alicloud/openapi-client');
const { RuntimeOptions } = require('@alicloud/tea-util');

let s, ann, app, drives, headers;
before(async () => {
  s = await startServer({ args: ['--strict'] });
  ann = await s.person('ann', { drive: true });
  app = await s.app('sdk');
  drives = new drive.default(config());
  headers = await tokenHeaders();
});
after(() => s?.stop());

const config = () => new Config({ protocol: 'http', endpoint: new URL(s.url).host });
const runtime = new RuntimeOptions({});

async function getToken(appKey = app.app_key, appSecret = app.app_secret) {
  const request = new oauth2.GetAccessTokenRequest({ appKey, appSecret });
  return (await new oauth2.default(config()).getAccessToken(request)).body;
}

async function tokenHeaders() {
  const { accessToken } = await getToken();
  return Kind => new Kind({ xAcsDingtalkAccessToken: accessToken });
}

const addSpace = async name => (await drives.addSpaceWithOptions(
  new drive.AddSpaceRequest({ name, unionId: ann.user_id }), headers(drive.AddSpaceHeaders), runtime)).body;
const listSpaces = async more => (await drives.listSpacesWithOptions(
  new drive.ListSpacesRequest({ unionId: ann.user_id, spaceType: 'org', maxResults: 50, ...more }),
  headers(drive.ListSpacesHeaders), runtime)).body;
const listFiles = async (spaceId, more) => (await drives.listFilesWithOptions(spaceId,
  new drive.ListFilesRequest({ unionId: ann.user_id, maxResults: 50, ...more }), headers(drive.ListFilesHeaders),
  runtime)).body;

const failsWith = (promise, status, code) => assert.rejects(promise, error => {
  assert.equal(error.code, code, error.message);
  assert.ok(error.message.startsWith(`${code}: code: ${status}, `), error.message);
  assert.match(error.message, / request id: [0-9A-F-]{36}/);
  return true;
});

test('GetAccessToken: gives a token and its lifetime, the same one again', async () => {
  const first = await getToken();
  assert.ok(first.accessToken);
  assert.equal(first.expireIn, 7200);
  assert.equal((await getToken()).accessToken, first.accessToken);
});

test('GetAccessToken: a wrong secret is told by its code', async () => {
  await failsWith(getToken(app.app_key, 'x'), 400, 'invalidClientIdOrSecret');
});

test('GetToken: the newer spelling gives the same token', async () => {
  const request = new oauth2.GetTokenRequest({ clientId: app.app_key, clientSecret: app.app_secret,
    grantType: 'client_credentials' });
  const { body } = await new oauth2.default(config()).getToken('main', request);
  assert.equal(body.accessToken, (await getToken()).accessToken);
  assert.equal(body.expiresIn, 7200);
});

test('AddSpace, ListSpaces: what was made is listed, page by page to the end', async () => {
  const made = [];
  for (let i = 0; i < 5; i++) made.push(await addSpace(`SDK 空间 ${i}`));
  assert.equal(made[0].spaceType, 'org');
  assert.equal(made[0].quota, -1);
  const spaces = [];
  let nextToken, pages = 0;
  do {
    const page = await listSpaces({ maxResults: 2, nextToken });
    spaces.push(...page.spaces);
    nextToken = page.nextToken;
    pages++;
  } while (nextToken);
  assert.ok(pages > 2);
  assert.deepEqual(spaces.slice(1).map(space => space.spaceId), made.map(space => space.spaceId));
  assert.deepEqual(spaces, (await listSpaces({})).spaces);
});

test('InfoSpace, DeleteSpace: a space is read and removed', async () => {
  const { spaceId } = await addSpace('to be removed');
  const read = () => drives.infoSpaceWithOptions(spaceId, new drive.InfoSpaceRequest({ unionId: ann.user_id }),
    headers(drive.InfoSpaceHeaders), runtime);
  assert.equal((await read()).body.spaceName, 'to be removed');
  const removed = await drives.deleteSpaceWithOptions(spaceId, new drive.DeleteSpaceRequest({ unionId: ann.user_id }),
    headers(drive.DeleteSpaceHeaders), runtime);
  assert.equal(removed.statusCode, 200);
  await failsWith(read(), 404, 'object.not.exist');
});

test('GetMySpaceInfo: is the personal space', async () => {
  const { body } = await drives.getMySpaceInfoWithOptions(new drive.GetMySpaceInfoRequest({ unionId: ann.user_id }),
    headers(drive.GetMySpaceInfoHeaders), runtime);
  assert.equal(body.spaceId, ann.drive_id);
  assert.equal(body.spaceType, 'personal');
});

test('ListFiles, GetFileInfo: files and folders, page by page to the end', async () => {
  const folder = await pdsFolder(s, ann, 'SDK 文件夹');
  const names = ['a.txt', 'b.png', 'c.docx', 'd.bin', 'e.zip'];
  for (const [i, name] of names.entries())
    await pdsUpload(s, ann, name, [Buffer.alloc(i + 1)], { parent_file_id: folder.file_id });
  const files = [];
  let nextToken, pages = 0;
  do {
    const page = await listFiles(ann.drive_id,
      { parentId: folder.file_id, orderType: 'nameAsc', maxResults: 2, nextToken, withIcon: false });
    files.push(...page.files);
    nextToken = page.nextToken;
    pages++;
  } while (nextToken);
  assert.equal(pages, 3);
  assert.deepEqual(files.map(file => file.fileName), names);
  assert.deepEqual(files.map(file => file.fileSize), [1, 2, 3, 4, 5]);
  assert.deepEqual(files.map(file => file.contentType), ['text', 'image', 'document', 'other', 'archive']);
  const { body } = await drives.getFileInfoWithOptions(ann.drive_id, files[0].fileId,
    new drive.GetFileInfoRequest({ unionId: ann.user_id }), headers(drive.GetFileInfoHeaders), runtime);
  assert.deepEqual(body.toMap(), files[0].toMap());
});

test('errors: are thrown with the code that a program can go by', async () => {
  await failsWith(listSpaces({ maxResults: 51 }), 400, 'param.error.maxresults');
  await failsWith(listSpaces({ maxResults: undefined }), 400, 'MissingmaxResults');
  await failsWith(listSpaces({ unionId: 'nobody' }), 400, 'param.error');
  await failsWith(listSpaces({ spaceType: 'personal' }), 400, 'no.priviledge');
  await failsWith(listSpaces({ nextToken: 'x' }), 400, 'param.error');
  await failsWith(addSpace(''), 400, 'name.invalid');
  await failsWith(listFiles('1', {}), 404, 'object.not.exist');
  const bad = new drive.ListSpacesHeaders({ xAcsDingtalkAccessToken: 'x' });
  await failsWith(drives.listSpacesWithOptions(new drive.ListSpacesRequest({ unionId: ann.user_id, spaceType: 'org',
    maxResults: 1 }), bad, runtime), 400, 'InvalidAuthentication');
});

test('errors: what is not implemented is told as such', async () => {
  const storages = new storage.default(config());
  await failsWith(storages.getSpaceWithOptions(ann.drive_id, new storage.GetSpaceRequest({ unionId: ann.user_id }),
    headers(storage.GetSpaceHeaders), runtime), 400, 'operationNotSupported');
});
