// What holds for every call of this dialect: routes, headers, the order of checks, what is not implemented.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { startServer } from './harness.mjs';
import { accepted, appToken, dt, header, refused } from './dingtalk.mjs';

let s, ann, token;
before(async () => {
  s = await startServer();
  ann = await s.person('ann', { drive: true });
  token = await appToken(s, await s.app('tester'));
});
after(() => s?.stop());

const calls = text => text.trim().split('\n').map(line => line.split(' '))
  .map(([method, path]) => ({ method, path: path.replace(/\{\w+\}/g, '1') }));

const DRIVE = calls(`
POST /v1.0/drive/managements/spaces/query
PUT /v1.0/drive/managements/spaces
POST /v1.0/drive/spaces/customSpaces
POST /v1.0/drive/spaces/{spaceId}/files
GET /v1.0/drive/spaces/{spaceId}/files/{parentId}/uploadInfos
GET /v1.0/drive/spaces/{spaceId}/files/{fileId}/downloadInfos
POST /v1.0/drive/spaces/{spaceId}/files/{fileId}/copy
POST /v1.0/drive/spaces/{spaceId}/files/{fileId}/move
POST /v1.0/drive/spaces/{spaceId}/files/batchMove
POST /v1.0/drive/spaces/{spaceId}/files/{fileId}/rename
DELETE /v1.0/drive/spaces/{spaceId}/files/{fileId}
POST /v1.0/drive/spaces/{spaceId}/files/batchDelete
GET /v1.0/drive/tasks/{taskId}
GET /v1.0/drive/recycleItems
POST /v1.0/drive/recycleItems/recover
POST /v1.0/drive/recycleItems/delete
POST /v1.0/drive/recycleItems/clear
GET /v1.0/drive/spaces/{spaceId}/files/{fileId}/permissions
POST /v1.0/drive/spaces/{spaceId}/files/{fileId}/permissions
PUT /v1.0/drive/spaces/{spaceId}/files/{fileId}/permissions
POST /v1.0/drive/spaces/{spaceId}/files/{fileId}/permissions/delete
GET /v1.0/drive/spaces/{spaceId}/files/{fileId}/privileges
POST /v1.0/drive/spaces/{spaceId}/files/customSpacePrivileges
GET /v1.0/drive/spaces/{spaceId}/files/{fileId}/previewInfos
POST /v1.0/drive/quotaInfos/query
POST /v1.0/drive/managements/quotas/buy
`);
const STORAGE = calls(`
POST /v1.0/storage/spaces
GET /v1.0/storage/spaces/{spaceId}
POST /v1.0/storage/spaces/{spaceId}/dentries/{parentId}/folders
GET /v1.0/storage/spaces/{spaceId}/dentries
POST /v1.0/storage/spaces/{spaceId}/dentries/listAll
POST /v1.0/storage/spaces/{spaceId}/dentries/{dentryId}/query
POST /v1.0/storage/spaces/{spaceId}/dentries/query
POST /v1.0/storage/spaces/{spaceId}/dentries/{dentryId}/rename
POST /v1.0/storage/spaces/{spaceId}/dentries/{dentryId}/copy
POST /v1.0/storage/spaces/{spaceId}/dentries/{dentryId}/move
POST /v1.0/storage/spaces/{spaceId}/dentries/batchCopy
POST /v1.0/storage/spaces/{spaceId}/dentries/batchMove
DELETE /v1.0/storage/spaces/{spaceId}/dentries/{dentryId}
POST /v1.0/storage/spaces/{spaceId}/dentries/batchRemove
POST /v1.0/storage/spaces/{spaceId}/files/uploadInfos/query
POST /v1.0/storage/spaces/{spaceId}/files/multiPartUploadInfos/init
POST /v1.0/storage/spaces/files/multiPartUploadInfos/query
POST /v1.0/storage/spaces/{spaceId}/files/commit
POST /v1.0/storage/spaces/{spaceId}/dentries/{dentryId}/downloadInfos/query
GET /v1.0/storage/spaces/{spaceId}/dentries/{dentryId}/versions
POST /v1.0/storage/spaces/{spaceId}/dentries/{dentryId}/versions/{version}/revert
GET /v1.0/storage/recycleBins
GET /v1.0/storage/recycleBins/{recycleBinId}/recycleItems
GET /v1.0/storage/recycleBins/{recycleBinId}/recycleItems/{recycleItemId}
POST /v1.0/storage/recycleBins/{recycleBinId}/recycleItems/{recycleItemId}/restore
POST /v1.0/storage/recycleBins/{recycleBinId}/recycleItems/batchRestore
DELETE /v1.0/storage/recycleBins/{recycleBinId}/recycleItems/{recycleItemId}
POST /v1.0/storage/recycleBins/{recycleBinId}/recycleItems/batchRemove
POST /v1.0/storage/recycleBins/{recycleBinId}/clear
GET /v1.0/storage/tasks/{taskId}
POST /v1.0/storage/spaces/{spaceId}/thumbnails/query
POST /v1.0/storage/spaces/{spaceId}/dentries/{dentryId}/openInfos/query
POST /v1.0/storage/spaces/{spaceId}/dentries/{dentryId}/permissions
PUT /v1.0/storage/spaces/{spaceId}/dentries/{dentryId}/permissions
POST /v1.0/storage/spaces/{spaceId}/dentries/{dentryId}/permissions/remove
POST /v1.0/storage/spaces/{spaceId}/dentries/{dentryId}/permissions/query
PUT /v1.0/storage/spaces/{spaceId}/dentries/{dentryId}/appProperties
POST /v1.0/storage/spaces/{spaceId}/dentries/{dentryId}/appProperties/remove
GET /v1.0/storage/orgs/{corpId}
POST /v1.0/storage/currentApps/query
POST /v1.0/storage/spaces/{spaceId}/dentries/permissions/roles/batchQuery
GET /v1.0/storage/spaces/{spaceId}/dentries/{dentryId}/webOfficeUrls
GET /v1.0/storage/spaces/{spaceId}/dentries/{dentryId}/refreshWebOfficeToken
POST /v1.0/storage/spaces/{spaceId}/dentries/{dentryId}/openInfos/register
POST /v1.0/storage/events/subscribe
POST /v1.0/storage/events/unsubscribe
POST /v2.0/storage/spaces/files/{parentDentryUuid}/uploadInfos/query
POST /v2.0/storage/spaces/files/{parentDentryUuid}/commit
POST /v2.0/storage/spaces/dentries/{dentryUuid}/permissions
PUT /v2.0/storage/spaces/dentries/{dentryUuid}/permissions
POST /v2.0/storage/spaces/dentries/{dentryUuid}/permissions/remove
POST /v2.0/storage/spaces/dentries/{dentryUuid}/permissions/query
GET /v2.0/storage/spaces/dentries/{dentryUuid}/permissions/inheritances
PUT /v2.0/storage/spaces/dentries/{dentryUuid}/permissions/inheritances
GET /v2.0/storage/spaces/dentries/{dentryUuid}/permissions/scopes
PUT /v2.0/storage/spaces/dentries/{dentryUuid}/permissions/scopes
POST /v2.0/storage/spaces/dentries/permissions/roles/batchQuery
POST /v2.0/storage/dentries/search
`);
const IDENTITY = calls(`
POST /v1.0/oauth2/userAccessToken
POST /v1.0/oauth2/corpAccessToken
POST /v1.0/oauth2/suiteAccessToken
GET /v1.0/contact/users/{unionId}
`);

