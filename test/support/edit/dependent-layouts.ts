import { clusterInstance, listing } from '../memory-tree.ts'

/** A repository in which something beside the entry of sno1 needs sno1. */
export type Layout = Readonly<{
  name: string
  files: Readonly<Record<string, string>>
  root: string
  /** What has to leave with the entry, as `file:line list`. */
  edited: readonly string[]
}>

export const site = 'site/kustomization.yaml'
const both = listing('sno1.yaml', 'sno2.yaml')
const clusters = {
  'site/sno1.yaml': clusterInstance('sno1'),
  'site/sno2.yaml': clusterInstance('sno2'),
}

/** A strategic merge patch of a ClusterInstance. */
export const patchOf = (
  name: string,
  namespace = name,
  spec = '{baseDomain: example.com}',
): string =>
  `apiVersion: siteconfig.open-cluster-management.io/v1alpha1
kind: ClusterInstance
metadata: {name: ${name}, namespace: ${namespace}}
spec: ${spec}
`
export const indented = (text: string): string => text.replace(/^(?=.)/gm, '      ')

/** A replacement that reads the image of one cluster into a field of another. */
export const replacementOf = (source: string, target: string): string => `source: ${source}
targets:
  - select: ${target}
    fieldPaths: [spec.note]
    options: {create: true}
`
const named = (name: string): string => `{kind: ClusterInstance, name: ${name}}`
const from = (name: string): string =>
  `{kind: ClusterInstance, name: ${name}, fieldPath: spec.clusterImageSetNameRef}`
const own = replacementOf(from('sno1'), named('sno1'))
const asItem = (text: string): string => `  - ${text.trim().replaceAll('\n', '\n    ')}\n`

const variable = (cluster: string): string => `  - name: IMAGE_${cluster.toUpperCase()}
    objref:
      apiVersion: siteconfig.open-cluster-management.io/v1alpha1
      kind: ClusterInstance
      name: ${cluster}
    fieldref: {fieldpath: spec.clusterImageSetNameRef}
`
const transformer = (kind: string, fields: string, name = 'seed'): string =>
  `apiVersion: builtin\nkind: ${kind}\nmetadata: {name: ${name}}\n${fields}`

/** A layout with one directory, whose kustomization says more than its resources. */
const inSite = (
  name: string,
  fields: string,
  files: Readonly<Record<string, string>>,
  ...edited: readonly string[]
): Layout => ({
  name,
  root: 'site',
  files: { ...clusters, ...files, [site]: `${both}${fields}` },
  edited: edited.map(place => `${site}:${place}`),
})

