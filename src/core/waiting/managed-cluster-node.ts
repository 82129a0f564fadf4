import type { Seen } from '../seen.ts'
import { conditionsIn, nodesOf, objectNode, type HubObject, type Trouble } from './hub-object.ts'
import type { Waiting } from './waiting.ts'

/** The objects that hang on a ManagedCluster. */
export type Attached = Readonly<{
  addons: Seen<readonly HubObject[]>
  works: Seen<readonly HubObject[]>
}>

/**
 * Tells whether ACM removes only what is on the hub: it does so by itself for a cluster that is not available when its
 * deletion begins, and leaves the klusterlet on it (managedcluster-import-controller resourcecleanup_controller.go:349-355).
 */
export const isForced = (cluster: HubObject): boolean => {
  if (cluster.metadata.deletionTimestamp === undefined) return false
  const conditions = conditionsIn(cluster)
  if (conditions.some(({ reason }) => reason.endsWith('ForceDetaching'))) return true
  const available = conditions.find(({ type }) => type === 'ManagedClusterConditionAvailable')
  return available !== undefined && available.status !== 'True'
}

const forced: Trouble = {
  why: 'is detached by force: ACM removes what is on the hub and leaves the klusterlet on the seed',
  next: 'let it go on; then repair the seed as shown there',
}

/** A ManagedCluster with its add-ons and ManifestWorks, which ACM removes first, in that order. */
export const managedClusterNode = (
  cluster: HubObject,
  { addons, works }: Attached,
  now: string,
): Waiting => {
  const said = conditionsIn(cluster).filter(
    ({ type, reason }) =>
      type === 'Deleting' ||
      (type === 'ManagedClusterImportSucceeded' && /Detaching$/.test(reason)),
  )
  const part = (what: string, read: Seen<readonly HubObject[]>, waitsFor: string) =>
    nodesOf(what, read, found => found.map(object => objectNode(object, { now, waitsFor })))
  const isDeleted = cluster.metadata.deletionTimestamp !== undefined
  return objectNode(cluster, {
    now,
    says: said.map(({ type, reason, message }) => `${type}: ${message || reason}`).join('; '),
    trouble: isForced(cluster) ? forced : null,
    waitsFor: 'siteconfig deletes it once the BareMetalHosts are gone',
    parts: isDeleted
      ? [
          ...part('ManagedClusterAddOns', addons, 'ACM removes it before the ManifestWorks'),
          ...part('ManifestWorks', works, 'ACM removes it when the add-ons are gone'),
        ]
      : [],
  })
}
