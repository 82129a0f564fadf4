import { z } from 'zod'
import type { StoredObject } from '../kubernetes/object-store.ts'

const Extra = z.record(z.string(), z.record(z.string(), z.coerce.string()))

const Node = z.looseObject({
  hostName: z.string(),
  role: z.string().default('master'),
  bmcAddress: z.string().default(''),
  bmcCredentialsName: z.looseObject({ name: z.string() }).default({ name: '' }),
  bootMACAddress: z.string().default(''),
  automatedCleaningMode: z.string().default('disabled'),
  nodeNetwork: z
    .looseObject({ config: z.unknown(), interfaces: z.unknown() })
    .partial()
    .default({}),
  extraAnnotations: Extra.default({}),
  extraLabels: Extra.default({}),
})

/** The fields that siteconfig reads of a ClusterInstance. */
export const ClusterInstance = z.looseObject({
  spec: z.looseObject({
    clusterName: z.string(),
    baseDomain: z.string().default(''),
    clusterImageSetNameRef: z.string().default(''),
    pullSecretRef: z.looseObject({ name: z.string() }).default({ name: '' }),
    sshPublicKey: z.string().default(''),
    extraAnnotations: Extra.default({}),
    extraLabels: Extra.default({}),
    nodes: z.array(Node).default([]),
  }),
})

export type ClusterInstance = z.infer<typeof ClusterInstance>

/** A rendered object and its wave: applied upwards, deleted downwards. */
export type Manifest = Readonly<{ object: StoredObject; wave: number }>

/** The label by which siteconfig knows its own (stolostron/siteconfig ownership.go:31). */
export const ownedByLabel = 'siteconfig.open-cluster-management.io/owned-by'

type Extras = Readonly<{
  labels: ClusterInstance['spec']['extraLabels']
  annotations: ClusterInstance['spec']['extraAnnotations']
}>

type Part = Readonly<{
  apiVersion: string
  kind: string
  name: string
  namespace?: string
  wave: number
  annotations?: Readonly<Record<string, string>>
  spec: unknown
  status?: unknown
}>

const manifestOf = (part: Part, owner: string, extras: Extras): Manifest => ({
  wave: part.wave,
  object: {
    apiVersion: part.apiVersion,
    kind: part.kind,
    metadata: {
      name: part.name,
      ...(part.namespace === undefined ? {} : { namespace: part.namespace }),
      labels: { ...extras.labels[part.kind], [ownedByLabel]: owner },
      annotations: {
        'siteconfig.open-cluster-management.io/sync-wave': String(part.wave),
        ...part.annotations,
        ...extras.annotations[part.kind],
      },
    },
    spec: part.spec,
    ...(part.status === undefined ? {} : { status: part.status }),
  },
})

const clusterParts = ({ spec }: ClusterInstance): Part[] => {
  const name = spec.clusterName
  const place = { name, namespace: name }
  return [
    {
      ...place,
      apiVersion: 'hive.openshift.io/v1',
      kind: 'ClusterDeployment',
      wave: 1,
      spec: {
        baseDomain: spec.baseDomain,
        clusterInstallRef: {
          group: 'extensions.hive.openshift.io',
          kind: 'AgentClusterInstall',
          name,
          version: 'v1beta1',
        },
        clusterName: name,
        // Hive sets it when the installation is over, and with it never touches the hosts again.
        installed: true,
        platform: { agentBareMetal: { agentSelector: { matchLabels: { 'cluster-name': name } } } },
        pullSecretRef: spec.pullSecretRef,
      },
    },
    {
      ...place,
      apiVersion: 'extensions.hive.openshift.io/v1beta1',
      kind: 'AgentClusterInstall',
      wave: 1,
      spec: {
        clusterDeploymentRef: { name },
        imageSetRef: { name: spec.clusterImageSetNameRef },
        networking: {},
        provisionRequirements: {
          controlPlaneAgents: spec.nodes.filter(({ role }) => role === 'master').length,
        },
        sshPublicKey: spec.sshPublicKey,
      },
      status: { debugInfo: { state: 'adding-hosts', stateInfo: 'Cluster is installed' } },
    },
    {
      name,
      apiVersion: 'cluster.open-cluster-management.io/v1',
      kind: 'ManagedCluster',
      wave: 2,
      spec: { hubAcceptsClient: true },
    },
    {
      ...place,
      apiVersion: 'agent.open-cluster-management.io/v1',
      kind: 'KlusterletAddonConfig',
      wave: 2,
      spec: {
        clusterName: name,
        clusterNamespace: name,
        policyController: { enabled: true },
        searchCollector: { enabled: false },
      },
    },
  ]
}

// In the node templates of the assisted installer: one InfraEnv a host, with the host's name.
const nodeParts = (
  { clusterName, pullSecretRef, sshPublicKey }: ClusterInstance['spec'],
  node: z.infer<typeof Node>,
): Part[] => [
  {
    name: node.hostName,
    namespace: clusterName,
    apiVersion: 'agent-install.openshift.io/v1beta1',
    kind: 'InfraEnv',
    wave: 1,
    spec: {
      clusterRef: { name: clusterName, namespace: clusterName },
      pullSecretRef,
      sshAuthorizedKey: sshPublicKey,
    },
  },
  {
    name: node.hostName,
    namespace: clusterName,
    apiVersion: 'agent-install.openshift.io/v1beta1',
    kind: 'NMStateConfig',
    wave: 1,
    spec: { config: node.nodeNetwork.config ?? {}, interfaces: node.nodeNetwork.interfaces ?? [] },
  },
  {
    name: node.hostName,
    namespace: clusterName,
    apiVersion: 'metal3.io/v1alpha1',
    kind: 'BareMetalHost',
    wave: 3,
    annotations: {
      'bmac.agent-install.openshift.io/hostname': node.hostName,
      'bmac.agent-install.openshift.io/role': node.role,
      // assisted-service detaches a host that it has provisioned (bmh_agent_controller.go:664-731).
      'baremetalhost.metal3.io/detached': 'assisted-service-controller',
    },
    spec: {
      automatedCleaningMode: node.automatedCleaningMode,
      bmc: { address: node.bmcAddress, credentialsName: node.bmcCredentialsName.name },
      bootMACAddress: node.bootMACAddress,
      online: true,
    },
    status: {
      errorMessage: '',
      operationalStatus: 'detached',
      poweredOn: true,
      provisioning: { ID: node.bootMACAddress, state: 'provisioned' },
    },
  },
]

/** Renders what the templates for the assisted installer render, as after an installation. */
export const renderManifests = (
  clusterInstance: ClusterInstance,
  owner: string,
): readonly Manifest[] => {
  const { spec } = clusterInstance
  const extras = { labels: spec.extraLabels, annotations: spec.extraAnnotations }
  return [
    ...clusterParts(clusterInstance).map(part => manifestOf(part, owner, extras)),
    ...spec.nodes.flatMap(node =>
      nodeParts(spec, node).map(part =>
        manifestOf(part, owner, {
          labels: { ...extras.labels, ...node.extraLabels },
          annotations: { ...extras.annotations, ...node.extraAnnotations },
        }),
      ),
    ),
  ].sort((a, b) => a.wave - b.wave)
}
