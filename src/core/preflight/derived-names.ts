import { listAt, textAt } from './field.ts'
import { hubQueries, ofCluster } from './hub/hub-queries.ts'
import type { Query, ReadObject } from './query.ts'
import { isLifecycleAgent, seedQueries } from './seed/seed-queries.ts'

/** A name in a query that another read brings. */
export type DerivedName = Readonly<{
  from: Query
  /** Undefined where there is no such object; then there is nothing to read either. */
  name: (found: readonly ReadObject[], cluster: string) => string | undefined
}>

/**
 * The names that are not known before something was read. The namespace of the Lifecycle Agent is where its
 * ClusterServiceVersion was installed, `openshift-operators` from 5.0 on; a copy of it in another namespace does not count.
 */
export const derivedNames: Readonly<Record<string, DerivedName>> = {
  '{node}': { from: seedQueries.nodes, name: found => found[0]?.metadata.name },
  '{lifecycle-agent}': {
    from: seedQueries.csvs,
    name: found => found.find(isLifecycleAgent)?.metadata.namespace,
  },
  '{host-namespace}': {
    from: hubQueries.clusterInstances,
    name: (found, cluster) =>
      ofCluster(found, cluster)
        .flatMap(instance => listAt(instance, 'spec', 'nodes'))
        .map(node => textAt(node, 'hostRef', 'namespace'))
        .find(namespace => namespace !== '' && namespace !== cluster),
  },
}
