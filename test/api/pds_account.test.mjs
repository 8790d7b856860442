// Account links: identities elsewhere that stand for a user.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { startServer } from './harness.mjs';
import { call, done, refused, signV1 } from './pds.mjs';
import { isToken } from './oauth.mjs';

let s, ann, ben, chief, key;
before(async () => {
  s = await startServer();
  ann = await s.person('ann', { drive: true, password: 'a long password' });
  ben = await s.person('ben', { drive: true });
  chief = await s.person('chief', { admin: true });
  key = await s.app('tool');
});
after(() => s?.stop());

const link = (who, body) => call(s, who, '/account/link', body);
const unlink = (who, body) => call(s, who, '/account/unlink', body);
const info = (who, body) => call(s, who, '/account/get_link_info', body);
const infos = (who, user_id) => call(s, who, '/account/get_link_info_by_user_id', { user_id });
const signed = (path, body) => s.call('POST', `/v2${path}`, { body, headers: { ...signV1(key, { path: `/v2${path}` }), 'content-type': 'application/json; charset=utf-8' } });
const types = ['mobile', 'email', 'ding', 'ram', 'wechat', 'ldap', 'custom'];
let counter = 0;
const fresh = (more = {}) => ({ type: 'email', identity: `mail${++counter}@example.test`, user_id: ann.user_id, ...more });

test('account: linking answers a Token of the user, and the identity is found', async () => {
  for (const type of types) {
    const ask = fresh({ type });
    const token = isToken(await link(chief, ask), ann.user_id, { role: 'user', default_drive_id: ann.drive_id });
    const extra = type === 'mobile' ? '86' : '';
    assert.deepEqual(token.exist_link.at(-1), { type, identity: ask.identity, extra });
    done(await call(s, { token: token.access_token }, '/drive/get', { drive_id: ann.drive_id }));
    assert.deepEqual(done(await info(chief, { type, identity: ask.identity })),
      { domain_id: 'main', user_id: ann.user_id, type, identity: ask.identity, extra });
  }
});

test('account: an AccessKey may do it all', async () => {
  const ask = fresh({ user_id: ben.user_id });
  isToken(await signed('/account/link', ask), ben.user_id);
  assert.equal(done(await signed('/account/get_link_info', ask)).user_id, ben.user_id);
  assert.equal(done(await signed('/account/get_link_info_by_user_id', { user_id: ben.user_id })).items.length, 1);
  done(await signed('/account/unlink', ask), 204);
  assert.deepEqual(done(await infos(chief, ben.user_id)).items, []);
});

test('account: an identity stands for one user; a phone number with its country', async () => {
  const mobile = { type: 'mobile', identity: '13800000001', user_id: ann.user_id };
  isToken(await link(chief, mobile), ann.user_id);
  refused(await link(chief, mobile), 409, 'AlreadyExist.User');
  refused(await link(chief, { ...mobile, extra: '86', user_id: ben.user_id }), 409, 'AlreadyExist.User');
  isToken(await link(chief, { ...mobile, extra: '49', user_id: ben.user_id }), ben.user_id);
  assert.equal(done(await info(chief, { type: 'mobile', identity: '13800000001', extra: '49' })).user_id, ben.user_id);
  assert.equal(done(await info(chief, { type: 'mobile', identity: '13800000001' })).user_id, ann.user_id);
  isToken(await link(chief, { ...mobile, type: 'custom', user_id: ben.user_id }), ben.user_id);
});

test('account: unlinking ends a link of that user only', async () => {
  const ask = fresh();
  isToken(await link(chief, ask), ann.user_id);
  refused(await unlink(chief, { ...ask, user_id: ben.user_id }), 404, 'NotFound.User');
  done(await unlink(chief, ask), 204);
  refused(await unlink(chief, ask), 404, 'NotFound.User');
  refused(await info(chief, ask), 404, 'NotFound.User');
  isToken(await link(chief, { ...ask, user_id: ben.user_id }), ben.user_id);
});

