import t from 'tap'
import type { FoundCluster } from '../../../src/core/cluster/find-cluster.ts'
import { planRemoval } from '../../../src/core/detach/plan-detach.ts'
import { patchOf, site } from '../../support/edit/dependent-layouts.ts'
import { clusterInstance, listing, memoryTree } from '../../support/memory-tree.ts'

const request = { cluster: 'sno1', mode: 'comment' } as const

t.test('plans the removal of an entry for all names of its object, each item once', t => {
  const view = memoryTree({
    [site]: `${listing('../base')}patches:\n  - path: p.yaml\n  - path: q.yaml\n  - {path: p.yaml, target: {kind: ClusterInstance, name: sno1}}\n`,
    'site/p.yaml': patchOf('sno1'),
    'site/q.yaml': patchOf('placeholder'),
    'base/kustomization.yaml': listing('ci.yaml'),
    'base/ci.yaml': clusterInstance('placeholder'),
  })
  const [target] = view.reach('site').reached!.targets
  const object = {
    name: 'sno1',
    objectName: 'sno1',
    namespace: 'sno1',
    kind: 'ClusterInstance',
  } as const
  const found: FoundCluster = {
    ...{ kustomization: view.reach('site').reached!.kustomization, entry: target!.entry },
    ...{ source: 'base/ci.yaml', roots: ['site'], warnings: [], walks: [view.walk('site')] },
    object: { ...object, companions: [], imageSet: '' },
    written: [object, { ...object, objectName: 'placeholder', namespace: 'placeholder' }],
  }
  const plan = planRemoval(view, found, request)
  t.match(plan.edit, { path: site, line: 2, emptied: true })
  t.strictSame(
    plan.dependents.map(({ line }) => line),
    [5, 4],
  )
  t.strictSame(
    plan.deadPatches.map(({ line }) => line),
    [6],
  )
  t.end()
})
