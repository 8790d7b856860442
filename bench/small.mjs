// (c) Small durable uploads, beside the machine's own syncs and nginx's PUT, which syncs nothing.
import { createHash } from 'node:crypto'
import { figure, section, table } from './report.mjs'
import { count, fixed, fresh, helper, interleave, median, quick, rate, ratio, requestFile, work } from './tools.mjs'

const SIZE = 4096
const SECONDS = quick ? 0.5 : 1
const ROUNDS = quick ? 2 : 3
const aims = { 8: 0.3, 64: 0.5 }

/** One file of known digest, so that creates of the same content are instant. */
async function knownContent(server) {
  const bytes = Buffer.alloc(SIZE, 'known')
  const { ids, paths } = await server.beginUpload(`known ${fresh()}`, SIZE, 1)
  await fetch(server.url + paths[0], { method: 'PUT', body: bytes, headers: { 'Content-Type': '' } })
  await server.complete(ids)
  return createHash('sha1').update(bytes).digest('hex').toUpperCase()
}

const create = (server, body) => requestFile('POST', '/v2/file/create', server.headers,
  { drive_id: server.drive, check_name_mode: 'refuse', ...body })

async function requests(server) {
  const hash = await knownContent(server)
  const parent = await server.createFolder(`small ${fresh()}`)
  const instant = { parent_file_id: parent, type: 'file', size: SIZE, content_hash: hash, content_hash_name: 'sha1' }
  const probe = await server.post('/v2/file/create', { drive_id: server.drive, name: `probe ${fresh()}`, ...instant })
  if (!probe.json.rapid_upload) throw new Error('an instant upload was not instant')
  return {
    whole: create(server, { parent_file_id: parent, name: 'file @N@.txt', type: 'file', size: SIZE, part_info_list: [{ part_number: 1 }] }),
    folder: create(server, { parent_file_id: parent, name: 'folder @N@', type: 'folder' }),
    instant: create(server, { name: 'instant @N@.txt', ...instant }),
    put: requestFile('PUT', `/small-${fresh()}/@N@`, {}, '@N@'.padEnd(SIZE - 9, 'x')),
  }
}

/* Nothing is removed in between: ext4 without a journal makes creates slow for half a minute after that. */
async function at(connections, { server, nginx }) {
  const files = await requests(server)
  const settled = async (run) => {
    const value = await run
    await server.settle()
    return value
  }
  const got = await interleave(ROUNDS, {
    theirs: () => rate(nginx.port, connections, SECONDS, 201, files.put),
    whole: async () => (await settled(helper('load', 'upload', server.port, connections, SECONDS, fresh(), SIZE, files.whole))).rate,
    folder: () => settled(rate(server.port, connections, SECONDS, 201, files.folder)),
    instant: () => settled(rate(server.port, connections, SECONDS, 201, files.instant)),
  })
  return {
    values: Object.fromEntries(Object.entries(got).map(([name, values]) => [name, median(values)])),
    ratios: Object.fromEntries(['whole', 'folder', 'instant'].map((name) => [name, ratio(got[name], got.theirs)])),
  }
}

export async function small(bench) {
  section(`(c) durable changes a second, files of ${SIZE} bytes; nginx's PUT of the same size syncs nothing`)
  const sync = await interleave(ROUNDS, {
    1: async () => (await helper('limits', 'sync', work, 1, SECONDS)).rate,
    8: async () => (await helper('limits', 'sync', work, 8, SECONDS)).rate,
  })
  const rows = [['connections', 'create+PUT+complete', 'folder create', 'instant create', 'nginx PUT', 'fdatasync by as many']]
  const all = {}
  for (const connections of [1, 8, 64]) {
    const it = await at(connections, bench)
    all[connections] = it
    const of = (name) => `${count(it.values[name])} = ${fixed(it.ratios[name])}`
    rows.push([connections, of('whole'), of('folder'), of('instant'), count(it.values.theirs),
      connections in sync ? count(median(sync[connections])) : '-'])
  }
  table(rows)
  // What is aimed at is a durable call; a whole upload is three of them, which the API asks for, against one PUT.
  const calls = { folder: ['folder creates', 1], instant: ['instant creates', 1], whole: ['calls of whole uploads', 3] }
  for (const [connections, aim] of Object.entries(aims))
    for (const [name, [title, each]] of Object.entries(calls)) {
      const value = all[connections].ratios[name] * each
      figure(`${title} of nginx's unsynced PUT, ${connections} connections`, fixed(value), `>= ${aim}`, value >= aim,
        each > 1 ? `whole uploads ${fixed(value / each)}` : undefined)
    }
}
