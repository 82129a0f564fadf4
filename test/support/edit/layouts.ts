import { clusterInstance, listing, siteConfig } from '../memory-tree.ts'
import { configuration, flatList, object, patchOf, twoClusters } from '../repository-with.ts'

/** A repository with the cluster sno1, and what `sower plan sno1 --json` says of it. */
export type Layout = Readonly<{
  files: Readonly<Record<string, string>>
  /** Beside `plan sno1`. */
  words?: readonly string[]
  /** The directory of -C. */
  below?: string
  expected: Readonly<Record<string, unknown>>
  /** The lines of the edit: `-` and `+`, as `git diff` prints them. */
  diff: readonly string[]
}>

const instanceOf = (cluster: string): string =>
  `siteconfig.open-cluster-management.io/ClusterInstance/${cluster}/${cluster}`
const root = (path: string, left: number, more: object = {}): object => ({
  path,
  removed: [instanceOf('sno1')],
  added: [],
  changed: [],
  left,
  ...more,
})
const commented = ['-  - a.yaml', '+  #- a.yaml']

const emptied = ['-resources:', '-  - a.yaml', '+resources: []', '+  #- a.yaml']
/** By which patches merge into the list of nodes. */
const schema = `{"definitions": {"v1alpha1.ClusterInstance": {
  "x-kubernetes-group-version-kind": [
    {"group": "siteconfig.open-cluster-management.io", "kind": "ClusterInstance", "version": "v1alpha1"}],
  "properties": {"spec": {"properties": {"nodes": {"type": "array", "items": {"type": "object"},
    "x-kubernetes-patch-merge-key": "hostName", "x-kubernetes-patch-strategy": "merge"}}}}}}}`

