// The world of the authorization matrix: people, what each may do where, and one way to send any operation of any
// dialect as any of them. Operations and the places of their fields come from `polydrive openapi`.
import assert from 'node:assert/strict';
import { runProgram } from './harness.mjs';
import { signV1 } from './pds.mjs';
import { dingtalkToken, koodrive, koodriveHeaders, pds, put } from './transfer.mjs';

// SEE: that the drive is there, and no more: somebody to whom one folder of it is granted.
export const NONE = 0, SEE = 1, VIEW = 2, EDIT = 3, MANAGE = 4;
export const ABSENT = '4503599627370490';

// ---- operations ----

// { op name: { name, method, path, fields: { name: 'path' | 'query' | 'header' | 'body' }, unsupported, open } } and the
// names of all fields of the dialect with their type.
export async function readDialect(name) {
  const ran = await runProgram(['openapi', name]);
  assert.equal(ran.code, 0, ran.stderr);
  const document = JSON.parse(ran.stdout), ops = {}, words = {};
  for (const [path, methods] of Object.entries(document.paths))
    for (const [method, row] of Object.entries(methods)) {
      const fields = {};
      for (const parameter of row.parameters ?? []) fields[parameter.name] = parameter.in;
      for (const field of Object.keys(row.requestBody?.content?.['application/json']?.schema?.properties ?? {}))
        fields[field] = 'body';
      assert.ok(!ops[row.operationId], `two operations are called ${row.operationId}`);
      ops[row.operationId] = { name: row.operationId, method: method.toUpperCase(), path, fields,
        unsupported: 'x-polydrive-unsupported' in row, open: row.security?.length === 0 };
    }
  collect(document, words);
  return { name, ops, words };
}

function collect(schema, words) {
  if (!schema || typeof schema !== 'object') return;
  for (const [field, of] of Object.entries(schema.properties ?? {})) words[field] ??= of.type ?? 'object';
  for (const value of Object.values(schema)) collect(value, words);
}

// ---- people and places ----

export async function makeWorld(s) {
  const w = { s, people: {}, places: {} };
  const people = ['ann', 'eve', 'vera', 'eddie', 'mona', 'olga', 'leo', 'sam', 'sven', 'dora', 'rita',
    'chief'];
  for (const name of people)
    w.people[name] = await s.person(name, { admin: name === 'chief', drive: ['ann', 'eve', 'rita'].includes(name) });
  const { ann, eve, eddie, chief, leo, sam } = w.people;
  w.domainKey = await s.app('domain key');
  w.evesKey = await s.app('eves key', { user: 'eve' });
  w.appToken = await dingtalkToken(s, w.domainKey);

  w.group = String((await s.cli('group', 'add', 'crew')).group_id);
  const team = (await s.cli('drive', 'add', 'Crew', '--owner', 'crew')).drive_id;
  for (const [name, role] of Object.entries({ vera: 'viewer', eddie: 'editor', mona: 'manager', olga: 'owner', leo: 'editor',
    dora: 'editor' }))
    await s.cli('group', 'join', 'crew', name, '--role', role);
  const shared = (await koodrive(s, ann, 'POST', '/sharefolder/create', { shareType: 0, containerId: ann.drive_id,
    name: 'Shared' })).data;
  await s.cli('group', 'join', String(shared.groupId), 'sam', '--role', 'editor');
  await s.cli('group', 'join', String(shared.groupId), 'sven', '--role', 'viewer');

  w.places.team = await furnish(w, team, 'root', eddie);
  w.places.personal = await furnish(w, ann.drive_id, 'root', ann);
  w.places.eves = await furnish(w, eve.drive_id, 'root', eve);
  w.places.shared = { ...await furnish(w, ann.drive_id, shared.shareFolderId, sam), folder: shared.shareFolderId,
    share: shared.id };
  w.places.left = { drive: team, ...await openUpload(w, leo.token, team, 'root') }; // only an upload
  w.places.absent = Object.fromEntries(['drive', 'folder', 'file', 'revision', 'trashed', 'upload', 'uploadNode', 'share']
    .map(role => [role, ABSENT]));

  await s.cli('group', 'leave', 'crew', 'leo');
  await s.cli('user', 'disable', 'dora');
  await s.cli('token', 'revoke', w.people.rita.token);
  await new Promise(resume => setTimeout(resume, 1100)); // all of this holds within a second, everywhere
  return Object.assign(w, { chief, sharers: ['ann', 'sam', 'sven'] });
}

