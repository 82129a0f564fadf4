import { add, crd, git, type Fault } from './fault.ts'

/** One thing that is wrong with a seed that is to be adopted. */
export const adoptFaults: readonly Fault[] = [
  { id: 'git.proof', reason: /loses/, facts: git({ refusal: 'it loses more' }) },
  {
    ...{ id: 'hub.not-managed', level: 'block', reason: /^the hub has ManagedCluster sno1$/ },
    objects: add('hub', 'ManagedCluster', { name: 'sno1' }),
  },
  {
    ...{ id: 'hub.not-managed', reason: /^the hub has ClusterInstance other$/ },
    objects: add('hub', 'ClusterInstance', { name: 'other', spec: { clusterName: 'sno1' } }),
  },
  ...['ClusterDeployment', 'BareMetalHost', 'ManagedClusterAddOn'].map(kind => ({
    ...{ id: 'hub.not-managed', reason: new RegExp(`^the hub has ${kind} x$`) },
    objects: add('hub', kind, { namespace: 'sno1' }),
  })),
  {
    ...{ id: 'seed.klusterlet-gone', level: 'block', reason: /CRD of the klusterlet is there/ },
    objects: crd('klusterlets.operator.open-cluster-management.io'),
  },
  {
    ...{ id: 'seed.addons-gone', level: 'block', reason: /addon-x$/ },
    objects: add('seed', 'Namespace', { name: 'open-cluster-management-addon-x' }),
  },
]
