// KooDrive: jobs.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { startServer } from './harness.mjs';
import { P, bad, folder, good, isRefused, koo, listAll, sha256, trash, upload, wanted } from './koodrive.mjs';
import { zipOf } from './zips.mjs';

let s, ann, bob, boss;
before(async () => {
  s = await startServer();
  ann = await s.person('ann', { drive: true });
  bob = await s.person('bob', { drive: true });
  boss = await s.person('boss', { admin: true, drive: true });
});
after(async () => {
  assert.deepEqual(await s?.cli('check', '--content'), []);
  await s?.stop();
});

const STAMPED = /_\d{8}_\d{6}(_\d+)?(\.[^.]*)?$/;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const ABSENT = '4503599627370490';

// ---- asking ----

const asked = (who, taskType, fileIds, { taskInfo, ...more } = {}) => ['POST', '/jobs', { taskType,
  taskInfo: { fileInfo: fileIds.map(fileId => ({ fileId, filePath: `/x/${fileId}` })), srcContainerId: who.drive_id, ...taskInfo },
  dstContainerId: who.drive_id, ...more }];
const to = (newFilePath, more = {}) => ({ taskInfo: { newFilePath, ...more } });

async function started(who, ...rest) {
  const { data } = await good(s, who, ...asked(who, ...rest));
  assert.match(data, /^\d+$/);
  return data;
}

async function ended(who, id) {
  for (;;) {
    const { data } = await good(s, who, 'GET', `/${id}`);
    const { status, progress, endTime, taskResultCode } = data.jobInfo;
    assert.ok([0, 1, 2].includes(status) && progress >= 0 && progress <= 100);
    if (status === 2) {
      assert.equal(progress, 100);
      return data;
    }
    assert.deepEqual([endTime, taskResultCode], [undefined, undefined]);
    await new Promise(resume => setTimeout(resume, 10));
  }
}
const done = async (who, ...rest) => ended(who, await started(who, ...rest));

async function succeeded(who, ...rest) {
  const data = await done(who, ...rest);
  assert.deepEqual([data.jobInfo.taskResultCode, data.jobInfo.resultCode], [1, 0], JSON.stringify(data));
  return data;
}
async function failed(code, who, ...rest) {
  const data = await done(who, ...rest);
  assert.deepEqual([data.jobInfo.taskResultCode, data.jobInfo.resultCode], [3, code], JSON.stringify(data));
  return data;
}

// ---- looking ----

const children = async (who, parentFileId = 'root', type = 0) =>
  (await listAll(s, who, { parentFileId }, type)).files;
const names = async (who, parent, type) => (await children(who, parent, type)).map(file => file.fileName).sort();
async function shape(who, parent) {
  const found = {};
  for (const file of await children(who, parent))
    found[file.fileName] = file.fileType === '10' ? await shape(who, file.id) : file.sha256;
  return found;
}
const detail = (who, id) => good(s, who, 'POST', `/files/${id}/detail`, { containerId: who.drive_id });
const put = async (who, name, bytes, parent = 'root') => (await upload(s, who, name, bytes, { parentFolder: [parent] })).fileId;
const place = async (who, name, parent) => (await folder(s, who, name, parent)).id;
const secondDrive = async (who, ...more) => ({ ...who,
  drive_id: (await s.cli('drive', 'add', `more ${Math.random()}`, '--owner', who.user_id, ...more)).drive_id });

// A folder with something in it: { id, shape }.
async function tree(who, name, parent) {
  const id = await place(who, name, parent), below = await place(who, 'below', id);
  await put(who, 'a.txt', 'a', id);
  await put(who, 'b.txt', 'b', below);
  return { id, shape: await shape(who, id) };
}

// ---- copy ----

