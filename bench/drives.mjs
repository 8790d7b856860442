// (a) ListMyDrives beside the same bytes as a static file.
import { figure, section } from './report.mjs'
import { count, fixed, interleave, median, quick, rate, ratio, requestFile } from './tools.mjs'

export async function drives({ server, nginx }) {
  section('(a) ListMyDrives, one drive, 8 connections; nginx sends the same bytes from a file')
  const body = { limit: 10 }
  const { text } = await server.post('/v2/drive/list_my_drives', body)
  const ours = requestFile('POST', '/v2/drive/list_my_drives', server.headers, body)
  const theirs = requestFile('GET', nginx.serve('drives.json', text), {})
  const got = await interleave(quick ? 3 : 7, {
    ours: () => rate(server.port, 8, 0.5, 200, ours),
    theirs: () => rate(nginx.port, 8, 0.5, 200, theirs),
  })
  figure('ListMyDrives of nginx', fixed(ratio(got.ours, got.theirs)), '', null,
    `${count(median(got.ours))} of ${count(median(got.theirs))} requests/s`)
}
