import './plugin/pieces.ts'
import './plugin/sidecar.ts'
import './plugin/output.ts'
import './plugin/image.ts'
import './plugin/container.ts'
import { cpSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { execa } from 'execa'
import t from 'tap'
import { parse } from 'yaml'
import { guardTable, parameterTable } from '../plugin/guard-table.ts'
import { parameters } from '../plugin/warn-only-from.ts'
import { valueOf, variablesOf } from '../plugin/parameter.ts'
import { pluginManifest, validatePluginManifest } from '../plugin/plugin-manifest.ts'
import { guards } from '../src/core/guard/guards.ts'
import { alone, home, shell, temporaryDirectory } from './support/run-sower.ts'

const read = (path: string): string => readFileSync(join(home, path), 'utf8')

type Manifest = Readonly<{
  metadata: unknown
  spec: Readonly<{
    generate: unknown
    parameters: { static: readonly Readonly<{ name: string; string: string }>[] }
  }>
}>

const head = 'apiVersion: argoproj.io/v1alpha1\nkind: ConfigManagementPlugin\n'
const named = `${head}metadata: {name: sower}\n`
const minimal = `${named}spec:\n  generate: {command: [sower, generate]}\n`

t.test('plugin.yaml is short, has no discovery and announces each parameter', t => {
  const { metadata, spec } = parse(pluginManifest()) as Manifest
  t.same(metadata, { name: 'sower' })
  t.same(Object.keys(spec), ['generate', 'parameters'])
  t.same(spec.generate, { command: ['sower', 'generate', '.'] })
  t.same(
    spec.parameters.static.map(({ name, string }) => [name, string]),
    parameters.map(({ name, standard }) => [name, standard]),
  )
  t.ok(read('plugin/plugin.yaml').endsWith(pluginManifest()))
  t.doesNotThrow(() => {
    validatePluginManifest(read('plugin/plugin.yaml'))
  })
  t.end()
})

t.test('takes every field that Argo CD reads', t => {
  for (const text of [
    minimal,
    `${head}metadata: {name: a.b-c, labels: {a: b}, annotations: {c: d}}
spec:
  version: v1.0_2
  init: {command: [sh], args: [-c, "true"]}
  generate: {command: [sower], args: []}
  preserveFileMode: true
  provideGitCreds: false
  parameters:
    dynamic: {command: [sower]}
    static:
      - {name: a, title: A, tooltip: a, required: true, itemType: number, string: "1"}
      - {name: b, collectionType: array, array: [c]}
      - {name: d, collectionType: map, map: {e: f}}
`,
  ])
    t.doesNotThrow(() => {
      validatePluginManifest(text)
    })
  t.end()
})

t.test('refuses what Argo CD would take in silence, with key path and fix', t => {
  const withStatic = (parameter: string): string =>
    `${minimal}  parameters: {static: [${parameter}]}\n`
  const cases: readonly (readonly [string, string, RegExp, RegExp])[] = [
    ['no YAML', 'a: [', /plugin\.yaml: it is not one correct YAML document/, /correct the YAML/],
    ['two documents', `${minimal}---\n${minimal}`, /not one correct YAML/, /correct the YAML/],
    ['nothing', '', /: the file: .*expected object/, /plugin\/plugin\.yaml/],
    ['another group', minimal.replace('v1alpha1', 'v1'), /: apiVersion: it is not/, /argoproj/],
    ['another kind', minimal.replace('Plugin', ''), /: kind: it is not/, /ConfigManagementPlugin/],
    ['no metadata', minimal.replace(/metadata.*\n/, ''), /: metadata: .*expected/, /docs\/plugin/],
    ['no name', minimal.replace('name: sower', ''), /: metadata\.name: /, /small letters/],
    ['a path as name', minimal.replace('sower}', '../a}'), /: metadata\.name: .*socket/, /letters/],
    [
      'a name in capitals',
      minimal.replace('sower}', 'Sower}'),
      /: metadata\.name: .*socket file/,
      /small letters/,
    ],
    [
      'a name that fits into no socket address',
      minimal.replace('sower}', `${'a'.repeat(71)}}`),
      /: metadata\.name: .*socket file/,
      /at most 70/,
    ],
    [
      'a name that does not fit with its version',
      `${minimal.replace('sower}', `${'a'.repeat(60)}}`)}  version: 1.2.3-rc.456\n`,
      /: metadata\.name: .*socket file/,
      /with the version/,
    ],
    ['a version with a slash', `${minimal}  version: v1/2\n`, /: spec\.version: /, /leave it out/],
    ['a version that is a number', `${minimal}  version: 1.0\n`, /: spec\.version: /, /letters/],
    ['no spec', named, /: spec: .*expected object/, /plugin\/plugin\.yaml/],
    ['no generate', `${named}spec: {}\n`, /: spec\.generate: without a command/, /sower, generate/],
    [
      'no command',
      `${named}spec: {generate: {args: [a]}}\n`,
      /: spec\.generate\.command: without a command/,
      /sower, generate/,
    ],
    [
      'an empty command',
      `${named}spec: {generate: {command: []}}\n`,
      /: spec\.generate\.command: without a command/,
      /sower, generate/,
    ],
    [
      'a command that is a text',
      `${named}spec: {generate: {command: sower}}\n`,
      /: spec\.generate\.command: /,
      /sower, generate/,
    ],
    [
      'an argument that is a number',
      `${named}spec: {generate: {command: [a], args: [1]}}\n`,
      /: spec\.generate\.args\.0: .*expected string/,
      /plugin\/plugin\.yaml/,
    ],
    [
      'a misspelt command',
      `${named}spec: {generate: {commnad: [a]}}\n`,
      /: spec\.generate\.commnad: Argo CD would ignore/,
      /spelling/,
    ],
    ['init without a command', `${minimal}  init: {}\n`, /: spec\.init\.command: /, /plugin\.yaml/],
    [
      'allowConcurrency',
      `${minimal}  allowConcurrency: true\n`,
      /: spec\.allowConcurrency: .*ignores this key/,
      /remove it/,
    ],
    ['lockRepo', `${minimal}  lockRepo: false\n`, /: spec\.lockRepo: .*own copy/, /remove it/],
    ['an unknown key', `${minimal}generate: {}\n`, /: generate: .*without a word/, /spelling/],
    [
      'discovery by file',
      `${minimal}  discover: {fileName: kustomization.yaml}\n`,
      /: spec\.discover: .*without naming it/,
      /name the plugin in each Application/,
    ],
    ['empty discovery', `${minimal}  discover: {}\n`, /: spec\.discover: /, /name the plugin/],
    [
      'a mode that is a text',
      `${minimal}  preserveFileMode: "yes"\n`,
      /: spec\.preserveFileMode: .*expected boolean/,
      /plugin\/plugin\.yaml/,
    ],
    ['a parameter without name', withStatic('{title: a}'), /static\.0\.name: /, /plugin\.yaml/],
    [
      'a parameter with a default that Argo CD does not know',
      withStatic('{name: a, default: b}'),
      /: spec\.parameters\.static\.0\.default: Argo CD would ignore/,
      /spelling/,
    ],
    [
      'a default that is a number',
      withStatic('{name: a, string: 50}'),
      /: spec\.parameters\.static\.0\.string: .*expected string/,
      /plugin\/plugin\.yaml/,
    ],
    [
      'a collection type that there is not',
      withStatic('{name: a}, {name: b, collectionType: list}'),
      /: spec\.parameters\.static\.1\.collectionType: there is no such/,
      /string, array, map/,
    ],
    [
      'a default of another collection type',
      withStatic('{name: a, collectionType: array, string: b}'),
      /: spec\.parameters\.static\.0\.string: the collection type is array/,
      /plugin\/plugin\.yaml/,
    ],
  ]
  for (const [what, text, message, fix] of cases)
    t.throws(
      () => {
        validatePluginManifest(text, 'config/plugin.yaml')
      },
      { name: 'InputError', code: 'PLUGIN_MANIFEST_INVALID', exitCode: 2, message, fix },
      what,
    )
  t.throws(() => {
    validatePluginManifest('')
  }, /^reading plugin\.yaml: the file: /)
  t.end()
})

