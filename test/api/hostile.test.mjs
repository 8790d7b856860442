// Every operation of every dialect against what it must not swallow: bodies that are none, fields out of their
// bounds, credentials of nobody and of others. The operations and their bounds are taken from what the
// program itself says in `polydrive openapi`, so a new row is tested without a line here.
//
// Whatever comes: the answer is the vendor's error envelope and never a 5xx, nothing changes, the server lives
// and its sanitizers are silent.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { startServer } from './harness.mjs';
import { dingtalkToken, get, koodriveHeaders, koodriveList, pds, pdsCreate, pdsFolder, pdsList, pdsUpload,
         send } from './transfer.mjs';

const dialects = ['pds', 'dingtalk', 'koodrive'];
let s, boss, eve, world, appToken;
const operations = {}; // dialect → [{ id, method, path, parameters, body, form, anyone, unsupported }]

before(async () => {
  s = await startServer({ args: ['--strict'] });
  boss = await s.person('boss', { admin: true, drive: true });
  eve = await s.person('eve', { drive: true });
  const app = await s.app('hostile');
  appToken = await dingtalkToken(s, app);
  const file = await pdsUpload(s, boss, 'precious.txt', [Buffer.from('precious')]);
  await pdsUpload(s, boss, 'precious.txt', [Buffer.from('more precious')], { file_id: file.file_id });
  const folder = await pdsFolder(s, boss, 'folder');
  const binned = await pdsUpload(s, boss, 'binned.txt', [Buffer.from('binned')]);
  await pds(s, boss, '/v2/recyclebin/trash', { drive_id: boss.drive_id, file_id: binned.file_id }, 204);
  const upload = await pdsCreate(s, boss, 'open.bin', 1, { size: 3 });
  world = { file: file.file_id, revision: file.revision_id, folder: folder.file_id, binned: binned.file_id, upload: upload.upload_id,
            uploading: upload.file_id, drive: boss.drive_id, user: boss.user_id, app };
  world.group = String((await s.cli('group', 'add', 'crew')).group_id);
  await s.cli('group', 'join', 'crew', 'boss');
  for (const dialect of dialects) operations[dialect] = readOperations(await s.cli('openapi', dialect));
});
after(() => s?.stop());

// ---- what the program says of itself ----

function readOperations(document) {
  const found = [];
  const resolve = schema => schema?.$ref ? resolve(document.components.schemas[schema.$ref.split('/').pop()]) : schema;
  for (const [path, methods] of Object.entries(document.paths))
    for (const [method, op] of Object.entries(methods)) {
      const [type, content] = Object.entries(op.requestBody?.content ?? {})[0] ?? [];
      found.push({ id: op.operationId, method: method.toUpperCase(), path, resolve,
        parameters: op.parameters ?? [], body: content && resolve(content.schema),
        form: type === 'application/x-www-form-urlencoded', anyone: op.security?.length === 0,
        unsupported: op['x-polydrive-unsupported'], lenient: op['x-polydrive-lenient'] });
    }
  return found;
}
// RevokeToken ends the token that asks: pds_jwt.test.mjs.
const alive = dialect => operations[dialect].filter(op => !op.unsupported && !op.lenient && op.id !== 'RevokeToken');

// ---- plausible values, so that only the field under test is wrong ----

