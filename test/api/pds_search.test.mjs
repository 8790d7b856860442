// Searching: SearchFile (/v2/file/search) and search_all of the bin (/v2/recyclebin/search_all).
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { startServer } from './harness.mjs';
import { pdsUpload } from './transfer.mjs';
import { alterations, call, done, folder, lenient, refused, unsupported } from './pds.mjs';

let s, ann, ben, ids = {};
const search = (body = {}, who = ann) => call(s, who, '/file/search', { drive_id: who.drive_id, ...body });
const bin = (body = {}, who = ann) => call(s, who, '/recyclebin/search_all', { drive_id: who.drive_id, ...body });
const trash = (file_id, who = ann) => call(s, who, '/recyclebin/trash', { drive_id: who.drive_id, file_id });
const update = (file_id, body, who = ann) => call(s, who, '/file/update', { drive_id: who.drive_id, file_id, ...body });
const names = answer => done(answer).items.map(item => item.name);
const found = async (query, more) => names(await search({ query, order_by: 'name ASC', limit: 100, ...more }));

// All of a search by pages of `limit`: the names, and how many pages it took.
async function walk(body, who = ann, ask = search) {
  const all = [];
  let marker, pages = 0;
  do {
    const page = done(await ask({ ...body, marker }, who));
    assert.ok(page.items.length <= body.limit);
    all.push(...page.items.map(item => item.name));
    marker = page.next_marker;
    assert.ok(++pages < 500, 'the search has no end');
  } while (marker);
  return all;
}

async function file(name, parent, text = name, more = {}, who = ann) {
  const made = await pdsUpload(s, who, name, [Buffer.from(text)], { parent_file_id: parent, ...more });
  return made.file_id;
}

// drive: docs/{report, notes}, docs/old/, pictures/
before(async () => {
  s = await startServer();
  ann = await s.person('ann', { drive: true });
  ben = await s.person('ben', { drive: true });
  const docs = await folder(s, ann, 'docs'), pictures = await folder(s, ann, 'pictures');
  const old = await folder(s, ann, 'old', docs.file_id);
  Object.assign(ids, { docs: docs.file_id, pictures: pictures.file_id, old: old.file_id });
  ids.report = await file('Quarterly report 12, final v3.txt', docs.file_id, 'x'.repeat(100), { description: 'for the board' });
  ids.notes = await file('会议纪要 2023（5）.docx', docs.file_id, 'y'.repeat(200));
  ids.older = await file('report 2019.txt', old.file_id, 'z'.repeat(300), { hidden: true });
  ids.photo = await file('IMG_20230405_101112.jpg', pictures.file_id, 'p'.repeat(400));
  ids.movie = await file("it's \"quoted\".mp4", pictures.file_id, 'q'.repeat(500));
});
after(() => s?.stop());

test('match finds words anywhere in a name, and by their beginning, but not inside', async () => {
  assert.deepEqual(await found('name match "report"'), ['Quarterly report 12, final v3.txt', 'report 2019.txt']);
  assert.deepEqual(await found('name match "REP"'), ['Quarterly report 12, final v3.txt', 'report 2019.txt']);
  assert.deepEqual(await found('name match "final quarterly"'), ['Quarterly report 12, final v3.txt']);
  assert.deepEqual(await found('name match "port"'), []);
  assert.deepEqual(await found('name match "20230405"'), ['IMG_20230405_101112.jpg']);
  assert.deepEqual(await found('name match "会议"'), ['会议纪要 2023（5）.docx']);
  assert.deepEqual(await found('name match "议会"'), []);
  assert.deepEqual(await found('name match "纪 会"'), ['会议纪要 2023（5）.docx']);
  assert.deepEqual(await found('name match "mp4"'), ["it's \"quoted\".mp4"]);
  assert.deepEqual(await found('name match "（"'), ['会议纪要 2023（5）.docx']);
  assert.deepEqual(await found('name match ""'), []);
});

