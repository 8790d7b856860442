// The command line: what an operator types, what comes back, and with which exit code.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { program, removeFolder, runProgram, startServer, temporaryFolder } from './harness.mjs';

const DONE = 0, FAILED = 1, USAGE = 2, SETTINGS = 78;

async function refuses(code, pattern, ...args) {
  const options = typeof args.at(-1) === 'object' ? args.pop() : {};
  const ran = await runProgram(args, options);
  assert.equal(ran.code, code, `exit code of ${args.join(' ')}: ${ran.stderr}`);
  assert.match(ran.stderr, pattern);
  assert.equal(ran.stdout, '', 'nothing on stdout beside an error');
}

describe('words and flags', () => {
  test('help lists every command, and a command its flags', async () => {
    const all = await runProgram(['help']);
    assert.equal(all.code, DONE);
    for (const name of ['serve', 'demo', 'env VENDOR', 'user add NAME', 'group join GROUP USER', 'drive quota ID BYTES',
      'app add NAME', 'token issue USER', 'check', 'openapi', 'version'])
      assert.ok(all.stdout.includes(`polydrive ${name}`), name);
    for (const args of [['help', 'user'], ['user', '--help']])
      assert.match((await runProgram(args)).stdout, /polydrive user passwd USER/);
    for (const args of [['help', 'user', 'add'], ['user', 'add', '--help'], ['user', 'add', '-h']]) {
      const ran = await runProgram(args);
      assert.equal(ran.code, DONE);
      assert.match(ran.stdout, /--password-stdin/);
      assert.doesNotMatch(ran.stdout, /--listen/, 'only its own flags');
    }
  });

  test('help of demo lists no flag that demo refuses', async () => {
    const { stdout } = await runProgram(['demo', '--help']);
    assert.match(stdout, /--listen ADDR:PORT/);
    const flags = stdout.match(/--[a-z-]+/g).filter(flag => !['--listen', '--public-url', '--config'].includes(flag));
    assert.ok(flags.length > 5);
    for (const flag of ['--data', '--db', '--content', '--key-file']) {
      assert.ok(!flags.includes(flag), flag);
      assert.equal((await runProgram(['demo', flag, '/nowhere'])).code, USAGE);
    }
  });

  test('no command at all is a usage error that says what there is', async () => {
    await refuses(USAGE, /polydrive serve/);
  });

  test('version prints the version, with --json as an object', async () => {
    const text = await runProgram(['version']);
    assert.match(text.stdout, /^polydrive \d+\.\d+\.\d+\n$/);
    assert.equal((await runProgram(['--version'])).stdout, text.stdout);
    const json = JSON.parse((await runProgram(['version', '--json'])).stdout);
    assert.equal(`polydrive ${json.version}\n`, text.stdout);
  });

  test('what is misspelled is refused with what was meant', async () => {
    await refuses(USAGE, /no command sreve; did you mean serve\?/, 'sreve');
    await refuses(USAGE, /no command user lst; did you mean list\?/, 'user', 'lst');
    await refuses(USAGE, /user: what to do\?/, 'user');
    await refuses(USAGE, /no flag --lisen; did you mean --listen\?/, 'serve', '--lisen', '127.0.0.1:0');
    await refuses(USAGE, /no flag --pubic-url; did you mean --public-url\?/, 'serve', '--pubic-url=http://x');
    await refuses(USAGE, /no flag --quite-something$/m, 'serve', '--quite-something');
    await refuses(USAGE, /no flag -x$/m, 'serve', '-x');
  });

  test('a flag is spelled out, as its beginning could mean another flag tomorrow', async () => {
    await refuses(USAGE, /no flag --lis/, 'serve', '--lis', '127.0.0.1:0');
  });

  test('a flag of another command is not taken', async () => {
    await refuses(USAGE, /no flag --listen/, 'user', 'list', '--listen', '127.0.0.1:0');
    await refuses(USAGE, /no flag --json/, 'serve', '--json');
  });

  test('missing and surplus words are told', async () => {
    await refuses(USAGE, /user add: wants NAME/, 'user', 'add');
    await refuses(USAGE, /one word too many: c/, 'user', 'add', 'b', 'c');
    await refuses(USAGE, /--data wants a value/, 'user', 'list', '--data');
    await refuses(USAGE, /--id is empty/, 'user', 'add', 'b', '--id', '');
  });
});

