import type { DetachSight } from '../../src/core/waiting/detach-tree.ts'
import type { ApplicationSight } from '../../src/core/waiting/application-node.ts'
import type { HubObject } from '../../src/core/waiting/hub-object.ts'
import { absent, present } from '../../src/core/seen.ts'
import { syncFacts } from './sync-facts.ts'

/** The time of all looks of the tests: half past ten. */
export const now = '2026-11-30T10:30:00.000Z'
/** Five minutes before, and twenty. */
export const lately = '2026-11-30T10:25:00Z'
export const longAgo = '2026-11-30T10:10:00Z'

/** An object of the cluster sno1; what is given of its metadata is added. */
export const hubObject = (
  kind: string,
  metadata: Partial<HubObject['metadata']> = {},
  more: Pick<HubObject, 'spec' | 'status'> = {},
): HubObject => ({
  kind,
  metadata: {
    name: 'sno1',
    ...(kind === 'ManagedCluster' || kind === 'Namespace' ? {} : { namespace: 'sno1' }),
    ...metadata,
  },
  ...more,
})

/** The status with one condition. */
export const withCondition = (
  type: string,
  more: Readonly<{ status?: string; reason?: string; message?: string }> = {},
): Pick<HubObject, 'status'> => ({
  status: { conditions: [{ type, status: 'True', lastTransitionTime: longAgo, ...more }] },
})

/** The Application of the detach, which has compared the merge. */
export const applicationSight = (
  { application = syncFacts().application, ...more }: Parameters<typeof syncFacts>[0] = {},
  { hasMerge = true, isNeeded = true }: Readonly<{ hasMerge?: boolean; isNeeded?: boolean }> = {},
): ApplicationSight => ({
  facts: syncFacts({
    ...{ now, ...more },
    application: { ...application, revision: application.revision || 'b'.repeat(40) },
  }),
  hasMerge,
  isNeeded,
})

/** A look in which the cluster is gone; what is given is there. */
export const detachSight = (more: Partial<DetachSight> = {}): DetachSight => ({
  cluster: 'sno1',
  application: present(applicationSight({}, { isNeeded: false })),
  clusterInstances: absent,
  hosts: absent,
  managedCluster: absent,
  addons: absent,
  works: absent,
  others: [],
  namespace: absent,
  klusterlet: absent,
  addonNamespaces: absent,
  ...more,
})
