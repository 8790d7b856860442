// (e) Memory: idle, under load, at its peak during large transfers.
import { readFileSync, writeFileSync } from 'node:fs'
import { figure, section, table } from './report.mjs'
import { GiB, MiB, fresh, helper, mib, quick, requestFile, sleep } from './tools.mjs'

const CONNECTIONS = 64
const IDLE_AIM = 15 * MiB

const kib = (text, name) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)[1]) * 1024

/** What the kernel counts for a process. */
function memoryOf(pid) {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8')
  return { rss: kib(text, 'Rss'), pss: kib(text, 'Pss'), anonymous: kib(text, 'Anonymous') }
}

/** The largest resident size while `run` runs. */
async function peak(pid, run) {
  writeFileSync(`/proc/${pid}/clear_refs`, '5')
  await run()
  return kib(readFileSync(`/proc/${pid}/status`, 'utf8'), 'VmHWM')
}

const row = (title, m) => [title, mib(m.rss), mib(m.pss), mib(m.anonymous)]

export async function idle({ server, nginx, largest }) {
  section('(e) memory of a server that has just started')
  await sleep(1500)
  const ours = memoryOf(server.pid)
  const workers = readFileSync(`/proc/${nginx.child.pid}/task/${nginx.child.pid}/children`, 'utf8').trim().split(' ')
  const theirs = [nginx.child.pid, ...workers].map(memoryOf).reduce((a, b) =>
    ({ rss: a.rss + b.rss, pss: a.pss + b.pss, anonymous: a.anonymous + b.anonymous }))
  table([['', 'RSS', 'PSS', 'anonymous'], row(`polydrive on ${largest.toLocaleString('en')} files`, ours), row('nginx, three processes', theirs)])
  figure('resident when idle', mib(ours.rss), '< 15 MiB', ours.rss < IDLE_AIM)
}

async function underLoad(server) {
  const parent = await server.createFolder(`load ${fresh()}`)
  const create = requestFile('POST', '/v2/file/create', server.headers, {
    drive_id: server.drive, parent_file_id: parent, name: 'file @N@.txt', type: 'file', size: 4096, part_info_list: [{ part_number: 1 }],
  })
  const list = requestFile('POST', '/v2/file/list', server.headers, { drive_id: server.drive, parent_file_id: parent, limit: 100 })
  const seconds = quick ? 1 : 3
  await Promise.all([
    helper('load', 'upload', server.port, CONNECTIONS, seconds, fresh(), 4096, create),
    helper('load', 'loop', server.port, CONNECTIONS, seconds, 200, fresh(), list),
  ])
}

export async function load({ server }) {
  section('(e) memory of the same server at work: the largest resident size')
  const size = quick ? GiB / 4 : GiB
  const before = memoryOf(server.pid)
  const rows = [['', 'largest RSS'], ['before', mib(before.rss)]]
  rows.push([`${CONNECTIONS} connections upload small files, ${CONNECTIONS} list`, mib(await peak(server.pid, () => underLoad(server)))])
  const { ids, paths } = await server.beginUpload(`memory ${fresh()}.bin`, size, 16)
  rows.push([`${size / MiB} MiB up, 16 parts, 4 at once`, mib(await peak(server.pid, async () => {
    await helper('bulk', 'put', server.port, 4, size / 16, ...paths)
    await server.complete(ids)
  }))])
  const path = await server.downloadPath(ids.file_id)
  rows.push([`${size / MiB} MiB down, 4 at once`, mib(await peak(server.pid, () => helper('bulk', 'get', server.port, 4, size, path, path, path, path)))])
  await sleep(1500)
  rows.push(['after, idle', mib(memoryOf(server.pid).rss)])
  table(rows)
}
