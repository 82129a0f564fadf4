import './render/files-read.ts'
import fc from 'fast-check'
import t from 'tap'
import { parse, stringify } from 'yaml'
import {
  clusterInstances,
  clustersRendered,
  seedGenerators,
} from '../../src/core/render/clusters-rendered.ts'
import { propertyRuns } from '../support/property-runs.ts'
import { readRender } from '../../src/core/render/rendered-object.ts'
import { sourcesIn } from '../../src/core/render/source-of.ts'
import { unpackAsArgoCd } from '../../src/core/render/unpack-as-argo-cd.ts'
import { clusterInstance, listing, memoryTree, siteConfig } from '../support/memory-tree.ts'

const object = (apiVersion: string, kind: string, name: string): string =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata:\n  name: ${name}\n`
const read = (...objects: readonly string[]) => readRender(objects.join('---\n'))

t.test('splits a render into its documents, and not at dashes inside of them', t => {
  const split = (render: string) => readRender(render).map(({ text }) => text)
  for (const empty of ['', '\n---\n', '---\n# nothing\n']) t.strictSame(split(empty), [], empty)
  const text = 'a: |-\n  ---\n  x\nkind: A\n'
  const other = 'b: ---c\nkind: B\n'
  for (const separator of ['---\n', '--- \n', '--- # two\n', '---\r\n'])
    t.strictSame(split(`${text}${separator}${other}`), [text, other], separator)
  t.end()
})

const indented = (text: string): string => text.trimEnd().replaceAll('\n', '\n  ')
const list = (...items: readonly string[]): string =>
  `apiVersion: v1\nitems:\n${items.map(item => `- ${indented(item)}\n`).join('')}kind: List\n`

t.test('takes objects out of lists as Argo CD does, whatever the list is called', t => {
  const [a, b] = [object('v1', 'Secret', 'a'), clusterInstance('sno1')]
  const found = (render: string) =>
    readRender(render).map(({ kind, name, value }) => [kind, name(), value()])
  const both = [
    ['Secret', 'a', parse(a)],
    ['ClusterInstance', 'sno1', parse(b)],
  ]
  for (const [what, render] of [
    ['a list', list(a, b)],
    ['a list of one kind', list(a, b).replace('List', 'ClusterInstanceList')],
    ['any other kind', list(a, b).replace('List', 'Other')],
    ['none', list(a, b).replace('kind: List\n', '')],
    ['deeper lines', list(a, b).replaceAll(/^(?=- | )/gm, '  ')],
    ['a list with a name', list(a, b) + 'metadata:\n  name: l\n'],
    ['JSON', JSON.stringify(parse(list(a, b)))],
    ['objects in JSON', `${JSON.stringify(parse(a))}\n---\n${JSON.stringify(parse(b))}`],
    ['a list further right', list(a, b).replaceAll(/^(?=.)/gm, '  ')],
    ['a quoted key', list(a, b).replace('items', '"items"')],
    ['a list among others', `${a}---\n${list(b)}`],
  ] as const)
    t.strictSame(found(render), both, what)
  for (const nothing of ['items: []\n', 'items: null\n', 'items:\n'])
    t.strictSame(found(`apiVersion: v1\n${nothing}kind: List\n`), [], nothing)
  const spec = { kind: 'A', items: null, spec: {} }
  for (const one of [spec, { kind: 'A', items: null, status: {} }, { kind: 'A', items: 'a' }])
    t.strictSame(unpackAsArgoCd(one), [one])
  const alias = 'items:\n- &a {apiVersion: v1, kind: A, metadata: {name: a}}\n- *a\n'
  t.equal(readRender(alias).length, 2, 'an alias is another object')
  const large = readRender(list(`${a}data: {n: 12345678901234567890, f: 1.5e+300}\n`))
  t.match(large[0]?.text, /n: 12345678901234567890\n {2}f: 1\.5e\+300\n/)
  t.end()
})

t.test('refuses a list that Argo CD would not take apart into whole objects', t => {
  const a = object('v1', 'Secret', 'a')
  for (const [what, render, message] of [
    [
      'an object with items',
      `${clusterInstance('sno1')}items: []\n`,
      /^reading the render: ClusterInstance sno1 has `items`, so Argo CD takes it for a list and drops its spec$/,
    ],
    [
      'null items and data',
      'kind: A\nitems: null\ndata: {}\n',
      /^reading the render: A has `items`/,
    ],
    [
      'a list in a list',
      list(a, list(a)),
      /: List holds as item 2 another list, which Argo CD does not/,
    ],
    ['an empty list in a list', list('items: []\n'), /: List holds as item 1 another list/],
    [
      'a text',
      'items: [a]\n',
      /: a list holds as item 1 something that is not a Kubernetes object$/,
    ],
    ['nothing', 'kind: List\nitems: [null]\n', /item 1 something that is not a Kubernetes object/],
    [
      'no apiVersion',
      list(a.replace('apiVersion: v1\n', '')),
      /item 1 something that is not a Kubernetes object/,
    ],
    [
      'no kind',
      list(a.replace('kind: Secret\n', '')),
      /item 1 something that is not a Kubernetes object/,
    ],
    [
      'no name',
      list(a.replace('name: a', 'a: b')),
      /item 1 something that is not a Kubernetes object/,
    ],
    ['a list that holds itself', '&a\nkind: List\nitems: [*a]\n', /item 1 another list/],
  ] as const)
    t.throws(() => readRender(render), { name: 'RefusedError', code: 'RENDER_LIST', message }, what)
  t.throws(() => readRender('kind: List\nitems: [\n'), { code: 'RENDER_FAILED' })
  t.end()
})

t.test('an object is read without being parsed, unless a line is not enough', t => {
  const [found] = read(
    'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  annotations: {a: b}\n  name: "123"\n  namespace: site\n',
  )
  t.match(found, { group: '', kind: 'ConfigMap' })
  t.equal(found?.name(), '123')
  t.equal(found?.namespace(), 'site')
  t.equal(found?.clusterName(), '')
  t.strictSame(found?.annotations(), new Map([['a', 'b']]))
  const [broken] = read(`${object('v1', 'Secret', 'a')}data: s3cret: "\n`)
  t.equal(broken?.name(), 'a')
  t.throws(() => broken?.value(), {
    code: 'RENDER_FAILED',
    message: 'reading the render: of an object it is not one correct YAML document',
  })
  t.end()
})