test('koodrive jobs: a copy has the form of the page', async () => {
  const file = await put(ann, 'form.txt', 'form'), target = await place(ann, 'form target');
  const id = await started(ann, 1, [file], { ...to(target), actionType: 101 });
  const { jobInfo, taskInfos, ...rest } = await ended(ann, id);
  const { beginTime, endTime, createTime, ...info } = jobInfo;
  for (const time of [beginTime, endTime, createTime]) assert.match(time, TIME);
  assert.ok(createTime <= endTime);
  assert.deepEqual(info, { taskId: id, taskName: 'form.txt', userId: ann.user_id, taskType: 1, actionType: 101, status: 2,
    taskResultCode: 1, resultCode: 0, progress: 100, contentNum: 1, containerId: ann.drive_id, tenantId: 'main' });
  const [copy] = await children(ann, target);
  assert.deepEqual(taskInfos, [{ fileId: file, status: '1', newFileId: copy.id, srcContainerId: ann.drive_id,
    fileName: 'form.txt', resultCode: 0 }]);
  assert.deepEqual(rest, {});
  assert.equal(copy.sha256, sha256('form'));
});

test('koodrive jobs: copies of files and folders, a taken name gets a stamp', async () => {
  const home = await place(ann, 'copies'), file = await put(ann, 'c.txt', 'c', home), top = await tree(ann, 'tree', home);
  const { taskInfos } = await succeeded(ann, 1, [file, top.id], to(home));
  assert.deepEqual(taskInfos.map(info => info.fileId), [file, top.id]);
  const all = await names(ann, home);
  assert.equal(all.length, 4);
  for (const name of all.filter(name => !['c.txt', 'tree'].includes(name))) assert.match(name, STAMPED);
  assert.deepEqual(await shape(ann, taskInfos[1].newFileId), top.shape);
  assert.equal((await detail(ann, taskInfos[0].newFileId)).sha256, sha256('c'));
});

test('koodrive jobs: the target is a path of ids, an id, root, or the root when there is none', async () => {
  const file = await put(ann, 'paths.txt', 'x', await place(ann, 'paths')), target = await place(ann, 'paths target');
  const { idPath } = await detail(ann, target);
  for (const [path, expected] of [[idPath, target], [`${idPath}/`, target], [target, target], ['root', undefined], [undefined, undefined], ['', undefined]]) {
    const { taskInfos: [{ newFileId }] } = await succeeded(ann, 1, [file], to(path));
    const { parentFolder, idPath: found } = await detail(ann, newFileId);
    if (expected) assert.deepEqual(parentFolder, [expected]);
    else assert.equal(found.split('/').length, 3);
  }
  await bad(s, ann, ...asked(ann, 1, [file], to(`${idPath}/${ABSENT}`)), 13000309);
  await bad(s, ann, ...asked(ann, 1, [file], to(file)), 13000304);
  const gone = await place(ann, 'paths gone');
  await trash(s, ann, gone);
  await bad(s, ann, ...asked(ann, 1, [file], to(gone)), 13000305);
});

test('koodrive jobs: to another container, and back', async () => {
  const other = await secondDrive(ann), top = await tree(ann, 'wanderer');
  const { jobInfo, taskInfos: [copied] } = await succeeded(ann, 1, [top.id], { dstContainerId: other.drive_id });
  assert.equal(jobInfo.containerId, other.drive_id);
  assert.deepEqual(await shape(other, copied.newFileId), top.shape);
  await succeeded(ann, 3, [top.id], { dstContainerId: other.drive_id });
  await bad(s, ann, 'POST', `/files/${top.id}/detail`, { containerId: ann.drive_id }, 13000309);
  assert.deepEqual(await shape(other, top.id), top.shape);
  assert.equal((await children(other)).length, 2);
});

// ---- move ----

test('koodrive jobs: moves, and what cannot be moved', async () => {
  const home = await place(ann, 'moves'), top = await tree(ann, 'top', home), file = await put(ann, 'm.txt', 'm', home);
  const target = await place(ann, 'moves target');
  await put(ann, 'm.txt', 'there', target);
  const { taskInfos } = await succeeded(ann, 3, [file, top.id], { ...to(target), actionType: 301 });
  assert.deepEqual(taskInfos.map(info => info.newFileId), [file, top.id]);
  assert.deepEqual(await names(ann, home), []);
  assert.match((await detail(ann, file)).fileName, STAMPED);
  assert.deepEqual(await shape(ann, top.id), top.shape);
  const below = (await children(ann, top.id)).find(found => found.fileName === 'below').id;
  for (const type of [1, 3])
    for (const into of [top.id, below]) await bad(s, ann, ...asked(ann, type, [top.id], to(into)), 13000307);
  await bad(s, ann, ...asked(ann, 3, [file], to(target)), 13000312);
  const { idPath } = await detail(ann, target), root = idPath.split('/')[1];
  for (const taskType of [1, 2, 3]) await bad(s, ann, ...asked(ann, taskType, [root], to(target)), 13000410);
});

