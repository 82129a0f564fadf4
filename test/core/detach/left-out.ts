import t from 'tap'
import { searchCluster } from '../../../src/core/cluster/find-cluster.ts'
import { leftOut } from '../../../src/core/detach/left-out.ts'
import { planDetach, planRepair } from '../../../src/core/detach/plan-detach.ts'
import { clusterInstance, memoryTree, type Files } from '../../support/memory-tree.ts'

t.test('calls a cluster detached that is listed and kept out of the render', t => {
  const object = clusterInstance('sno1')
  const named =
    'apiVersion: siteconfig.open-cluster-management.io/v1alpha1\nkind: ClusterInstance\nmetadata: {name: sno1, namespace: sno1}\n'
  const listed = (more: string, files: Files = {}): Files => ({
    'site/kustomization.yaml': `resources:\n- sno1.yaml\n${more}`,
    'site/sno1.yaml': object,
    ...files,
  })
  const local = (value: string): Files =>
    listed('', {
      'site/sno1.yaml': object.replace(
        'metadata:',
        `metadata:\n  annotations: {config.kubernetes.io/local-config: ${value}}`,
      ),
    })
  const target = (fields: string): string =>
    `patches:\n- target: {${fields}}\n  patch: '{"$patch": delete, kind: x, metadata: {name: x}}'\n`
  const gone: readonly (readonly [Files, string, number])[] = [
    [local('"true"'), 'site/sno1.yaml', 4],
    [
      listed('patches:\n- path: p.yaml\n', { 'site/p.yaml': `$patch: delete\n${named}` }),
      'site/kustomization.yaml',
      4,
    ],
    [
      listed('patchesStrategicMerge:\n- p.yaml\n', { 'site/p.yaml': `$patch: delete\n${named}` }),
      'site/kustomization.yaml',
      4,
    ],
    [listed(target('kind: ClusterInstance, name: sno1')), 'site/kustomization.yaml', 4],
  ]
  const request = { cluster: 'sno1', roots: ['site'] }
  for (const [files, file, line] of gone) {
    const view = memoryTree(files)
    t.throws(() => planDetach(view, { ...request, mode: 'comment' }), { code: 'ALREADY_DETACHED' })
    t.match(planRepair(view, request), { file, line, entry: 'sno1.yaml', edits: [] })
  }
  for (const files of [
    local('"false"'),
    listed(target('kind: ClusterInstance, name: sno1, labelSelector: a=b')),
    listed(target('kind: ClusterInstance, name: sno2')),
    listed('patches:\n- path: p.yaml\n', { 'site/p.yaml': named }),
  ])
    t.equal(planRepair(memoryTree(files), request), null)
  const other = {
    ...listed(target('kind: ClusterInstance, name: sno1')),
    'b/kustomization.yaml': 'resources: [../site]\n',
  }
  t.match(planRepair(memoryTree(other), { cluster: 'sno1', roots: ['b'] }), { line: 4 })
  const { found, walks } = searchCluster(memoryTree(other), request)
  t.match(
    found.map(one => leftOut(memoryTree(other), one, walks)),
    [{ line: 4 }],
  )
  t.end()
})
