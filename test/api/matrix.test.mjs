// The authorization matrix: every operation that names a drive or something in it, by every principal, on what is
// theirs, what is another's, what is not there, and on ids that do not belong together. What somebody may not see
// answers as what does not exist, byte for byte; what is refused changes nothing.
//
// An operation without a recipe here fails the first test: whoever adds a route says who may use it.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { startServer } from './harness.mjs';
import { pds } from './transfer.mjs';
import { ABSENT, EDIT, MANAGE, NONE, SEE, VIEW, actorsOf, each, fingerprint, fresh, level, makeWorld, plain, readDialect, send,
         unique } from './matrix.mjs';

// ---- recipes: operation: variants of { ids: which field names what, need: the least level, rest: the other fields,
//      uses: the role of what a success uses up, expect: where the answer is another one } ----
// `share` comes first, then the drive, then what is in it: a hidden one hides what follows.

const part = () => ({ part_info_list: [{ part_number: 1 }] });
const uploadIds = { drive_id: 'drive', file_id: 'uploadNode', upload_id: 'upload' };
const named = (field, more) => () => ({ [field]: unique(), ...more });

const koodriveFile = more => named('fileName', { fileType: '45', length: 1, uploadMode: 'multipart', uploadType: 1, ...more });
// Without the header, a member of a shared folder may only look.
const withoutHeader = (actor, choice, outcome) => (outcome === 'ok' && choice.drive === 'personal' && actor.who === 'sam'
  ? 'forbidden' : outcome);
// With it, the operation stays inside the folder, for whomever.
const withHeader = (actor, choice, outcome) => (outcome === 'ok' && (choice.folder ?? choice.file) !== 'shared'
  ? [400, 13000411] : outcome);
const inside = (ids, need, rest) => ({ ids: { 'x-hw-share-folder-id': 'share', ...ids }, need, rest, expect: withHeader });
const koodriveNode = (ids, need, rest) => [{ ids, need, rest, expect: withoutHeader }, inside(ids, need, rest)];