// ---- delete, restore, empty ----

test('koodrive jobs: delete goes to the bin unless it is said to be for good', async () => {
  const [a, b, c] = await Promise.all(['da', 'db', 'dc'].map(name => put(bob, name, name)));
  const one = await succeeded(bob, 2, [a]);
  assert.deepEqual([one.jobInfo.taskType, one.jobInfo.actionType], [2, 201]);
  await succeeded(bob, 2, [b], { actionType: 201 });
  assert.deepEqual(await names(bob, 'root', 1), ['da', 'db']);
  const gone = await succeeded(bob, 2, [c, a], { actionType: 202 });
  assert.equal(gone.jobInfo.actionType, 202);
  assert.deepEqual(gone.taskInfos.map(info => info.newFileId), [undefined, undefined]);
  assert.deepEqual([await names(bob), await names(bob, 'root', 1)], [[], ['db']]);
  await bad(s, bob, ...asked(bob, 2, [b]), 13000306);
  await bad(s, bob, ...asked(bob, 2, [a], { actionType: 202 }), 13000309);
});

test('koodrive jobs: deleting the fileId of an open upload ends it', async () => {
  for (const actionType of [201, 202]) {
    const { fileId } = await good(s, bob, 'POST', '/files/create', wanted(bob, 'open.bin', 5));
    await bad(s, ann, ...asked(bob, 2, [fileId], { actionType }), 13000301);
    await succeeded(bob, 2, [fileId], { actionType });
    await bad(s, bob, 'POST', '/files/complete', { fileId }, 13000401);
  }
});

test('koodrive jobs: restore, to where it was, or to the root', async () => {
  const home = await place(ann, 'restores'), file = await put(ann, 'r.txt', 'r', home), other = await put(ann, 'r2.txt', 'r', home);
  await succeeded(ann, 2, [file, other]);
  await succeeded(ann, 4, [file]);
  assert.deepEqual((await detail(ann, file)).parentFolder, [home]);
  await bad(s, ann, ...asked(ann, 4, [file]), 13000303);
  await succeeded(ann, 2, [home], { actionType: 202 });
  await succeeded(ann, 4, [other]);
  assert.equal((await detail(ann, other)).idPath.split('/').length, 3);
});

test('koodrive jobs: the bin is emptied', async () => {
  const who = await s.person('cleaner', { drive: true }), top = await tree(who, 'old');
  await trash(s, who, top.id);
  const { jobInfo, taskInfos } = await succeeded(who, 7, [], { actionType: 701 });
  assert.deepEqual([jobInfo.taskType, jobInfo.actionType, jobInfo.contentNum, taskInfos], [7, 701, 0, []]);
  assert.deepEqual(await names(who, 'root', 1), []);
  await succeeded(who, 7, []);
  await bad(s, who, ...asked(who, 7, [top.id]), 13000102, { param: 'fileInfo' });
  await bad(s, who, ...asked(ann, 7, []), 13000301);
});

// ---- ZIP for download ----

test('koodrive jobs: a ZIP for download', async () => {
  const top = await tree(ann, 'to be packed'), file = await put(ann, 'packed.txt', 'packed');
  const { jobInfo } = await succeeded(ann, 6, [top.id, file]);
  assert.deepEqual([jobInfo.taskType, jobInfo.actionType, jobInfo.contentNum], [6, undefined, 2]);
  const answer = await fetch(jobInfo.downloadUrl);
  assert.equal(answer.status, 200);
  assert.match(answer.headers.get('content-disposition'), /to%20be%20packed\.zip/);
  const home = mkdtempSync(join(tmpdir(), 'polydrive-test-zip-'));
  try {
    writeFileSync(join(home, 'a.zip'), Buffer.from(await answer.arrayBuffer()));
    const listed = execFileSync('python3', ['-c', 'import sys, zipfile\nprint(*zipfile.ZipFile(sys.argv[1]).namelist(), sep="\\n")',
      join(home, 'a.zip')], { encoding: 'utf8' }).trim().split('\n').sort();
    assert.deepEqual(listed, ['packed.txt', 'to be packed/', 'to be packed/a.txt', 'to be packed/below/', 'to be packed/below/b.txt']);
  } finally { rmSync(home, { recursive: true, force: true }); }
  // What is packed can be unpacked.
  const again = await put(ann, 'again.zip', Buffer.from(await (await fetch(jobInfo.downloadUrl)).arrayBuffer()));
  const target = await place(ann, 'unpacked again');
  await succeeded(ann, 5, [again], to(target));
  assert.deepEqual(await shape(ann, target), { 'to be packed': top.shape, 'packed.txt': sha256('packed') });
});