test('the sentence of the official SDK\'s test: one hit for k among she, yt, k中, jk', async () => {
  const home = await folder(s, ann, 'sdk');
  for (const name of ['she', 'yt', 'k中', 'jk']) await folder(s, ann, name, home.file_id);
  const query = `(name="k" or name match "k" or description match "k") and parent_file_id="${home.file_id}"`;
  const answer = await search({ query });
  assert.deepEqual(names(answer), ['k中']);
  assert.match(lenient(answer), /query/);
  const made = await folder(s, ann, 'k', home.file_id);
  assert.deepEqual(await found(query), ['k', 'k中']);
  done(await trash(made.file_id), 204);
  done(await trash(home.file_id), 204);
});

test('each field by each of its operators', async () => {
  const R = 'Quarterly report 12, final v3.txt', O = 'report 2019.txt', N = '会议纪要 2023（5）.docx',
    P = 'IMG_20230405_101112.jpg', M = "it's \"quoted\".mp4";
  const at = done(await call(s, ann, '/file/get', { drive_id: ann.drive_id, file_id: ids.photo })).created_at;
  const second = at.slice(0, 19), ms = Date.parse(second + 'Z');
  const day = n => new Date(ms + n * 86400000).toISOString().slice(0, 19);
  const files = [P, M, N, R, O].sort(), every = query => found(`type = "file" and (${query})`).then(list => list.sort());
  const cases = {
    [`name = "${R}"`]: [R], 'name = "report"': [], [`name = '${O.toUpperCase()}'`]: [],
    'name = "it\'s \\"quoted\\".mp4"': [M],
    'description = "for the board"': [R], 'description = "for"': [], 'description prefix "for the"': [R],
    'description prefix "the"': [], 'description match "board for"': [R], 'description = ""': [P, M, N, O],
    [`parent_file_id = "${ids.docs}"`]: [R, N], [`parent_file_id = "${ids.old}"`]: [O], 'parent_file_id = "root"': [],
    'parent_file_id = "4503599627370495"': [], 'parent_file_id = "x"': [], 'parent_file_id = ""': [],
    'size = 300': [O], 'size < 200': [R], 'size <= 200': [R, N], 'size > 400': [M], 'size >= 400': [P, M], 'size > 9223372036854775807': [],
    'hidden = true': [O], 'hidden = false': [P, M, N, R], 'starred = true': [], 'starred = false': files,
    'status = "available"': files, 'status = "uploading"': [],
    'category = "image"': [P], 'category = "video"': [M], 'category = "doc"': [R, N, O], 'category = "audio"': [],
    'file_extension = "jpg"': [P], 'file_extension prefix "doc"': [N], 'file_extension = "JPG"': [], 'not file_extension = "mp4"': [P, N, R, O],
    [`created_at > "${day(-1)}" and created_at < "${day(1)}"`]: files, [`created_at >= "${day(1)}"`]: [],
    [`created_at <= "${day(-1)}"`]: [], [`updated_at < "${day(1)}"`]: files, [`updated_at > "${day(1)}"`]: [],
    'labels in "x"': [], 'not labels in ["x", "y"]': files,
  };
  for (const [query, want] of Object.entries(cases)) assert.deepEqual(await every(query), [...want].sort(), query);
  assert.ok((await every(`created_at = "${second}"`)).includes(P));
  assert.deepEqual(await found('type = "folder"'), ['docs', 'old', 'pictures']);
  assert.deepEqual(await found('size = 0'), ['docs', 'old', 'pictures']);
  assert.deepEqual(await found('category = "others" or category = "doc"', {}), [N, R, O].sort((a, b) => a.localeCompare(b, 'zh-u-co-pinyin-kn-true')));
});

test('and, or, not by precedence; blanks left out', async () => {
  assert.deepEqual(await found('size=100 or size=200 and hidden=true'), ['Quarterly report 12, final v3.txt']);
  assert.deepEqual(await found('(size=100 or size=200) and hidden=true'), []);
  assert.deepEqual(await found('not size=100 and name match"report"'), ['report 2019.txt']);
  assert.deepEqual(await found('not (size=100 or type="folder" or size>200)'), ['会议纪要 2023（5）.docx']);
});

