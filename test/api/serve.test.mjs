// `polydrive serve` and `polydrive demo` as an operator meets them: the first start, the lock, the key,
// signals, TLS, the small page, health and metrics.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { program, removeFolder, request, runProgram, startServer, temporaryFolder } from './harness.mjs';

const FAILED = 1, USAGE = 2, LOCKED = 75, SETTINGS = 78;
const password = /^the password of superadmin is ([A-Za-z0-9]{20}) \(shown once/m;
const sleep = ms => new Promise(resolve => setTimeout(resolve, ms));

async function until(claim, ms = 10_000) {
  for (const end = Date.now() + ms; !(await claim()); await sleep(50))
    assert.ok(Date.now() < end, `not within ${ms} ms: ${claim}`);
}

async function refusesToStart(code, pattern, data, ...args) {
  const ran = await runProgram(['serve', '--data', data, '--listen', '127.0.0.1:0', ...args]);
  assert.equal(ran.code, code, ran.stderr);
  assert.match(ran.stderr, pattern);
}

describe('the data folder', () => {
  test('is made for the owner alone, and the first password is shown once', async () => {
    const parent = temporaryFolder('first');
    const data = join(parent, 'data');
    const s = await startServer({ data });
    assert.equal(statSync(data).mode & 0o777, 0o700);
    assert.equal(statSync(join(data, 'key')).mode & 0o777, 0o600);
    assert.equal(statSync(join(data, 'key')).size, 32);
    for (const name of readdirSync(data)) assert.equal(statSync(join(data, name)).mode & 0o077, 0, name);
    const first = password.exec(s.stdout);
    assert.ok(first, s.stdout);
    assert.ok(!s.log().includes(first[1]), 'a password is not in the log');
    await s.restart();
    assert.doesNotMatch(s.stdout, /password/);
    await s.stop();
    removeFolder(parent);
  });

  test('serves one server at a time', async () => {
    const s = await startServer();
    await refusesToStart(LOCKED, /a server runs on .* already/, s.data);
    await s.stop();
  });

  test('is not served without its key', async () => {
    const s = await startServer();
    await s.stop({ keepData: true });
    const key = join(s.data, 'key');
    const bytes = readFileSync(key);
    rmSync(key);
    await refusesToStart(SETTINGS, /the key .*put it back/, s.data);
    assert.ok(!existsSync(key), 'no new key beside old data');
    for (const wrong of [Buffer.alloc(0), bytes.subarray(1), Buffer.concat([bytes, bytes]), Buffer.alloc(32)]) {
      writeFileSync(key, wrong, { mode: 0o600 });
      await refusesToStart(SETTINGS, /is not 32 random bytes/, s.data);
    }
    writeFileSync(key, bytes);
    chmodSync(key, 0o644);
    await refusesToStart(SETTINGS, /everybody on this machine may read/, s.data);
    removeFolder(s.data);
  });

  test('is not taken over when something else lies in it', async () => {
    const folder = temporaryFolder('other');
    writeFileSync(join(folder, 'thesis.txt'), 'mine');
    await refusesToStart(SETTINGS, /key/, folder);
    assert.deepEqual(readdirSync(folder).sort(), ['lock', 'thesis.txt']);
    removeFolder(folder);
  });

  test('belongs to the domain it was made for', async () => {
    const s = await startServer({ args: ['--domain', 'acme'] });
    await s.stop({ keepData: true });
    await refusesToStart(SETTINGS, /belong to the domain acme, not other/, s.data, '--domain', 'other');
    s.args = [];
    await s.restart();
    await s.stop();
  });

  test('keeps what was acknowledged when the process is killed', async () => {
    const s = await startServer();
    const ann = await s.person('ann', { drive: true });
    await s.kill9();
    const ran = await runProgram(['env', 'pds', '--data', s.data]);
    assert.equal(ran.code, FAILED, 'a killed server is not taken for one that runs');
    await s.restart();
    const drives = await s.call('POST', '/v2/drive/list_my_drives', { token: ann.token, body: {} });
    assert.deepEqual(drives.body.items.map(drive => drive.drive_id), [ann.drive_id]);
    await s.stop();
  });
});

describe('the address', () => {
  const data = temporaryFolder('address');
  after(() => removeFolder(data));

  test('is loopback unless TLS or a proxy is there', async () => {
    await refusesToStart(SETTINGS, /can be reached from elsewhere/, data, '--listen', '0.0.0.0:0');
    await refusesToStart(SETTINGS, /ADDR:PORT is asked for/, data, '--listen', '8484');
    await refusesToStart(SETTINGS, /tls_cert and tls_key go together/, data, '--tls-cert', 'x.pem');
    const s = await startServer({ args: ['--listen', '0.0.0.0:0', '--behind-proxy'] });
    assert.match(s.url, /^http:\/\/0\.0\.0\.0:\d+$/);
    assert.match((await s.cli('env', 'pds')).PDS_ENDPOINT, /^http:\/\/127\.0\.0\.1:\d+$/);
    await s.stop();
  });

  test('may be IPv6', { skip: !Object.values(networkInterfaces()).flat().some(at => at.address === '::1') }, async () => {
    const s = await startServer({ args: ['--listen', '[::1]:0'] });
    assert.match(s.url, /^http:\/\/\[::1\]:\d+$/);
    assert.equal((await s.call('GET', '/healthz')).status, 200);
    await s.stop();
  });

  test('that is taken is told', async () => {
    const s = await startServer();
    const other = temporaryFolder('taken');
    await refusesToStart(FAILED, /cannot listen on/, other, '--listen', new URL(s.url).host);
    await s.stop();
    removeFolder(other);
  });

  test('speaks TLS with a certificate', async () => {
    const folder = temporaryFolder('tls');
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', cert, '-days', '2',
      '-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'], { stdio: 'ignore' });
    const s = await startServer({ args: ['--tls-cert', cert, '--tls-key', key] });
    assert.match(s.url, /^https:/);
    const answer = await request('GET', `${s.url}/openapi/pds.json`, { ca: readFileSync(cert) });
    assert.equal(answer.status, 200);
    assert.equal(answer.body.servers[0].url, s.url);
    await s.stop();
    writeFileSync(cert, 'no certificate');
    await refusesToStart(SETTINGS, /tls_cert: .* is not PEM/, data, '--tls-cert', cert, '--tls-key', key);
    removeFolder(folder);
  });
});

