import fc from 'fast-check'
import t from 'tap'
import { parse, stringify } from 'yaml'
import {
  clusterInstances,
  clustersRendered,
  seedGenerators,
} from '../../src/core/render/clusters-rendered.ts'
import { propertyRuns } from '../support/property-runs.ts'
import { readRender, splitRender } from '../../src/core/render/rendered-object.ts'
import { sourcesIn } from '../../src/core/render/source-of.ts'
import { clusterInstance, listing, memoryTree, siteConfig } from '../support/memory-tree.ts'

const object = (apiVersion: string, kind: string, name: string): string =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata:\n  name: ${name}\n`
const read = (...objects: readonly string[]) => readRender(objects.join('---\n'))

t.test('splits a render into its documents, and not at dashes inside of them', t => {
  t.strictSame(splitRender(''), [])
  t.strictSame(splitRender('\n---\n'), [])
  const text = 'a: |-\n  ---\n  x\n'
  t.strictSame(splitRender(`${text}---\nb: ---c\n`), [text, 'b: ---c\n'])
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
