// Tokens for a signed assertion, and refreshing them.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { startServer } from './harness.mjs';
import { call, done, lenient, refused, unsupported } from './pds.mjs';
import { assertionOf, byAssertion, claimsOf, form, isToken, JWT_GRANT, keyedApp, seconds, token } from './oauth.mjs';

let s, strict, ann, app, annsApp;
before(async () => {
  s = await startServer();
  strict = await startServer({ args: ['--strict'] });
  ann = await s.person('ann', { drive: true });
  app = await keyedApp(s, 'jwt app');
  annsApp = await keyedApp(s, 'anns app', '--user', 'ann');
  strict.ann = await strict.person('ann', { drive: true });
  strict.app = await keyedApp(strict, 'jwt app');
});
after(() => Promise.all([s?.stop(), strict?.stop()]));

const ask = (claims, options, more) => byAssertion(s, app, assertionOf(app, claimsOf(app, ann.user_id, claims), options), more);
const get = who => call(s, who, '/drive/get', { drive_id: ann.drive_id });
const INVALID = 'InvalidParameter.Assertion';

test('jwt: an assertion for a user gives a Token of that user', async () => {
  const body = isToken(await ask(), ann.user_id, { role: 'user', default_drive_id: ann.drive_id, user_name: 'ann', state: '',
    exist_link: [], need_link: false, pin_setup: false });
  done(await get({ token: body.access_token }));
  refused(await get({ token: body.refresh_token }), 401, 'AccessTokenInvalid');
});

test('jwt: the first sign-in is told, and only the first', async () => {
  const ben = await s.person('ben');
  const login = async () => isToken(await byAssertion(s, app, assertionOf(app, claimsOf(app, ben.user_id))), ben.user_id);
  assert.equal((await login()).is_first_login, true);
  const second = await login();
  assert.equal(second.is_first_login, false);
  assert.equal(isToken(await token(s, { grant_type: 'refresh_token', client_id: app.app_key,
    refresh_token: second.refresh_token }), ben.user_id).is_first_login, false);
});

test('jwt: a service token is the super administrator of the domain and no user', async () => {
  const body = isToken(await ask({ sub: 'main', sub_type: 'service' }), 'main', { role: 'superadmin', default_drive_id: '' });
  done(await get({ token: body.access_token }));
  done(await call(s, { token: body.access_token }, '/drive/create', { drive_name: 'by service', owner: ann.user_id, owner_type: 'user' }), 201);
  isToken(await call(s, null, '/account/token', { app_id: app.app_key, grant_type: 'refresh_token', refresh_token: body.refresh_token }),
    'main', { role: 'superadmin' });
});

test('jwt: works the same under strict, and with what it leaves out', async () => {
  const answer = await byAssertion(strict, strict.app, assertionOf(strict.app, claimsOf(strict.app, strict.ann.user_id)));
  isToken(answer, strict.ann.user_id);
  assert.equal(lenient(answer), undefined);
  const { iat, auto_create, ...few } = claimsOf(app, ann.user_id);
  isToken(await byAssertion(s, app, assertionOf(app, few)), ann.user_id);
  const nulls = { ...few, jti: randomUUID(), nbf: seconds(), iat: null };
  isToken(await byAssertion(s, app, assertionOf(app, nulls, { header: { alg: 'RS256' } })), ann.user_id);
});

test('jwt: RS256 by the app\'s key is the only signature', async () => {
  const other = generateKeyPairSync('rsa', { modulusLength: 2048, privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' } });
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256', privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' } });
  for (const [what, options] of Object.entries({
    'another key': { key: other.privateKey }, 'none': { header: { alg: 'none' } }, 'None': { header: { alg: 'None' } },
    'HS256 with the public key': { header: { alg: 'HS256', typ: 'JWT' }, key: app.publicKey },
    'RS512': { header: { alg: 'RS512', typ: 'JWT' } }, 'ES256': { header: { alg: 'ES256' }, key: ec.privateKey },
    'rs256': { header: { alg: 'rs256' } }, 'no alg': { header: { typ: 'JWT' } }, 'a number': { header: { alg: 256 } },
    'another type': { header: { alg: 'RS256', typ: 'JWE' } }, 'crit': { header: { alg: 'RS256', crit: ['exp'], exp: 1 } },
    'PS256': { header: { alg: 'PS256' } }, 'a header that is none': { header: 'x' }, 'a list': { header: ['RS256'] },
    'a doubled alg': { header: '{"alg":"RS256","alg":"none"}' },
  })) refused(await ask({}, options), 400, INVALID, what);
  const good = assertionOf(app, claimsOf(app, ann.user_id));
  const [head, claims, signature] = good.split('.');
  const forged = Buffer.from(JSON.stringify(claimsOf(app, 'superadmin'))).toString('base64url');
  for (const bad of [`${head}.${forged}.${signature}`, `${head}.${claims}`, `${head}.${claims}.`, `${head}.${claims}.${signature}.x`,
    `${good}=`, ` ${good}`, `${head}.${claims}.${signature.slice(0, -4)}`, 'x', '..', `${head}..${signature}`, good.replaceAll('.', ',')])
    refused(await byAssertion(s, app, bad), 400, INVALID);
  isToken(await byAssertion(s, app, good), ann.user_id);
});

