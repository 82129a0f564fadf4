import type { Application } from '../../core/application/read-application.ts'
import { syncFactsOf } from '../../core/application/sync-facts.ts'
import type { ApplicationSight } from '../../core/waiting/application-node.ts'
import type { DetachSight } from '../../core/waiting/detach-tree.ts'
import type { Configuration } from '../../core/settings/configuration.ts'
import { absent, mapSeen, present, type Seen } from '../../core/seen.ts'
import type { Cluster, KubernetesObject } from '../ports/cluster.ts'
import type { DetachObjects } from './read-detach-objects.ts'

/** The parts that were looked at already. */
type Known = Readonly<{
  cluster: string
  objects: DetachObjects
  managedCluster: Seen<KubernetesObject>
  applications: Seen<readonly Application[]>
  /** Null where no merge is looked for. */
  hasMerge: boolean | null
  klusterlet: Seen<true>
  addonNamespaces: Seen<readonly string[]>
  edited: readonly string[]
  now: string
}>

/** Puts together what the tree of a detach shows, and reads what only it needs: the project and the namespace. */
export const observeSight = async (
  hub: Pick<Cluster, 'read' | 'list'>,
  config: Pick<Configuration, 'argocd'>,
  { objects, applications, hasMerge, edited, now, ...known }: Known,
): Promise<DetachSight> => {
  const [namespace, projects] = await Promise.all([
    hub.read({ apiVersion: 'v1', kind: 'Namespace', name: known.cluster }),
    hub.list({
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'AppProject',
      namespace: config.argocd.namespace,
    }),
  ])
  const { clusterInstances } = objects
  const isNeeded =
    clusterInstances.seen === 'unknown' ||
    (clusterInstances.seen === 'present' &&
      clusterInstances.value.some(({ metadata }) => metadata.deletionTimestamp === undefined))
  const application: Seen<ApplicationSight> = only(
    mapSeen(applications, all =>
      all
        .filter(({ mismatch }) => mismatch === null)
        .map(application => ({
          facts: syncFactsOf({
            ...{ application, projects, instances: clusterInstances, edited, now },
            controlPlane: config.argocd.namespace,
          }),
          hasMerge,
          isNeeded,
        })),
    ),
  )
  return { ...known, ...objects, application, namespace }
}

const only = <T>(read: Seen<readonly T[]>): Seen<T> => {
  if (read.seen !== 'present') return read
  const [first, second] = read.value
  return first === undefined || second !== undefined ? absent : present(first)
}