describe('signals', () => {
  test('SIGTERM ends it with 0 and removes its address', async () => {
    const s = await startServer();
    assert.equal(JSON.parse(readFileSync(join(s.data, 'run.json'), 'utf8')).url, s.url);
    await s.stop({ keepData: true });
    assert.ok(!existsSync(join(s.data, 'run.json')));
    removeFolder(s.data);
  });

  test('SIGHUP reads the log’s settings again, and keeps the old ones when the file is wrong', async () => {
    const folder = temporaryFolder('hup');
    const config = join(folder, 'polydrive.conf');
    writeFileSync(config, 'log_level = info\n');
    const s = await startServer({ args: ['--config', config] });
    writeFileSync(config, 'log_level = debug\nlog = json\n');
    process.kill(s.pid, 'SIGHUP');
    await until(() => /"message":"read the log's settings again"/.test(s.log()));
    writeFileSync(config, 'log_lovel = debug\n');
    process.kill(s.pid, 'SIGHUP');
    await until(() => /the settings stay as they were/.test(s.log()));
    assert.match(s.log(), /did you mean log_level\?/);
    assert.equal((await s.call('GET', '/healthz')).status, 200);
    await s.stop();
    removeFolder(folder);
  });

  test('the log is one JSON object a line with --log json', async () => {
    const s = await startServer({ args: ['--log', 'json', '--log-level', 'debug'] });
    for (const path of ['/v2/%0a%22x%22:1', '/v2/drive/get?%0D%0A%C3%A9', '/nothing'])
      await s.call('POST', path, { body: {}, headers: { 'User-Agent': 'a"b\\c', 'X-Traceid': '{"a":1}' } });
    await s.stop();
    for (const line of s.log().split('\n').slice(0, -1)) assert.equal(typeof JSON.parse(line).message, 'string', line);
  });
});

