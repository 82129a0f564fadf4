import t from 'tap'
import { refuseUnsafe } from '../../../src/core/kustomization/unsafe/refuse-unsafe.ts'
import { parseKustomization } from '../../../src/core/kustomization/parse-kustomization.ts'
import { objectsBelow } from '../../../src/core/kustomization/objects-below.ts'
import {
  countObjects,
  unsafeReferences,
} from '../../../src/core/kustomization/unsafe/unsafe-references.ts'
import { repositoryView } from '../../../src/core/kustomization/repository-view.ts'
import { memoryTree } from '../../support/memory-tree.ts'

type Files = Parameters<typeof memoryTree>[0]

const site = 'clusters/site-a/kustomization.yaml'
const plain = { 'clusters/site-a/p.yaml': 'a: b\n', 'clusters/shared.yaml': 'a: b\n' }

/** The refusals of a kustomization in clusters/site-a, as `CODE message`. */
const refusals = (text: string, files: Files = {}): readonly string[] =>
  unsafeReferences(
    memoryTree({ ...plain, ...files, [site]: text }),
    parseKustomization(site, text),
  ).map(({ code, message }) => `${code} ${message}`)

const inEachField = (path: string): Readonly<Record<string, string>> => ({
  transformers: `transformers:\n- ${path}\n`,
  validators: `validators:\n- ${path}\n`,
  configurations: `configurations:\n- ${path}\n`,
  crds: `crds:\n- ${path}\n`,
  'openapi.path': `openapi:\n  path: ${path}\n`,
  'patches.path': `patches:\n- target: {kind: A}\n  path: ${path}\n`,
  patchesStrategicMerge: `patchesStrategicMerge:\n- ${path}\n`,
  'patchesJson6902.path': `patchesJson6902:\n- path: ${path}\n`,
  'replacements.path': `replacements:\n- path: ${path}\n`,
  'configMapGenerator.files': `configMapGenerator:\n- name: a\n  files:\n  - ${path}\n`,
  'configMapGenerator.files with a key': `configMapGenerator:\n- files:\n  - k=${path}\n`,
  'configMapGenerator.envs': `configMapGenerator:\n- envs:\n  - ${path}\n`,
  'configMapGenerator.env': `configMapGenerator:\n- env: ${path}\n`,
  'secretGenerator.files': `secretGenerator:\n- files: ["${path}"]\n`,
  'secretGenerator.envs': `secretGenerator:\n- envs:\n  - ${path}\n`,
  'helmCharts.valuesFile': `helmCharts:\n- name: a\n  valuesFile: ${path}\n`,
  'helmCharts.additionalValuesFiles': `helmCharts:\n- additionalValuesFiles:\n  - ${path}\n`,
  'helmChartInflationGenerator.values': `helmChartInflationGenerator:\n- values: ${path}\n`,
  'helmGlobals.chartHome': `helmGlobals:\n  chartHome: ${path}\n`,
  'a field in another case': `PATCHES:\n- PATH: ${path}\n`,
  'a field with a long s': `patche\u017F:\n- path: ${path}\n`,
  'a list with a long s': `crd\u017F:\n- ${path}\n`,
  'files with a long s': `configMapGenerator:\n- file\u017F:\n  - ${path}\n`,
  'a merge key': `commonAnnotations: &a {path: "${path}"}\npatches:\n- <<: *a\n`,
})

