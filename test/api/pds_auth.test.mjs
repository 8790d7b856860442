// Who asks: every form of the token, AccessKey signatures v1 and ACS3.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { startServer } from './harness.mjs';
import { send } from './transfer.mjs';
import { call, done, header, lenient, md5, refused, signV1, signV3, signV4, UUID, unsupported } from './pds.mjs';

let s, strict, ann, ben, app, annsApp, host;
before(async () => {
  s = await startServer();
  ann = await s.person('ann', { drive: true });
  ben = await s.person('ben', { drive: true });
  app = await s.app('tool');
  annsApp = await s.app('anns tool', { user: 'ann' });
  host = new URL(s.url).host;
  strict = await startServer({ args: ['--strict'] });
  strict.ann = await strict.person('ann', { drive: true });
  strict.app = await strict.app('tool');
});
after(() => Promise.all([s?.stop(), strict?.stop()]));

const PATH = '/v2/drive/get';

// GetDrive with these headers only, byte for byte.
async function ask(headers, { server = s, body, path = PATH } = {}) {
  body ??= JSON.stringify({ drive_id: (server.ann ?? ann).drive_id });
  const answer = await send('POST', server.url + path, { headers, body });
  const isJson = /^application\/json/.test(answer.headers['content-type'] ?? '');
  return { ...answer, body: isJson ? JSON.parse(answer.text) : null };
}
const getBody = () => JSON.stringify({ drive_id: ann.drive_id });
const v1 = (key, more = {}) => ask(signV1(key, { path: PATH, ...more }), more);
const v3 = (key, more = {}) => {
  const body = more.body ?? getBody();
  return ask(signV3(key, { host, path: PATH, ...more, body }), { ...more, body });
};

// ---- tokens ----

test('token: Authorization: Bearer TOKEN', async () => {
  const answer = await ask({ Authorization: `Bearer ${ann.token}` });
  done(answer);
  assert.equal(lenient(answer), undefined);
});

test('token: the scheme is read in any case', async () => {
  done(await ask({ Authorization: `bearer ${ann.token}` }));
  done(await ask({ Authorization: `BEARER ${ann.token}` }));
});

const tolerated = {
  'a tab after Bearer': t => ({ Authorization: `Bearer\t${t}` }),
  'a run of blanks and tabs': t => ({ Authorization: `Bearer \t  ${t}` }),
  'the token alone': t => ({ Authorization: t }),
  'x-acs-bearer-token alone': t => ({ 'x-acs-bearer-token': t }),
};
for (const [name, form] of Object.entries(tolerated))
  test(`token: ${name} is tolerated, told, and refused when strict`, async () => {
    const answer = await ask(form(ann.token));
    done(answer);
    assert.match(lenient(answer), /^(Authorization|x-acs-signature-type): ./);
    refused(await ask(form(strict.ann.token), { server: strict }), 401, 'AccessTokenInvalid');
    refused(await ask(form('0'.repeat(48))), 401, 'AccessTokenInvalid');
  });

for (const [name, form] of Object.entries({
  'x-acs-bearer-token with x-acs-signature-type': t => ({ 'x-acs-bearer-token': t, 'x-acs-signature-type': 'BEARERTOKEN' }),
  'x-acs-bearer-token with the same token in Authorization': t =>
    ({ 'x-acs-bearer-token': t, 'x-acs-signature-type': 'BEARERTOKEN', Authorization: `Bearer ${t}` }),
  'Bearer': t => ({ Authorization: `Bearer ${t}` }),
}))
  test(`token: ${name} is a plain form, also when strict`, async () => {
    for (const [server, token] of [[s, ann.token], [strict, strict.ann.token]]) {
      const answer = await ask(form(token), { server });
      done(answer);
      assert.equal(lenient(answer), undefined);
    }
  });

