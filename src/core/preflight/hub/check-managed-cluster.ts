import type { Seen } from '../../seen.ts'
import type { Check } from '../check.ts'
import { judge } from '../judge.ts'

type Condition = Readonly<{ type: string; status: string }>

/**
 * The ManagedCluster is Available and Joined. Detaching one that is not makes ACM clean the hub only, and
 * the Lifecycle Agent then refuses (resourcecleanup_controller.go:349-355).
 */
export const checkManagedCluster = (conditions: Seen<readonly Condition[]>): Check =>
  judge(
    'hub.managed-cluster-available',
    'block',
    conditions,
    {
      reason: 'there is no such ManagedCluster on the hub',
      fix: 'check that this hub manages the cluster',
    },
    found => {
      const missing = ['ManagedClusterConditionAvailable', 'ManagedClusterJoined'].filter(
        type => !found.some(condition => condition.type === type && condition.status === 'True'),
      )
      return {
        ok: missing.length === 0,
        reason: missing.length ? `not True: ${missing.join(', ')}` : 'Available and Joined',
        fix: 'bring the cluster back to Available; else the klusterlet stays on it after the detach',
      }
    },
  )
