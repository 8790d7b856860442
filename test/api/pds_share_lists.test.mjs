// Share links listed: SearchShareLink (/v2/share_link/search), ListShareLink (/v2/share_link/list).
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { startServer } from './harness.mjs';
import { alterations, call, done, folder, refused } from './pds.mjs';
import { cancel, share, update } from './shares.mjs';

let s, ann, ben, boss, links = [];
const NAMES = ['Zebra', 'apple', 'file 10', 'file 2', '中文', 'banana report', 'Über'];
before(async () => {
  s = await startServer();
  ann = await s.person('ann', { drive: true });
  ben = await s.person('ben', { drive: true });
  boss = await s.person('boss', { admin: true });
  const file = await folder(s, ann, 'f');
  for (const [i, share_name] of NAMES.entries())
    links.push(await share(s, ann, [file], { share_name, description: `d${NAMES.length - i}`,
      expiration: i % 2 ? '' : `2099-01-0${i + 1}T00:00:00Z` }));
  await share(s, ben, [await folder(s, ben, 'f')], { share_name: 'of ben' });
});
after(() => s?.stop());

const search = (more = {}, who = ann) => call(s, who, '/share_link/search', more);
const list = (more = {}, who = ann) => call(s, who, '/share_link/list', more);
const names = page => page.items.map(item => item.share_name);
async function all(path, body, who = ann) {
  const items = [];
  let marker, pages = 0;
  do {
    const page = done(await call(s, who, path, { ...body, marker }));
    assert.ok(page.items.length <= body.limit);
    items.push(...page.items);
    marker = page.next_marker;
    assert.ok(++pages < 100, 'no end');
  } while (marker);
  return items.map(item => item.share_name);
}

test('the newest first; items are ShareLinks', async () => {
  for (const ask of [search, list]) {
    const page = done(await ask());
    assert.deepEqual(Object.keys(page), ['items', 'next_marker']);
    assert.equal(page.next_marker, '');
    assert.deepEqual(names(page), [...NAMES].reverse());
    assert.deepEqual(page.items[0], done(await call(s, ann, '/share_link/get', { share_id: links.at(-1).share_id })));
  }
});

const byName = ['apple', 'banana report', 'file 2', 'file 10', 'Über', 'Zebra', '中文'];
for (const [order_by, order_direction, expected] of [
  ['created_at', undefined, [...NAMES].reverse()], ['created_at', 'ASC', NAMES], ['updated_at', 'DESC', [...NAMES].reverse()],
  ['updated_at', 'ASC', NAMES], ['share_name', undefined, byName], ['share_name', 'ASC', byName], ['share_name', 'DESC', [...byName].reverse()],
  ['description', undefined, [...NAMES].reverse()], ['description', 'DESC', NAMES],
])
  test(`by ${order_by} ${order_direction ?? 'as it comes'}, with pages of every size`, async () => {
    const sorted = done(await search({ order_by, order_direction })).items.map(item => item.share_name);
    if (order_by === 'share_name') assert.deepEqual([...sorted].sort(), [...expected].sort());
    else assert.deepEqual(sorted, expected);
    for (let limit = 1; limit <= NAMES.length + 1; limit++) {
      assert.deepEqual(await all('/share_link/search', { order_by, order_direction, limit }), sorted);
      assert.deepEqual(await all('/share_link/list', { order_by, order_direction, limit }), sorted);
    }
  });

test('by name: numbers by value, upwards and downwards alike', async () => {
  const up = names(done(await search({ order_by: 'share_name' }))), down = names(done(await search({ order_by: 'share_name', order_direction: 'DESC' })));
  assert.ok(up.indexOf('file 2') < up.indexOf('file 10') && up.indexOf('apple') < up.indexOf('Zebra'));
  assert.deepEqual(down, [...up].reverse());
});

