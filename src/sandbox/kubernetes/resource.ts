/** One kind that an API server serves. */
export type Resource = Readonly<{
  group: string
  version: string
  kind: string
  plural: string
  namespaced: boolean
  /** True when `/status` is a subresource, so that a write to the object itself leaves the status alone. */
  status: boolean
}>

type Traits = Readonly<{ scope: 'Namespaced' | 'Cluster'; status?: boolean }>

const resource = (
  apiVersion: string,
  kind: string,
  { scope, status = false }: Traits,
  plural = `${kind.toLowerCase()}s`,
): Resource => {
  const [version = '', group = ''] = apiVersion.split('/').reverse()
  return { group, version, kind, plural, namespaced: scope === 'Namespaced', status }
}

const namespaced: Traits = { scope: 'Namespaced' }
const namespacedWithStatus: Traits = { scope: 'Namespaced', status: true }
const cluster: Traits = { scope: 'Cluster' }
const clusterWithStatus: Traits = { scope: 'Cluster', status: true }

const everywhere: readonly Resource[] = [
  resource('v1', 'Namespace', clusterWithStatus),
  resource('v1', 'Secret', namespaced),
  resource('v1', 'ConfigMap', namespaced),
  resource('v1', 'ServiceAccount', namespaced),
  resource('rbac.authorization.k8s.io/v1', 'Role', namespaced),
  resource('rbac.authorization.k8s.io/v1', 'RoleBinding', namespaced),
  resource('rbac.authorization.k8s.io/v1', 'ClusterRole', cluster),
  resource('rbac.authorization.k8s.io/v1', 'ClusterRoleBinding', cluster),
  resource('v1', 'Node', clusterWithStatus),
  resource('v1', 'PersistentVolume', clusterWithStatus),
  resource('apiextensions.k8s.io/v1', 'CustomResourceDefinition', clusterWithStatus),
  resource('coordination.k8s.io/v1', 'Lease', namespaced),
  resource('events.k8s.io/v1', 'Event', namespaced),
  resource('apps/v1', 'Deployment', namespacedWithStatus),
  resource('batch/v1', 'CronJob', namespacedWithStatus),
  resource('config.openshift.io/v1', 'ClusterVersion', clusterWithStatus),
  resource('config.openshift.io/v1', 'ClusterOperator', clusterWithStatus),
  resource('config.openshift.io/v1', 'Infrastructure', clusterWithStatus),
  resource('config.openshift.io/v1', 'APIServer', clusterWithStatus),
  resource('operators.coreos.com/v1alpha1', 'ClusterServiceVersion', namespacedWithStatus),
  resource('bitnami.com/v1alpha1', 'SealedSecret', namespacedWithStatus),
]

/** Kinds that the hub's API serves beside those of the CustomResourceDefinitions in its store. */
export const hubResources: readonly Resource[] = [
  ...everywhere,
  // Argo CD's CRDs have no status subresource.
  resource('argoproj.io/v1alpha1', 'Application', namespaced),
  resource('argoproj.io/v1alpha1', 'AppProject', namespaced),
  resource(
    'siteconfig.open-cluster-management.io/v1alpha1',
    'ClusterInstance',
    namespacedWithStatus,
  ),
  resource('cluster.open-cluster-management.io/v1', 'ManagedCluster', clusterWithStatus),
  resource(
    'addon.open-cluster-management.io/v1alpha1',
    'ManagedClusterAddOn',
    namespacedWithStatus,
  ),
  resource('work.open-cluster-management.io/v1', 'ManifestWork', namespacedWithStatus),
  resource('agent.open-cluster-management.io/v1', 'KlusterletAddonConfig', namespacedWithStatus),
  resource('metal3.io/v1alpha1', 'BareMetalHost', namespacedWithStatus),
  resource('hive.openshift.io/v1', 'ClusterDeployment', namespacedWithStatus),
  resource('operator.open-cluster-management.io/v1', 'MultiClusterHub', namespacedWithStatus),
  resource('extensions.hive.openshift.io/v1beta1', 'AgentClusterInstall', namespacedWithStatus),
  resource('agent-install.openshift.io/v1beta1', 'InfraEnv', namespacedWithStatus),
  resource('agent-install.openshift.io/v1beta1', 'NMStateConfig', namespaced),
]

/** Kinds that a seed cluster's API serves beside those of the CustomResourceDefinitions in its store. */
export const seedResources: readonly Resource[] = [
  ...everywhere,
  resource('lca.openshift.io/v1', 'SeedGenerator', clusterWithStatus),
  resource('lca.openshift.io/v1', 'ImageBasedUpgrade', clusterWithStatus),
  resource('config.openshift.io/v1', 'Proxy', clusterWithStatus, 'proxies'),
  resource('config.openshift.io/v1', 'Image', clusterWithStatus),
  resource('certificates.k8s.io/v1', 'CertificateSigningRequest', clusterWithStatus),
  resource('storage.k8s.io/v1', 'StorageClass', cluster, 'storageclasses'),
  resource('machineconfiguration.openshift.io/v1', 'MachineConfig', cluster),
  resource('machineconfiguration.openshift.io/v1', 'MachineConfigPool', clusterWithStatus),
]