const recipes = {
  pds: {
    GetDrive: [{ ids: { drive_id: 'drive' }, need: SEE }],
    CreateFile: [
      { ids: { drive_id: 'drive', parent_file_id: 'folder' }, need: EDIT, rest: named('name', { type: 'file', size: 1 }) },
      { ids: { drive_id: 'drive', parent_file_id: 'folder' }, need: EDIT, rest: named('name', { type: 'folder' }) },
      { ids: { drive_id: 'drive', file_id: 'file' }, need: EDIT, rest: named('name', { type: 'file', parent_file_id: 'root' }),
        // The root is the parent, which a member of a shared folder does not see.
        expect: (actor, choice, outcome) => (outcome === 'ok' && level(actor, choice.drive) === SEE ? 'unseen' : outcome) },
    ],
    GetUploadUrl: [{ ids: uploadIds, mine: true, rest: part }],
    ListUploadedParts: [{ ids: uploadIds, mine: true }],
    CompleteFile: [{ ids: uploadIds, mine: true, uses: 'upload' }],
    GetFile: [{ ids: { drive_id: 'drive', file_id: 'file' }, need: VIEW }],
    ListFile: [{ ids: { drive_id: 'drive', parent_file_id: 'folder' }, need: VIEW }],
    GetDownloadUrl: [{ ids: { drive_id: 'drive', file_id: 'file' }, need: VIEW }],
    TrashFile: [{ ids: { drive_id: 'drive', file_id: 'file' }, need: EDIT, uses: 'file' }],
    RestoreFile: [{ ids: { drive_id: 'drive', file_id: 'trashed' }, need: EDIT, uses: 'trashed' }],
    ListRecyclebin: [{ ids: { drive_id: 'drive' }, need: VIEW,
      expect: (actor, choice, outcome) => (level(actor, choice.drive) === SEE ? 'unseen' : outcome) }],
  },
  dingtalk: {
    InfoSpace: [{ ids: { spaceId: 'drive' }, need: SEE }],
    DeleteSpace: [{ ids: { spaceId: 'drive' }, need: MANAGE, uses: 'drive',
      // Only what AddSpace made can be deleted, whoever asks.
      expect: (actor, choice, outcome) => (outcome !== 'hidden' && choice.drive !== 'team' ? [400, 'unsupported.operation'] : outcome) }],
    ListFiles: [{ ids: { spaceId: 'drive', parentId: 'folder' }, need: VIEW, rest: () => ({ maxResults: 10 }) }],
    GetFileInfo: [{ ids: { spaceId: 'drive', fileId: 'file' }, need: VIEW }],
  },
  koodrive: {
    GetPersonalFiles: [
      { ids: { containerId: 'drive', parentFileId: 'folder' }, need: VIEW, rest: () => ({ type: 0 }) },
      { ids: { containerId: 'drive' }, need: VIEW, rest: () => ({ type: 1, parentFileId: 'root' }),
        expect: (actor, choice, outcome) => (level(actor, choice.drive) === SEE ? 'unseen' : outcome) },
      inside({ containerId: 'drive', parentFileId: 'folder' }, VIEW, () => ({ type: 0 })),
    ],
    GetFile: koodriveNode({ containerId: 'drive', fileId: 'file' }, VIEW),
    CreateDirectory: koodriveNode({ containerId: 'drive', parentFolder: ['folder'] }, EDIT, named('fileName', { fileType: '10' })),
    GetDownLoadUrl: koodriveNode({ containerId: 'drive', fileIds: ['file'] }, VIEW),
    CreateFile: koodriveNode({ containerId: 'drive', parentFolder: ['folder'] }, EDIT, koodriveFile({ autoRename: 2 })),
    UploadUrl: [{ ids: { fileId: 'uploadNode' }, mine: true, rest: () => ({ multiParts: [{ partNumber: 1, partSize: 1 }] }) }],
    CompleteFile: [{ ids: { fileId: 'uploadNode' }, mine: true, uses: 'upload' }],
    // Only in one's own container, also for administrators and owners of teams.
    CreateShareFolder: [{ ids: { containerId: 'drive' }, need: MANAGE, rest: () => ({ shareType: 0, name: unique() }),
      expect: (actor, choice, outcome) => (outcome !== 'hidden' && !['ann', 'eve'].includes(actor.who) ? 'forbidden' : outcome) }],
  },
};

// Operations that name nobody's object; those that list are tested on their own below.
const nameless = {
  pds: { CreateDrive: 'names an owner: below', ListMyDrives: 'a list: below' },
  dingtalk: { GetAccessToken: 'a key and its secret', GetToken: 'a key and its secret', gettoken: 'a key and its secret',
    ListSpaces: 'a list: below', AddSpace: 'makes one\'s own', GetMySpaceInfo: 'one\'s own: below' },
  koodrive: { Login: 'a password', RefreshToken: 'a token of one\'s own', Logout: 'a token of one\'s own',
    ListShareFolder: 'a list: below' },
};

// Fields that look like ids and name no object that is here: who acts, and what is not implemented.
const idLike = /(^|_)ids?$|[a-z]Ids?$|(folder|parent|drive|space|container|node|dentry|share)$/i;
const notIds = {
  pds: ['share_id', 'revision_id'], dingtalk: ['unionId', 'corpId'], koodrive: ['X-User-Id', 'userId'],
};

let s, w;
const dialects = {};
for (const name of ['pds', 'dingtalk', 'koodrive']) dialects[name] = await readDialect(name);
before(async () => {
  s = await startServer({ args: ['--strict'] });
  w = await makeWorld(s);
});
after(() => s?.stop());

// ---- nothing is forgotten ----

