import { present, absent } from '../../../src/core/seen.ts'
import {
  add,
  base64,
  change,
  conditions,
  crd,
  drop,
  pullSecret,
  roles,
  type Alter,
  type Fault,
} from './fault.ts'

const healthFaults: readonly Fault[] = [
  {
    ...{ id: 'seed.topology', reason: /HighlyAvailable/ },
    objects: change('Infrastructure', { status: { infrastructureTopology: 'HighlyAvailable' } }),
  },
  { id: 'seed.topology', reason: /unknown/, objects: drop('Infrastructure') },
  {
    ...{ id: 'seed.topology', reason: /^there are 2 nodes/ },
    objects: add('seed', 'Node', { name: 'node-2' }),
  },
  {
    ...{ id: 'seed.topology', reason: /^the ClusterInstance says/ },
    objects: change('ClusterInstance', { spec: { clusterType: 'HighlyAvailable' } }),
  },
  {
    ...{ id: 'seed.topology', reason: /^the ClusterInstance lists 3 nodes$/ },
    objects: change('ClusterInstance', { spec: { nodes: [{}, {}, {}] } }),
  },
  {
    ...{ id: 'seed.topology', reason: /^node node-1 is not Ready$/ },
    objects: change('Node', { status: conditions(['Ready', 'False']) }),
  },
  {
    ...{ id: 'seed.topology', reason: /network/ },
    objects: change('Node', {
      status: conditions(['Ready', 'True'], ['NetworkUnavailable', 'True']),
    }),
  },
  {
    ...{ id: 'seed.topology', reason: /no role worker$/ },
    objects: change('Node', { metadata: { labels: roles('control-plane', 'master') } }),
  },
  {
    ...{ id: 'seed.cluster-operators', reason: /^not settled: etcd$/ },
    objects: change('ClusterOperator', { status: conditions(['Available', 'True']) }),
  },
  { id: 'seed.cluster-operators', reason: /^there is no/, objects: drop('ClusterOperator') },
  {
    ...{ id: 'seed.machine-config-pools', reason: /master/ },
    objects: change('MachineConfigPool', { spec: { paused: true } }),
  },
  {
    ...{ id: 'seed.machine-config-pools', reason: /master/ },
    objects: change('MachineConfigPool', { status: { readyMachineCount: 0 } }),
  },
  {
    ...{ id: 'seed.operators-succeeded', reason: /^not Succeeded: ns\/ptp$/ },
    objects: add('seed', 'ClusterServiceVersion', { name: 'ptp', namespace: 'ns' }),
  },
  {
    ...{ id: 'seed.requests-approved', reason: /^not approved: csr-1$/ },
    objects: change('CertificateSigningRequest', { status: conditions() }),
  },
  {
    ...{ id: 'seed.sriov-synced', reason: /^no SriovNetworkNodeStates present$/ },
    objects: crd('sriovnetworknodestates.sriovnetwork.openshift.io'),
  },
  {
    ...{ id: 'seed.sriov-synced', reason: /^not Succeeded: node-1$/ },
    objects: healthy => {
      const crds = crd('sriovnetworknodestates.sriovnetwork.openshift.io')(healthy)
      return add('seed', 'SriovNetworkNodeState', { name: 'node-1' })(crds)
    },
  },
]

const agent = /^lifecycle-agent/
const agentOf = (version: string): Alter =>
  change('ClusterServiceVersion', { spec: { version } }, agent)
