// Signing in for an app by the browser: the page, the code, what it is traded for.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { startServer } from './harness.mjs';
import { call, done, header, lenient, refused, unsupported, UUID } from './pds.mjs';
import { form, isToken, token } from './oauth.mjs';

const BACK = 'https://app.example/cb?x=1', NATIVE = 'com.example.app:/back', PATH = '/v2/oauth/authorize';
const NASTY = `<script>alert("1")</script>&'\\ 家`;
let s, strict, ann, web, native, annsApp, bens;
before(async () => {
  s = await startServer();
  strict = await startServer({ args: ['--strict'] });
  ann = await s.person('ann', { drive: true, password: 'ann\'s long password' });
  await s.person('ben', { password: 'ben\'s long password' });
  web = await s.cli('app', 'add', 'Web <b>app</b>', '--redirect-uri', BACK, '--redirect-uri', 'https://app.example/other');
  native = await s.cli('app', 'add', 'native', '--kind', 'native', '--redirect-uri', NATIVE);
  annsApp = await s.cli('app', 'add', 'anns', '--user', 'ann', '--redirect-uri', BACK);
  bens = await s.cli('app', 'add', 'no browser');
  strict.ann = await strict.person('ann', { drive: true, password: 'ann\'s long password' });
  strict.web = await strict.cli('app', 'add', 'web', '--redirect-uri', BACK);
});
after(() => Promise.all([s?.stop(), strict?.stop()]));

const asked = (more = {}) => ({ client_id: web.app_key, redirect_uri: BACK, login_type: 'default', response_type: 'code', state: 'st', ...more });
const query = fields => new URLSearchParams(Object.entries(fields).flatMap(([k, v]) =>
  (Array.isArray(v) ? v : [v]).filter(one => one !== undefined).map(one => [k, one]))).toString();
const open = (fields, headers = {}, server = s) =>
  server.call('GET', `${PATH}?${query(fields)}`, { headers: { Accept: 'text/html,*/*', ...headers } });

