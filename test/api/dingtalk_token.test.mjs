// App tokens, and what is a good token in the header.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { startServer } from './harness.mjs';
import { accepted, appToken, dt, lenient, refused, TOKEN_HEADER } from './dingtalk.mjs';

let s, strict, ann, app;
before(async () => {
  s = await startServer();
  strict = await startServer({ args: ['--strict'] });
  ann = await s.person('ann', { drive: true });
  app = await s.app('tester');
});
after(async () => {
  await s?.stop();
  await strict?.stop();
});

const login = (body, more = {}) => dt(s, 'POST', '/v1.0/oauth2/accessToken', { body, ...more });
const corp = (corpId, body, server = s) => dt(server, 'POST', `/v1.0/oauth2/${corpId}/token`, { body });
const legacy = query => dt(s, 'GET', '/gettoken', { query });
const mySpace = (token, unionId = ann.user_id, more = {}) =>
  dt(s, 'GET', '/v1.0/drive/mySpaces', { token, query: { unionId }, ...more });

test('accessToken: has exactly accessToken and expireIn', async () => {
  const body = accepted(await login({ appKey: app.app_key, appSecret: app.app_secret }));
  assert.deepEqual(Object.keys(body), ['accessToken', 'expireIn']);
  assert.equal(body.expireIn, 7200);
  assert.match(body.accessToken, /^[0-9A-Za-z_-]{32,}$/);
});

test('accessToken: inside its lifetime the same token comes again, from all three calls', async () => {
  const token = await appToken(s, app);
  assert.equal(await appToken(s, app), token);
  const snake = accepted(await corp('main', { client_id: app.app_key, client_secret: app.app_secret,
    grant_type: 'client_credentials' }));
  assert.deepEqual(snake, { access_token: token, expires_in: 7200 });
  const old = accepted(await legacy({ appkey: app.app_key, appsecret: app.app_secret }));
  assert.deepEqual(old, { errcode: 0, errmsg: 'ok', access_token: token, expires_in: 7200 });
});

test('accessToken: another app has another token', async () => {
  const other = await s.app('other');
  assert.notEqual(await appToken(s, other), await appToken(s, app));
});

test('accessToken: an unknown key and a wrong secret are one answer', async () => {
  const wrong = refused(await login({ appKey: app.app_key, appSecret: app.app_secret + '0' }), 400,
    'invalidClientIdOrSecret');
  const unknown = refused(await login({ appKey: 'ding0000', appSecret: app.app_secret }), 400,
    'invalidClientIdOrSecret');
  assert.equal(wrong, unknown);
  refused(await login({ appKey: app.app_key, appSecret: app.app_secret.slice(0, -1) }), 400,
    'invalidClientIdOrSecret');
});

test('accessToken: names what is missing', async () => {
  assert.equal(refused(await login({ appKey: app.app_key }), 400, 'MissingappSecret'),
    'appSecret is mandatory for this action.');
  refused(await login({ appSecret: 'x' }), 400, 'MissingappKey');
  refused(await login({ appKey: '', appSecret: 'x' }), 400, 'MissingappKey');
  refused(await login({ appKey: null, appSecret: 'x' }), 400, 'MissingappKey');
  refused(await login({}), 400, 'MissingappKey');
  refused(await login(undefined), 400, 'Missingbody');
});

test('accessToken: a form counts as no body', async () => {
  const form = await login(undefined, { raw: `appKey=${app.app_key}&appSecret=${app.app_secret}`,
    headers: { 'content-type': 'application/x-www-form-urlencoded' } });
  assert.equal(refused(form, 400, 'Missingbody'), 'body is mandatory for this action.');
});

test('accessToken: refuses what is no JSON object, double keys and wrong kinds', async () => {
  const json = { 'content-type': 'application/json' };
  for (const raw of ['{', '[]', '"a"', '{"appKey":"a","appKey":"b","appSecret":"c"}', '{"appKey":"\\ud800"}'])
    refused(await login(undefined, { raw, headers: json }), 400, 'param.error');
  refused(await login({ appKey: 5, appSecret: 'x' }), 400, 'param.error');
  refused(await login({ appKey: { a: 1 }, appSecret: 'x' }), 400, 'param.error');
});

test('accessToken: unknown fields are ignored', async () => {
  accepted(await login({ appKey: app.app_key, appSecret: app.app_secret, corpId: 'ding1', expireIn: 1 }));
});