async function furnish(w, drive, parent, writer) {
  const { token } = writer;
  const folder = await pds(w.s, writer, '/v2/file/create', { drive_id: drive, parent_file_id: parent, name: 'folder',
    type: 'folder' }, 201);
  return { drive, folder: folder.file_id, ...await makeRevised(w, token, drive, parent),
    trashed: await makeTrashed(w, token, drive, parent), ...await openUpload(w, token, drive, parent) };
}

let counter = 0;
export const unique = () => `thing ${++counter}`;

// An open upload whose only part has come.
export async function openUpload(w, token, drive, parent, call) {
  call ??= (path, body, status) => pds(w.s, { token }, path, body, status);
  const made = await call('/v2/file/create', { drive_id: drive, parent_file_id: parent, name: unique(), type: 'file', size: 1,
    part_info_list: [{ part_number: 1 }] }, 201);
  assert.equal((await put(made.part_info_list[0].upload_url, Buffer.from('x'))).status, 200);
  return { upload: made.upload_id, uploadNode: made.file_id };
}

export async function makeFile(w, token, drive, parent = 'root') {
  const { upload, uploadNode } = await openUpload(w, token, drive, parent);
  return (await pds(w.s, { token }, '/v2/file/complete', { drive_id: drive, file_id: uploadNode, upload_id: upload })).file_id;
}

// A file that was another one before, and the number of that revision.
export async function makeRevised(w, token, drive, parent = 'root') {
  const file = await makeFile(w, token, drive, parent), which = { drive_id: drive, file_id: file };
  const { revision_id } = await pds(w.s, { token }, '/v2/file/get', which);
  const made = await pds(w.s, { token }, '/v2/file/create', { ...which, parent_file_id: parent, name: 'x', type: 'file' }, 201);
  assert.equal((await put(made.part_info_list[0].upload_url, Buffer.from('yy'))).status, 200);
  await pds(w.s, { token }, '/v2/file/complete', { ...which, upload_id: made.upload_id });
  return { file, revision: revision_id };
}

export async function makeTrashed(w, token, drive, parent = 'root') {
  const file_id = await makeFile(w, token, drive, parent);
  await pds(w.s, { token }, '/v2/recyclebin/trash', { drive_id: drive, file_id }, 204);
  return file_id;
}

// Something new of this role in this place, for an operation that uses it up.
export async function fresh(w, role, place, actor) {
  const { token } = w.chief, { drive, folder } = w.places[place], parent = place === 'shared' ? folder : 'root';
  if (role === 'file') return makeRevised(w, token, drive, parent);
  if (role === 'trashed') return { trashed: await makeTrashed(w, token, drive, parent) };
  if (role === 'drive') {
    const person = { personal: 'ann', eves: 'eve' }[place];
    return { drive: (await pds(w.s, w.chief, '/v2/drive/create', { drive_name: unique(),
      owner: person ? w.people[person].user_id : w.group, owner_type: person ? 'user' : 'group' }, 201)).drive_id };
  }
  return openUpload(w, actor.token, drive, parent, actor.sign && (async (path, body, status) => {
    const answer = await send(w, { name: 'pds' }, { method: 'POST', path, fields: {} }, body, actor);
    assert.equal(answer.status, status, answer.text);
    return answer.body;
  }));
}

// ---- who may do what where ----

const levels = {
  team: { vera: VIEW, eddie: EDIT, mona: EDIT, olga: MANAGE },
  personal: { ann: MANAGE, sam: SEE, sven: SEE },
  eves: { eve: MANAGE },
  shared: { ann: MANAGE, sam: EDIT, sven: VIEW },
};

// DingTalk: an app that acts as somebody reaches into a personal drive only for its owner.
export function level(actor, place) {
  if (actor.unknown || !levels[place]) return NONE;
  if (actor.app && place !== 'team') return levels[place][actor.who] === MANAGE ? MANAGE : NONE;
  if (actor.who === 'chief') return MANAGE;
  return levels[place][actor.who] ?? NONE;
}

