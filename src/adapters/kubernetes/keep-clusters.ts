import { createHash } from 'node:crypto'
import type { Cluster } from '../../operations/ports/cluster.ts'
import { kubernetesCluster } from './kubernetes-cluster.ts'

/** As many seeds stay connected; a seed that was not asked for longest is connected again at its next look. */
const limit = 64

/**
 * Connects to seeds as `kubernetesCluster` does, and hands out the same cluster for the same kubeconfig: what its API
 * serves and its connections are kept from look to look. The returned function throws RefusedError ACCESS_MISSING.
 */
export const keepClusters = (): ((kubeconfig: string) => Cluster) => {
  const kept = new Map<string, Cluster>()
  return kubeconfig => {
    const key = createHash('sha256').update(kubeconfig).digest('base64')
    const cluster = kept.get(key) ?? kubernetesCluster(kubeconfig)
    kept.delete(key)
    kept.set(key, cluster)
    for (const oldest of kept.keys()) if (kept.size > limit) kept.delete(oldest)
    return cluster
  }
}