describe('the small page and its neighbours', () => {
  let s;
  before(async () => { s = await startServer({ args: ['--metrics-token', 'let-me-see'] }); });
  after(() => s.stop());

  test('GET / says what runs here, without script and under a strict policy', async () => {
    const r = await s.call('GET', '/');
    assert.equal(r.status, 200);
    assert.match(r.headers['content-type'], /^text\/html/);
    assert.equal(r.headers['x-content-type-options'], 'nosniff');
    const policy = r.headers['content-security-policy'];
    for (const rule of ["default-src 'none'", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"])
      assert.ok(policy.includes(rule), rule);
    assert.doesNotMatch(policy, /unsafe|script-src/);
    assert.doesNotMatch(r.text, /<script|onclick|javascript:/i);
    for (const text of ['/v2/', '/v1.0/', '/koodrive/', 'polydrive env pds', 'polydrive env dingtalk', 'polydrive env koodrive'])
      assert.ok(r.text.includes(text), text);
    for (const [, href] of r.text.matchAll(/href="([^"]+)"/g)) assert.equal((await s.call('GET', href)).status, 200, href);
    const style = /<style>(.*)<\/style>/s.exec(r.text)[1];
    const { createHash } = await import('node:crypto');
    assert.ok(policy.includes(`'sha256-${createHash('sha256').update(style).digest('base64')}'`), 'its own style is allowed');
  });

  test('HEAD gives the same head, other methods are refused', async () => {
    const [get, head] = [await s.call('GET', '/'), await s.call('HEAD', '/')];
    assert.equal(head.status, 200);
    assert.equal(head.text, '');
    assert.equal(head.headers['content-length'], get.headers['content-length']);
    for (const path of ['/', '/healthz', '/metrics', '/openapi/pds.json']) {
      for (const method of ['POST', 'PUT', 'DELETE']) {
        const r = await s.call(method, path, { body: { x: 1 } });
        assert.equal(r.status, 405, `${method} ${path}`);
        assert.equal(r.headers.allow, 'GET, HEAD');
      }
    }
  });

  test('the three contracts are there as OpenAPI documents', async () => {
    for (const [name, path] of [['pds', '/v2/drive/create'], ['dingtalk', '/v1.0/drive/spaces'],
      ['koodrive', '/koodrive/ose/v1/sharefolder/list']]) {
      const r = await s.call('GET', `/openapi/${name}.json`);
      assert.equal(r.status, 200);
      assert.match(r.headers['content-type'], /^application\/json/);
      assert.match(r.body.openapi, /^3\.1/);
      assert.ok(r.body.paths[path], path);
    }
    for (const path of ['/openapi/', '/openapi/box.json', '/openapi/pds', '/openapi/PDS.json'])
      assert.equal((await s.call('GET', path)).status, 404, path);
  });

  test('links begin with what the client sent as Host, if it is no more than that', async () => {
    const url = async (host, headers = {}) =>
      (await s.call('GET', '/openapi/pds.json', { headers: { Host: host, ...headers } })).body.servers[0].url;
    assert.equal(await url('drive.test:99'), 'http://drive.test:99');
    assert.equal(await url('drive.test', { 'X-Forwarded-Proto': 'https', 'X-Forwarded-Host': 'evil.test' }), 'http://drive.test');
    for (const host of ['evil.test/path', 'a"b', 'user@evil.test', 'a:99999'])
      assert.equal(await url(host), s.url, host);
    const r = await s.call('GET', '/', { headers: { Host: '<script>' } });
    assert.ok(!r.text.includes('<script>'));
  });

  test('what is nowhere is 404', async () => {
    for (const path of ['/nothing', '/index.html', '/healthz/', '/metricsx', '//', '/.env', '/%2e%2e/key', '/data'])
      assert.equal((await s.call('GET', path)).status, 404, path);
  });

  test('/healthz and /readyz say yes', async () => {
    for (const path of ['/healthz', '/readyz']) {
      const r = await s.call('GET', path);
      assert.equal(r.status, 200);
      assert.equal(r.headers['cache-control'], 'no-store');
    }
  });

  test('/metrics is Prometheus text whose counters count', async () => {
    const read = async (headers = {}) => {
      const r = await s.call('GET', '/metrics', { headers });
      assert.equal(r.status, 200, r.text);
      assert.match(r.headers['content-type'], /^text\/plain; version=0\.0\.4/);
      const values = {};
      for (const line of r.text.trimEnd().split('\n')) {
        if (line.startsWith('#')) continue;
        const [, name, value] = /^([a-z_]+)(?:\{[^}]*\})? (-?[0-9.]+)$/.exec(line) ?? assert.fail(line);
        values[name] = Number(value);
      }
      return values;
    };
    const before = await read();
    const ann = await s.person('ann');
    const made = await s.call('POST', '/v1.0/drive/spaces', { headers: {}, body: {} });
    assert.ok(made.status >= 400 && ann.token);
    const now = await read();
    assert.ok(now.polydrive_http_requests_total > before.polydrive_http_requests_total);
    assert.ok(now.polydrive_disk_free_bytes > 0 && now.process_resident_memory_bytes > 0);
    assert.equal(now.polydrive_store_broken, 0);
    assert.ok(Math.abs(now.process_start_time_seconds - Date.now() / 1000) < 600);
  });

  test('/metrics is not for requests that a proxy passed on, unless they know the token', async () => {
    const status = async headers => (await s.call('GET', '/metrics', { headers })).status;
    assert.equal(await status({ 'X-Forwarded-For': '192.0.2.1' }), 403);
    assert.equal(await status({ 'X-Forwarded-For': '' }), 403);
    assert.equal(await status({ Forwarded: 'for=192.0.2.1' }), 403);
    assert.equal(await status({ 'X-Forwarded-For': '192.0.2.1', Authorization: 'Bearer let-me-see' }), 200);
    for (const token of ['let-me-sea', 'let-me-see2', 'let-me', '', 'LET-ME-SEE'])
      assert.equal(await status({ 'X-Forwarded-For': '192.0.2.1', Authorization: `Bearer ${token}` }), 403, token);
  });
});

describe('more of the settings', () => {
  test('/readyz says no below --disk-floor, /healthz stays', async () => {
    const s = await startServer({ args: ['--disk-floor', '8388607TiB'] });
    const r = await s.call('GET', '/readyz');
    assert.equal(r.status, 503);
    assert.match(r.text, /disk-floor/);
    assert.equal((await s.call('GET', '/healthz')).status, 200);
    await s.stop();
  });

  test('--public-url stands in every link, whatever Host says', async () => {
    const s = await startServer({ args: ['--public-url', 'https://drive.test/'] });
    const r = await s.call('GET', '/openapi/pds.json', { headers: { Host: 'evil.test' } });
    assert.equal(r.body.servers[0].url, 'https://drive.test');
    assert.match(s.stdout, /^listening on http:\/\/127\.0\.0\.1:\d+$/m);
    await s.stop();
  });

  test('--metrics-token-file holds the token', async () => {
    const folder = temporaryFolder('token');
    const file = join(folder, 'token');
    writeFileSync(file, 'from-a-file\n');
    const s = await startServer({ args: ['--metrics-token-file', file] });
    const headers = { 'X-Forwarded-For': '192.0.2.1', Authorization: 'Bearer from-a-file' };
    assert.equal((await s.call('GET', '/metrics', { headers })).status, 200);
    await s.stop();
    writeFileSync(file, '\n');
    const data = temporaryFolder('token-data');
    await refusesToStart(SETTINGS, /metrics_token_file: no token/, data, '--metrics-token-file', file);
    removeFolder(folder);
    removeFolder(data);
  });

  test('behind a proxy, X-Forwarded-Proto makes links https', async () => {
    const s = await startServer({ args: ['--behind-proxy'] });
    const r = await s.call('GET', '/openapi/pds.json', { headers: { Host: 'drive.test', 'X-Forwarded-Proto': 'https' } });
    assert.equal(r.body.servers[0].url, 'https://drive.test');
    await s.stop();
  });

  test('many connections at once are served', async () => {
    const s = await startServer();
    const answers = await Promise.all(Array.from({ length: 200 }, () => request('GET', `${s.url}/healthz`)));
    assert.ok(answers.every(answer => answer.status === 200));
    await s.stop();
  });
});

describe('demo', () => {
  test('serves seeded data on loopback, and deletes it at the end', async () => {
    const folder = temporaryFolder('demo');
    const s = await startServer({ command: 'demo', env: { TMPDIR: folder } });
    await until(() => /Ctrl-C/.test(s.stdout));
    assert.ok(s.stdout.trimEnd().split('\n').length <= 10, s.stdout);
    assert.doesNotMatch(s.stdout, /password/);
    for (const vendor of ['pds', 'dingtalk', 'koodrive']) assert.ok(s.stdout.includes(`polydrive env ${vendor}`), vendor);

    // As typed in another terminal, without --data: the demo is found.
    const cwd = temporaryFolder('elsewhere');
    const shell = spawnSync('sh', ['-c', `eval "$("$0" env pds --user ann)" && echo "$PDS_ENDPOINT $PDS_DRIVE_ID $PDS_ACCESS_TOKEN"`,
      program], { encoding: 'utf8', cwd, env: { ...process.env, TMPDIR: folder } });
    const [endpoint, drive, token] = shell.stdout.trim().split(' ');
    assert.equal(endpoint, s.url, shell.stderr);
    removeFolder(cwd);

    const list = async parent => (await s.call('POST', '/v2/file/list', { token, body: { drive_id: drive, parent_file_id: parent } })).body.items;
    const top = await list('root');
    assert.ok(top.some(item => item.name === 'Welcome.md' && item.type === 'file'));
    const documents = top.find(item => item.name === 'Documents');
    assert.ok((await list(documents.file_id)).some(item => item.name === '会议纪要.md'));
    const teams = await s.call('POST', '/v2/drive/list_my_group_drive', { token, body: {} });
    if (teams.status === 200) assert.ok(teams.body.items.some(item => item.drive_name === 'Design'));

    const data = join(folder, readdirSync(folder).find(name => name.startsWith('polydrive-demo-')));
    assert.equal((await runProgram(['check', '--content', '--data', data])).stdout, 'all is well\n');

    s.child.kill('SIGINT');
    assert.deepEqual(await s.ended, { code: 0, signal: null });
    assert.match(s.stdout, /^deleted .*polydrive-demo-/m);
    assert.deepEqual(readdirSync(folder), []);
    removeFolder(folder);
  });

  test('takes another port when the usual one is taken, and refuses data of one’s own', async () => {
    const s = await startServer();
    const ran = await runProgram(['demo', '--listen', new URL(s.url).host]);
    assert.equal(ran.code, FAILED, 'a port that was asked for is not exchanged');
    assert.match(ran.stderr, /cannot listen/);
    const own = await runProgram(['demo', '--data', s.data]);
    assert.equal(own.code, USAGE);
    assert.match(own.stderr, /to keep data: polydrive serve/);
    await s.stop();
  });
});