const agentFaults: readonly Fault[] = [
  {
    ...{ id: 'seed.version', reason: /^an update to 4.18.5 is under way$/ },
    objects: change('ClusterVersion', {
      status: { history: [{ state: 'Partial', version: '4.18.5' }] },
    }),
  },
  {
    ...{ id: 'seed.version', reason: /no version/ },
    objects: change('ClusterVersion', { status: { history: [] } }),
  },
  {
    ...{ id: 'seed.version', reason: /older than 4.14.13$/ },
    objects: change('ClusterVersion', {
      status: { history: [{ state: 'Completed', version: '4.14.12' }] },
    }),
  },
  {
    ...{ id: 'seed.version', reason: /^the tag 4.18.5 is not 4.18.6$/ },
    objects: change('ClusterVersion', {
      status: { history: [{ state: 'Completed', version: '4.18.6' }] },
    }),
  },
  {
    ...{ id: 'seed.lifecycle-agent', reason: /is Failed$/ },
    objects: change('ClusterServiceVersion', { status: { phase: 'Failed' } }, agent),
  },
  {
    ...{ id: 'seed.lifecycle-agent', reason: /not Available$/ },
    objects: drop('Deployment'),
  },
  {
    ...{ id: 'seed.lifecycle-agent-known', level: 'warn', reason: /4.21.*48 minutes/ },
    objects: agentOf('4.21.3'),
  },
  {
    ...{ id: 'seed.lifecycle-agent-known', level: 'warn', reason: /does not know .* 5.1/ },
    objects: agentOf('5.1.0'),
  },
  {
    ...{ id: 'seed.idle', reason: /^not Idle: ImageBasedUpgrade upgrade$/ },
    objects: change('ImageBasedUpgrade', { status: conditions(['Idle', 'False']) }),
  },
  {
    ...{ id: 'seed.no-seed-generator', reason: /already/ },
    objects: add('seed', 'SeedGenerator', { name: 'seedimage' }),
  },
  {
    ...{ id: 'seed.nothing-recreates', reason: /^there is SealedSecret ns\/seedgen$/ },
    objects: add('seed', 'SealedSecret', { name: 'seedgen', namespace: 'ns' }),
  },
  {
    ...{ id: 'seed.nothing-recreates', reason: /^there is ClusterExternalSecret fleet$/ },
    objects: add('seed', 'ClusterExternalSecret', {
      name: 'fleet',
      spec: { externalSecretName: 'seedgen' },
    }),
  },
  {
    ...{ id: 'seed.oadp', level: 'block', reason: /not installed/ },
    objects: drop('ClusterServiceVersion', /^oadp/),
  },
  {
    ...{ id: 'seed.oadp', level: 'warn', reason: /not installed/ },
    objects: drop('ClusterServiceVersion', /^oadp/),
    facts: known => ({ ...known, imageFor: 'install' }),
  },
  {
    ...{ id: 'seed.oadp', level: 'block', reason: /older than 1.3.1$/ },
    objects: change('ClusterServiceVersion', { spec: { version: '1.3.0' } }, /^oadp/),
  },
]

