import { clusterName } from '../../core/cluster/cluster-name.ts'
import { InputError } from '../../errors.ts'

/**
 * Refuses what cannot be the name of a cluster: it becomes a part of paths, and the namespace on the hub is called so.
 * `shown` is how the message calls it. Throws InputError ARGUMENT_INVALID.
 */
export const requireClusterName = (cluster: string, shown = 'this'): void => {
  if (clusterName.test(cluster)) return
  throw new InputError(
    'ARGUMENT_INVALID',
    `reading <cluster>: ${shown} is not a valid cluster name`,
    { fix: 'give its spec.clusterName: lower case letters, digits and dashes' },
  )
}
