import { findCluster } from '../../core/cluster/find-cluster.ts'
import { readRecordAt } from '../../core/detach/read-record-at.ts'
import { RefusedError } from '../../errors.ts'
import type { Clone } from './clone.ts'

/**
 * Refuses a name that is no seed and that neither a list nor a record knows: RefusedError CLUSTER_NOT_FOUND, as
 * findCluster says it. Other refusals are left to whoever looks for the cluster.
 */
export const refuseUnknown = (
  {
    checkout: { tree },
    config,
    roots,
    directory,
  }: Pick<Clone, 'checkout' | 'config' | 'roots' | 'directory'>,
  cluster: string,
): void => {
  if (config?.seeds.includes(cluster) === true || readRecordAt(tree, { directory, cluster })) return
  try {
    findCluster(tree, { cluster, roots })
  } catch (error) {
    if (error instanceof RefusedError && error.code === 'CLUSTER_NOT_FOUND') throw error
  }
}
