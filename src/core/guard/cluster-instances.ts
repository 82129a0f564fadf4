import type { RenderedObject } from './rendered-object.ts'

/** The ClusterInstances of a render by the cluster that they bring; without one they are left out. */
export const clusterInstances = (
  objects: readonly RenderedObject[],
): ReadonlyMap<string, readonly RenderedObject[]> => {
  const byCluster = new Map<string, RenderedObject[]>()
  for (const object of objects) {
    if (!isClusterInstance(object)) continue
    const cluster = object.clusterName()
    const before = byCluster.get(cluster)
    if (before) before.push(object)
    else if (cluster !== '') byCluster.set(cluster, [object])
  }
  return byCluster
}

const isClusterInstance = ({ group, kind }: RenderedObject): boolean =>
  kind === 'ClusterInstance' && group === 'siteconfig.open-cluster-management.io'

/** The clusters that a render brings: by ClusterInstances, and by the ManagedClusters of older generators. */
export const clustersRendered = (
  objects: readonly RenderedObject[],
): ReadonlyMap<string, RenderedObject> => {
  const clusters = new Map<string, RenderedObject>()
  for (const [cluster, [first]] of clusterInstances(objects))
    if (first) clusters.set(cluster, first)
  for (const object of objects)
    if (
      object.kind === 'ManagedCluster' &&
      object.group === 'cluster.open-cluster-management.io' &&
      !clusters.has(object.name())
    )
      clusters.set(object.name(), object)
  return clusters
}

/** The SeedGenerators of a render. */
export const seedGenerators = (objects: readonly RenderedObject[]): readonly RenderedObject[] =>
  objects.filter(({ group, kind }) => kind === 'SeedGenerator' && group === 'lca.openshift.io')
