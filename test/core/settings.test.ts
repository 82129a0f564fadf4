import './settings/seed-roles.ts'
import './settings/guard-settings.ts'
import { existsSync, readFileSync } from 'node:fs'
import t from 'tap'
import { roles } from '../../src/core/settings/roles.ts'
import { configurationPath } from '../../src/core/settings/nearest-configuration.ts'
import { readConfiguration } from '../../src/core/settings/configuration.ts'
import { configurationSchema } from '../../src/core/settings/configuration-schema.ts'
import { commentMode } from '../../src/core/settings/comment-mode.ts'
import { refuseLinkedDirectory } from '../../src/core/settings/refuse-linked-directory.ts'
import { refuseUnlessSeed } from '../../src/core/settings/refuse-unless-seed.ts'

import { memoryTree } from '../support/memory-tree.ts'

const head = 'apiVersion: sower.dev/v1alpha1\nkind: Configuration\n'
const minimal = `${head}seeds:\n  - sno1\nroots:\n  - site\n`
const noRoots = (): never => {
  throw new Error('nobody asks for roots')
}
const file = (path: string): URL => new URL(`../../${path}`, import.meta.url)

/** Everybody with the role. */
const anyone = { role: 'write', users: [], teams: [] }

t.test('the style of comments is one of two, and the settings say which', t => {
  const of = (style: string) => readConfiguration(`${minimal}commentStyle: '${style}'\n`, noRoots)
  t.equal(commentMode(of('# -')), 'comment-spaced')
  t.equal(commentMode(of('#-')), 'comment')
  t.throws(() => of('//'), { code: 'CONFIGURATION_INVALID' })
  t.end()
})

t.test('editors get a schema with every key, in which nothing but the least is required', t => {
  const schema = configurationSchema() as {
    properties: Record<string, { properties?: object; items?: unknown }>
    required: string[]
  }
  const read = readConfiguration(minimal, noRoots)
  for (const key of Object.keys(read)) t.ok(key in schema.properties, key)
  t.strictSame(schema.required, ['apiVersion', 'kind', 'seeds'])
  t.match(schema, {
    ...{ $schema: /draft-07/, title: 'sower.yaml', additionalProperties: false },
    properties: {
      kind: { const: 'Configuration' },
      seeds: { items: { type: 'string', pattern: /\w/ }, minItems: 1 },
      commentStyle: { enum: ['#-', '# -'], default: '#-' },
      argocd: { additionalProperties: false },
      permissions: {
        properties: {
          detach: { anyOf: [{ enum: ['write', 'maintain', 'admin'] }, { type: 'object' }] },
        },
      },
    },
  })
  t.end()
})

t.test('fills in what the configuration does not say', t => {
  t.strictSame(readConfiguration(minimal, noRoots), {
    apiVersion: 'sower.dev/v1alpha1',
    kind: 'Configuration',
    seeds: ['sno1'],
    roots: ['site'],
    acceptStaticProof: false,
    commentStyle: '#-',
    directory: 'seeds',
    secret: {
      namespace: 'sower-seeds',
      name: 'seedgen',
      file: 'seed-secret/sealedsecret.yaml',
    },
    commit: 'push',
    merge: 'person',
    delivery: 'direct',
    argocd: { namespace: 'openshift-gitops', applicationNamespaces: [] },
    imageFor: 'upgrade',
    lifecycleAgent: { namespace: 'openshift-lifecycle-agent' },
    compare: { accept: [], configMap: 'openshift-lifecycle-agent/extra-manifests' },
    scan: { failOnKnownSecrets: false },
    promote: [],
    permissions: { detach: anyone, retry: anyone, abort: anyone, promote: anyone },
  })
  t.end()
})

t.test('reads what targets are expected to have as lines, whatever it is written as', t => {
  const of = (text: string) => readConfiguration(`${minimal}${text}\n`, noRoots)
  t.strictSame(
    of('expect: {fips: false, proxy: true, cpu: 64, ip-version: [IPv6, IPv4], cgroup: v2}').expect,
    {
      ...{
        fips: ['off'],
        proxy: ['on'],
        cpu: ['64'],
        'ip-version': ['IPv4', 'IPv6'],
        cgroup: ['v2'],
      },
    },
  )
  t.equal(of('compare: {accept: [PtpConfig a/b]}').compare.accept[0], 'PtpConfig a/b')
  t.throws(() => of('compare: {configMap: no-namespace}'), { code: 'CONFIGURATION_INVALID' })
  t.end()
})

