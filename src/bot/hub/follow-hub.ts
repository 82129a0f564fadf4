import type { Watched, WatchChanges } from '../../adapters/kubernetes/watch-changes.ts'
import type { Watch } from '../watch/watch.ts'

/** Follows the hub's objects of those runs that wait for them when all runs were looked at last. */
export type FollowHub = Watch &
  Readonly<{ /** Resolves when nothing is followed. */ stop: () => Promise<void> }>

/** As many runs are followed at a time; the others are looked at by the interval alone. */
const mostRuns = 16

/** Runs are woken at most so often, in milliseconds: one change on the hub is many events. */
const gap = 1000

/**
 * The objects of a cluster whose changes the phase Detaching waits for, where ACM and siteconfig put them. An Application is
 * not among them: it changes whenever Argo CD looks at it, also since Sower has asked for that.
 */
const watchedFor = (cluster: string): readonly Watched[] => [
  { apiVersion: 'cluster.open-cluster-management.io/v1', plural: 'managedclusters', name: cluster },
  {
    ...{ apiVersion: 'siteconfig.open-cluster-management.io/v1alpha1', plural: 'clusterinstances' },
    namespace: cluster,
  },
  { apiVersion: 'metal3.io/v1alpha1', plural: 'baremetalhosts', namespace: cluster },
  {
    ...{ apiVersion: 'addon.open-cluster-management.io/v1alpha1', plural: 'managedclusteraddons' },
    namespace: cluster,
  },
  {
    ...{ apiVersion: 'work.open-cluster-management.io/v1', plural: 'manifestworks' },
    namespace: cluster,
  },
  { apiVersion: 'v1', plural: 'namespaces', name: cluster },
]

/** Creates a follower that follows nothing yet. `wake` hears the names of runs whose objects have changed. */
export const followHub = ({
  watch,
  wake,
}: Readonly<{ watch: WatchChanges; wake: (run: string) => void }>): FollowHub => {
  const followed = new Map<string, Readonly<{ end: () => void; ended: Promise<unknown> }>>()
  const begin = (run: string): void => {
    const controller = new AbortController()
    let timer: NodeJS.Timeout | undefined
    const changed = (): void => {
      if (controller.signal.aborted) return
      timer ??= setTimeout(() => {
        timer = undefined
        wake(run)
      }, gap)
    }
    const ended = Promise.all(watchedFor(run).map(of => watch(of, changed, controller.signal)))
    const end = (): void => {
      controller.abort()
      clearTimeout(timer)
    }
    followed.set(run, { end, ended })
  }
  const looked: FollowHub['looked'] = runs => {
    const waiting = runs.filter(({ phase }) => phase === 'Detaching').map(({ name }) => name)
    for (const [run, { end }] of followed)
      if (!waiting.includes(run)) {
        followed.delete(run)
        end()
      }
    for (const run of waiting) if (!followed.has(run) && followed.size < mostRuns) begin(run)
  }
  return {
    looked,
    passed: () => undefined,
    stop: async () => {
      const ending = [...followed.values()].map(({ ended }) => ended)
      looked([])
      await Promise.all(ending)
    },
  }
}
