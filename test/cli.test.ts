import { createRequire } from 'node:module'
import { join } from 'node:path'
import { Script } from 'node:vm'
import { Command } from 'commander'
import t from 'tap'
import { declareCommands } from '../src/cli/declare-commands.ts'
import { hubFlags, neededHub } from '../src/cli/hub-flags.ts'
import { isForPrograms, outputFlag } from '../src/cli/output-flag.ts'
import { runCommandLine } from '../src/cli/run-command-line.ts'
import { runCompiled } from '../src/cli/run-compiled.ts'
import { runProcess } from '../src/cli/run-process.ts'
import { createRedactor } from '../src/redact/redactor.ts'
import { directoryWith } from './support/directory-with.ts'
import { surroundings } from './support/surroundings.ts'

const run = async (words: readonly string[], directory = directoryWith(t, { 'a/b': '' })) => {
  const { given, said } = surroundings({ directory, environment: {} })
  const redactor = createRedactor()
  const exitCode = await runCommandLine({ words, surroundings: given, redactor }, declareCommands)
  return { exitCode, ...said }
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
  const words = ['inspect', 'a.yaml']
  const redactor = createRedactor()
  t.equal(await runCommandLine({ words, surroundings: broken, redactor }, declareCommands), 1)
  t.match(said.stderr, /^sower: an unexpected error: SyntaxError/)
})

t.test('each command that reads a repository takes a directory of it', async t => {
  const program = new Command()
  const { given } = surroundings({ directory: t.testdir({}) })
  await declareCommands(program, { surroundings: given, redactor: createRedactor(), words: [] })
  t.strictSame(
    program.commands
      .filter(({ options }) => options.every(({ short }) => short !== '-C'))
      .map(command => command.name())
      .sort(),
    // The bot and `run` clone for themselves; the others read files that are named to them, or none.
    ['access', 'bot', 'completion', 'demo', 'forget', 'run', 'version'],
  )
})

t.test('a hub is named by a flag or a variable; KUBECONFIG counts where a command needs one', t => {
  const fileOf = (isNeeded: boolean, words: string[], environment: Record<string, string>) => {
    const { given } = surroundings({ directory: '/', environment })
    const command = hubFlags(new Command(), given, { what: 'the hub', isNeeded })
    return command.parse(words, { from: 'user' }).opts()
  }
  const [usual, own] = [{ KUBECONFIG: 'usual' }, { KUBECONFIG: 'usual', SOWER_KUBECONFIG: 'own' }]
  t.strictSame(fileOf(true, [], usual), { kubeconfig: 'usual' })
  t.strictSame(fileOf(false, [], usual), {}, 'no hub is asked by the way')
  for (const isNeeded of [true, false]) {
    t.strictSame(fileOf(isNeeded, [], own), { kubeconfig: 'own' })
    const words = ['--kubeconfig', 'said', '--context', 'lab']
    t.strictSame(fileOf(isNeeded, words, own), { kubeconfig: 'said', context: 'lab' })
  }
  t.equal(neededHub('said'), 'said')
  for (const none of [null, undefined, ''])
    t.throws(() => neededHub(none), { code: 'ARGUMENT_INVALID', fix: /KUBECONFIG/ })
  t.end()
})

t.test(
  'each command that asks a hub takes its context, and `-n` where it takes a namespace',
  async t => {
    const program = new Command()
    const { given } = surroundings({ directory: t.testdir({}) })
    const redactor = createRedactor()
    await declareCommands(program, { surroundings: given, redactor, words: ['bot', 'run'] })
    const all = program.commands.flatMap(command => [command, ...command.commands])
    const having = (flag: string) =>
      all.filter(({ options }) => options.some(({ long }) => long === flag))
    const names = (commands: readonly Command[]) => commands.map(command => command.name()).sort()
    const asking = having('--kubeconfig')
    t.ok(asking.length >= 11)
    t.strictSame(names(asking), names(having('--context')))
    for (const command of having('--namespace'))
      t.equal(
        command.options.find(({ long }) => long === '--namespace')?.short,
        '-n',
        command.name(),
      )
  },
)