test('whose: one\'s own, and all for administrators', async () => {
  assert.deepEqual(names(done(await search({}, ben))), ['of ben']);
  assert.deepEqual(names(done(await search({}, boss))), ['of ben', ...[...NAMES].reverse()]);
  assert.deepEqual(names(done(await list({}, boss))), ['of ben', ...[...NAMES].reverse()]);
  assert.deepEqual(names(done(await search({ creators: [ben.user_id] }, boss))), ['of ben']);
  assert.deepEqual(names(done(await list({ creator: ben.user_id }, boss))), ['of ben']);
  assert.equal(done(await search({ creators: [ben.user_id, ann.user_id, 'nobody'] }, boss)).items.length, 8);
  assert.deepEqual(done(await search({ creators: ['nobody'] }, boss)).items, []);
  assert.equal(done(await search({ creators: [ann.user_id] })).items.length, 7);
  refused(await search({ creators: [ben.user_id] }), 403, 'ForbiddenNoPermission.User');
  refused(await search({ creators: [ann.user_id, 'nobody'] }), 403, 'ForbiddenNoPermission.User');
  refused(await list({ creator: ben.user_id }), 403, 'ForbiddenNoPermission.User');
  for (const path of ['/share_link/search', '/share_link/list']) refused(await call(s, null, path, {}), 401, 'AccessTokenInvalid');
});

test('whose: also of the people in the groups that one administers', async () => {
  const people = {}, group = async (group_name, more = {}) => done(await call(s, boss, '/group/create', { group_name, ...more }), 201).group_id;
  const join = async (group_id, who) => done(await call(s, boss, '/group/add_member', { group_id, member_type: 'user', member_id: who.user_id }), 204);
  const rule = async (verb, who, id) => done(await call(s, boss, `/role/${verb}`, { identity: { identity_type: 'IT_User', identity_id: who.user_id },
    role_id: 'SystemGroupAdmin', manage_resource_type: 'RT_Group', manage_resource_id: id }), 204);
  for (const name of ['head', 'inside', 'below', 'outside', 'chief']) {
    people[name] = await s.person(name, { drive: true, admin: name === 'chief' });
    await share(s, people[name], [await folder(s, people[name], 'f')], { share_name: `of ${name}` });
  }
  const { head, inside, below, outside, chief } = people;
  const top = await group('top'), sub = await group('sub', { parent_group_id: top });
  await join(top, inside);
  await join(sub, below);
  await join(top, chief);
  const mine = async (more, who = head) => names(done(await search({ order_by: 'share_name', ...more }, who)));
  assert.deepEqual(await mine(), ['of head']);
  await rule('assign', head, top);
  // An administrator of the domain is ruled by nobody's group.
  assert.deepEqual(await mine(), ['of below', 'of head', 'of inside']);
  for (let limit = 1; limit <= 4; limit++)
    assert.deepEqual(await all('/share_link/search', { order_by: 'share_name', limit }, head), ['of below', 'of head', 'of inside']);
  assert.equal(done(await search({ return_total_count: true, limit: 1 }, head)).total_count, 3);
  assert.deepEqual(await mine({ query: 'share_name_for_fuzzy match "below"' }), ['of below']);
  assert.deepEqual(await mine({ creators: [below.user_id] }), ['of below']);
  for (const other of [outside, chief, { user_id: 'nobody' }])
    refused(await search({ creators: [head.user_id, other.user_id] }, head), 403, 'ForbiddenNoPermission.User');
  assert.deepEqual(await mine({}, inside), ['of inside']); // a member rules nobody
  const { next_marker } = done(await search({ limit: 1 }, head));
  await rule('cancel_assign', head, top);
  refused(await search({ limit: 1, marker: next_marker }, head), 400, 'InvalidParameter.Marker');
  await rule('assign', head, sub);
  assert.deepEqual(await mine(), ['of below', 'of head']);
});

for (const [query, expected] of [
  ['share_name_for_fuzzy match "FILE"', ['file 2', 'file 10']],
  ['share_name_for_fuzzy match "report"', ['banana report']],
  ['share_name_for_fuzzy match "中"', ['中文']],
  ['expired_time = "1970-01-01T00:00:00"', ['apple', 'file 2', 'banana report']],
  ['expired_time > "2099-01-02T00:00:00"', ['file 10', '中文', 'Über']],
  ['status = "enabled" and not share_name_for_fuzzy match "a"', ['file 10', 'file 2', '中文', 'Über']],
  ['status = "disabled"', []],
  ['created_at > "2020-01-01T00:00:00" and (share_name_for_fuzzy match "zebra" or share_name_for_fuzzy match "apple")', ['Zebra', 'apple']],
  ['updated_at < "2020-01-01T00:00:00"', []],
  ['', NAMES],
])
  test(`query: ${query}`, async () => {
    const page = done(await search({ query, order_by: 'created_at', order_direction: 'ASC', return_total_count: true }));
    assert.deepEqual([...names(page)].sort(), [...expected].sort());
    assert.equal(page.total_count, expected.length);
    for (const limit of [1, 2]) assert.deepEqual((await all('/share_link/search', { query, limit })).sort(), [...expected].sort());
  });