test('recursive means all that is below a folder', async () => {
  const below = (folder, more) => found(`parent_file_id = "${folder}"`, { recursive: true, ...more });
  assert.equal((await below(ids.docs)).length, 4);
  assert.deepEqual(await below(ids.old), ['report 2019.txt']);
  assert.equal((await below('root')).length, 8);
  assert.deepEqual(await found(`parent_file_id = "${ids.docs}" and name match "report"`, { recursive: true }),
    ['Quarterly report 12, final v3.txt', 'report 2019.txt']);
  assert.deepEqual(await found(`parent_file_id = "${ids.docs}" and name match "report"`), ['Quarterly report 12, final v3.txt']);
  assert.deepEqual(await found(`not parent_file_id = "${ids.docs}" and type = "file"`, { recursive: true }),
    ['IMG_20230405_101112.jpg', "it's \"quoted\".mp4"]);
});

test('every change is found by the next search', async () => {
  const home = await folder(s, ann, 'live'), id = await file('zebra one.txt', home.file_id);
  const here = () => found('name match "zebra"');
  assert.deepEqual(await here(), ['zebra one.txt']);
  done(await update(id, { name: 'lion one.txt' }));
  assert.deepEqual(await here(), []);
  assert.deepEqual(await found('name match "lion"'), ['lion one.txt']);
  assert.deepEqual(await found('name match "one"'), ['lion one.txt']);
  done(await update(id, { description: 'was a zebra', starred: true, labels: ['wild', 'big'], hidden: true }));
  assert.deepEqual(await found('description match "zebra"'), ['lion one.txt']);
  assert.deepEqual(await found('starred = true'), ['lion one.txt']);
  assert.deepEqual(await found('hidden = true and starred = true and labels in ["tame", "wild"]'), ['lion one.txt']);
  assert.deepEqual(await found('labels in "tame"'), []);
  assert.equal(done(await search({ query: 'starred = true' })).items[0].starred, true);
  done(await update(id, { description: 'no more', starred: false }));
  assert.deepEqual(await found('description match "zebra" or starred = true'), []);
  done(await trash(home.file_id), 204);
  assert.deepEqual(await found('name match "lion"'), [], 'below a trashed folder');
  done(await call(s, ann, '/recyclebin/restore', { drive_id: ann.drive_id, file_id: home.file_id }), 204);
  assert.deepEqual(await found('name match "lion"'), ['lion one.txt']);
  done(await trash(id), 204);
  assert.deepEqual(await found('name match "lion"'), []);
  const bens = await folder(s, ben, 'zebra');
  assert.deepEqual(await here(), []);
  done(await trash(bens.file_id, ben), 204);
  const pending = done(await call(s, ann, '/file/create', { drive_id: ann.drive_id, parent_file_id: 'root', name: 'lion two', type: 'file', size: 3 }), 201);
  assert.ok(pending.upload_id);
  assert.deepEqual(await found('name match "lion"'), [], 'an upload that is not complete');
  done(await trash(home.file_id), 204);
});

test('orders, and pages of every size', async () => {
  const carl = await s.person('carl', { drive: true });
  const home = await folder(s, carl, 'home');
  for (const [name, size] of [['b', 3], ['a', 1], ['d', 2], ['c', 2], ['e', 5]]) await file(`${name}.txt`, home.file_id, 'x'.repeat(size), {}, carl);
  await folder(s, carl, 'f.txt', home.file_id);
  const query = `parent_file_id = "${home.file_id}"`;
  const letters = async body => (await walk({ query, ...body }, carl)).map(name => name[0]).join('');
  const want = { 'name ASC': 'abcdef', 'name DESC': 'fedcba', name: 'abcdef', 'created_at ASC': 'badcef', 'created_at DESC': 'fecdab',
    'size ASC, name ASC': 'facdbe', 'size DESC,name DESC': 'ebdcaf', 'updated_at ASC': 'badcef',
    'type ASC,name DESC': 'edcbaf', 'type DESC,name ASC': 'fabcde' };
  for (const [order_by, letters_] of Object.entries(want))
    for (const limit of [1, 2, 3, 4, 5, 6, 7, 100]) assert.equal(await letters({ order_by, limit }), letters_, `${order_by} ${limit}`);
  assert.equal(await letters({ limit: 2 }), 'badcef', 'without an order: the oldest first');
  assert.equal((await walk({ limit: 3 }, carl)).length, 7, 'without a query: everything');
  assert.equal((await walk({ limit: 3, query: '' }, carl)).length, 7);
});