let made = 0;
function plausible(name, schema, resolve) {
  const known = {
    name: `n${++made}`, drive_name: `n${made}`, fileName: `n${made}`, spaceType: 'org', grant_type: 'client_credentials',
    appKey: world.app.app_key, appkey: world.app.app_key, client_id: world.app.app_key,
    appSecret: world.app.app_secret, appsecret: world.app.app_secret, client_secret: world.app.app_secret,
    drive_id: world.drive, containerId: world.drive, container: world.drive, spaceId: world.drive, spaceIds: [world.drive],
    file_id: world.file, fileId: world.file, dentryId: world.file, fileIds: [world.file], upload_id: world.upload, revision_id: world.revision,
    file_path: '/precious.txt', parent_file_id: 'root', parentFileId: 'root', parentId: '0', parentFolder: ['root'], unionId: world.user,
    owner: world.user, ownerId: world.user, user_id: world.user, userId: world.user,
    group_id: world.group, manage_resource_id: world.group, member_id: world.user, identity_id: world.user,
  }[name];
  if (known !== undefined) return known;
  schema = resolve(schema);
  if (schema.enum) return schema.enum[0];
  switch (schema.type) {
  case 'integer': return Math.max(schema.minimum ?? 1, 1) <= (schema.maximum ?? 1) ? Math.max(schema.minimum ?? 1, 1) : schema.minimum;
  case 'boolean': return false;
  case 'array': return Array.from({ length: schema.minItems ?? 1 }, () => plausible(name, schema.items, resolve));
  case 'object': return objectOf(schema, resolve);
  default:
    if (schema.format === 'date-time') return '2026-01-02T03:04:05Z';
    if (/0-9A-Fa-f/.test(schema.pattern ?? '')) return 'ab'.repeat(Math.max(1, (schema.minLength ?? 2) / 2));
    if (/\[0-9\]/.test(schema.pattern ?? '')) return '1'.repeat(Math.max(1, schema.minLength ?? 1));
    return 'n'.repeat(Math.max(1, schema.minLength ?? 1));
  }
}

const objectOf = (schema, resolve) => Object.fromEntries((schema.required ?? [])
  .map(name => [name, plausible(name, schema.properties[name], resolve)]));

// A request with every required field, as parts that a test may spoil.
function draft(op) {
  const required = place => Object.fromEntries(op.parameters
    .filter(p => p.in === place && (p.required || place === 'path'))
    .map(p => [p.name, plausible(p.name, p.schema, op.resolve)]));
  const body = op.body ? objectOf(op.body, op.resolve) : undefined;
  // What no schema says: one of drive_id and share_id is needed; which file an operation is about.
  if (op.body?.properties.drive_id) body.drive_id = world.drive;
  const file = /upload|multipart|complete/i.test(op.path) ? world.uploading : /restore/i.test(op.path) ? world.binned : world.file;
  for (const name of ['file_id', 'fileId']) if (body?.[name]) body[name] = file;
  const path = required('path');
  if (path.type !== undefined) path.type = '0';
  return { path, query: required('query'), headers: required('header'), body };
}

// ---- asking ----

// Numbers that JSON.stringify cannot write.
class Raw { constructor(text) { this.text = text; } }
function json(value) {
  if (value instanceof Raw) return value.text;
  if (Array.isArray(value)) return `[${value.map(json).join(',')}]`;
  if (value && typeof value === 'object') return `{${Object.entries(value).map(([k, v]) => `${JSON.stringify(k)}:${json(v)}`).join(',')}}`;
  return JSON.stringify(value);
}
const asText = value => value instanceof Raw ? value.text : typeof value === 'object' ? json(value) : String(value);

function credentials(dialect, who = 'boss') {
  const person = { boss, eve }[who];
  switch (dialect) {
  case 'pds': return { Authorization: `Bearer ${person.token}` };
  case 'koodrive': return { Authorization: `Bearer ${person.token}`, ...koodriveHeaders(person) };
  case 'dingtalk': return { 'x-acs-dingtalk-access-token': who === 'boss' ? appToken : person.token };
  }
}

async function ask(dialect, op, { path, query, headers: more, body }, headers = credentials(dialect), raw) {
  const where = op.path.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(asText(path[name])));
  const asked = Object.entries(query).flatMap(([k, v]) => (Array.isArray(v) ? v : [v])
    .map(one => `${encodeURIComponent(k)}=${encodeURIComponent(asText(one))}`)).join('&');
  let bytes = raw;
  const type = op.form ? 'application/x-www-form-urlencoded' : 'application/json';
  if (bytes === undefined && body !== undefined)
    bytes = op.form ? Object.entries(body).map(([k, v]) => `${encodeURIComponent(k)}=${encodeURIComponent(asText(v))}`).join('&') : json(body);
  if (bytes !== undefined) bytes = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes);
  const answer = await send(op.method, s.url + where + (asked ? '?' + asked : ''), { body: bytes, headers: {
    ...more, ...headers, ...(bytes ? { 'Content-Type': type, 'Content-Length': bytes.length } : {}) } });
  try { answer.body = JSON.parse(answer.text); } catch { answer.body = null; }
  return answer;
}

