import { made, type Placed } from './objects.ts'

const current = 'machineconfiguration.openshift.io/currentConfig'
const role = { 'machineconfiguration.openshift.io/role': 'master' }
const mcApi = 'machineconfiguration.openshift.io/v1'

const config = (kind: string, name: string, more: object = {}): Placed =>
  made(['config.openshift.io/v1', kind, name], more)
const node = (status: object = {}): Placed =>
  made(['v1', 'Node', 'node-1'], { metadata: { annotations: { [current]: 'rendered-1' } }, status })
const rendered = (spec: object): readonly Placed[] => [
  node(),
  made([mcApi, 'MachineConfig', 'rendered-1'], { spec }),
]
const machineConfig = (name: string, more: object = {}): Placed =>
  made([mcApi, 'MachineConfig', name], { metadata: { labels: role }, ...more })
const ignition = (partition: object, what = '/dev/disk/by-partlabel/varlibcontainers'): object => ({
  config: {
    storage: {
      disks: [{ partitions: [{ label: 'varlibcontainers', ...partition }] }],
      filesystems: [
        { path: '/var/lib/containers', device: '/dev/disk/by-partlabel/varlibcontainers' },
      ],
    },
    systemd: { units: [{ name: 'var-lib-containers.mount', contents: `[Mount]\nWhat=${what}\n` }] },
  },
})
const version = (desired: string): Placed =>
  config('ClusterVersion', 'version', { status: { desired: { version: desired } } })
const bundle = (text: string): Placed =>
  made(['v1', 'ConfigMap', 'openshift-config/user-ca-bundle'], { data: { 'ca-bundle.crt': text } })
const proxy = (spec: object): Placed => config('Proxy', 'cluster', { spec })
const network = (...cidrs: readonly string[]): Placed =>
  config('Network', 'cluster', { status: { clusterNetwork: cidrs.map(cidr => ({ cidr })) } })
const profile = (spec: object): Placed =>
  made(['performance.openshift.io/v2', 'PerformanceProfile', 'openshift-node'], { spec })
const subscription = (name: string, channel?: string): Placed =>
  made(['operators.coreos.com/v1alpha1', 'Subscription', `ns/${name}`], {
    spec: { ...(channel === undefined ? {} : { name }), channel },
  })

/** What a seed has, and targets with which a row finds it equal and different. */
export type RowFixture = Readonly<{
  id: string
  seed: readonly Placed[]
  equal: readonly Placed[]
  different: readonly Placed[]
  /** How the row says it. */
  reason: RegExp
  agent?: RegExp
  level?: 'warn'
}>

const unsupported = 'this combination is not supported'

