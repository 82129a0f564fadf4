import { syncFacts } from '../sync-facts.ts'
import type { Answers, Query, ReadObject } from '../../../src/core/preflight/query.ts'
import { present } from '../../../src/core/seen.ts'

const conditions = (...all: readonly (readonly [type: string, status: string])[]) => ({
  conditions: all.map(([type, status]) => ({ type, status })),
})
const settled = conditions(['Available', 'True'], ['Progressing', 'False'], ['Degraded', 'False'])
const csv = (name: string, namespace: string): ReadObject => ({
  kind: 'ClusterServiceVersion',
  metadata: { name, namespace },
  spec: { version: name.replace(/^.*\.v/, '') },
  status: { phase: 'Succeeded' },
})
const units = [{ name: 'var-lib-containers.mount', enabled: true }]
const base64 = (text: string): string => Buffer.from(text).toString('base64')
const realPullSecret = JSON.stringify({
  auths: { 'quay.io': { auth: base64('robot:pull-secret-word') } },
})
const gibibyte = 2 ** 30

/** What is on a healthy seed. */
export const healthySeed: readonly ReadObject[] = [
  {
    kind: 'Infrastructure',
    metadata: { name: 'cluster' },
    status: { infrastructureTopology: 'SingleReplica' },
  },
  {
    kind: 'ClusterVersion',
    metadata: { name: 'version' },
    spec: { clusterID: 'first-installation' },
    status: { history: [{ state: 'Completed', version: '4.18.5' }] },
  },
  { kind: 'ClusterOperator', metadata: { name: 'etcd' }, status: settled },
  { kind: 'APIServer', metadata: { name: 'cluster' }, spec: {} },
  {
    kind: 'Node',
    metadata: {
      name: 'node-1',
      labels: Object.fromEntries(
        ['control-plane', 'master', 'worker'].map(role => [`node-role.kubernetes.io/${role}`, '']),
      ),
      annotations: { 'machineconfiguration.openshift.io/currentConfig': 'rendered-master-1' },
    },
    status: conditions(['Ready', 'True']),
  },
  {
    kind: 'NodeSummary',
    metadata: { name: 'node-1' },
    status: { node: { fs: { capacityBytes: 100 * gibibyte, availableBytes: 60 * gibibyte } } },
  },
  {
    kind: 'MachineConfig',
    metadata: { name: 'rendered-master-1' },
    spec: { config: { systemd: { units } } },
  },
  {
    kind: 'MachineConfig',
    metadata: { name: '50-master-dnsmasq-configuration' },
    spec: { config: { storage: { files: [{ path: '/usr/local/bin/dnsmasq_config.sh' }] } } },
  },
  {
    kind: 'MachineConfigPool',
    metadata: { name: 'master' },
    spec: { paused: false },
    status: { machineCount: 1, readyMachineCount: 1 },
  },
  // What the RAN DU profile has on a seed.
  { kind: 'PerformanceProfile', metadata: { name: 'openshift-node' } },
  {
    kind: 'Tuned',
    metadata: { name: 'performance-patch', namespace: 'openshift-cluster-node-tuning-operator' },
    spec: { profile: [{ data: 'include=openshift-node-performance-openshift-node\n' }] },
  },
  {
    kind: 'ConfigMap',
    metadata: {
      name: 'collect-profiles-config',
      namespace: 'openshift-operator-lifecycle-manager',
    },
    data: { 'pprof-config.yaml': 'disabled: True\n' },
  },
  {
    kind: 'SriovOperatorConfig',
    metadata: { name: 'default', namespace: 'openshift-sriov-network-operator' },
  },
  {
    kind: 'Network',
    metadata: { name: 'cluster' },
    spec: { disableNetworkDiagnostics: true },
  },
  { kind: 'ClusterLogging', metadata: { name: 'instance', namespace: 'openshift-logging' } },
  csv('lifecycle-agent.v4.22.1', 'openshift-lifecycle-agent'),
  csv('oadp-operator.v1.4.2', 'openshift-adp'),
  {
    kind: 'Deployment',
    metadata: {
      name: 'lifecycle-agent-controller-manager',
      namespace: 'openshift-lifecycle-agent',
    },
    status: conditions(['Available', 'True']),
  },
  {
    kind: 'ImageBasedUpgrade',
    metadata: { name: 'upgrade' },
    status: conditions(['Idle', 'True']),
  },
  {
    kind: 'CertificateSigningRequest',
    metadata: { name: 'csr-1' },
    status: conditions(['Approved', 'True']),
  },
  {
    kind: 'Secret',
    metadata: { name: 'pull-secret', namespace: 'openshift-config' },
    data: { '.dockerconfigjson': base64(realPullSecret) },
    ...{ type: 'kubernetes.io/dockerconfigjson' },
  },
]