t.test('knows the clusters of a render, whatever kind of object brings them', t => {
  const objects = read(
    clusterInstance('sno1', 'first'),
    clusterInstance('sno1', 'second'),
    siteConfig('sno2', 'sno3', 'sno1'),
    object('cluster.open-cluster-management.io/v1', 'ManagedCluster', 'sno4'),
    object('example.com/v1', 'ManagedCluster', 'sno5'),
    clusterInstance('sno6').replace('  clusterName: sno6\n', ''),
  )
  const kindAndName = [...clustersRendered(objects)].map(
    ([cluster, found]) => `${cluster}: ${found.kind} ${found.name()}`,
  )
  t.strictSame(kindAndName, [
    'sno1: ClusterInstance first',
    'sno2: SiteConfig site-1',
    'sno3: SiteConfig site-1',
    'sno4: ManagedCluster sno4',
  ])
  t.strictSame(
    [...clusterInstances(objects)].map(([cluster, found]) => [cluster, found.length]),
    [['sno1', 2]],
  )
  t.end()
})

t.test('takes for a SeedGenerator what the Lifecycle Agent does', t => {
  const objects = read(
    object('lca.openshift.io/v1', 'SeedGenerator', 'seedimage'),
    object('example.com/v1', 'SeedGenerator', 'other'),
    object('lca.openshift.io/v1', 'ImageBasedUpgrade', 'upgrade'),
  )
  t.strictSame(
    seedGenerators(objects).map(({ name }) => name()),
    ['seedimage'],
  )
  t.end()
})

