import { isLifecycleAgent } from '../../core/preflight/seed/seed-queries.ts'
import { present, type Seen } from '../../core/seen.ts'
import type { Configuration } from '../../core/settings/configuration.ts'
import type { Cluster } from '../ports/cluster.ts'
import { readOnSeed } from './connect-seed.ts'

/**
 * The namespace in which the Lifecycle Agent reads `seedgen`: where its ClusterServiceVersion was installed, which is
 * `openshift-operators` from 5.0 on. The configured one counts only where no ClusterServiceVersion names one.
 */
export const agentNamespace = async (
  seed: Cluster | null,
  { lifecycleAgent }: Pick<Configuration, 'lifecycleAgent'>,
): Promise<Seen<string>> => {
  const read = await readOnSeed(seed, ({ list }) =>
    list({ apiVersion: 'operators.coreos.com/v1alpha1', kind: 'ClusterServiceVersion' }),
  )
  if (read.seen === 'unknown' && read.why !== 'not-served') return read
  const found = read.seen === 'present' ? read.value.find(isLifecycleAgent) : undefined
  return present(found?.metadata.namespace ?? lifecycleAgent.namespace)
}
