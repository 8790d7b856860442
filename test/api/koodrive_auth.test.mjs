// KooDrive: who asks. Tokens in every form of the pages, X-User-Id, X-Date, app signatures.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startServer } from './harness.mjs';
import { P, bad, good, isRefused, koo, proper, signed, stamp } from './koodrive.mjs';

let s, strict, ann, bob, annStrict;
before(async () => {
  s = await startServer();
  strict = await startServer({ args: ['--strict'] });
  ann = await s.person('ann', { drive: true, password: 'correct horse' });
  bob = await s.person('bob', { drive: true });
  annStrict = await strict.person('ann', { drive: true });
});
after(async () => { try { await s?.stop(); } finally { await strict?.stop(); } });

const LIST = `${P}/sharefolder/list?offset=0&limit=10`;
const get = (server, headers) => server.call('GET', LIST, { headers });

test('koodrive auth: Bearer and AT with one blank or one plus are what the pages say', async () => {
  for (const [server, who] of [[s, ann], [strict, annStrict]])
    for (const form of ['Bearer ', 'Bearer+', 'AT ', 'AT+', 'bearer ', 'at+']) {
      const r = await get(server, { ...proper(who), Authorization: form + who.token });
      assert.equal(r.status, 200, form + r.text);
      assert.equal(r.headers['x-polydrive-lenient'], undefined, form);
    }
});

test('koodrive auth: other forms of a token are flagged, and refused under --strict', async () => {
  for (const form of ['', 'Bearer  ', 'Bearer%20', 'Bearer%2B', 'AT%2b', 'Bearer+AT ', 'Bearer+AT+', 'Bearer Bearer+', 'AT AT ']) {
    const r = await get(s, { ...proper(ann), Authorization: form + ann.token });
    assert.equal(r.status, 200, form + r.text);
    assert.match(r.headers['x-polydrive-lenient'], /^Authorization: /, form);
    isRefused(await get(strict, { ...proper(annStrict), Authorization: form + annStrict.token }), 13000410, 401);
  }
});

test('koodrive auth: no token, an unknown one and an ended one are 401', async () => {
  isRefused(await get(s, proper(ann)), 13000410, 401);
  for (const token of ['Bearer ' + '0'.repeat(48), 'Bearer ', 'Basic YTpi', 'Bearer ' + 'x'.repeat(500), 'Bearer ' + ann.token.toUpperCase()])
    isRefused(await get(s, { ...proper(ann), Authorization: token }), 13000410, 401);
  await s.cli('user', 'add', 'gone');
  const { access_token } = await s.cli('token', 'issue', 'gone');
  assert.equal((await s.call('GET', LIST, { token: access_token })).status, 200);
  await s.cli('token', 'revoke', access_token);
  const until = Date.now() + 1500;
  let r;
  do r = await s.call('GET', LIST, { token: access_token }); while (r.status !== 401 && Date.now() < until);
  isRefused(r, 13000410, 401);
});

test('koodrive auth: a missing X-User-Id or X-Date beside a token is flagged, and refused under --strict', async () => {
  for (const name of ['X-User-Id', 'X-Date']) {
    const { [name]: _, ...rest } = proper(ann);
    const r = await s.call('GET', LIST, { token: ann.token, headers: rest });
    assert.equal(r.status, 200, r.text);
    assert.match(r.headers['x-polydrive-lenient'], new RegExp(`^${name}: [^;]*$`));
    const { [name]: __, ...others } = proper(annStrict);
    const refused = await strict.call('GET', LIST, { token: annStrict.token, headers: others });
    isRefused(refused, 13000102, 400, name);
    assert.equal(refused.body.error.errorDetail[0].errorPos, 'header');
  }
});

test('koodrive auth: X-User-Id must be the user of the token', async () => {
  for (const user of [bob.user_id, 'superadmin', 'nobody', ann.user_id + '0', ''])
    isRefused(await get(s, { ...proper(ann), 'X-User-Id': user, Authorization: `Bearer ${ann.token}` }), 13000410, 401);
});

test('koodrive auth: X-Date is always checked: 15 minutes back, 5 seconds ahead', async () => {
  const at = async (server, who, ms) => (await get(server, { ...proper(who, Date.now() + ms), Authorization: `Bearer ${who.token}` }));
  assert.equal((await at(s, ann, -14 * 60_000 - 50_000)).status, 200);
  isRefused(await at(s, ann, -15 * 60_000 - 2000), 13000410, 401);
  isRefused(await at(s, ann, 8000), 13000410, 401);
  const ahead = await at(s, ann, 4000);
  assert.equal(ahead.status, 200);
  assert.match(ahead.headers['x-polydrive-lenient'], /^X-Date: /);
  isRefused(await at(strict, annStrict, 3000), 13000410, 401);
  assert.equal((await at(strict, annStrict, 0)).status, 200);
});