for (const dialect of Object.values(dialects))
  test(`matrix ${dialect.name}: every operation has a recipe, and every id in it`, () => {
    const known = { ...recipes[dialect.name], ...nameless[dialect.name] };
    const served = Object.values(dialect.ops).filter(op => !op.unsupported);
    assert.deepEqual(served.map(op => op.name).filter(name => !known[name]), [], 'operations without a recipe');
    assert.deepEqual(Object.keys(known).filter(name => !dialect.ops[name] || dialect.ops[name].unsupported), [], 'recipes without an operation');
    for (const op of served.filter(op => recipes[dialect.name][op.name])) {
      const covered = new Set(recipes[dialect.name][op.name].flatMap(variant => Object.keys(variant.ids)));
      const ids = Object.keys(op.fields).filter(field => (idLike.test(field) || field === 'x-hw-share-folder-id'
        || op.fields[field] === 'path') && !notIds[dialect.name].includes(field) && field !== 'type');
      // Uploads know their place themselves: the header adds nothing to them.
      const mine = recipes[dialect.name][op.name][0].mine;
      assert.deepEqual(ids.filter(field => !covered.has(field) && !(mine && field === 'x-hw-share-folder-id')), [],
        `${op.name}: fields without a role`);
    }
  });

// ---- the matrix ----

const drives = ['team', 'personal', 'eves', 'absent'];
const candidates = {
  share: ['shared', 'absent'], drive: drives, folder: ['team', 'personal', 'eves', 'shared', 'absent'],
  file: ['team', 'personal', 'eves', 'shared', 'absent'], trashed: ['team', 'personal', 'eves', 'shared', 'absent'],
  upload: ['team', 'personal', 'eves', 'shared', 'left', 'absent'], uploadNode: ['team', 'personal', 'eves', 'shared', 'left', 'absent'],
};
const roleOf = role => (Array.isArray(role) ? role[0] : role);
const rolesOf = variant => Object.values(variant.ids).map(roleOf);
const driveOf = place => ({ shared: 'personal', left: 'team' })[place] ?? place;

// Every way to fill the roles: { role: place }.
function choicesOf(roles) {
  if (!roles.length) return [{}];
  const rest = choicesOf(roles.slice(1));
  return candidates[roles[0]].flatMap(place => rest.map(choice => ({ [roles[0]]: place, ...choice })));
}

const uploaders = { team: 'eddie', personal: 'ann', eves: 'eve', shared: 'sam' };

// What must come, and for what is not there the first role that hides the rest.
function expectation(variant, actor, choice) {
  if (actor.unknown) return ['unknown'];
  if (variant.mine) {
    const [place] = Object.entries(choice).filter(([role]) => role !== 'drive').map(([, at]) => at);
    const fits = Object.entries(choice).every(([role, at]) => (role === 'drive' ? at === driveOf(place) : at === place));
    return fits && uploaders[place] === actor.who ? ['ok'] : ['hidden', Object.keys(choice)[0]];
  }
  if (choice.share && (choice.share === 'absent' || !['ann', 'sam'].includes(actor.who))) return ['hidden', 'share'];
  let may = level(actor, choice.drive);
  if (may === NONE) return ['hidden', 'drive'];
  const node = ['folder', 'file', 'trashed'].find(role => role in choice);
  if (node) {
    may = driveOf(choice[node]) === choice.drive ? level(actor, choice[node]) : NONE;
    if (may < VIEW) return ['hidden', node];
  }
  return [may >= variant.need ? 'ok' : 'forbidden'];
}

function valuesOf(variant, choice, made = {}) {
  const values = { ...variant.rest?.() };
  for (const [field, role] of Object.entries(variant.ids)) {
    const id = made[roleOf(role)] ?? w.places[choice[roleOf(role)]][roleOf(role)];
    assert.ok(id, `${field}: no ${role} in ${choice[roleOf(role)]}`);
    values[field] = Array.isArray(role) ? [id] : id;
  }
  return values;
}

