// What all parts of the benchmark use: helper programs, medians, interleaved runs, request files.
import { execFile } from 'node:child_process'
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'

const exec = promisify(execFile)

export const root = resolve(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '..')
export const work = join(root, 'build/bench')
export const quick = Boolean(process.env.BENCH_QUICK && process.env.BENCH_QUICK !== '0')
export const GiB = 2 ** 30
export const MiB = 2 ** 20

/** Runs one of bench/*.c and reads the JSON it prints. */
export async function helper(name, ...words) {
  const { stdout } = await exec(join(work, 'bin', name), words.map(String), { maxBuffer: 2 ** 28 })
  return JSON.parse(stdout)
}

export const sleep = (ms) => new Promise((done) => setTimeout(done, ms))

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

/**
 * Runs A B C C B A A B C ...: what disturbs the machine for a while disturbs all of them, and none always has the
 * same one before it. Gives an array of values for each name.
 */
export async function interleave(rounds, runs) {
  const values = Object.fromEntries(Object.keys(runs).map((name) => [name, []]))
  const forwards = Object.entries(runs), backwards = [...forwards].reverse()
  for (let round = 0; round < rounds; round++)
    for (const [name, run] of round % 2 ? backwards : forwards) values[name].push(await run(round))
  return values
}

/** The median of the ratios of runs that followed each other. */
export const ratio = (above, below) => median(above.map((value, i) => value / below[i]))

let requests = 0

/** Writes a request as bench/load.c reads it, and gives the file's path. */
export function requestFile(method, path, headers, body = '', before = '') {
  const folder = join(work, 'requests')
  mkdirSync(folder, { recursive: true })
  const file = join(folder, `${++requests}`)
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\n`)
  const content = typeof body === 'string' ? body : JSON.stringify(body)
  writeFileSync(file, `${before}${method} ${path} HTTP/1.1\n${lines.join('')}\n${content}`)
  return file
}

let numbers = 1

/** A first number for @N@, such that no run before or after uses the same. */
export const fresh = () => numbers++ * 10_000_000

/** Replies in a second of the same request on some connections. */
export async function rate(port, connections, seconds, status, file) {
  return (await helper('load', 'loop', port, connections, seconds, status, fresh(), file)).rate
}

/** Microseconds of processor time that all threads of a process have had. */
export function cpuOf(pid) {
  const tasks = `/proc/${pid}/task`
  return readdirSync(tasks).reduce((sum, task) => sum + Number(readFileSync(`${tasks}/${task}/schedstat`, 'utf8').split(' ')[0]), 0) / 1000
}

/** As rate, with the processor time that a reply cost the server: that hardly depends on what else runs. */
export async function rateAndCost(pid, port, connections, seconds, status, file) {
  const before = cpuOf(pid)
  const it = await helper('load', 'loop', port, connections, seconds, status, fresh(), file)
  return { rate: it.rate, cost: (cpuOf(pid) - before) / it.all }
}

export const count = (value) => Math.round(value).toLocaleString('en')
export const fixed = (value, digits = 2) => value.toFixed(digits)
export const mib = (bytes) => `${(bytes / MiB).toFixed(1)} MiB`
export const mbps = (bytes, seconds) => `${Math.round(bytes / seconds / 1e6)} MB/s`
