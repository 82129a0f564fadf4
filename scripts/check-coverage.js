// src/core must be covered completely; the rest is reported. Reads what tap left after a test run.
import { readFileSync } from 'node:fs'
import { relative, sep } from 'node:path'

const summary = JSON.parse(readFileSync('.tap/report/coverage-summary.json', 'utf8'))
const core = `src${sep}core${sep}`
const incomplete = Object.entries(summary)
  .map(([file, kinds]) => [relative('.', file), kinds])
  .filter(([file]) => file.startsWith(core))
  .filter(([, kinds]) => ['lines', 'branches', 'functions'].some(kind => kinds[kind].pct < 100))

for (const [file, kinds] of incomplete)
  console.error(
    `${file}: lines ${kinds.lines.pct} %, branches ${kinds.branches.pct} %, functions ${kinds.functions.pct} %`,
  )
console.log(
  `coverage: all ${summary.total.lines.pct} % of lines; src/core ${incomplete.length ? 'incomplete' : '100 %'}`,
)
process.exit(incomplete.length ? 1 : 0)
