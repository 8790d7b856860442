// Spaces: listing, making, reading, deleting; on whose behalf; the bounds and errors of each.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { startServer } from './harness.mjs';
import { accepted, altered, appToken, DIGITS, dt, lenient, refused, SECONDS, walk } from './dingtalk.mjs';

const SPACES = '/v1.0/drive/spaces';
const KEYS = ['spaceId', 'spaceName', 'spaceType', 'quota', 'usedQuota', 'permissionMode', 'createTime', 'modifyTime'];

let s, strict, ann, bob, root, app, token;
before(async () => {
  s = await startServer();
  strict = await startServer({ args: ['--strict'] });
  ann = await s.person('ann', { drive: true });
  bob = await s.person('bob', { drive: true });
  root = await s.person('root-admin', { admin: true });
  app = await s.app('tester');
  token = await appToken(s, app);
});
after(async () => {
  await s?.stop();
  await strict?.stop();
});

const list = (query, who = token) =>
  dt(s, 'GET', SPACES, { token: who, query: { unionId: ann.user_id, spaceType: 'org', maxResults: 50, ...query } });
const add = (body, who = token) => dt(s, 'POST', SPACES, { token: who, body: { unionId: ann.user_id, ...body } });
const info = (spaceId, unionId = ann.user_id, who = token) =>
  dt(s, 'GET', `${SPACES}/${spaceId}`, { token: who, query: { unionId } });
const remove = (spaceId, unionId = ann.user_id, who = token) =>
  dt(s, 'DELETE', `${SPACES}/${spaceId}`, { token: who, query: { unionId } });
const mine = (unionId, who = token) => dt(s, 'GET', '/v1.0/drive/mySpaces', { token: who, query: { unionId } });
const made = async (name, unionId = ann.user_id) => accepted(await add({ name, unionId }));
const staff = async () => accepted(await list({ maxResults: 1 })).spaces[0];

function isSpace(space, type) {
  assert.deepEqual(Object.keys(space), KEYS);
  assert.match(space.spaceId, DIGITS);
  assert.equal(typeof space.spaceName, 'string');
  assert.equal(space.spaceType, type);
  assert.ok(Number.isSafeInteger(space.quota) && space.quota >= -1);
  assert.ok(Number.isSafeInteger(space.usedQuota) && space.usedQuota >= 0);
  assert.equal(space.permissionMode, 'acl');
  assert.match(space.createTime, SECONDS);
  assert.match(space.modifyTime, SECONDS);
}

// ---- AddSpace ----

test('AddSpace: answers the space, flat', async () => {
  const space = await made('Design & 设计 "A" \u{1F600}');
  isSpace(space, 'org');
  assert.equal(space.spaceName, 'Design & 设计 "A" \u{1F600}');
  assert.equal(space.quota, -1);
  assert.equal(space.usedQuota, 0);
  assert.deepEqual(accepted(await info(space.spaceId)), space);
});

test('AddSpace: names need not be unique, and may look like a number', async () => {
  const first = await made('twice'), second = await made('twice');
  assert.notEqual(first.spaceId, second.spaceId);
  assert.equal((await made('2024')).spaceName, '2024');
  assert.equal((await made('ann')).spaceName, 'ann');
  assert.equal((await made('ann', bob.user_id)).spaceName, 'ann');
});

test('AddSpace: a name has 1 to 128 characters, not blank, without control characters', async () => {
  assert.equal((await made('n')).spaceName, 'n');
  assert.equal((await made('名'.repeat(128))).spaceName, '名'.repeat(128));
  for (const name of ['', ' ', 'n'.repeat(129), '名'.repeat(129), 'a\nb', 'a\u0000b', 'a\u007fb', 7, true, ['a'], {}])
    refused(await add({ name }), 400, 'name.invalid');
});

