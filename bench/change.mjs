// (i) What has changed lately; many changes at once: a batch beside single calls, and a large folder into the bin and away.
import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { figure, say, section } from './report.mjs'
import { count, fixed, interleave, median, quick, rateAndCost, requestFile, sleep, work } from './tools.mjs'

const CHANGES = 100
const ROUNDS = quick ? 3 : 7
const LARGE = 100_000

const timed = async (run) => {
  const began = performance.now()
  await run()
  return performance.now() - began
}

async function batches(server) {
  const file = await server.createFolder(`batch ${Date.now()}`)
  let said = 0
  const body = () => ({ drive_id: server.drive, file_id: file, description: `said ${++said}` })
  const batch = async () => {
    const requests = Array.from({ length: CHANGES }, (_, i) => ({ id: `${i}`, method: 'POST', url: '/file/update', body: body() }))
    const { json } = await server.post('/v2/batch', { resource: 'file', requests })
    const bad = json.responses.find((it) => it.status !== 200)
    if (bad || json.responses.length !== CHANGES) throw new Error(`a batch failed: ${JSON.stringify(bad)}`)
  }
  const singles = async () => {
    for (let i = 0; i < CHANGES; i++) await server.post('/v2/file/update', body())
  }
  const got = await interleave(ROUNDS, { batch: () => timed(batch), singles: () => timed(singles) })
  const share = median(got.batch.map((ms, i) => ms / got.singles[i]))
  figure(`a batch of ${CHANGES} small changes, of as many single calls on one connection`, fixed(share), '<= 0.2', share <= 0.2,
    `${fixed(median(got.batch), 1)} of ${fixed(median(got.singles), 1)} ms`)
}

/** What the peer does: as many empty files in a folder of the same disk, removed. */
function removeFiles() {
  const folder = join(work, 'peer')
  mkdirSync(folder, { recursive: true })
  for (let i = 0; i < LARGE; i++) writeFileSync(join(folder, `${i}`), '')
  const began = performance.now()
  execFileSync('rm', ['-r', folder])
  return performance.now() - began
}

async function taskEnd(server, id) {
  for (;;) {
    const { json } = await server.post('/v2/async_task/get', { async_task_id: id })
    if (json.state === 'Failed') throw new Error(`the task failed: ${JSON.stringify(json)}`)
    if (json.state !== 'Running') return
    await sleep(20)
  }
}

async function trash(server, folder) {
  const on = { drive_id: server.drive, file_id: folder }
  const send = (path, body) => fetch(server.url + path, { method: 'POST', headers: server.headers, body: JSON.stringify(body) })
  const calls = { trash: [], restore: [] }
  for (let round = 0; round < 3; round++) // one only after the other
    for (const name of ['trash', 'restore']) calls[name].push(await timed(() => send(`/v2/recyclebin/${name}`, on)))
  say(`  a folder of ${count(LARGE)} files into the bin: ${fixed(median(calls.trash), 1)} ms, complete with the call; back: ${fixed(median(calls.restore), 1)} ms`)
  let answer
  const call = await timed(async () => { answer = await send('/v2/file/delete', on) })
  const began = performance.now()
  await taskEnd(server, (await answer.json()).async_task_id)
  const all = performance.now() - began, peer = removeFiles()
  say(`  the same folder deleted for good: the call ${fixed(call, 1)} ms, until nothing of it is left ${fixed(all / 1000, 2)} s`)
  figure(`deleting ${count(LARGE)} files for good against rm -r of as many empty files`, fixed(all / peer), '', null,
    `rm ${fixed(peer / 1000, 2)} s, which syncs nothing`)
}

/** What changed last, after as many events as there are entries; a page of as many files is the limit. */
async function deltas(server, folder) {
  const on = { drive_id: server.drive, limit: CHANGES }
  const { cursor } = (await server.post('/v2/file/get_last_cursor', { drive_id: server.drive })).json
  for (let i = 0; i < CHANGES; i++) await server.createFolder(`delta ${Date.now()} ${i}`)
  const { items } = (await server.post('/v2/file/list_delta', { ...on, cursor })).json
  if (items.length !== CHANGES) throw new Error(`${items.length} events instead of ${CHANGES}`)
  const request = (path, body) => requestFile('POST', path, server.headers, { ...body, again: '@N@' })
  const loop = (file) => () => rateAndCost(server.pid, server.port, 8, quick ? 0.3 : 1, 200, file)
  const got = await interleave(ROUNDS, {
    last: loop(request('/v2/file/list_delta', { ...on, cursor })),
    first: loop(request('/v2/file/list_delta', on)),
    page: loop(request('/v2/file/list', { ...on, parent_file_id: folder })),
  })
  const cost = (name) => Math.min(...got[name].map((it) => it.cost)), share = cost('last') / cost('page')
  figure(`list_delta of the last ${CHANGES} events against a page of as many files, processor time`, fixed(share), '<= 2', share <= 2,
    `${count(cost('last'))} and ${count(cost('page'))} us; the first ${CHANGES} events ${count(cost('first'))} us`)
}

export async function change({ server, store, largest }) {
  section('(i) many changes at once, and what has changed')
  await deltas(server, store.folders[largest])
  await batches(server)
  await trash(server, store.folders[LARGE])
}
