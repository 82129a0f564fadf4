import { join } from 'node:path'
import { Linter, type Linter as Lint } from 'eslint'
import { execa } from 'execa'
import t, { type Test } from 'tap'
import { directoryWith } from '../support/directory-with.ts'
import { alone, home, shell } from '../support/run-sower.ts'

/** What the script says of a tree, a line a complaint. */
const complaints = async (
  t: Test,
  files: Readonly<Record<string, string>>,
  name: 'check-structure' | 'check-prose' = 'check-structure',
): Promise<Readonly<{ exitCode: number | undefined; said: readonly string[] }>> => {
  const script = join(home, 'scripts', `${name}.js`)
  const [file, ...words] = alone(shell(), process.execPath, script, directoryWith(t, files))
  const { exitCode, stderr } = await execa(file, words, { reject: false })
  return { exitCode, said: stderr.split('\n').filter(line => line !== '') }
}

const answer = "export const answer = (): string => ''\n"
const tested = (path: string, test: string): Record<string, string> => ({
  [`src/${path}/answer.ts`]: answer,
  [`test/${test}.test.ts`]: `import { answer } from '../../src/${path}/answer.ts'\nanswer()\n`,
})
const sound = tested('core/edit', 'core/edit')

t.test('a tree that keeps the rules passes in silence', async t => {
  t.strictSame(await complaints(t, sound), { exitCode: 0, said: [] })
})

t.test('a violation of each rule is named with its file', async t => {
  const { exitCode, said } = await complaints(t, {
    ...sound,
    // Layers: an arrow that runs up, an SDK and a file system in core, one adapter in another, a shell in a shell.
    'src/core/edit/up.ts':
      "import type { Beyond } from '../../operations/beyond.ts'\nexport type Up = Beyond\n",
    'src/operations/beyond.ts': 'export type Beyond = string\n',
    'src/core/edit/world.ts':
      "import { readFileSync } from 'node:fs'\nexport type World = typeof readFileSync\n",
    'src/core/edit/sdk.ts': "export type Sdk = typeof import('execa')\nvoid import('execa')\n",
    'src/adapters/github/other.ts':
      "import type { Mine } from '../registry/mine.ts'\nexport type Other = Mine\n",
    'src/adapters/registry/mine.ts': 'export type Mine = string\n',
    'src/bot/shell.ts': "import type { Line } from '../cli/line.ts'\nexport type Shell = Line\n",
    'src/cli/line.ts': 'export type Line = string\n',
    'src/sandbox/confirm.ts':
      "import type { Mine } from '../adapters/registry/mine.ts'\nexport type Confirm = Mine\n",
    'src/elsewhere/nowhere.ts': 'export type Nowhere = string\n',
    'src/core/edit/lost.ts': "import type { A } from './not-there.ts'\nexport type Lost = A\n",
    // A cycle, of types alone.
    'src/core/edit/hen.ts': "import type { Egg } from './egg.ts'\nexport type Hen = Egg[]\n",
    'src/core/edit/egg.ts': "import type { Hen } from './hen.ts'\nexport type Egg = Hen[]\n",
    // Sizes.
    'src/core/edit/long.ts': `export type Long = string\n${'//\n'.repeat(200)}`,
    'test/core/edit/long.ts': '//\n'.repeat(401),
    ...Object.fromEntries(
      Array.from({ length: 16 }, (_, at) => [
        `src/core/full/file-${at}.ts`,
        `export type File${at} = string\n`,
      ]),
    ),
    // Names.
    'src/core/edit/camelCase.ts': 'export type CamelCase = string\n',
    'src/core/edit/utils.ts': 'export type Utils = string\n',
    'src/core/edit/named.ts': 'export type Otherwise = string\n',
    // Tests: a file that no test of its topic imports, or only for its types; a part that nobody imports; another topic's.
    'src/core/edit/untested.ts': 'export const untested = 1\n',
    'src/core/edit/typed.ts': 'export const typed = 1\n',
    'test/core/edit/part.ts':
      "import type { typed } from '../../../src/core/edit/typed.ts'\nexport type Typed = typeof typed\n",
    'test/core/edit.test.ts': `${sound['test/core/edit.test.ts'] ?? ''}import './edit/part.ts'\nimport './edit/long.ts'\n`,
    'test/core/other.test.ts': "import './edit/part.ts'\n",
  })
  t.equal(exitCode, 1)
  for (const expected of [
    /^src\/core\/edit\/up\.ts: imports src\/operations\/beyond\.ts, which src\/core\/ may not$/,
    /^src\/core\/edit\/world\.ts: imports node:fs, which src\/core\/ may not$/,
    /^src\/core\/edit\/sdk\.ts: imports execa, which src\/core\/ may not$/,
    /^src\/adapters\/github\/other\.ts: imports src\/adapters\/registry\/mine\.ts, which/,
    /^src\/bot\/shell\.ts: imports src\/cli\/line\.ts, which src\/bot\/ may not$/,
    /^src\/sandbox\/confirm\.ts: imports src\/adapters\/registry\/mine\.ts, which/,
    /^src\/elsewhere\/nowhere\.ts: no layer holds it$/,
    /^src\/core\/edit\/lost\.ts: imports src\/core\/edit\/not-there\.ts, which is not there$/,
    /^src\/core\/edit\/egg\.ts: imports in a circle: src\/core\/edit\/egg\.ts, src\/core\/edit\/hen\.ts$/,
    /^src\/core\/edit\/long\.ts: 201 lines, the limit is 200$/,
    /^test\/core\/edit\/long\.ts: 401 lines, the limit is 400$/,
    /^src\/core\/full: 16 files, the limit is 15$/,
    /^src\/core\/edit\/camelCase\.ts: the name is not kebab-case$/,
    /^src\/core\/edit\/utils\.ts: the name does not say what the file is for$/,
    /^src\/core\/edit\/named\.ts: no export is called like it: Otherwise$/,
    /^src\/core\/edit\/untested\.ts: no test of its topic imports it \(test\/core\/edit\.test\.ts\)$/,
    /^src\/core\/edit\/typed\.ts: no test of its topic imports it/,
    /^test\/core\/other\.test\.ts: imports test\/core\/edit\/part\.ts, which is not of its topic$/,
  ])
    t.equal(said.filter(line => expected.test(line)).length, 1, String(expected))
  t.equal(said.length, 18, said.join('\n'))
})

