import { z } from 'zod'
import { clusterInstance } from '../../core/cluster/kinds.ts'
import type { Remaining } from '../../core/run/observation.ts'
import { absent, mapSeen, present, type Seen } from '../../core/seen.ts'
import type { Context } from '../context.ts'
import type { KubernetesObject } from '../ports/cluster.ts'

/** The ManagedCluster of a cluster; its name is `spec.clusterName` (assisted-installer/template.go:129-141). */
export const readManagedCluster = (
  { ports }: Context,
  cluster: string,
): Promise<Seen<KubernetesObject>> =>
  ports.hub.read({
    apiVersion: 'cluster.open-cluster-management.io/v1',
    kind: 'ManagedCluster',
    name: cluster,
  })

/** Its uid, for seeing whether something created it anew. */
export const observeManagedCluster = async (
  context: Context,
  cluster: string,
): Promise<Seen<{ uid: string }>> =>
  mapSeen(await readManagedCluster(context, cluster), ({ metadata }) => ({ uid: metadata.uid }))

/** What a ClusterInstance renders into the cluster's namespace; `optional` kinds need not exist on a hub. */
const renderedKinds = [
  { apiVersion: 'metal3.io/v1alpha1', kind: 'BareMetalHost', optional: false },
  {
    apiVersion: 'addon.open-cluster-management.io/v1alpha1',
    kind: 'ManagedClusterAddOn',
    optional: false,
  },
  { apiVersion: 'work.open-cluster-management.io/v1', kind: 'ManifestWork', optional: false },
  {
    apiVersion: 'agent.open-cluster-management.io/v1',
    kind: 'KlusterletAddonConfig',
    optional: true,
  },
  { apiVersion: 'hive.openshift.io/v1', kind: 'ClusterDeployment', optional: true },
  {
    apiVersion: 'extensions.hive.openshift.io/v1beta1',
    kind: 'AgentClusterInstall',
    optional: true,
  },
  { apiVersion: 'agent-install.openshift.io/v1beta1', kind: 'InfraEnv', optional: true },
  { apiVersion: 'agent-install.openshift.io/v1beta1', kind: 'NMStateConfig', optional: true },
] as const

const clusterInstanceSpec = z.looseObject({ clusterName: z.string() })

/**
 * The ClusterInstances of a cluster, by `spec.clusterName`: neither their names nor their namespaces are
 * tied to it (siteconfig validator.go). Absent when there is none.
 */
export const findClusterInstances = async (
  { ports }: Context,
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
 * Whether all ClusterInstances of a cluster are on their way out; absent when there is none. `instances` are those,
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

/** Every object of the cluster on the hub that must be gone, beside the ManagedCluster. */
export const observeRemaining = async (
  context: Context,
  cluster: string,
  instances = findClusterInstances(context, cluster),
): Promise<readonly Remaining[]> => {
  const clusterInstances = await instances
  const rendered = await Promise.all(
    renderedKinds.map(async ({ apiVersion, kind, optional }): Promise<readonly Remaining[]> => {
      const found = await context.ports.hub.list({ apiVersion, kind, namespace: cluster })
      if (found.seen === 'unknown' && optional && found.why === 'not-served') return []
      return asRemaining(`${kind} of ${cluster}`, found)
    }),
  )
  return [...asRemaining(`ClusterInstance of ${cluster}`, clusterInstances), ...rendered.flat()]
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