t.test(
  'each command that prints a result prints it as -o asks, and refuses other words',
  async t => {
    const program = new Command()
    const { given } = surroundings({ directory: t.testdir({}) })
    const redactor = createRedactor()
    await declareCommands(program, { surroundings: given, redactor, words: ['bot', 'run'] })
    const all = program.commands.flatMap(command => [command, ...command.commands])
    const isOffered = ({ options }: Command): boolean =>
      options.some(({ flags }) => flags === '-o, --output <format>')
    t.strictSame(
      all
        .filter(command => !isOffered(command))
        .map(command => command.name())
        .sort(),
      // The bot logs; `access` only has a command below it; the others print a script or manifests.
      ['access', 'bot', 'completion', 'rbac', 'seal'],
    )
    for (const command of all.filter(isOffered)) {
      const name = command.name()
      const { argChoices = [] } = command.options.find(({ short }) => short === '-o') ?? {}
      t.match(argChoices.join(' '), /^text .*json yaml$/, name)
      const listed = argChoices.join(', ').replace(/, (?=yaml$)/, ' or ')
      t.ok(
        command.options.some(({ long }) => long === '--json'),
        name,
      )
      const path = name === 'save' ? ['access', 'save'] : [name]
      t.match(
        await run([...path, '-o', 'xml']),
        {
          exitCode: 2,
          stdout: '',
          stderr: new RegExp(
            `^sower: reading -o: there is no output format xml[^]* give ${listed}(?: .ARG.*)?\n$`,
          ),
        },
        name,
      )
    }
  },
)

t.test('--json is the same as -o json, and -o counts where both are said', t => {
  const formOf = (...words: string[]): unknown =>
    outputFlag(new Command(), ['wide']).parse(words, { from: 'user' }).getOptionValue('output')
  t.strictSame(
    [[], ['--json'], ['-o', 'wide'], ['--json', '-o', 'yaml'], ['-o', 'yaml', '--json']].map(
      words => formOf(...words),
    ),
    ['text', 'json', 'wide', 'yaml', 'yaml'],
  )
  t.ok(isForPrograms('json') && isForPrograms('yaml') && !isForPrograms('wide'))
  t.end()
})

t.test('progress is for people, and ends with the result', async t => {
  const directory = directoryWith(t, { 'a.yaml': 'kind: ConfigMap\n' })
  for (const [more, isShown] of [
    [[], true],
    [['-o', 'json'], false],
    [['--json'], false],
  ] as const) {
    const happened: string[] = []
    const { given } = surroundings({
      directory,
      environment: {},
      report: () => undefined,
      print: () => void happened.push('print'),
      progress: {
        during: async (what, work) => {
          happened.push(what)
          return work()
        },
        beside: say => {
          say()
        },
        end: () => void happened.push('end'),
      },
    })
    const words = ['version', ...more]
    t.equal(
      await runCommandLine(
        { words, surroundings: given, redactor: createRedactor() },
        declareCommands,
      ),
      0,
    )
    t.strictSame(happened, [...(isShown ? [] : ['end']), 'print', 'end'], more.join(' '))
  }
})

t.test('a process runs the commands that it is given, in its own surroundings', async t => {
  const { argv } = process
  t.teardown(() => (process.argv = argv))
  process.argv = ['node', 'sower', 'note', 'this']
  const noted: unknown[] = []
  const exitCode = await runProcess('/a/dist', (program, { surroundings, words }) => {
    program
      .command('note')
      .argument('<word>')
      .action(word => {
        noted.push(word, words, surroundings.home, surroundings.directory)
      })
  })
  t.equal(exitCode, 0)
  t.same(noted, ['this', ['note', 'this'], '/a/dist', process.cwd()])
})

t.test('a compiled script runs with the code made for it, with other code, and without', t => {
  const source = '(function(require,__dirname){require("./said.cjs").push(__dirname)})'
  const caches = {
    none: {},
    own: { 'a.cjs.cache': new Script(source).createCachedData() },
    other: { 'a.cjs.cache': 'of another V8' },
  }
  for (const [name, cache] of Object.entries(caches)) {
    const directory = directoryWith(t, {
      ...{ 'a.cjs': source, 'said.cjs': 'module.exports = []', 'none.cjs': '1' },
      ...cache,
    })
    runCompiled(join(directory, 'a.cjs'))
    t.same(createRequire(join(directory, 'a.cjs'))('./said.cjs'), [directory], name)
    t.throws(() => {
      runCompiled(join(directory, 'none.cjs'))
    }, /holds no program/)
  }
  t.end()
})
