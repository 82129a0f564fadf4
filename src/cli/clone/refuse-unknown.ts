import { findCluster } from '../../core/cluster/find-cluster.ts'
import { fewOf } from '../../core/compare/shared-findings.ts'
import { readRecordAt } from '../../core/detach/read-record-at.ts'
import { RefusedError, type ErrorCode } from '../../errors.ts'
import type { Clone } from './clone.ts'

const unknown: readonly ErrorCode[] = ['CLUSTER_NOT_FOUND', 'RAW_OBJECTS']

/**
 * Refuses a name that is not a seed and that neither a list nor a record knows: RefusedError CLUSTER_NOT_FOUND or
 * RAW_OBJECTS, as findCluster says it. Other refusals are left to whoever looks for the cluster.
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
    const isUnknown = error instanceof RefusedError && unknown.includes(error.code)
    if (!isUnknown) return
    if (!config) throw error
    // Whoever mistyped a name sees the right one.
    throw new RefusedError(error.code, error.message, {
      fix: `${error.fix ?? 'check the name'}; its seeds are ${fewOf(config.seeds)}`,
      cause: error,
    })
  }
}
