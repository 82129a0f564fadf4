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
  const gone: (readonly [Files, string, number])[] = [
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
  const mark = 'config.kubernetes.io/local-config'
  const operation = (fields: string, on = 'kind: ClusterInstance, name: sno1'): string =>
    `patches:\n- target: {${on}}\n  patch: '[{${fields}}]'\n`
  const byOperation = operation(`op: add, path: /metadata/annotations, value: {${mark}: "true"}`)
  const merged = (value: string): Files => ({
    'site/p.yaml': named.replace('{name', `{annotations: {${mark}: ${value}}, name`),
  })
  const place = 'site/kustomization.yaml'
  gone.push(
    [listed('patches:\n- path: p.yaml\n', merged('"true"')), place, 4],
    [listed('patchesStrategicMerge:\n- p.yaml\n', merged('"yes"')), place, 4],
    [listed(byOperation), place, 4],
    [listed(byOperation.replace('patches:', 'patchesJson6902:')), place, 4],
    [
      listed(
        operation(
          'op: replace, path: /metadata/annotations/config.kubernetes.io~1local-config, value: "1"',
        ),
      ),
      place,
      4,
    ],
    [listed(`commonAnnotations:\n  ${mark}: 'true'\n`), place, 4],
  )
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
    listed('patches:\n- path: p.yaml\n', merged('"false"')),
    listed(`commonAnnotations:\n  ${mark}: 'false'\n`),
    listed(byOperation.replace('sno1', 'sno2')),
    listed(byOperation.replace('op: add', 'op: test')),
    listed(byOperation.replace('/annotations', '/labels')),
    listed(byOperation.replace('"true"', '"false"')),
    listed(byOperation.replace('name: sno1', 'name: sno1, labelSelector: a=b')),
    // Either may have the last word.
    listed(`${byOperation}- path: p.yaml\n`, merged('"false"')),
    listed(
      operation(
        `op: add, path: /metadata/annotations, value: {${mark}: "1"}}, {op: remove, path: /metadata/annotations`,
      ),
    ),
    listed(`commonAnnotations:\n  ${mark}: 'true'\n${byOperation.replace('op: add', 'op: test')}`),
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
