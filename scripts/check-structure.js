// Checks what the linter cannot see: file lengths, file names, and that tests reach every source file.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

const listed = root =>
  readdirSync(root, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile() && entry.name.endsWith('.ts'))
    .map(entry => join(entry.parentPath, entry.name))

const problems = []
const sources = [...listed('src'), ...listed('plugin')]
const tests = listed('test')

for (const [files, limit] of [
  [sources, 250],
  [tests, 400],
])
  for (const file of files) {
    const lines = readFileSync(file, 'utf8').split('\n').length - 1
    if (lines > limit) problems.push(`${file}: ${lines} lines, the limit is ${limit}`)
  }

for (const file of sources) {
  const name = basename(file, '.ts')
  if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name)) problems.push(`${file}: the name is not kebab-case`)
  if (/^(utils?|helpers?|common|types?|index)$/.test(name))
    problems.push(`${file}: the name does not say what the file is for`)
}

const testFiles = tests.filter(file => file.endsWith('.test.ts'))
if (testFiles.length > 50) problems.push(`${testFiles.length} test files, the limit is 50`)

// Coverage counts loaded files only: a core file that no test reaches would be invisible.
const reached = new Set()
const visit = file => {
  // A test may hold the text of an import of somebody else's.
  if (reached.has(file) || !existsSync(file)) return
  reached.add(file)
  for (const [, specifier] of readFileSync(file, 'utf8').matchAll(
    /(?:from |import\()'(\.[^']+\.ts)'/g,
  ))
    visit(join(dirname(file), specifier))
}
tests.forEach(visit)
for (const file of sources)
  if (file.startsWith(join('src', 'core')) && !reached.has(file))
    problems.push(`${file}: no test imports it`)

for (const problem of problems) console.error(problem)
process.exit(problems.length ? 1 : 0)