const unsafe: Readonly<Record<string, readonly [string, RegExp]>> = {
  'https://example.com/p.yaml': ['ENTRY_REMOTE', /is fetched from elsewhere$/],
  'HTTP://example.com/p.yaml': ['ENTRY_REMOTE', /is fetched from elsewhere$/],
  'git@example.com:a/b.git': ['ENTRY_REMOTE', /is fetched from elsewhere$/],
  'example.com:a/b': ['ENTRY_REMOTE', /is fetched from elsewhere$/],
  'git::https://example.com/a/b': ['ENTRY_REMOTE', /is fetched from elsewhere$/],
  'file:///etc/passwd': ['ENTRY_REMOTE', /is fetched from elsewhere$/],
  'github.com/a/b': ['ENTRY_REMOTE', /is fetched from elsewhere$/],
  'a/b?ref=main': ['ENTRY_REMOTE', /is fetched from elsewhere$/],
  '/etc/passwd': ['ENTRY_OUTSIDE', /leads out of the repository$/],
  '../../../p.yaml': ['ENTRY_OUTSIDE', /leads out of the repository$/],
  'link.yaml': ['ENTRY_SYMLINK', /is a symbolic link, or lies behind one$/],
  'linked/p.yaml': ['ENTRY_SYMLINK', /is a symbolic link, or lies behind one$/],
}
const links = {
  'clusters/site-a/link.yaml': { link: '/etc/passwd' },
  'clusters/site-a/linked': { link: '..' },
}

t.test('every field that names a path is refused where the path is unsafe', t => {
  for (const [path, [code, reason]] of Object.entries(unsafe))
    for (const [field, text] of Object.entries(inEachField(path))) {
      // Two `=` are no key and path for kustomize either.
      if (path.includes('=') && field.includes('files')) continue
      const [refusal, ...more] = refusals(text, links)
      t.match(refusal, `${code} reading ${site}:`, `${field}: ${path}`)
      t.match(refusal, reason, `${field}: ${path}`)
      t.same(more, [], `${field}: ${path}`)
    }
  t.end()
})

t.test('every field takes a file of the repository, also one above its directory', t => {
  for (const path of ['p.yaml', './p.yaml', '../shared.yaml', '../site-a//p.yaml'])
    for (const [field, text] of Object.entries(inEachField(path)))
      t.same(refusals(text), [], `${field}: ${path}`)
  t.end()
})

t.test('what is not there or is not a plain file is refused, but for the home of charts', t => {
  for (const [field, text] of Object.entries(inEachField('pipe')))
    t.match(
      refusals(text),
      field.endsWith('chartHome')
        ? []
        : [/^ENTRY_MISSING .*pipe.* is not there, or is not a plain/],
      field,
    )
  t.end()
})

t.test('a refusal names the file, the line, the field and what to do', t => {
  const text = 'namespace: a\npatches:\n- path: p.yaml\n- path: https://example.com/x.yaml\n'
  const [refusal] = unsafeReferences(memoryTree(plain), parseKustomization(site, text))
  t.equal(
    refusal?.message,
    `reading ${site}:4: https://example.com/x.yaml (patches[1].path) is fetched from elsewhere`,
  )
  t.match(refusal, { name: 'RefusedError', fix: /copy it into this repository/ })
  const twice = 'patches: [{path: /a}]\ncrds: [/a]\n'
  t.same(
    refusals(twice),
    ['patches[0].path', 'crds[0]'].map(
      field => `ENTRY_OUTSIDE reading ${site}: /a (${field}) leads out of the repository`,
    ),
    'no line where there are two',
  )
  t.end()
})

t.test('a refusal holds no credential of a URL, and nothing that may be a value', t => {
  for (const path of ['https://user:canary@example.com/x', 'https://example.com/x?token=canary'])
    for (const [field, text] of [
      ...Object.entries(inEachField(path)),
      ['resources', `resources: ["${path}"]\n`],
    ] as const) {
      const said = [
        ...refusals(text),
        ...memoryTree({ [site]: text })
          .walk('clusters/site-a')
          .troubles.map(({ message }) => message),
      ]
      t.ok(said.length > 0, field)
      t.notMatch(said.join(), /canary/, field)
    }
  t.same(refusals('secretGenerator: [{files: ["seedAuth=canary=x"]}]\n'), [
    `ENTRY_MISSING reading ${site}:1: seedAuth=*** (secretGenerator[0].files[0]) is not there, or is not a plain file`,
  ])
  t.end()
})