t.test('tells the file that an object comes from, as far as files can tell', t => {
  const view = memoryTree({
    'site/kustomization.yaml': `namePrefix: p-\n${listing('leaf', 'other.yaml', 'a.yaml')}`,
    'site/other.yaml': clusterInstance('other'),
    'site/a.yaml': object('v1', 'ConfigMap', 'sno1'),
    'site/leaf/kustomization.yaml': listing('list.yaml'),
    'site/leaf/list.yaml': `apiVersion: v1\nkind: List\nitems:\n- ${clusterInstance('sno1').trimEnd().replaceAll('\n', '\n  ')}\n`,
  })
  const sourceOf = sourcesIn(view, 'site')
  for (const [what, found, file] of [
    ['in a list, in a directory', clusterInstance('sno1'), 'site/leaf/list.yaml'],
    ['renamed', clusterInstance('p-other'), 'site/other.yaml'],
    ['made by a generator, maybe', clusterInstance('unlike'), 'site/kustomization.yaml'],
    ['of another kind', object('v1', 'ConfigMap', 'sno1'), 'site/a.yaml'],
  ] as const)
    t.equal(sourceOf(read(found)), file, what)
  t.equal(sourceOf([]), 'site/kustomization.yaml', 'what is missing')
  t.equal(sourcesIn(memoryTree({}), 'site')(read(clusterInstance('sno1'))), 'site', 'no files')
  t.end()
})

t.test('reads names from lines exactly as a parser does', t => {
  const scalar = fc.oneof(
    fc.stringMatching(/^[a-z0-9][-a-z0-9.]{0,20}$/),
    fc.constantFrom(
      'no',
      'y',
      'null',
      '~',
      '1e3',
      '0x1F',
      '123',
      '2026-11-29',
      'true',
      ' a',
      'a: b',
      "it's",
      '#a',
      'a\nb',
      'spec:',
      'x\n\n  clusterName: b',
    ),
    fc.string(),
  )
  const generated = fc.record(
    {
      apiVersion: fc.constant('siteconfig.open-cluster-management.io/v1alpha1'),
      data: fc.dictionary(fc.string(), scalar, { maxKeys: 2 }),
      kind: fc.constant('ClusterInstance'),
      metadata: fc.record(
        {
          annotations: fc.dictionary(scalar, scalar, { maxKeys: 2 }),
          name: scalar,
          namespace: scalar,
        },
        { requiredKeys: ['name'] },
      ),
      spec: fc.record(
        {
          baseDomain: scalar,
          clusterName: fc.oneof(scalar, fc.integer(), fc.constant(null)),
          nested: fc.record({ clusterName: scalar }),
          nodes: fc.array(fc.record({ clusterName: scalar }), { maxLength: 2 }),
        },
        { requiredKeys: [] },
      ),
    },
    { requiredKeys: ['apiVersion', 'kind', 'metadata'] },
  )
  fc.assert(
    fc.property(
      fc.array(generated, { minLength: 1, maxLength: 3 }),
      fc.boolean(),
      (objects, indentSeq) => {
        const texts = objects.map(value => stringify(value, { indentSeq, lineWidth: 0 }))
        const read = readRender(texts.join('---\n'))
        if (read.length !== objects.length) return false
        return read.every((found, index) => {
          const { metadata, spec } = parse(texts[index] ?? '') as (typeof objects)[number]
          const text = (value: unknown): string => (typeof value === 'string' ? value : '')
          return (
            found.kind === 'ClusterInstance' &&
            found.group === 'siteconfig.open-cluster-management.io' &&
            found.name() === text(metadata.name) &&
            found.namespace() === text(metadata.namespace) &&
            found.clusterName() === text(spec?.clusterName)
          )
        })
      },
    ),
    { numRuns: propertyRuns(2000) },
  )
  t.end()
})
