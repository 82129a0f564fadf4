import t from 'tap'
import { runCommandLine } from '../src/cli/run-command-line.ts'
import { createRedactor } from '../src/redact/redactor.ts'
import { directoryWith } from './support/directory-with.ts'
import { surroundings } from './support/surroundings.ts'

const run = async (words: readonly string[], directory = directoryWith(t, { 'a/b': '' })) => {
  const { given, said } = surroundings({ directory, environment: {} })
  return { exitCode: await runCommandLine(words, given, createRedactor()), ...said }
}

t.test('each way to end has its exit code, and says so in one place', async t => {
  const nothing = /^$/
  for (const [words, exitCode, stdout, stderr] of [
    [['--version'], 0, /^\d+\.\d+\.\d+\n$/, nothing],
    [['--help'], 0, /^Usage: sower /, nothing],
    [['seal', '--help'], 0, /^Usage: sower seal /, nothing],
    [[], 2, nothing, /^Usage: sower /],
    [['frobnicate'], 2, nothing, /^sower: unknown command 'frobnicate'\n$/],
    [['sael'], 2, nothing, /^sower: unknown command 'sael' \(Did you mean seal\?\)\n$/],
    [['plan'], 2, nothing, /^sower: missing required argument 'cluster'\n$/],
    [['plan', 'A'], 2, nothing, /^sower: reading <cluster>: .* \[ARGUMENT_INVALID\]\n {7}give /],
    [['inventory', 'none'], 2, nothing, /\[FILE_UNREADABLE\]\n {7}\S.*\n$/],
    [['generate', 'none'], 2, nothing, /^sower: [^\n]+; [^\n]+ \[FILE_UNREADABLE\]\n$/],
  ] as const)
    t.match(await run(words), { exitCode, stdout, stderr }, words.join(' '))
})

t.test('what is refused and what is an accident end otherwise than wrong words', async t => {
  const directory = directoryWith(t, { 'a.yaml': 'kind: ConfigMap\n' })
  t.match(await run(['inspect', 'a.yaml'], directory), {
    exitCode: 3,
    stderr: /^sower: inspecting /,
  })
  const { given, said } = surroundings({ directory })
  const broken = { ...given, print: (): never => JSON.parse('{') as never }
  t.equal(await runCommandLine(['inspect', 'a.yaml'], broken, createRedactor()), 1)
  t.match(said.stderr, /^sower: an unexpected error: SyntaxError/)
})