test('token: wrong, empty, doubled and contradicting ones are 401', async () => {
  for (const headers of [
    {}, { Authorization: '' }, { Authorization: 'Bearer' }, { Authorization: 'Bearer ' }, { Authorization: 'Bearer x' },
    { Authorization: `Bearer ${ann.token}x` }, { Authorization: `Bearer ${ann.token.slice(1)}` },
    { Authorization: `Bearer ${ann.token} ${ann.token}` }, { Authorization: 'Bearer ' + 'a'.repeat(5000) },
    { Authorization: `Bearer ${ann.token}`, 'x-acs-bearer-token': ben.token },
    { 'x-acs-bearer-token': ann.token, 'x-acs-signature-type': 'HMAC' },
    { Authorization: `Basic ${Buffer.from('ann:x').toString('base64')}` }, { Authorization: 'Digest a=b' },
    { Authorization: `Token ${ann.token}` },
  ]) {
    const answer = await ask(headers);
    const message = refused(answer, 401, 'AccessTokenInvalid');
    assert.match(message, /^AccessToken is invalid\. ./, JSON.stringify(headers));
    assert.doesNotMatch(message, new RegExp(ann.token));
  }
});

test('token: two Authorization headers are refused', async () => {
  const answer = await send('POST', s.url + PATH, { body: getBody(), headers: [
    'Host', host, 'Content-Length', String(getBody().length), 'Authorization', `Bearer ${ann.token}`,
    'Authorization', `Bearer ${ben.token}`] });
  assert.ok(answer.status === 401 || answer.status === 400, answer.text);
});

test('token: one that was revoked is 401', async () => {
  const carl = await s.person('carl', { drive: true });
  done(await call(s, carl, '/drive/get', { drive_id: carl.drive_id }));
  await s.cli('token', 'revoke', carl.token);
  await new Promise(resume => setTimeout(resume, 1100));
  refused(await call(s, carl, '/drive/get', { drive_id: carl.drive_id }), 401, 'AccessTokenInvalid');
});

test('token: one that has ended says so', async () => {
  const short = await s.cli('token', 'issue', 'ann', '--ttl', '1');
  await new Promise(resume => setTimeout(resume, 1200));
  const message = refused(await ask({ Authorization: `Bearer ${short.access_token}` }), 401, 'AccessTokenInvalid');
  assert.match(message, /expired/);
});

test('token: it is asked for before the body is judged', async () => {
  refused(await ask({}, { body: '{' }), 401, 'AccessTokenInvalid');
  refused(await ask({}, { body: '{"drive_id":7}' }), 401, 'AccessTokenInvalid');
});

test('a share token that is none names nobody', async () => {
  refused(await ask({ 'x-share-token': 'abc' }), 401, 'ShareLinkTokenInvalid');
});

test('a signature of a kind that comes later is told to be missing here', async () => {
  for (const scheme of ['ACS4-HMAC-SM3', 'ACS3-HMAC-SM3', 'ACS3-RSA-SHA256']) {
    const answer = await ask({ Authorization: `${scheme} Credential=${app.app_key}/20261121/center/pds/aliyun_v4_request,`
      + 'SignedHeaders=x-acs-date,Signature=00' });
    assert.match(refused(answer, 400, 'OperationNotSupport'), /signature/);
    assert.equal(unsupported(answer), 'Authorization');
  }
});

// ---- v1 ----

test('v1: a right signature is accepted, with and without digest and nonce', async () => {
  done(await v1(app));
  done(await v1(app, { headers: { 'content-md5': md5(getBody()), 'x-acs-signature-nonce': randomUUID(),
    'x-acs-action': 'GetDrive', 'x-acs-version': '2022-03-01' } }));
  done(await v1(app, { headers: { 'content-type': 'application/json' } }));
  done(await v1(strict.app, { server: strict, body: JSON.stringify({ drive_id: strict.ann.drive_id }) }));
});

test('v1: without a nonce the same request may come again', async () => {
  const headers = signV1(app, { path: PATH });
  done(await ask(headers));
  done(await ask(headers));
});