// ---- judging ----

const envelopes = {
  pds(answer) {
    assert.match(answer.headers['content-type'] ?? '', /^application\/json/);
    assert.ok(answer.headers['x-ca-request-id']);
    assert.deepEqual([typeof answer.body.code, typeof answer.body.message], ['string', 'string']);
  },
  dingtalk(answer) {
    assert.match(answer.headers['content-type'] ?? '', /^application\/json/);
    assert.deepEqual(['code', 'requestid', 'message'].map(k => typeof answer.body[k]), ['string', 'string', 'string']);
  },
  koodrive(answer) {
    assert.match(answer.headers['content-type'] ?? '', /^application\/json/);
    assert.equal(typeof answer.body.code, 'number');
    assert.notEqual(answer.body.code, 0);
    assert.equal(typeof answer.body.msg, 'string');
    assert.equal(answer.body.error.code, answer.status);
    assert.equal(answer.body.error.errorDetail[0].errorCode, String(answer.body.code));
  },
};

const told = (dialect, op, what, answer) =>
  `${dialect} ${op.id} (${op.method} ${op.path}), ${what}: ${answer.status} ${answer.text.slice(0, 400)}`;

function refused(dialect, op, what, answer) {
  if (dialect === 'dingtalk' && !op.path.startsWith('/v')) return refusedOfOld(op, what, answer);
  assert.ok(answer.status >= 400 && answer.status < 500, told(dialect, op, what, answer));
  try {
    assert.ok(answer.body && typeof answer.body === 'object');
    envelopes[dialect](answer);
  } catch (error) {
    assert.fail(`${told(dialect, op, what, answer)}: not the vendor's envelope: ${error.message}`);
  }
}

// DingTalk's old host says 200 whatever happens.
function refusedOfOld(op, what, answer) {
  assert.ok(answer.status === 200 || (answer.status >= 400 && answer.status < 500), told('dingtalk', op, what, answer));
  assert.equal(typeof answer.body?.errcode, 'number', told('dingtalk', op, what, answer));
  assert.ok(answer.body.errcode !== 0 && answer.body.errmsg, told('dingtalk', op, what, answer));
}

function unbroken(dialect, op, what, answer) {
  assert.ok(answer.status < 500, told(dialect, op, what, answer));
  if (answer.status >= 400) refused(dialect, op, what, answer);
}

const plainly = text => text.toLowerCase().replace(/[_\- ]/g, '');
function names(dialect, op, field, what, answer) {
  assert.ok(plainly(answer.text).includes(plainly(field)), `the answer does not name ${field}: ${told(dialect, op, what, answer)}`);
}

// All that a request could have changed.
async function snapshot() {
  const drives = await s.cli('drive', 'list');
  return JSON.stringify([drives, await s.cli('user', 'list'), await s.cli('group', 'list'),
    (await pdsList(s, boss)).map(f => [f.file_id, f.name, f.size, f.updated_at, f.revision_id]),
    (await koodriveList(s, boss, 1)).map(f => f.id), (await pdsList(s, eve)).length]);
}

async function unchanged(run) {
  const before = await snapshot();
  await run();
  assert.equal(await snapshot(), before);
}

// Runs the cases of one operation a few at a time.
async function each(items, run) {
  const queue = [...items];
  await Promise.all(Array.from({ length: 4 }, async () => { while (queue.length) await run(queue.shift()); }));
}

// ---- bodies ----

