import { z } from 'zod'
import { clusterInstance } from '../../core/cluster/kinds.ts'
import type { Remaining } from '../../core/run/observation.ts'
import { absent, mapSeen, present, type Seen } from '../../core/seen.ts'
import type { Context } from '../context.ts'
import type { Cluster, KubernetesObject } from '../ports/cluster.ts'
import { readDetachObjects, type DetachObjects } from './read-detach-objects.ts'

/** The ManagedCluster of a cluster; its name is `spec.clusterName` (assisted-installer/template.go:129-141). */
export const readManagedCluster = (
  { ports }: Readonly<{ ports: Readonly<{ hub: Pick<Cluster, 'read'> }> }>,
  cluster: string,
): Promise<Seen<KubernetesObject>> =>
  ports.hub.read({
    apiVersion: 'cluster.open-cluster-management.io/v1',
    kind: 'ManagedCluster',
    name: cluster,
  })

/** Its uid, for seeing whether something re-created it. */
export const observeManagedCluster = async (
  context: Context,
  cluster: string,
): Promise<Seen<{ uid: string }>> =>
  mapSeen(await readManagedCluster(context, cluster), ({ metadata }) => ({ uid: metadata.uid }))

const clusterInstanceSpec = z.looseObject({ clusterName: z.string() })

/**
 * The ClusterInstances of a cluster, by `spec.clusterName`: neither their names nor their namespaces are
 * tied to it (siteconfig validator.go). Absent when there is none.
 */
export const findClusterInstances = async (
  { ports }: Readonly<{ ports: Readonly<{ hub: Pick<Cluster, 'list'> }> }>,
  cluster: string,
): Promise<Seen<readonly KubernetesObject[]>> => {
  const all = await ports.hub.list({
    apiVersion: `${clusterInstance.group}/v1alpha1`,
    kind: clusterInstance.kind,
  })
  if (all.seen !== 'present') return all
  const found = all.value.filter(
    ({ spec }) => clusterInstanceSpec.safeParse(spec).data?.clusterName === cluster,
  )
  return found.length === 0 ? absent : present(found)
}

/**
 * Tells whether all ClusterInstances of a cluster are on their way out; absent when there is none. `instances` are those,
 * where they are read already.
 */
export const observeClusterInstance = async (
  context: Context,
  cluster: string,
  instances = findClusterInstances(context, cluster),
): Promise<Seen<Readonly<{ isBeingDeleted: boolean }>>> =>
  mapSeen(await instances, found => ({
    isBeingDeleted: found.every(({ metadata }) => metadata.deletionTimestamp !== undefined),
  }))

/** Every object of the cluster on the hub that must be gone, beside the ManagedCluster. `objects` are read already. */
export const observeRemaining = async (
  { ports }: Context,
  cluster: string,
  objects?: DetachObjects,
): Promise<readonly Remaining[]> => {
  const { clusterInstances, hosts, addons, works, others } =
    objects ??
    (await readDetachObjects(ports.hub, cluster, findClusterInstances({ ports }, cluster)))
  const kinds = [
    { kind: 'ClusterInstance', read: clusterInstances },
    { kind: 'BareMetalHost', read: hosts },
    { kind: 'ManagedClusterAddOn', read: addons },
    { kind: 'ManifestWork', read: works },
    // One that a hub does not have is none.
    ...others.filter(({ read }) => read.seen !== 'absent'),
  ]
  return kinds.flatMap(({ kind, read }) => asRemaining(`${kind} of ${cluster}`, read))
}

const asRemaining = (
  what: string,
  found: Seen<readonly KubernetesObject[]>,
): readonly Remaining[] =>
  found.seen === 'present'
    ? found.value.map(object => ({
        object: `${object.kind} ${object.metadata.name}`,
        read: present(detailOf(object)),
      }))
    : [{ object: what, read: found }]

const detailOf = (object: KubernetesObject): Readonly<{ detail: string | null }> => ({
  detail: object.metadata.deletionTimestamp === undefined ? 'not being deleted' : 'being deleted',
})
