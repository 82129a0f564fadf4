import type { StoredObject } from './kubernetes/object-store.ts'

const conditions = (...all: readonly (readonly [type: string, status: string])[]) => ({
  conditions: all.map(([type, status]) => ({ type, status, reason: 'AsExpected', message: '' })),
})

const csv = (name: string, version: string, namespace: string): StoredObject => ({
  apiVersion: 'operators.coreos.com/v1alpha1',
  kind: 'ClusterServiceVersion',
  metadata: { name: `${name}.v${version}`, namespace },
  spec: { version },
  status: { phase: 'Succeeded', reason: 'InstallSucceeded' },
})

const machineConfigs = 'machineconfiguration.openshift.io/v1'
const rendered = 'rendered-master-7c1d3a'
const gibibyte = 2 ** 30
const pullSecret = JSON.stringify({
  auths: { 'quay.io': { auth: Buffer.from('robot:7Qk2-9fXw').toString('base64') } },
})

/** A node as the machine config operator and the kubelet leave it. */
const node = (name: string): readonly StoredObject[] => [
  {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      labels: Object.fromEntries(
        ['control-plane', 'master', 'worker'].map(role => [`node-role.kubernetes.io/${role}`, '']),
      ),
      annotations: { 'machineconfiguration.openshift.io/currentConfig': rendered },
    },
    status: conditions(['Ready', 'True']),
  },
  // Served as what the kubelet answers, below nodes/proxy.
  {
    apiVersion: 'v1',
    kind: 'NodeSummary',
    metadata: { name },
    status: {
      node: {
        fs: { capacityBytes: 120 * gibibyte, availableBytes: 80 * gibibyte },
        runtime: { imageFs: { capacityBytes: 200 * gibibyte, availableBytes: 150 * gibibyte } },
      },
    },
  },
]

/** The objects of a newly installed seed cluster that the Lifecycle Agent looks at, in good health. */
export const installedOnSeed = (name: string, version: string): readonly StoredObject[] => [
  ...['default', 'openshift-config', 'openshift-lifecycle-agent', 'openshift-adp'].map(
    namespace => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }),
  ),
  {
    apiVersion: 'config.openshift.io/v1',
    kind: 'ClusterVersion',
    metadata: { name: 'version' },
    spec: { clusterID: name },
    status: { history: [{ state: 'Completed', version }] },
  },
  {
    apiVersion: 'config.openshift.io/v1',
    kind: 'Infrastructure',
    metadata: { name: 'cluster' },
    status: {
      infrastructureTopology: 'SingleReplica',
      apiServerURL: `https://api.${name}.example.com:6443`,
    },
  },
  ...['Proxy', 'Image'].map(kind => ({
    ...{ apiVersion: 'config.openshift.io/v1', kind, metadata: { name: 'cluster' }, spec: {} },
  })),
  {
    apiVersion: 'config.openshift.io/v1',
    kind: 'APIServer',
    metadata: { name: 'cluster' },
    spec: {},
  },
  {
    apiVersion: 'config.openshift.io/v1',
    kind: 'ClusterOperator',
    metadata: { name: 'kube-apiserver' },
    status: conditions(['Available', 'True'], ['Progressing', 'False'], ['Degraded', 'False']),
  },
  {
    apiVersion: 'lca.openshift.io/v1',
    kind: 'ImageBasedUpgrade',
    metadata: { name: 'upgrade' },
    spec: { stage: 'Idle' },
    status: { conditions: [{ type: 'Idle', status: 'True', reason: 'Idle', message: 'Idle' }] },
  },
  csv('lifecycle-agent', '4.22.0', 'openshift-lifecycle-agent'),
  csv('oadp-operator', '1.4.1', 'openshift-adp'),
  {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {
      name: 'lifecycle-agent-controller-manager',
      namespace: 'openshift-lifecycle-agent',
    },
    spec: { replicas: 1 },
    status: conditions(['Available', 'True']),
  },
  ...node(`${name}.example.com`),
  {
    apiVersion: machineConfigs,
    kind: 'MachineConfig',
    metadata: { name: '50-master-dnsmasq-configuration' },
    spec: { config: { storage: { files: [{ path: '/usr/local/bin/dnsmasq_config.sh' }] } } },
  },
  {
    apiVersion: machineConfigs,
    kind: 'MachineConfig',
    metadata: { name: rendered },
    spec: { config: { systemd: { units: [{ name: 'var-lib-containers.mount' }] } } },
  },
  {
    apiVersion: machineConfigs,
    kind: 'MachineConfigPool',
    metadata: { name: 'master' },
    spec: { paused: false },
    status: { machineCount: 1, readyMachineCount: 1, ...conditions(['Updated', 'True']) },
  },
  {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'pull-secret', namespace: 'openshift-config' },
    type: 'kubernetes.io/dockerconfigjson',
    data: { '.dockerconfigjson': Buffer.from(pullSecret).toString('base64') },
  },
]

/** The objects that give the version of a hub with ACM. */
export const installedOnHub: readonly StoredObject[] = [
  {
    apiVersion: 'operator.open-cluster-management.io/v1',
    kind: 'MultiClusterHub',
    metadata: { name: 'multiclusterhub', namespace: 'open-cluster-management' },
    status: { currentVersion: '2.15.0', phase: 'Running' },
  },
]