test('jwt: every claim is checked', async () => {
  for (const [what, claims] of Object.entries({
    'no iss': { iss: undefined }, 'another iss': { iss: annsApp.app_key }, 'an iss of another kind': { iss: 1 },
    'no sub': { sub: undefined }, 'an empty sub': { sub: '' }, 'a long sub': { sub: 'x'.repeat(300) },
    'no sub_type': { sub_type: undefined }, 'another sub_type': { sub_type: 'app' }, 'service for a user': { sub_type: 'service' },
    'no aud': { aud: undefined }, 'another aud': { aud: 'other' }, 'aud as a list': { aud: ['main'] },
    'no jti': { jti: undefined }, 'an empty jti': { jti: '' }, 'a long jti': { jti: 'x'.repeat(129) },
    'no exp': { exp: undefined }, 'exp as text': { exp: String(seconds() + 60) }, 'exp of a fraction': { exp: seconds() + 60.5 },
    'exp in milliseconds': { exp: Date.now() + 60_000 }, 'a negative exp': { exp: -1 }, 'exp far ahead': { exp: seconds() + 86_400 },
    'iat ahead': { iat: seconds() + 330 }, 'nbf ahead': { nbf: seconds() + 330 }, 'nbf as text': { nbf: 'now' },
    'auto_create as text': { auto_create: 'true' },
  })) refused(await ask(claims), 400, INVALID, what);
  refused(await ask({ exp: seconds() - 330 }), 400, 'InvalidParameterExpired.Assertion');
  for (const claims of [{ exp: seconds() - 270 }, { exp: seconds() + 3600 }, { iat: seconds() + 270, nbf: seconds() + 270 },
    { jti: 'x'.repeat(128) }, { jti: 'y' }, { unknown: { a: [1] } }, { auto_create: null }])
    isToken(await ask(claims), ann.user_id);
});

test('jwt: a jti is good once, and a forged assertion does not use it up', async () => {
  const claims = claimsOf(app, ann.user_id), other = generateKeyPairSync('rsa', { modulusLength: 2048 });
  refused(await byAssertion(s, app, assertionOf(app, claims, { key: other.privateKey })), 400, INVALID);
  isToken(await byAssertion(s, app, assertionOf(app, claims)), ann.user_id);
  assert.match(refused(await byAssertion(s, app, assertionOf(app, claims)), 400, INVALID), /jti/);
  isToken(await byAssertion(s, annsApp, assertionOf(annsApp, { ...claims, iss: annsApp.app_key })), ann.user_id);
});

test('jwt: who is not there is made when asked, and not otherwise', async () => {
  refused(await ask({ sub: 'newcomer' }), 404, 'NotFound.User');
  isToken(await ask({ sub: 'newcomer', auto_create: true }), 'newcomer', { role: 'user', is_first_login: true });
  isToken(await ask({ sub: 'newcomer', auto_create: true }), 'newcomer', { is_first_login: false });
  isToken(await ask({ sub: '4711', auto_create: true }), '4711');
  for (const sub of ['a#b', 'a b', 'x'.repeat(65)])
    assert.equal((await ask({ sub, auto_create: true })).status, 400, sub);
  refused(await ask({ sub: 'ann', auto_create: false, sub_type: 'user' }), 404, 'NotFound.User'); // a login is no id
});

test('jwt: a disabled user is not let in', async () => {
  const dora = await s.person('dora');
  const { access_token, refresh_token } = isToken(await ask({ sub: dora.user_id }), dora.user_id);
  await s.cli('user', 'disable', 'dora');
  refused(await ask({ sub: dora.user_id }), 404, 'NotFound.User');
  refused(await ask({ sub: dora.user_id, auto_create: true }), 403, 'ForbiddenNoPermission.User');
  refused(await call(s, { token: access_token }, '/drive/list_my_drives', {}), 401, 'AccessTokenInvalid');
  refused(await call(s, null, '/account/token', { app_id: app.app_key, grant_type: 'refresh_token', refresh_token }), 400, 'InvalidParameter.RefreshToken');
});