test('a marker fixes query, order and total, and is bound to caller and drives', async () => {
  const first = done(await search({ query: 'type = "file"', order_by: 'size DESC', limit: 2, return_total_count: true }));
  assert.equal(first.total_count, 5);
  assert.deepEqual(first.items.map(item => item.size), [500, 400]);
  const second = done(await search({ query: 'nonsense at all', order_by: 'nonsense', limit: 2, marker: first.next_marker }));
  assert.deepEqual(second.items.map(item => item.size), [300, 200]);
  assert.equal(second.total_count, 5);
  const last = done(await search({ limit: 2, marker: second.next_marker }));
  assert.deepEqual(last.items.map(item => item.size), [100]);
  assert.equal(last.next_marker, '');
  for (const marker of alterations(first.next_marker, 9)) refused(await search({ marker }), 400, 'InvalidParameter.Marker');
  refused(await search({ marker: first.next_marker }, ben), 400, 'InvalidParameter.Marker');
  refused(await search({ marker: 'x' }), 400, 'InvalidParameter.Marker');
  refused(await bin({ marker: first.next_marker }), 400, 'InvalidParameter.Marker');
  const long = `name = "${'名'.repeat(4000)}" or type = "file"`;
  assert.equal((await walk({ query: long, limit: 2 })).length, 5);
});

test('total_count is all that is found, where asked for', async () => {
  assert.equal(done(await search({ query: 'name match "report"', limit: 1, return_total_count: true })).total_count, 2);
  assert.equal(done(await search({ query: 'size > 100', return_total_count: true, limit: 1 })).total_count, 4);
  assert.equal(done(await search({ query: 'name = "none"', return_total_count: true })).total_count, 0);
  assert.ok(!('total_count' in done(await search({ return_total_count: false }))));
  assert.deepEqual(Object.keys(done(await search({}))), ['items', 'next_marker']);
});

test('an item is the File that get shows', async () => {
  const get = done(await call(s, ann, '/file/get', { drive_id: ann.drive_id, file_id: ids.report, fields: '*' }));
  const query = 'size = 100 and type = "file"', { action_list, url, download_url, ...file } = get;
  const item = done(await search({ query, fields: '*' })).items[0];
  assert.ok(item.url && item.download_url);
  for (const [member, value] of Object.entries(file)) assert.deepEqual(item[member], value, member);
  assert.equal(item.name_path, 'root/docs/Quarterly report 12, final v3.txt');
  assert.equal(item.parent_file_id, ids.docs);
  assert.ok(!('url' in done(await search({ query })).items[0]));
  assert.ok('url' in done(await search({ query, fields: 'url', url_expire_sec: 10 })).items[0]);
  assert.match(unsupported(await search({ query, thumbnail_processes: { a: {} } })), /thumbnail/);
});

test('a query that is not one is refused where it stops making sense', async () => {
  const cases = { 'name': 5, 'name = x': 8, 'nmae = "x"': 1, '(size=1': 1, 'size = "1"': 8, 'name prefix "x"': 6,
    'parent_file_id prefix "1"': 16, 'created_at > "yesterday"': 14, 'type = "link"': 8, 'category = "pictures"': 12, 'size=1 AND size=2': 8 };
  for (const [query, at] of Object.entries(cases))
    assert.match(refused(await search({ query }), 400, 'InvalidParameter.Query'), new RegExp(`at character ${at}:`), query);
  done(await search({ query: `name = "${'x'.repeat(4087)}"` }));
  refused(await search({ query: `name = "${'x'.repeat(4088)}"` }), 400, 'InvalidParameterOutOfRange.Query');
  refused(await search({ query: `${'('.repeat(2000)}size=1${')'.repeat(2000)}` }), 400, 'InvalidParameter.Query');
  done(await search({ query: `size=1${' or size=1'.repeat(400)}` }));
  done(await search({ query: `name match "${'a b '.repeat(1000)}"` }));
  refused(await search({ query: 5 }), 400, 'InvalidParameterWrongFormat.Query');
});