test('v1: a nonce is good once, and only a right signature uses it up', async () => {
  const nonce = randomUUID();
  const headers = signV1(app, { path: PATH, headers: { 'x-acs-signature-nonce': nonce } });
  const forged = signV1({ ...app, app_secret: 'wrong' }, { path: PATH, headers: { 'x-acs-signature-nonce': nonce } });
  refused(await ask(forged), 403, 'SignatureDoesNotMatch');
  done(await ask(headers));
  refused(await ask(headers), 403, 'SignatureNonceUsed');
  refused(await v1(app, { headers: { 'x-acs-signature-nonce': nonce } }), 403, 'SignatureNonceUsed');
  done(await v1(annsApp, { headers: { 'x-acs-signature-nonce': nonce } }));
});

test('v1: what is signed cannot be changed', async () => {
  const headers = signV1(app, { path: PATH, headers: { 'x-acs-action': 'GetDrive', 'content-md5': md5(getBody()) } });
  for (const [name, value] of [['x-acs-action', 'DeleteDrive'], ['accept', '*/*'], ['content-type', 'application/json'],
    ['x-acs-extra', '1'], ['date', new Date(Date.now() - 60_000).toUTCString()]])
    refused(await ask({ ...headers, [name]: value }), 403, 'SignatureDoesNotMatch');
  refused(await ask(headers, { path: PATH + '?a=1' }), 403, 'SignatureDoesNotMatch');
  refused(await ask(headers, { path: '/v2/drive/list_my_drives' }), 403, 'SignatureDoesNotMatch');
  done(await ask(headers));
});

test('v1: a query is signed decoded and sorted', async () => {
  for (const query of ['b=2&a=1', 'a=x%20y', 'a=%E4%B8%AD&c', 'empty=&z=1'])
    done(await ask(signV1(app, { path: PATH, query }), { path: `${PATH}?${query}` }));
});

test('v1: wrong secrets and malformed credentials', async () => {
  refused(await v1({ ...app, app_secret: 'x' }), 403, 'SignatureDoesNotMatch');
  refused(await v1({ ...app, app_key: 'nobodysKey' }), 403, 'InvalidAccessKeyId.NotFound');
  for (const authorization of ['acs', 'acs ', `acs ${app.app_key}`, `acs ${app.app_key}:`, 'acs :x'])
    refused(await ask({ ...signV1(app, { path: PATH }), authorization }), 403, 'SignatureDoesNotMatch');
  refused(await v1(app, { headers: { 'x-acs-signature-method': 'HMAC-SHA256' } }), 403, 'SignatureDoesNotMatch');
});

test('v1: the date may be 15 minutes off, and no more', async () => {
  const at = seconds => ({ headers: { date: new Date(Date.now() + seconds * 1000).toUTCString() } });
  done(await v1(app, at(-14 * 60 - 50)));
  done(await v1(app, at(14 * 60 + 50)));
  for (const seconds of [-15 * 60 - 5, 15 * 60 + 5, -86_400, 86_400])
    refused(await v1(app, at(seconds)), 403, 'InvalidTimeStamp.Expired');
  for (const date of ['yesterday', '2026-11-21T02:05:47Z', '0'])
    refused(await v1(app, { headers: { date } }), 403, 'InvalidTimeStamp.Expired');
  const { date, ...without } = signV1(app, { path: PATH, headers: { date: '' } });
  refused(await ask(without), 403, 'InvalidTimeStamp.Expired');
});

test('v1: digests that come must be those of the body', async () => {
  refused(await v1(app, { headers: { 'content-md5': md5('other') } }), 403, 'SignatureDoesNotMatch');
  refused(await v1(app, { headers: { 'content-md5': 'x' } }), 403, 'SignatureDoesNotMatch');
  refused(await v1(app, { headers: { 'x-acs-content-sha256': '00' } }), 403, 'SignatureDoesNotMatch');
});

