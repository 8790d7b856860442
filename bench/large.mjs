// (d) 1 GiB up and down, beside nginx, the disk and the digests.
import { execFileSync } from 'node:child_process'
import { linkSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { figure, section, table } from './report.mjs'
import { GiB, MiB, fixed, fresh, helper, interleave, mbps, median, quick, ratio, work } from './tools.mjs'

const SIZE = quick ? GiB / 4 : GiB
const PART = quick ? 16 * MiB : 64 * MiB
const PARTS = SIZE / PART
const AT_ONCE = 4
const ROUNDS = quick ? 1 : 5

const seconds = async (...words) => (await helper(...words)).seconds
const kept = join(work, 'disk') // what `disk` has written
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
  const name = fresh()
  const paths = Array.from({ length: parts }, (_, i) => `/large/${name}-${i}`)
  return seconds('bulk', 'put', nginx.port, parts === 1 ? 1 : AT_ONCE, SIZE / parts, ...paths)
}

/** `disk`, or `both` hashing and writing at once. */
async function written(what) {
  sync()
  return seconds('limits', what, join(kept, String(fresh())), SIZE)
}

/**
 * All that is written stays until all rounds are done: what takes the place of something deleted, on the disk or in
 * memory, is written up to four times as fast on some machines.
 */
async function up({ server, nginx }) {
  const files = {}
  rmSync(kept, { recursive: true, force: true })
  mkdirSync(kept)
  const noted = (name, parts) => async () => {
    const it = await upload(server, parts)
    files[name] = it.file
    return it
  }
  const got = await interleave(ROUNDS, {
    one: noted('one', 1),
    many: noted('many', PARTS),
    hash: () => seconds('limits', 'hash', SIZE),
    disk: () => written('disk'),
    both: () => written('both'),
  })
  rmSync(kept, { recursive: true })
  const peer = await interleave(quick ? 1 : 3, { one: () => nginxPut(nginx, 1), many: () => nginxPut(nginx, PARTS) })
  nginx.empty('large')
  const total = (name) => got[name].map((it) => it.total)
  const alone = got.hash.map((it, i) => Math.max(it, got.disk[i]))
  table([
    [`${SIZE / MiB} MiB up`, 'rate', 'of nginx PUT (unsynced)', 'of the slower limit', 'of both at once', 'of it CompleteFile'],
    ...[['one', 'one part'], ['many', `${PARTS} parts of ${PART / MiB} MiB, ${AT_ONCE} at once`]].map(([name, title]) => [
      title, mbps(SIZE, median(total(name))), fixed(median(peer[name]) / median(total(name))), fixed(ratio(alone, total(name))),
      fixed(ratio(got.both, total(name))), `${fixed(median(got[name].map((it) => it.completed)), 3)} s`]),
    ...[['nginx PUT', peer.one], ['limit: the four digests, one thread', got.hash], ['limit: writing and fdatasync', got.disk],
      ['limit: both at once', got.both]].map(([title, took]) => [title, mbps(SIZE, median(took)), '', '', '', '']),
  ])
  for (const [name, title] of [['one', 'one part'], ['many', 'parallel parts']]) {
    const share = ratio(got.both, total(name))
    figure(`upload in ${title}, of hashing and writing at once`, fixed(share), '>= 0.8', share >= 0.8,
      `of the slower of the two alone ${fixed(ratio(alone, total(name)))}`)
  }
  return files
}

/** The newest files of this size in the content folder: the chunks of what was last uploaded in such parts. */
function chunksOf(data, size, n) {
  const folder = join(data, 'content')
  const files = readdirSync(folder, { recursive: true }).map((name) => ({ path: join(folder, name), is: statSync(join(folder, name)) }))
  return files.filter(({ is }) => is.isFile() && is.size === size).sort((a, b) => b.is.mtimeMs - a.is.mtimeMs).slice(0, n).map(({ path }) => path)
}

/**
 * nginx sends the very files that we send, many chunks by a request each: where in memory a copy came to lie makes as
 * much as a third.
 */
async function down({ server, nginx }, files) {
  const shares = [['one', 'a file of one chunk', 1], ['many', `a file of ${PARTS} chunks`, PARTS]]
  const runs = {}
  for (const [name, , n] of shares) {
    const paths = chunksOf(server.data, SIZE / n, n).map((path, i) => {
      linkSync(path, join(nginx.folder, `root/large-${name}-${i}`))
      return `/large-${name}-${i}`
    })
    const ours = await server.downloadPath(files[name])
    runs[name] = () => seconds('bulk', 'get', server.port, 1, SIZE, ours)
    runs[`nginx ${name}`] = () => seconds('bulk', 'get', nginx.port, 1, SIZE / n, ...paths)
  }
  const got = await interleave(quick ? 5 : 41, runs) // a download takes from a third to thrice its time, nginx's as ours
  for (const [name, title] of shares) {
    const theirs = got[`nginx ${name}`], share = ratio(theirs, got[name])
    figure(`download of ${title}, of nginx's GET`, fixed(share), '>= 1', share >= 0.97,
      `${mbps(SIZE, median(got[name]))} of ${mbps(SIZE, median(theirs))}; 0.97 counts, for noise`)
  }
}

export async function large(bench) {
  section(`(d) ${SIZE / MiB} MiB up and down, client on the same machine`)
  await down(bench, await up(bench))
}