test('bounds and refusals', async () => {
  for (const limit of [1, 100]) done(await search({ limit }));
  for (const limit of [0, -1, 101, '5', 1.5]) refused(await search({ limit }), 400, 'InvalidParameterOutOfRange.Limit');
  for (const order_by of ['x', 'name asc', 'name UP', 'name ASC,', ',name', 'name ASC DESC', 'name, name DESC', 'id ASC'])
    refused(await search({ order_by }), 400, 'InvalidParameter.OrderBy');
  done(await search({ order_by: '' }));
  refused(await search({ order_by: 'name ASC,'.repeat(20) }), 400, 'InvalidParameterOutOfRange.OrderBy');
  assert.match(lenient(await search({ order_by: 'type ASC' })), /order_by/);
  refused(await search({ fields: 'nonsense' }), 400, 'InvalidParameter.Fields');
  refused(await search({ drive_id: undefined }), 400, 'InvalidParameterMissing.DriveId');
  refused(await search({ drive_id: undefined, drive_id_list: [] }), 400, 'InvalidParameterMissing.DriveId');
  refused(await search({ drive_id: 'x' }), 400, 'InvalidParameter.DriveId');
  refused(await search({ drive_id: '4503599627370495' }), 404, 'NotFound.Drive');
  refused(await search({ drive_id: ann.drive_id }, ben), 404, 'NotFound.Drive');
  refused(await call(s, null, '/file/search', { drive_id: ann.drive_id }), 401, 'AccessTokenInvalid');
});

test('several drives in one search', async () => {
  const dora = await s.person('dora');
  const made = [];
  for (let i = 0; i < 3; i++) made.push((await s.cli('drive', 'add', `d${i}`, '--owner', 'dora')).drive_id);
  for (let i = 0; i < 9; i++) await folder(s, { ...dora, drive_id: made[i % 3] }, `entry ${i}`);
  const all = Array.from({ length: 9 }, (_, i) => `entry ${i}`);
  for (const limit of [1, 2, 4, 9, 10])
    for (const query of ['name match "entry"', ''])
      assert.deepEqual(await walk({ drive_id: undefined, drive_id_list: made, query, limit, order_by: 'name ASC' }, dora), all);
  const page = done(await search({ drive_id: undefined, drive_id_list: [...made, made[0]], return_total_count: true }, dora));
  assert.equal(page.total_count, 9);
  assert.deepEqual([...new Set(page.items.map(item => item.drive_id))].sort(), [...made].sort());
  assert.equal(done(await search({ drive_id: made[0], drive_id_list: made }, dora)).items.length, 3, 'drive_id is looked at first');
  refused(await search({ drive_id: undefined, drive_id_list: [made[0], ann.drive_id] }, dora), 404, 'NotFound.Drive');
  refused(await search({ drive_id: undefined, drive_id_list: Array(101).fill(made[0]) }, dora), 400, 'InvalidParameterOutOfRange.DriveIdList');
});

test('a member of a team finds what is in its drive, as long as he is one', async () => {
  const erin = await s.person('erin');
  const team = await s.cli('group', 'add', 'searchers');
  const drive_id = (await s.cli('drive', 'add', 'team', '--owner', 'searchers')).drive_id;
  await s.cli('group', 'join', 'searchers', 'erin', '--role', 'viewer');
  await s.cli('group', 'join', 'searchers', 'ann', '--role', 'editor');
  await folder(s, { ...ann, drive_id }, 'team secret');
  assert.ok(team.group_id);
  assert.deepEqual(names(await search({ drive_id, query: 'name match "secret"' }, erin)), ['team secret']);
  await s.cli('group', 'leave', 'searchers', 'erin');
  refused(await search({ drive_id, query: 'name match "secret"' }, erin), 404, 'NotFound.Drive');
});

