import { awaitMerge } from './await-merge.ts'
import { act, block, enter, later, secondsBetween, stay, wait, type Decision } from './decision.ts'
import { blockOnAttached } from './detaching/block-on-attached.ts'
import { isAdopted } from './detaching/is-adopted.ts'
import { requireSavedAccess } from './detaching/require-saved-access.ts'
import { deniedIn, forbiddenIn } from './detaching/forbidden-in.ts'
import { asWaiting, mergeRecord, recordMerge } from './detaching/record-merge.ts'
import { makeItLook } from './detaching/make-it-look.ts'
import type { Observation, ObservationOf } from './observation.ts'
import type { Instant, Run } from './run.ts'
import { holds } from '../seen.ts'

/** The two reads in which everything is gone are at least so far apart: what is re-created shows by then. */
const confirmationSeconds = 30

/** So many things that are still there are named; the report shows all. */
const mostNamed = 5

/** The siteconfig operator gives each object 30 minutes (deletion.go:40); after that a human is asked. */
const detachingLimit = 45 * 60

/** Stops when the base branch no longer holds what was merged, or cannot be read: rule 2 of the design. */
export const blockUnlessHeld = (
  run: Run,
  { detachHolds }: Pick<Observation, 'detachHolds'>,
  now: Instant,
): Decision | undefined => {
  if (detachHolds.seen === 'unknown') return stay(run)
  if (detachHolds.seen === 'present' && detachHolds.value) return undefined
  return block(
    run,
    {
      code: 'DETACH_REVERTED',
      reason: `the base branch lists ${run.request.cluster} again, or does not hold the merge, so Sower touches nothing more`,
      fix: `${isAdopted(run) ? 'take the cluster out of the base branch again' : 'merge the detach into the base branch again'}, or comment \`/seed abort\`; a ClusterInstance that comes back may reinstall the host`,
    },
    now,
  )
}

type Gates = Pick<ObservationOf<'Detached'>, 'managedCluster' | 'klusterlet'>

/** Rule 4: both are "not found", which neither "unknown" nor "present" is. */
export const gatesAreOpen = ({ managedCluster, klusterlet }: Gates): boolean =>
  managedCluster.seen === 'absent' && klusterlet.seen === 'absent'

const isGone = (observation: ObservationOf<'Detaching'>): boolean =>
  gatesAreOpen(observation) &&
  observation.addonNamespaces.seen === 'absent' &&
  observation.remaining.every(({ read }) => read.seen === 'absent')

const problemOf = (application: ObservationOf<'Detaching'>['application']): string =>
  application.seen === 'present' && application.value.reason !== null
    ? `; Argo CD says of ${application.value.name}: ${application.value.reason}`
    : ''

/** A ClusterInstance is there and nobody has deleted it yet; no answer says neither. */
const isToBePruned = ({ clusterInstance }: ObservationOf<'Detaching'>): boolean =>
  holds(clusterInstance, ({ isBeingDeleted }) => !isBeingDeleted)

/** Detaching: access first, then the record, then Argo CD is made to look, then everything must be gone, twice. */
export const decideDetaching = (
  before: Run,
  observation: ObservationOf<'Detaching'>,
  now: Instant,
): Decision => {
  const waiting = asWaiting(before, observation)
  const { goneSince } = before.facts
  const run: Run = { ...waiting, facts: { ...waiting.facts, goneSince } }
  const unsaved = requireSavedAccess(waiting, observation, now)
  if (unsaved) return unsaved
  const reverted = blockUnlessHeld(waiting, observation, now)
  if (reverted) return reverted
  const unrecorded = recordMerge(waiting, observation, now)
  if (unrecorded) return unrecorded
  const merging = mergeRecord(isGone(observation) ? run : waiting, observation, now)
  if (merging) return merging

  if (isGone(observation)) {
    if (goneSince === null)
      return wait(
        { ...run, facts: { ...run.facts, goneSince: now } },
        later(now, confirmationSeconds),
      )
    if (secondsBetween(goneSince, now) >= confirmationSeconds) return enter(run, 'Detached', now)
    return wait(run, later(goneSince, confirmationSeconds))
  }

  const forbidden = forbiddenIn(observation)
  if (forbidden !== undefined) return block(waiting, forbidden, now)
  const attached = isAdopted(run) ? blockOnAttached(waiting, observation, now) : undefined
  if (attached) return attached
  const { managedCluster, application } = observation
  if (
    managedCluster.seen === 'present' &&
    run.facts.managedClusterUid !== null &&
    managedCluster.value.uid !== run.facts.managedClusterUid
  )
    return block(
      waiting,
      {
        code: 'CLUSTER_RECREATED',
        reason: `something re-created ManagedCluster ${run.request.cluster}`,
        fix: 'find who creates it (another Application, an auto-import-secret, a backup restore) and stop that',
      },
      now,
    )
  if (secondsBetween(run.since, now) > detachingLimit)
    return block(
      waiting,
      {
        code: 'DETACH_SLOW',
        reason: `still there after ${detachingLimit / 60} minutes: ${observation.blockers.slice(0, mostNamed).join('; ')}${problemOf(application)}`,
        fix: 'look at the first object named, its finalizers and its conditions; the run goes on by itself when it is gone',
      },
      now,
    )
  if (application.seen === 'present' && !isAdopted(run)) {
    const { name, hasMerge, refusesToEmpty } = application.value
    const looks = hasMerge ? undefined : makeItLook(waiting, application.value, now)
    if (looks) return looks
    // The condition stays while the object that was asked to go is pending deletion.
    if (hasMerge && refusesToEmpty && isToBePruned(observation)) {
      if (observation.canSync) return act(waiting, { do: 'sync-with-prune', application: name })
      return block(
        waiting,
        {
          code: 'APPLICATION_WOULD_BE_EMPTY',
          reason: `Argo CD refuses to empty ${name} by itself: auto-sync will wipe out all resources`,
          fix: `in Argo CD open ${name}, press Sync, select only the ClusterInstance of ${run.request.cluster}, tick Prune, press Synchronize`,
        },
        now,
      )
    }
  }
  return wait(waiting)
}

/** Detached: the SeedGenerator goes into Git, and only while the cluster is still gone. */
export const decideDetached = (
  run: Run,
  observation: ObservationOf<'Detached'>,
  now: Instant,
): Decision => {
  const reverted = blockUnlessHeld(run, observation, now)
  if (reverted) return reverted
  const { managedCluster, klusterlet, generator } = observation
  if (managedCluster.seen === 'present' || klusterlet.seen === 'present')
    return enter(run, 'Detaching', now, { goneSince: null })
  const denied = deniedIn({ hub: [managedCluster], seed: [klusterlet] })
  if (denied) return block(run, denied, now)
  if (!gatesAreOpen(observation) || generator.seen === 'unknown') return stay(run)
  if (generator.seen === 'absent') {
    const effect = { do: 'commit-seed-generator', image: run.request.image } as const
    const pullRequest = observation.ownPullRequest
    return awaitMerge(run, { pullRequest, brings: 'the SeedGenerator', effect }, now)
  }
  const { sha, differs } = generator.value
  if (differs !== null)
    return block(
      run,
      {
        code: 'SEED_GENERATOR_DIFFERS',
        reason: `the base branch holds a SeedGenerator that Sower did not write for this run; it differs in ${differs}`,
        fix: `remove seedgenerator.yaml of ${run.request.cluster} from the base branch, and Sower writes its own; or comment \`/seed abort\``,
      },
      now,
    )
  return enter(run, 'Delivering', now, { generatorAs: sha })
}
