import { absent, present, type Seen } from '../../seen.ts'
import { textAt } from '../field.ts'
import { queryOn, type Answer, type Query, type ReadObject } from '../query.ts'

const on = queryOn('hub')
const namespace = '{cluster}'

/** What is read on the hub; manifests/base/cluster-role.yaml allows just that. */
export const hubQueries = {
  /** Of all namespaces: neither the name nor the namespace is tied to the cluster (siteconfig validator.go). */
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
  bareMetalHosts: on('metal3.io/v1alpha1', 'baremetalhosts', 'BareMetalHost', { namespace }),
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
