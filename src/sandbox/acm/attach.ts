import { keyOf } from '../kubernetes/object-store.ts'
import { isRecord } from '../kubernetes/requests/parse-object.ts'
import { setCondition } from '../set-condition.ts'
import type { ObjectStore, StoredObject } from '../kubernetes/object-store.ts'
import type { World } from '../world.ts'
import type { ConditionValue } from '../set-condition.ts'

/** stolostron/managedcluster-import-controller constants.go:58,126; OCM api cluster/v1/types.go:292. */
export const managedClusterFinalizers = [
  'managedcluster-import-controller.open-cluster-management.io/cleanup',
  'managedcluster-import-controller.open-cluster-management.io/manifestwork-cleanup',
  'cluster.open-cluster-management.io/api-resource-cleanup',
]

/** Holds a ManifestWork until the agent has taken its contents off the cluster. */
export const workFinalizer = 'cluster.open-cluster-management.io/manifest-work-cleanup'

/** Holds an add-on until its agent is gone from the cluster. */
export const addonFinalizer = 'cluster.open-cluster-management.io/addon-pre-delete'

/** Marks the namespace of a managed cluster on the hub. */
export const namespaceLabel = 'cluster.open-cluster-management.io/managedCluster'

export const addonKind = {
  apiVersion: 'addon.open-cluster-management.io/v1alpha1',
  kind: 'ManagedClusterAddOn',
}
export const workKind = { apiVersion: 'work.open-cluster-management.io/v1', kind: 'ManifestWork' }
export const crdKind = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
}
export const namespaceKind = { apiVersion: 'v1', kind: 'Namespace' }

const addons = ['work-manager', 'governance-policy-framework', 'config-policy-controller']

/** Namespaces that the klusterlet brings to a managed cluster beside its CRDs. */
export const agentNamespaces = [
  'open-cluster-management-agent',
  'open-cluster-management-agent-addon',
]

type Crd = Readonly<{ group: string; kind: string; plural: string }>

const klusterletCrds: readonly Crd[] = [
  { group: 'operator.open-cluster-management.io', kind: 'Klusterlet', plural: 'klusterlets' },
  {
    group: 'work.open-cluster-management.io',
    kind: 'AppliedManifestWork',
    plural: 'appliedmanifestworks',
  },
]

/** The names of the klusterlet's CRDs; the first is the one that the Lifecycle Agent looks for. */
export const klusterletCrdNames = klusterletCrds.map(({ group, plural }) => `${plural}.${group}`)

const ensure = (store: ObjectStore, object: StoredObject): void => {
  if (!store.get(keyOf(object))) store.create(object)
}

const namespaceOf = (name: string, labels: Record<string, string> = {}): StoredObject => ({
  ...namespaceKind,
  metadata: { name, labels: { 'kubernetes.io/metadata.name': name, ...labels } },
  status: { phase: 'Active' },
})

const installKlusterlet = (seed: ObjectStore): void => {
  for (const { group, kind, plural } of klusterletCrds)
    ensure(seed, {
      ...crdKind,
      metadata: { name: `${plural}.${group}` },
      spec: {
        group,
        names: { kind, plural, singular: kind.toLowerCase(), listKind: `${kind}List` },
        scope: 'Cluster',
        versions: [{ name: 'v1', served: true, storage: true, subresources: { status: {} } }],
      },
    })
  for (const name of agentNamespaces) ensure(seed, namespaceOf(name))
}

const available: ConditionValue = {
  type: 'ManagedClusterConditionAvailable',
  status: 'True',
  reason: 'ManagedClusterAvailable',
  message: 'Managed cluster is available',
}

const notAvailable: ConditionValue = {
  type: 'ManagedClusterConditionAvailable',
  status: 'Unknown',
  reason: 'ManagedClusterLeaseUpdateStopped',
  message: 'Registration agent stopped updating its lease.',
}

const joined: readonly ConditionValue[] = [
  {
    type: 'HubAcceptedManagedCluster',
    status: 'True',
    reason: 'HubClusterAdminAccepted',
    message: 'Accepted by hub cluster admin',
  },
  {
    type: 'ManagedClusterImportSucceeded',
    status: 'True',
    reason: 'ManagedClusterImported',
    message: 'Import succeeded',
  },
  {
    type: 'ManagedClusterJoined',
    status: 'True',
    reason: 'ManagedClusterJoined',
    message: 'Managed cluster joined',
  },
]

const createAgents = ({ hub, clock }: World, cluster: string): void => {
  for (const name of addons) {
    const addon: StoredObject = {
      ...addonKind,
      metadata: { name, namespace: cluster, finalizers: [addonFinalizer] },
      spec: { installNamespace: 'open-cluster-management-agent-addon' },
    }
    setCondition(
      addon,
      {
        type: 'Available',
        status: 'True',
        reason: 'ManagedClusterAddOnLeaseUpdated',
        message: `${name} add-on is available.`,
      },
      clock.now(),
    )
    ensure(hub, addon)
  }
  for (const suffix of ['klusterlet', 'klusterlet-crds'])
    ensure(hub, {
      ...workKind,
      metadata: {
        name: `${cluster}-${suffix}`,
        namespace: cluster,
        finalizers: [workFinalizer],
      },
      spec: { workload: { manifests: [] } },
    })
}

/** Imports a ManagedCluster, and keeps telling whether it is available. */
export const attach = (world: World, object: StoredObject, isAvailable: boolean): void => {
  const { name: cluster, finalizers = [] } = object.metadata
  const isNew = !finalizers.includes(managedClusterFinalizers[0] ?? '')
  const seed = world.seeds.get(cluster)
  if (isNew) {
    const labelled = namespaceOf(cluster, { [namespaceLabel]: cluster })
    ensure(world.hub, labelled)
    world.hub.change(keyOf(labelled), namespace => {
      namespace.metadata.labels = { ...namespace.metadata.labels, [namespaceLabel]: cluster }
    })
    createAgents(world, cluster)
    if (seed) installKlusterlet(seed.store)
  }
  const now = world.clock.now()
  world.hub.change(keyOf(object), changed => {
    changed.metadata.finalizers = [...new Set([...finalizers, ...managedClusterFinalizers])]
    for (const condition of [...joined, isAvailable ? available : notAvailable])
      setCondition(changed, condition, now)
    const version = seed?.version ?? '4.18.5'
    changed.metadata.labels = {
      vendor: 'OpenShift',
      cloud: 'BareMetal',
      name: cluster,
      openshiftVersion: version,
      ...changed.metadata.labels,
    }
    changed['status'] = {
      ...(isRecord(changed['status']) ? changed['status'] : {}),
      version: { kubernetes: 'v1.31.6' },
      clusterClaims: [
        { name: 'id.k8s.io', value: cluster },
        { name: 'product.open-cluster-management.io', value: 'OpenShift' },
        { name: 'version.openshift.io', value: version },
      ],
    }
  })
  if (isNew) world.tell('acm', `imported ${cluster}`, { managedCluster: cluster })
}
