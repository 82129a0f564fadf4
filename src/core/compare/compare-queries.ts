import { queryOn } from '../preflight/query.ts'
import { seedQueries } from '../preflight/seed/seed-queries.ts'

const on = queryOn('seed')
const optional = true as const
const cluster = { name: 'cluster' }
const sriovNamespace = 'openshift-sriov-network-operator'

/** The queries of a comparison on a cluster: the seed as well as each target. */
export const compareQueries = {
  ...{ clusterVersion: seedQueries.clusterVersion, infrastructure: seedQueries.infrastructure },
  ...{ nodes: seedQueries.nodes, machineConfigs: seedQueries.machineConfigs },
  proxy: on('config.openshift.io/v1', 'proxies', 'Proxy', cluster),
  network: on('config.openshift.io/v1', 'networks', 'Network', cluster),
  nodesConfig: on('config.openshift.io/v1', 'nodes', 'Node', cluster),
  trustBundle: on('v1', 'configmaps', 'ConfigMap', {
    ...{ namespace: 'openshift-config', name: 'user-ca-bundle' },
  }),
  digestMirrors: on('config.openshift.io/v1', 'imagedigestmirrorsets', 'ImageDigestMirrorSet', {
    optional,
  }),
  contentSources: on(
    'operator.openshift.io/v1alpha1',
    'imagecontentsourcepolicies',
    'ImageContentSourcePolicy',
    { optional },
  ),
  performanceProfiles: on(
    'performance.openshift.io/v2',
    'performanceprofiles',
    'PerformanceProfile',
    {
      optional,
    },
  ),
  subscriptions: on('operators.coreos.com/v1alpha1', 'subscriptions', 'Subscription'),
  collectProfiles: on('v1', 'configmaps', 'ConfigMap', {
    ...{ namespace: 'openshift-operator-lifecycle-manager', name: 'collect-profiles-config' },
  }),
  tuneds: on('tuned.openshift.io/v1', 'tuneds', 'Tuned', { optional }),
  sriovOperatorConfigs: on(
    'sriovnetwork.openshift.io/v1',
    'sriovoperatorconfigs',
    'SriovOperatorConfig',
    {
      ...{ namespace: sriovNamespace, name: 'default', optional },
    },
  ),
  operatorNetwork: on('operator.openshift.io/v1', 'networks', 'Network', cluster),
  clusterLoggings: on('logging.openshift.io/v1', 'clusterloggings', 'ClusterLogging', { optional }),
  fecConfigs: on('sriovfec.intel.com/v2', 'sriovfecclusterconfigs', 'SriovFecClusterConfig', {
    optional,
  }),
  vrbConfigs: on('sriovvrb.intel.com/v1', 'sriovvrbclusterconfigs', 'SriovVrbClusterConfig', {
    optional,
  }),
  monitoringConfig: on('v1', 'configmaps', 'ConfigMap', {
    ...{ namespace: 'openshift-monitoring', name: 'cluster-monitoring-config' },
  }),
  ptpOperatorConfigs: on('ptp.openshift.io/v1', 'ptpoperatorconfigs', 'PtpOperatorConfig', {
    ...{ namespace: 'openshift-ptp', name: 'default', optional },
  }),
  catalogSources: on('operators.coreos.com/v1alpha1', 'catalogsources', 'CatalogSource'),
  ...{ logForwarders: seedQueries.logForwarders, oldLogForwarders: seedQueries.oldLogForwarders },
  ...{ ptpConfigs: seedQueries.ptpConfigs, sriovNetworks: seedQueries.sriovNetworks },
  sriovPolicies: seedQueries.sriovPolicies,
} as const
