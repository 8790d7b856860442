// Starts a server for a test, on fresh temporary data and a free port, and speaks to it.
//
//     const s = await startServer({ args: ['--strict'] });
//     const ann = await s.person('ann', { drive: true });          // { user_id, token, drive_id }
//     const r = await s.call('POST', '/v2/drive/get', { token: ann.token, body: { drive_id: ann.drive_id } });
//     await s.stop();                                              // throws when it did not end well
//
// The program is POLYDRIVE_BIN, else POLYDRIVE, else build/asan/polydrive, else build/polydrive.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));
export const program = [process.env.POLYDRIVE_BIN, process.env.POLYDRIVE, join(root, 'build/asan/polydrive'),
  join(root, 'build/polydrive')].filter(Boolean).map(path => resolve(path)).find(path => existsSync(path));

const START_MS = 60_000;
const STOP_MS = 60_000;

// What a test that broke off leaves behind goes with it: processes by their own id, folders by name.
const children = new Set();
const folders = new Set();
process.on('exit', () => {
  for (const child of children) child.kill('SIGKILL');
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

export function temporaryFolder(name = 'data') {
  const folder = mkdtempSync(join(tmpdir(), `polydrive-test-${name}-`));
  folders.add(folder);
  return folder;
}

export function removeFolder(folder) {
  folders.delete(folder);
  rmSync(folder, { recursive: true, force: true });
}

// The settings of a test are its own: none come from the environment it runs in.
function environment(more = {}) {
  const env = { ...process.env, ...more };
  for (const name of Object.keys(env))
    if (name.startsWith('POLYDRIVE_') && !(name in more)) delete env[name];
  delete env.NOTIFY_SOCKET;
  return { ...env, ...more };
}

// Runs the program to its end: { code, stdout, stderr }. Never throws for an exit code.
export function runProgram(args, { input = '', env, cwd } = {}) {
  if (!program) throw new Error('no program to test: run `make test`, or set POLYDRIVE_BIN');
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { env: environment(env), cwd, stdio: ['pipe', 'pipe', 'pipe'] });
    let stdout = '', stderr = '';
    children.add(child);
    child.stdout.setEncoding('utf8').on('data', text => { stdout += text; });
    child.stderr.setEncoding('utf8').on('data', text => { stderr += text; });
    child.stdin.on('error', () => {}); // it may end without reading
    child.stdin.end(input);
    child.on('error', reject);
    child.on('close', (code, signal) => {
      children.delete(child);
      resolve({ code, signal, stdout, stderr });
    });
  });
}

