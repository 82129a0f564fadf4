import { clusterKind } from '../cluster/kinds.ts'
import { fieldsOf } from '../yaml/fields-of.ts'
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
  clusterKind(group, kind)?.kind === 'ClusterInstance'

/** The clusters that a render brings: by ClusterInstances, SiteConfigs, and the ManagedClusters of older generators. */
export const clustersRendered = (
  objects: readonly RenderedObject[],
): ReadonlyMap<string, RenderedObject> => {
  const clusters = new Map<string, RenderedObject>()
  for (const [cluster, [first]] of clusterInstances(objects))
    if (first) clusters.set(cluster, first)
  for (const object of objects)
    for (const cluster of otherwiseBrought(object))
      if (!clusters.has(cluster)) clusters.set(cluster, object)
  return clusters
}

const otherwiseBrought = ({ group, kind, name, value }: RenderedObject): readonly string[] => {
  if (kind === 'ManagedCluster' && group === 'cluster.open-cluster-management.io') return [name()]
  const known = clusterKind(group, kind)
  if (known?.kind !== 'SiteConfig') return []
  return known.clustersIn(fieldsOf(fieldsOf(value()).get('spec'))).map(cluster => cluster.name)
}

/** The SeedGenerators of a render. */
export const seedGenerators = (objects: readonly RenderedObject[]): readonly RenderedObject[] =>
  objects.filter(({ group, kind }) => kind === 'SeedGenerator' && group === 'lca.openshift.io')