/** What a healthy hub has beside the objects that every test has. */
export const healthyHub: readonly ReadObject[] = [
  {
    kind: 'AppProject',
    metadata: { name: 'ztp', namespace: 'openshift-gitops' },
    spec: syncFacts().project?.spec,
  },
  {
    kind: 'MultiClusterHub',
    metadata: { name: 'multiclusterhub', namespace: 'open-cluster-management' },
    status: { currentVersion: '2.15.0' },
  },
]

/** What a healthy hub has of the cluster sno1. */
export const healthyCluster: readonly ReadObject[] = [
  {
    kind: 'ManagedCluster',
    metadata: { name: 'sno1', labels: {} },
    spec: { hubAcceptsClient: true },
    status: conditions(
      ['ManagedClusterConditionAvailable', 'True'],
      ['ManagedClusterJoined', 'True'],
    ),
  },
  {
    kind: 'ClusterInstance',
    metadata: { name: 'sno1', namespace: 'sno1' },
    spec: { clusterName: 'sno1', clusterType: 'SNO', nodes: [{ hostName: 'node-1' }] },
    status: conditions(['Provisioned', 'True']),
  },
  {
    kind: 'BareMetalHost',
    metadata: {
      ...{ name: 'host', namespace: 'sno1' },
      annotations: { 'baremetalhost.metal3.io/detached': 'assisted-service-controller' },
    },
    spec: { automatedCleaningMode: 'disabled' },
    status: { operationalStatus: 'detached', provisioning: { state: 'provisioned' } },
  },
  {
    kind: 'ClusterDeployment',
    metadata: { name: 'sno1', namespace: 'sno1' },
    spec: { installed: true, clusterInstallRef: { kind: 'AgentClusterInstall' } },
  },
  {
    kind: 'ManagedClusterAddOn',
    metadata: { name: 'work-manager', namespace: 'sno1' },
  },
]

const names: Readonly<Record<string, string>> = {
  '{cluster}': 'sno1',
  '{argocd}': 'openshift-gitops',
  '{node}': 'node-1',
  '{lifecycle-agent}': 'openshift-lifecycle-agent',
}

/** The answers of a healthy hub and seed, after some objects were changed. */
export const answersOf = (
  objects: readonly (ReadObject & Readonly<{ on?: string }>)[],
): Answers => {
  const fill = (text: string): string => text.replace(/\{[a-z-]+\}/g, name => names[name] ?? name)
  return (query: Query) =>
    present(
      objects.filter(
        ({ kind, metadata, on }) =>
          on === query.on &&
          kind === query.kind &&
          (query.name === undefined || metadata.name === fill(query.name)) &&
          (query.namespace === undefined || metadata.namespace === fill(query.namespace)),
      ),
    )
}

/** All objects of a healthy world in which the seed is detached already. */
export const detachedObjects: readonly (ReadObject & Readonly<{ on: Query['on'] }>)[] = [
  ...healthyHub.map(object => ({ ...object, on: 'hub' as const })),
  ...healthySeed.map(object => ({ ...object, on: 'seed' as const })),
]

/** All objects of a healthy world, each with the cluster that it is on. */
export const healthyObjects: readonly (ReadObject & Readonly<{ on: Query['on'] }>)[] = [
  ...[...healthyHub, ...healthyCluster].map(object => ({ ...object, on: 'hub' as const })),
  ...healthySeed.map(object => ({ ...object, on: 'seed' as const })),
]