test('AddSpace: names what is missing', async () => {
  refused(await add({}), 400, 'Missingname');
  refused(await add({ name: null }), 400, 'Missingname');
  refused(await add({ name: 'x', unionId: undefined }), 400, 'MissingunionId');
  refused(await add({ name: 'x', unionId: '' }), 400, 'MissingunionId');
  refused(await dt(s, 'POST', SPACES, { token }), 400, 'Missingbody');
  refused(await dt(s, 'POST', SPACES, { token, raw: 'name=a&unionId=b',
    headers: { 'content-type': 'application/x-www-form-urlencoded' } }), 400, 'Missingbody');
});

test('AddSpace: refuses an unknown person before anything is made', async () => {
  const before = accepted(await list({})).spaces.length;
  refused(await add({ name: 'x', unionId: 'nobody' }), 400, 'param.error');
  refused(await add({ name: 'x', unionId: 'nobody'.repeat(100) }), 400, 'param.error');
  refused(await add({ name: 'x', unionId: bob.user_id }, ann.token), 400, 'no.priviledge');
  assert.equal(accepted(await list({})).spaces.length, before);
});

// ---- on whose behalf ----

test('unionId: in the query of a POST is a leniency', async () => {
  const answer = await dt(s, 'POST', SPACES, { token, query: { unionId: ann.user_id }, body: { name: 'elsewhere' } });
  isSpace(accepted(answer), 'org');
  assert.match(lenient(answer), /^unionId: /);
  assert.equal(lenient(await add({ name: 'in its place' })), undefined);
  const key = await strict.app('tester'), person = await strict.person('ann', {}), its = await appToken(strict, key);
  refused(await dt(strict, 'POST', SPACES, { token: its, query: { unionId: person.user_id },
    body: { name: 'elsewhere' } }), 400, 'MissingunionId');
  const body = { name: 'in its place', unionId: person.user_id };
  isSpace(accepted(await dt(strict, 'POST', SPACES, { token: its, body })), 'org');
});

test('unionId: the documented place counts where both are given', async () => {
  const space = accepted(await dt(s, 'POST', SPACES, { token, query: { unionId: bob.user_id },
    body: { name: "ann's", unionId: ann.user_id } }));
  accepted(await info(space.spaceId, ann.user_id));
  refused(await info(space.spaceId, bob.user_id), 404, 'object.not.exist');
});

test('unionId: an app acts as whom it names, unknown ones are a bad parameter', async () => {
  accepted(await list({ unionId: bob.user_id }));
  refused(await list({ unionId: 'nobody' }), 400, 'param.error');
  refused(await list({ unionId: undefined }), 400, 'MissingunionId');
  refused(await list({ unionId: '' }), 400, 'MissingunionId');
});

test("unionId: a user's token acts as that user alone, and learns nothing of others", async () => {
  accepted(await list({}, ann.token));
  const other = refused(await list({ unionId: bob.user_id }, ann.token), 400, 'no.priviledge');
  assert.equal(refused(await list({ unionId: 'nobody' }, ann.token), 400, 'no.priviledge'), other);
});

test('unionId: an app bound to a user acts as that user alone', async () => {
  const bound = await appToken(s, await s.app('bound', { user: 'ann' }));
  accepted(await list({}, bound));
  refused(await list({ unionId: bob.user_id }, bound), 400, 'no.priviledge');
  refused(await list({ unionId: 'nobody' }, bound), 400, 'no.priviledge');
});

// ---- ListSpaces ----

test('ListSpaces: the all-staff space comes first, then by creation', async () => {
  const names = ['order 1', 'order 2', 'order 3'];
  for (const name of names) await made(name);
  const page = accepted(await list({}));
  assert.deepEqual(Object.keys(page), ['spaces', 'nextToken']);
  assert.equal(page.nextToken, '');
  page.spaces.forEach(space => isSpace(space, 'org'));
  assert.deepEqual(page.spaces.slice(-3).map(space => space.spaceName), names);
  const bobs = accepted(await list({ unionId: bob.user_id })).spaces;
  assert.equal(bobs[0].spaceId, page.spaces[0].spaceId);
});