for (const [family, list, code] of [['drive', DRIVE, 'unsupported.operation'],
  ['storage', STORAGE, 'operationNotSupported'], ['identity', IDENTITY, 'unsupported.operation']])
  test(`${family}: what is known and not implemented says so`, async () => {
    for (const { method, path } of list) {
      const answer = await dt(s, method, path, { token, query: { unionId: ann.user_id },
        body: method === 'GET' ? undefined : {} });
      refused(answer, 400, code);
      assert.ok(header(answer, 'x-polydrive-unsupported'), path);
    }
  });

test('legacy host: what is not implemented says so, with status 200', async () => {
  for (const path of ['/topapi/v2/user/get', '/topapi/user/getbyunionid', '/topapi/v2/user/getbymobile']) {
    const answer = await dt(s, 'POST', path, { query: { access_token: token }, body: { userid: 'a' } });
    assert.notEqual(accepted(answer).errcode, 0);
    assert.equal(typeof answer.body.errmsg, 'string');
    assert.ok(header(answer, 'x-polydrive-unsupported'), path);
  }
  assert.notEqual(accepted(await dt(s, 'POST', '/topapi/none', { body: {} })).errcode, 0);
  assert.notEqual(accepted(await dt(s, 'POST', '/gettoken', { body: {} })).errcode, 0);
});

test('routes: an unknown path and a wrong method are one answer, with or without a token', async () => {
  const paths = [['GET', '/v1.0/none'], ['GET', '/v1.0/drive'], ['GET', '/v2.0/drive/spaces'],
    ['PUT', '/v1.0/drive/spaces'], ['PATCH', '/v1.0/drive/spaces'], ['DELETE', '/v1.0/drive/spaces'], ['GET', '/v1.0/oauth2/accessToken'],
    ['POST', '/v1.0/drive/mySpaces'], ['GET', '/v1.0/drive/Spaces'], ['GET', '/v1.0/drive/spaces/1/2']];
  for (const [method, path] of paths)
    for (const who of [token, undefined])
      assert.equal(refused(await dt(s, method, path, { token: who }), 404, 'InvalidAction.NotFound'),
        'Specified api is not found, please check your url and method.', path);
});