test('koodrive auth: X-Date has one form', async () => {
  const now = stamp();
  for (const date of ['', now.slice(0, -1), now.toLowerCase(), now.slice(1), new Date().toISOString(), now + '0', '20260230T080000Z', String(Date.now())]) {
    const r = await get(s, { ...proper(ann), 'X-Date': date, Authorization: `Bearer ${ann.token}` });
    isRefused(r, 13000102, 400, 'X-Date');
  }
});

test('koodrive auth: a header given twice is refused', async () => {
  const r = await s.call('GET', LIST, { headers: { ...proper(ann), Authorization: `Bearer ${ann.token}`, 'X-User-Id': [ann.user_id, bob.user_id] } });
  assert.equal(r.status, 400, r.text);
});

test('koodrive auth: X-Traceid is echoed when it is one, and never fails', async () => {
  const trace = 'a'.repeat(50) + '_0123ABC';
  assert.equal((await koo(s, ann, 'GET', '/sharefolder/list?offset=0&limit=1', undefined, { 'X-Traceid': trace })).headers['x-traceid'], trace);
  for (const other of ['a'.repeat(57), 'a'.repeat(59), '-'.repeat(58), 'é', ' ']) {
    const r = await koo(s, ann, 'GET', '/sharefolder/list?offset=0&limit=1', undefined, { 'X-Traceid': other });
    assert.equal(r.status, 200, r.text);
    assert.equal(r.headers['x-traceid'], undefined);
  }
});

test('koodrive auth: language chooses the words of msg only', async () => {
  const english = await bad(s, ann, 'POST', '/files/0', { containerId: '1', parentFileId: 'root' }, 13000301);
  for (const language of ['zh-CN', 'zh_cn', 'ZH-cn']) {
    const r = await bad(s, ann, 'POST', '/files/0', { containerId: '1', parentFileId: 'root' }, 13000301, { headers: { language } });
    assert.match(r.body.msg, /[一-鿿]/);
  }
  for (const language of ['en-US', 'en_us', 'tlh'])
    assert.equal((await bad(s, ann, 'POST', '/files/0', { containerId: '1', parentFileId: 'root' }, 13000301, { headers: { language } })).body.msg, english.body.msg);
});

// ---- app signatures ----

const call = (app, userId, method, path, options = {}, after = {}) => s.call(method, P + path + (options.sent ?? ''),
  { body: options.body, headers: { ...signed(s, app, userId, method, path, options), ...after } });

test('koodrive signature: an app of the domain acts as the user it names', async () => {
  const app = await s.app('signer');
  const query = { offset: 0, limit: 100, queryType: 0, keyWord: '家 a+b' };
  const r = await call(app, ann.user_id, 'GET', '/sharefolder/list', { query, sent: '?offset=0&limit=100&queryType=0&keyWord=%E5%AE%B6+a%2Bb' });
  assert.equal(r.status, 200, r.text);
  assert.equal(r.headers['x-polydrive-lenient'], undefined);
  const body = JSON.stringify({ containerId: ann.drive_id, parentFileId: 'root' });
  const files = await call(app, ann.user_id, 'POST', '/files/0', { body });
  assert.equal(files.status, 200, files.text);
  assert.deepEqual(files.body.files, []);
  isRefused(await call(app, bob.user_id, 'POST', '/files/0', { body }), 13000301);
});

test('koodrive signature: a slash at the end of the request may be left out or sent', async () => {
  const app = await s.app('slasher');
  for (const end of ['', '/']) {
    const r = await s.call('GET', `${P}/sharefolder/list${end}?offset=0&limit=1`,
      { headers: signed(s, app, ann.user_id, 'GET', '/sharefolder/list', { query: { offset: 0, limit: 1 } }) });
    assert.equal(r.status, 200, r.text);
  }
});