test('temporary credentials are told to be missing here', async () => {
  const answer = await v1(app, { headers: { 'x-acs-security-token': 'sts' } });
  refused(answer, 400, 'OperationNotSupport');
  assert.equal(unsupported(answer), 'x-acs-security-token');
});

// ---- ACS3 ----

test('ACS3: a right signature is accepted, with a query too', async () => {
  done(await v3(app));
  for (const query of ['b=2&a=1', 'a=x%20y*~', 'a=%2F&c', 'z='])
    done(await ask(signV3(app, { host, path: PATH, query, body: getBody() }), { path: `${PATH}?${query}` }));
});

test('ACS3: what is signed cannot be changed', async () => {
  const body = getBody(), headers = signV3(app, { host, path: PATH, body });
  for (const [name, value] of [['content-type', 'text/plain'], ['x-acs-signature-nonce', randomUUID()],
    ['host', 'elsewhere.example']])
    refused(await ask({ ...headers, [name]: value }), 403, 'SignatureDoesNotMatch');
  refused(await ask(headers, { body: body + ' ' }), 403, 'SignatureDoesNotMatch');
  const { 'x-acs-content-sha256': _, ...bare } = signV3(app, { host, path: PATH, body,
    unsigned: ['x-acs-content-sha256'] });
  done(await ask(bare, { body }));
  refused(await ask(bare, { body: body + ' ' }), 403, 'SignatureDoesNotMatch');
  refused(await ask(headers, { path: '/v2/drive/list_my_drives' }), 403, 'SignatureDoesNotMatch');
});

test('ACS3: wrong keys, secrets, digests and dates', async () => {
  refused(await v3({ ...app, app_secret: 'x' }), 403, 'SignatureDoesNotMatch');
  refused(await v3({ ...app, app_key: 'nobodysKey' }), 403, 'InvalidAccessKeyId.NotFound');
  refused(await v3(app, { headers: { 'x-acs-content-sha256': '00' } }), 403, 'SignatureDoesNotMatch');
  refused(await v3(app, { headers: { 'content-md5': md5('other') } }), 403, 'SignatureDoesNotMatch');
  const at = seconds => new Date(Date.now() + seconds * 1000).toISOString().replace(/\.\d+Z$/, 'Z');
  done(await v3(app, { headers: { 'x-acs-date': at(-890) } }));
  for (const date of [at(-905), at(905), 'x', ''])
    refused(await v3(app, { headers: { 'x-acs-date': date } }), 403, 'InvalidTimeStamp.Expired');
});

test('ACS3: a nonce is good once', async () => {
  const headers = signV3(app, { host, path: PATH, body: getBody() });
  done(await ask(headers));
  refused(await ask(headers), 403, 'SignatureNonceUsed');
});

test('ACS3: what decides about freshness must be signed', async () => {
  for (const name of ['host', 'x-acs-date', 'x-acs-signature-nonce', 'x-acs-content-sha256'])
    refused(await v3(app, { unsigned: [name] }), 403, 'SignatureDoesNotMatch');
  const headers = signV3(app, { host, path: PATH, body: getBody() });
  for (const authorization of ['ACS3-HMAC-SHA256', `ACS3-HMAC-SHA256 Credential=${app.app_key}`,
    headers.authorization.replace('host;', 'host;x-acs-missing;'), headers.authorization + ',Signature=00',
    headers.authorization.replace(/Signature=.*/, 'Signature=')])
    refused(await ask({ ...headers, authorization }), 403, 'SignatureDoesNotMatch');
});

// ---- ACS4 ----

const v4 = (key, more = {}) => {
  const body = more.body ?? getBody();
  return ask(signV4(key, { path: PATH, ...more, body }), { ...more, body });
};

test('ACS4: a right signature is accepted, with a query and any region too', async () => {
  const answer = await v4(app);
  done(answer);
  assert.equal(lenient(answer), undefined);
  done(await v4(app, { region: 'cn-shanghai' }));
  for (const query of ['b=2&a=1', 'a=x%20y', 'a=%E4%B8%AD&c'])
    done(await ask(signV4(app, { path: PATH, query, body: getBody() }), { path: `${PATH}?${query}` }));
  done(await v4(strict.app, { server: strict, body: JSON.stringify({ drive_id: strict.ann.drive_id }) }));
});

