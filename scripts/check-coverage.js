// src/core must be covered completely; the rest is reported. Reads what tap left after a test run.
import { readFileSync } from 'node:fs'
import { relative, sep } from 'node:path'

const read = name => JSON.parse(readFileSync(`.tap/report/${name}.json`, 'utf8'))
const summary = read('coverage-summary')
const details = read('coverage-final')
const core = `src${sep}core${sep}`

/**
 * The share of functions that were called, in percent. One function may stand there several times, with
 * slightly different ends, since V8 sees the end of an arrow function otherwise once it was called.
 */
const functionsCalled = file => {
  const { fnMap, f } = details[file]
  const calls = new Map()
  for (const [id, { decl }] of Object.entries(fnMap)) {
    const place = `${decl.start.line}:${decl.start.column}`
    calls.set(place, (calls.get(place) ?? 0) + f[id])
  }
  const called = [...calls.values()].filter(count => count > 0)
  return calls.size === 0 ? 100 : (100 * called.length) / calls.size
}

const incomplete = Object.entries(summary)
  .filter(([file]) => relative('.', file).startsWith(core))
  .map(([file, kinds]) => [
    relative('.', file),
    { ...kinds, functions: { pct: functionsCalled(file) } },
  ])
  .filter(([, kinds]) => ['lines', 'branches', 'functions'].some(kind => kinds[kind].pct < 100))

for (const [file, kinds] of incomplete)
  console.error(
    `${file}: lines ${kinds.lines.pct} %, branches ${kinds.branches.pct} %, functions ${kinds.functions.pct} %`,
  )
console.log(
  `coverage: all ${summary.total.lines.pct} % of lines; src/core ${incomplete.length ? 'incomplete' : '100 %'}`,
)
process.exit(incomplete.length ? 1 : 0)