// ---- archives ----

const large = Buffer.from(Array.from({ length: 300_000 }, (_, i) => (i * 31 + (i >> 7)) & 255));
const archive = () => zipOf([{ name: 'a.txt', bytes: 'hello' }, { name: '资料/' }, { name: '资料/报告.txt', bytes: 'report' },
  { name: '资料/deep/large.bin', bytes: large }, { name: '资料/empty', stored: true }]);
const whole = () => ({ 'a.txt': sha256('hello'), 资料: { '报告.txt': sha256('report'), deep: { 'large.bin': sha256(large) },
  empty: sha256('') } });
const paths = ['a.txt', '资料/', '资料/报告.txt', '资料/deep/large.bin', '资料/empty'];

test('koodrive jobs: an archive is unpacked into a folder, or looked into', async () => {
  const zip = await put(ann, 'whole.zip', archive());
  for (const more of [{}, { actionType: 502 }]) {
    const target = await place(ann, `whole ${Math.random()}`);
    const { jobInfo, taskInfos, uncompressedFileList } = await succeeded(ann, 5, [zip], { ...to(target), ...more });
    assert.deepEqual([jobInfo.taskType, jobInfo.actionType, jobInfo.taskName], [5, 502, 'whole.zip']);
    assert.deepEqual([taskInfos[0].fileId, taskInfos[0].status, taskInfos[0].newFileId], [zip, '1', undefined]);
    assert.deepEqual(uncompressedFileList, paths);
    assert.deepEqual(await shape(ann, target), whole());
  }
  const before = await names(ann);
  const look = await succeeded(ann, 5, [zip], { actionType: 501 });
  assert.deepEqual([look.jobInfo.actionType, look.uncompressedFileList], [501, paths]);
  assert.deepEqual(await names(ann), before);
  await trash(s, ann, zip); // then it is not to be looked into
  assert.equal((await ended(ann, look.jobInfo.taskId)).uncompressedFileList, undefined);
});

test('koodrive jobs: what stands in the target stays, and what comes gets a stamp', async () => {
  const target = await place(ann, 'taken'), zip = await put(ann, 'taken.zip', zipOf([{ name: 'a.txt', bytes: 'new' }]));
  await put(ann, 'a.txt', 'old', target);
  await succeeded(ann, 5, [zip], to(target));
  const found = await shape(ann, target), [stamped] = Object.keys(found).filter(name => name !== 'a.txt');
  assert.deepEqual([found['a.txt'], found[stamped]], [sha256('old'), sha256('new')]);
  assert.match(stamped, STAMPED);
});

test('koodrive jobs: some of an archive', async () => {
  const zip = await put(ann, 'some.zip', archive());
  const some = async (uncompressFilePaths, more = {}) => {
    const target = await place(ann, `some ${Math.random()}`);
    const data = await succeeded(ann, 5, [zip], { ...to(target, { uncompressFilePaths }), ...more });
    assert.equal(data.jobInfo.actionType, 503);
    return [await shape(ann, target), data.uncompressedFileList];
  };
  assert.deepEqual(await some(['a.txt'], { actionType: 503 }), [{ 'a.txt': sha256('hello') }, ['a.txt']]);
  assert.deepEqual(await some(['资料/deep/', 'a.txt']),
    [{ 'a.txt': sha256('hello'), 资料: { deep: { 'large.bin': sha256(large) } } }, ['a.txt', '资料/deep/large.bin']]);
  await failed(13000309, ann, 5, [zip], to('root', { uncompressFilePaths: ['a.txt', 'no'] }));
  for (const path of ['../a', '/a', 'a\\..\\/b', '\u0000', 'a\nb', '/'])
    await bad(s, ann, ...asked(ann, 5, [zip], to('root', { uncompressFilePaths: [path] })), 13000102, { param: 'uncompressFilePaths' });
});

