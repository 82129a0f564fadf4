import { queryOn, type Query, type ReadObject } from '../query.ts'

const on = queryOn('seed')

/** What is read on the seed, with its admin kubeconfig. */
export const seedQueries = {
  seedGenerator: on('lca.openshift.io/v1', 'seedgenerators', 'SeedGenerator', {
    name: 'seedimage',
  }),
  nodes: on('v1', 'nodes', 'Node'),
  csvs: on('operators.coreos.com/v1alpha1', 'clusterserviceversions', 'ClusterServiceVersion'),
} as const satisfies Readonly<Record<string, Query>>

/** The ClusterServiceVersion of the Lifecycle Agent where it was installed: OLM labels its copies `olm.copiedFrom`. */
export const isLifecycleAgent = ({ metadata: { name, labels } }: ReadObject): boolean =>
  name.startsWith('lifecycle-agent') && labels?.['olm.copiedFrom'] === undefined