t.test('YAML in place of a path is no path', t => {
  const patch = 'kind: A\n    metadata: {name: https://example.com}\n'
  t.same(refusals(`patchesStrategicMerge:\n- |\n    ${patch}`), [])
  t.same(refusals(`patches:\n- patch: |\n    ${patch}`), [])
  t.same(refusals('transformers: ["{apiVersion: builtin, kind: A}"]\n'), [])
  t.end()
})

t.test('values that kustomize itself refuses are left to it', t => {
  const text =
    'patches: [a, {path: 1}, null]\ncrds: {a: b}\nopenapi: a\ntransformers: [1, ""]\nvars: [{path: /a}]\n'
  t.same(refusals(text), [])
  t.end()
})

const remote = 'https://example.com/x'
const builtin = (fields: string): string =>
  `apiVersion: builtin\nkind: A\nmetadata: {name: a}\n${fields}`

t.test('the configurations of builtin plugins are looked into', t => {
  const configurations: Readonly<Record<string, string>> = {
    'a patch': `path: ${remote}\n`,
    'a list of patches': `paths: ["${remote}"]\n`,
    'a generator': `files: ["k=${remote}"]\n`,
    'environment files': `envs: ["${remote}"]\n`,
    'an environment file': `env: ${remote}\n`,
    'replacements elsewhere': `replacements: [{path: "${remote}"}]\n`,
    'values to add': `targetFilePath: ${remote}\n`,
    'a chart': `valuesFile: ${remote}\n`,
  }
  for (const [what, fields] of Object.entries(configurations))
    for (const key of ['transformers', 'validators', 'generators']) {
      const found = refusals(`${key}: [t.yaml]\n`, {
        'clusters/site-a/t.yaml': `# two\n---\na: b\n---\n${builtin(fields)}`,
      })
      t.match(found, [/^ENTRY_REMOTE reading clusters\/site-a\/t\.yaml:8: /], `${key}: ${what}`)
      t.equal(found.length, 1)
    }
  const inline = builtin(`path: ${remote}\n`).replaceAll('\n', '\n  ')
  t.same(refusals(`transformers:\n- |\n  ${inline}`), [
    `ENTRY_REMOTE reading ${site}:6: ${remote} (transformers[0].path) is fetched from elsewhere`,
  ])
  const list = `kind: List\nitems:\n- ${builtin(`path: ${remote}\n`).replaceAll('\n', '\n  ')}`
  const inList = `kind: AList\nitems:\n- ${list.replaceAll('\n', '\n  ')}`
  for (const text of [
    list,
    inList,
    list.replace('List', 'Other'),
    `${builtin(`path: ${remote}\n`)}items: []\n`,
  ])
    t.match(refusals('transformers: [t.yaml]\n', { 'clusters/site-a/t.yaml': text }), [
      /^ENTRY_REMOTE /,
    ])
  t.end()
})

t.test('paths in a plugin count from the kustomization, and other plugins know theirs', t => {
  const refused = (text: string): readonly string[] =>
    refusals('transformers: [../plugins/t.yaml]\n', { 'clusters/plugins/t.yaml': text })
  t.same(refused(builtin('path: p.yaml\n')), [])
  t.match(refused(builtin('path: ../../../p.yaml\n')), [/^ENTRY_OUTSIDE reading clusters\/plugins/])
  t.same(refused(`apiVersion: a.b/v1\nkind: C\npath: ${remote}\n`), [])
  t.same(refused('{ no: yaml'), [])
  t.match(refused('{ no: builtin'), [
    /^ENTRY_UNREADABLE reading clusters\/plugins\/t\.yaml:1: it may/,
  ])
  t.same(refused('just text'), [])
  t.end()
})