test('koodrive jobs: a password opens what is encrypted, in both ways', async () => {
  const secret = Buffer.from('secret '.repeat(30_000));
  for (const aes of [false, true]) {
    const zip = await put(ann, `locked ${aes}.zip`, zipOf([{ name: 'plain', bytes: 'p' }, { name: 's', bytes: secret, password: 'öffne', aes }]));
    const target = await place(ann, `locked ${aes}`);
    await failed(13000102, ann, 5, [zip], to(target));
    await failed(13000102, ann, 5, [zip], { ...to(target), password: 'other' });
    assert.deepEqual(await shape(ann, target), {});
    await succeeded(ann, 5, [zip], { ...to(target), password: 'öffne' });
    assert.deepEqual(await shape(ann, target), { plain: sha256('p'), s: sha256(secret) });
    assert.deepEqual((await succeeded(ann, 5, [zip], { actionType: 501 })).uncompressedFileList, ['plain', 's']);
  }
});

test('koodrive jobs: what is no good archive fails and leaves nothing', async () => {
  const target = await place(ann, 'refused');
  const cases = {
    'no ZIP': ['hello, this is not a ZIP, only a text of some length', 13000402],
    'cut off': [archive().subarray(0, 1000), 13000402],
    'leads out': [zipOf([{ name: 'fine', bytes: 'x' }, { name: '../out', bytes: 'x' }]), 13000102],
    absolute: [zipOf([{ name: '/etc/passwd', bytes: 'x' }]), 13000102],
    bomb: [zipOf([{ name: 'zeros', bytes: Buffer.alloc(100 << 20) }]), 13000102],
    'a file and a folder': [zipOf([{ name: 'n', bytes: 'x' }, { name: 'n/a', bytes: 'x' }]), 13000102],
  };
  for (const [name, [bytes, code]] of Object.entries(cases)) {
    const file = await put(ann, `${name}.zip`, bytes);
    const { taskInfos } = await failed(code, ann, 5, [file], to(target));
    assert.deepEqual([taskInfos[0].status, taskInfos[0].resultCode], ['2', code], name);
    assert.deepEqual(await shape(ann, target), {}, name);
  }
  await bad(s, ann, ...asked(ann, 5, [target], to('root')), 13000406);
});

test('koodrive jobs: links are left out, and said to be', async () => {
  const target = await place(ann, 'links');
  const zip = await put(ann, 'links.zip', zipOf([{ name: 'link', bytes: '/etc/passwd', mode: 0o120777 }, { name: 'file', bytes: 'x' }]));
  const { jobInfo } = await done(ann, 5, [zip], to(target));
  assert.deepEqual([jobInfo.taskResultCode, jobInfo.resultCode], [2, 0]);
  assert.deepEqual(await shape(ann, target), { file: sha256('x') });
});

test('koodrive jobs: archives that Python packs, of ZIP64 and 70,000 entries too', async () => {
  const home = mkdtempSync(join(tmpdir(), 'polydrive-test-zip-'));
  try {
    execFileSync('python3', ['-c', `
import sys, zipfile
with zipfile.ZipFile(sys.argv[1] + "/many.zip", "w") as z:
    for i in range(70000): z.writestr("%d" % i, b"")
    z.writestr("last/é.txt", "found")
with zipfile.ZipFile(sys.argv[1] + "/stream.zip", "w", zipfile.ZIP_DEFLATED) as z:
    with z.open("big", "w", force_zip64=True) as f: f.write(b"0123456789" * 100000)`, home]);
    const target = await place(ann, 'by python');
    const many = await put(ann, 'many.zip', readFileSync(join(home, 'many.zip')));
    const stream = await put(ann, 'stream.zip', readFileSync(join(home, 'stream.zip')));
    await succeeded(ann, 5, [many], to(target, { uncompressFilePaths: ['last'] }));
    await succeeded(ann, 5, [stream], to(target));
    assert.deepEqual(await shape(ann, target), { last: { 'é.txt': sha256('found') }, big: sha256('0123456789'.repeat(100000)) });
    await failed(13000102, ann, 5, [many], { actionType: 501 }); // more than can be listed
  } finally { rmSync(home, { recursive: true, force: true }); }
});