t.test('reads where the image is used, and refuses half a place', t => {
  const of = (text: string) => readConfiguration(`${minimal}promote: ${text}\n`, noRoots).promote
  t.strictSame(of('[{file: ./a.yaml}, {file: b, seed: sno1, image: [s, i], version: [s, v]}]'), [
    { file: 'a.yaml' },
    { file: 'b', seed: 'sno1', image: ['s', 'i'], version: ['s', 'v'] },
  ])
  for (const [wrong, expected] of [
    ['[{file: a, image: [x]}]', /image and version are named together/],
    ['[{file: ../a}]', /must be a path inside the repository/],
    ['[{seed: sno1}]', /promote\.0\.file/],
    ['[{file: a, seed: X}]', /must be a Kubernetes name/],
  ] as const)
    t.throws(() => of(wrong), { code: 'CONFIGURATION_INVALID', message: expected })
  t.end()
})

t.test('reads the configuration of the example', t => {
  const { seeds, roots } = readConfiguration(
    readFileSync(file(`examples/ztp/${configurationPath}`), 'utf8'),
    noRoots,
  )
  t.ok(seeds.includes('seed-sno1'))
  for (const root of roots) t.ok(existsSync(file(`examples/ztp/${root}/kustomization.yaml`)), root)
  t.end()
})

t.test('normalises paths, and keeps aliases and comments', t => {
  const text = `${head}seeds: &s [sno1]\nroots: # all\n  - ./a/\n  - a..b/c\n  - .\ndirectory: x/\n`
  const { roots, directory } = readConfiguration(text, noRoots)
  t.strictSame(roots, ['a', 'a..b/c', '.'])
  t.equal(directory, 'x')
  t.end()
})

t.test('no path lies in git’s own directory, whatever a file system takes for it', t => {
  for (const path of [
    '.git',
    'a/.git/b',
    '.GIT',
    '.git/',
    '.git...',
    '.git ',
    'git~1',
    '.g\u200cit',
    '.git:x',
  ])
    t.throws(() => readConfiguration(`${minimal}directory: ${JSON.stringify(path)}\n`, noRoots), {
      ...{ code: 'CONFIGURATION_INVALID', message: /directory: must not lie in git/ },
    })
  for (const path of ['.github', 'git', 'x.git', '.gitops'])
    t.equal(readConfiguration(`${minimal}directory: ${path}\n`, noRoots).directory, path)
  t.end()
})

t.test('a seeds directory behind a link or a file is refused', t => {
  const tree = memoryTree({ seeds: { link: '/etc' }, file: '', 'd/f': '' })
  for (const directory of ['seeds', 'seeds/below', 'file'])
    t.throws(
      () => {
        refuseLinkedDirectory(tree, directory)
      },
      { code: 'CONFIGURATION_INVALID', message: /^reading sower\.yaml: directory: / },
    )
  for (const directory of ['d', 'new', '.']) refuseLinkedDirectory(tree, directory)
  t.end()
})

t.test('takes the roots of the repository where it names none', t => {
  const text = `${head}seeds: [sno1]\nacceptStaticProof: true\n`
  const { roots, acceptStaticProof } = readConfiguration(text, () => ['a', 'b'])
  t.strictSame(roots, ['a', 'b'])
  t.equal(acceptStaticProof, true)
  t.end()
})