test('jwt: an app that is bound to a user speaks for nobody else', async () => {
  const by = claims => byAssertion(s, annsApp, assertionOf(annsApp, claimsOf(annsApp, ann.user_id, claims)));
  isToken(await by({}), ann.user_id);
  refused(await by({ sub: 'superadmin' }), 403, 'ForbiddenNoPermission.User');
  refused(await by({ sub: 'main', sub_type: 'service' }), 403, 'ForbiddenNoPermission.User');
  refused(await by({ sub: 'nobody', auto_create: true }), 404, 'NotFound.User');
});

test('jwt: the form', async () => {
  const assertion = assertionOf(app, claimsOf(app, ann.user_id));
  refused(await token(s, { grant_type: JWT_GRANT, assertion }), 400, 'InvalidParameterMissing.ClientId');
  refused(await token(s, { client_id: app.app_key, assertion }), 400, 'InvalidParameterMissing.GrantType');
  refused(await token(s, { grant_type: 'password', client_id: app.app_key, assertion }), 400, 'InvalidParameter.GrantType');
  refused(await token(s, { grant_type: JWT_GRANT, client_id: app.app_key }), 400, 'InvalidParameterMissing.Assertion');
  refused(await token(s, { grant_type: JWT_GRANT, client_id: 'nobody', assertion }), 400, 'InvalidParameter.ClientId');
  const keyless = await s.app('no key');
  refused(await token(s, { grant_type: JWT_GRANT, client_id: keyless.app_key, assertion }), 400, 'InvalidParameter.ClientId');
  refused(await byAssertion(s, app, 'a.b.' + 'c'.repeat(16 * 1024)), 400, 'InvalidParameterOutOfRange.Assertion');
  refused(await s.call('POST', '/v2/oauth/token', { body: { grant_type: JWT_GRANT, client_id: app.app_key, assertion } }), 400,
    'InvalidParameterMissing.ClientId');
  const sub = await byAssertion(s, app, assertion, { subdomain_id: 'x' });
  isToken(sub, ann.user_id);
  assert.equal(unsupported(sub), 'subdomain_id');
});

// ---- refreshing ----

const refresh = (refresh_token, more = {}) => call(s, null, '/account/token', { app_id: app.app_key, grant_type: 'refresh_token', refresh_token, ...more });
const BAD = 'InvalidParameter.RefreshToken';
const login = async () => isToken(await ask(), ann.user_id);

test('refresh: gives a new pair and ends the old one', async () => {
  const old = await login();
  const answer = await refresh(old.refresh_token);
  const pair = isToken(answer, ann.user_id, { role: 'user', default_drive_id: ann.drive_id });
  assert.equal(lenient(answer), undefined);
  assert.notEqual(pair.refresh_token, old.refresh_token);
  assert.notEqual(pair.access_token, old.access_token);
  refused(await get({ token: old.access_token }), 401, 'AccessTokenInvalid');
  done(await get({ token: pair.access_token }));
});

test('refresh: without app_id is tolerated, told, and refused when strict', async () => {
  const { refresh_token } = await login();
  const answer = await refresh(refresh_token, { app_id: undefined });
  isToken(answer, ann.user_id);
  assert.match(lenient(answer), /^app_id: /);
  const other = isToken(await byAssertion(strict, strict.app, assertionOf(strict.app, claimsOf(strict.app, strict.ann.user_id))), strict.ann.user_id);
  const body = { grant_type: 'refresh_token', refresh_token: other.refresh_token };
  refused(await call(strict, null, '/account/token', body), 400, 'InvalidParameterMissing.AppId');
  isToken(await call(strict, null, '/account/token', { ...body, app_id: strict.app.app_key }), strict.ann.user_id);
});

test('refresh: a token that comes twice ends all that came of its sign-in, and nothing else', async () => {
  const first = await login(), other = await login();
  const second = isToken(await refresh(first.refresh_token), ann.user_id);
  const third = isToken(await refresh(second.refresh_token), ann.user_id);
  done(await get({ token: third.access_token }));
  assert.match(refused(await refresh(first.refresh_token), 400, BAD), /used before/);
  refused(await get({ token: third.access_token }), 401, 'AccessTokenInvalid');
  refused(await refresh(third.refresh_token), 400, BAD);
  refused(await refresh(first.refresh_token), 400, BAD);
  done(await get({ token: other.access_token }));
});

