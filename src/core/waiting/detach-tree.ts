import { mapSeen, type Seen } from '../seen.ts'
import { applicationNode, type ApplicationSight } from './application-node.ts'
import { hostNode } from './host-node.ts'
import { nodesOf, objectNode, sayAt, conditionsIn, type HubObject } from './hub-object.ts'
import { instanceNode } from './instance-node.ts'
import { managedClusterNode, type Attached } from './managed-cluster-node.ts'
import { namespaceNode } from './namespace-node.ts'
import { seedNode, type SeedSight } from './seed-node.ts'
import { waiting, worstOf, type Waiting } from './waiting.ts'

/** All that one look at a detach has seen. */
export type DetachSight = Attached &
  Omit<SeedSight, 'isReleased'> &
  Readonly<{
    cluster: string
    /** Absent where no Application, or more than one, renders the kustomization. */
    application: Seen<ApplicationSight>
    clusterInstances: Seen<readonly HubObject[]>
    hosts: Seen<readonly HubObject[]>
    managedCluster: Seen<HubObject>
    /** The other objects that siteconfig renders, by kind. */
    others: readonly Readonly<{ kind: string; read: Seen<readonly HubObject[]> }>[]
    namespace: Seen<HubObject>
  }>

/** The node of another object, with its controller's words. */
const otherNode = (object: HubObject, now: string): Waiting => {
  const failing = conditionsIn(object).find(
    ({ type, status }) => /fail|error/i.test(type) && status === 'True',
  )
  return objectNode(object, {
    now,
    says: [
      sayAt(object, '', 'status', 'debugInfo', 'stateInfo'),
      sayAt(object, '', 'status', 'error', 'message'),
      failing ? `${failing.type}: ${failing.message}` : '',
    ]
      .filter(Boolean)
      .join('; '),
    waitsFor: 'waits for the ClusterInstance to be deleted',
  })
}

const applicationNodes = ({ application, clusterInstances }: DetachSight): readonly Waiting[] =>
  application.seen === 'absent'
    ? clusterInstances.seen === 'absent'
      ? []
      : [
          waiting('Application', 'stuck', {
            why: 'there is not exactly one that renders the kustomization from the base branch',
            next: 'oc get applications -A; one must render it, and prune',
          }),
        ]
    : nodesOf('Application', application, sight => [applicationNode(sight)])

/**
 * The tree of everything that a detach waits for: the Application, what siteconfig has rendered in the order in which it goes, the
 * ManagedCluster with what hangs on it, the namespace and the seed. The pull request, `sower status` and `sower wait` show it.
 */
export const detachTree = (sight: DetachSight, now: string): Waiting => {
  const { cluster, clusterInstances, hosts, managedCluster, others, namespace } = sight
  const { addons, works, klusterlet, addonNamespaces } = sight
  const each =
    (describe: (object: HubObject, now: string) => Waiting) =>
    (found: readonly HubObject[]): readonly Waiting[] =>
      found.map(object => describe(object, now))
  const parts = [
    ...applicationNodes(sight),
    ...nodesOf('ClusterInstance', clusterInstances, each(instanceNode)),
    ...nodesOf('BareMetalHosts', hosts, each(hostNode)),
    ...nodesOf(
      'ManagedCluster',
      mapSeen(managedCluster, found => [found]),
      found => found.map(object => managedClusterNode(object, { addons, works }, now)),
    ),
    ...(managedCluster.seen === 'present'
      ? []
      : [
          ...nodesOf('ManagedClusterAddOns', addons, each(otherNode)),
          ...nodesOf('ManifestWorks', works, each(otherNode)),
        ]),
    ...others.flatMap(({ kind, read }) => nodesOf(kind, read, each(otherNode))),
    seedNode({ klusterlet, addonNamespaces, isReleased: managedCluster.seen === 'absent' }),
  ]
  const below = nodesOf(
    'Namespace',
    mapSeen(namespace, found => [found]),
    each(namespaceNode),
  )
  return waiting(`detach of ${cluster}`, worstOf(parts), { parts: [...parts, ...below] })
}