test('ListSpaces: shows what the person may list, and nothing else', async () => {
  const anns = await made('ann alone'), bobs = await made('bob alone', bob.user_id);
  const seen = async unionId => accepted(await list({ unionId })).spaces.map(space => space.spaceId);
  assert.ok((await seen(ann.user_id)).includes(anns.spaceId));
  assert.ok(!(await seen(ann.user_id)).includes(bobs.spaceId));
  assert.ok((await seen(bob.user_id)).includes(bobs.spaceId));
  assert.ok(!(await seen(bob.user_id)).includes(anns.spaceId));
});

test('ListSpaces: pages to the end give what one page gives', async () => {
  const cid = (await s.person('cid', {})).user_id;
  for (let i = 0; i < 7; i++) await made(`page ${i}`, cid);
  const whole = accepted(await list({ unionId: cid })).spaces;
  assert.equal(whole.length, 8);
  for (const maxResults of [1, 2, 3, 4, 8]) {
    const { items, sizes } = await walk(s, token, SPACES, 'spaces', { unionId: cid, spaceType: 'org', maxResults });
    assert.deepEqual(items, whole, `by ${maxResults}`);
    assert.ok(sizes.every(size => size > 0));
  }
});

test('ListSpaces: what is made meanwhile neither doubles nor hides a space', async () => {
  const dan = (await s.person('dan', {})).user_id;
  for (let i = 0; i < 4; i++) await made(`steady ${i}`, dan);
  const first = accepted(await list({ unionId: dan, maxResults: 2 }));
  await made('late', dan);
  const rest = accepted(await list({ unionId: dan, maxResults: 50, nextToken: first.nextToken }));
  assert.deepEqual([...first.spaces, ...rest.spaces].map(space => space.spaceName).slice(1),
    ['steady 0', 'steady 1', 'steady 2', 'steady 3', 'late']);
});

test('ListSpaces: maxResults is 1 to 50', async () => {
  accepted(await list({ maxResults: 1 }));
  accepted(await list({ maxResults: 50 }));
  for (const maxResults of [51, 100, 2 ** 31, '9223372036854775808', '1' + '0'.repeat(40)])
    refused(await list({ maxResults }), 400, 'param.error.maxresults');
  for (const maxResults of [0, -1, 'abc', '1.5', '1e1', ' 1', '+1', '0x1', '-9223372036854775809'])
    refused(await list({ maxResults }), 400, 'param.error');
  assert.equal(refused(await list({ maxResults: undefined }), 400, 'MissingmaxResults'),
    'maxResults is mandatory for this action.');
  refused(await list({ maxResults: '' }), 400, 'MissingmaxResults');
});

test('ListSpaces: spaceType is org or personal', async () => {
  for (const spaceType of ['team', 'ORG', 'org '])
    refused(await list({ spaceType }), 400, 'param.error');
  assert.equal(refused(await list({ spaceType: undefined, type: 'personal' }), 400, 'MissingspaceType'),
    'spaceType is mandatory for this action.');
});

test('ListSpaces: what is missing is told before what is wrong, and both after the token', async () => {
  refused(await list({ spaceType: undefined, maxResults: 51 }), 400, 'MissingspaceType');
  refused(await list({ maxResults: undefined, spaceType: 'team' }), 400, 'MissingmaxResults');
  refused(await list({ maxResults: undefined }, 'x'), 400, 'InvalidAuthentication');
});

test('ListSpaces: an empty nextToken is the start, stray fields and blanks do not matter', async () => {
  const whole = accepted(await list({}));
  const answer = await list({ nextToken: '', type: 'personal', orderType: '' });
  assert.deepEqual(accepted(answer), whole);
  assert.equal(lenient(answer), undefined);
});