test('koodrive jobs: several archives, and the room they need', async () => {
  const small = await secondDrive(ann, '--quota', '1000'), zip = bytes => zipOf([{ name: 'f', bytes: Buffer.alloc(bytes, 1), stored: true }]);
  const fits = await put(ann, 'fits.zip', zip(900)), not = await put(ann, 'not.zip', zip(1001));
  const { jobInfo, taskInfos } = await done(ann, 5, [not, fits], { dstContainerId: small.drive_id });
  assert.deepEqual([jobInfo.taskResultCode, jobInfo.resultCode], [2, 13000311]);
  assert.deepEqual(taskInfos.map(info => [info.fileId, info.status, info.resultCode]), [[not, '2', 13000311], [fits, '1', 0]]);
  assert.deepEqual(await shape(small, 'root'), { f: sha256(Buffer.alloc(900, 1)) });
});

test('koodrive jobs: dozens of archives in one job', async () => {
  const target = await place(ann, 'dozens'), zips = [];
  for (let i = 0; i < 40; i++) zips.push(await put(ann, `${i}.zip`, zipOf([{ name: `${i}/a`, bytes: `${i}` }, { name: `${i}/b`, bytes: 'b' }])));
  await succeeded(ann, 5, zips, to(target));
  assert.deepEqual(await shape(ann, target), Object.fromEntries(zips.map((_, i) => [i, { a: sha256(`${i}`), b: sha256('b') }])));
});

// ---- some fail ----

test('koodrive jobs: what fails for one file does not stop the others', async () => {
  const small = await secondDrive(ann, '--quota', '100'), home = await place(ann, 'partly');
  const files = [];
  for (const [i, size] of [60, 90, 40].entries()) files.push(await put(ann, `p${i}`, 'x'.repeat(size), home));
  const some = await done(ann, 1, files, { dstContainerId: small.drive_id });
  assert.deepEqual([some.jobInfo.taskResultCode, some.jobInfo.resultCode, some.jobInfo.contentNum], [2, 13000311, 3]);
  assert.deepEqual(some.taskInfos.map(info => [info.status, info.resultCode, Boolean(info.newFileId)]),
    [['1', 0, true], ['2', 13000311, false], ['1', 0, true]]);
  assert.deepEqual(await names(small), ['p0', 'p2']);
  await failed(13000311, ann, 1, files, { dstContainerId: small.drive_id });
});

test('koodrive jobs: many files, one that is named twice', async () => {
  const who = await s.person('many', { drive: true }), home = await place(who, 'home'), target = await place(who, 'target');
  const files = await Promise.all(Array.from({ length: 30 }, (_, i) => put(who, `f${i}`, `${i}`, home)));
  const { jobInfo, taskInfos } = await done(who, 3, [...files, files[0]], to(target));
  assert.equal(jobInfo.contentNum, 31);
  assert.deepEqual(taskInfos.map(info => info.fileId), [...files, files[0]]);
  assert.equal((await names(who, target)).length, 30);
});

// ---- who may ----

test('koodrive jobs: nobody deals with what is not his', async () => {
  const file = await put(ann, 'mine.zip', archive()), target = await place(ann, 'mine');
  const bobs = await put(bob, 'his.zip', archive());
  for (const type of [1, 2, 3, 5, 6]) {
    await bad(s, bob, ...asked(ann, type, [file], to(target)), 13000301);
    await bad(s, bob, ...asked(bob, type, [file], to('root')), 13000309);
    await bad(s, bob, ...asked(bob, type, [bobs], { dstContainerId: ann.drive_id }), 13000301);
    await bad(s, bob, ...asked(bob, type, [bobs, ABSENT]), 13000309);
    await bad(s, null, ...asked(ann, type, [file]), 13000410, { status: 401 });
  }
  await bad(s, bob, ...asked(ann, 4, [file]), 13000301);
});

