import { blockUnlessHeld, gatesAreOpen } from './decide-detaching.ts'
import {
  act,
  block,
  enter,
  obey,
  orderOf,
  stay,
  withoutRetries,
  type Decision,
} from './decision.ts'
import { deletionOf } from './generating/generation-of.ts'
import { deniedIn } from './detaching/forbidden-in.ts'
import type { ObservationOf } from './observation.ts'
import type { Instant, Run } from './run.ts'
import { recreatorFix } from '../preflight/seed/recreator-queries.ts'
import { pushProblem } from '../seedgen/push-problem.ts'
import { holds } from '../seen.ts'
import type { SeedGeneratorState } from '../seedgen/read-conditions.ts'

/** An effect that may happen once was begun, and nobody knows whether it happened. */
const resolveIntent = (
  run: Run,
  observation: ObservationOf<'Delivering'>,
  now: Instant,
): Decision | undefined => {
  const begun = run.intent?.effect.do
  if (begun !== 'deliver-secret' && begun !== 'apply-seed-generator') return undefined
  if (
    begun === 'apply-seed-generator' &&
    holds(observation.seedGenerator, ({ isWanted }) => isWanted)
  )
    return enter(run, 'Generating', now)
  if (begun === 'deliver-secret' && holds(observation.seedSecret, ({ matches }) => matches))
    return { run: { ...run, intent: null, blocked: null }, effect: null, wakeAt: now }
  const retry = orderOf(run, 'retry')
  if (retry)
    return { run: { ...obey(run, retry), intent: null, blocked: null }, effect: null, wakeAt: now }
  return block(
    run,
    {
      code: 'DELIVERY_UNKNOWN',
      reason: `${begun} was started and its result is unknown; doing it twice could bake the push credential into the image`,
      fix: 'the Lifecycle Agent takes Secret seedgen and SeedGenerator seedimage away while it makes the image: look for both on the seed, and for the imager on its node (`podman ps` shows lca_image_builder). Wait if it runs: Sower goes on when they are back. Comment `/seed retry` only if none of the three is there, else `/seed abort`',
    },
    now,
  )
}

/**
 * Makes room for the run's own SeedGenerator: the name is fixed and a spec never changes (types.go:30-38). Deletes one that is over, when
 * told to and through open gates; while the Lifecycle Agent may be at work on it, or it is not gone yet, waits for a human.
 */
const makeRoom = (
  run: Run,
  {
    observation,
    seedGenerator,
  }: Readonly<{ observation: ObservationOf<'Delivering'>; seedGenerator: SeedGeneratorState }>,
  now: Instant,
): Decision => {
  const code = 'SEED_GENERATOR_EXISTS'
  const { image, isBeingDeleted, progress, message } = seedGenerator
  const what = `a SeedGenerator for ${image} that is not known to be of this delivery is on the seed`
  if (isBeingDeleted)
    return block(
      withoutRetries(run),
      {
        code,
        reason: `${what}; it is being deleted and not gone yet`,
        fix: 'nothing, if it goes by itself: Sower goes on then; else see who holds it (`oc get seedgenerator seedimage -o jsonpath={.metadata.finalizers}`)',
      },
      now,
    )
  if (progress !== 'completed' && progress !== 'failed')
    return block(
      withoutRetries(run),
      {
        code,
        reason: `${what}, and the Lifecycle Agent may be at work on it; it says: ${message ?? 'nothing'}`,
        fix: 'wait until it has ended, then comment `/seed retry`, which deletes it; where no Lifecycle Agent runs that could take it, delete it yourself (`oc delete seedgenerator seedimage`)',
      },
      now,
    )
  if (orderOf(run, 'retry') && gatesAreOpen(observation)) return act(run, deletionOf(seedGenerator))
  return block(
    run,
    {
      code,
      reason: `${what}; it is over, and says: ${message ?? 'nothing'}`,
      fix: 'comment `/seed retry` when it is not needed: Sower deletes it, waits until it is gone, and delivers; else `/seed abort`',
    },
    now,
  )
}

/** Delivering: the Secret, then the SeedGenerator, each at most once, and only through open gates. */
export const decideDelivering = (
  run: Run,
  observation: ObservationOf<'Delivering'>,
  now: Instant,
): Decision => {
  const resolved = resolveIntent(run, observation, now)
  if (resolved) return resolved
  const reverted = blockUnlessHeld(run, observation, now)
  if (reverted) return reverted
  const { managedCluster, klusterlet, hubSecret, mayPush, tag, seedSecret, seedGenerator } =
    observation
  const { recreators } = observation
  if (managedCluster.seen === 'present' || klusterlet.seen === 'present')
    return enter(run, 'Detaching', now, { goneSince: null })
  const denied = deniedIn({
    hub: [managedCluster, hubSecret],
    seed: [klusterlet, recreators, seedSecret, seedGenerator],
  })
  if (denied) return block(run, denied, now)
  if (recreators.seen === 'present')
    return block(
      run,
      {
        code: 'SEED_RECREATES',
        reason: `${recreators.value.join(', ')} would put seedgen or the SeedGenerator back while the image is made, and with it the push credential into every target`,
        fix: `${recreatorFix}; Sower looks again by itself`,
      },
      now,
    )

  if (seedGenerator.seen === 'present')
    return makeRoom(run, { seedGenerator: seedGenerator.value, observation }, now)
  const secretProblem =
    hubSecret.seen === 'absent'
      ? 'the seedgen Secret is not unsealed on the hub'
      : hubSecret.seen === 'present'
        ? hubSecret.value.reason
        : null
  if (secretProblem !== null)
    return block(
      run,
      {
        code: 'SECRET_NOT_READY',
        reason: secretProblem,
        fix: 'seal the authfile with `sower seal`, commit it, and let Argo CD sync it to the hub',
      },
      now,
    )
  const refusal =
    mayPush.seen === 'unknown' ? null : pushProblem(mayPush.seen === 'present' && mayPush.value)
  if (refusal)
    return block(
      run,
      {
        code: 'PUSH_DENIED',
        reason: `${run.request.image} cannot be pushed: ${refusal.reason}`,
        fix: `${refusal.fix}; Sower checks again by itself`,
      },
      now,
    )
  if (holds(seedSecret, ({ matches }) => !matches))
    return block(
      run,
      {
        code: 'SEED_SECRET_EXISTS',
        reason: 'a Secret seedgen with another value is on the seed',
        fix: 'delete it on the seed; Sower does not overwrite what it did not make',
      },
      now,
    )
  const isAnswered =
    gatesAreOpen(observation) &&
    hubSecret.seen === 'present' &&
    mayPush.seen === 'present' &&
    tag.seen !== 'unknown' &&
    recreators.seen === 'absent' &&
    seedSecret.seen !== 'unknown' &&
    seedGenerator.seen === 'absent'
  const { generatorAs } = run.facts
  if (!isAnswered || generatorAs === null) return stay(run)
  if (seedSecret.seen === 'absent') return act(run, { do: 'deliver-secret' })
  // A retry compares with what was there before the first attempt.
  const digestBefore =
    run.attempt > 1 ? run.facts.digestBefore : tag.seen === 'present' ? tag.value : null
  return act(
    { ...run, facts: { ...run.facts, digestBefore } },
    { do: 'apply-seed-generator', from: generatorAs },
  )
}
