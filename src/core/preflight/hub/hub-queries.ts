import { absent, present, type Seen } from '../../seen.ts'
import { textAt } from '../field.ts'
import { queryOn, type Answer, type Query, type ReadObject } from '../query.ts'

const on = queryOn('hub')
const namespace = '{cluster}'
const optional = true as const

/** The queries on the hub; manifests/base/cluster-role.yaml allows just these. */
export const hubQueries = {
  /** Reads all namespaces: neither the name nor the namespace is tied to the cluster (siteconfig validator.go). */
  clusterInstances: on(
    'siteconfig.open-cluster-management.io/v1alpha1',
    'clusterinstances',
    'ClusterInstance',
  ),
  /** Named after the cluster (siteconfig assisted-installer/template.go:129-141). */
  managedCluster: on('cluster.open-cluster-management.io/v1', 'managedclusters', 'ManagedCluster', {
    name: '{cluster}',
  }),
  /** Beside the Applications in Argo CD's own namespace. */
  appProjects: on('argoproj.io/v1alpha1', 'appprojects', 'AppProject', { namespace: '{argocd}' }),
  addons: on(
    'addon.open-cluster-management.io/v1alpha1',
    'managedclusteraddons',
    'ManagedClusterAddOn',
    { namespace },
  ),
  bareMetalHosts: on('metal3.io/v1alpha1', 'baremetalhosts', 'BareMetalHost', { namespace }),
  /** Where `hostRef` of the ClusterInstance puts the host into another namespace. */
  hostsElsewhere: on('metal3.io/v1alpha1', 'baremetalhosts', 'BareMetalHost', {
    namespace: '{host-namespace}',
  }),
  clusterDeployments: on('hive.openshift.io/v1', 'clusterdeployments', 'ClusterDeployment', {
    ...{ namespace, optional },
  }),
  /** Present with image-based installations. */
  imageClusterInstalls: on(
    'extensions.hive.openshift.io/v1alpha1',
    'imageclusterinstalls',
    'ImageClusterInstall',
    { namespace, optional },
  ),
  dataImages: on('metal3.io/v1alpha1', 'dataimages', 'DataImage', { namespace, optional }),
  autoImport: on('v1', 'secrets', 'Secret', { namespace, name: 'auto-import-secret' }),
  policies: on('policy.open-cluster-management.io/v1', 'policies', 'Policy', {
    ...{ namespace, optional },
  }),
  groupUpgrades: on('ran.openshift.io/v1alpha1', 'clustergroupupgrades', 'ClusterGroupUpgrade', {
    optional,
  }),
  imageGroupUpgrades: on(
    'lcm.openshift.io/v1alpha1',
    'imagebasedgroupupgrades',
    'ImageBasedGroupUpgrade',
    { optional },
  ),
  multiClusterHubs: on(
    'operator.open-cluster-management.io/v1',
    'multiclusterhubs',
    'MultiClusterHub',
    { optional },
  ),
} as const satisfies Readonly<Record<string, Query>>

/** The ClusterInstances of one cluster; absent where there is none. */
export const instancesOf = (answer: Answer, cluster: string): Seen<readonly ReadObject[]> => {
  if (answer.seen !== 'present') return answer
  const found = ofCluster(answer.value, cluster)
  return found.length === 0 ? absent : present(found)
}

/** The ClusterInstances of one cluster among all of them. */
export const ofCluster = (all: readonly ReadObject[], cluster: string): readonly ReadObject[] =>
  all.filter(object => textAt(object, 'spec', 'clusterName') === cluster)