test('{corpId}/token: refuses as its own page says', async () => {
  const good = { client_id: app.app_key, client_secret: app.app_secret, grant_type: 'client_credentials' };
  refused(await corp('main', { ...good, client_secret: 'x' }), 400, 'invalid.client');
  refused(await corp('main', { ...good, client_id: 'x' }), 400, 'invalid.client');
  refused(await corp('main', { ...good, grant_type: 'password' }), 400, 'unsupported.grant.type');
  refused(await corp('main', { ...good, grant_type: undefined }), 400, 'Missinggrant_type');
  refused(await corp('main', { ...good, client_id: undefined }), 400, 'Missingclient_id');
});

test('{corpId}/token: another corpId than the domain is a leniency', async () => {
  const good = { client_id: app.app_key, client_secret: app.app_secret, grant_type: 'client_credentials' };
  assert.equal(lenient(await corp('main', good)), undefined);
  const other = await corp('ding0123456789', good);
  accepted(other);
  assert.match(lenient(other), /^corpId: /);
  const key = await strict.app('tester');
  const body = { client_id: key.app_key, client_secret: key.app_secret, grant_type: 'client_credentials' };
  accepted(await corp('main', body, strict));
  refused(await corp('ding0123456789', body, strict), 401, 'unauthorized.client');
});

test('gettoken: answers 200 with an errcode to everything', async () => {
  const wrong = accepted(await legacy({ appkey: app.app_key, appsecret: 'x' }));
  assert.equal(wrong.errcode, 40001);
  assert.equal(typeof wrong.errmsg, 'string');
  assert.equal(wrong.access_token, undefined);
  assert.equal(accepted(await legacy({ appkey: 'x', appsecret: 'x' })).errcode, 40001);
  assert.equal(accepted(await legacy({ appkey: app.app_key })).errcode, 400002);
  assert.equal(accepted(await legacy({})).errcode, 400002);
});

test('header: the app token acts, a user token acts, nothing else does', async () => {
  const token = await appToken(s, app);
  accepted(await mySpace(token));
  accepted(await mySpace(ann.token));
  const bad = [undefined, 'x', `"${token}"`, `Bearer ${token}`, token.toUpperCase() + '0', token.slice(1), app.app_key,
    app.app_secret];
  for (const wrong of bad) refused(await mySpace(wrong), 400, 'InvalidAuthentication');
  refused(await mySpace(undefined, ann.user_id, { headers: { authorization: `Bearer ${token}` } }), 400,
    'InvalidAuthentication');
});

test('header: what SDKs send besides has no meaning', async () => {
  accepted(await mySpace(await appToken(s, app), ann.user_id, { headers: { authorization: 'acs :AAAA=',
    'x-acs-action': 'ListSpaces', 'x-acs-version': 'drive_1.0', 'x-acs-signature-method': 'HMAC-SHA1',
    'x-acs-credentials-provider': 'static_ak', 'content-type': 'application/json' } }));
});

test('header: an expired token, a revoked one and one of a disabled user are refused', async () => {
  const short = await s.cli('token', 'issue', 'ann', '--ttl', '1');
  accepted(await mySpace(short.access_token));
  await sleep(1600);
  refused(await mySpace(short.access_token), 400, 'InvalidAuthentication');
  const gone = await s.cli('token', 'issue', 'ann');
  await s.cli('token', 'revoke', gone.access_token);
  await sleep(1100);
  refused(await mySpace(gone.access_token), 400, 'InvalidAuthentication');
  const eve = await s.person('eve', { drive: true });
  const token = await appToken(s, app);
  accepted(await mySpace(token, eve.user_id));
  await s.cli('user', 'disable', 'eve');
  await sleep(1100);
  refused(await mySpace(eve.token, eve.user_id), 400, 'InvalidAuthentication');
  refused(await mySpace(token, eve.user_id), 400, 'param.error');
});

test('header: the token of a removed app is refused', async () => {
  const brief = await s.app('brief');
  const token = await appToken(s, brief);
  accepted(await mySpace(token));
  await s.cli('app', 'remove', 'brief');
  await sleep(1100);
  refused(await mySpace(token), 400, 'InvalidAuthentication');
  refused(await login({ appKey: brief.app_key, appSecret: brief.app_secret }), 400, 'invalidClientIdOrSecret');
});

test('header: the token survives a restart and is handed out again', async () => {
  const token = await appToken(s, app);
  await s.restart();
  assert.equal(await appToken(s, app), token);
  accepted(await mySpace(token));
});

test('header: twice is refused', async () => {
  const token = await appToken(s, app);
  const answer = await fetch(`${s.url}/v1.0/drive/mySpaces?unionId=${ann.user_id}`,
    { headers: [[TOKEN_HEADER, token], [TOKEN_HEADER, token]] });
  assert.equal(answer.status, 400);
  assert.equal((await answer.json()).code, 'InvalidAuthentication');
});