t.test('directories of plugins are walked, those of generators with the resources', t => {
  const files = {
    'clusters/plugins/kustomization.yaml': 'resources: [t.yaml, more]\npatches: [{path: /p}]\n',
    'clusters/plugins/t.yaml': builtin(`path: ${remote}\n`),
    'clusters/plugins/more/kustomization.yaml':
      'resources: [https://example.com/y]\ntransformers: [..]\n',
  }
  for (const key of ['transformers', 'validators'])
    t.match(
      [...refusals(`${key}: [../plugins]\n`, files)].sort(),
      [
        /^ENTRY_OUTSIDE reading clusters\/plugins\/kustomization\.yaml:2: \/p /,
        /^ENTRY_REMOTE reading clusters\/plugins\/more\/kustomization\.yaml:1: /,
        /^ENTRY_REMOTE reading clusters\/plugins\/t\.yaml:4: /,
        /^ENTRY_UNREADABLE reading clusters\/plugins\/kustomization\.yaml: its patches /,
        /^ENTRY_UNREADABLE reading clusters\/plugins\/more\/kustomization\.yaml: its transformers /,
      ],
      key,
    )
  t.match(refusals('generators: [../plugins]\n', files)[0], /^ENTRY_REMOTE .*plugins\/t\.yaml:4:/)
  t.same(refusals('generators: [https://example.com/z, /etc, nowhere]\n'), [])
  t.end()
})

t.test('helm gets no host, no option and no place of programs from a repository', t => {
  const refused: Readonly<Record<string, RegExp>> = {
    'helmCharts: [{repo: "oci://example.com/charts"}]\n': /^ENTRY_REMOTE .*helmCharts\[0\]\.repo/,
    'helmCharts: [{repo: example.com}]\n': /^ENTRY_REMOTE /,
    'helmChartInflationGenerator: [{chartRepoUrl: a}]\n': /^ENTRY_REMOTE /,
    'helmCharts: [{releaseName: "--post-renderer=./x"}]\n': /^ENTRY_OUTSIDE .*would be an option/,
    'helmCharts: [{name: ../../other}]\n': /^ENTRY_OUTSIDE .*would be an option or a path/,
    'helmGlobals: {configHome: helm}\n': /^ENTRY_OUTSIDE .*lets helm run programs/,
    'helmChartInflationGenerator: [{helmHome: helm}]\n': /^ENTRY_OUTSIDE .*lets helm run programs/,
  }
  for (const [text, expected] of Object.entries(refused)) t.match(refusals(text), [expected], text)
  t.same(refusals('helmCharts: [{name: a, releaseName: a-b, version: 1.0.0}]\n'), [])
  t.end()
})

t.test('a root is looked at as a whole before kustomize is started', t => {
  const inline = 'generators:\n- |\n  apiVersion: builtin\n  kind: ConfigMapGenerator\n'
  const base = 'clusters/base/kustomization.yaml'
  const files = { [site]: `resources: [../base]\n${inline}`, [base]: 'patches: [{path: p.yaml}]\n' }
  const check = (more: Files) => refuseUnsafe(memoryTree({ ...files, ...more }), 'clusters/site-a')
  const patch = { 'clusters/base/p.yaml': '' }
  t.same(
    check(patch).map(({ directory }) => directory),
    ['clusters/site-a', 'clusters/base'],
  )
  for (const [code, more] of [
    ['ENTRY_MISSING', {}],
    ['ENTRY_SYMLINK', { 'clusters/base/p.yaml': { link: '/etc/passwd' } }],
    ['ENTRY_OUTSIDE', { [base]: 'resources: [../../..]\n' }],
    ['ENTRY_REMOTE', { [base]: 'resources: ["http://127.0.0.1:8080/x"]\n' }],
    ['ENTRY_REMOTE', { [base]: 'crds: ["http://localhost/x"]\n' }],
    ['ENTRY_REMOTE', { [site]: `${inline}  files: ["http://[::1]/x"]\n` }],
    ['KUSTOMIZATION_MISSING', { 'clusters/base/kustomization.yml': '' }],
    ['KUSTOMIZATION_UNREADABLE', { [base]: '<<: {resources: ["http://127.0.0.1/x"]}\n' }],
    ['KUSTOMIZATION_UNREADABLE', { [base]: 'resources: []\n---\nresources: []\n' }],
  ] as const)
    t.throws(() => check({ ...(code === 'ENTRY_MISSING' ? {} : patch), ...more }), {
      name: 'RefusedError',
      code,
    })
  t.end()
})