const onSeedFaults: readonly Fault[] = [
  {
    ...{ id: 'seed.no-persistent-volume', reason: /^there is pv$/ },
    objects: add('seed', 'PersistentVolume', { name: 'pv' }),
  },
  { id: 'seed.no-local-volume', reason: /x$/, objects: add('seed', 'LocalVolume') },
  { id: 'seed.no-lvm-cluster', reason: /x$/, objects: add('seed', 'LVMCluster') },
  {
    ...{ id: 'seed.no-data-protection', reason: /x$/ },
    objects: add('seed', 'DataProtectionApplication', { namespace: 'openshift-adp' }),
  },
  {
    ...{ id: 'seed.storage-classes', level: 'warn', reason: /x$/ },
    objects: add('seed', 'StorageClass', {
      more: { provisioner: 'kubernetes.io/no-provisioner' },
    }),
  },
  { id: 'seed.no-fec', reason: /x$/, objects: add('seed', 'SriovFecClusterConfig') },
  {
    ...{ id: 'seed.no-vrb', reason: /x$/ },
    objects: healthy => {
      const history = [{ state: 'Completed', version: '4.19.0' }]
      const newer = change('ClusterVersion', { status: { history } })(healthy)
      return add('seed', 'SriovVrbClusterConfig')(newer)
    },
    facts: known => ({ ...known, imageTemplate: null }),
  },
  ...(
    [
      ['seed.olm-pprof-off', drop('ConfigMap', /^collect-profiles-config$/)],
      ['seed.tuned-patch', drop('Tuned')],
      ['seed.sriov-operator-config', drop('SriovOperatorConfig')],
      [
        'seed.network-diagnostics-off',
        change('Network', { spec: { disableNetworkDiagnostics: false } }),
      ],
    ] as const
  ).map(([id, objects]) => ({
    id,
    level: 'warn' as const,
    reason: /RAN DU profile has it/,
    objects,
  })),
  {
    ...{ id: 'seed.cluster-logging', level: 'warn', reason: /RAN DU profile has it/ },
    objects: healthy => {
      const history = [{ state: 'Completed', version: '4.16.0' }]
      return change('ClusterVersion', { status: { history } })(drop('ClusterLogging')(healthy))
    },
    facts: known => ({ ...known, imageTemplate: null }),
  },
  {
    ...{ id: 'seed.disk-space', level: 'warn', reason: /^10 GiB free$/ },
    objects: change('NodeSummary', { status: { node: { fs: { availableBytes: 10 * 2 ** 30 } } } }),
  },
  { id: 'seed.disk-space', level: 'warn', reason: /does not say/, objects: drop('NodeSummary') },
  {
    ...{ id: 'seed.container-partition', reason: /nothing shows/ },
    objects: drop('MachineConfig', /^rendered/),
  },
  {
    ...{ id: 'seed.container-partition', reason: /nothing shows/ },
    objects: healthy => {
      const spec = { clusterName: 'sno1', nodes: [{ ignitionConfigOverride: '{' }] }
      const changed = change('ClusterInstance', { spec })(healthy)
      return drop('MachineConfig', /^rendered/)(changed)
    },
  },
  {
    ...{ id: 'seed.dnsmasq', reason: /nothing brings/ },
    objects: drop('MachineConfig', /^50-master/),
  },
  {
    ...{ id: 'seed.access', reason: /may not create/ },
    facts: known => ({ ...known, access: present({ proven: false, reason: 'may not create' }) }),
  },
  {
    ...{ id: 'seed.access', reason: /it does not work/ },
    facts: known => ({ ...known, access: present({ proven: false, reason: null }) }),
  },
  { id: 'seed.access', reason: /was found/, facts: known => ({ ...known, access: absent }) },
  { id: 'seed.pull-secret', reason: /not there/, objects: drop('Secret', /^pull-secret$/) },
  ...[
    '{"auths":{"registry.connect.redhat.com":{"username":"empty","password":"empty"}}}',
    `{"auths":{"registry.connect.redhat.com":{"auth":"${base64('empty:empty')}"}}}`,
    '{"auths":null}',
    '{',
  ].map(text => ({ id: 'seed.pull-secret', reason: /the dummy/, objects: pullSecret(text) })),
  {
    ...{ id: 'seed.not-a-hub', reason: /multiclusterhubs/ },
    objects: crd('multiclusterhubs.operator.open-cluster-management.io'),
  },
  {
    ...{ id: 'seed.addon-namespaces', level: 'warn', reason: /observability$/ },
    objects: add('seed', 'Namespace', { name: 'open-cluster-management-addon-observability' }),
  },
  {
    ...{ id: 'seed.residue', level: 'warn', reason: /sealedsecrets/ },
    objects: crd('sealedsecrets.bitnami.com'),
  },
  {
    id: 'seed.residue',
    level: 'warn',
    reason: /^Certificates/,
    objects: add('seed', 'Certificate'),
  },
  {
    ...{ id: 'seed.residue', level: 'warn', reason: /^namedCertificates/ },
    objects: change('APIServer', { spec: { servingCerts: { namedCertificates: [{}] } } }),
  },
  {
    ...{ id: 'seed.residue', level: 'warn', reason: /^credentials in ns\/robot$/ },
    objects: add('seed', 'Secret', {
      ...{ name: 'robot', namespace: 'ns', more: { type: 'kubernetes.io/dockerconfigjson' } },
    }),
  },
  {
    ...{ id: 'seed.site-specific', level: 'warn', reason: /^PtpConfig x$/ },
    objects: add('seed', 'PtpConfig'),
  },
]

/** What can be wrong on the seed. */
export const seedFaults: readonly Fault[] = [healthFaults, agentFaults, onSeedFaults].flat()