const refusals = {
  pds: { unknown: [401, /^AccessTokenInvalid$/], forbidden: [403, /^ForbiddenNoPermission/], hidden: [404, /^NotFound\./] },
  dingtalk: { unknown: [400, /^InvalidAuthentication$/], forbidden: [400, /^no\.priviledge$/], hidden: [404, /\.not\.exist$/] },
  koodrive: { unknown: [401, /^13000410$/], forbidden: [400, /^13000410$/], hidden: [400, /^1300(0301|0309|0401)$/] },
};

// files/download answers for each file on its own.
function verdict(answer) {
  const [item] = answer.body?.downloads ?? [];
  return item && item.code !== '0' ? [400, item.code] : [answer.status, String(answer.body?.code ?? '')];
}

function judge(dialect, actor, outcome, answer, said) {
  const [status, code] = verdict(answer);
  if (outcome === 'ok') return assert.ok(status < 300, `${said}: ${answer.status} ${answer.text}`);
  let [wantStatus, wantCode] = Array.isArray(outcome) ? outcome : refusals[dialect.name][outcome === 'unseen' ? 'hidden' : outcome];
  if (outcome === 'unknown' && actor.unknown !== true) wantCode = new RegExp(`^${actor.unknown}$`);
  assert.equal(status, wantStatus, `${said}: ${answer.text}`);
  assert.match(code, wantCode instanceof RegExp ? wantCode : new RegExp(`^${wantCode}$`), `${said}: ${answer.text}`);
}

const cells = { count: 0 };

async function run(dialect, op, variant) {
  const refused = [], allowed = [], references = new Map();
  for (const actor of actorsOf(w, dialect.name))
    for (const choice of choicesOf(rolesOf(variant))) {
      const [plainly, at] = expectation(variant, actor, choice);
      const outcome = variant.expect && !actor.unknown ? variant.expect(actor, choice, plainly) : plainly;
      const said = `${op.name} by ${actor.name} on ${JSON.stringify(choice)}: expected ${outcome}`;
      (outcome === 'ok' ? allowed : refused).push({ actor, choice, outcome, at, said });
    }
  cells.count += refused.length + allowed.length;
  const ask = (actor, choice, made) => {
    const values = valuesOf(variant, choice, made);
    return send(w, dialect, op, values, actor).then(answer => ({ answer, ids: Object.values(values).flat().filter(v => /^\d+$/.test(v)) }));
  };
  // The same request with nothing there from the hidden role on; the names it carries are new each time.
  const reference = (actor, choice, at) => {
    const roles = rolesOf(variant), from = roles.indexOf(at);
    const instead = Object.fromEntries(roles.map((role, i) => [role, i >= from ? 'absent' : choice[role]]));
    const key = actor.name + JSON.stringify(instead);
    if (!references.has(key)) references.set(key, ask(actor, instead).then(({ answer, ids }) => plain(answer, ids)));
    return references.get(key);
  };

  const held = await fingerprint(w);
  await each(refused, async ({ actor, choice, outcome, at, said }) => {
    const { answer, ids } = await ask(actor, choice);
    judge(dialect, actor, outcome, answer, said);
    if (outcome === 'hidden') assert.equal(plain(answer, ids), await reference(actor, choice, at), said);
  });
  assert.deepEqual(await fingerprint(w), held, `${op.name}: what was refused has changed something`);

  await each(allowed, async ({ actor, choice, outcome, said }) => {
    const place = variant.uses && choice[variant.mine ? 'uploadNode' : variant.uses];
    const maker = actor.user_token ? { ...actor, token: actor.user_token } : actor;
    const { answer } = await ask(actor, choice, variant.uses && await fresh(w, variant.uses, place, maker));
    judge(dialect, actor, outcome, answer, said);
  });
}

for (const dialect of Object.values(dialects))
  for (const [name, variants] of Object.entries(recipes[dialect.name]))
    test(`matrix ${dialect.name}: ${name}`, async () => {
      for (const variant of variants) await run(dialect, dialect.ops[name], variant);
    });