test('refresh: of many at once one succeeds, and then its family ends', async () => {
  const { refresh_token } = await login();
  const answers = await Promise.all(Array.from({ length: 8 }, () => refresh(refresh_token)));
  const good = answers.filter(answer => answer.status === 200);
  assert.equal(good.length, 1);
  for (const answer of answers) if (answer.status !== 200) refused(answer, 400, BAD);
  refused(await get({ token: good[0].body.access_token }), 401, 'AccessTokenInvalid');
});

test('refresh: another app\'s token stays as it is', async () => {
  const { refresh_token } = await login();
  refused(await refresh(refresh_token, { app_id: annsApp.app_key }), 400, BAD);
  refused(await token(s, { grant_type: 'refresh_token', client_id: annsApp.app_key, refresh_token }), 400, BAD);
  refused(await refresh(refresh_token, { app_id: 'nobody' }), 400, 'InvalidParameter.AppId');
  isToken(await refresh(refresh_token), ann.user_id);
});

test('refresh: what is no refresh token', async () => {
  const { access_token } = await login();
  for (const text of [access_token, ann.token, '0'.repeat(48), 'x']) refused(await refresh(text), 400, BAD);
  refused(await refresh(undefined), 400, 'InvalidParameterMissing.RefreshToken');
  refused(await refresh('x'.repeat(129)), 400, 'InvalidParameter.RefreshToken');
  refused(await refresh(''), 400, 'InvalidParameter.RefreshToken');
  refused(await refresh('x', { grant_type: 'password' }), 400, 'InvalidParameter.GrantType');
  refused(await refresh('x', { grant_type: undefined }), 400, 'InvalidParameterMissing.GrantType');
});

test('refresh: by the form, with the secret where the app has one', async () => {
  const web = await keyedApp(s, 'web app', '--kind', 'web');
  const pair = async () => isToken(await byAssertion(s, web, assertionOf(web, claimsOf(web, ann.user_id))), ann.user_id);
  const { refresh_token } = await pair();
  const fields = { grant_type: 'refresh_token', client_id: web.app_key, refresh_token };
  refused(await token(s, fields), 400, 'InvalidParameterMissing.ClientSecret');
  refused(await token(s, { ...fields, client_secret: 'x' }), 400, 'InvalidParameter.ClientSecret');
  refused(await token(s, { ...fields, client_secret: app.app_secret }), 400, 'InvalidParameter.ClientSecret');
  refused(await refresh(refresh_token, { app_id: web.app_key }), 400, BAD);
  refused(await refresh(refresh_token, { app_id: undefined }), 400, BAD);
  isToken(await token(s, { ...fields, client_secret: web.app_secret }), ann.user_id);
  const { refresh_token: mine } = await login();
  refused(await token(s, { grant_type: 'refresh_token', client_id: app.app_key, refresh_token: mine, client_secret: 'x' }), 400, 'InvalidParameter.ClientSecret');
  refused(await token(s, { grant_type: 'refresh_token', client_id: app.app_key }), 400, 'InvalidParameterMissing.RefreshToken');
  isToken(await token(s, { grant_type: 'refresh_token', client_id: app.app_key, refresh_token: mine }), ann.user_id);
});

test('refresh: removing the app ends its tokens', async () => {
  const passing = await keyedApp(s, 'passing');
  const { access_token, refresh_token } = isToken(await byAssertion(s, passing, assertionOf(passing, claimsOf(passing, ann.user_id))), ann.user_id);
  await s.cli('app', 'remove', 'passing');
  refused(await get({ token: access_token }), 401, 'AccessTokenInvalid');
  refused(await refresh(refresh_token, { app_id: undefined }), 400, BAD);
});

// ---- revoking ----

test('revoke: ends the token and all of its family', async () => {
  const first = await login();
  const pair = isToken(await refresh(first.refresh_token), ann.user_id);
  done(await call(s, { token: pair.access_token }, '/account/revoke', {}), 204);
  refused(await get({ token: pair.access_token }), 401, 'AccessTokenInvalid');
  refused(await refresh(pair.refresh_token), 400, BAD);
  refused(await call(s, { token: pair.access_token }, '/account/revoke', {}), 401, 'AccessTokenInvalid');
  refused(await call(s, null, '/account/revoke', {}), 401, 'AccessTokenInvalid');
  const limited = await s.cli('token', 'issue', 'ann', '--scope', 'FILE.GET');
  done(await call(s, { token: limited.access_token }, '/account/revoke', {}), 204);
  done(await get(ann));
});
