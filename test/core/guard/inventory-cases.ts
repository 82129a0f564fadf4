import { writeInventory } from '../../../src/core/detach/inventory.ts'
import type { GuardCase } from './cases.ts'
import { clusterInstance, type Files } from '../../support/memory-tree.ts'

const site = 'clusters/site-a'
const inventory = (clusters: readonly string[], detached: readonly string[] = []): Files => ({
  [`${site}/sower-inventory.yaml`]: writeInventory({
    clusters,
    detached: detached.map(cluster => ({
      cluster,
      reason: 'seed image',
      date: '2026-11-01',
      pullRequest: 7,
    })),
  }),
})

/** The cases of the guard that counts clusters. */
export const guardInventoryCases: Readonly<Record<string, readonly GuardCase[]>> = {
  inventory: [
    { what: 'no inventory', render: [clusterInstance('sno1')], says: 'not applicable' },
    {
      what: 'all of its clusters, and a new one',
      files: inventory(['sno1']),
      render: [clusterInstance('sno1'), clusterInstance('sno2')],
      says: null,
    },
    {
      what: 'a cluster that is lost',
      files: inventory(['sno1', 'sno2']),
      render: [clusterInstance('sno2')],
      says: /^clusters\/site-a\/sower-inventory\.yaml: the cluster sno1 is not rendered any more, and Argo CD would detach it; bring it back, /,
    },
    {
      what: 'a cluster that is lost with all others, where the kustomization says []',
      files: { ...inventory(['sno1']), [`${site}/kustomization.yaml`]: 'resources: []\n' },
      render: [],
      says: /the cluster sno1 is not rendered/,
    },
    {
      what: 'the ManagedCluster that an older generator gives',
      files: inventory(['sno1']),
      render: [
        'apiVersion: cluster.open-cluster-management.io/v1\nkind: ManagedCluster\nmetadata:\n  name: sno1\n',
      ],
      says: null,
    },
    {
      what: 'a detached cluster that is away',
      files: inventory(['sno2'], ['sno1']),
      render: [clusterInstance('sno2')],
      says: null,
    },
    {
      what: 'a detached cluster that is back',
      files: inventory(['sno2'], ['sno1']),
      render: [clusterInstance('sno1'), clusterInstance('sno2')],
      says: /^ClusterInstance sno1\/sno1 in .*: its cluster sno1 is detached since 2026-11-01, as clusters\/site-a\/sower-inventory\.yaml says \(seed image\)/,
    },
    {
      what: 'an inventory that cannot be read',
      files: { [`${site}/sower-inventory.yaml`]: 'kind: Inventory\n' },
      render: [clusterInstance('sno1')],
      says: /reading clusters\/site-a\/sower-inventory\.yaml: .*; correct it/,
    },
    {
      what: 'a link where the inventory would be',
      files: { [`${site}/sower-inventory.yaml`]: { link: 'other' } },
      render: [clusterInstance('sno1')],
      says: /it is not a plain file/,
    },
    {
      what: 'the inventory of another directory',
      path: 'clusters/site-b',
      files: inventory(['sno1']),
      render: [],
      says: 'not applicable',
    },
  ],
}