const nested = depth => '['.repeat(depth) + ']'.repeat(depth);
const badBodies = {
  'half an object': '{', 'a word': 'x', 'a missing value': '{"a":}', 'a trailing comma': '{"a":1,}', 'two objects': '{}{}',
  'single quotes': "{'a':1}", 'a comment': '{/**/}', 'NaN': '{"a":NaN}', 'a bare control character': '{"a":"\u0001"}',
  'an array': '[]', 'a string': '"x"', 'a number': '1', 'true': 'true', 'a form': 'a=1&b=2', 'XML': '<a/>',
  'nested arrays': `{"a":${nested(1000)}}`, 'nested objects': '{"a":'.repeat(1000) + '1' + '}'.repeat(1000),
  'a key twice': '{"a":1,"a":2}', 'a key twice, escaped': '{"a":1,"\\u0061":2}', 'a needless zero': '{"a":01}',
  'a lone surrogate': '{"a":"\\ud800"}', 'half a surrogate pair': '{"a":"\\ud800\\u0041"}', 'a byte order mark': '\ufeff{}',
  'invalid UTF-8': Buffer.concat([Buffer.from('{"a":"'), Buffer.from([0xff]), Buffer.from('"}')]),
  'overlong UTF-8': Buffer.concat([Buffer.from('{"a":"'), Buffer.from([0xc0, 0xaf]), Buffer.from('"}')]),
  'a surrogate in UTF-8': Buffer.concat([Buffer.from('{"a":"'), Buffer.from([0xed, 0xa0, 0x80]), Buffer.from('"}')]),
  'NUL bytes': Buffer.alloc(64),
};

for (const dialect of dialects) {
  test(`${dialect}: a body that is not one is refused by every operation`, () => unchanged(async () => {
    for (const op of alive(dialect).filter(op => op.body && !op.form))
      await each(Object.entries(badBodies), async ([what, bytes]) =>
        refused(dialect, op, what, await ask(dialect, op, draft(op), undefined, bytes)));
  }));

  test(`${dialect}: fields beside doubled, broken or endless ones do not get through`, () => unchanged(async () => {
    for (const op of alive(dialect).filter(op => op.body && !op.form)) {
      const good = json(draft(op).body), open = good.slice(0, -1) + (good === '{}' ? '' : ',');
      for (const [name] of Object.entries(draft(op).body).slice(0, 3)) {
        const value = json(draft(op).body[name]);
        refused(dialect, op, `${name} twice`, await ask(dialect, op, draft(op), undefined, `${open}${JSON.stringify(name)}:${value}}`));
      }
      refused(dialect, op, 'depth', await ask(dialect, op, draft(op), undefined, `${open}"zzz":${nested(40)}}`));
      const big = await ask(dialect, op, draft(op), undefined, `${open}"zzz":"${'x'.repeat(9 << 20)}"}`)
        .catch(error => assert.ok(['ECONNRESET', 'EPIPE'].includes(error.code), String(error)));
      if (big) refused(dialect, op, '9 MiB', big);
    }
  }));

  test(`${dialect}: a form that is none is refused`, () => unchanged(async () => {
    for (const op of alive(dialect).filter(op => op.form))
      for (const bytes of ['%', 'a=%zz', '%ff=1', '=', '&&&', 'x'.repeat(100_000), '{}', ...Object.keys(op.body.properties)
        .flatMap(name => [`${name}=%ff`, `${name}=%zz`, `${name}=a&${name}=b`])])
        refused(dialect, op, bytes.slice(0, 60), await ask(dialect, op, draft(op), undefined, bytes));
  }));

  // ---- credentials ----

  test(`${dialect}: nobody and a stranger's token are refused by every operation`, () => unchanged(async () => {
    const name = dialect === 'dingtalk' ? 'x-acs-dingtalk-access-token' : 'Authorization';
    const scheme = dialect === 'dingtalk' ? '' : 'Bearer ';
    const good = credentials(dialect)[name];
    const bad = { 'no token': undefined, 'an empty one': '', 'a made up one': scheme + 'ab'.repeat(24),
      'one letter off': good.slice(0, -1) + (good.endsWith('0') ? '1' : '0'), 'a short one': good.slice(0, -1),
      'capitals': scheme + good.slice(scheme.length).toUpperCase(), 'a long one': scheme + 'a'.repeat(4000),
      'quotes': `${scheme}"${good.slice(scheme.length)}"`, 'SQL': `${scheme}' OR 1=1 --`, 'Basic': 'Basic YTpi' };
    for (const op of alive(dialect).filter(op => !op.anyone))
      await each(Object.entries(bad), async ([what, value]) => {
        const { [name]: _, ...headers } = credentials(dialect);
        if (/^[A-F0-9]*$/.test(good) && what === 'capitals') return;
        refused(dialect, op, what, await ask(dialect, op, draft(op), value === undefined ? headers : { ...headers, [name]: value }));
      });
  }));

  test(`${dialect}: somebody else's things are refused by every operation that names one`, () => unchanged(async () => {
    const things = /^(drive_id|containerId|spaceId|spaceIds|file_id|fileId|fileIds|upload_id|unionId|owner|ownerId|userId|user_id)$/;
    for (const op of alive(dialect).filter(op => !op.anyone)) {
      const asked = draft(op);
      // Those that are optional too, so that the request names them.
      for (const [name, schema] of Object.entries(op.body?.properties ?? {}))
        if (things.test(name) && name !== 'file_id') asked.body[name] ??= plausible(name, schema, op.resolve);
      const named = [...Object.keys(asked.path), ...Object.keys(asked.query), ...Object.keys(asked.body ?? {})].some(n => things.test(n));
      const answer = await ask(dialect, op, asked, credentials(dialect, 'eve'));
      if (named) refused(dialect, op, 'by somebody else', answer);
      // It was the person, not the request.
      if (named && /^(Get|List|Info)/.test(op.id) && !asked.body?.share_id) { // a share wants its token too
        const own = await ask(dialect, op, asked);
        assert.equal(own.status, 200, told(dialect, op, 'by its owner', own));
      }
      if (!named) unbroken(dialect, op, 'by somebody else', answer);
    }
  }));

  // ---- fields ----

  test(`${dialect}: every field refuses what its schema forbids`, t => unchanged(async () => {
    let cases = 0;
    for (const op of alive(dialect))
      await each(spoilt(op), async ({ asked, field, what, quiet }) => {
        const answer = await ask(dialect, op, asked);
        refused(dialect, op, what, answer);
        if (!quiet) names(dialect, op, field, what, answer);
        cases++;
      });
    t.diagnostic(`${cases} cases in ${alive(dialect).length} operations`);
    assert.ok(cases > alive(dialect).length);
  }));
}