// An HTTP request with full control of headers: { status, headers, body, text, bytes }; body is the
// parsed JSON, or null where the answer is not JSON.
export function request(method, url, { headers = {}, body, agent, ca } = {}) {
  const door = url.startsWith('https:') ? https : http;
  return new Promise((resolve, reject) => {
    const sent = door.request(url, { method, headers, agent, ca }, answer => {
      const pieces = [];
      answer.on('error', reject);
      answer.on('data', piece => pieces.push(piece));
      answer.on('end', () => {
        const bytes = Buffer.concat(pieces);
        const text = bytes.toString('utf8');
        let parsed = null;
        try { parsed = JSON.parse(text); } catch { /* not JSON */ }
        resolve({ status: answer.statusCode, headers: answer.headers, body: parsed, text, bytes });
      });
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

class Server {
  constructor({ args = [], env = {}, data, command = 'serve' }) {
    this.args = args;
    this.env = env;
    this.command = command;
    this.ownData = !data;
    this.data = data ?? temporaryFolder();
    this.listen = '127.0.0.1:0';
    this.stderr = this.stdout = '';
  }

  // Starts the process and waits until it says that it listens.
  start() {
    if (!program) throw new Error('no program to test: run `make test`, or set POLYDRIVE_BIN');
    const place = this.command === 'serve' ? ['--data', this.data] : [];
    const listen = this.args.includes('--listen') ? [] : ['--listen', this.listen];
    const child = spawn(program, [this.command, ...place, ...listen, ...this.args],
      { env: environment(this.env), stdio: ['ignore', 'pipe', 'pipe'] });
    children.add(child);
    this.child = child;
    this.pid = child.pid;
    this.agent = new http.Agent({ keepAlive: true });
    this.stdout = '';
    this.ended = new Promise(resolve => child.on('close', (code, signal) => {
      children.delete(child);
      this.agent.destroy();
      resolve({ code, signal });
    }));
    child.stdout.setEncoding('utf8');
    child.stderr.setEncoding('utf8').on('data', text => { this.stderr += text; });
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`it does not listen:\n${this.stderr}`)), START_MS);
      child.on('error', reject);
      this.ended.then(({ code, signal }) => {
        clearTimeout(late);
        reject(Object.assign(new Error(`it ended with ${code ?? signal}:\n${this.stderr}`), { code, stderr: this.stderr }));
      });
      child.stdout.on('data', text => {
        this.stdout += text;
        const said = /^listening on (\S+)$/m.exec(this.stdout);
        if (!said) return;
        clearTimeout(late);
        this.url = said[1];
        this.listen = new URL(this.url).host; // the same again after restart()
        resolve(this);
      });
    });
  }

  log() { return this.stderr; }

  // Runs a subcommand on this server's data with --json: the parsed JSON; throws on failure, with code,
  // stdout and stderr. Options { input } as a last argument.
  async cli(...args) {
    const options = typeof args.at(-1) === 'object' ? args.pop() : {};
    const ran = await runProgram([...args, '--data', this.data, '--json'], { ...options, env: options.env });
    if (ran.code !== 0)
      throw Object.assign(new Error(`polydrive ${args.join(' ')}: exit ${ran.code ?? ran.signal}: ${ran.stderr}`), ran);
    return JSON.parse(ran.stdout);
  }

  // A user with a token: { user_id, token, drive_id }.
  async person(name, { drive = false, admin = false, password, id, ttl } = {}) {
    const made = await this.cli('user', 'add', name, ...(drive ? ['--drive'] : []), ...(admin ? ['--admin'] : []),
      ...(id ? ['--id', id] : []), ...(password ? ['--password-stdin'] : []), { input: password ? `${password}\n` : '' });
    const issued = await this.cli('token', 'issue', name, ...(ttl ? ['--ttl', String(ttl)] : []));
    return { user_id: made.user_id, token: issued.access_token, drive_id: made.drive_id };
  }

  // An app: { app_key, app_secret }; acts as `user` where one is named.
  app(name, { user, publicKey } = {}) {
    return this.cli('app', 'add', name, ...(user ? ['--user', user] : []), ...(publicKey ? ['--public-key', publicKey] : []));
  }

  // One call. token: Authorization: Bearer. body: an object (as JSON) or text; raw: bytes as they are.
  call(method, path, { token, body, raw, headers = {} } = {}) {
    const bytes = raw ?? (body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body));
    const names = Object.keys(headers).map(name => name.toLowerCase());
    const sent = { ...headers };
    if (token && !names.includes('authorization')) sent.Authorization = `Bearer ${token}`;
    if (body !== undefined && !names.includes('content-type')) sent['Content-Type'] = 'application/json';
    if (bytes !== undefined && !names.includes('transfer-encoding') && !names.includes('content-length'))
      sent['Content-Length'] = Buffer.byteLength(bytes);
    return request(method, this.url + path, { headers: sent, body: bytes, agent: this.agent });
  }

  // Ends it as an operator would. Throws when it had to be killed or did not exit with 0.
  async stop({ keepData = false } = {}) {
    if (this.child.exitCode === null && this.child.signalCode === null) this.child.kill('SIGTERM');
    const late = setTimeout(() => this.child.kill('SIGKILL'), STOP_MS);
    const { code, signal } = await this.ended;
    clearTimeout(late);
    if (this.ownData && !keepData) removeFolder(this.data);
    if (code !== 0 && !this.killed)
      throw new Error(`the server ended with ${code ?? signal}:\n${this.stderr.slice(-4000)}`);
  }

  // Ends it as a power cut would end the process.
  async kill9() {
    this.killed = true;
    this.child.kill('SIGKILL');
    await this.ended;
  }

  // Starts it again on the same data, port and arguments; stops it first where it still runs.
  async restart({ args } = {}) {
    if (this.child.exitCode === null && this.child.signalCode === null) await this.stop({ keepData: true });
    this.args = args ?? this.args;
    this.killed = false;
    return this.start();
  }
}

// args: more flags for `serve`. data: a folder that is kept; by default a new one that stop() removes.
export async function startServer(options = {}) {
  const server = new Server(options);
  await server.start();
  return server;
}
