// (f) From the start of the process until it serves.
import { figure, section } from './report.mjs'
import { Nginx, Polydrive } from './servers.mjs'
import { fixed, helper, interleave, median, quick } from './tools.mjs'

export async function startTime({ nginx, store, largest }) {
  section(`(f) start: until polydrive, on ${largest.toLocaleString('en')} files, prints "listening on", and until nginx accepts`)
  await nginx.stop() // its port is needed
  const got = await interleave(quick ? 3 : 9, {
    ours: async () => (await helper('spawn', 'line', 'listening on', Polydrive.program, ...Polydrive.serveWords(store.data))).ms,
    theirs: async () => (await helper('spawn', 'port', nginx.port, 'nginx', ...Nginx.words(nginx.config))).ms,
  })
  Object.assign(nginx, await Nginx.start())
  figure('start', `${fixed(median(got.ours), 1)} ms`, '', null, `nginx ${fixed(median(got.theirs), 1)} ms`)
}
