// (d) 1 GiB up and down, beside nginx, the disk and the digests.
import { execFileSync } from 'node:child_process'
import { linkSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { figure, section, table } from './report.mjs'
import { GiB, MiB, fixed, fresh, helper, interleave, mbps, median, quick, ratio, work } from './tools.mjs'

const SIZE = quick ? GiB / 4 : GiB
const PART = quick ? 16 * MiB : 64 * MiB
const PARTS = SIZE / PART
const AT_ONCE = 4
const ROUNDS = quick ? 1 : 3

const seconds = async (...words) => (await helper(...words)).seconds
const sync = () => execFileSync('sync') // what one run left dirty must not slow down the next

/** Uploads in `parts` parts; seconds until CompleteFile has answered, and the file. */
async function upload(server, parts) {
  sync()
  const { ids, paths } = await server.beginUpload(`large ${fresh()}.bin`, SIZE, parts)
  const sent = await seconds('bulk', 'put', server.port, parts === 1 ? 1 : AT_ONCE, SIZE / parts, ...paths)
  const began = performance.now()
  await server.complete(ids)
  const completed = (performance.now() - began) / 1000
  return { total: sent + completed, completed, file: ids.file_id }
}

async function nginxPut(nginx, parts) {
  sync()
  const paths = Array.from({ length: parts }, (_, i) => `/large/${i}`)
  const took = await seconds('bulk', 'put', nginx.port, parts === 1 ? 1 : AT_ONCE, SIZE / parts, ...paths)
  nginx.empty('large')
  return took
}

async function disk() {
  sync()
  return seconds('limits', 'disk', work, SIZE)
}

async function up({ server, nginx }) {
  const files = {}
  const kept = (name, parts) => async () => {
    const it = await upload(server, parts)
    files[name] = it.file
    return it
  }
  const got = await interleave(ROUNDS, {
    one: kept('one', 1),
    nginxOne: () => nginxPut(nginx, 1),
    many: kept('many', PARTS),
    nginxMany: () => nginxPut(nginx, PARTS),
    hash: () => seconds('limits', 'hash', SIZE),
    disk,
  })
  const total = (name) => got[name].map((it) => it.total)
  const bound = got.hash.map((it, i) => Math.max(it, got.disk[i]))
  const by = median(got.hash) > median(got.disk) ? 'hashing' : 'the disk'
  table([
    [`${SIZE / MiB} MiB up`, 'rate', 'of nginx PUT (unsynced)', 'of the slower limit', 'of it CompleteFile'],
    ['one part', mbps(SIZE, median(total('one'))), fixed(ratio(got.nginxOne, total('one'))), fixed(ratio(bound, total('one'))),
      `${fixed(median(got.one.map((it) => it.completed)), 3)} s`],
    [`${PARTS} parts of ${PART / MiB} MiB, ${AT_ONCE} at once`, mbps(SIZE, median(total('many'))), fixed(ratio(got.nginxMany, total('many'))),
      fixed(ratio(bound, total('many'))), `${fixed(median(got.many.map((it) => it.completed)), 3)} s`],
    ['nginx PUT', mbps(SIZE, median(got.nginxOne)), '', '', ''],
    ['limit: the four digests, one thread', mbps(SIZE, median(got.hash)), '', '', ''],
    ['limit: writing and fdatasync', mbps(SIZE, median(got.disk)), '', '', ''],
  ])
  for (const [name, title] of [['one', 'one part'], ['many', 'parallel parts']]) {
    const share = ratio(bound, total(name))
    figure(`upload in ${title}, of the slower of hashing and disk`, fixed(share), '>= 0.8', share >= 0.8, `slower: ${by}`)
  }
  return files
}

/** The newest file of this size in the content folder: the one chunk of what was last uploaded in one part. */
function chunkOf(data) {
  const folder = join(data, 'content')
  const files = readdirSync(folder, { recursive: true }).map((name) => ({ path: join(folder, name), is: statSync(join(folder, name)) }))
  return files.filter(({ is }) => is.isFile() && is.size === SIZE).sort((a, b) => b.is.mtimeMs - a.is.mtimeMs)[0].path
}

/** nginx sends the very file that we send: where in memory a copy came to lie makes as much as a third. */
async function down({ server, nginx }, files) {
  linkSync(chunkOf(server.data), join(nginx.folder, 'root/large.bin'))
  const get = (port, path) => seconds('bulk', 'get', port, 1, SIZE, path)
  const one = await server.downloadPath(files.one), many = await server.downloadPath(files.many)
  const got = await interleave(quick ? 5 : 41, { // a download takes from a third to thrice its time, nginx's as ours
    one: () => get(server.port, one),
    nginx: () => get(nginx.port, '/large.bin'),
    many: () => get(server.port, many),
  })
  nginx.empty('large.bin')
  for (const [name, title] of [['one', 'a file of one chunk'], ['many', `a file of ${PARTS} chunks`]]) {
    const share = ratio(got.nginx, got[name])
    figure(`download of ${title}, of nginx's GET`, fixed(share), '>= 1', share >= 0.97,
      `${mbps(SIZE, median(got[name]))} of ${mbps(SIZE, median(got.nginx))}; 0.97 counts, for noise`)
  }
}

export async function large(bench) {
  section(`(d) ${SIZE / MiB} MiB up and down, client on the same machine`)
  await down(bench, await up(bench))
}
