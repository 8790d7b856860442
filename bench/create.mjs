// (g) A create in the largest folder beside a create in an empty one.
import { figure, section } from './report.mjs'
import { count, fixed, fresh, interleave, median, quick, rateAndCost, requestFile } from './tools.mjs'

const CONNECTIONS = 8

export async function create({ server, store, largest }) {
  section(`(g) folder creates in a folder of ${largest.toLocaleString('en')} and in an empty one, ${CONNECTIONS} connections`)
  const request = (parent) => requestFile('POST', '/v2/file/create', server.headers, {
    drive_id: server.drive, parent_file_id: parent, name: 'new folder @N@', type: 'folder', check_name_mode: 'refuse',
  })
  const run = async (file) => {
    const it = await rateAndCost(server.pid, server.port, CONNECTIONS, quick ? 0.3 : 0.6, 201, file)
    await server.settle()
    return it
  }
  const full = request(store.folders[largest])
  const got = await interleave(quick ? 3 : 7, {
    empty: async () => run(request(await server.createFolder(`empty ${fresh()}`))),
    full: () => run(full),
  })
  const of = (name, what, pick) => pick(got[name].map((it) => it[what]))
  const least = (values) => Math.min(...values), costs = (name) => of(name, 'cost', least), rates = (name) => of(name, 'rate', median)
  const cost = costs('full') / costs('empty')
  figure(`create in a folder of ${largest.toLocaleString('en')} against an empty one`, fixed(cost), '<= 1.2', cost <= 1.2,
    `processor time, ${count(costs('full'))} against ${count(costs('empty'))} us, by medians ${fixed(of('full', 'cost', median) / of('empty', 'cost', median))}; ` +
    `${count(rates('full'))} against ${count(rates('empty'))} a second`)
}