/** kustomize builds each of these, and does not without sno1 alone. */
export const layouts: readonly Layout[] = [
  inSite(
    'a patch by its path',
    'patches:\n  - path: sno1-patch.yaml\n  - path: sno2-patch.yaml\n',
    { 'site/sno1-patch.yaml': patchOf('sno1'), 'site/sno2-patch.yaml': patchOf('sno2') },
    '5 patches',
  ),
  inSite(
    'a patch in the kustomization',
    `patches:\n  # the seed\n  - patch: |-\n${indented(patchOf('sno1'))}  - patch: |-\n${indented(patchOf('sno2'))}`,
    {},
    '6 patches',
  ),
  inSite(
    'patchesStrategicMerge, as a file and inline',
    `patchesStrategicMerge:\n  - p.yaml\n  - |-\n${indented(patchOf('sno1'))}`,
    { 'site/p.yaml': patchOf('sno1', 'sno1', '{a: b}') },
    '6 patchesStrategicMerge',
    '5 patchesStrategicMerge',
  ),
  inSite(
    'a patch of several documents, all of the one cluster',
    'patches:\n  - path: p.yaml\n',
    {
      'site/p.yaml': `# the seed\n---\n${patchOf('sno1')}---\n${patchOf('sno1', 'sno1', '{a: b}')}`,
    },
    '5 patches',
  ),
  inSite(
    'a replacement within the cluster, in the kustomization',
    `replacements:\n${asItem(own)}`,
    {},
    '5 replacements',
  ),
  inSite(
    'a file of replacements within the cluster',
    'replacements:\n  - path: r.yaml\n',
    { 'site/r.yaml': `${asItem(own)}${asItem(own)}` },
    '5 replacements',
  ),
  inSite(
    'a file with one replacement within the cluster',
    'replacements:\n  - path: r.yaml\n',
    { 'site/r.yaml': own },
    '5 replacements',
  ),
  inSite(
    'vars that nothing uses, beside those of others',
    `vars:\n${variable('sno2')}${variable('sno1')}`,
    {},
    '11 vars',
  ),
  inSite(
    'transformers',
    'transformers: [psm.yaml, other.yaml, p.yaml, r.yaml]\n',
    {
      'site/psm.yaml': transformer(
        'PatchStrategicMergeTransformer',
        `paths: [patch.yaml]\npatches: |-\n${indented(patchOf('sno1'))}`,
      ),
      'site/other.yaml': transformer(
        'PatchStrategicMergeTransformer',
        `paths: []\npatches: |-\n${indented(patchOf('sno2'))}`,
        'other',
      ),
      'site/p.yaml': transformer('PatchTransformer', `patch: |-\n${indented(patchOf('sno1'))}`),
      'site/r.yaml': transformer('ReplacementTransformer', `replacements:\n${asItem(own)}`),
      'site/patch.yaml': patchOf('sno1'),
    },
    '4 transformers',
    '4 transformers',
    '4 transformers',
  ),
  {
    name: 'patches above, below a prefix and a namespace, by the old names and the new ones',
    root: 'top',
    files: {
      ...clusters,
      [site]: `${both}namePrefix: a-\nnamespace: all\n`,
      'middle/kustomization.yaml': `${listing('../site')}nameSuffix: -b\n`,
      'top/kustomization.yaml': `${listing('../middle')}patches:\n${['p1', 'p2', 'p3', 'p4']
        .map(file => `  - path: ${file}.yaml\n`)
        .join('')}`,
      'top/p1.yaml': patchOf('a-sno1-b', 'all', '{one: x}'),
      'top/p2.yaml': patchOf('a-sno1', 'all', '{two: x}'),
      'top/p3.yaml': patchOf('sno1', 'sno1', '{three: x}'),
      'top/p4.yaml': patchOf('a-sno2-b', 'all', '{four: x}'),
    },
    edited: [
      'top/kustomization.yaml:6 patches',
      'top/kustomization.yaml:5 patches',
      'top/kustomization.yaml:4 patches',
    ],
  },
  {
    name: 'a patch in a component, and one beside the entry',
    root: 'site',
    files: {
      ...clusters,
      [site]: `${both}components:\n  - ../comp\npatches:\n  - path: p.yaml\n`,
      'site/p.yaml': patchOf('sno1'),
      'comp/kustomization.yaml': `apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\npatches:\n  - path: p.yaml\n  - path: other.yaml\n`,
      'comp/p.yaml': patchOf('sno1', 'sno1', '{a: b}'),
      'comp/other.yaml': patchOf('sno2', 'sno2', '{a: b}'),
    },
    edited: [`${site}:7 patches`, 'comp/kustomization.yaml:4 patches'],
  },
  {
    name: 'a replacement that reads from whatever cluster is there, in a directory of one',
    root: 'site',
    files: {
      [site]: listing('one', 'sno2.yaml'),
      'site/sno2.yaml': clusterInstance('sno2'),
      'site/one/kustomization.yaml': `${listing('sno1.yaml')}replacements:\n${asItem(
        replacementOf(
          '{kind: ClusterInstance, fieldPath: spec.clusterImageSetNameRef}',
          named('sno1'),
        ),
      )}`,
      'site/one/sno1.yaml': clusterInstance('sno1'),
    },
    edited: ['site/one/kustomization.yaml:4 replacements'],
  },
  {
    name: 'one file with a patch, a replacement, a var and a transformer, in JSON',
    root: 'site',
    files: {
      ...clusters,
      [site]: `{"resources": ["sno1.yaml", "sno2.yaml"], "transformers": ["t.yaml"],
  "patches": [{"path": "p.yaml"}], "replacements": [{"path": "r.yaml"}]}\n`,
      'site/t.yaml': transformer('PatchTransformer', 'path: p.yaml\n'),
      'site/p.yaml': patchOf('sno1'),
      'site/r.yaml': own,
    },
    edited: [`${site}:1 transformers`, `${site}:2 patches`, `${site}:2 replacements`],
  },
]

