import type { Configuration } from '../../core/settings/configuration.ts'
import { detachTree } from '../../core/waiting/detach-tree.ts'
import type { Waiting } from '../../core/waiting/waiting.ts'
import { findApplications } from '../hub/find-applications.ts'
import { findClusterInstances, readManagedCluster } from '../hub/observe-remaining.ts'
import { observeSight } from '../hub/observe-sight.ts'
import { readDetachObjects } from '../hub/read-detach-objects.ts'
import type { Cluster } from '../ports/cluster.ts'
import { observeAddonNamespaces, observeKlusterlet } from '../seed/observe-seed-generator.ts'

/**
 * One look at a detach without a run: the same tree as the pull request shows. Only reads. The Application is the one that
 * renders a root, of whatever repository and branch. Nothing is thrown for an answer that does not come.
 */
export const lookAtDetach = async (
  { hub, seed }: Readonly<{ hub: Pick<Cluster, 'read' | 'list'>; seed: Cluster | null }>,
  {
    cluster,
    config,
    roots,
    edited,
    now,
  }: Readonly<{
    cluster: string
    config: Pick<Configuration, 'argocd'>
    roots: readonly string[]
    /** The files that the detach edits. */
    edited: readonly string[]
    now: string
  }>,
): Promise<Waiting> => {
  const ports = { hub }
  const settings = { repository: null, branch: null }
  const [objects, managedCluster, applications, klusterlet, addonNamespaces] = await Promise.all([
    readDetachObjects(hub, cluster, findClusterInstances({ ports }, cluster)),
    readManagedCluster({ ports }, cluster),
    findApplications({ ports, settings }, { config, roots }),
    observeKlusterlet(seed),
    observeAddonNamespaces(seed),
  ])
  const sight = await observeSight(hub, config, {
    ...{ cluster, objects, managedCluster, applications, klusterlet, addonNamespaces },
    ...{ hasMerge: null, edited, now },
  })
  return detachTree(sight, now)
}