t.test('a parameter is looked for in the order that the documentation tells', t => {
  const parameter = { name: 'a-b', title: '', tooltip: '', standard: 'standard' }
  const variables = variablesOf(parameter)
  t.same(variables, ['PARAM_A_B', 'ARGOCD_ENV_SOWER_A_B', 'SOWER_A_B'])
  variables.forEach((_, first) => {
    const set = variables.map((name, index) => [name, index < first ? '' : name] as const)
    t.equal(valueOf(Object.fromEntries(set), parameter), variables[first])
  })
  t.equal(valueOf({}, parameter), 'standard')
  t.end()
})

t.test('the documentation has a row for each guard and each parameter', t => {
  for (const [file, name, table, names] of [
    ['docs/guards.md', 'guards', guardTable(), guards.map(({ rule }) => rule)],
    ['docs/plugin.md', 'parameters', parameterTable(), parameters.map(({ name }) => name)],
  ] as const) {
    t.ok(read(file).includes(`<!-- generated: ${name} -->\n\n${table}\n<!-- end -->\n`), file)
    t.same(
      [...table.matchAll(/^\| `([^`]+)`/gm)].map(([, first]) => first),
      names,
    )
    for (const row of table.trimEnd().split('\n'))
      t.equal(row.match(/(?<!\\)\|/g)?.length, 5, `${row.slice(0, 40)} has four cells`)
  }
  t.end()
})

t.test('what is generated is checked, and said how to bring up to date', async t => {
  const directory = temporaryDirectory(t)
  for (const part of ['scripts', 'plugin', 'src', 'docs', 'manifests', 'package.json'])
    cpSync(join(home, part), join(directory, part), { recursive: true })
  symlinkSync(join(home, 'node_modules'), join(directory, 'node_modules'))
  const run = (...words: readonly string[]) => {
    const [file, ...rest] = alone(shell(), process.execPath, 'scripts/write-generated.js', ...words)
    return execa(file, rest, { cwd: directory, reject: false })
  }
  t.match(await run('--check'), { exitCode: 0, stdout: '', stderr: '' })

  const guardsPage = join(directory, 'docs', 'guards.md')
  const before = readFileSync(guardsPage, 'utf8')
  writeFileSync(guardsPage, before.replace('| `inventory` |', '| `inventories` |'))
  t.match(await run('--check'), {
    exitCode: 1,
    stderr: 'docs/guards.md: out of date; run `npm run generated`',
  })
  t.match(await run(), { exitCode: 0, stdout: 'wrote docs/guards.md' })
  t.equal(readFileSync(guardsPage, 'utf8'), before)

  writeFileSync(guardsPage, before.replace('<!-- end -->', ''))
  t.match(await run('--check'), { exitCode: 1, stderr: /there is no place for guards/ })
})
