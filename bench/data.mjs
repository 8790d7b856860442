// The data folder that is measured: seeded once (bench/seed.c), kept, and copied for each run.
import { createHash } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { say } from './report.mjs'
import { Polydrive, command } from './servers.mjs'
import { helper, quick, root, work } from './tools.mjs'

export const sizes = quick ? [1000, 100_000] : [1000, 100_000, 1_000_000]
export const largest = sizes.at(-1)

/** Seeded data are good for as long as what makes them is the same. */
function keyOf() {
  const hash = createHash('sha256').update(sizes.join())
  for (const file of ['bench/seed.c', 'src/store/schema.c', 'src/store/nodes.c', 'src/store/details.c', 'src/store/search.c', 'src/base/names.c', 'src/base/words.c'])
    hash.update(readFileSync(join(root, file)))
  return hash.digest('hex').slice(0, 16)
}

async function seed(folder) {
  const began = Date.now()
  for (const old of readdirSync(work)) if (old.startsWith(`seed-${largest}-`)) rmSync(join(work, old), { recursive: true })
  const data = join(folder, 'data')
  mkdirSync(folder, { recursive: true })
  const server = await Polydrive.start(data)
  await server.stop()
  const folders = await helper('seed', data, server.drive, ...sizes)
  const finding = (await command('check', '--data', data)).trim()
  if (finding && finding !== 'all is well') throw new Error(`the seeded store is not sound: ${finding}`)
  writeFileSync(join(folder, 'folders.json'), JSON.stringify(folders))
  say(`seeded ${sizes.map((n) => n.toLocaleString('en')).join(' + ')} entries in ${Math.round((Date.now() - began) / 1000)} s (kept for the next time)`)
}

/** A data folder of our own with the big folders in it: { data, folders: { count: id } }. */
export async function prepare() {
  const kept = join(work, `seed-${largest}-${keyOf()}`)
  mkdirSync(work, { recursive: true })
  if (!existsSync(join(kept, 'folders.json'))) {
    rmSync(kept, { recursive: true, force: true })
    await seed(kept)
  }
  const data = join(work, 'data')
  rmSync(data, { recursive: true, force: true })
  cpSync(join(kept, 'data'), data, { recursive: true, preserveTimestamps: true })
  execFileSync('sync')
  const folders = JSON.parse(readFileSync(join(kept, 'folders.json'), 'utf8'))
  return { data, folders: Object.fromEntries(folders.map((it) => [it.entries, it.id])) }
}
