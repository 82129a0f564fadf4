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
import { blockOnListed } from './detaching/block-on-attached.ts'
import { isAdopted } from './detaching/is-adopted.ts'
import { requireBroughtAccess } from './detaching/require-brought-access.ts'
import { unansweredAccess } from './detaching/forbidden-in.ts'
import type { ObservationOf } from './observation.ts'
import { waitsForDraft, type Instant, type Run, type Sha } from './run.ts'
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

/** The first step of both phases: the head of the pull request while it is open and in time, else the decision that follows. */
const openHead = (
  run: Run,
  observation: BeforeMerge,
  now: Instant,
  limit: number,
): Sha | Decision => {
  // A human may merge at any time, a red one too: from here on the merge is what counts.
  const merged = followMerge(run, observation, now)
  if (merged) return merged
  const { pullRequest } = observation
  if (pullRequest.seen === 'unknown') return stay(run)
  if (pullRequest.seen === 'absent' || pullRequest.value.state === 'closed')
    return enter(run, 'Cancelled', now)
  if (secondsBetween(run.since, now) > limit) return enter(run, 'Failed', now)
  return pullRequest.value.headSha
}

/**
 * Only two heads go on: the one that was asked for, and Sower's own commit on it. For any other one a person with the
 * right to detach says so; `placeOrder` asks for that right.
 */
const requireKnownHead = (run: Run, headSha: Sha, now: Instant): Decision | undefined => {
  if (headSha === run.request.headSha || headSha === run.facts.pushedAs) return undefined
  const reason = `the branch moved to ${headSha} after the request was made on ${run.request.headSha}`
  const obeyed = withoutRetries(run)
  // A retry is for the head that the report showed: one that has moved since wants a new look.
  if (orderOf(run, 'retry') && run.blocked?.reason === reason) {
    const adopted = {
      request: { ...run.request, headSha },
      facts: { ...run.facts, pushedAs: null },
    }
    return { run: { ...obeyed, ...adopted }, effect: null, wakeAt: now }
  }
  const fix =
    'look at the new commits, then comment `/seed retry`, which needs `permissions.detach`'
  return block(obeyed, { code: 'HEAD_MOVED', reason, fix }, now)
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
      fix: first.fix || 'wait until it can be answered; Sower asks again by itself',
    },
    now,
  )
}

/**
 * Access is saved and proven, or saved (again): what an earlier run kept may be of a cluster that was
 * reinstalled since. Saving proves it first and says why it cannot.
 */
const requireAccess = (
  run: Run,
  access: BeforeMerge['access'],
  now: Instant,
): Decision | undefined => {
  if (isAdopted(run)) return requireBroughtAccess(run, access, now)
  if (access.seen === 'unknown') return block(run, unansweredAccess(access), now)
  if (access.seen === 'present' && access.value.proven) return undefined
  return act(run, { do: 'save-access' })
}

/** Requested: nothing is written on the branch before access is saved and proven and nothing blocks. */
export const decideRequested = (
  run: Run,
  observation: ObservationOf<'Requested'>,
  now: Instant,
): Decision => {
  const { detach, access } = observation
  const isDraft = holds(detach, of => of.status === 'refused' && of.code === 'PULL_REQUEST_DRAFT')
  const limit = isDraft || waitsForDraft(run) ? proposedLimit : requestedLimit
  const headSha = openHead(run, observation, now, limit)
  if (typeof headSha !== 'string') return headSha
  if (detach.seen !== 'present') return stay(run)
  // The time for the checks begins when it is ready.
  if (waitsForDraft(run) && !isDraft) return enter(run, 'Requested', now)
  const known = withUid(run, observation)
  if (detach.value.status === 'refused') return block(known, detach.value, now)
  if (detach.value.status === 'detachable' && isAdopted(run)) return blockOnListed(known, now)
  const moved = requireKnownHead(known, headSha, now)
  if (moved) return moved

  const unsaved = requireAccess(known, access, now)
  if (unsaved) return unsaved
  const blocked = blockOnChecks(known, observation, now)
  if (blocked) return blocked
  if (detach.value.status === 'detached') return enter(known, 'Proposed', now)
  // Known before it is pushed: after a crash Sower's own commit is not a head that nobody asked for.
  const facts = { ...known.facts, pushedAs: detach.value.commit }
  return act({ ...known, facts }, { do: 'commit-detach', onto: headSha })
}

/** Proposed: proof and checks are redone at each look; only a human leaves the phase, by merging. */
export const decideProposed = (
  run: Run,
  observation: ObservationOf<'Proposed'>,
  now: Instant,
): Decision => {
  const headSha = openHead(run, observation, now, proposedLimit)
  if (typeof headSha !== 'string') return headSha
  const known = withUid(run, observation)
  const moved = requireKnownHead(known, headSha, now)
  if (moved) return moved
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
