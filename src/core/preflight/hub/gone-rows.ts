import { row, type Row } from '../row.ts'
import { hubQueries, ofCluster } from './hub-queries.ts'

const { addons, bareMetalHosts, clusterDeployments, clusterInstances, managedCluster } = hubQueries

/** The checks of an adopted run: the hub holds nothing of the cluster. */
export const goneRows: readonly Row[] = [
  row({
    id: 'hub.not-managed',
    level: 'block',
    runs: 'adopt',
    passes:
      'in an adopted run: the hub has no ManagedCluster, ClusterInstance, ClusterDeployment, BareMetalHost or add-on of the cluster; each is a confirmed 404',
    reads: [managedCluster, clusterInstances, clusterDeployments, bareMetalHosts, addons],
    source: ['sower'],
    fix: 'detach the cluster first: ask without `adopt: true`, and Sower does it; or remove what is named',
    test: (found, { cluster }) => {
      const there = [
        ...found(managedCluster),
        ...ofCluster(found(clusterInstances), cluster),
        ...[clusterDeployments, bareMetalHosts, addons].flatMap(found),
      ]
      return {
        ok: there.length === 0,
        reason: there.length
          ? `the hub has ${there.map(({ kind, metadata }) => `${kind} ${metadata.name}`).join(', ')}`
          : 'the hub has nothing of it',
      }
    },
  }),
]