const unescape = text => text.replace(/&(lt|gt|quot|apos|amp|#39|#34);/g, (_, name) =>
  ({ lt: '<', gt: '>', quot: '"', apos: "'", amp: '&', '#39': "'", '#34': '"' })[name]);

// What a browser would post from this page: { fields, cookie }.
function read(answer, jar = '') {
  const fields = {};
  for (const [, name, value] of answer.text.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)">/g)) fields[name] = unescape(value);
  return { fields, cookie: answer.headers['set-cookie']?.[0].split(';')[0] ?? jar };
}

const post = (page, more = {}, headers = {}, server = s) => form(server, PATH,
  { ...page.fields, account: 'ann', password: 'ann\'s long password', decision: 'allow', ...more },
  { Accept: 'text/html', Cookie: page.cookie, Origin: server.url, ...headers });

// Where a 302 leads, and what it carries.
function sentBack(answer, to = BACK) {
  assert.equal(answer.status, 302, answer.text);
  const location = answer.headers.location;
  assert.ok(location.startsWith(to), location);
  assert.equal(answer.headers['cache-control'], 'no-store');
  return Object.fromEntries(new URL(location).searchParams);
}

async function codeFor(more = {}, who = {}, server = s) {
  const page = read(await open(asked({ ...(server === strict && { client_id: strict.web.app_key }), ...more }), {}, server));
  return sentBack(await post(page, who, {}, server), more.redirect_uri ?? BACK).code;
}
const redeem = (code, more = {}, server = s) => token(server, { grant_type: 'authorization_code', client_id: web.app_key,
  client_secret: web.app_secret, code, redirect_uri: BACK, ...more });
const get = who => call(s, who, '/drive/get', { drive_id: ann.drive_id });

// ---- the way through ----

test('oauth: a person signs in, the browser goes back with code and state, the code becomes a Token', async () => {
  const page = await open(asked({ state: NASTY }));
  assert.equal(page.status, 200, page.text);
  const back = sentBack(await post(read(page)));
  assert.deepEqual(Object.keys(back).sort(), ['code', 'state', 'x']);
  assert.equal(back.state, NASTY);
  const body = isToken(await redeem(back.code), ann.user_id, { state: NASTY, default_drive_id: ann.drive_id, is_first_login: true });
  done(await get({ token: body.access_token }));
  isToken(await token(s, { grant_type: 'refresh_token', client_id: web.app_key, client_secret: web.app_secret,
    refresh_token: body.refresh_token, redirect_uri: BACK }), ann.user_id);
});

test('oauth: the page is plain, guarded, and says what is asked for', async () => {
  const page = await open(asked({ scope: 'FILE.GET,FILE.LIST', state: NASTY }));
  assert.match(page.headers['content-type'], /^text\/html; charset=utf-8$/);
  assert.match(header(page, 'x-ca-request-id'), UUID);
  assert.equal(page.headers['cache-control'], 'no-store');
  assert.equal(page.headers['x-frame-options'], 'DENY');
  assert.equal(page.headers['x-content-type-options'], 'nosniff');
  assert.equal(page.headers['referrer-policy'], 'same-origin');
  assert.equal(page.headers['access-control-allow-origin'], undefined);
  assert.match(page.headers['content-security-policy'],
    /^default-src 'none'; style-src 'sha256-[^']+'; base-uri 'none'; form-action 'self' https:\/\/app\.example; frame-ancestors 'none'$/);
  assert.match(page.headers['set-cookie'][0], /^polydrive_sign_in=[0-9a-f]{32}; Path=\/; Max-Age=3600; HttpOnly; SameSite=Strict$/);
  assert.doesNotMatch(page.text, /<script|<b>app|onload|javascript:/i);
  assert.match(page.text, /Web &lt;b&gt;app&lt;\/b&gt;/);
  assert.match(page.text, /FILE\.GET/);
  assert.match(page.text, /https:\/\/app\.example/);
  const bare = await open(asked({ scope: 'FILE.GET', hide_consent: 'true' }));
  assert.doesNotMatch(bare.text, /<li>|whatever you may do/);
  assert.match((await open(asked())).text, /whatever you may do/);
  const old = await open(asked(), { Cookie: `a=b; ${read(page).cookie}; c=d` });
  assert.equal(old.headers['set-cookie'], undefined);
});

test('oauth: a wrong password shows the page again, and the next one may be right', async () => {
  const first = read(await open(asked()));
  let again = await post(first, { password: 'no', account: NASTY });
  assert.equal(again.status, 200);
  assert.match(again.text, /role="alert">Login or password is wrong/);
  assert.doesNotMatch(again.text, /<script/);
  assert.equal(again.headers.location, undefined);
  const unknown = await post(read(again, first.cookie), { account: 'nobody at all' });
  assert.match(unknown.text, /Login or password is wrong/);
  again = await post(read(unknown, first.cookie), { password: '' });
  assert.match(again.text, /Login and password are needed/);
  sentBack(await post(read(again, first.cookie)));
});

test('oauth: who says no goes back with access_denied', async () => {
  const back = sentBack(await post(read(await open(asked())), { decision: 'deny', account: '', password: '' }));
  assert.equal(back.error, 'access_denied');
  assert.equal(back.state, 'st');
  assert.equal(back.code, undefined);
});

// ---- who is sent where ----

test('oauth: nobody is sent where nothing is registered', async () => {
  for (const [more, code] of [
    [{ client_id: 'nobody' }, 'InvalidParameter.ClientId'], [{ client_id: undefined }, 'InvalidParameterMissing.ClientId'],
    [{ redirect_uri: undefined }, 'InvalidParameterMissing.RedirectUri'], [{ redirect_uri: 'https://app.example/cb' }, 'InvalidParameter.RedirectUri'],
    [{ redirect_uri: BACK + '&y=2' }, 'InvalidParameter.RedirectUri'], [{ redirect_uri: BACK + '/' }, 'InvalidParameter.RedirectUri'],
    [{ redirect_uri: 'https://evil.example/' }, 'InvalidParameter.RedirectUri'], [{ redirect_uri: 'javascript:alert(1)' }, 'InvalidParameter.RedirectUri'],
    [{ redirect_uri: BACK.toUpperCase() }, 'InvalidParameter.RedirectUri'], [{ redirect_uri: NATIVE }, 'InvalidParameter.RedirectUri'],
    [{ redirect_uri: `${BACK} https://app.example/other` }, 'InvalidParameter.RedirectUri'], [{ client_id: bens.app_key }, 'InvalidParameter.RedirectUri'],
    [{ redirect_uri: 'x'.repeat(2049) }, 'InvalidParameterOutOfRange.RedirectUri'],
  ]) {
    const answer = await open(asked(more));
    assert.equal(answer.status, 400, answer.text);
    assert.equal(answer.headers.location, undefined);
    assert.match(answer.headers['content-type'], /^text\/html/);
    assert.match(answer.text, new RegExp(`<code>${code.replace('.', '\\.')}</code>`));
    assert.match(answer.headers['content-security-policy'], /frame-ancestors 'none'/);
    refused(await open(asked(more), { Accept: 'application/json' }), 400, code);
    const page = read(await open(asked()));
    refused(await form(s, PATH, { ...page.fields, ...more, account: 'ann', password: 'ann\'s long password' },
      { Cookie: page.cookie, Origin: s.url }), 400, code);
  }
});

test('oauth: other errors are the app\'s to learn', async () => {
  for (const [more, error] of [
    [{ response_type: undefined }, 'invalid_request'], [{ response_type: 'token' }, 'unsupported_response_type'],
    [{ login_type: undefined }, 'invalid_request'], [{ login_type: 'nothing' }, 'invalid_request'],
    [{ scope: 'FILE.GET NOPE' }, 'invalid_scope'], [{ scope: ['FILE.GET', 'file.list'] }, 'invalid_scope'],
  ]) {
    const back = sentBack(await open(asked(more)));
    assert.equal(back.error, error, JSON.stringify(more));
    assert.equal(back.state, 'st');
    assert.ok(back.error_description);
  }
  assert.equal('state' in sentBack(await open(asked({ response_type: 'x', state: undefined }))), false);
  for (const login_type of ['ding', 'ding_sns', 'ram', 'wechat', 'wechat_app', 'custom']) {
    const answer = await open(asked({ login_type }));
    assert.equal(sentBack(answer).error, 'invalid_request');
    assert.equal(unsupported(answer), 'login_type');
  }
});

test('oauth: a scheme of an app\'s own, without a secret', async () => {
  const more = { client_id: native.app_key, redirect_uri: NATIVE };
  const page = await open(asked(more));
  assert.match(page.headers['content-security-policy'], /form-action 'self' com\.example\.app:;/);
  const { code } = sentBack(await post(read(page)), NATIVE);
  const body = isToken(await redeem(code, { ...more, client_secret: undefined }), ann.user_id);
  isToken(await call(s, null, '/account/token', { app_id: native.app_key, grant_type: 'refresh_token', refresh_token: body.refresh_token }), ann.user_id);
});

test('oauth: an app that is bound to a user lets nobody else in', async () => {
  const more = { client_id: annsApp.app_key };
  assert.equal(sentBack(await post(read(await open(asked(more))), { account: 'ben', password: 'ben\'s long password' })).error, 'access_denied');
  assert.ok(sentBack(await post(read(await open(asked(more))))).code);
});

// ---- the form ----

test('oauth: a form that did not come from the page signs nobody in', async () => {
  const page = read(await open(asked())), other = read(await open(asked()));
  for (const [what, answer] of Object.entries({
    'without the cookie': await post(page, {}, { Cookie: '' }), 'with another cookie': await post(page, {}, { Cookie: other.cookie }),
    'with another ticket': await post(page, { ticket: other.fields.ticket }),
    'with a made up ticket': await post(page, { ticket: `${Date.now() + 60_000}.${'0'.repeat(64)}` }),
    'with a later end': await post(page, { ticket: page.fields.ticket.replace(/^\d+/, end => String(+end + 1000)) }),
    'for another scope': await post(page, { scope: 'FILE.ALL' }), 'for another state': await post(page, { state: 'evil' }),
    'for another redirect': await post(page, { redirect_uri: 'https://app.example/other' }),
  })) {
    assert.equal(answer.status, 200, `${what}: ${answer.text}`);
    assert.match(answer.text, /too long, or cookies/, what);
    assert.equal(answer.headers.location, undefined);
  }
  for (const headers of [{ Origin: 'https://evil.example' }, { Origin: 'null' }, { 'Sec-Fetch-Site': 'cross-site' },
    { 'Sec-Fetch-Site': 'same-site' }, { 'Sec-Fetch-Site': 'none' }, { Origin: s.url.replace('127.0.0.1', 'localhost') }])
    assert.equal((await post(page, {}, headers)).status, 403, JSON.stringify(headers));
  for (const headers of [{ 'Sec-Fetch-Site': 'same-origin' }, { Origin: undefined }]) {
    const sent = { Accept: 'text/html', Cookie: page.cookie, Origin: s.url, ...headers };
    if (!sent.Origin) delete sent.Origin;
    sentBack(await form(s, PATH, { ...page.fields, account: 'ann', password: 'ann\'s long password' }, sent));
  }
  refused(await form(s, PATH, { ...page.fields, ticket: undefined }, {}), 400, 'InvalidParameterMissing.Ticket');
});

test('oauth: guessing at passwords ends', async () => {
  const own = await startServer({ args: ['--behind-proxy'] });
  try {
    await own.person('ann', { password: 'right password' });
    const app = await own.cli('app', 'add', 'web', '--redirect-uri', BACK);
    const page = read(await open(asked({ client_id: app.app_key }), {}, own));
    const from = address => ({ Origin: own.url, 'X-Forwarded-For': address });
    for (let i = 0; i < 20; i++) assert.equal((await post(page, { password: `guess ${i}` }, from('203.0.113.1'), own)).status, 200);
    const late = await post(page, { password: 'right password' }, from('203.0.113.1'), own);
    assert.equal(late.status, 429);
    assert.match(late.text, /TooManyRequests/);
    sentBack(await post(page, { password: 'right password' }, from('203.0.113.2'), own));
  } finally { await own.stop(); }
});

// ---- codes ----

test('oauth: a code is good once; the second time what it gave ends', async () => {
  const code = await codeFor();
  const first = isToken(await redeem(code), ann.user_id);
  const later = isToken(await token(s, { grant_type: 'refresh_token', client_id: web.app_key, client_secret: web.app_secret, refresh_token: first.refresh_token }), ann.user_id);
  done(await get({ token: later.access_token }));
  assert.match(refused(await redeem(code), 400, 'InvalidParameter.Code'), /used before/);
  refused(await get({ token: later.access_token }), 401, 'AccessTokenInvalid');
  refused(await redeem(code), 400, 'InvalidParameter.Code');
});

test('oauth: of many trades of one code at once one succeeds', async () => {
  const code = await codeFor();
  const answers = await Promise.all(Array.from({ length: 8 }, () => redeem(code)));
  const good = answers.filter(answer => answer.status === 200);
  assert.equal(good.length, 1);
  refused(await get({ token: good[0].body.access_token }), 401, 'AccessTokenInvalid');
});

test('oauth: a code is for its app, its redirect_uri and the app\'s secret', async () => {
  const code = await codeFor();
  refused(await redeem(code, { redirect_uri: 'https://app.example/other' }), 400, 'InvalidParameter.RedirectUri');
  refused(await redeem(code, { redirect_uri: undefined }), 400, 'InvalidParameterMissing.RedirectUri');
  refused(await redeem(code, { client_id: annsApp.app_key, client_secret: annsApp.app_secret }), 400, 'InvalidParameter.Code');
  refused(await redeem(code, { client_secret: undefined }), 400, 'InvalidParameterMissing.ClientSecret');
  refused(await redeem(code, { client_secret: 'x' }), 400, 'InvalidParameter.ClientSecret');
  refused(await redeem(code, { client_secret: web.app_secret.slice(0, -1) }), 400, 'InvalidParameter.ClientSecret');
  refused(await redeem(code, { client_id: 'nobody' }), 400, 'InvalidParameter.ClientId');
  refused(await redeem(undefined), 400, 'InvalidParameterMissing.Code');
  for (const bad of ['x', '0'.repeat(48), ann.token]) refused(await redeem(bad), 400, 'InvalidParameter.Code');
  refused(await redeem('x'.repeat(129)), 400, 'InvalidParameterOutOfRange.Code');
  refused(await get({ token: code }), 401, 'AccessTokenInvalid');
  refused(await call(s, null, '/account/token', { app_id: web.app_key, grant_type: 'refresh_token', refresh_token: code }), 400, 'InvalidParameter.RefreshToken');
  isToken(await redeem(code), ann.user_id);
});

test('oauth: what the JavaScript SDK sends as grant_type is tolerated, told, and refused when strict', async () => {
  const answer = await redeem(await codeFor(), { grant_type: 'code' });
  isToken(answer, ann.user_id);
  assert.match(lenient(answer), /^grant_type: /);
  const code = await codeFor({}, {}, strict);
  const own = { client_id: strict.web.app_key, client_secret: strict.web.app_secret };
  refused(await redeem(code, { ...own, grant_type: 'code' }, strict), 400, 'InvalidParameter.GrantType');
  isToken(await redeem(code, own, strict), strict.ann.user_id);
});

test('oauth: the Token does what was consented to, also after refreshing', async () => {
  for (const scope of ['DRIVE.GET', 'DRIVE.GET,FILE.LIST', ['DRIVE.GET', 'FILE.LIST'], 'DRIVE.GET FILE.LIST']) {
    const first = isToken(await redeem(await codeFor({ scope })), ann.user_id);
    const second = isToken(await token(s, { grant_type: 'refresh_token', client_id: web.app_key, client_secret: web.app_secret, refresh_token: first.refresh_token }), ann.user_id);
    const who = { token: second.access_token };
    done(await get(who));
    const list = await call(s, who, '/file/list', { drive_id: ann.drive_id, parent_file_id: 'root' });
    assert.equal(list.status, scope === 'DRIVE.GET' ? 403 : 200);
    refused(await call(s, who, '/file/create', { drive_id: ann.drive_id, parent_file_id: 'root', name: 'x', type: 'folder' }), 403, 'CheckRouterAccessFailed');
  }
});

test('oauth: a new password and a removed app end codes and tokens', async () => {
  const passing = await s.cli('app', 'add', 'passing', '--redirect-uri', BACK);
  const more = { client_id: passing.app_key }, own = { client_id: passing.app_key, client_secret: passing.app_secret };
  const body = isToken(await redeem(await codeFor(more), own), ann.user_id), code = await codeFor(more);
  await s.cli('app', 'remove', 'passing');
  refused(await get({ token: body.access_token }), 401, 'AccessTokenInvalid');
  refused(await redeem(code, own), 400, 'InvalidParameter.ClientId');
  await s.cli('user', 'add', 'pat', '--password-stdin', { input: 'first password\n' });
  const pats = await codeFor({}, { account: 'pat', password: 'first password' });
  await s.cli('user', 'passwd', 'pat', '--password-stdin', { input: 'second password\n' });
  refused(await redeem(pats), 400, 'InvalidParameter.Code');
});

test('oauth: nothing secret is in the log', async () => {
  const page = read(await open(asked({ state: 'a-very-secret-state' })));
  const { code } = sentBack(await post(page));
  const body = isToken(await redeem(code), ann.user_id);
  for (const secret of [code, body.access_token, body.refresh_token, web.app_secret, 'ann\'s long password', 'a-very-secret-state', page.fields.ticket])
    assert.ok(!s.log().includes(secret), secret);
});

test('what an app with a secret got is renewed with its secret, by no other vendor\'s door', async () => {
  const got = isToken(await redeem(await codeFor()), ann.user_id);
  const koodrive = refreshToken => s.call('POST', '/koodrive/ose/v1/auth/refreshToken', { token: ann.token, body: { refreshToken } });
  assert.equal((await koodrive(got.refresh_token)).status, 401);
  refused(await call(s, null, '/account/token', { grant_type: 'refresh_token', refresh_token: got.refresh_token }), 400,
    'InvalidParameter.RefreshToken');
  const renewed = isToken(await token(s, { grant_type: 'refresh_token', client_id: web.app_key, client_secret: web.app_secret,
    refresh_token: got.refresh_token }), ann.user_id);
  assert.equal((await koodrive(got.refresh_token)).status, 401);
  assert.equal((await koodrive(renewed.refresh_token)).status, 401);
});
