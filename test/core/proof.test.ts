import './proof/affected-by.ts'
import './proof/held-objects.ts'
import './proof/refuse-emptied.ts'
import './proof/static-difference.ts'
import fc from 'fast-check'
import t from 'tap'
import {
  compareRenders,
  type RootDifference,
  refuseDifference,
} from '../../src/core/proof/compare-renders.ts'
import { laterWave, whyTooEarly } from '../../src/core/proof/why-too-early.ts'
import { clusterInstance, siteConfig } from '../support/memory-tree.ts'
import { propertyRuns } from '../support/property-runs.ts'

const configMap = (name: string, value = 'a', namespace = 'site'): string =>
  `apiVersion: v1\ndata:\n  key: ${value}\nkind: ConfigMap\nmetadata:\n  name: ${name}\n  namespace: ${namespace}\n`
const clusterWide = (apiVersion: string, kind: string, name: string): string =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata:\n  name: ${name}\n`
const render = (...objects: readonly string[]): string => objects.join('---\n')
const list = (...objects: readonly string[]): string =>
  `apiVersion: v1\nitems:\n${objects.map(text => `- ${text.trimEnd().replaceAll('\n', '\n  ')}\n`).join('')}kind: List\n`
const identity = (cluster: string): string =>
  `siteconfig.open-cluster-management.io/ClusterInstance/${cluster}/${cluster}`
const nameless = clusterInstance('sno1').replace('  clusterName: sno1\n', '')

t.test('compares renders object by object', t => {
  const [a, b, sno1] = [configMap('a'), configMap('b'), clusterInstance('sno1')]
  const same = {
    removed: [],
    removedClusters: [],
    added: [],
    changed: [],
    orderKept: true,
    owned: [],
    prunedTooEarly: [],
  }
  const cases: readonly (readonly [string, string, string, object])[] = [
    ['nothing', '', '', { ...same, left: 0 }],
    ['equal renders', render(a, b), render(a, b), { ...same, left: 2 }],
    [
      'one that leaves',
      render(a, sno1, b),
      render(a, b),
      { ...same, removed: [identity('sno1')], removedClusters: ['sno1'], left: 2 },
    ],
    [
      'the only one that leaves',
      sno1,
      '',
      { ...same, removed: [identity('sno1')], removedClusters: ['sno1'], left: 0 },
    ],
    ['one that comes', a, render(a, b), { ...same, added: ['/ConfigMap/site/b'], left: 2 }],
    [
      'one that changes',
      render(a, b),
      render(a, configMap('b', 'other')),
      { ...same, changed: ['/ConfigMap/site/b'], left: 2 },
    ],
    [
      'one that only reads otherwise to us',
      a,
      configMap('a', '"a"'),
      { ...same, changed: ['/ConfigMap/site/a'], left: 1 },
    ],
    [
      'one of another version',
      sno1,
      sno1.replace('v1alpha1', 'v1'),
      { ...same, changed: [identity('sno1')], left: 1 },
    ],
    [
      'one whose value changes its type',
      configMap('a', '1'),
      configMap('a', '"1"'),
      { ...same, changed: ['/ConfigMap/site/a'], left: 1 },
    ],
    [
      'one in another namespace',
      a,
      configMap('a', 'a', 'other'),
      { ...same, removed: ['/ConfigMap/site/a'], added: ['/ConfigMap/other/a'], left: 1 },
    ],
    [
      'one that leaves a list',
      list(a, b),
      list(a),
      { ...same, removed: ['/ConfigMap/site/b'], left: 1 },
    ],
    [
      'the last one of a list',
      list(a),
      list(),
      { ...same, removed: ['/ConfigMap/site/a'], left: 0 },
    ],
    [
      'a cluster that leaves a list',
      render(a, list(sno1)),
      a,
      { ...same, removed: [identity('sno1')], removedClusters: ['sno1'], left: 1 },
    ],
    [
      'a list that is called otherwise',
      list(a),
      list(a).replace('List', 'AList'),
      { ...same, left: 1 },
    ],
    [
      'the last digit of a number in a list',
      list(configMap('a', '12345678901234567')),
      list(configMap('a', '12345678901234568')),
      { ...same, changed: ['/ConfigMap/site/a'], left: 1 },
    ],
    ['one of two alike', list(a, a), list(a), { ...same, orderKept: false, left: 1 }],
    ['another order', render(a, b), render(b, a), { ...same, orderKept: false, left: 2 }],
    [
      'a ClusterInstance without a name that leaves',
      render(a, nameless),
      a,
      { ...same, removed: [identity('sno1')], left: 1 },
    ],
    [
      'a ClusterInstance with a broken spec that leaves',
      render(a, nameless.replace(/spec:[^]*/, 'spec: none\n')),
      a,
      { ...same, removed: [identity('sno1')], left: 1 },
    ],
  ]
  for (const [what, before, after, wanted] of cases)
    t.strictSame(compareRenders(before, after), wanted, what)
  t.end()
})

type Renders = readonly (readonly [string, string])[]
const rootsOf = (renders: Renders): readonly RootDifference[] =>
  renders.map(([before, after], index) => ({
    path: `root${index}`,
    isStatic: false,
    ...compareRenders(before, after),
  }))
const object = { cluster: 'sno1', object: true, companions: false }
const companions = { cluster: 'sno1', object: false, companions: true }

t.test('refuses to compare what nests deeper than a parser survives', t => {
  const deep = `${configMap('a')}more: ${'['.repeat(300)}${']'.repeat(300)}\n`
  t.throws(() => compareRenders(deep, ''), { code: 'RENDER_FAILED', message: /nests deeper/ })
  t.equal(compareRenders(deep, deep).left, 1, 'what is equal is not parsed')
  t.end()
})

t.test('allows a proof only where exactly this one cluster leaves', t => {
  const [a, sno1, sno2] = [configMap('a'), clusterInstance('sno1'), clusterInstance('sno2')]
  const twin = clusterInstance('sno1', 'twin')
  const both = render(a, sno1, sno2)
  const cases: readonly (readonly [string, Renders, RegExp | null])[] = [
    ['the cluster', [[both, render(a, sno2)]], null],
    ['the last object', [[sno1, '']], null],
    [
      'the cluster from two roots',
      [
        [both, render(a, sno2)],
        [sno1, ''],
      ],
      null,
    ],
    [
      'the cluster from one of two roots',
      [
        [a, a],
        [both, render(a, sno2)],
      ],
      null,
    ],
    ['nothing', [[both, both]], /^no render loses anything: what brings sno1 does not come from/],
    ['no root', [], /^no render loses anything/],
    ['another cluster', [[both, render(a, sno1)]], /^root0 would lose the cluster sno2$/],
    ['both clusters', [[both, a]], /^root0 would lose the cluster sno2$/],
    [
      'another cluster of the second root',
      [
        [sno1, ''],
        [sno2, ''],
      ],
      /^root1 would lose the cluster sno2/,
    ],
    ['an object beside it', [[both, sno2]], /^root0 would also lose ConfigMap\/site\/a$/],
    ['an object instead of it', [[both, render(sno1, sno2)]], /would also lose/],
    ['two objects of that name', [[render(sno1, twin), '']], /would lose several objects: /],
    ['a ClusterInstance that names no cluster', [[nameless, '']], /^root0 would lose .*no cluster/],
    [
      'a site of several clusters',
      [[siteConfig('sno1', 'sno1'), '']],
      /would lose .*, or several$/,
    ],
    [
      'a site of other clusters',
      [[siteConfig('sno1', 'sno2'), '']],
      /would lose the cluster sno2$/,
    ],
    ['more', [[sno1, a]], /^root0 would render more: ConfigMap\/site\/a$/],
    ['otherwise', [[both, render(configMap('a', 'b'), sno2)]], /^root0 would render otherwise: C/],
    [
      'another order',
      [[render(a, sno1, sno2), render(sno2, a)]],
      /^root0 would render its objects/,
    ],
    [
      'otherwise in a second root',
      [
        [sno1, ''],
        [a, configMap('a', 'b')],
      ],
      /^root1 would render/,
    ],
  ]
  for (const [what, renders, wanted] of cases) {
    const refusal = refuseDifference(rootsOf(renders), object)
    if (wanted === null) t.equal(refusal, null, what)
    else t.match(refusal, wanted, what)
  }
  t.end()
})

t.test("with companions, what is in the cluster's namespace may leave, and no cluster", t => {
  const [own, other] = [configMap('a', 'a', 'sno1'), configMap('a', 'a', 'sno10')]
  const [sno1, namespace] = [clusterInstance('sno1'), clusterWide('v1', 'Namespace', 'sno1')]
  const managed = clusterWide('cluster.open-cluster-management.io/v1', 'ManagedCluster', 'sno1')
  const elsewhere = clusterWide('v1', 'Namespace', 'sno10')
  const all = render(own, other, sno1, namespace, managed, elsewhere)
  const cases: readonly (readonly [string, string, RegExp | null])[] = [
    ['all of it', render(other, sno1, elsewhere), null],
    ['one of it', render(other, sno1, namespace, managed, elsewhere), null],
    ['nothing', all, /^no render loses anything: what brings sno1 does not/],
    ['the cluster, too', render(other, elsewhere), /would also lose siteconfig.*\/sno1\/sno1$/],
    ['the namespace of another', render(other, sno1), /would also lose Namespace\/sno10$/],
    ['what is in another', render(sno1, elsewhere), /would also lose ConfigMap\/sno10\/a$/],
  ]
  for (const [what, after, wanted] of cases) {
    const refusal = refuseDifference(rootsOf([[all, after]]), companions)
    if (wanted === null) t.equal(refusal, null, what)
    else t.match(refusal, wanted, what)
  }
  const both = { ...companions, object: true }
  t.equal(refuseDifference(rootsOf([[all, render(other, elsewhere)]]), both), null)
  const neither = { ...companions, companions: false }
  t.equal(refuseDifference(rootsOf([[all, all]]), neither), null, 'nothing, where nothing should')
  t.match(refuseDifference(rootsOf([[own, '']]), neither), /would also lose/)
  t.end()
})

t.test('what only the cluster that leaves refers to is its own', t => {
  const refers = (cluster: string): string =>
    `${clusterInstance(cluster).replace(/namespace: .*/, 'namespace: sites')}  pullSecretRef: {name: pull}\n  nodes: [{bmcCredentialsName: {name: bmc-${cluster}}}]\n  extraManifestsRefs: [{name: a}, {}]\n`
  const secret = (name: string): string =>
    `apiVersion: v1\nkind: Secret\nmetadata:\n  name: ${name}\n  namespace: sites\n`
  const [one, two] = [refers('sno1'), refers('sno2')]
  const all = [secret('bmc-sno1'), secret('pull'), configMap('a', 'a', 'sites')]
  const both = { ...companions, object: true }
  t.equal(refuseDifference(rootsOf([[render(one, ...all), '']]), both), null)
  t.match(
    refuseDifference(rootsOf([[render(one, two, ...all), two]]), both),
    /^root0 would also lose Secret\/sites\/pull, ConfigMap\/sites\/a$/,
  )
  t.match(
    refuseDifference(rootsOf([[render(one, secret('b')), '']]), both),
    /lose Secret\/sites\/b$/,
  )
  t.match(refuseDifference(rootsOf([[render(one, ...all), '']]), object), /would also lose/)
  t.end()
})

t.test('what leaves with a cluster is pruned too early unless its wave is lower', t => {
  const wave = (text: string, number: string): string =>
    text.replace(
      'metadata:\n',
      `metadata:\n  annotations:\n    argocd.argoproj.io/sync-wave: "${number}"\n`,
    )
  const namespace = clusterWide('v1', 'Namespace', 'sno1')
  const early = (...objects: readonly string[]): readonly string[] =>
    compareRenders(render(...objects), '').prunedTooEarly
  t.strictSame(early(clusterInstance('sno1'), namespace), ['/Namespace//sno1'])
  t.strictSame(early(wave(clusterInstance('sno1'), '2'), wave(namespace, '1')), [])
  t.strictSame(early(wave(clusterInstance('sno1'), '1'), namespace), [])
  t.strictSame(early(clusterInstance('sno1'), wave(namespace, '-1')), [])
  t.strictSame(early(wave(clusterInstance('sno1'), '2'), wave(namespace, '2')).length, 1)
  const kept = wave(namespace, '9').replace(
    'annotations:\n',
    'annotations:\n    argocd.argoproj.io/sync-options: Delete=false, Prune=false\n',
  )
  t.strictSame(early(clusterInstance('sno1'), kept), [], 'what is not pruned is not early')
  t.strictSame(early(namespace), [], 'without a cluster there is no order')
  const root = {
    path: 'a',
    isStatic: false,
    ...compareRenders(render(namespace, clusterInstance('sno1')), ''),
  }
  t.match(
    whyTooEarly({ roots: [root, root] }),
    /^sync waves do not prune the ClusterInstance before Namespace\/sno1, and/,
  )
  t.equal(whyTooEarly({ roots: [] }), null)
  t.match(laterWave, /sync-wave/)
  t.end()
})

t.test('whatever leaves, comes or changes, only the loss of the one cluster is allowed', t => {
  const names = ['sno1', 'sno2', 'sno3']
  const state = fc.record({
    kept: fc.uniqueArray(fc.constantFrom(...names)),
    before: fc.constantFrom('a', 'b', null),
    after: fc.constantFrom('a', 'b', null),
  })
  fc.assert(
    fc.property(state, ({ kept, before, after }) => {
      const objects = (clusters: readonly string[], value: string | null): string =>
        render(
          ...(value === null ? [] : [configMap('a', value)]),
          ...clusters.map(name => clusterInstance(name)),
        )
      const left = names.filter(name => kept.includes(name))
      const roots = rootsOf([[objects(names, before), objects(left, after)]])
      const isAllowed = refuseDifference(roots, object) === null
      return isAllowed === (String(left) === 'sno2,sno3' && before === after)
    }),
    { numRuns: propertyRuns(300) },
  )
  t.end()
})