describe('settings', () => {
  // `openapi` prints --public-url and needs no server.
  const url = async (args, env) => {
    const ran = await runProgram(['openapi', 'pds', ...args], { env });
    assert.equal(ran.code, DONE, ran.stderr);
    return JSON.parse(ran.stdout).servers[0].url;
  };
  const folder = temporaryFolder('settings');
  const file = text => {
    const path = join(folder, 'polydrive.conf');
    writeFileSync(path, text);
    return path;
  };
  after(() => removeFolder(folder));

  test('a flag weighs more than the environment, that more than the file, that more than the default', async () => {
    const config = file('; where clients come in\npublic_url = http://file.test\n');
    const env = { POLYDRIVE_PUBLIC_URL: 'http://environment.test' };
    assert.equal(await url([]), 'http://127.0.0.1:8484');
    assert.equal(await url(['--config', config]), 'http://file.test');
    assert.equal(await url(['--config', config], env), 'http://environment.test');
    assert.equal(await url(['--config', config, '--public-url', 'http://flag.test'], env), 'http://flag.test');
    assert.equal(await url([], { POLYDRIVE_CONFIG: config }), 'http://file.test');
  });

  test('what is wrong in the file is told with its line', async () => {
    const cases = [
      ['pubic_url = http://x\n', /polydrive\.conf:1: pubic_url: no setting has this name; did you mean public_url\?/],
      ['\nstrict = perhaps\n', /polydrive\.conf:2: strict: true or false is asked for, not perhaps/],
      ['workers = 0\n', /polydrive\.conf:1: workers: from 1 to 64, not 0/],
      ['workers = many\n', /polydrive\.conf:1: workers: a number is asked for, not many/],
      ['disk_floor = 1GB\n', /a number of bytes is asked for \(such as 512MiB\), not 1GB/],
      ['listen =\n', /listen: is empty/],
      ['strict = true\nstrict = false\n', /polydrive\.conf:2: strict: is there twice/],
      ['[server]\nstrict = true\n', /the file has no sections/],
      ['config = other.conf\n', /cannot name another/],
      ['just words\n', /polydrive\.conf:1: this line is not `key = value`/],
      ['log = xml\n', /log: there is no xml/],
    ];
    for (const [text, pattern] of cases) await refuses(SETTINGS, pattern, 'openapi', '--config', file(text));
    await refuses(SETTINGS, /nowhere\.conf: No such file/, 'openapi', '--config', join(folder, 'nowhere.conf'));
  });

  test('a bad value in the environment or a flag is told by its name there', async () => {
    await refuses(SETTINGS, /POLYDRIVE_STRICT: true or false/, 'openapi', { env: { POLYDRIVE_STRICT: '2' } });
    await refuses(SETTINGS, /--workers: from 1 to 64, not 65/, 'openapi', '--workers', '65');
  });
});

describe('data that are not there', () => {
  test('a subcommand makes nothing and says how to begin', async () => {
    const folder = temporaryFolder('none');
    const data = join(folder, 'data');
    for (const command of [['user', 'list'], ['user', 'add', 'ann'], ['check'], ['env', 'pds']])
      await refuses(SETTINGS, /no data in .*polydrive serve/, ...command, '--data', data);
    assert.ok(!existsSync(data));
    mkdirSync(data);
    await refuses(SETTINGS, /no data in/, 'user', 'list', '--data', data);
    removeFolder(folder);
  });

  test('env tells when no server runs on the data', async () => {
    const s = await startServer();
    await s.stop({ keepData: true });
    await refuses(FAILED, /no server runs on .*polydrive serve --data/, 'env', 'pds', '--data', s.data);
    const ran = await runProgram(['user', 'list', '--data', s.data]);
    assert.equal(ran.code, DONE, 'other subcommands need no server');
    removeFolder(s.data);
  });
});

