import { blocking } from '../preflight/check.ts'
import {
  act,
  block,
  enter,
  later,
  orderOf,
  secondsBetween,
  stay,
  wait,
  withoutRetries,
  type Decision,
} from './decision.ts'
import type { ObservationOf } from './observation.ts'
import type { Instant, Run } from './run.ts'
import { holds } from '../seen.ts'

/** Before the merge a time limit ends the run: nothing was touched and it can be asked for again. */
const requestedLimit = 24 * 3600
const proposedLimit = 14 * 24 * 3600

type BeforeMerge = ObservationOf<'Requested'> | ObservationOf<'Proposed'>

/** To Detaching, where the pull request is merged; until the commit of the merge is known, nothing. */
export const followMerge = (
  run: Run,
  { pullRequest }: Pick<BeforeMerge, 'pullRequest'>,
  now: Instant,
): Decision | undefined => {
  if (pullRequest.seen !== 'present' || pullRequest.value.state !== 'merged') return undefined
  const { mergedAs } = pullRequest.value
  return mergedAs === null ? stay(run) : enter(run, 'Detaching', now, { mergedAs, goneSince: null })
}

/** What both phases do first: follow the pull request, remember the ManagedCluster, obey the time limit. */
const followPullRequest = (
  run: Run,
  observation: BeforeMerge,
  now: Instant,
  limit: number,
): Decision | undefined => {
  // A human may merge at any time, a red one too: from here on the merge is what counts.
  const merged = followMerge(run, observation, now)
  if (merged) return merged
  const { pullRequest } = observation
  if (pullRequest.seen === 'unknown') return stay(run)
  if (pullRequest.seen === 'absent' || pullRequest.value.state === 'closed')
    return enter(run, 'Cancelled', now)
  if (secondsBetween(run.since, now) > limit) return enter(run, 'Failed', now)
  return undefined
}

const withUid = (run: Run, observation: BeforeMerge): Run =>
  observation.managedCluster.seen === 'present'
    ? {
        ...run,
        facts: { ...run.facts, managedClusterUid: observation.managedCluster.value.uid },
      }
    : run

const blockOnChecks = (
  run: Run,
  { checks }: Pick<BeforeMerge, 'checks'>,
  now: Instant,
): Decision | undefined => {
  const failed = blocking(checks)
  const [first] = failed
  if (!first) return undefined
  return block(
    run,
    {
      code: failed.find(({ code }) => code !== undefined)?.code ?? 'PREFLIGHT_FAILED',
      reason: failed.map(check => `${check.id}: ${check.reason}`).join('; '),
      fix: first.fix || 'wait until it can be answered; it is asked again by itself',
    },
    now,
  )
}

/**
 * Access is saved and proven, or saved (again): what an earlier run kept may be of a cluster that was
 * installed anew since. Saving proves it first and says why it cannot.
 */
const requireAccess = (
  run: Run,
  access: BeforeMerge['access'],
  now: Instant,
): Decision | undefined => {
  if (access.seen === 'unknown')
    return block(
      run,
      {
        code: 'ACCESS_NOT_PROVEN',
        reason: `the saved access could not be read: ${access.why}`,
        fix: 'let the hub answer; it is tried again by itself',
      },
      now,
    )
  if (access.seen === 'present' && access.value.proven) return undefined
  return act(run, { do: 'save-access' })
}

/** Requested: nothing is written on the branch before access is saved and proven and nothing blocks. */
export const decideRequested = (
  run: Run,
  observation: ObservationOf<'Requested'>,
  now: Instant,
): Decision => {
  const followed = followPullRequest(run, observation, now, requestedLimit)
  if (followed) return followed
  const { pullRequest, detach, access } = observation
  if (pullRequest.seen !== 'present' || detach.seen !== 'present') return stay(run)
  const known = withUid(run, observation)
  if (detach.value.status === 'refused') return block(known, detach.value, now)

  const { headSha } = pullRequest.value
  const hasMoved = headSha !== known.request.headSha
  if (detach.value.status === 'detachable' && hasMoved) {
    const reason = `the branch moved to ${headSha} after the request was made on ${known.request.headSha}`
    // A retry is for the head that the report showed: one that has moved since wants a new look.
    if (orderOf(known, 'retry') && known.blocked?.reason === reason)
      return {
        run: { ...withoutRetries(known), request: { ...known.request, headSha } },
        effect: null,
        wakeAt: now,
      }
    return block(
      withoutRetries(known),
      { code: 'HEAD_MOVED', reason, fix: 'look at the new commits, then comment `/seed retry`' },
      now,
    )
  }

  const unsaved = requireAccess(known, access, now)
  if (unsaved) return unsaved
  const blocked = blockOnChecks(known, observation, now)
  if (blocked) return blocked
  if (detach.value.status === 'detached') return enter(known, 'Proposed', now)
  return act(known, { do: 'commit-detach', onto: headSha })
}

/** Proposed: proof and checks are redone at each look; only a human leaves the phase, by merging. */
export const decideProposed = (
  run: Run,
  observation: ObservationOf<'Proposed'>,
  now: Instant,
): Decision => {
  const followed = followPullRequest(run, observation, now, proposedLimit)
  if (followed) return followed
  const known = withUid(run, observation)
  if (holds(observation.detachHolds, edited => !edited)) return enter(known, 'Requested', now)
  const unsaved = requireAccess(known, observation.access, now)
  if (unsaved) return unsaved
  const blocked = blockOnChecks(known, observation, now)
  if (blocked) return blocked
  const { proof } = observation
  if (proof.seen === 'present' && !proof.value.allowed)
    return block(
      known,
      {
        code: 'PROOF_REFUSED',
        reason: proof.value.reason,
        fix: 'change the branch so that only the cluster leaves the render',
      },
      now,
    )
  if (proof.seen !== 'present' || observation.detachHolds.seen !== 'present') return wait(known)
  return wait(known, later(run.since, proposedLimit))
}