test('ListSpaces: a cursor is good for this list and this person only', async () => {
  for (let i = 0; i < 2; i++) await made(`cursor ${i}`, bob.user_id);
  const { nextToken } = accepted(await list({ maxResults: 1 }));
  assert.ok(nextToken.length > 0 && /^[0-9A-Za-z_-]+$/.test(nextToken));
  accepted(await list({ nextToken, maxResults: 7 }));
  refused(await list({ nextToken, unionId: bob.user_id }), 400, 'param.error');
  refused(await list({ nextToken, spaceType: 'personal' }, ann.token), 400, 'param.error');
  for (const wrong of [altered(nextToken), nextToken.slice(1), nextToken.slice(0, -1), nextToken + 'A', 'x', '0', '1'])
    refused(await list({ nextToken: wrong }), 400, 'param.error');
});

test('ListSpaces: the same field twice is refused', async () => {
  const answer = await dt(s, 'GET',
    `${SPACES}?unionId=${ann.user_id}&unionId=${bob.user_id}&spaceType=org&maxResults=5`, { token });
  refused(answer, 400, 'param.error');
});

test('ListSpaces: personal is refused to an app and lists the own space for a user', async () => {
  assert.equal(refused(await list({ spaceType: 'personal' }), 400, 'no.priviledge'),
    'You are not authorized to perform this operation.');
  const page = accepted(await list({ spaceType: 'personal' }, ann.token));
  assert.equal(page.nextToken, '');
  assert.deepEqual(page.spaces.map(space => space.spaceId), [ann.drive_id]);
  isSpace(page.spaces[0], 'personal');
  assert.deepEqual(accepted(await list({ spaceType: 'personal', unionId: root.user_id }, root.token)),
    { spaces: [], nextToken: '' });
});

test('ListSpaces: a GET may carry a content type, and {} as its body', async () => {
  const path = `${SPACES}?unionId=${ann.user_id}&spaceType=org&maxResults=5`;
  accepted(await dt(s, 'GET', path, { token, headers: { 'content-type': 'application/json' } }));
});

test('a GET or DELETE does not care what its body is', async () => {
  const dan = await strict.person('dan');
  const strictly = await appToken(strict, await strict.app('dan'));
  const bodies = ['{}', 'x', '[]', '{"unionId":', '{"unionId":"nobody"}', '{"unionId":1}', '{"a":1,"a":2}', '['.repeat(99)];
  for (const [server, who, own] of [[s, ann, token], [strict, dan, strictly]]) {
    const ask = (raw, type, query) => dt(server, 'GET', SPACES,
      { token: own, query: { spaceType: 'org', maxResults: 5, ...query }, raw, headers: { 'content-type': type } });
    for (const raw of bodies)
      for (const type of ['application/json', 'text/plain', 'application/x-www-form-urlencoded']) {
        const answer = await ask(raw, type, { unionId: who.user_id });
        isSpace(accepted(answer).spaces[0], 'org');
        assert.equal(lenient(answer), undefined, raw);
      }
    // One that cannot be read names nobody either.
    refused(await ask('x', 'application/json'), 400, 'MissingunionId');
  }
  const space = await made('of a moment');
  accepted(await dt(s, 'DELETE', `${SPACES}/${space.spaceId}`,
    { token, query: { unionId: ann.user_id }, raw: 'x', headers: { 'content-type': 'application/json' } }));
});

// ---- GetMySpaceInfo ----

test('GetMySpaceInfo: is the personal space of the person, by either token', async () => {
  const space = accepted(await mine(ann.user_id));
  isSpace(space, 'personal');
  assert.equal(space.spaceId, ann.drive_id);
  assert.deepEqual(accepted(await mine(ann.user_id, ann.token)), space);
  assert.equal(accepted(await mine(bob.user_id)).spaceId, bob.drive_id);
  refused(await mine(root.user_id), 404, 'object.not.exist');
  refused(await mine('nobody'), 400, 'param.error');
  refused(await mine(null), 400, 'MissingunionId');
  refused(await mine(ann.user_id, null), 400, 'InvalidAuthentication');
});

// ---- InfoSpace ----

