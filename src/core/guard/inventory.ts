import { inventoryIn } from '../detach/inventory-in.ts'
import { clustersRendered } from '../render/clusters-rendered.ts'
import type { Guard } from './guard.ts'

/** Protects a fleet from a one-line mistake: a cluster that vanishes is detached by Argo CD. */
export const inventory: Guard = {
  rule: 'inventory',
  refuses:
    'where `sower-inventory.yaml` lies beside the kustomization: a render that loses one of its clusters, or brings one that it calls detached',
  because: 'one line less, or a filter too many, would detach a cluster that nobody meant',
  isAlways: false,
  judge: async ({ tree, path, objects }) => {
    const file = inventoryIn(tree, path)
    if (file === undefined) return 'not applicable'
    const { readInventory } = await import('../detach/inventory.ts')
    const { clusters, detached } = readInventory(tree, file)
    const rendered = clustersRendered(objects)
    const gone = clusters.filter(cluster => !rendered.has(cluster))
    return [
      ...gone.map(cluster => ({
        objects: [],
        file,
        reason: `the cluster ${cluster} is not rendered any more, and Argo CD would detach it`,
        fix: `bring it back, detach it with \`sower detach ${cluster}\`, or say with \`sower inventory --write\` that it is gone for good`,
      })),
      ...detached.flatMap(({ cluster, date, reason }) => {
        const object = rendered.get(cluster)
        if (!object) return []
        return [
          {
            objects: [object],
            reason: `its cluster ${cluster} is detached since ${date}, as ${file} says (${reason})`,
            fix: `take it out again, or say \`sower reattach ${cluster}\` if that is intended`,
          },
        ]
      }),
    ]
  },
}