test('koodrive signature: whatever is changed after signing is refused', async () => {
  const app = await s.app('changer');
  const query = { offset: 0, limit: 10 }, sent = '?offset=0&limit=10';
  const path = '/sharefolder/list';
  const fine = signed(s, app, ann.user_id, 'GET', path, { query });
  const cases = {
    'another user': [sent, { 'X-User-Id': bob.user_id }],
    'another date': [sent, { 'X-Date': stamp(Date.now() - 5000) }],
    'another query': ['?offset=0&limit=11', {}],
    'one more parameter': [sent + '&queryType=1', {}],
    'another signature': [sent, { Authorization: fine.Authorization.slice(0, -1) + (fine.Authorization.endsWith('0') ? '1' : '0') }],
    'upper case': [sent, { Authorization: fine.Authorization.replace(/Signature=.*/, m => 'Signature=' + m.slice(10).toUpperCase()) }],
    'another app': [sent, { Authorization: fine.Authorization.replace(app.app_key, 'f'.repeat(24)) }],
    'no user signed': [sent, { Authorization: signed(s, app, ann.user_id, 'GET', path, { query, names: ['host', 'x-date'] }).Authorization }],
    'no date signed': [sent, { Authorization: signed(s, app, ann.user_id, 'GET', path, { query, names: ['host', 'x-user-id'] }).Authorization }],
    'blanks after commas': [sent, { Authorization: fine.Authorization.replaceAll(',', ', ') }],
    'a wrong secret': [sent, signed(s, { ...app, app_secret: 'x' }, ann.user_id, 'GET', path, { query })],
    'a user nobody is': [sent, signed(s, app, 'nobody', 'GET', path, { query })],
  };
  assert.equal((await s.call('GET', P + path + sent, { headers: fine })).status, 200);
  for (const [name, [search, change]] of Object.entries(cases)) {
    const r = await s.call('GET', P + path + search, { headers: { ...fine, ...change } });
    assert.equal(r.status, 401, `${name}: ${r.text}`);
    isRefused(r, 13000410, 401);
  }
  const body = JSON.stringify({ containerId: ann.drive_id, parentFileId: 'root' });
  const headers = signed(s, app, ann.user_id, 'POST', '/files/0', { body });
  isRefused(await s.call('POST', `${P}/files/0`, { body: body.replace('root', 'r00t'), headers }), 13000410, 401);
});

test('koodrive signature: needs both headers, within 15 minutes', async () => {
  const app = await s.app('dater');
  const query = { offset: 0, limit: 10 }, url = `${P}/sharefolder/list?offset=0&limit=10`;
  for (const ms of [-14 * 60_000 - 50_000, 0])
    assert.equal((await s.call('GET', url, { headers: signed(s, app, ann.user_id, 'GET', '/sharefolder/list', { query, date: stamp(Date.now() + ms) }) })).status, 200);
  for (const ms of [-15 * 60_000 - 2000, 8000])
    isRefused(await s.call('GET', url, { headers: signed(s, app, ann.user_id, 'GET', '/sharefolder/list', { query, date: stamp(Date.now() + ms) }) }), 13000410, 401);
  for (const name of ['X-User-Id', 'X-Date']) {
    const { [name]: _, ...rest } = signed(s, app, ann.user_id, 'GET', '/sharefolder/list', { query });
    isRefused(await s.call('GET', url, { headers: rest }), 13000410, 401);
  }
});

test('koodrive signature: a signed change works once', async () => {
  const app = await s.app('replayer');
  const body = JSON.stringify({ fileName: 'once', fileType: '10', containerId: ann.drive_id, renameMode: 2 });
  const headers = signed(s, app, ann.user_id, 'POST', '/directory', { body });
  assert.equal((await s.call('POST', `${P}/directory`, { body, headers })).status, 200);
  isRefused(await s.call('POST', `${P}/directory`, { body, headers }), 13000410, 401);
});

test('koodrive signature: an app bound to a user is that user and no other', async () => {
  const app = await s.app('bound', { user: 'ann' });
  const query = { offset: 0, limit: 10 }, sent = '?offset=0&limit=10';
  assert.equal((await call(app, ann.user_id, 'GET', '/sharefolder/list', { query, sent })).status, 200);
  isRefused(await call(app, bob.user_id, 'GET', '/sharefolder/list', { query, sent }), 13000410, 401);
});

// ---- sessions ----

const login = (body, headers = { 'x-hw-agentName': 'standard' }, server = s) => server.call('POST', `${P}/auth/login`, { body, headers });
const ask = { account: 'ann', authType: '1', password: 'correct horse' };

