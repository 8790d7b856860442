// The two servers that are measured: polydrive on a data folder, and nginx on a folder of its own.
import { execFile, execFileSync, spawn } from 'node:child_process'
import { closeSync, mkdirSync, openSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { root, sleep, work } from './tools.mjs'

const exec = promisify(execFile)
const program = join(root, 'build/polydrive')
const running = new Set()

process.on('exit', () => running.forEach((child) => child.kill('SIGTERM'))) // nginx's master ends its workers then

async function ended(child) {
  if (child.exitCode === null && child.signalCode === null) await new Promise((done) => child.once('exit', done))
  running.delete(child)
}

/** The last words: a log of some minutes at full speed is longer than a string may be. */
const endOf = (log) => execFileSync('tail', ['-c', '500', log]).toString()

/** Starts a program with its stderr in a file; `ready` resolves with what it waits for. */
function start(command, words, log, ready) {
  const to = openSync(log, 'a')
  const child = spawn(command, words, { stdio: ['ignore', 'pipe', to] })
  closeSync(to)
  running.add(child)
  return new Promise((done, failed) => {
    child.once('error', failed)
    child.once('exit', (code) => failed(new Error(`${command} ended with ${code}: ${endOf(log)}`)))
    ready(child).then((value) => done({ child, value }), failed)
  })
}

function lineOf(child, pattern) {
  let all = ''
  return new Promise((done) => {
    child.stdout.on('data', (piece) => {
      all += piece
      const match = pattern.exec(all)
      if (match) done(match)
    })
  })
}

/** Answers of one polydrive command. */
export async function command(...words) {
  const { stdout } = await exec(program, words)
  return stdout
}

export class Polydrive {
  static serveWords = (data) => ['serve', '--data', data, '--listen', '127.0.0.1:0']
  static program = program

  static async start(data) {
    const log = join(work, 'polydrive.log')
    const { child, value } = await start(program, Polydrive.serveWords(data), log,
      (it) => lineOf(it, /listening on http:\/\/127\.0\.0\.1:(\d+)\n/))
    const server = new Polydrive()
    Object.assign(server, { child, data, pid: child.pid, port: Number(value[1]), url: `http://127.0.0.1:${value[1]}` })
    const env = JSON.parse(await command('env', 'pds', '--data', data, '--json'))
    server.drive = env.PDS_DRIVE_ID
    server.user = env.PDS_USER_ID
    server.headers = { Authorization: `Bearer ${env.PDS_ACCESS_TOKEN}`, 'Content-Type': 'application/json' }
    return server
  }

  async stop() {
    this.child.kill('SIGTERM')
    await ended(this.child)
  }

  /** KooDrive's headers; the date is good for 15 minutes. */
  get koodriveHeaders() {
    const date = new Date().toISOString().replace(/[-:]|\.\d+/g, '')
    return { ...this.headers, 'X-User-Id': this.user, 'X-Date': date }
  }

  async post(path, body, headers = this.headers) {
    const answer = await fetch(this.url + path, { method: 'POST', headers, body: JSON.stringify(body) })
    const text = await answer.text()
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${text}`)
    return { text, json: JSON.parse(text) }
  }

  /** Until no change waits any more: what one run left behind must not be done in the time of the next. */
  async settle() {
    for (;;) {
      const text = await (await fetch(`${this.url}/metrics`)).text()
      if (Number(/^polydrive_store_backlog (\d+)/m.exec(text)[1]) === 0) return
      await sleep(20)
    }
  }

  async createFolder(name, parent = 'root') {
    const { json } = await this.post('/v2/file/create', {
      drive_id: this.drive, parent_file_id: parent, name, type: 'folder', check_name_mode: 'refuse',
    })
    return json.file_id
  }

  /** Begins an upload; the paths of its parts for bench/bulk.c. */
  async beginUpload(name, size, parts) {
    const { json } = await this.post('/v2/file/create', {
      drive_id: this.drive, parent_file_id: 'root', name, type: 'file', size,
      part_info_list: Array.from({ length: parts }, (_, i) => ({ part_number: i + 1 })),
    })
    return {
      ids: { drive_id: this.drive, file_id: json.file_id, upload_id: json.upload_id },
      paths: json.part_info_list.map((part) => part.upload_url.slice(this.url.length)),
    }
  }

  async complete(ids) {
    return (await this.post('/v2/file/complete', ids)).json
  }

  async downloadPath(file) {
    const { json } = await this.post('/v2/file/get_download_url', { drive_id: this.drive, file_id: file })
    return json.url.slice(this.url.length)
  }
}

async function freePort() {
  const server = createServer()
  await new Promise((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address()
  await new Promise((done) => server.close(done))
  return port
}

async function accepts(port) {
  for (let i = 0; i < 500; i++) {
    if (await fetch(`http://127.0.0.1:${port}/`).then(() => true, () => false)) return
    await sleep(10)
  }
  throw new Error('nginx does not answer')
}

// Two workers as there are two cores, sendfile, keep-alive without end, one log line a request as polydrive writes it.
const configuration = (folder, port) => `
daemon off;
worker_processes 2;
${process.getuid() === 0 ? 'user root root;' : ''}
pid ${folder}/pid;
error_log ${folder}/error.log warn;
events { worker_connections 4096; }
http {
    access_log ${folder}/access.log;
    sendfile on;
    tcp_nopush on;
    tcp_nodelay on;
    keepalive_requests 1000000000;
    client_max_body_size 0;
    client_body_temp_path ${folder}/body;
    fastcgi_temp_path ${folder}/none; proxy_temp_path ${folder}/none;
    scgi_temp_path ${folder}/none; uwsgi_temp_path ${folder}/none;
    default_type application/json;
    server {
        listen 127.0.0.1:${port};
        root ${folder}/root;
        location / { dav_methods PUT DELETE; create_full_put_path on; min_delete_depth 1; }
    }
}
`

export class Nginx {
  static async start() {
    const folder = join(work, 'nginx')
    rmSync(folder, { recursive: true, force: true })
    mkdirSync(join(folder, 'root'), { recursive: true })
    const server = new Nginx()
    Object.assign(server, { folder, port: await freePort(), config: join(folder, 'nginx.conf') })
    writeFileSync(server.config, configuration(folder, server.port))
    const { child } = await start('nginx', Nginx.words(server.config), join(folder, 'stderr.log'), () => accepts(server.port))
    server.child = child
    return server
  }

  static words = (config) => ['-e', join(work, 'nginx/error.log'), '-c', config]

  async stop() {
    this.child.kill('SIGTERM')
    await ended(this.child)
  }

  /** Serves `text` as a file; its path. */
  serve(name, text) {
    writeFileSync(join(this.folder, 'root', name), text)
    return `/${name}`
  }

  empty(name) {
    rmSync(join(this.folder, 'root', name), { recursive: true, force: true })
  }
}
