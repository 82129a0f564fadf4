import { clusterInstances } from '../render/clusters-rendered.ts'
import type { Guard } from './guard.ts'

/** siteconfig would render two sets of hosts for one ManagedCluster, and removing either removes it. */
export const duplicateCluster: Guard = {
  rule: 'duplicate-cluster',
  refuses: 'two ClusterInstances with the same `spec.clusterName`',
  because: 'both would bring one ManagedCluster, and removing either detaches the cluster',
  isAlways: false,
  judge: async ({ objects }) => {
    const byCluster = clusterInstances(objects)
    if (byCluster.size === 0) return 'not applicable'
    return [...byCluster].flatMap(([cluster, [first, second, ...more]]) => {
      if (first === undefined || second === undefined) return []
      const others = [second, ...more].map(({ namespace, name }) => `${namespace()}/${name()}`)
      return [
        {
          objects: [first, second, ...more],
          reason: `it brings the cluster ${cluster}, as ClusterInstance ${others.join(', ')} does`,
          fix: 'give each its own `spec.clusterName`, or take out all but one',
        },
      ]
    })
  },
}