// Each field of an operation with what its schema forbids, everything else plausible.
function* spoilt(op) {
  for (const parameter of op.parameters) {
    if (parameter.in === 'header') continue;
    const schema = op.resolve(parameter.schema), { name } = parameter;
    if (parameter.in === 'query' && parameter.required) {
      const asked = draft(op);
      delete asked.query[name];
      yield { asked, field: name, what: `query ${name} left out` };
    }
    for (const [what, value] of wrongTexts(schema)) {
      if (parameter.in === 'path' && (value === '' || /^\.\.?$/.test(value))) continue;
      const asked = draft(op);
      asked[parameter.in][name] = value;
      // What stands in a path may be no route at all then.
      yield { asked, field: name, what: `${parameter.in} ${name}: ${what}`, quiet: parameter.in === 'path' };
    }
  }
  if (!op.body) return;
  if (op.form) {
    for (const name of op.body.required ?? []) {
      const asked = draft(op);
      delete asked.body[name];
      yield { asked, field: name, what: `${name} left out`, quiet: true };
    }
    return;
  }
  yield* spoiltObject(op, op.body, [], () => draft(op));
}

function* spoiltObject(op, schema, at, base) {
  const place = (root, value, name) => {
    let target = root.body;
    for (const step of at) target = target[step];
    if (value === undefined) delete target[name];
    else target[name] = value;
    return root;
  };
  for (const [name, raw] of Object.entries(schema.properties ?? {})) {
    const field = op.resolve(raw), label = [...at, name].join('.');
    if (schema.required?.includes(name)) {
      yield { asked: place(base(), undefined, name), field: name, what: `${label} left out` };
      yield { asked: place(base(), null, name), field: name, what: `${label} null` };
    }
    for (const [what, value] of wrongValues(field, name, op.resolve))
      yield { asked: place(base(), value, name), field: name, what: `${label}: ${what}` };
    // Inside of objects and of the first item of lists.
    const inner = field.type === 'array' ? op.resolve(field.items) : field;
    if (inner?.type === 'object' && inner.properties && at.length < 4) {
      const deeper = () => place(base(), field.type === 'array' ? [objectOf(inner, op.resolve)] : objectOf(inner, op.resolve), name);
      yield* spoiltObject(op, inner, field.type === 'array' ? [...at, name, 0] : [...at, name], deeper);
    }
  }
}