describe('beside a running server', () => {
  let s;
  before(async () => { s = await startServer(); });
  after(() => s.stop());
  const cli = (...args) => s.cli(...args);
  const fails = (code, pattern, ...args) => {
    const options = typeof args.at(-1) === 'object' ? [args.pop()] : [];
    return refuses(code, pattern, ...args, '--data', s.data, ...options);
  };
  const works = async token => (await s.call('POST', '/v2/drive/list_my_drives', { token, body: {} })).status;

  test('what is not there is told by its kind and the word that was given', async () => {
    await fails(FAILED, /there is no user nobody$/m, 'token', 'issue', 'nobody');
    await fails(FAILED, /there is no user nobody$/m, 'env', 'pds', '--user', 'nobody');
    await fails(FAILED, /there is no group nothing$/m, 'group', 'leave', 'nothing', 'superadmin');
    await fails(FAILED, /there is no user nobody$/m, 'group', 'join', 'all-staff', 'nobody');
    await fails(FAILED, /there is no drive 999$/m, 'drive', 'quota', '999', '5');
    await fails(FAILED, /there is no app nothing$/m, 'app', 'remove', 'nothing');
    await fails(FAILED, /--owner: not known \(neither a user nor a group\), got nobody$/m, 'drive', 'add', 'X', '--owner', 'nobody');
  });

  test('user add gives the public id, and a drive when asked', async () => {
    const ann = await cli('user', 'add', 'ann');
    assert.deepEqual(Object.keys(ann), ['user_id']);
    assert.match(ann.user_id, /^[1-9][0-9]*$/);
    const bob = await cli('user', 'add', 'bob', '--id', 'B-7', '--drive');
    assert.equal(bob.user_id, 'B-7');
    assert.match(bob.drive_id, /^[1-9][0-9]*$/);
    const list = await cli('user', 'list');
    assert.deepEqual(list.map(user => user.login).sort(), ['ann', 'bob', 'superadmin']);
    const rows = Object.fromEntries(list.map(user => [user.login, user]));
    assert.equal(rows.superadmin.role, 'superadmin');
    assert.equal(rows.superadmin.user_id, 'superadmin');
    assert.equal(rows.bob.role, 'user');
    assert.equal(rows.bob.drive_id, bob.drive_id);
    assert.ok(!('drive_id' in rows.ann));
    assert.ok(!JSON.stringify(list).includes('argon2'), 'no hash of a password');
  });

  test('a taken or malformed name is refused', async () => {
    await fails(FAILED, /already.*\(ann\)/, 'user', 'add', 'ann');
    await fails(FAILED, /already/, 'user', 'add', 'other', '--id', 'B-7');
    await fails(FAILED, /login/, 'user', 'add', '12345');
    await fails(FAILED, /login.*64/, 'user', 'add', 'x'.repeat(65));
    await fails(FAILED, /user_id/, 'user', 'add', 'other', '--id', 'a#b');
    await fails(FAILED, /login/, 'user', 'add', '');
  });

  test('a password comes from standard input, or is made and shown once', async () => {
    await cli('user', 'add', 'carol', '--password-stdin', { input: 'a long passphrase\n' });
    await fails(USAGE, /8 to 1024 bytes/, 'user', 'add', 'dora', '--password-stdin', { input: 'short\n' });
    await fails(USAGE, /8 to 1024 bytes/, 'user', 'add', 'dora', '--password-stdin', { input: '' });
    const first = await cli('user', 'passwd', 'carol');
    const second = await cli('user', 'passwd', 'carol');
    assert.match(first.password, /^[A-Za-z0-9]{20}$/);
    assert.notEqual(first.password, second.password);
    const typed = await cli('user', 'passwd', 'carol', '--password-stdin', { input: 'another passphrase\n' });
    assert.ok(!('password' in typed), 'what the operator typed is not repeated');
    await fails(FAILED, /nobody/, 'user', 'passwd', 'nobody');
  });

  test('disabling ends all tokens at once; enabling lets new ones be made', async () => {
    const eve = await s.person('eve', { drive: true });
    assert.equal(await works(eve.token), 200);
    await cli('user', 'disable', 'eve');
    assert.equal(await works(eve.token), 401);
    await fails(FAILED, /disabled/, 'token', 'issue', 'eve');
    await cli('user', 'enable', 'eve');
    assert.equal(await works(eve.token), 401, 'the old one stays ended');
    assert.equal(await works((await cli('token', 'issue', 'eve')).access_token), 200);
  });

  test('a user who owns a drive stays, as does the last superadmin', async () => {
    await cli('user', 'add', 'gone');
    await cli('user', 'remove', 'gone');
    await fails(FAILED, /gone/, 'token', 'issue', 'gone');
    await fails(FAILED, /owns drives/, 'user', 'remove', 'bob');
    await fails(FAILED, /last superadmin/, 'user', 'remove', 'superadmin');
    await fails(FAILED, /last superadmin/, 'user', 'disable', 'superadmin');
  });

  test('groups have members with roles', async () => {
    const team = await cli('group', 'add', 'team');
    assert.match(team.group_id, /^[1-9][0-9]*$/);
    await cli('group', 'join', 'team', 'ann');
    await cli('group', 'join', team.group_id, 'B-7', '--role', 'viewer');
    await cli('group', 'leave', 'team', 'bob');
    await fails(FAILED, /there is no member bob$/m, 'group', 'leave', 'team', 'bob');
    await fails(FAILED, /nobody leaves the group of all staff/, 'group', 'leave', 'all-staff', 'bob');
    await cli('group', 'join', 'all-staff', 'bob'); // a role of his own beside what all have, which can be taken back
    await cli('group', 'leave', 'all-staff', 'bob');
    await fails(USAGE, /viewer, editor, manager or owner, not boss/, 'group', 'join', 'team', 'ann', '--role', 'boss');
    await fails(FAILED, /no-team/, 'group', 'join', 'no-team', 'ann');
    await fails(FAILED, /already/, 'group', 'add', 'team');
    await fails(FAILED, /already/, 'group', 'add', 'ann');
    const groups = await cli('group', 'list');
    assert.ok(groups.some(group => group.name === 'team' && group.kind === 'team' && group.group_id === team.group_id));
  });

  test('drives belong to a user or a group and may have a quota', async () => {
    const mine = await cli('drive', 'add', 'Ann’s drive', '--owner', 'ann');
    assert.match(mine.drive_id, /^[1-9][0-9]*$/);
    const teams = await cli('drive', 'add', 'Team', '--owner', 'team', '--quota', '2GiB');
    const find = async id => (await cli('drive', 'list')).find(drive => drive.drive_id === id);
    const row = await find(teams.drive_id);
    assert.equal(row.quota, 2 * 2 ** 30);
    assert.equal(row.owner_type, 'group');
    assert.equal((await find(mine.drive_id)).default, true, 'the first drive of a user is the default one');
    await cli('drive', 'quota', teams.drive_id, '1000');
    assert.equal((await find(teams.drive_id)).quota, 1000);
    await cli('drive', 'quota', teams.drive_id, 'none');
    assert.ok(!('quota' in await find(teams.drive_id)));
    await fails(USAGE, /--owner/, 'drive', 'add', 'x');
    await fails(USAGE, /a number of bytes/, 'drive', 'add', 'x', '--owner', 'ann', '--quota', '-5');
    await fails(USAGE, /a number of bytes/, 'drive', 'quota', teams.drive_id, 'lots');
    await fails(FAILED, /nobody/, 'drive', 'add', 'x', '--owner', 'nobody');
    await fails(FAILED, /there is no drive 9007199254740991/, 'drive', 'quota', '9007199254740991', '5');
  });

  test('apps have a key and a secret that is shown once', async () => {
    const app = await cli('app', 'add', 'robot', '--user', 'ann');
    assert.deepEqual(Object.keys(app), ['app_key', 'app_secret']);
    assert.match(app.app_secret, /^[0-9a-f]{48}$/);
    const list = await cli('app', 'list');
    assert.ok(list.some(row => row.app_key === app.app_key && row.name === 'robot'));
    assert.ok(!JSON.stringify(list).includes(app.app_secret));
    await fails(FAILED, /already/, 'app', 'add', 'robot');
    await cli('app', 'remove', 'robot');
    await fails(FAILED, /robot/, 'app', 'remove', 'robot');
  });

  test('an app takes an RSA public key of 2048 bits or more, in PEM, and nothing else', async () => {
    const pem = (kind, options) => generateKeyPairSync(kind, { ...options,
      publicKeyEncoding: { type: 'spki', format: 'pem' }, privateKeyEncoding: { type: 'pkcs8', format: 'pem' } });
    const good = pem('rsa', { modulusLength: 2048 });
    const folder = temporaryFolder('keys');
    const file = text => {
      writeFileSync(join(folder, 'key.pem'), text);
      return join(folder, 'key.pem');
    };
    await cli('app', 'add', 'jwt', '--public-key', file(good.publicKey));
    const bad = { short: pem('rsa', { modulusLength: 1024 }).publicKey, curve: pem('ec', { namedCurve: 'P-256' }).publicKey,
      secret: good.privateKey, cut: good.publicKey.slice(0, 100), words: 'not a key', empty: '' };
    for (const [name, text] of Object.entries(bad))
      await fails(FAILED, /--public-key: /, 'app', 'add', name, '--public-key', file(text));
    await fails(FAILED, /cannot open/, 'app', 'add', 'x', '--public-key', join(folder, 'none.pem'));
    removeFolder(folder);
  });

  test('tokens last as long as asked, until they are revoked', async () => {
    const usual = await cli('token', 'issue', 'ann');
    assert.equal(usual.expires_in, 7200);
    assert.match(usual.access_token, /^[0-9a-f]{48}$/);
    assert.equal((await cli('token', 'issue', 'ann', '--ttl', '60')).expires_in, 60);
    const key = await cli('token', 'issue', 'ann', '--api-key');
    assert.match(key.access_token, /^uk-[0-9a-f]{48}$/);
    assert.ok(!('expires_in' in key));
    for (const ttl of ['0', '-1', '1.5', 'soon', '99999999999999999999'])
      await fails(USAGE, /--ttl: seconds/, 'token', 'issue', 'ann', '--ttl', ttl);
    assert.equal(await works(usual.access_token), 200);
    await cli('token', 'revoke', usual.access_token);
    assert.equal(await works(usual.access_token), 401);
    await cli('token', 'revoke', '-', { input: `${key.access_token}\n` });
    assert.equal(await works(key.access_token), 401);
    await fails(FAILED, /no such token/, 'token', 'revoke', usual.access_token);
  });

  test('a token that has lived its time is refused', async () => {
    const short = await cli('token', 'issue', 'ann', '--ttl', '1');
    assert.equal(await works(short.access_token), 200);
    await new Promise(resolve => setTimeout(resolve, 1100));
    assert.equal(await works(short.access_token), 401);
  });

  test('check finds nothing wrong', async () => {
    assert.deepEqual(await cli('check', '--content'), []);
    const ran = await runProgram(['check', '--data', s.data]);
    assert.equal(ran.stdout, 'all is well\n');
  });

  test('lists for people have columns, and no control characters of a name reach the terminal', async () => {
    const ran = await runProgram(['user', 'list', '--data', s.data]);
    assert.match(ran.stdout, /^user_id +number +login/);
    assert.match(ran.stdout, /superadmin/);
  });

  test('env prints lines that a shell evaluates, and only those, on stdout', async () => {
    const ran = await runProgram(['env', 'pds', '--user', 'bob', '--data', s.data]);
    assert.equal(ran.code, DONE, ran.stderr);
    assert.ok(ran.stdout.split('\n').slice(0, -1).every(line => /^export PDS_[A-Z_]+='[^']*'$/.test(line)));
    assert.match(ran.stderr, /^# /m);
    const shell = spawnSync('sh', ['-c', `eval "$("$0" env pds --user bob --data "$1" 2>/dev/null)"
      echo "$PDS_ENDPOINT $PDS_USER_ID $PDS_DRIVE_ID"`, program, s.data], { encoding: 'utf8' });
    assert.match(shell.stdout, new RegExp(`^${s.url} B-7 [0-9]+\n$`));
  });

  test('env names what each vendor’s clients need, and it works', async () => {
    const env = vendor => cli('env', vendor, '--user', 'bob');
    const pds = await env('pds');
    for (const name of ['PDS_ENDPOINT', 'PDS_ACCESS_TOKEN', 'PDS_ACCESS_KEY_ID', 'PDS_ACCESS_KEY_SECRET', 'PDS_DRIVE_ID',
      'PDS_USER_ID'])
      assert.ok(pds[name], name);
    assert.equal(await works(pds.PDS_ACCESS_TOKEN), 200);
    const dingtalk = await env('dingtalk');
    const spaces = await s.call('GET', `/v1.0/drive/spaces?unionId=${dingtalk.DINGTALK_UNION_ID}&spaceType=org&maxResults=10`,
      { headers: { 'x-acs-dingtalk-access-token': dingtalk.DINGTALK_ACCESS_TOKEN } });
    assert.equal(spaces.status, 200, spaces.text);
    const koodrive = await env('koodrive');
    const files = await s.call('POST', '/koodrive/ose/v1/files/0', { token: koodrive.KOODRIVE_ACCESS_TOKEN,
      body: { containerId: koodrive.KOODRIVE_CONTAINER_ID, parentFileId: 'root' } });
    assert.equal(files.status, 200, files.text);
  });

  test('an app is of a kind, and a browser is sent back to what was registered only', async () => {
    const add = (name, ...flags) => cli('app', 'add', name, ...flags);
    await add('a web app', '--redirect-uri', 'https://app.example/cb?x=1', '--redirect-uri', 'http://127.0.0.1:8000/');
    await add('a native app', '--kind', 'native', '--redirect-uri', 'com.example.app:/back');
    const listed = await cli('app', 'list');
    const kinds = Object.fromEntries(listed.map(app => [app.name, app.kind]));
    assert.equal(listed.find(app => app.name === 'a web app').redirect_uris, 'https://app.example/cb?x=1 http://127.0.0.1:8000/');
    assert.equal(kinds['a web app'], 'web');
    assert.equal(kinds['a native app'], 'native');
    for (const uri of ['/cb', 'app.example/cb', 'https://', 'https:///cb', 'https://a.example/#x', 'https://u@a.example/',
      'javascript:alert(1)', 'JavaScript:alert(1)', 'data:text/html,x', 'https://a.example/ b', 'https://a.example/<', 'x:',
      'https://a.example\\@b.example/', `https://a.example/${'x'.repeat(2040)}`])
      await fails(USAGE, /--redirect-uri: /, 'app', 'add', 'bad', '--redirect-uri', uri);
    await fails(USAGE, /--kind: /, 'app', 'add', 'bad', '--kind', 'desktop');
    await fails(FAILED, /public-key/, 'app', 'add', 'bad', '--kind', 'jwt');
  });

  test('env uses one app again and again', async () => {
    const [one, two] = [await cli('env', 'pds'), await cli('env', 'koodrive', '--user', 'ann')];
    assert.equal(one.PDS_ACCESS_KEY_ID, two.KOODRIVE_APP_ID);
    assert.equal(one.PDS_ACCESS_KEY_SECRET, two.KOODRIVE_APP_SECRET);
    assert.equal((await cli('app', 'list')).filter(app => app.name === 'env').length, 1);
  });

  test('env gives a drive to a user who has none, and says so', async () => {
    const without = await cli('user', 'add', 'newcomer', '--id', 'N');
    assert.ok(!('drive_id' in without));
    const ran = await runProgram(['env', 'pds', '--user', 'newcomer', '--data', s.data, '--format', 'json']);
    const made = JSON.parse(ran.stdout).PDS_DRIVE_ID;
    assert.match(ran.stderr, new RegExp(`newcomer had no drive: made ${made}`));
    assert.equal((await cli('env', 'pds', '--user', 'newcomer')).PDS_DRIVE_ID, made);
  });

  test('env refuses what it does not know', async () => {
    await fails(USAGE, /there is no dropbox here, only pds, dingtalk, koodrive/, 'env', 'dropbox');
    await fails(USAGE, /--format: sh or json, not xml/, 'env', 'pds', '--format', 'xml');
    await fails(FAILED, /nobody/, 'env', 'pds', '--user', 'nobody');
  });
});

describe('openapi', () => {
  test('prints one document, or all of them under their names', async () => {
    const one = JSON.parse((await runProgram(['openapi', 'koodrive'])).stdout);
    assert.match(one.openapi, /^3\.1/);
    assert.ok(one.paths['/koodrive/ose/v1/files/{type}']);
    const all = JSON.parse((await runProgram(['openapi'])).stdout);
    assert.deepEqual(Object.keys(all), ['pds', 'dingtalk', 'koodrive']);
    assert.ok(all.pds.paths['/v2/drive/create'].post);
    assert.ok(all.dingtalk.paths['/v1.0/drive/spaces'].get);
    await refuses(USAGE, /there is no box here/, 'openapi', 'box');
  });

  test('a full disk under stdout is told, not swallowed', { skip: !existsSync('/dev/full') }, () => {
    assert.throws(() => execFileSync('sh', ['-c', '"$0" openapi pds >/dev/full', program], { stdio: 'pipe' }),
      error => error.status === FAILED && /cannot write the answer/.test(String(error.stderr)));
  });
});