/** Of every row that reads a cluster, at least one. */
export const rowFixtures: readonly RowFixture[] = [
  {
    id: 'equal.version',
    seed: [version('4.18.5')],
    equal: [version('4.17.9')],
    different: [version('4.18.5')],
    reason: /^the seed has 4\.18\.5, the target 4\.18\.5$/,
    agent: /^seed OCP version \(4\.18\.5\) must be higher than current OCP version \(4\.18\.5\)$/,
  },
  {
    id: 'equal.proxy',
    seed: [proxy({ httpProxy: 'http://a:3128' })],
    equal: [proxy({ noProxy: '.example.com' })],
    different: [proxy({ trustedCA: { name: '' } })],
    reason: /^only on the seed: on; only on the target: off$/,
    agent: /^seed image has a proxy but the cluster being upgraded does not/,
  },
  {
    id: 'equal.proxy',
    seed: [proxy({})],
    equal: [],
    different: [proxy({ httpsProxy: 'http://a' })],
    reason: /off.*on/,
    agent: new RegExp(`^seed image does not have a proxy but .* does, ${unsupported}$`),
  },
  {
    id: 'equal.fips',
    seed: rendered({ fips: true }),
    equal: rendered({ fips: true }),
    different: rendered({ fips: false }),
    reason: /seed: on/,
    agent: /^seed image has FIPS enabled but the cluster being upgraded does not/,
  },
  {
    id: 'equal.fips',
    seed: rendered({}),
    equal: rendered({ fips: false }),
    different: rendered({ fips: true }),
    reason: /seed: off/,
    agent: /^seed image does not have FIPS enabled but/,
  },
  {
    id: 'equal.trust-bundle',
    seed: [bundle('PEM'), proxy({ trustedCA: { name: 'user-ca-bundle' } })],
    equal: [bundle('OTHER'), proxy({ trustedCA: { name: 'user-ca-bundle' } })],
    different: [proxy({})],
    reason: /user-ca-bundle: yes/,
    agent: /^seed image has an openshift-config\/user-ca-bundle configmap but/,
  },
  {
    id: 'equal.trust-bundle',
    seed: [proxy({})],
    equal: [bundle('')],
    different: [bundle('PEM')],
    reason: /user-ca-bundle: no/,
    agent: /^seed image does not have an openshift-config\/user-ca-bundle configmap/,
  },
  {
    id: 'equal.trust-bundle',
    seed: [bundle('PEM'), proxy({})],
    equal: [bundle('PEM')],
    different: [bundle('PEM'), proxy({ trustedCA: { name: 'corporate' } })],
    reason: /trustedCA: none; only on the target: trustedCA: corporate/,
    agent: /configmap name "" \(oc get proxy -oyaml\) mismatches cluster's name "corporate"/,
  },
  {
    id: 'equal.container-mount',
    seed: rendered(ignition({ startMiB: 1 })),
    equal: rendered(ignition({ startMiB: 2 })),
    different: rendered(ignition({ startMiB: 1 }, '/dev/sdb1')),
    reason: /sdb1/,
    agent:
      /^container storage mountpoint target mismatch: seed=\/dev\/disk.*, cluster=\/dev\/sdb1$/,
  },
  {
    id: 'equal.container-partition',
    seed: rendered(ignition({ startMiB: 250000, sizeMiB: 0 })),
    equal: rendered(ignition({ startMiB: 250000 })),
    different: rendered(ignition({ startMiB: 120000 })),
    reason: /startMiB: 250000.*startMiB: 120000/,
  },
  {
    id: 'equal.mirror',
    seed: [config('ImageDigestMirrorSet', 'mirrors')],
    equal: [made(['operator.openshift.io/v1alpha1', 'ImageContentSourcePolicy', 'old'])],
    different: [config('ImageTagMirrorSet', 'does-not-count')],
    reason: /seed: yes; .*target: no/,
  },
  {
    id: 'equal.ip-version',
    seed: [network('10.0.0.0/14', 'fd01::/48'), node()],
    equal: [network('fd02::/48', '10.0.0.0/14'), node()],
    different: [
      network('fd01::/48'),
      node({
        addresses: [
          { type: 'Hostname', address: 'a' },
          { type: 'InternalIP', address: 'fd00::1' },
        ],
      }),
    ],
    reason: /^only on the seed: IPv4$/,
  },
  {
    id: 'equal.cpu',
    seed: [node({ capacity: { cpu: '64' } })],
    equal: [node({ capacity: { cpu: '64' } })],
    different: [node({ capacity: { cpu: '104' } })],
    reason: /64.*104/,
  },
  {
    id: 'equal.cpu-architecture',
    seed: [node({ nodeInfo: { architecture: 'amd64' } })],
    equal: [node({ nodeInfo: { architecture: 'x86_64' } })],
    different: [node({ nodeInfo: { architecture: 'arm64' } })],
    reason: /x86_64.*aarch64/,
  },
  {
    id: 'equal.cpu-partitioning',
    seed: [config('Infrastructure', 'cluster', { status: { cpuPartitioning: 'AllNodes' } })],
    equal: [config('Infrastructure', 'cluster', { status: { cpuPartitioning: 'AllNodes' } })],
    different: [config('Infrastructure', 'cluster', { status: { cpuPartitioning: 'None' } })],
    reason: /AllNodes.*None/,
  },
  {
    id: 'equal.cgroup',
    seed: [config('Node', 'cluster', { spec: {} })],
    equal: [config('Node', 'cluster', { spec: { cgroupMode: 'v2' } })],
    different: [config('Node', 'cluster', { spec: { cgroupMode: 'v1' } })],
    reason: /v2.*v1/,
  },
  {
    id: 'equal.performance-profile',
    seed: [
      profile({ cpu: { reserved: '0-1', isolated: '2-63' }, realTimeKernel: { enabled: false } }),
    ],
    equal: [profile({ cpu: { isolated: '2-63', reserved: '0-1' } })],
    different: [profile({ cpu: { reserved: '0-3', isolated: '4-63' } })],
    reason: /cpu\.isolated: 2-63, cpu\.reserved: 0-1; only on the target: .*cpu\.reserved: 0-3/,
  },
  {
    id: 'equal.machine-configs',
    level: 'warn',
    seed: [
      machineConfig('50-a', { spec: { a: 1, b: 2 } }),
      machineConfig('rendered-9'),
      machineConfig('00-master', { spec: { version: 1 } }),
      machineConfig('01-master-kubelet', {
        metadata: {
          labels: role,
          annotations: { 'machineconfiguration.openshift.io/generated-by-controller-version': 'a' },
        },
        spec: { of: 'this version' },
      }),
    ],
    equal: [
      machineConfig('50-a', { spec: { b: 2, a: 1 } }),
      machineConfig('01-master-kubelet', {
        metadata: {
          labels: role,
          annotations: { 'machineconfiguration.openshift.io/generated-by-controller-version': 'b' },
        },
        spec: { of: 'another version' },
      }),
      made([mcApi, 'MachineConfig', '50-of-workers']),
    ],
    different: [machineConfig('50-a', { spec: { a: 2 } })],
    reason: /only on the target: 50-a [0-9a-f]{12}$/,
  },
  {
    id: 'equal.operators',
    seed: [subscription('sriov', 'stable'), subscription('ptp')],
    equal: [subscription('ptp'), subscription('sriov', 'stable')],
    different: [subscription('ptp', '4.18'), subscription('logging', 'stable')],
    reason: /^the seed has no operator: logging stable, ptp 4\.18$/,
  },
  {
    id: 'equal.operators',
    level: 'warn',
    seed: [subscription('sriov', 'stable'), subscription('ptp')],
    equal: [subscription('sriov', 'stable'), subscription('ptp')],
    different: [subscription('ptp')],
    reason: /^the target has no operator: sriov stable$/,
  },
]
