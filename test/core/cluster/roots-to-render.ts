import t from 'tap'
import {
  entriesBringing,
  objectsBehind,
  rootsToRender,
} from '../../../src/core/cluster/roots-to-render.ts'
import {
  clusterInstance,
  listing,
  memoryTree,
  siteConfig,
  type Files,
} from '../../support/memory-tree.ts'

const base = {
  'base/kustomization.yaml': listing('ci.yaml', 'other.yaml'),
  'base/ci.yaml': clusterInstance('placeholder'),
  'base/other.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n',
}
const asked = (fields: string, more: Files = {}, roots = ['site', 'site']): readonly string[] =>
  rootsToRender(
    memoryTree({ ...base, 'site/kustomization.yaml': `${listing('../base')}${fields}`, ...more }),
    { cluster: 'sno1', roots },
  )

t.test('renders a root only where something else than a file may name the cluster', t => {
  for (const fields of [
    'patches: [{patch: "[{op: add, path: /spec/clusterName, value: sno1}]"}]\n',
    'patchesJson6902: [{target: {kind: ClusterInstance}, patch: "value: sno1"}]\n',
    'patchesStrategicMerge: [p.yaml]\n',
    'patches: [{path: p.yaml}]\n',
    'replacements: [{path: p.yaml}]\n',
    'labels: [{pairs: {clusterName: sno1}, fields: [{path: spec, kind: ClusterInstance}]}]\n',
    'crds: [p.yaml]\n',
    'configuration\u017F: [p.yaml]\n',
    'configMapGenerator: [{name: a, files: [name=p.yaml]}]\nreplacements: [{source: {kind: ConfigMap}}]\n',
  ])
    t.strictSame(asked(fields, { 'site/p.yaml': 'clusterName: sno1\n' }), ['site'], fields)
  for (const fields of [
    '',
    'namePrefix: sno1\n',
    'patches: []\n',
    'labels: [{pairs: {clusterName: sno1}}]\n',
    'configMapGenerator: [{name: sno1}]\n',
    'patches: [{path: p.yaml}, {path: ../../sno1.yaml}, {path: gone.yaml}]\n',
    'patches: [{patch: "value: sno12"}]\n',
  ])
    t.strictSame(asked(fields, { 'site/p.yaml': 'clusterName: sno2\n' }), [], fields)
  const noCluster = { 'base/ci.yaml': 'apiVersion: v1\nkind: Policy\n' }
  t.strictSame(asked('patches: [{patch: "value: sno1"}]\n', noCluster), [])
  // A patch may make a cluster of any object, or of what it adds to one as `items`.
  const made = 'name: sno1\nkind: ClusterInstance\n'
  for (const [fields, files] of [
    ['patches: [{patch: "kind: ClusterInstance, name: sno1"}]\n', {}],
    ['patches: [{patch: "kind: Cluster\\\\u0049nstance"}]\n', {}],
    ['patches: [{path: p.yaml}]\n', { 'site/p.yaml': made }],
    ['transformers: [t.yaml]\n', { 'site/t.yaml': made }],
  ] as const)
    t.strictSame(asked(fields, { ...noCluster, ...files }), ['site'], fields)
  t.end()
})

t.test('renders a root that may make the name of parts, after those that hold it', t => {
  for (const fields of [
    'vars: [{name: A, objref: {kind: ConfigMap, name: a}}]\n',
    'transformers: [t.yaml]\n',
    'Configurations: [c.yaml]\nnamePrefix: sno\n',
    'replacements: [{source: {kind: A}, targets: [{options: {delimiter: "-"}}]}]\n',
    'nameSuffix: "1"\npatches: [{patch: "[{op: copy, from: /metadata/name, path: /spec/clusterName}]"}]\n',
  ]) {
    t.strictSame(asked(fields), ['site'], fields)
    const named = `${listing('../base')}patches: [{patch: "value: sno1"}]\n`
    const two = asked(fields, { 'named/kustomization.yaml': named }, ['site', 'named'])
    t.strictSame(two, ['named', 'site'], fields)
  }
  t.end()
})

t.test('finds the entries and objects that bring clusters, those with the name first', t => {
  const overlay = (name: string): string =>
    `${listing('../base')}patches: [{patch: "value: ${name}"}]\n`
  const view = memoryTree({
    ...base,
    'site/kustomization.yaml': listing('../two', '../one', 's.yaml', 'a.yaml', '../none'),
    'one/kustomization.yaml': overlay('sno1'),
    'two/kustomization.yaml': overlay('sno2'),
    'none/kustomization.yaml': listing('../base/other.yaml'),
    'site/s.yaml': siteConfig('sno1'),
    'site/a.yaml': base['base/other.yaml'],
  })
  const { reached } = view.reach('site')
  const paths = entriesBringing(view, reached!, 'sno1').map(({ path }) => path)
  t.strictSame(paths, ['one', 'site/s.yaml', 'two'])
  const written = { file: 'base/ci.yaml', objectName: 'placeholder', namespace: 'placeholder' }
  t.strictSame(objectsBehind(view, { path: 'two', kind: 'directory' }), [
    { kind: 'ClusterInstance', ...written },
  ])
  t.match(objectsBehind(view, { path: 'site/s.yaml', kind: 'file' }), [{ kind: 'SiteConfig' }])
  const broken = memoryTree({ 'a.yaml': 'a: b\n' })
  t.strictSame(objectsBehind(broken, { path: 'a.yaml', kind: 'file' }), [])
  t.end()
})