for (const query of ['nonsense', 'size > 1', 'status = "open"', 'share_name_for_fuzzy match', 'name = "x"', '(status = "enabled"'])
  test(`query refused: ${query}`, async () => {
    refused(await search({ query }), 400, 'InvalidParameter.Query');
  });

test('a marker fixes the query', async () => {
  const query = 'share_name_for_fuzzy match "file"';
  const { next_marker } = done(await search({ query, limit: 1 }));
  for (const other of [undefined, '', 'status = "disabled"', query])
    assert.equal(done(await search({ query: other, limit: 1, marker: next_marker })).items[0].share_name, 'file 10');
  for (const marker of alterations(next_marker, 3)) refused(await search({ limit: 1, marker }), 400, 'InvalidParameter.Marker');
  for (const marker of ['.' + next_marker.split('.')[1], next_marker.split('.')[0], 'x', '.', 'x.y'])
    refused(await search({ limit: 1, marker }), 400, 'InvalidParameter.Marker');
  refused(await search({ limit: 1, marker: next_marker, order_by: 'share_name' }), 400, 'InvalidParameter.Marker');
  refused(await search({ limit: 1, marker: next_marker }, ben), 400, 'InvalidParameter.Marker');
  refused(await list({ limit: 1, marker: next_marker }), 400, 'InvalidParameter.Marker');
});

test('bounds', async () => {
  for (const limit of [1, 100]) done(await search({ limit }));
  for (const limit of [0, -1, 101, '5']) refused(await search({ limit }), 400, 'InvalidParameterOutOfRange.Limit');
  for (const limit of [0, 1, 100]) done(await list({ limit }));
  for (const limit of [-1, 101, '5']) refused(await list({ limit }), 400, 'InvalidParameterOutOfRange.Limit');
  refused(await search({ order_by: 'size' }), 400, 'InvalidParameter.OrderBy');
  refused(await search({ order_direction: 'up' }), 400, 'InvalidParameter.OrderDirection');
  refused(await search({ query: 'x'.repeat(4097) }), 400, 'InvalidParameterOutOfRange.Query');
  refused(await search({ creators: [''] }), 400, 'InvalidParameterEmpty.Creators');
  refused(await search({ creators: 'x' }), 400, 'InvalidParameterWrongFormat.Creators');
  assert.equal('total_count' in done(await search()), false);
});

test('cancelled ones are told on request, disabled ones always', async () => {
  const cid = await s.person('cid', { drive: true });
  const file = await folder(s, cid, 'f'), made = [];
  for (const share_name of ['open', 'off', 'over']) made.push(await share(s, cid, [file], { share_name }));
  done(await update(s, cid, made[1], { status: 'disabled' }));
  done(await cancel(s, cid, made[2]), 204);
  assert.deepEqual(names(done(await list({}, cid))), ['off', 'open']);
  assert.deepEqual(names(done(await list({ include_cancelled: true }, cid))), ['over', 'off', 'open']);
  assert.deepEqual(names(done(await search({ return_total_count: true }, cid))), ['off', 'open']);
  assert.deepEqual(names(done(await search({ query: 'status = "disabled"' }, cid))), ['off']);
  assert.deepEqual(done(await list({ include_cancelled: true }, cid)).items.map(item => item.status), ['disabled', 'disabled', 'enabled']);
});

test('a page stays in its place while shares come and go', async () => {
  const dan = await s.person('dan', { drive: true });
  const file = await folder(s, dan, 'f'), made = [];
  for (let i = 0; i < 5; i++) made.push(await share(s, dan, [file], { share_name: `n${i}` }));
  const first = done(await list({ limit: 2 }, dan));
  assert.deepEqual(names(first), ['n4', 'n3']);
  await share(s, dan, [file], { share_name: 'new' });
  done(await cancel(s, dan, made[3]), 204);
  done(await cancel(s, dan, made[2]), 204);
  assert.deepEqual(names(done(await list({ limit: 5, marker: first.next_marker }, dan))), ['n1', 'n0']);
});
