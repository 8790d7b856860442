// Collects what is printed: tables as they come, and at the end every aim with what was measured.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { work } from './tools.mjs'

const lines = []
const figures = []

export function say(line = '') {
  lines.push(line)
  console.log(line)
}

export function section(title) {
  say()
  say(title)
}

/** A figure that an aim stands against: `met` is true, false, or null where nothing was aimed at. */
export function figure(name, value, aim = '', met = null, detail = '') {
  figures.push({ name, value, aim, met, detail })
  say(`  ${name}: ${value}${detail ? `  (${detail})` : ''}${aim ? `  aim ${aim}: ${met ? 'met' : 'NOT MET'}` : ''}`)
}

/** Rows of equal length, aligned; the first row is the head. */
export function table(rows) {
  const widths = rows[0].map((_, i) => Math.max(...rows.map((row) => String(row[i]).length)))
  for (const row of rows)
    say(`  ${row.map((cell, i) => (i ? String(cell).padStart(widths[i]) : String(cell).padEnd(widths[i]))).join('  ')}`.trimEnd())
}

export function summary() {
  const judged = figures.filter((it) => it.met !== null)
  section(`Aims: ${judged.filter((it) => it.met).length} of ${judged.length} met`)
  table([['', 'measured', 'aim', ''], ...judged.map((it) => [it.name, it.value, it.aim, it.met ? 'met' : 'NOT MET'])])
  mkdirSync(work, { recursive: true })
  writeFileSync(join(work, 'last.txt'), `${lines.join('\n')}\n`)
  writeFileSync(join(work, 'last.json'), `${JSON.stringify(figures, null, 2)}\n`)
}