test('the bin: what was put there, and nothing below', async () => {
  const fred = await s.person('fred', { drive: true });
  const top = await folder(s, fred, 'top'), below = await folder(s, fred, 'below', top.file_id);
  const a = await file('a report.txt', 'root', 'xx', {}, fred), b = await file('b report.txt', top.file_id, 'x', {}, fred);
  assert.deepEqual(done(await bin({}, fred)).items, []);
  for (const id of [a, b, top.file_id]) done(await trash(id, fred), 204);
  assert.ok(below.file_id);
  const list = (body, limit = 1) => walk({ limit, order_by: 'name ASC', ...body }, fred, bin);
  assert.deepEqual(await list({}), ['a report.txt', 'b report.txt', 'top']);
  assert.deepEqual(await list({ query: '' }, 200), ['a report.txt', 'b report.txt', 'top']);
  assert.deepEqual(await list({ query: 'name match "report"' }), ['a report.txt', 'b report.txt']);
  assert.deepEqual(await list({ query: `parent_file_id = "${top.file_id}"` }), ['b report.txt']);
  assert.deepEqual(await list({ query: 'parent_file_id = "root"' }), ['a report.txt', 'top']);
  assert.deepEqual(await list({ order_by: 'type ASC,updated_at DESC' }), ['b report.txt', 'a report.txt', 'top']);
  assert.deepEqual(await list({ drive_id: undefined }), ['a report.txt', 'b report.txt', 'top']);
  const item = done(await bin({ query: 'name match "b"', fields: '*' }, fred)).items[0];
  assert.ok(item.trashed_at && item.auto_delete_left_sec > 0 && !item.url);
  assert.equal(item.parent_file_id, top.file_id);
  assert.deepEqual(await walk({ limit: 10 }, fred), [], 'a search of files shows none of it');
  for (const limit of [0, 201]) refused(await bin({ limit }, fred), 400, 'InvalidParameterOutOfRange.Limit');
  refused(await bin({ query: 'x' }, fred), 400, 'InvalidParameter.Query');
  refused(await bin({ drive_id: ann.drive_id }, fred), 404, 'NotFound.Drive');
  refused(await call(s, null, '/recyclebin/search_all', {}), 401, 'AccessTokenInvalid');
  done(await call(s, fred, '/recyclebin/restore', { drive_id: fred.drive_id, file_id: a }), 204);
  assert.deepEqual(await list({ query: 'name match "report"' }), ['b report.txt']);
});

test('keywords, as consumer clients send them, and what --strict refuses', async () => {
  const answer = await search({ query: "keywords = 'quart rep'" });
  assert.deepEqual(names(answer), ['Quarterly report 12, final v3.txt']);
  assert.match(lenient(answer), /query: consumer/);
  assert.equal(lenient(await search({ query: 'name match "x"' })), undefined);
  const strict = await startServer({ args: ['--strict'] });
  try {
    const gwen = await strict.person('gwen', { drive: true });
    const ask = body => call(strict, gwen, '/file/search', { drive_id: gwen.drive_id, ...body });
    done(await ask({ query: 'description prefix "x" or name match "x"' }));
    refused(await ask({ query: "keywords = 'x'" }), 400, 'InvalidParameter.Query');
    refused(await ask({ query: 'description match "x"' }), 400, 'InvalidParameter.Query');
    refused(await ask({ order_by: 'type ASC' }), 400, 'InvalidParameter.OrderBy');
  } finally {
    await strict.stop();
  }
});

test('hundreds of entries: every page size, every order, nothing twice, nothing missing', async () => {
  const hugo = await s.person('hugo', { drive: true });
  const homes = [];
  for (let i = 0; i < 3; i++) homes.push((await folder(s, hugo, `home ${i}`)).file_id);
  await Promise.all(Array.from({ length: 150 }, (_, i) => folder(s, hugo, `item ${i} ${i % 2 ? 'odd' : 'even'}`, homes[i % 3])));
  for (const order_by of ['name ASC', 'name DESC', 'created_at DESC', 'updated_at ASC', 'size ASC', 'type DESC, name ASC'])
    for (const [query, count] of [['name match "odd"', 75], ['name match "item" and not name match "odd"', 75], ['size = 0', 153],
      [`parent_file_id = "${homes[1]}"`, 50]])
      for (const limit of [7, 100]) {
        const all = await walk({ query, order_by, limit }, hugo);
        assert.equal(all.length, count, `${query} ${order_by} ${limit}`);
        assert.equal(new Set(all).size, count);
      }
});