// Values of a query or path, where all is text.
function* wrongTexts(schema) {
  if (schema.enum) yield ['a word that is none', 'no-such-word'];
  else if (schema.type === 'integer') {
    for (const text of ['abc', '1.5', '1e1', '0x10', ' 1', '1 ', '+1', '--1', '1,000', '９', '9'.repeat(30)]) yield [text, text];
    if (schema.minimum !== undefined) yield ['one below', String(BigInt(schema.minimum) - 1n)];
    if (schema.maximum !== undefined) yield ['one above', String(BigInt(schema.maximum) + 1n)];
  } else if (schema.type === 'boolean') for (const text of ['yes', '1', 'TRUE', 'truee']) yield [text, text];
  else if (schema.type === 'string' && schema.maxLength !== undefined) yield ['one longer', 'x'.repeat(schema.maxLength + 1)];
}

function* wrongValues(schema, name, resolve) {
  const others = { string: [1, true, ['x'], { x: 1 }], integer: ['abc', true, [1], { x: 1 }, new Raw('1.5'), new Raw('1e400')],
    boolean: ['true', 1, 0, [], {}], array: ['x', 1, true, { x: 1 }], object: ['x', 1, true, []] }[schema.type] ?? [];
  for (const value of others) {
    const numeric = schema.enum && typeof schema.enum[0] === 'number';
    if (schema.enum && typeof value === (numeric ? 'number' : 'string')) continue;
    yield [json(value), value];
  }
  if (schema.enum) {
    yield ['a word that is none', typeof schema.enum[0] === 'number' ? 4711 : 'no-such-word'];
    if (typeof schema.enum[0] === 'string' && schema.enum[0].toUpperCase() !== schema.enum[0].toLowerCase())
      yield ['a word in other capitals', schema.enum[0] === schema.enum[0].toUpperCase() ? schema.enum[0].toLowerCase() : schema.enum[0].toUpperCase()];
    return;
  }
  if (schema.type === 'integer') {
    if (schema.minimum !== undefined) yield ['one below', new Raw(String(BigInt(schema.minimum) - 1n))];
    if (schema.maximum !== undefined) yield ['one above', new Raw(String(BigInt(schema.maximum) + 1n))];
    for (const text of ['9223372036854775808', '-9223372036854775809', '18446744073709551616', '9'.repeat(1000)])
      yield [text.slice(0, 25), new Raw(text)];
  }
  if (schema.type === 'string') {
    if (schema.maxLength !== undefined) {
      yield ['one longer', letters(schema, schema.maxLength + 1)];
      yield ['one longer, of four bytes each', '𝄞'.repeat(schema.maxLength + 1)];
    }
    if (schema['x-polydrive-max-bytes'] !== undefined) yield ['one byte longer', 'x'.repeat(schema['x-polydrive-max-bytes'] + 1)];
    if (schema.minLength > 1) yield ['one shorter', letters(schema, schema.minLength - 1)];
    if (schema.format === 'date-time') for (const text of ['yesterday', '2026-02-30T00:00:00Z', '2026-01-02', '2026-01-02T03:04:05Zx']) yield [text, text];
    if (/^\^\[0-9\]/.test(schema.pattern ?? '')) for (const text of ['12a', '-1x', '1.5', '１']) yield [text, text];
    if (/0-9A-Fa-f/.test(schema.pattern ?? '')) yield ['not hex', 'zz'.repeat((schema.minLength ?? 2) / 2)];
    if (schema.pattern === '^[^/]+$') for (const text of ['a/b', '..', '.', 'a\u0000b', 'a\nb', 'a\u007fb']) yield [JSON.stringify(text), text];
  }
  if (schema.type === 'array') {
    const item = plausible(name, schema.items, resolve);
    const one = Array.isArray(item) ? item[0] : item;
    if (schema.maxItems !== undefined) yield ['one more', Array(schema.maxItems + 1).fill(one)];
    if (schema.minItems > 0) yield ['one fewer', Array(schema.minItems - 1).fill(one)];
    const kind = resolve(schema.items)?.type;
    if (kind === 'object') yield ['items that are none', ['x', 1]];
    if (kind === 'string') yield ['items of another kind', [{ x: 1 }]];
    if (kind === 'string') yield ['items of another kind, deeper', [['x']]];
  }
}