t.test('names line, key and what is expected', t => {
  const cases: readonly (readonly [string, string, RegExp])[] = [
    ['nothing', '', /sower\.yaml:1: the file: Invalid input: expected object/],
    ['a list', '- a\n', /:1: the file: Invalid input: expected object/],
    ['broken YAML', `${minimal}image: "\n`, /:\d+: Missing closing "quote/],
    ['the same key twice', `${minimal}seeds: []\n`, /:7: Map keys must be unique/],
    ['two documents', `${minimal}---\n${minimal}`, /:7: a second YAML document begins$/],
    ['an unknown alias', `${minimal}image: *nowhere\n`, /:1: an alias in it leads nowhere/],
    [
      'another version',
      minimal.replace('v1alpha1', 'v2'),
      /:1: apiVersion: Invalid input: expected "sower/,
    ],
    ['no seeds', `${head}roots: [a]\n`, /:1: seeds: Invalid input: expected array/],
    ['an empty list of seeds', `${head}seeds: []\nroots: [a]\n`, /:3: seeds: Too small/],
    [
      'a seed that is no name',
      minimal.replace('sno1', 'Sno_1'),
      /:4: seeds\.0: must be a Kubernetes name/,
    ],
    [
      'a second seed that is no name',
      minimal.replace('sno1', 'sno1\n  - 7'),
      /:5: seeds\.1: .*expected string/,
    ],
    ['an empty list of roots', `${head}seeds: [a]\nroots: []\n`, /:4: roots: Too small/],
    [
      'a proof that is neither accepted nor not',
      `${minimal}acceptStaticProof: maybe\n`,
      /:7: accept/,
    ],
    ['an absolute root', minimal.replace('site', '/site'), /:6: roots\.0: must be a path inside/],
    [
      'a root above',
      minimal.replace('site', 'a/../../site'),
      /:6: roots\.0: must be a path inside/,
    ],
    ['a directory above', `${minimal}directory: ..\n`, /:7: directory: must be a path inside/],
    ['an unknown key', `${minimal}sedes: a\n`, /:7: sedes: Unrecognized key: "sedes"/],
    [
      'an unknown key with a mapping',
      `${minimal}\nextra:\n  a: b\n`,
      /:8: extra: Unrecognized key/,
    ],
    ['an unknown key with nothing', `${minimal}extra:\n`, /:7: extra: Unrecognized key/],
    [
      'an unknown key further down',
      `${minimal}secret:\n  name: a\n  nmae:\n    - b\n`,
      /:9: secret\.nmae: Unrecognized/,
    ],
    [
      'a word that is not allowed',
      `${minimal}permissions:\n  abort: nobody\n`,
      /:8: permissions\.abort: must be write, maintain or admin, or a map of role, users and teams/,
    ],
    [
      'a delivery that cannot be kept to one',
      `${minimal}delivery: argocd\n`,
      /:7: delivery: must be direct: a sync of Argo CD may happen twice \(docs\/limits\.md\)/,
    ],
    ['what no parser survives', '['.repeat(300), /:1: it nests deeper/],
    ['a text for a mapping', `${minimal}secret: a\n`, /:7: secret: Invalid input: expected object/],
  ]
  for (const [what, text, message] of cases)
    t.throws(
      () => readConfiguration(text, noRoots),
      {
        name: 'InputError',
        code: 'CONFIGURATION_INVALID',
        exitCode: 2,
        message,
        fix: /docs\/configuration\.md/,
      },
      what,
    )
  t.end()
})

t.test('only a cluster under `seeds` may be detached', t => {
  const config = readConfiguration(minimal, noRoots)
  t.doesNotThrow(() => {
    refuseUnlessSeed(config, 'sno1')
  })
  for (const cluster of ['sno2', 'sno', 'sno11', ''])
    t.throws(
      () => {
        refuseUnlessSeed(config, cluster)
      },
      { name: 'RefusedError', code: 'NOT_A_SEED', fix: /`seeds`/ },
      cluster,
    )
  t.end()
})

t.test('a permission is a role, or a role with the people and teams to whom it is kept', t => {
  const read = (text: string) => readConfiguration(`${minimal}permissions:\n${text}`, () => [])
  t.strictSame(read('  detach: maintain\n').permissions.detach, { ...anyone, role: 'maintain' })
  t.strictSame(read('  abort: { users: [ada] }\n').permissions.abort, {
    ...anyone,
    users: ['ada'],
  })
  const kept = { role: 'admin', users: [], teams: ['platform'] }
  t.strictSame(read(`  retry: ${JSON.stringify(kept)}\n`).permissions.retry, kept)
  for (const wrong of [
    'read',
    'triage',
    '{ role: read }',
    '{ users: ada }',
    '{ who: [ada] }',
    '{ teams: ["a/b"] }',
  ])
    t.throws(() => read(`  retry: ${wrong}\n`), {
      code: 'CONFIGURATION_INVALID',
      message: /permissions\.retry/,
    })
  t.strictSame(
    roles.filter(role => !['write', 'maintain', 'admin'].includes(role)),
    [...['none', 'read', 'triage']],
  )
  t.end()
})
