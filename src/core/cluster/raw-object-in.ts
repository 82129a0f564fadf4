import { fieldsOf, textOf } from '../yaml/fields-of.ts'
import { groupOf, objectsIn } from './object-identity.ts'

/** The kinds of a cluster that is described without a ClusterInstance, and where each names it besides metadata.name. */
const rawKinds: readonly Readonly<{ group: string; kind: string; names: readonly string[] }>[] = [
  { group: 'cluster.open-cluster-management.io', kind: 'ManagedCluster', names: [] },
  { group: 'hive.openshift.io', kind: 'ClusterDeployment', names: ['clusterName'] },
  {
    group: 'extensions.hive.openshift.io',
    kind: 'AgentClusterInstall',
    names: ['clusterDeploymentRef', 'name'],
  },
  { group: 'agent-install.openshift.io', kind: 'InfraEnv', names: ['clusterRef', 'name'] },
]

/**
 * Finds an object of a cluster in a text of the kinds that siteconfig and the older generator make of it, and that
 * some people write by hand. Takes the text and the cluster's name; gives the kind, that of the first in this order:
 * ManagedCluster, ClusterDeployment (metadata.name or spec.clusterName), AgentClusterInstall and InfraEnv (by their
 * reference to the ClusterDeployment). Undefined where there is none.
 */
export const rawObjectIn = (text: string, cluster: string): string | undefined => {
  const objects = objectsIn(text).filter(object => object !== null)
  return rawKinds.find(({ group, kind, names }) =>
    objects.some(
      object =>
        object.kind === kind &&
        groupOf(object.apiVersion) === group &&
        (object.metadata.name === cluster || nameAt(object['spec'], names) === cluster),
    ),
  )?.kind
}

const nameAt = (spec: unknown, [first, second]: readonly string[]): string | undefined => {
  if (first === undefined) return undefined
  const fields = fieldsOf(spec)
  return second === undefined ? textOf(fields, first) : textOf(fieldsOf(fields.get(first)), second)
}