const letters = (schema, n) => (/0-9/.test(schema.pattern ?? '') ? '1' : 'x').repeat(n);

// ---- values that are allowed or nearly: some of these succeed, so they come last ----

for (const dialect of dialects)
  test(`${dialect}: values at their bounds and strange ones break nothing`, async () => {
    for (const op of alive(dialect))
      await each(strange(op), async ({ asked, what }) => unbroken(dialect, op, what, await ask(dialect, op, asked)));
  });

function* strange(op) {
  const integers = ['0', '1', '-1', '-0', '2147483647', '2147483648', '-2147483648', '-2147483649', '4294967295', '4294967296',
    '9007199254740991', '9007199254740992', '9223372036854775807', '-9223372036854775808', '1e3', '1E+2', '1.0', '0.0', '1e-400'];
  const texts = ['', ' ', '\u0000', '\u202e', '\ufeff', '\ud83d\ude42', 'a\u0301', '%', '%00', "'; DROP TABLE node; --", '../../etc/passwd',
    '${jndi:ldap://x}', '<script>', 'root', '0', '-1', '９', '1'.repeat(300), '\u{10ffff}', '|', '\\', '"', 'NULL', 'undefined'];
  for (const parameter of op.parameters)
    for (const text of parameter.in === 'header' ? [] : [...texts, ...integers]) {
      if (parameter.in === 'path' && (text === '' || /^\.\.?$/.test(text))) continue;
      const asked = draft(op);
      asked[parameter.in][parameter.name] = text;
      yield { asked, what: `${parameter.in} ${parameter.name}: ${JSON.stringify(text)}` };
    }
  for (const [name, raw] of Object.entries(op.body?.properties ?? {})) {
    const schema = op.resolve(raw);
    const values = [null];
    if (schema.type === 'integer') values.push(...integers.map(n => new Raw(n)), ...['minimum', 'maximum'].filter(k => schema[k] !== undefined).map(k => new Raw(String(BigInt(schema[k])))));
    if (schema.type === 'string') values.push(...texts, ...['minLength', 'maxLength'].filter(k => schema[k] !== undefined && schema[k] < 20_000).flatMap(k => [letters(schema, schema[k]), '家'.repeat(schema[k])]));
    if (schema.type === 'array') values.push([], Array(Math.min(schema.maxItems ?? 50, 1000)).fill([plausible(name, schema.items, op.resolve)].flat()[0]), [null], [[]], [{}]);
    if (schema.type === 'object') values.push({}, { '': 1 }, { x: null });
    for (const value of values) {
      const asked = draft(op);
      asked.body[name] = value;
      yield { asked, what: `${name}: ${asText(value).slice(0, 40)}` };
    }
  }
}

// ---- heads: what two parsers would read in two ways, and what is too long ----

for (const dialect of dialects)
  test(`${dialect}: queries and headers that are doubled, broken or endless do not get through`, () => unchanged(async () => {
    for (const op of alive(dialect)) {
      const { path, query, headers, body } = draft(op), parameters = op.parameters.filter(p => p.in === 'query');
      const bytes = body && Buffer.from(op.form ? new URLSearchParams(body).toString() : json(body));
      const where = op.path.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(asText(path[name])));
      const pairs = Object.entries(query).flatMap(([k, v]) => [v].flat().map(one => `${k}=${encodeURIComponent(asText(one))}`));
      const go = (tail, more = {}) => send(op.method, `${s.url}${where}?${[...pairs, ...tail].join('&')}`, { body: bytes,
        headers: { ...headers, ...credentials(dialect), ...(bytes ? { 'Content-Length': bytes.length, 'Content-Type': op.form
          ? 'application/x-www-form-urlencoded' : 'application/json' } : {}), ...more } }).then(parsed);
      for (const { name, schema } of parameters) {
        const value = query[name] ?? plausible(name, schema, op.resolve), list = op.resolve(schema).type === 'array';
        const one = `${name}=${encodeURIComponent(asText([value].flat()[0]))}`;
        if (!list) refused(dialect, op, `${name} doubled`, await go(name in query ? [one] : [one, one]));
        if (name in query) continue;
        for (const text of ['%', '%zz', '%ff', '%c0%af', '%ed%a0%80', 'a%00b'])
          refused(dialect, op, `${name}=${text}`, await go([`${name}=${text}`]));
      }
      if (parameters.length) refused(dialect, op, 'a thousand and more pairs', await go(Array(1001).fill('zz=1')));
      for (const { name } of op.parameters.filter(p => p.in === 'header' && !/^(host|authorization)$/i.test(p.name))) {
        const value = { ...headers, ...credentials(dialect) }[name] ?? 'x';
        refused(dialect, op, `${name} doubled`, await go([], { [name]: [value, value] }));
        refused(dialect, op, `${name}, no UTF-8`, await go([], { [name]: '\u00ff\u00fe' }));
      }
    }
  }));