export const layouts: Readonly<Record<string, Layout>> = {
  'a flat list': {
    files: flatList(),
    expected: {
      status: 'detachable',
      file: 'site/kustomization.yaml',
      key: 'resources',
      entry: 'a.yaml',
      line: 2,
      emptied: false,
      style: 'hash-dash',
      proof: 'rendered',
      roots: [root('site', 1)],
      patches: [],
      companions: [],
      warnings: [],
    },
    diff: commented,
  },
  'a parent with a directory for each cluster': {
    files: {
      'sower.yaml': configuration('site'),
      'site/kustomization.yaml': listing('./sno1/', 'sno2'),
      'site/sno1/kustomization.yaml': listing('namespace.yaml', 'cluster.yaml'),
      'site/sno1/namespace.yaml': object('Namespace', 'sno1'),
      'site/sno1/cluster.yaml': clusterInstance('sno1'),
      'site/sno2/kustomization.yaml': listing('cluster.yaml'),
      'site/sno2/cluster.yaml': clusterInstance('sno2'),
    },
    expected: {
      file: 'site/sno1/kustomization.yaml',
      line: 3,
      roots: [root('site', 2)],
      companions: [{ object: '/Namespace//sno1', removable: true, leaves: false, line: 2 }],
    },
    diff: ['-  - cluster.yaml', '+  #- cluster.yaml'],
  },
  'a parent that lists files in subdirectories': {
    files: {
      'sower.yaml': configuration('site'),
      'site/kustomization.yaml': listing('sno1/resources.yaml', 'sno1/sno1.yaml'),
      'site/sno1/resources.yaml': object('ConfigMap', 'manifests', 'sno1'),
      'site/sno1/sno1.yaml': clusterInstance('sno1'),
    },
    expected: { line: 3, entry: 'sno1/sno1.yaml', roots: [root('site', 1)] },
    diff: ['-  - sno1/sno1.yaml', '+  #- sno1/sno1.yaml'],
  },
  'groups in groups, with labels': {
    files: {
      'sower.yaml': configuration('site'),
      'site/kustomization.yaml': listing('./group-sno', './group-mno'),
      'site/group-sno/kustomization.yaml': `commonLabels:\n  group: sno\n${listing('sno1')}`,
      'site/group-sno/sno1/kustomization.yaml': listing('a.yaml'),
      'site/group-sno/sno1/a.yaml': clusterInstance('sno1'),
      'site/group-mno/kustomization.yaml': listing('b.yaml'),
      'site/group-mno/b.yaml': clusterInstance('mno1'),
    },
    expected: {
      file: 'site/group-sno/sno1/kustomization.yaml',
      emptied: true,
      roots: [root('site', 1)],
    },
    diff: emptied,
  },
  'a directory for each hub, some of it commented out': {
    files: {
      'sower.yaml': configuration(),
      'hub-1/kustomization.yaml': `resources:\n  - version_4.18\n  #- version_4.17\n`,
      'hub-1/version_4.18/kustomization.yaml': listing('a.yaml'),
      'hub-1/version_4.18/a.yaml': clusterInstance('sno1'),
      'hub-1/version_4.17/kustomization.yaml': 'resources:\n  #- old.yaml\n',
      'hub-1/version_4.17/old.yaml': clusterInstance('sno0'),
      'hub-2/kustomization.yaml': listing('b.yaml'),
      'hub-2/b.yaml': clusterInstance('sno2'),
    },
    expected: {
      file: 'hub-1/version_4.18/kustomization.yaml',
      emptied: true,
      roots: [root('hub-1', 0)],
      warnings: [/hub-1\/version_4\.17.*commented-out/, /hub-1 renders nothing any more/],
    },
    diff: emptied,
  },
  'an Application for each cluster': {
    files: {
      'sower.yaml': configuration('sno1', 'sno2'),
      'sno1/kustomization.yaml': `---\n${listing('bmh-secret.yaml', 'cluster.yaml')}`,
      'sno1/bmh-secret.yaml': object('Secret', 'bmh', 'sno1'),
      'sno1/cluster.yaml': clusterInstance('sno1'),
      'sno2/kustomization.yaml': listing('cluster.yaml'),
      'sno2/cluster.yaml': clusterInstance('sno2'),
    },
    expected: {
      line: 4,
      roots: [root('sno1', 1)],
      companions: [{ object: '/Secret/sno1/bmh' }],
    },
    diff: ['-  - cluster.yaml', '+  #- cluster.yaml'],
  },
  'kustomization.yml, and a line with a comment': {
    files: {
      ...twoClusters,
      'site/kustomization.yml': listing('b.yaml', 'a.yaml  # the seed'),
    },
    expected: { file: 'site/kustomization.yml', line: 3, roots: [root('site', 1)] },
    diff: ['-  - a.yaml  # the seed', '+  #- a.yaml  # the seed'],
  },
  'Kustomization, without an indent': {
    files: {
      ...twoClusters,
      'site/Kustomization': 'resources:\n- a.yaml\n- b.yaml\n# - c.yaml\n',
    },
    expected: { file: 'site/Kustomization', style: 'hash-space-dash' },
    diff: ['-- a.yaml', '+# - a.yaml'],
  },
  'a ClusterInstance under generators, by a static proof': {
    files: { ...twoClusters, 'site/kustomization.yaml': 'generators:\n  - a.yaml\n  - b.yaml\n' },
    words: ['--accept-static-proof'],
    expected: { key: 'generators', proof: 'static', roots: [root('site', 1)] },
    diff: commented,
  },
  'a SiteConfig under generators, by a static proof in sower.yaml': {
    files: {
      'sower.yaml': `${configuration('site')}acceptStaticProof: true\n`,
      'site/a.yaml': siteConfig('sno1'),
      'site/kustomization.yaml': 'generators:\n  - a.yaml\n',
    },
    expected: {
      key: 'generators',
      emptied: true,
      proof: 'static',
      roots: [{ removed: ['ran.openshift.io/SiteConfig/site-1/site-1'], left: 0 }],
    },
    diff: ['-generators:', '-  - a.yaml', '+generators: []', '+  #- a.yaml'],
  },
  'several roots that reach one leaf': {
    files: {
      'sower.yaml': configuration('one', 'two'),
      'one/kustomization.yaml': listing('../base'),
      'two/kustomization.yaml': `namePrefix: two-\n${listing('../base', 'b.yaml')}`,
      'two/b.yaml': clusterInstance('sno2'),
      'base/kustomization.yaml': listing('a.yaml'),
      'base/a.yaml': clusterInstance('sno1'),
    },
    expected: {
      file: 'base/kustomization.yaml',
      roots: [
        root('one', 0),
        root('two', 1, {
          removed: ['siteconfig.open-cluster-management.io/ClusterInstance/sno1/two-sno1'],
        }),
      ],
    },
    diff: emptied,
  },
  'bases, and a patch with a target that matches nothing any more': {
    files: {
      'sower.yaml': configuration('site'),
      'site/kustomization.yaml': `bases:\n  - ../base\npatches:\n  - target: {kind: ClusterInstance, name: sno1}\n    patch: |\n      - {op: add, path: /spec/x, value: y}\n`,
      'base/kustomization.yaml': listing('a.yaml', 'b.yaml'),
      'base/a.yaml': clusterInstance('sno1'),
      'base/b.yaml': clusterInstance('sno2'),
    },
    expected: {
      file: 'base/kustomization.yaml',
      patches: [
        { file: 'site/kustomization.yaml', key: 'patches', line: 4, action: 'matches-nothing' },
      ],
    },
    diff: commented,
  },
  'a component with a patch for the cluster': {
    files: {
      ...flatList('components:\n  - ../component\n'),
      'component/kustomization.yaml':
        'apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\npatches:\n  - path: patch.yaml\n',
      'component/patch.yaml': patchOf('sno1'),
    },
    expected: {
      patches: [
        { file: 'component/kustomization.yaml', key: 'patches', line: 4, action: 'edited' },
      ],
    },
    diff: [
      '-patches:',
      '-  - path: patch.yaml',
      '+patches: []',
      '+  #- path: patch.yaml',
      ...commented,
    ],
  },
  'strategic merge patches for two clusters': {
    files: {
      ...flatList('patchesStrategicMerge:\n  - one.yaml\n  - two.yaml\n'),
      'site/one.yaml': patchOf('sno1'),
      'site/two.yaml': patchOf('sno2'),
    },
    expected: { patches: [{ key: 'patchesStrategicMerge', line: 5, action: 'edited' }] },
    diff: [...commented, '-  - one.yaml', '+  #- one.yaml'],
  },
  'an inline patch of several lines': {
    files: flatList(
      `patches:\n  - patch: |\n${patchOf('sno1').trimEnd().replace(/^/gm, '      ')}\n`,
    ),
    expected: { patches: [{ key: 'patches', line: 5, action: 'edited' }] },
    diff: [
      ...commented,
      '-patches:',
      ...['-  - patch: |', ...patchOf('sno1').trimEnd().replace(/^/gm, '-      ').split('\n')],
      '+patches: []',
      ...['+  #- patch: |', ...patchOf('sno1').trimEnd().replace(/^/gm, '+  #    ').split('\n')],
    ],
  },
  'a generator for the cluster': {
    files: flatList(
      `configMapGenerator:\n  - name: manifests\n    namespace: sno1\n    literals: [a=b]\ngeneratorOptions:\n  disableNameSuffixHash: true\n`,
    ),
    expected: {
      roots: [root('site', 2)],
      companions: [
        {
          object: '/ConfigMap/sno1/manifests',
          key: 'configMapGenerator',
          line: 5,
          removable: true,
        },
      ],
    },
    diff: commented,
  },
  'a prefix and a namespace that rename it': {
    files: {
      ...twoClusters,
      'site/kustomization.yaml': `namePrefix: dc1-\nnamespace: clusters-sub\n${listing('a.yaml', 'b.yaml')}`,
    },
    expected: {
      roots: [
        {
          removed: ['siteconfig.open-cluster-management.io/ClusterInstance/clusters-sub/dc1-sno1'],
        },
      ],
    },
    diff: commented,
  },
  'file names that are swapped': {
    files: {
      'sower.yaml': configuration('site'),
      'site/kustomization.yaml': listing('sno1.yaml', 'sno2.yaml'),
      'site/sno1.yaml': clusterInstance('sno2'),
      'site/sno2.yaml': clusterInstance('sno1'),
    },
    expected: { entry: 'sno2.yaml', line: 3, roots: [root('site', 1)] },
    diff: ['-  - sno2.yaml', '+  #- sno2.yaml'],
  },
  'no sower.yaml': {
    files: {
      'site/a.yaml': clusterInstance('sno1'),
      'site/b.yaml': clusterInstance('sno2'),
      'site/kustomization.yaml': listing('a.yaml', 'b.yaml'),
    },
    expected: { roots: [root('site', 1)], warnings: [/^no sower\.yaml is committed: any cluster/] },
    diff: commented,
  },
  'a sower.yaml above the directory of -C': {
    files: flatList(),
    below: 'site',
    expected: { file: 'site/kustomization.yaml', roots: [root('site', 1)], warnings: [] },
    diff: commented,
  },
  'a directory of a larger repository': {
    files: {
      'infra/sower.yaml': configuration('site'),
      'infra/site/kustomization.yaml': listing('a.yaml', 'b.yaml'),
      'infra/site/a.yaml': clusterInstance('sno1'),
      'infra/site/b.yaml': clusterInstance('sno2'),
      'README.md': 'Many things.\n',
    },
    below: 'infra',
    expected: { file: 'site/kustomization.yaml', roots: [root('site', 1)] },
    diff: commented,
  },
  'a root that is given': {
    files: {
      'sower.yaml': configuration('one', 'two'),
      'one/kustomization.yaml': listing('../site', '../site/more'),
      'two/kustomization.yaml': listing('../site/more'),
      'site/kustomization.yaml': listing('a.yaml'),
      'site/a.yaml': clusterInstance('sno1'),
      'site/more/kustomization.yaml': listing('c.yaml'),
      'site/more/c.yaml': clusterInstance('sno3'),
    },
    words: ['--root', './site/'],
    below: '.',
    expected: { roots: [root('site', 0)] },
    diff: emptied,
  },
  'lines that end with CR LF': {
    files: {
      ...twoClusters,
      'site/kustomization.yaml': listing('a.yaml').replaceAll('\n', '\r\n'),
    },
    expected: { emptied: true },
    diff: ['-resources:\r', '-  - a.yaml\r', '+resources: []\r', '+  #- a.yaml\r'],
  },
  'deleting instead': {
    files: { ...twoClusters, 'site/kustomization.yaml': listing('b.yaml', 'a.yaml') },
    words: ['--delete'],
    expected: { style: 'deleted', line: 3 },
    diff: ['-  - a.yaml'],
  },
  'a flow list': {
    files: { ...twoClusters, 'site/kustomization.yaml': 'resources: [a.yaml, b.yaml]\n' },
    expected: { style: 'flow', line: 1 },
    diff: ['-resources: [a.yaml, b.yaml]', '+resources: [b.yaml]'],
  },
  'many files for one cluster, one of them active': {
    files: {
      'sower.yaml': configuration('site'),
      'site/kustomization.yaml':
        'resources:\n#- sno1-4-17.yaml\n- sno1-4-18.yaml\n#- sno1-4-19.yaml\n- b.yaml\n',
      'site/sno1-4-17.yaml': clusterInstance('sno1'),
      'site/sno1-4-18.yaml': clusterInstance('sno1'),
      'site/sno1-4-19.yaml': clusterInstance('sno1'),
      'site/b.yaml': clusterInstance('sno2'),
    },
    expected: { entry: 'sno1-4-18.yaml', line: 3 },
    diff: ['-- sno1-4-18.yaml', '+#- sno1-4-18.yaml'],
  },
  // Without the directory in its parent's list, another cluster's secretName would change in silence.
  'configurations that come with the cluster': {
    files: {
      'sower.yaml': configuration('site'),
      'site/kustomization.yaml': `namePrefix: p-\n${listing('sno1', 'b.yaml', 's.yaml')}`,
      'site/b.yaml': `${clusterInstance('sno2')}  secretName: pull\n`,
      'site/s.yaml': object('Secret', 'pull', 'sno2'),
      'site/sno1/kustomization.yaml': `${listing('a.yaml')}configurations: [names.yaml]\n`,
      'site/sno1/a.yaml': clusterInstance('sno1'),
      'site/sno1/names.yaml':
        'nameReference:\n  - kind: Secret\n    version: v1\n    fieldSpecs:\n      - {kind: ClusterInstance, path: spec/secretName}\n',
    },
    expected: {
      file: 'site/sno1/kustomization.yaml',
      emptied: true,
      roots: [
        { removed: ['siteconfig.open-cluster-management.io/ClusterInstance/sno1/p-sno1'], left: 2 },
      ],
    },
    diff: emptied,
  },
  // The same of a patch, which then replaces a list instead of merging into it.
  'a schema that comes with the cluster': {
    files: {
      'sower.yaml': configuration('site'),
      'site/kustomization.yaml': `${listing('sno1', 'b.yaml')}patches:\n  - path: patch.yaml\n`,
      'site/b.yaml': `${clusterInstance('sno2')}  nodes: [{hostName: one, role: master}, {hostName: two}]\n`,
      'site/patch.yaml': `${patchOf('sno2')}spec:\n  nodes: [{hostName: one, bootMode: UEFI}]\n`,
      'site/sno1/kustomization.yaml': `${listing('a.yaml')}openapi: {path: schema.json}\n`,
      'site/sno1/a.yaml': clusterInstance('sno1'),
      'site/sno1/schema.json': schema,
    },
    expected: { file: 'site/sno1/kustomization.yaml', roots: [root('site', 1)] },
    diff: emptied,
  },
}