test('ACS4: keys derived through a lossy decoding are tolerated, told, and refused when strict', async () => {
  const answer = await v4(app, { lossy: true });
  done(answer);
  assert.match(lenient(answer), /^Authorization: .*lossy/);
  const body = JSON.stringify({ drive_id: strict.ann.drive_id });
  refused(await v4(strict.app, { server: strict, body, lossy: true }), 403, 'SignatureDoesNotMatch');
  refused(await v4({ ...app, app_secret: 'x' }, { lossy: true }), 403, 'SignatureDoesNotMatch');
});

test('ACS4: what is signed cannot be changed', async () => {
  const body = getBody(), headers = signV4(app, { path: PATH, body, headers: { 'x-acs-action': 'GetDrive' } });
  for (const [name, value] of [['content-type', 'text/plain'], ['accept', '*/*'], ['x-acs-action', 'DeleteDrive'],
    ['x-acs-signature-nonce', randomUUID()], ['x-acs-extra', '1']])
    refused(await ask({ ...headers, [name]: value }), 403, 'SignatureDoesNotMatch');
  refused(await ask(headers, { body: body + ' ' }), 403, 'SignatureDoesNotMatch');
  refused(await ask(headers, { path: PATH + '?a=1' }), 403, 'SignatureDoesNotMatch');
  refused(await ask(headers, { path: '/v2/drive/list_my_drives' }), 403, 'SignatureDoesNotMatch');
  done(await ask(headers, { body }));
  refused(await ask(headers, { body }), 403, 'SignatureNonceUsed');
});

test('ACS4: wrong keys, secrets, digests, days and dates', async () => {
  refused(await v4({ ...app, app_secret: 'x' }), 403, 'SignatureDoesNotMatch');
  refused(await v4({ ...app, app_key: 'nobodysKey' }), 403, 'InvalidAccessKeyId.NotFound');
  refused(await v4(app, { headers: { 'x-acs-content-sha256': '00' } }), 403, 'SignatureDoesNotMatch');
  refused(await v4(app, { day: '20200101' }), 403, 'InvalidTimeStamp.Expired');
  const at = seconds => new Date(Date.now() + seconds * 1000).toISOString().replace(/\.\d+Z$/, 'Z');
  done(await v4(app, { headers: { 'x-acs-date': at(-890) } }));
  for (const date of [at(-905), at(905), 'x', ''])
    refused(await v4(app, { day: '20261121', headers: { 'x-acs-date': date } }), 403, 'InvalidTimeStamp.Expired');
  const headers = signV4(app, { path: PATH, body: getBody() });
  for (const authorization of ['ACS4-HMAC-SHA256', headers.authorization.replace('/pds/', '/oss/'),
    headers.authorization.replace(/Signature=.*/, 'Signature='), headers.authorization + ',Signature=00',
    headers.authorization.replace('aliyun_v4_request', 'aliyun_v4')])
    refused(await ask({ ...headers, authorization }), 403, 'SignatureDoesNotMatch');
});

// ---- API keys and scopes ----

test('an API key lasts until it is revoked, and begins with uk-', async () => {
  const key = await s.cli('token', 'issue', 'ann', '--api-key');
  assert.match(key.access_token, /^uk-[0-9a-f]{48}$/);
  assert.equal(key.expires_in, undefined);
  done(await ask({ Authorization: `Bearer ${key.access_token}` }));
  refused(await ask({ Authorization: `Bearer ${key.access_token.slice(3)}` }), 401, 'AccessTokenInvalid');
  await s.cli('token', 'revoke', key.access_token);
  refused(await ask({ Authorization: `Bearer ${key.access_token}` }), 401, 'AccessTokenInvalid');
});

