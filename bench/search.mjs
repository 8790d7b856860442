// (h) Searches of a drive of more than a million, beside sqlite3 reading the same rows and grep reading their names.
import { execFileSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { figure, say, section, table } from './report.mjs'
import { count, fixed, interleave, median, quick, rateAndCost, requestFile, work } from './tools.mjs'

const PAGE = 100
const CONNECTIONS = 4
const ROUNDS = quick ? 3 : 5
const SECONDS = quick ? 0.2 : 0.4
const SHARE_AIM = 0.05 // of what a scan of all names costs, where it cannot stop at the first hundred

/** What is asked; `like` or `where` is the same for sqlite3: a substring, not a word, is the nearest it has. */
const searches = (folder) => [
  { title: 'a number in a name', query: 'name match "7368787"', like: '%7368787%' },
  { title: 'the beginning of a number', query: 'name match "73687"', like: '%73687%' },
  { title: 'two words, both common', query: 'name match "report final"', like: '%report%final%' },
  { title: 'a common word, the rarest with it', query: 'name match "report 7368787"', like: '%report%7368787%' },
  { title: 'Chinese, common', query: 'name match "会议纪要"', like: '%会议纪要%' },
  { title: 'Chinese with a number', query: 'name match "合同 104729"', like: '%合同%104729%' },
  { title: 'a word that is not there', query: 'name match "zzyzx"', like: '%zzyzx%' },
  { title: 'an exact name', query: 'name = "Invoice 104729.pdf"', like: 'Invoice 104729.pdf' },
  { title: 'one category, the newest first', query: 'category = "video"', order_by: 'created_at DESC', where: 'category = 5', order: 'created DESC, id DESC' },
  { title: 'size and type, the last changed', query: 'size > 50000 and type = "file"', order_by: 'updated_at DESC', where: 'size > 50000 AND kind = 2', order: 'modified DESC, id DESC' },
  { title: 'word, size and date', query: 'name match "Invoice" and size > 55000 and created_at > "2023-05-01T00:00:00"', where: "name LIKE '%Invoice%' AND size > 55000 AND created > 1682899200000" },
  { title: 'a word in one folder', query: `name match "VID" and parent_file_id = "${folder}"`, where: `name LIKE '%VID%' AND parent_id = ${folder}` },
  { title: 'a word by size, from all', query: 'name match "notes"', order_by: 'size DESC', where: "name LIKE '%notes%'", order: 'size DESC, id DESC' },
]

const where = (it) => it.where ?? `name LIKE '${it.like}'`

/** Microseconds of processor time of one statement, by sqlite3's own timer. */
function sqliteCost(database, drive, it) {
  const out = execFileSync('sqlite3', ['-readonly', database], { input: `.timer on\nSELECT id, name, size, created, modified FROM nodes
    WHERE drive_id = ${drive} AND ${where(it)} ORDER BY ${it.order ?? 'created, id'} LIMIT ${PAGE};\n`, maxBuffer: 2 ** 26 }).toString()
  const [, user, sys] = /user ([\d.]+) sys ([\d.]+)/.exec(out)
  return (Number(user) + Number(sys)) * 1e6
}

export async function search({ server, store, largest }) {
  section(`(h) searches: the first page of ${PAGE} in a drive of ${count(largest)} and more, processor time; sqlite3 reads the same rows`)
  const database = join(store.data, 'store.db')
  const rows = [['search', 'found', 'us a page', 'a second', 'us sqlite3', 'of sqlite3']]
  const shares = []
  // Ordered by a size, thousands of finds are read whole, by one search at a time: no loop of many connections.
  for (const it of searches(store.folders[largest]).filter((one) => !/^(size|name)/.test(one.order_by ?? ''))) {
    const ask = { drive_id: server.drive, query: it.query, order_by: it.order_by ?? 'created_at ASC', limit: PAGE }
    const { json } = await server.post('/v2/file/search', { ...ask, return_total_count: true })
    const request = requestFile('POST', '/v2/file/search', server.headers, ask)
    const got = await interleave(ROUNDS, {
      ours: () => rateAndCost(server.pid, server.port, CONNECTIONS, SECONDS, 200, request),
      theirs: async () => sqliteCost(database, server.drive, it),
    })
    const cost = Math.min(...got.ours.map((run) => run.cost)), theirs = Math.min(...got.theirs)
    shares.push({ title: it.title, share: cost / theirs, found: json.total_count })
    rows.push([it.title, count(json.total_count), count(cost), count(median(got.ours.map((run) => run.rate))), count(theirs), fixed(cost / theirs, 4)])
  }
  table(rows)
  say('  found: as total_count says, which looks at no more than 50,000 entries where no word narrows')
  const most = (some) => some.reduce((a, b) => (b.share > a.share ? b : a))
  const worst = most(shares.filter((it) => it.found < PAGE)), common = most(shares.filter((it) => it.found >= PAGE))
  figure('search for what is rare against a scan by sqlite3, worst', fixed(worst.share, 4), `<= ${SHARE_AIM}`, worst.share <= SHARE_AIM, worst.title)
  say(`  for what is common, where the scan stops at its first ${PAGE}, worst: ${fixed(common.share)}  (${common.title})`)
  grep(database, server.drive)
}

/** The names alone, in a file: what any search without an index has to read at least. */
function grep(database, drive) {
  const file = join(work, 'names.txt')
  execFileSync('bash', ['-c', `sqlite3 -readonly "$1" "SELECT name FROM nodes WHERE drive_id = ${drive}" > "$2"`, 'names', database, file])
  const took = () => {
    const from = process.hrtime.bigint()
    try { execFileSync('grep', ['-cF', '7368787', file]) } catch { /* none found is 1 */ }
    return Number(process.hrtime.bigint() - from) / 1000
  }
  say(`  grep -F of the same names in a file: ${count(Math.min(...Array.from({ length: ROUNDS }, took)))} us`)
  rmSync(file)
}
