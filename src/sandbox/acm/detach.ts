import { keyOf } from '../kubernetes/object-store.ts'
import {
  addonKind,
  agentNamespaces,
  crdKind,
  klusterletCrdNames,
  managedClusterFinalizers,
  namespaceKind,
  namespaceLabel,
  workKind,
} from './attach.ts'
import { conditionStatusOf, setCondition } from '../set-condition.ts'
import { isRecord } from '../kubernetes/requests/parse-object.ts'
import type { ObjectKey, ObjectStore, StoredObject } from '../kubernetes/object-store.ts'
import type { World } from '../world.ts'
import type { ConditionValue } from '../set-condition.ts'

const removeIfThere = (store: ObjectStore, key: ObjectKey): void => {
  if (store.get(key)) store.remove(key)
}

const dropFinalizers = (store: ObjectStore, object: StoredObject): void => {
  store.change(keyOf(object), changed => {
    changed.metadata.finalizers = []
  })
}

const isForced = (managedCluster: StoredObject): boolean => {
  const { spec } = managedCluster
  const isAccepted = isRecord(spec) && spec['hubAcceptsClient'] === true
  return (
    !isAccepted || conditionStatusOf(managedCluster, 'ManagedClusterConditionAvailable') !== 'True'
  )
}

const detaching: Pick<ConditionValue, 'reason' | 'message'> = {
  reason: 'ManagedClusterDetaching',
  message: 'The managed cluster is being detached now',
}

const forceDetaching: Pick<ConditionValue, 'reason' | 'message'> = {
  reason: 'ManagedClusterForceDetaching',
  message: 'The managed cluster is being detached by force',
}

const deletingOf = (remaining: readonly StoredObject[]): ConditionValue =>
  remaining.length === 0
    ? {
        type: 'Deleting',
        status: 'True',
        reason: 'NoResource',
        message: 'No cleaned resource in cluster ns.',
      }
    : {
        type: 'Deleting',
        status: 'False',
        reason: 'ResourceRemaining',
        message: `The resource ${[...new Set(remaining.map(({ kind }) => kind))].join(', ')} is remaining, the remaining count is ${remaining.length}`,
      }

// Asks for the deletion, and one poll later the agent has done its part and lets go.
const takeAway = (
  { hub }: World,
  objects: readonly StoredObject[],
  clean: () => void,
): 'asked' | 'gone' => {
  const asked = objects.filter(({ metadata }) => metadata.deletionTimestamp === undefined)
  for (const object of asked) hub.remove(keyOf(object))
  if (asked.length > 0) return 'asked'
  clean()
  for (const object of objects) dropFinalizers(hub, object)
  return 'gone'
}

const removeFromSeed = (world: World, cluster: string, work: StoredObject): void => {
  const seed = world.seeds.get(cluster)
  if (!seed) return
  if (work.metadata.name.endsWith('-klusterlet-crds')) {
    for (const name of klusterletCrdNames) removeIfThere(seed.store, { ...crdKind, name })
    world.tell('acm', `removed the klusterlet CRDs from ${cluster}`)
  } else {
    for (const name of agentNamespaces) removeIfThere(seed.store, { ...namespaceKind, name })
    world.tell('acm', `removed the klusterlet from ${cluster}`)
  }
}

/**
 * One poll of a ManagedCluster's deletion: add-ons, then ManifestWorks with the CRDs last, then the
 * finalizers (stolostron/managedcluster-import-controller resourcecleanup_controller.go:80-96,237-279).
 */
export const detach = (
  world: World,
  managedCluster: StoredObject,
  hasStuckAddons = false,
): void => {
  const { hub, clock, tell } = world
  const { name: cluster } = managedCluster.metadata
  const addons = hub.list({ ...addonKind, namespace: cluster })
  const works = hub.list({ ...workKind, namespace: cluster })
  const force = isForced(managedCluster)
  hub.change(keyOf(managedCluster), changed => {
    const progress = force ? forceDetaching : detaching
    const type = 'ManagedClusterImportSucceeded'
    setCondition(changed, { type, status: 'False', ...progress }, clock.now())
    setCondition(changed, deletingOf([...addons, ...works]), clock.now())
  })

  if (force) {
    for (const object of [...addons, ...works]) {
      dropFinalizers(hub, object)
      removeIfThere(hub, keyOf(object))
    }
    tell('acm', `force detached ${cluster}: nothing was removed from the cluster itself`)
  } else if (addons.length > 0) {
    const isAsked = addons.every(({ metadata }) => metadata.deletionTimestamp !== undefined)
    if (isAsked && hasStuckAddons) return
    if (takeAway(world, addons, () => undefined) === 'gone')
      tell('acm', `removed the add-ons of ${cluster}`)
    return
  } else {
    const next = works.find(({ metadata }) => !metadata.name.endsWith('-crds')) ?? works[0]
    if (next) {
      takeAway(world, [next], () => {
        removeFromSeed(world, cluster, next)
      })
      return
    }
  }
  hub.change(keyOf(managedCluster), changed => {
    changed.metadata.finalizers =
      changed.metadata.finalizers?.filter(each => !managedClusterFinalizers.includes(each)) ?? []
  })
  tell('acm', `detached ${cluster}`, { managedCluster: cluster, force })
}

const holders = [
  addonKind,
  { apiVersion: 'hive.openshift.io/v1', kind: 'ClusterDeployment' },
  { apiVersion: 'agent-install.openshift.io/v1beta1', kind: 'InfraEnv' },
]

/** Deletes the namespaces of clusters that are gone (clusternamespacedeletion/controller.go:66-181). */
export const deleteNamespaces = ({ hub, tell }: World): void => {
  for (const namespace of hub.list(namespaceKind)) {
    const { name, labels, annotations, deletionTimestamp } = namespace.metadata
    const isClusters = labels?.[namespaceLabel] === name && deletionTimestamp === undefined
    // constants.go:22-23
    const isRetained = annotations?.['open-cluster-management.io/retain-namespace'] !== undefined
    if (!isClusters || isRetained) continue
    const managedCluster = { apiVersion: 'cluster.open-cluster-management.io/v1', name }
    if (hub.get({ ...managedCluster, kind: 'ManagedCluster' })) continue
    if (holders.some(kind => hub.list({ ...kind, namespace: name }).length > 0)) continue
    hub.remove(keyOf(namespace))
    tell('acm', `deleted the namespace ${name} on the hub`)
  }
}
