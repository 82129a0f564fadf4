import { field, listAt, textAt } from '../../core/preflight/field.ts'
import { absent, mapSeen, present, type Seen } from '../../core/seen.ts'
import type { Cluster, KubernetesObject } from '../ports/cluster.ts'

type Listed = Seen<readonly KubernetesObject[]>

/** The objects on the hub of a cluster that is being detached. */
export type DetachObjects = Readonly<{
  clusterInstances: Listed
  /** In the namespace of the cluster, and in those that the ClusterInstances name in `hostRef`. */
  hosts: Listed
  addons: Listed
  works: Listed
  others: readonly Readonly<{ kind: string; read: Listed }>[]
}>

/** The kinds that siteconfig renders beside hosts and ManagedCluster; none of them need exist on a hub. */
const otherKinds = [
  { apiVersion: 'agent.open-cluster-management.io/v1', kind: 'KlusterletAddonConfig' },
  { apiVersion: 'hive.openshift.io/v1', kind: 'ClusterDeployment' },
  { apiVersion: 'extensions.hive.openshift.io/v1beta1', kind: 'AgentClusterInstall' },
  { apiVersion: 'agent-install.openshift.io/v1beta1', kind: 'InfraEnv' },
  { apiVersion: 'agent-install.openshift.io/v1beta1', kind: 'NMStateConfig' },
  { apiVersion: 'extensions.hive.openshift.io/v1alpha1', kind: 'ImageClusterInstall' },
  { apiVersion: 'metal3.io/v1alpha1', kind: 'DataImage' },
] as const

/** The hosts that the nodes of a ClusterInstance name elsewhere (siteconfig api/v1alpha1, NodeSpec.HostRef). */
export const hostRefsIn = (
  instances: Seen<readonly unknown[]>,
  cluster: string,
): readonly Readonly<{ namespace: string; name: string }>[] =>
  (instances.seen === 'present' ? instances.value : [])
    .flatMap(instance => listAt(instance, 'spec', 'nodes'))
    .map(node => field(node, 'hostRef'))
    .map(ref => ({ namespace: textAt(ref, 'namespace'), name: textAt(ref, 'name') }))
    .filter(({ namespace, name }) => name !== '' && namespace !== '' && namespace !== cluster)

const asList = (read: Seen<KubernetesObject>): Listed => mapSeen(read, found => [found])

/** Puts lists together: one without an answer leaves the whole unknown, since what is missing may be there. */
const together = (lists: readonly Listed[]): Listed => {
  const open = lists.find(({ seen }) => seen === 'unknown')
  if (open) return open
  const found = lists.flatMap(list => (list.seen === 'present' ? list.value : []))
  return lists.some(({ seen }) => seen === 'present') ? present(found) : absent
}

/** Reads all that must go of a cluster on the hub, but the ManagedCluster itself. */
export const readDetachObjects = async (
  hub: Pick<Cluster, 'read' | 'list'>,
  cluster: string,
  instances: Promise<Listed>,
): Promise<DetachObjects> => {
  const host = { apiVersion: 'metal3.io/v1alpha1', kind: 'BareMetalHost' }
  const list = (of: Readonly<{ apiVersion: string; kind: string }>): Promise<Listed> =>
    hub.list({ apiVersion: of.apiVersion, kind: of.kind, namespace: cluster })
  const elsewhere = async (): Promise<readonly Listed[]> =>
    Promise.all(
      hostRefsIn(await instances, cluster).map(async ref =>
        asList(await hub.read({ ...host, ...ref })),
      ),
    )
  const [clusterInstances, near, far, addons, works, others] = await Promise.all([
    instances,
    list(host),
    elsewhere(),
    list({ apiVersion: 'addon.open-cluster-management.io/v1alpha1', kind: 'ManagedClusterAddOn' }),
    list({ apiVersion: 'work.open-cluster-management.io/v1', kind: 'ManifestWork' }),
    Promise.all(
      otherKinds.map(async of => {
        const read = await list(of)
        const isNone = read.seen === 'unknown' && read.why === 'not-served'
        return { kind: of.kind, read: isNone ? absent : read }
      }),
    ),
  ])
  return { clusterInstances, hosts: together([near, ...far]), addons, works, others }
}