/** Two clusters and whatever else a kustomization says. */
export const siteWith = (
  fields: string,
  files: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> => ({ ...clusters, [site]: `${both}${fields}`, ...files })

/** What kustomize builds with and without sno1, and the patches that then match nothing, as `line list`. */
export type Unbroken = Readonly<{
  name: string
  files: Readonly<Record<string, string>>
  dead: readonly string[]
}>

const jsonPatch = `patch: '[{"op": "add", "path": "/spec/a", "value": "b"}]'`
const labelPatch = `patch: '[{"op": "add", "path": "/metadata/labels", "value": {"a": "b"}}]'`
const configMap = `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: sno1, namespace: sno1}\n`
const withConfigMap = (fields: string): Readonly<Record<string, string>> => ({
  ...siteWith('', { 'site/map.yaml': configMap, 'site/p.yaml': configMap }),
  [site]: `${listing('sno1.yaml', 'sno2.yaml', 'map.yaml')}${fields}`,
})

export const unbroken: readonly Unbroken[] = [
  {
    name: 'patches with a target, by its kind and name',
    files: siteWith(
      `patches:
  - target: {kind: ClusterInstance, name: sno1}
    ${jsonPatch}
  - target: {kind: ClusterInstance, name: sno1, namespace: sno1}
    path: p.yaml
  - target: {kind: ClusterInstance, name: sno2}
    ${jsonPatch}
patchesJson6902:
  - target: {group: siteconfig.open-cluster-management.io, version: v1alpha1, kind: ClusterInstance, name: sno1}
    ${jsonPatch}
  - target: {group: siteconfig.open-cluster-management.io, version: v1alpha1, kind: ClusterInstance, name: sno2}
    ${jsonPatch}
`,
      { 'site/p.yaml': patchOf('any') },
    ),
    dead: ['5 patches', '7 patches', '12 patchesJson6902'],
  },
  {
    name: 'patches whose target is a pattern, or leaves the kind open, or everything',
    files: withConfigMap(`patches:
  - target: {kind: ClusterInstance, name: sno.*}
    ${jsonPatch}
  - target: {kind: ClusterInstance}
    ${jsonPatch}
  - target: {name: sno1}
    ${labelPatch}
  - target: {}
    ${labelPatch}
`),
    dead: [],
  },
  {
    name: 'what is about an object of another kind with the same name',
    files: withConfigMap(`patches:\n  - path: p.yaml\npatchesStrategicMerge: [p.yaml]
replacements:
${asItem(replacementOf('{kind: ConfigMap, name: sno1}', named('sno2')))}`),
    dead: [],
  },
  {
    name: 'what is about a cluster of the same name in another namespace, or of a longer name',
    files: {
      ...siteWith(''),
      [site]: `${listing('sno1.yaml', 'twin.yaml', 'sno10.yaml')}patches:
  - path: twin-patch.yaml
  - path: sno10-patch.yaml
  - target: {kind: ClusterInstance, name: sno1, namespace: twin}
    ${jsonPatch}
replacements:
${asItem(replacementOf(from('sno10'), '{kind: ClusterInstance, name: sno1, namespace: twin}'))}`,
      'site/twin.yaml': clusterInstance('twin', 'sno1'),
      'site/twin-patch.yaml': patchOf('sno1', 'twin'),
      'site/sno10.yaml': clusterInstance('sno10'),
      'site/sno10-patch.yaml': patchOf('sno10'),
    },
    dead: [],
  },
  {
    name: 'replacements into it, and vars of others',
    files: siteWith(
      `replacements:\n${asItem(replacementOf(from('sno2'), named('sno1')))}${asItem(
        replacementOf(from('sno2'), '{kind: ClusterInstance}').replace(
          '    fieldPaths',
          '    reject: [{name: sno1}]\n    fieldPaths',
        ),
      )}vars:\n${variable('sno2')}`,
    ),
    dead: [],
  },
]