// The principals of a dialect: who (a name of `levels`; chief stands for all administrators) and by what credential.
export function actorsOf(w, dialect) {
  const known = ['ann', 'eve', 'vera', 'eddie', 'mona', 'olga', 'leo', 'sam', 'sven', 'chief'];
  const actors = known.map(who => ({ name: who, who, ...w.people[who] }));
  const unknown = (name, user, token) => ({ name, unknown: true, ...w.people[user], token });
  actors.push(unknown('nobody', 'ann', undefined), unknown('a wrong token', 'ann', '0'.repeat(48)),
    unknown('a revoked token', 'rita', w.people.rita.token), unknown('a disabled user', 'dora', w.people.dora.token));
  if (dialect === 'pds')
    actors.push({ name: 'the key of the domain', who: 'chief', sign: w.domainKey },
      { name: 'a key bound to eve', who: 'eve', sign: w.evesKey });
  if (dialect === 'dingtalk')
    for (const who of [...known, 'dora'])
      actors.push({ name: `an app for ${who}`, who, app: true, unknown: who === 'dora' && 'param.error', ...w.people[who],
        token: w.appToken });
  if (dialect === 'koodrive')
    for (const who of ['ann', 'eve', 'eddie'])
      actors.push({ name: `an app for ${who}`, who, ...w.people[who], token: w.appToken, user_token: w.people[who].token });
  return actors;
}

// ---- sending ----

export function send(w, dialect, op, values, actor, more = {}) {
  const headers = {}, query = new URLSearchParams();
  let path = op.path, body = op.method === 'GET' || op.method === 'DELETE' ? undefined : {};
  const all = dialect.name === 'dingtalk' && 'unionId' in op.fields ? { unionId: actor.user_id, ...values } : values;
  for (const [field, value] of Object.entries(all)) {
    if (value === undefined) continue;
    const where = op.fields[field] ?? (body ? 'body' : 'query');
    if (where === 'path') path = path.replace(`{${field}}`, encodeURIComponent(value));
    else if (where === 'query') query.append(field, value);
    else if (where === 'header') headers[field] = value;
    else body[field] = value;
  }
  if (query.size) path += `?${query}`;
  const token = actor.token;
  if (dialect.name === 'koodrive' && actor.user_id) Object.assign(headers, koodriveHeaders(actor));
  if (dialect.name === 'dingtalk' && token) headers['x-acs-dingtalk-access-token'] = token;
  if (actor.sign) Object.assign(headers, signV1(actor.sign, { method: op.method, path }));
  Object.assign(headers, more.headers);
  return w.s.call(op.method, path, { token: dialect.name === 'dingtalk' || actor.sign ? undefined : token,
    body: more.body ?? body, headers });
}

// ---- comparing ----

const varying = new Set(['date', 'connection', 'keep-alive', 'content-length']);

// Status, headers and text of an answer without request ids and without the ids that the request named.
export function plain(answer, ids) {
  let text = answer.text.replace(/[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}/gi, '(request)');
  for (const id of ids) text = text.replace(new RegExp(`(?<!\\d)${id}(?!\\d)`, 'g'), '(id)');
  const headers = Object.entries(answer.headers)
    .filter(([name]) => !varying.has(name) && !/request-?id|trace-?id/i.test(name)).map(pair => pair.join(': '));
  return [answer.status, ...headers, text].join('\n');
}

// A JSON value without the members that differ from one call to the next.
const passing = /url$|^(thumbnail|next_marker|auto_delete_left_sec|async_task_id)$/i;
export const steady = (value, except = passing) =>
  JSON.parse(JSON.stringify(value ?? null, (key, v) => (except.test(key) ? undefined : v)));

// All that the places hold, as an administrator sees it.
export async function fingerprint(w) {
  const found = [];
  for (const name of ['team', 'personal', 'eves']) {
    const { drive, folder } = w.places[name];
    found.push(await pds(w.s, w.chief, '/v2/drive/get', { drive_id: drive }));
    for (const parent_file_id of ['root', folder, ...(name === 'personal' ? [w.places.shared.folder] : [])])
      found.push(await pds(w.s, w.chief, '/v2/file/list', { drive_id: drive, parent_file_id, limit: 100, order_by: 'name' }));
    found.push(await pds(w.s, w.chief, '/v2/recyclebin/list', { drive_id: drive, limit: 200 }));
  }
  return steady(found);
}

// Runs `run` on all items, some at a time.
export async function each(items, run, width = 8) {
  const queue = [...items];
  await Promise.all(Array.from({ length: width }, async () => {
    while (queue.length) await run(queue.shift());
  }));
}