test('koodrive jobs: a job is its caller\'s, and the administrators\'', async () => {
  const id = await started(ann, 1, [await put(ann, 'whose.txt', 'x')]);
  const r = await bad(s, bob, 'GET', `/${id}`, undefined, 13000309);
  assert.equal(r.text.replaceAll(/"[^"]*"/g, ''), (await bad(s, bob, 'GET', `/${ABSENT}`, undefined, 13000309)).text.replaceAll(/"[^"]*"/g, ''));
  assert.equal((await ended(boss, id)).jobInfo.userId, ann.user_id);
  await bad(s, null, 'GET', `/${id}`, undefined, 13000410, { status: 401 });
  // A task that is no job.
  const other = await s.call('POST', '/v2/recyclebin/clear', { token: ann.token, body: { drive_id: ann.drive_id } });
  await bad(s, ann, 'GET', `/${other.body.async_task_id}`, undefined, 13000309);
});

test('koodrive jobs: viewers of a team may read, editors write', async () => {
  await s.cli('group', 'add', 'crew');
  const team = (await s.cli('drive', 'add', 'Crew', '--owner', 'crew')).drive_id;
  const [viewer, editor] = await Promise.all(['viewer', 'editor'].map(async role => {
    const who = await s.person(`the ${role}`.replace(' ', '-'), { drive: true });
    await s.cli('group', 'join', 'crew', `the-${role}`, '--role', role);
    return { ...who, own: who.drive_id, drive_id: team };
  }));
  const file = await put(editor, 'team.zip', archive());
  for (const type of [1, 2, 3, 5]) await bad(s, viewer, ...asked(viewer, type, [file], to(await place(editor, `t${type}`))), 13000410);
  await bad(s, viewer, ...asked(viewer, 7, []), 13000410);
  await succeeded(viewer, 6, [file]);
  await succeeded(viewer, 5, [file], { dstContainerId: viewer.own });
  assert.deepEqual(await shape({ ...viewer, drive_id: viewer.own }, 'root'), whole());
  const target = await place(editor, 'by the editor');
  await succeeded(editor, 5, [file], to(target));
  assert.deepEqual(await shape(editor, target), whole());
});

test('koodrive jobs: inside a shared folder by its header', async () => {
  const shared = (await good(s, ann, 'POST', '/sharefolder/create', { shareType: 0, containerId: ann.drive_id, name: 'Family' })).data;
  const dan = await s.person('dan', { drive: true });
  await s.cli('group', 'join', String(shared.groupId), 'dan', '--role', 'editor');
  const member = { ...dan, drive_id: ann.drive_id }, header = { headers: { 'x-hw-share-folder-id': shared.id } };
  const inside = await put(ann, 'inside.zip', archive(), shared.shareFolderId), outside = await put(ann, 'outside.zip', archive());
  const target = await place(ann, 'inside', shared.shareFolderId);
  const ask = (type, file, where) => asked(member, type, [file], to(where));
  const run = async (type, file, where) => ended(dan, (await good(s, dan, ...ask(type, file, where), header.headers)).data);
  assert.equal((await run(5, inside, target)).jobInfo.taskResultCode, 1);
  assert.deepEqual(await shape(ann, target), whole());
  assert.equal((await run(1, inside, target)).jobInfo.taskResultCode, 1);
  await bad(s, dan, ...ask(1, inside, target), 13000410); // without the header
  await bad(s, dan, ...ask(1, outside, target), 13000309, header);
  await bad(s, ann, ...asked(ann, 1, [outside], to(target)), 13000411, header);
  await bad(s, ann, ...asked(ann, 1, [inside], to('root')), 13000411, header);
  await bad(s, ann, ...asked(ann, 7, []), 13000411, header);
  await bad(s, dan, ...ask(1, inside, target), 13000309, { headers: { 'x-hw-share-folder-id': ABSENT } });
});

// ---- fields ----

