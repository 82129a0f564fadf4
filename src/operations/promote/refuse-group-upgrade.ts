import { groupUpgradesUnderWay } from '../../core/promote/group-upgrades-under-way.ts'
import { RefusedError, UnavailableError } from '../../errors.ts'
import type { Cluster } from '../ports/cluster.ts'

/**
 * Refuses while an ImageBasedGroupUpgrade is under way on the hub: RefusedError UPGRADE_UNDER_WAY. A hub that does not serve
 * the kind has none. Throws UnavailableError CLUSTER_UNAVAILABLE without an answer, and RefusedError READ_FORBIDDEN.
 */
export const refuseGroupUpgrade = async (hub: Pick<Cluster, 'list'>): Promise<void> => {
  const activity = 'reading the ImageBasedGroupUpgrades of the hub'
  const found = await hub.list({
    apiVersion: 'lcm.openshift.io/v1alpha1',
    kind: 'ImageBasedGroupUpgrade',
  })
  if (found.seen === 'absent' || (found.seen === 'unknown' && found.why === 'not-served')) return
  if (found.seen === 'unknown') {
    if (found.why === 'forbidden')
      throw new RefusedError('READ_FORBIDDEN', `${activity}: the hub forbids it`, {
        fix: 'allow `list` on imagebasedgroupupgrades.lcm.openshift.io',
      })
    throw new UnavailableError('CLUSTER_UNAVAILABLE', `${activity}: no answer (${found.why})`, {
      fix: 'ask again when the hub answers',
    })
  }
  const running = groupUpgradesUnderWay(found.value)
  if (running.length > 0)
    throw new RefusedError('UPGRADE_UNDER_WAY', `${activity}: under way: ${running.join(', ')}`, {
      fix: 'wait until it has ended, then ask again',
    })
}