test('InfoSpace: a space that the person may not see is like one that is not there', async () => {
  const space = await made('hidden from bob');
  const hidden = refused(await info(space.spaceId, bob.user_id), 404, 'object.not.exist');
  assert.equal(refused(await info('9007199254740991', bob.user_id), 404, 'object.not.exist'), hidden);
  assert.equal(refused(await info(space.spaceId, bob.user_id, bob.token), 404, 'object.not.exist'), hidden);
  refused(await info('0'), 404, 'object.not.exist');
  refused(await info('99999999999999999999999999'), 404, 'object.not.exist');
  refused(await info('0' + space.spaceId), 404, 'object.not.exist');
});

test('InfoSpace: an id is decimal digits', async () => {
  for (const id of ['abc', 'root', '-1', '1.0', '%201', '1%2F2', '%F0%9F%98%80'])
    refused(await info(id), 400, 'param.error');
});

test('InfoSpace: an app reaches a personal space for its owner only, administrators too', async () => {
  isSpace(accepted(await info(ann.drive_id, ann.user_id)), 'personal');
  refused(await info(ann.drive_id, bob.user_id), 404, 'object.not.exist');
  refused(await info(ann.drive_id, root.user_id), 404, 'object.not.exist');
});

test('InfoSpace: asks for unionId and a token', async () => {
  const { spaceId } = await staff();
  accepted(await info(spaceId, bob.user_id));
  refused(await info(spaceId, null), 400, 'MissingunionId');
  refused(await info(spaceId, ''), 400, 'MissingunionId');
  refused(await info(spaceId, 'nobody'), 400, 'param.error');
  refused(await info('abc', null), 400, 'MissingunionId');
  refused(await info(spaceId, ann.user_id, 'x'), 400, 'InvalidAuthentication');
});

// ---- DeleteSpace ----

test('DeleteSpace: answers {} and the space is gone', async () => {
  const space = await made('short-lived');
  const answer = await remove(space.spaceId);
  assert.equal(answer.status, 200);
  assert.equal(answer.text, '{}');
  refused(await info(space.spaceId), 404, 'object.not.exist');
  refused(await remove(space.spaceId), 404, 'object.not.exist');
  assert.ok(!accepted(await list({})).spaces.some(other => other.spaceId === space.spaceId));
});

test('DeleteSpace: the all-staff space stays, whoever asks', async () => {
  const { spaceId } = await staff();
  for (const who of [ann, root])
    assert.equal(refused(await remove(spaceId, who.user_id), 400, 'unsupported.operation'),
      'Does not support the operation');
  accepted(await info(spaceId));
});

test('DeleteSpace: a personal space is not its to take', async () => {
  refused(await remove(ann.drive_id), 400, 'unsupported.operation');
  refused(await remove(ann.drive_id, ann.user_id, ann.token), 400, 'unsupported.operation');
  accepted(await info(ann.drive_id));
});

test('DeleteSpace: members who are not its owner may not, others do not see it', async () => {
  const space = await made('ours');
  refused(await remove(space.spaceId, bob.user_id), 404, 'object.not.exist');
  await s.cli('group', 'join', 'ours', 'bob');
  isSpace(accepted(await info(space.spaceId, bob.user_id)), 'org');
  refused(await remove(space.spaceId, bob.user_id), 400, 'no.priviledge');
  accepted(await remove(space.spaceId));
});

test('DeleteSpace: asks for unionId, an id of digits and a token', async () => {
  const space = await made('stays');
  refused(await remove(space.spaceId, null), 400, 'MissingunionId');
  refused(await remove(space.spaceId, 'nobody'), 400, 'param.error');
  refused(await remove('abc'), 400, 'param.error');
  refused(await remove(space.spaceId, ann.user_id, 'x'), 400, 'InvalidAuthentication');
  accepted(await info(space.spaceId));
});

test('DeleteSpace: unionId in the body is a leniency', async () => {
  const space = await made('by body');
  const answer = await dt(s, 'DELETE', `${SPACES}/${space.spaceId}`, { token, body: { unionId: ann.user_id } });
  accepted(answer);
  assert.match(lenient(answer), /^unionId: /);
});