t.test(
  'a broken link, a command that is none, a doc comment that begins with a clause and an unusual word are named with their line',
  async t => {
    const page =
      '# A page\n\n[itself](#a-page) [that](docs/b.md#two-words) [out](https://example.com)\n'
    const pages = { 'README.md': page, 'docs/b.md': '# `Two` words\n\n[up](../README.md)\n' }
    const session =
      '```console\n$ npm ci && npm run demos\n$ npm run demo\n$ sower plan a --json\nsower is\n$ sower plan --jsno\n$ sower plam a\n```\n'
    const source =
      '/** The answer. */\nexport const answer = 1\n\n/**\n * Asks whether it is.\n */\n'
    t.strictSame(await complaints(t, { ...pages, 'src/a.ts': source }, 'check-prose'), {
      ...{ exitCode: 0, said: [] },
    })
    const { exitCode, said } = await complaints(
      t,
      {
        'README.md': `${page}\n[a](docs/c.md)\n[b](docs/b.md#three)\n![c](docs/d.svg)\n\n${session}`,
        'package.json': '{ "scripts": { "demo": "" } }',
        'src/c.ts': "program.command('plan <cluster>').option('--json')\n",
        'docs/b.md': pages['docs/b.md'],
        'src/a.ts': `${source}/** What it is. */\n/**\n * Whether it is.\n */\n  /** Of it. */\n`,
        'src/b.ts': "const fix = 'mend it, then write it anew'\n",
      },
      'check-prose',
    )
    t.equal(exitCode, 1)
    t.strictSame(said, [
      'README.md:5: docs/c.md leads to no file',
      'README.md:6: docs/b.md#three leads to no heading',
      'README.md:7: docs/d.svg leads to no file',
      'README.md:10: npm run demos: package.json has no such script',
      'README.md:14: sower plan --jsno: there is no such flag',
      'README.md:15: sower plam: there is no such command',
      ...[7, 9, 11].map(
        line =>
          `src/a.ts:${line}: the doc comment begins with a clause; begin with a noun or a verb`,
      ),
      'src/b.ts:1: anew: the usual word is again',
      'src/b.ts:1: mend: the usual word is fix, or repair',
    ])
  },
)

t.test('hole 1: the linter refuses to compare a secret or a signature with ===', async t => {
  const path = '../../eslint.config.js'
  const { default: blocks } = (await import(path)) as { default: Lint.Config[] }
  const rule = blocks.find(block => block.rules?.['no-restricted-syntax'] !== undefined)
  t.match(rule, { files: ['src/**', 'plugin/**'] })
  const said = (text: string): number =>
    new Linter().verify(text, { rules: rule?.rules ?? {} }).length
  for (const planted of [
    'signature === given',
    'given !== request.signature',
    'options.webhookSecret == given',
    "header['x-hub-signature-256'] === given",
    'given === hmac(body)',
    'given === options.token()',
    'sent.password !== ours',
    'expectedSignature != computed',
  ])
    t.equal(said(`if (${planted}) throw 0`), 1, planted)
  for (const harmless of ['signature === undefined', "'' === password", 'tokens === 1', 'a === b'])
    t.equal(said(`if (${harmless}) throw 0`), 0, harmless)
  t.end()
})