t.test('in a tree that follows links, what counts is where they lead', t => {
  const links: Readonly<Record<string, string>> = {
    'clusters/site-a/base': 'shared/deep/base',
    'clusters/site-a/kustomization.yaml': 'clusters/k.yaml',
    'clusters/site-a/p.yaml': 'clusters/q.yaml',
    'clusters/site-a/t.yaml': 'clusters/t.yaml',
  }
  const check = (files: Files) => {
    const tree = memoryTree({
      'clusters/site-a/away': { link: '/etc' },
      'clusters/k.yaml':
        'resources: [base, a.yaml]\npatches: [{path: p.yaml}]\ntransformers: [t.yaml]\n',
      ...{ 'clusters/site-a/a.yaml': '', 'clusters/q.yaml': '', 'clusters/t.yaml': '' },
      'shared/deep/base/kustomization.yaml': 'resources: [../a.yaml]\n',
      'shared/deep/a.yaml': '',
      ...files,
    })
    const entry = (path: string) => (links[path] === undefined ? tree.entry(path) : 'symlink')
    const real = (path: string): string => links[path] ?? path
    return refuseUnsafe(repositoryView({ ...tree, entry, real }), 'clusters/site-a')
  }
  t.same(
    check({}).map(({ directory }) => directory),
    ['clusters/site-a', 'shared/deep/base'],
    'paths behind a link count from where it leads',
  )
  for (const [code, files] of [
    // What would be inside, counted from the link.
    [
      'ENTRY_OUTSIDE',
      {
        'shared/deep/base/kustomization.yaml': 'resources: [../../../../x]\n',
        'x/kustomization.yaml': 'resources: []\n',
      },
    ],
    ['ENTRY_SYMLINK', { 'clusters/k.yaml': 'resources: [away]\n' }],
    ['ENTRY_REMOTE', { 'clusters/t.yaml': builtin(`path: ${remote}\n`) }],
  ] as const)
    t.throws(() => check(files), { name: 'RefusedError', code })
  t.end()
})

t.test('objects are counted without parsing', t => {
  t.equal(countObjects(''), 0)
  t.equal(countObjects('a: b\n  apiVersion: v1\n'), 0)
  t.equal(countObjects('apiVersion: v1\nkind: A\n---\nkind: B\napiVersion: v1\n'), 2)
  t.equal(countObjects('{"apiVersion": "v1", "kind": "A"}\n'), 1)
  // By the square of its length such a text would take hours.
  for (const blank of ['\n', ' ', '\t']) t.equal(countObjects(`${blank.repeat(1_000_000)}a`), 0)
  t.equal(countObjects('{\n  "apiVersion" : "v1"\n}\n'), 1)
  t.equal(countObjects('kind: List\nitems:\n- apiVersion: v1\n  kind: A\n- apiVersion: v1\n'), 2)
  t.end()
})

t.test('counts the objects below a root only where all of it may be loaded', t => {
  const files = {
    'site/kustomization.yaml': 'resources: [../base]\npatches: [{path: p.yaml}]\n',
    'site/p.yaml': '',
    'base/kustomization.yaml': 'resources: [a.yaml]\n',
    'base/a.yaml': 'apiVersion: v1\n---\napiVersion: v1\n',
  }
  const below = (more: Files = {}): number =>
    objectsBelow(memoryTree({ ...files, ...more }), 'site')
  t.equal(below(), 2)
  t.throws(() => below({ 'site/p.yaml': { link: 'x' } }), { code: 'ENTRY_SYMLINK' })
  t.throws(() => below({ 'base/a.yaml': { link: 'x' } }), { code: 'ENTRY_SYMLINK' })
  t.end()
})