test('koodrive session: a login answers the user and a session that works as it is', async () => {
  const r = await login(ask);
  assert.equal(r.status, 200, r.text);
  assert.equal(r.headers['x-polydrive-lenient'], undefined);
  const { data, ...envelope } = r.body;
  assert.deepEqual(envelope, { code: 0, msg: 'Success.' });
  assert.deepEqual(Object.keys(data), ['userInfo', 'sessionInfo']);
  assert.deepEqual(data.userInfo, { userId: ann.user_id, firstname: 'ann', surname: '', phone: '', email: '' });
  assert.deepEqual(Object.keys(data.sessionInfo), ['accessToken', 'expiresIn', 'issuedAt', 'refreshToken']);
  assert.match(data.sessionInfo.accessToken, /^AT [0-9a-f]{48}$/);
  assert.match(data.sessionInfo.refreshToken, /^[0-9a-f]{48}$/);
  assert.equal(data.sessionInfo.expiresIn, 1800);
  assert.match(data.sessionInfo.issuedAt, /^\d{13}$/);
  assert.ok(Math.abs(Number(data.sessionInfo.issuedAt) - Date.now()) < 60_000);
  const { status, headers } = await get(s, { ...proper(ann), Authorization: data.sessionInfo.accessToken });
  assert.equal(status, 200);
  assert.equal(headers['x-polydrive-lenient'], undefined);
  isRefused(await get(s, { ...proper(ann), Authorization: `Bearer ${data.sessionInfo.refreshToken}` }), 13000410, 401);
});

test('koodrive session: a wrong password and an unknown account look alike', async () => {
  const wrong = await login({ ...ask, password: 'wrong' }), unknown = await login({ ...ask, account: 'nobody' });
  isRefused(wrong, 13000410, 401);
  isRefused(unknown, 13000410, 401);
  assert.equal(wrong.text, unknown.text);
});

test('koodrive session: login checks its fields', async () => {
  for (const field of ['account', 'authType', 'password']) {
    const { [field]: _, ...rest } = ask;
    isRefused(await login(rest), 13000102, 400, field);
  }
  for (const authType of ['3', '', 1]) isRefused(await login({ ...ask, authType }), 13000102, 400, 'authType');
  isRefused(await login({ ...ask, password: '' }), 13000102, 400, 'password');
  isRefused(await login({ ...ask, account: '' }), 13000102, 400, 'account');
  const byCode = await login({ ...ask, authType: '2', captchaToken: 'x' });
  isRefused(byCode, 13000410);
  assert.match(byCode.headers['x-polydrive-unsupported'], /^authType 2/);
  isRefused(await login('{'), 13000102);
  isRefused(await login('{"account":"a","account":"b","authType":"1","password":"x"}'), 13000102);
});

test('koodrive session: a login without the carrier\'s name is flagged, and refused under --strict', async () => {
  const r = await login(ask, {});
  assert.equal(r.status, 200);
  assert.match(r.headers['x-polydrive-lenient'], /^x-hw-agentName: /);
  isRefused(await login(ask, {}, strict), 13000102, 400, 'x-hw-agentName');
});

const session = async () => (await login(ask)).body.data.sessionInfo;
const renew = (accessToken, refreshToken) => s.call('POST', `${P}/auth/refreshToken`, { body: { refreshToken }, headers: { Authorization: accessToken } });

test('koodrive session: refreshing gives a new session, nested and flat, and ends the old', async () => {
  const old = await session();
  const r = await renew(old.accessToken, old.refreshToken);
  assert.equal(r.status, 200, r.text);
  assert.equal(r.headers['x-polydrive-lenient'], undefined);
  const { sessionInfo, ...flat } = r.body.data;
  assert.deepEqual(sessionInfo, flat);
  assert.notEqual(flat.accessToken, old.accessToken);
  assert.equal((await get(s, { ...proper(ann), Authorization: flat.accessToken })).status, 200);
  isRefused(await renew(flat.accessToken, 'f'.repeat(48)), 13000410, 401);
  isRefused(await renew(flat.accessToken, undefined), 13000102, 400, 'refreshToken');
  isRefused(await renew(`AT ${'0'.repeat(48)}`, flat.refreshToken), 13000410, 401);
  isRefused(await s.call('POST', `${P}/auth/refreshToken`, { body: { refreshToken: flat.refreshToken } }), 13000410, 401);
  isRefused(await renew(`AT ${bob.token}`, flat.refreshToken), 13000410, 401);
  assert.equal((await renew(flat.accessToken, flat.refreshToken)).status, 200, 'what was refused changed nothing');
});

test('koodrive session: a refresh token that comes twice is in two hands: its session ends', async () => {
  const old = await session(), other = await session();
  const { accessToken, refreshToken } = (await renew(old.accessToken, old.refreshToken)).body.data;
  isRefused(await renew(accessToken, old.refreshToken), 13000410, 401);
  isRefused(await get(s, { ...proper(ann), Authorization: accessToken }), 13000410, 401);
  isRefused(await renew(other.accessToken, refreshToken), 13000410, 401);
  assert.equal((await get(s, { ...proper(ann), Authorization: other.accessToken })).status, 200, 'another session goes on');
});