function hasHeaders(answer) {
  assert.equal(header(answer, 'content-type'), 'application/json;charset=utf-8');
  assert.match(header(answer, 'x-acs-request-id'), /^[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}$/);
  assert.match(header(answer, 'x-acs-trace-id'), /^[0-9a-f]{32}$/);
  assert.equal(header(answer, 'access-control-allow-origin'), '*');
  assert.equal(header(answer, 'access-control-allow-methods'), 'POST, GET, OPTIONS, PUT, DELETE');
  assert.equal(header(answer, 'access-control-max-age'), '172800');
  assert.equal(header(answer, 'access-control-allow-headers'),
    'X-Requested-With, X-Sequence, _aop_secret, _aop_signature, x-acs-dingtalk-access-token');
  assert.equal(header(answer, 'content-encoding'), undefined);
}

test('headers: every answer has them, errors included', async () => {
  const path = '/v1.0/drive/mySpaces', query = { unionId: ann.user_id };
  const good = await dt(s, 'GET', path, { token, query });
  accepted(good);
  hasHeaders(good);
  for (const answer of [await dt(s, 'GET', path, { token }), await dt(s, 'GET', path, { query }),
    await dt(s, 'GET', '/v1.0/none'), await dt(s, 'POST', '/v1.0/drive/spaces', { token, raw: '{',
      headers: { 'content-type': 'application/json' } })]) {
    assert.ok(answer.status >= 400);
    hasHeaders(answer);
    assert.equal(header(answer, 'x-acs-request-id'), answer.body.requestid);
  }
  const again = await dt(s, 'GET', path, { token, query });
  assert.notEqual(header(again, 'x-acs-request-id'), header(good, 'x-acs-request-id'));
});

test('headers: a preflight is answered without a token', async () => {
  const answer = await fetch(s.url + '/v1.0/drive/spaces', { method: 'OPTIONS', headers: { origin: 'http://a.example',
    'access-control-request-method': 'GET', 'access-control-request-headers': 'x-acs-dingtalk-access-token' } });
  assert.equal(answer.status, 204);
  assert.equal(answer.headers.get('access-control-allow-origin'), '*');
  assert.match(answer.headers.get('access-control-allow-headers'), /x-acs-dingtalk-access-token/);
  assert.match(answer.headers.get('access-control-allow-methods'), /DELETE/);
  assert.equal(answer.headers.get('access-control-max-age'), '172800');
});

test('order of checks: route, token, missing, wrong, there, allowed', async () => {
  const path = '/v1.0/drive/spaces/abc/files';
  refused(await dt(s, 'PUT', path), 404, 'InvalidAction.NotFound');
  refused(await dt(s, 'GET', path), 400, 'InvalidAuthentication');
  refused(await dt(s, 'GET', path, { token, query: { maxResults: 99 } }), 400, 'MissingunionId');
  const query = { unionId: ann.user_id, maxResults: 99, parentId: 'x' };
  refused(await dt(s, 'GET', path, { token, query }), 400, 'param.error.maxresults');
  refused(await dt(s, 'GET', path, { token, query: { ...query, maxResults: 9 } }), 400, 'param.error');
  refused(await dt(s, 'GET', '/v1.0/drive/spaces/9/files', { token, query: { ...query, maxResults: 9 } }), 400,
    'param.error');
  refused(await dt(s, 'GET', '/v1.0/drive/spaces/9007199254740991/files', { token,
    query: { unionId: ann.user_id, maxResults: 9 } }), 404, 'object.not.exist');
});

test('messages: a bad value is named with its field, its bound and what came', async () => {
  const answer = await dt(s, 'GET', '/v1.0/drive/spaces', { token,
    query: { unionId: ann.user_id, spaceType: 'org', maxResults: 51 } });
  const message = refused(answer, 400, 'param.error.maxresults');
  for (const part of ['Too Large MaxResults', 'maxResults', '50', '51']) assert.ok(message.includes(part), message);
});

test('messages: hostile values stay JSON', async () => {
  for (const unionId of ['"}', '\\', '\u2028', '<script>', 'a'.repeat(5000)]) {
    const answer = await dt(s, 'GET', '/v1.0/drive/spaces', { token,
      query: { unionId, spaceType: 'org', maxResults: 5 } });
    refused(answer, 400, 'param.error');
  }
});

test('bodies: too long a body is refused', async () => {
  const answer = await dt(s, 'POST', '/v1.0/drive/spaces', { token, body: { name: 'x'.repeat(1 << 20),
    unionId: ann.user_id } });
  refused(answer, 400, 'param.error');
});
