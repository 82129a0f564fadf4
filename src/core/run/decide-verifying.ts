import { blockUnlessHeld } from './decide-detaching.ts'
import { awaitMerge } from './await-merge.ts'
import { explainAgent } from '../seedgen/explain-agent.ts'
import { imagerLogCommand } from '../seedgen/agent-texts.ts'
import {
  act,
  block,
  enter,
  finish,
  later,
  obey,
  orderOf,
  secondsBetween,
  stay,
  wait,
  withoutRetries,
  type Decision,
} from './decision.ts'
import {
  deletionOf,
  generationOf,
  imageOf,
  isIdle,
  mayBeAtWork,
} from './generating/generation-of.ts'
import type { ObservationOf } from './observation.ts'
import type { Instant, Run } from './run.ts'
import { holds } from '../seen.ts'

/** The seed may be off after its image is made: its side is cleaned within this time or left. */
const seedSideLimit = 15 * 60

/** A retry needs the old SeedGenerator gone: its spec is immutable and its status terminal. */
const prepareRetry = (
  run: Run,
  observation: ObservationOf<'Verifying'>,
  now: Instant,
): Decision | undefined => {
  const retry = orderOf(run, 'retry')
  if (!retry) return undefined
  const reverted = blockUnlessHeld(run, observation, now)
  if (reverted) return reverted
  const { seedGenerator } = observation
  if (seedGenerator.seen === 'present')
    return isIdle(seedGenerator.value) ? act(run, deletionOf(seedGenerator.value)) : stay(run)
  if (seedGenerator.seen === 'unknown') return stay(run)
  return enter({ ...obey(run, retry), attempt: run.attempt + 1 }, 'Delivering', now, {
    lastMessage: null,
    ...(run.facts.generation === undefined ? {} : { generation: null }),
  })
}

/** Verifying: only the registry proves the image; runs that reported a failure have pushed (OCPBUGS-49692). */
export const decideVerifying = (
  run: Run,
  observation: ObservationOf<'Verifying'>,
  now: Instant,
): Decision => {
  const { image } = observation
  const proof = imageOf(run, image)
  if (image.seen === 'present' && holds(proof, ({ isProven }) => isProven))
    return finish(run, 'Completed', now, {
      digest: image.value.digest,
      imageVersion: image.value.version ?? null,
    })
  // Without an answer nobody knows whether a retry is needed, and the seed may be spent already.
  if (image.seen === 'unknown')
    return block(
      withoutRetries(run),
      {
        code: 'REGISTRY_UNREACHABLE',
        reason: `the registry gave no answer for ${run.request.image}: ${image.why}`,
        fix: 'nothing, if it comes back: Sower asks again by itself; else `/seed abort`',
      },
      now,
    )
  const retrying = prepareRetry(run, observation, now)
  if (retrying) return retrying
  const advice = explainAgent(run.facts.lastMessage)
  const reason =
    proof.seen === 'present' ? proof.value.reason : `${run.request.image} is not in the registry`
  return block(
    run,
    {
      code: 'IMAGE_NOT_PROVEN',
      reason: `${reason}; the Lifecycle Agent said: ${run.facts.lastMessage ?? 'nothing'}${advice ? `, which means: ${advice.cause}` : ''}`,
      fix: `${advice?.fix ?? `read what the imager said, \`${imagerLogCommand}\`, and fix the cause`}; then comment \`/seed retry\`, or \`/seed abort\``,
    },
    now,
  )
}

/** Both objects are known to be gone, and nobody is there who may put them back. */
const isSeedClean = (
  run: Run,
  { seedGenerator, seedSecret }: Pick<ObservationOf<'CleaningUp'>, 'seedGenerator' | 'seedSecret'>,
): boolean => seedGenerator.seen === 'absent' && seedSecret.seen === 'absent' && !mayBeAtWork(run)

const cleanSeedSide = (
  run: Run,
  { access, detachHolds, seedGenerator, seedSecret }: ObservationOf<'CleaningUp'>,
  now: Instant,
): Decision | undefined => {
  // A cluster that came back to the base branch is no longer ours to touch.
  if (holds(detachHolds, held => !held)) return undefined
  // Without saved access there is no way to it, and the access goes last.
  if (access.seen === 'absent') return undefined
  if (secondsBetween(run.since, now) > seedSideLimit) return undefined
  if (isSeedClean(run, { seedGenerator, seedSecret })) return undefined
  if (detachHolds.seen === 'present') {
    if (seedGenerator.seen === 'present' && isIdle(seedGenerator.value)) {
      const generation = { ...generationOf(run), ended: true }
      return act({ ...run, facts: { ...run.facts, generation } }, deletionOf(seedGenerator.value))
    }
    if (seedGenerator.seen === 'absent' && seedSecret.seen === 'present' && !mayBeAtWork(run))
      return act(run, { do: 'delete-secret' })
  }
  return orderOf(run, 'abort') ? undefined : wait(run, later(run.since, seedSideLimit))
}

/**
 * CleaningUp: the seed best effort, Git always, and access only after a success. An abort ends the waiting
 * for what gives no answer; what can be cleaned is still cleaned.
 */
export const decideCleaningUp = (
  run: Run,
  observation: ObservationOf<'CleaningUp'>,
  now: Instant,
): Decision => {
  const seedSide = cleanSeedSide(run, observation, now)
  if (seedSide) return seedSide
  const { record, access } = observation
  // Access that a person has saved is known from here on.
  const kept = access.seen === 'present' ? { accessSince: run.facts.accessSince ?? now } : {}
  const end = enter({ ...run, orders: [] }, run.outcome ?? 'Failed', now, kept)
  const isImpatient = orderOf(run, 'abort') !== undefined
  if (record.seen === 'absent') {
    const { ownPullRequest: pullRequest } = observation
    if (isImpatient && pullRequest.seen !== 'absent') return end
    const effect = { do: 'commit-record', digest: run.facts.digest } as const
    return awaitMerge(run, { pullRequest, brings: 'the record of the end', effect }, now)
  }
  if (record.seen === 'unknown') return isImpatient ? end : stay(run)
  if (run.outcome !== 'Completed' || access.seen === 'absent') return end
  // What may still be on the seed can be cleaned by that access alone.
  if (!isSeedClean(run, observation)) return end
  if (access.seen === 'present') return act(run, { do: 'delete-access' })
  return isImpatient ? end : stay(run)
}