test('koodrive session: an ended token renews, but does nothing else', async () => {
  const { refreshToken } = await session();
  const { access_token } = await s.cli('token', 'issue', 'ann', '--ttl', '1');
  await new Promise(resolve => setTimeout(resolve, 1200));
  isRefused(await get(s, { ...proper(ann), Authorization: `AT ${access_token}` }), 13000410, 401);
  const r = await renew(`AT ${access_token}`, refreshToken);
  assert.equal(r.status, 200, r.text);
  assert.equal((await get(s, { ...proper(ann), Authorization: r.body.data.accessToken })).status, 200);
});

test('koodrive session: a logout ends the token, and only one\'s own', async () => {
  const { accessToken, refreshToken } = await session();
  const out = (userId, token, authorization = accessToken) => s.call('POST', `${P}/auth/logout`,
    { body: { userId, accessToken: token }, headers: { Authorization: authorization } });
  isRefused(await out(bob.user_id, accessToken), 13000410);
  isRefused(await out(ann.user_id, `AT ${bob.token}`), 13000102, 400, 'accessToken');
  isRefused(await out(ann.user_id, undefined), 13000102, 400, 'accessToken');
  isRefused(await out(undefined, accessToken), 13000102, 400, 'userId');
  assert.equal((await s.call('GET', LIST, { token: bob.token })).status, 200);
  const r = await out(ann.user_id, accessToken);
  assert.deepEqual([r.status, r.body], [200, { code: 0, msg: 'Success.' }]);
  const until = Date.now() + 1500;
  let after;
  do after = await get(s, { ...proper(ann), Authorization: accessToken }); while (after.status === 200 && Date.now() < until);
  isRefused(after, 13000410, 401);
  isRefused(await renew(`AT ${ann.token}`, refreshToken), 13000410, 401);
});

test('koodrive session: signatures are not for sessions', async () => {
  const app = await s.app('sessions');
  const body = JSON.stringify({ userId: ann.user_id, accessToken: `AT ${ann.token}` });
  isRefused(await s.call('POST', `${P}/auth/logout`, { body, headers: signed(s, app, ann.user_id, 'POST', '/auth/logout', { body }) }), 13000410, 401);
});

// ---- routes ----

test('koodrive routes: what is known and not implemented says so; what is nothing is 404', async () => {
  for (const [method, path] of [['POST', '/cancel'], ['GET', '/jobs?offset=0&limit=1'], ['POST', '/files/search'],
    ['GET', '/files/path?fileId=1&containerId=2'], ['POST', '/files/rename/1'], ['POST', '/star/batch'], ['POST', '/files/7/1'],
    ['GET', `/space/${ann.user_id}?type=1`], ['POST', '/revision/listRevision'], ['GET', '/share/received'], ['GET', '/share/1']]) {
    const r = await bad(s, ann, method, path, method === 'POST' ? {} : undefined, 13000102);
    assert.ok(r.headers['x-polydrive-unsupported'], path);
    isRefused(await s.call(method, P + path, { body: method === 'POST' ? {} : undefined }), 13000410, 401);
  }
  for (const [method, path] of [['GET', '/nothing'], ['GET', '/files/0'], ['DELETE', '/directory'], ['POST', '/files/7/2'], ['POST', '/'], ['GET', '/sharefolder/list/x']])
    isRefused(await koo(s, ann, method, path), 13000309, 404);
  assert.equal((await good(s, ann, 'GET', '/sharefolder/list/?offset=0&limit=1')).code, 0);
  isRefused(await koo(s, ann, 'POST', '/files/7', { containerId: ann.drive_id, parentFileId: 'root' }), 13000102, 400, 'type');
});

test('koodrive bodies: what is not JSON, doubled, too deep or too long is refused', async () => {
  const send = (raw, headers = {}) => s.call('POST', `${P}/files/0`, { token: ann.token, raw, headers: { ...proper(ann), 'Content-Type': 'application/json', ...headers } });
  const fine = `{"containerId":"${ann.drive_id}","parentFileId":"root"`;
  for (const raw of ['{', '[]', '"x"', fine + ',}', fine + ',"containerId":"1"}', Buffer.from(fine + ',"fileName":"\xff"}', 'latin1'),
    fine + ',"x":' + '['.repeat(100) + ']'.repeat(100) + '}', fine + `,"x":"${'a'.repeat(300_000)}"}`])
    isRefused(await send(raw), 13000102);
  assert.equal((await send(fine + ',"unknown":{"a":[1]},"imageProcess":null}')).status, 200);
  const bare = await s.call('POST', `${P}/files/0`, { token: ann.token, raw: fine + '}', headers: proper(ann) });
  assert.equal(bare.status, 200, 'no Content-Type');
});
