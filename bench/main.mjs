// bench/run.sh [PART...]: measures all parts, or those that are named. BENCH_QUICK=1: a minute, coarser.
import { execFileSync } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { change } from './change.mjs'
import { create } from './create.mjs'
import { largest, prepare } from './data.mjs'
import { drives } from './drives.mjs'
import { large } from './large.mjs'
import { idle, load } from './memory.mjs'
import { pages } from './pages.mjs'
import { figure, say, section, summary } from './report.mjs'
import { Nginx, Polydrive, command } from './servers.mjs'
import { search } from './search.mjs'
import { small } from './small.mjs'
import { startTime } from './start.mjs'
import { quick, work } from './tools.mjs'

// In this order: what must see a server that has done nothing yet comes first.
const parts = { start: startTime, idle, drives, pages, search, create, small, large, load, change }

function machine() {
  const memory = /MemTotal: +(\d+)/.exec(readFileSync('/proc/meminfo', 'utf8'))[1] / 2 ** 20
  const kernel = execFileSync('uname', ['-sr']).toString().split('.').slice(0, 2).join('.')
  return `${cpus().length}-core ${process.arch === 'x64' ? 'x86-64' : process.arch} (${cpus()[0].model.trim()}), ` +
    `${Math.round(memory)} GiB of memory, ${kernel}`
}

async function sound(data) {
  section('(z) the store after all of it')
  const finding = (await command('check', '--data', data)).trim()
  figure('polydrive check', finding.split('\n')[0] || 'silent', 'all is well', !finding || finding === 'all is well')
}

async function main() {
  const asked = process.argv.slice(2)
  const unknown = asked.find((name) => !(name in parts))
  if (unknown) throw new Error(`there is no part ${unknown}; parts: ${Object.keys(parts).join(' ')}`)
  const began = Date.now()
  say(`polydrive against ${execFileSync('sh', ['-c', 'nginx -v 2>&1']).toString().replace('nginx version: ', '').trim()}, ` +
    `${new Date().toISOString().slice(0, 10)}, ${machine()}${quick ? ', quick' : ''}`)
  const store = await prepare()
  const nginx = await Nginx.start()
  let server
  for (const [name, run] of Object.entries(parts)) {
    if (asked.length && !asked.includes(name)) continue
    if (name !== 'start') server ??= await Polydrive.start(store.data)
    await run({ server, nginx, store, largest })
  }
  await server?.stop()
  await nginx.stop()
  if (server) await sound(store.data)
  for (const folder of ['data', 'nginx', 'requests']) rmSync(join(work, folder), { recursive: true, force: true })
  summary()
  say(`${Math.round((Date.now() - began) / 1000)} s`)
}

main().catch((error) => {
  console.error(`bench: ${error.message}${error.stderr ? `\n${error.stderr}` : ''}`)
  process.exit(1)
})
