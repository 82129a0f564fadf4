import { attach } from './attach.ts'
import { deleteNamespaces, detach } from './detach.ts'
import { createPace, startLoop } from '../start-loop.ts'
import type { Controller, World } from '../world.ts'

const kind = { apiVersion: 'cluster.open-cluster-management.io/v1', kind: 'ManagedCluster' }
const pollSeconds = 2

/**
 * Starts Advanced Cluster Management. Clusters in `notAvailable` (read at each poll) have no agent that answers; the agents of
 * the add-ons of those in `stuckAddons` never end.
 */
export const startAcm = (
  world: World,
  {
    notAvailable = [],
    stuckAddons = [],
  }: Readonly<{ notAvailable?: readonly string[]; stuckAddons?: readonly string[] }> = {},
): Controller => {
  const detaching = createPace(world.clock, pollSeconds)
  const namespaces = createPace(world.clock, pollSeconds)
  return startLoop({
    clock: world.clock,
    stores: [world.hub],
    pass: () => {
      for (const object of world.hub.list(kind)) {
        const { name, uid = '', deletionTimestamp } = object.metadata
        if (deletionTimestamp === undefined) attach(world, object, !notAvailable.includes(name))
        else if (detaching.isDue(uid)) detach(world, object, stuckAddons.includes(name))
      }
      if (namespaces.isDue('all')) deleteNamespaces(world)
      return pollSeconds
    },
  })
}