const limited = async (...scopes) => ({ ...ann, token:
  (await s.cli('token', 'issue', 'ann', ...scopes.flatMap(scope => ['--scope', scope]))).access_token });

test('scopes: a token does what its words name, and X.ALL is all of X', async () => {
  const get = who => call(s, who, '/drive/get', { drive_id: ann.drive_id });
  const list = who => call(s, who, '/file/list', { drive_id: ann.drive_id, parent_file_id: 'root' });
  const create = who => call(s, who, '/file/create', { drive_id: ann.drive_id, parent_file_id: 'root', type: 'folder', name: randomUUID() });
  const rights = async who => (await Promise.all([get(who), list(who), create(who)])).map(answer => answer.status).join(' ');
  for (const [scopes, expected] of [
    [['DRIVE.GET'], '200 403 403'], [['DRIVE.ALL'], '200 403 403'], [['FILE.LIST'], '403 200 403'],
    [['FILE.LIST,FILE.CREATE'], '403 200 201'], [['FILE.ALL', 'DRIVE.LIST'], '403 200 201'],
    [['DRIVE.GET FILE.LIST'], '200 200 403'], [['USER.ALL'], '403 403 403'], [[], '200 200 201'],
  ]) assert.equal(await rights(await limited(...scopes)), expected, scopes.join());
  const message = refused(await get(await limited('FILE.ALL')), 403, 'CheckRouterAccessFailed');
  assert.match(message, /DRIVE\.GET/);
});

test('scopes: a token that is limited by words of PDS opens no other door', async () => {
  const { token } = await limited('FILE.ALL', 'DRIVE.ALL');
  for (const [method, path, headers] of [['GET', '/koodrive/ose/v1/sharefolder/list?limit=1'],
    ['GET', '/v1.0/drive/spaces?unionId=x', { 'x-acs-dingtalk-access-token': token }]]) {
    const answer = await s.call(method, path, { token, headers });
    assert.match(answer.text, /13000410|InvalidAuthentication/, path);
  }
});

test('scopes: a word that is none is not issued', async () => {
  for (const scope of ['FILE', 'file.get', 'FILE.GET,NOPE', ','])
    await assert.rejects(s.cli('token', 'issue', 'ann', '--scope', scope), error => error.code === 2 && /--scope/.test(error.stderr));
});

// ---- what an AccessKey is ----

test('an AccessKey of the domain is an administrator and no user', async () => {
  const path = '/v2/drive/list_my_drives';
  const message = refused(await ask(signV1(app, { path }), { path, body: '{}' }), 400, 'InvalidParameter');
  assert.match(message, /AccessKey/);
  const body = JSON.stringify({ drive_name: 'by key', owner: ann.user_id, owner_type: 'user' });
  const made = done(await ask(signV1(app, { path: '/v2/drive/create' }), { path: '/v2/drive/create', body }), 201);
  assert.equal(made.creator, 'system');
});

test('an AccessKey that is bound to a user is that user', async () => {
  const path = '/v2/drive/list_my_drives';
  const mine = done(await ask(signV1(annsApp, { path }), { path, body: '{}' }));
  assert.ok(mine.items.length > 0);
  assert.ok(mine.items.every(drive => drive.owner === ann.user_id));
  const body = JSON.stringify({ drive_name: 'x', owner: ann.user_id, owner_type: 'user' });
  refused(await ask(signV1(annsApp, { path: '/v2/drive/create' }), { path: '/v2/drive/create', body }), 403,
    'ForbiddenNoPermission');
  const bens = JSON.stringify({ drive_id: ben.drive_id });
  refused(await ask(signV3(annsApp, { host, path: PATH, body: bens }), { body: bens }), 404, 'NotFound.Drive');
});

test('every refusal has a request id', async () => {
  assert.match(header(await ask({}), 'x-ca-request-id'), UUID);
  assert.match(header(await v1({ ...app, app_secret: 'x' }), 'x-ca-request-id'), UUID);
});