test('account: everybody sees his own links, administrators all; nobody links himself', async () => {
  const own = done(await infos(ann, ann.user_id)).items;
  assert.ok(own.length >= types.length);
  assert.deepEqual(own, done(await infos(chief, ann.user_id)).items);
  refused(await infos(ben, ann.user_id), 404, 'NotFound.User');
  assert.equal((await infos(ben, ann.user_id)).text.replace(ann.user_id, '').replace(/[0-9]/g, ''),
    (await infos(ben, '999999')).text.replace(/[0-9]/g, ''), 'hidden and absent look alike');
  for (const refusedCall of [link(ann, fresh()), unlink(ann, fresh()), info(ann, fresh())])
    refused(await refusedCall, 403, 'ForbiddenNoPermission');
  for (const path of ['link', 'unlink', 'get_link_info', 'get_link_info_by_user_id'])
    refused(await call(s, null, `/account/${path}`, fresh()), 401, 'AccessTokenInvalid');
});

test('account: an administrator does not become a superadmin by a link', async () => {
  const ask = fresh({ user_id: 'superadmin' });
  refused(await link(chief, ask), 403, 'ForbiddenNoPermission.User');
  isToken(await signed('/account/link', ask), 'superadmin', { role: 'superadmin' });
  refused(await unlink(chief, ask), 403, 'ForbiddenNoPermission.User');
});

test('account: an administrator gets no token of another one by a link, as he does not change him', async () => {
  const other = await s.person('otherchief', { admin: true });
  refused(await call(s, chief, '/user/update', { user_id: other.user_id, nick_name: 'x' }), 403, 'ForbiddenNoPermission.User');
  const ask = fresh({ user_id: other.user_id });
  refused(await link(chief, ask), 403, 'ForbiddenNoPermission.User');
  isToken(await link(other, ask), other.user_id, { role: 'admin' });
  refused(await unlink(chief, ask), 403, 'ForbiddenNoPermission.User');
  done(await unlink(other, ask), 204);
});

test('account: a token that is limited links no unlimited one', async () => {
  const { access_token } = await s.cli('token', 'issue', 'chief', '--scope', 'ACCOUNT.ALL');
  const token = isToken(await link({ token: access_token }, fresh()), ann.user_id);
  refused(await call(s, { token: token.access_token }, '/drive/get', { drive_id: ann.drive_id }), 403, 'CheckRouterAccessFailed');
  const limited = await s.cli('token', 'issue', 'chief', '--scope', 'FILE.ALL');
  refused(await link({ token: limited.access_token }, fresh()), 403, 'CheckRouterAccessFailed');
});

test('account: the fields', async () => {
  for (const [change, code] of [[{ type: undefined }, 'InvalidParameterMissing.Type'], [{ type: 'phone' }, 'InvalidParameter.Type'],
    [{ identity: undefined }, 'InvalidParameterMissing.Identity'], [{ identity: '' }, 'InvalidParameterEmpty.Identity'],
    [{ identity: 'x'.repeat(257) }, 'InvalidParameterOutOfRange.Identity'], [{ identity: 'a\nb' }, 'InvalidParameter.Identity'],
    [{ extra: 'x'.repeat(129) }, 'InvalidParameterOutOfRange.Extra'], [{ user_id: undefined }, 'InvalidParameterMissing.UserId'],
    [{ user_id: 'x'.repeat(65) }, 'InvalidParameterOutOfRange.UserId']])
    refused(await link(chief, fresh(change)), 400, code, JSON.stringify(change));
  refused(await link(chief, fresh({ user_id: 'nobody' })), 404, 'NotFound.User');
  isToken(await link(chief, fresh({ identity: randomUUID().padEnd(256, 'x'), extra: 'x'.repeat(128) })), ann.user_id);
  refused(await infos(chief, 'nobody'), 404, 'NotFound.User');
});

test('account: a disabled user is not linked to', async () => {
  const dora = await s.person('dora');
  await s.cli('user', 'disable', 'dora');
  refused(await link(chief, fresh({ user_id: dora.user_id })), 403, 'ForbiddenNoPermission.User');
});

test('account: a linked mail address signs in, with the password', async () => {
  const ask = fresh();
  const login = () => s.call('POST', '/koodrive/ose/v1/auth/login', { headers: { 'x-hw-agentName': 'x' },
    body: { account: ask.identity, authType: '1', password: 'a long password' } });
  assert.equal((await login()).status, 401);
  isToken(await link(chief, ask), ann.user_id);
  assert.equal((await login()).status, 200);
});
