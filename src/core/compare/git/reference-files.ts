/** The objects of a file of the reference configuration, where the repository names it and does not hold it. */
export type ReferenceFile = Readonly<{
  /** How its name begins. */
  begins: string
  apiVersion: string
  kind: string
  name?: string
  namespace?: string
  /** The fields of its base that a row asks for. */
  spec?: Readonly<Record<string, unknown>>
  data?: Readonly<Record<string, string>>
}>

const olm = 'operators.coreos.com/v1alpha1'
const sriov = 'sriovnetwork.openshift.io/v1'
const sriovNamespace = 'openshift-sriov-network-operator'

/** The files by which the policies of the RAN DU profile bring objects (telco-reference, source-crs); the first that fits counts. */
export const referenceFiles: readonly ReferenceFile[] = [
  {
    begins: 'PerformanceProfile',
    apiVersion: 'performance.openshift.io/v2',
    kind: 'PerformanceProfile',
  },
  { begins: 'TunedPerformancePatch', apiVersion: 'tuned.openshift.io/v1', kind: 'Tuned' },
  {
    ...{ begins: 'PtpOperatorConfigForEvent', apiVersion: 'ptp.openshift.io/v1' },
    ...{ kind: 'PtpOperatorConfig', name: 'default', namespace: 'openshift-ptp' },
    spec: { ptpEventConfig: { enableEventPublisher: true } },
  },
  {
    ...{ begins: 'PtpOperatorConfig', apiVersion: 'ptp.openshift.io/v1' },
    ...{ kind: 'PtpOperatorConfig', name: 'default', namespace: 'openshift-ptp' },
  },
  {
    begins: 'PtpConfig',
    apiVersion: 'ptp.openshift.io/v1',
    kind: 'PtpConfig',
    namespace: 'openshift-ptp',
  },
  {
    ...{ begins: 'SriovOperatorConfig', apiVersion: sriov, kind: 'SriovOperatorConfig' },
    ...{ name: 'default', namespace: sriovNamespace },
  },
  {
    begins: 'SriovNetworkNodePolicy',
    apiVersion: sriov,
    kind: 'SriovNetworkNodePolicy',
    namespace: sriovNamespace,
  },
  { begins: 'SriovNetwork', apiVersion: sriov, kind: 'SriovNetwork', namespace: sriovNamespace },
  {
    begins: 'SriovFecClusterConfig',
    apiVersion: 'sriovfec.intel.com/v2',
    kind: 'SriovFecClusterConfig',
  },
  {
    begins: 'SriovVrbClusterConfig',
    apiVersion: 'sriovvrb.intel.com/v1',
    kind: 'SriovVrbClusterConfig',
  },
  { begins: 'ClusterLogging', apiVersion: 'logging.openshift.io/v1', kind: 'ClusterLogging' },
  {
    begins: 'ClusterLogForwarder',
    apiVersion: 'observability.openshift.io/v1',
    kind: 'ClusterLogForwarder',
  },
  {
    ...{ begins: 'ReduceMonitoringFootprint', apiVersion: 'v1', kind: 'ConfigMap' },
    ...{ name: 'cluster-monitoring-config', namespace: 'openshift-monitoring' },
  },
  {
    ...{ begins: 'DisableOLMPprof', apiVersion: 'v1', kind: 'ConfigMap' },
    ...{ name: 'collect-profiles-config', namespace: 'openshift-operator-lifecycle-manager' },
    data: { 'pprof-config.yaml': 'disabled: True\n' },
  },
  {
    ...{ begins: 'DisableSnoNetworkDiag', apiVersion: 'operator.openshift.io/v1' },
    ...{ kind: 'Network', name: 'cluster', spec: { disableNetworkDiagnostics: true } },
  },
  { begins: 'DefaultCatsrc', apiVersion: olm, kind: 'CatalogSource', name: 'default-cat-source' },
  { begins: 'StorageLVMCluster', apiVersion: 'lvm.topolvm.io/v1alpha1', kind: 'LVMCluster' },
  { begins: 'StorageLV', apiVersion: 'local.storage.openshift.io/v1', kind: 'LocalVolume' },
  {
    begins: 'DisconnectedIDMS',
    apiVersion: 'config.openshift.io/v1',
    kind: 'ImageDigestMirrorSet',
  },
  {
    ...{ begins: 'DisconnectedICSP', apiVersion: 'operator.openshift.io/v1alpha1' },
    kind: 'ImageContentSourcePolicy',
  },
]

const subscription = { begins: '', apiVersion: olm, kind: 'Subscription' }

/** Finds what a file of this name brings; undefined for one that no row asks for. */
export const referenceFile = (file: string): ReferenceFile | undefined =>
  /Subscription(?:V\d+|Notify|-\w+)?\.yaml$/.test(file)
    ? subscription
    : referenceFiles.find(({ begins }) => file.startsWith(begins))