test('koodrive jobs: every field is checked', async () => {
  const file = await put(ann, 'fields.zip', archive()), info = { fileInfo: [{ fileId: file }], srcContainerId: ann.drive_id };
  const fine = { taskType: 6, taskInfo: info, dstContainerId: ann.drive_id };
  const refused = async (change, param, code = 13000102) =>
    bad(s, ann, 'POST', '/jobs', { ...fine, ...change }, code, { param });
  await good(s, ann, 'POST', '/jobs', fine);
  for (const taskType of [undefined, 0, 8, -1, 1.5, 'x', null]) await refused({ taskType }, 'taskType');
  for (const actionType of [100, 104, 203, 504, 'x', true]) await refused({ actionType }, 'actionType');
  for (const [taskType, fits] of [[1, [101]], [2, [201, 202]], [3, [301]], [4, []], [5, [501, 502, 503]], [6, []], [7, [701]]])
    for (const actionType of [101, 201, 202, 301, 501, 502, 503, 701].filter(type => !fits.includes(type)))
      await refused({ taskType, actionType, taskInfo: taskType === 7 ? { ...info, fileInfo: [] } : info }, 'actionType');
  for (const taskInfo of [undefined, null, 'x', []]) await refused({ taskInfo }, 'taskInfo');
  const inInfo = change => ({ taskInfo: { ...info, ...change } });
  for (const fileInfo of [undefined, [], 'x', Array(1001).fill({ fileId: file })]) await refused(inInfo({ fileInfo }), 'fileInfo');
  for (const fileId of [undefined, '', 'x'.repeat(65), true]) await refused(inInfo({ fileInfo: [{ fileId }] }), 'fileId');
  for (const filePath of [1, {}]) await refused(inInfo({ fileInfo: [{ fileId: file, filePath }] }), 'filePath');
  for (const srcContainerId of [undefined, '', 'x'.repeat(65)]) await refused(inInfo({ srcContainerId }), 'srcContainerId');
  for (const newFilePath of [1, 'x'.repeat(4097)]) await refused(inInfo({ newFilePath }), 'newFilePath');
  for (const dstContainerId of [undefined, '', 'x'.repeat(65)]) await refused({ dstContainerId }, 'dstContainerId');
  await refused({ taskType: 5, password: 'x'.repeat(1025) }, 'password');
  for (const uncompressFilePaths of ['a', [''], [1], ['x'.repeat(4097)], Array(1001).fill('a')])
    await refused({ taskType: 5, ...inInfo({ uncompressFilePaths }) }, 'uncompressFilePaths');
  await refused({ taskType: 5, actionType: 503 }, 'uncompressFilePaths');
  const long = 'x'.repeat(4096); // twice for each of a thousand archives is too much to keep
  await refused({ taskType: 5, ...inInfo({ fileInfo: Array(1000).fill({ fileId: file }), uncompressFilePaths: [long, long] }) }, 'uncompressFilePaths');
  await refused({ taskType: 5, actionType: 502, ...inInfo({ uncompressFilePaths: ['a.txt'] }) }, 'uncompressFilePaths');
  await refused({ ...inInfo({ uncompressFilePaths: ['a.txt'] }) }, 'uncompressFilePaths');
  await refused({ ...inInfo({ srcContainerId: ABSENT }) }, undefined, 13000301);
  await refused({ dstContainerId: ABSENT }, undefined, 13000301);
  await refused({ ...inInfo({ fileInfo: [{ fileId: 'x'.repeat(64) }] }) }, undefined, 13000309);
  await good(s, ann, 'POST', '/jobs', { ...fine, taskInfo: { ...info, fileInfo: Array(1000).fill({ fileId: file, filePath: '/any' }) } });
  for (const path of ['/0', `/${'9'.repeat(30)}`]) await bad(s, ann, 'GET', path, undefined, 13000309);
  isRefused(await s.call('GET', `${P}/nojob`, { token: ann.token }), 13000309, 404);
});

test('koodrive jobs: numbers as texts are a leniency', async () => {
  const file = await put(ann, 'lenient.txt', 'x');
  const [method, path, body] = asked(ann, 1, [file]);
  for (const change of [{ taskType: '1' }, { actionType: '' }, { actionType: '101' }, { dstContainerId: Number(ann.drive_id) },
    { taskInfo: { ...body.taskInfo, fileInfo: [{ fileId: Number(file) }] } }]) {
    const r = await koo(s, ann, method, path, { ...body, ...change });
    assert.equal(r.status, 200, r.text);
    assert.ok(r.headers['x-polydrive-lenient']);
  }
});