function parsed(answer) {
  try { answer.body = JSON.parse(answer.text); } catch { answer.body = null; }
  return answer;
}

for (const dialect of dialects)
  test(`${dialect}: a method that no operation has is refused on every path`, () => unchanged(async () => {
    const fits = (pattern, path) => new RegExp(`^${pattern.replace(/\{\w+\}/g, '[^/]+')}$`).test(path);
    for (const op of alive(dialect)) {
      const { path, body } = draft(op), where = op.path.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(asText(path[name])));
      const bytes = Buffer.from(body ? json(body) : '');
      for (const method of ['GET', 'POST', 'PUT', 'DELETE', 'PATCH']) {
        if (operations[dialect].some(other => other.method === method && fits(other.path, where))) continue;
        const answer = parsed(await send(method, s.url + where, { body: bytes, headers: { ...credentials(dialect),
          'Content-Type': 'application/json', 'Content-Length': bytes.length } }));
        if (dialect === 'pds') // its gateway answers by headers alone
          assert.deepEqual([answer.status, answer.headers['x-ca-error-code'], answer.text], [404, 'I404NF', ''], told(dialect, op, method, answer));
        else
          refused(dialect, op, `by ${method}`, answer);
        if (op.path.startsWith('/v')) assert.equal(answer.status, 404, told(dialect, op, method, answer));
      }
    }
  }));

// ---- routes ----

for (const dialect of dialects)
  test(`${dialect}: paths and methods that are none are refused in its own form`, async () => {
    const [first] = alive(dialect);
    const prefix = { pds: '/v2/', dingtalk: '/v1.0/drive/', koodrive: '/koodrive/ose/v1/' }[dialect];
    for (const path of [prefix + 'nothing/here', prefix + '%00', prefix + '%zz', prefix + '..%2f..%2fetc', prefix + 'a'.repeat(2000),
                        `${prefix}${'x/'.repeat(200)}`, prefix + '%ff%fe', prefix + '*'])
      for (const method of ['GET', 'POST', 'PUT', 'DELETE', 'PATCH']) {
        const answer = await send(method, s.url + path, { headers: { ...credentials(dialect), ...(method === 'GET' ? {} : { 'Content-Length': 0 }) } });
        assert.ok(answer.status >= 400 && answer.status < 500, `${method} ${path.slice(0, 60)}: ${answer.status}`);
      }
    const other = ['TRACE', 'PROPFIND', 'PURGE'];
    for (const method of other) {
      const answer = await send(method, s.url + first.path, { headers: credentials(dialect) }).catch(error => error);
      assert.ok(answer instanceof Error || (answer.status >= 400 && answer.status < 600 && answer.status !== 500), `${method}: ${answer.status}`);
    }
  });

// ---- and after all of it ----

test('hostile: the server lives, its sanitizers are silent, and check finds nothing', async () => {
  assert.equal((await get(s.url + '/healthz')).status, 200);
  assert.equal((await pds(s, boss, '/v2/user/get', {}).catch(() => pds(s, boss, '/v2/drive/get', { drive_id: boss.drive_id }))) !== null, true);
  assert.doesNotMatch(s.log(), /AddressSanitizer|LeakSanitizer|runtime error:|UndefinedBehavior|ThreadSanitizer|Assertion/);
  assert.deepEqual(await s.cli('check', '--content'), []);
  await s.stop();
  assert.doesNotMatch(s.log(), /AddressSanitizer|LeakSanitizer|runtime error:|Assertion/);
});
