import t from 'tap'
import { explainMissing } from '../../../src/core/cluster/explain-missing.ts'
import { opaqueEntries, shownOpaque } from '../../../src/core/cluster/opaque/opaque-entries.ts'
import { unreadNaming } from '../../../src/core/cluster/opaque/unread-naming.ts'
import { rootsToRender } from '../../../src/core/cluster/roots-to-render.ts'
import { clusterInstance, listing, memoryTree, type Files } from '../../support/memory-tree.ts'

const plugin = (version: string, kind: string, more = ''): string =>
  `apiVersion: ${version}\nkind: ${kind}\nmetadata:\n  name: x\n${more}`
const site = (fields: string, files: Files = {}) =>
  memoryTree({ 'site/kustomization.yaml': `resources: []\n${fields}`, ...files })
const template = clusterInstance('sno{{ .Values.n }}')
const chart = { 'site/charts/c/templates/x.yaml': template, 'site/charts/d/x.yaml': 'a: 1\n' }
const inside = (text: string): Files => ({
  'site/in/kustomization.yaml': listing('x.yaml'),
  'site/in/x.yaml': text,
})
const policies = plugin('ran.openshift.io/v1', 'PolicyGenTemplate')
const foreign = plugin('x.example.com/v1', 'Fleet')
const asFunction = plugin(
  'ran.openshift.io/v1',
  'SiteConfig',
  '  annotations: {config.kubernetes.io/function: "exec: {path: x}"}\n',
)

t.test('an entry that may make a cluster of parts is known by its place', t => {
  const cases: readonly (readonly [string, Files, string])[] = [
    ['helmCharts: [{name: c}]\n', chart, ':2 (helmCharts: c)'],
    ['# HelmCharts:\nHelmCharts: [{name: c}, {name: e}]\n', {}, ':3 (HelmCharts: c, e)'],
    ['"helm\\x43harts": {name: c}\n', {}, ' (helmCharts: c)'],
    ['helmChartInflationGenerator: [{chartName: c}]\n', {}, ':2 (helmChartInflationGenerator: c)'],
    ['generators: [x.yaml]\n', { 'site/x.yaml': foreign }, ':2 (generators[0]: x.yaml)'],
    ['generators: [x.yaml]\n', { 'site/x.yaml': asFunction }, ':2 (generators[0]: x.yaml)'],
    ['generators: [x.yaml]\n', { 'site/x.yaml': '\n' }, ':2 (generators[0]: x.yaml)'],
    [
      'generators: [x.yaml]\n',
      { 'site/x.yaml': policies.replace('ran.', 'run.') },
      ':2 (generators[0]: x.yaml)',
    ],
    [
      'generators: [x.yaml]\n',
      { 'site/x.yaml': plugin('builtin', 'HelmChartInflationGenerator') },
      ':2 (generators[0]: x.yaml)',
    ],
    [
      `generators:\n- |\n  ${foreign.replaceAll('\n', '\n  ')}`,
      {},
      ':4 (generators[0]: apiVersion: x.example.com/v1)',
    ],
    ['Transformers: [in]\n', inside(foreign), ':2 (Transformers[0]: in)'],
    [
      'transformers: [up]\n',
      { ...inside(foreign), 'site/up/kustomization.yaml': listing('../in') },
      ':2 (transformers[0]: up)',
    ],
    [
      'transformers: [in]\n',
      { 'site/in/kustomization.yaml': 'helmCharts: [{name: c}]\n' },
      ':2 (transformers[0]: in)',
    ],
    [
      'transformers: [in]\n',
      { 'site/in/kustomization.yaml': 'generators: [x.yaml]\n', 'site/in/x.yaml': policies },
      ':2 (transformers[0]: in)',
    ],
    [
      'transformers: [in]\n',
      { 'site/in/kustomization.yaml': listing('https://a.example.com/b') },
      ':2 (transformers[0]: in)',
    ],
  ]
  for (const [fields, files, said] of cases)
    t.equal(shownOpaque(site(fields, files), 'site'), `site/kustomization.yaml${said}`, said)
  for (const [fields, files] of [
    ['helmCharts: []\n', {}],
    ['generators: [x.yaml]\n', { 'site/x.yaml': policies }],
    ['generators: [in, gone.yaml, ../../out]\n', inside(policies)],
    [
      'generators: [x.yaml]\n',
      { 'site/x.yaml': plugin('policy.open-cluster-management.io/v1', 'PolicyGenerator') },
    ],
    ['generators: [x.yaml]\n', { 'site/x.yaml': plugin('ran.openshift.io/v1', 'SiteConfig') }],
    ['transformers: [x.yaml]\n', { 'site/x.yaml': plugin('builtin', 'PrefixTransformer') }],
    ['validators: [x.yaml]\n', { 'site/x.yaml': foreign }],
  ] as const)
    t.equal(shownOpaque(site(fields, files), 'site'), 'this', fields)
  t.end()
})

t.test('one in whose files the kind of a cluster stands is rendered before anything is said', t => {
  const asked = (fields: string, files: Files) =>
    rootsToRender(site(fields, files), { cluster: 'sno1', roots: ['site'] })
  t.strictSame(asked('helmCharts: [{name: c}]\n', chart), ['site'])
  t.strictSame(asked('HelmCharts: [{name: c}]\n', chart), ['site'])
  t.strictSame(asked('helmCharts: [{name: d}]\n', chart), [])
  t.strictSame(asked('generators: [x.yaml]\n', { 'site/x.yaml': asFunction }), ['site'])
  t.strictSame(asked('generators: [x.yaml]\n', { 'site/x.yaml': foreign }), [])
  const view = site('helmCharts: [{name: c}]\n', chart)
  t.match(opaqueEntries(view, [view.walk('site')]), [
    { root: 'site', files: ['site/kustomization.yaml', 'site/charts/c/templates/x.yaml'] },
  ])
  t.end()
})

t.test('a kustomization that Sower cannot read counts where it may list the cluster', t => {
  const view = (text: string) =>
    memoryTree({
      'site/kustomization.yaml': text,
      'copy/a.yaml': clusterInstance('sno1'),
      'b.yaml': clusterInstance('sno2'),
    })
  const unread = (text: string, except: string | null = null) =>
    unreadNaming(view(text), 'sno1', except)
  const twice = 'resources: []\nresources:\n- '
  t.strictSame(unread(`${twice}../copy/a.yaml\n`), ['site/kustomization.yaml'])
  t.strictSame(unread(`${twice}../copy\n`), ['site/kustomization.yaml'])
  t.strictSame(unread(`${twice}"../\\x63opy"\n`), ['site/kustomization.yaml'])
  t.strictSame(unread(`${twice}../copy/a.yaml\n`, 'site'), [])
  t.strictSame(unread(`${twice}../b.yaml\n`), [])
  t.strictSame(unread('resources: [../copy/a.yaml]\n'), [])
  const missing = { view: view(`${twice}../copy/a.yaml\n`), cluster: 'sno1' }
  const walks = [missing.view.walk('site')]
  t.match(explainMissing({ ...missing, walks }), { code: 'PLAIN_DIRECTORY' })
  t.end()
})
