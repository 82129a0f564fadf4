import { decideDetached, decideDetaching } from './decide-detaching.ts'
import { decideProposed, decideRequested, followMerge } from './decide-requested.ts'
import { decideDelivering } from './decide-delivering.ts'
import { decideGenerating } from './generating/decide-generating.ts'
import { generationOf } from './generating/generation-of.ts'
import { enter, finish, orderOf, withoutRetries, type Decision } from './decision.ts'
import { decideCleaningUp, decideVerifying } from './decide-verifying.ts'
import type { Observation } from './observation.ts'
import { isAtMostOnce, isEnded, isMerged, type Instant, type Run } from './run.ts'
import { holds } from '../seen.ts'

/**
 * The heart: from a run, one look at the world and the time, the next run, at most one effect and when to
 * look again. Pure. It moves at most one phase, and gives the same answer to the same question. An
 * observation made for another phase changes nothing: look again.
 *
 * Out of it come values only: waiting is `effect: null`, a run that needs a human has `blocked`.
 */
export const decide = (known: Run, observation: Observation, now: Instant): Decision => {
  if (isEnded(known.phase)) return { run: known, effect: null, wakeAt: null }
  if (known.phase !== observation.phase) return { run: known, effect: null, wakeAt: now }

  const run = withRecord(known, observation)
  const aborted = obeyAbort(run, now)
  if (aborted)
    // Who merges and aborts at once has still merged.
    return ('pullRequest' in observation ? followMerge(run, observation, now) : null) ?? aborted

  const decision = decideIn(dropRetries(run), observation, now)
  return { ...decision, run: dropRetries(decision.run) }
}

/** Once the base branch has the record of the merge, nobody has to hear any more that it has not. */
const withRecord = (run: Run, { recordHoldsMerge }: Observation): Run =>
  run.facts.recordMergeIn !== null && recordHoldsMerge && holds(recordHoldsMerge, held => held)
    ? { ...run, facts: { ...run.facts, recordMergeIn: null } }
    : run

const decideIn = (run: Run, observation: Observation, now: Instant): Decision => {
  switch (observation.phase) {
    case 'Requested':
      return decideRequested(run, observation, now)
    case 'Proposed':
      return decideProposed(run, observation, now)
    case 'Detaching':
      return decideDetaching(run, observation, now)
    case 'Detached':
      return decideDetached(run, observation, now)
    case 'Delivering':
      return decideDelivering(run, observation, now)
    case 'Generating':
      return decideGenerating(run, observation, now)
    case 'Verifying':
      return decideVerifying(run, observation, now)
    case 'CleaningUp':
      return decideCleaningUp(run, observation, now)
  }
}

/**
 * Obeys an abort, which needs no look: nothing was touched before the merge; after it the traces are cleaned
 * up, the detach itself stays. In CleaningUp it only ends the waiting for what gives no answer.
 */
export const obeyAbort = (run: Run, now: Instant): Decision | undefined => {
  if (isEnded(run.phase) || run.phase === 'CleaningUp' || !orderOf(run, 'abort')) return undefined
  const obeyed = { ...withLostDelivery(run), orders: [] }
  return isMerged(run) ? finish(obeyed, 'Failed', now) : enter(obeyed, 'Cancelled', now)
}

/** Nobody knows whether a delivery that was begun has happened: what follows has to go by the worse. */
const withLostDelivery = (run: Run): Run =>
  run.intent !== null && isAtMostOnce(run.intent.effect)
    ? { ...run, facts: { ...run.facts, generation: generationOf(run) } }
    : run

/** A retry that fits nothing now must not be found and obeyed later, when it would mean something else. */
const dropRetries = (run: Run): Run => (canRetry(run) ? run : withoutRetries(run))

const canRetry = ({ phase, blocked, intent }: Run): boolean =>
  phase === 'Verifying' ||
  ((phase === 'Requested' || phase === 'Proposed') && blocked?.code === 'HEAD_MOVED') ||
  (phase === 'Delivering' &&
    blocked?.code ===
      // An order to delete another SeedGenerator is none to do what was begun a second time.
      (intent !== null && isAtMostOnce(intent.effect)
        ? 'DELIVERY_UNKNOWN'
        : 'SEED_GENERATOR_EXISTS'))
