import { queryOn, type Query, type ReadObject } from '../query.ts'

const on = queryOn('seed')
const optional = true as const
const crd = (name: string): Query =>
  on('apiextensions.k8s.io/v1', 'customresourcedefinitions', 'CustomResourceDefinition', { name })
const oadpNamespace = 'openshift-adp'

/** The queries on the seed, with its admin kubeconfig. */
export const seedQueries = {
  seedGenerator: on('lca.openshift.io/v1', 'seedgenerators', 'SeedGenerator', {
    name: 'seedimage',
  }),
  imageBasedUpgrade: on('lca.openshift.io/v1', 'imagebasedupgrades', 'ImageBasedUpgrade', {
    ...{ name: 'upgrade', optional },
  }),
  /** Since the Lifecycle Agent 4.20. */
  ipConfigs: on('lca.openshift.io/v1', 'ipconfigs', 'IPConfig', { optional }),
  infrastructure: on('config.openshift.io/v1', 'infrastructures', 'Infrastructure', {
    name: 'cluster',
  }),
  clusterVersion: on('config.openshift.io/v1', 'clusterversions', 'ClusterVersion', {
    name: 'version',
  }),
  clusterOperators: on('config.openshift.io/v1', 'clusteroperators', 'ClusterOperator'),
  apiServer: on('config.openshift.io/v1', 'apiservers', 'APIServer', { name: 'cluster' }),
  nodes: on('v1', 'nodes', 'Node'),
  /** The file systems as the kubelet gives them. */
  nodeSummary: on('v1', 'nodes/proxy', 'NodeSummary', { name: '{node}', path: 'stats/summary' }),
  namespaces: on('v1', 'namespaces', 'Namespace'),
  secrets: on('v1', 'secrets', 'Secret'),
  pullSecret: on('v1', 'secrets', 'Secret', { namespace: 'openshift-config', name: 'pull-secret' }),
  persistentVolumes: on('v1', 'persistentvolumes', 'PersistentVolume'),
  storageClasses: on('storage.k8s.io/v1', 'storageclasses', 'StorageClass'),
  localVolumes: on('local.storage.openshift.io/v1', 'localvolumes', 'LocalVolume', { optional }),
  lvmClusters: on('lvm.topolvm.io/v1alpha1', 'lvmclusters', 'LVMCluster', { optional }),
  dataProtection: on(
    'oadp.openshift.io/v1alpha1',
    'dataprotectionapplications',
    'DataProtectionApplication',
    { namespace: oadpNamespace, optional },
  ),
  machineConfigs: on('machineconfiguration.openshift.io/v1', 'machineconfigs', 'MachineConfig'),
  machineConfigPools: on(
    'machineconfiguration.openshift.io/v1',
    'machineconfigpools',
    'MachineConfigPool',
  ),
  csrs: on('certificates.k8s.io/v1', 'certificatesigningrequests', 'CertificateSigningRequest'),
  csvs: on('operators.coreos.com/v1alpha1', 'clusterserviceversions', 'ClusterServiceVersion'),
  lifecycleAgent: on('apps/v1', 'deployments', 'Deployment', {
    ...{ namespace: '{lifecycle-agent}', name: 'lifecycle-agent-controller-manager' },
  }),
  sriovStates: on(
    'sriovnetwork.openshift.io/v1',
    'sriovnetworknodestates',
    'SriovNetworkNodeState',
    {
      optional,
    },
  ),
  klusterletCrd: crd('klusterlets.operator.open-cluster-management.io'),
  sriovCrd: crd('sriovnetworknodestates.sriovnetwork.openshift.io'),
  multiClusterHubCrd: crd('multiclusterhubs.operator.open-cluster-management.io'),
  multiClusterEngineCrd: crd('multiclusterengines.multicluster.openshift.io'),
  sealedSecretCrd: crd('sealedsecrets.bitnami.com'),
  externalSecretCrd: crd('externalsecrets.external-secrets.io'),
  applicationCrd: crd('applications.argoproj.io'),
  sealedSecrets: on('bitnami.com/v1alpha1', 'sealedsecrets', 'SealedSecret', { optional }),
  /** External Secrets serves either version, or both. */
  externalSecrets: on('external-secrets.io/v1', 'externalsecrets', 'ExternalSecret', { optional }),
  olderExternalSecrets: on('external-secrets.io/v1beta1', 'externalsecrets', 'ExternalSecret', {
    optional,
  }),
  clusterExternalSecrets: on(
    ...(['external-secrets.io/v1', 'clusterexternalsecrets', 'ClusterExternalSecret'] as const),
    { optional },
  ),
  olderClusterExternalSecrets: on(
    ...([
      'external-secrets.io/v1beta1',
      'clusterexternalsecrets',
      'ClusterExternalSecret',
    ] as const),
    { optional },
  ),
  applications: on('argoproj.io/v1alpha1', 'applications', 'Application', { optional }),
  certificates: on('cert-manager.io/v1', 'certificates', 'Certificate', { optional }),
  ptpConfigs: on('ptp.openshift.io/v1', 'ptpconfigs', 'PtpConfig', { optional }),
  sriovNetworks: on('sriovnetwork.openshift.io/v1', 'sriovnetworks', 'SriovNetwork', { optional }),
  sriovPolicies: on(
    'sriovnetwork.openshift.io/v1',
    'sriovnetworknodepolicies',
    'SriovNetworkNodePolicy',
    { optional },
  ),
  logForwarders: on(
    'observability.openshift.io/v1',
    'clusterlogforwarders',
    'ClusterLogForwarder',
    {
      optional,
    },
  ),
  oldLogForwarders: on('logging.openshift.io/v1', 'clusterlogforwarders', 'ClusterLogForwarder', {
    optional,
  }),
} as const satisfies Readonly<Record<string, Query>>

/** The ClusterServiceVersion of the Lifecycle Agent where it was installed: OLM labels its copies `olm.copiedFrom`. */
export const isLifecycleAgent = ({ metadata: { name, labels } }: ReadObject): boolean =>
  name.startsWith('lifecycle-agent') && labels?.['olm.copiedFrom'] === undefined

/** The ClusterServiceVersion of OADP where the Lifecycle Agent looks for it (backuprestore/common.go:526-568). */
export const isOadp = ({ metadata: { name, namespace } }: ReadObject): boolean =>
  name.startsWith('oadp-operator') && namespace === oadpNamespace
