import { lastUse } from '../../core/detach/last-use.ts'
import type { Check } from '../../core/preflight/check.ts'
import type { Observation } from '../../core/run/observation.ts'
import { isEnded, type Active, type Run } from '../../core/run/run.ts'
import type { Waiting } from '../../core/waiting/waiting.ts'
import { trackSecret, type TrackedSecret } from '../../core/secret/track-secret.ts'
import { mapSeen, unknown } from '../../core/seen.ts'
import { RefusedError, SowerError } from '../../errors.ts'
import { readBase } from '../read-base.ts'
import type { Context } from '../context.ts'
import { observeAfterDetach } from './observe-after-detach.ts'
import { observeBeforeMerge } from './observe-before-merge.ts'
import type { BranchState } from './branch-state.ts'
import { observeDetaching } from './observe-detaching.ts'
import { observeSecret } from './observe-secret.ts'

/** An observation, with what the report shows beside it. */
export type Look = Readonly<{
  observation: Observation
  branch: BranchState | null
  checks: readonly Check[]
  /** The tree that the detach waits for; null in the other phases. */
  tree: Waiting | null
  /** How far the push credential is; null where the base branch could not be read. */
  secret: TrackedSecret | null
}>

/**
 * Looks at all that the run's phase needs, and at nothing else. Answers and their absence are values;
 * what is thrown is a repository that cannot be used (UnavailableError) or is not configured right
 * (RefusedError, InputError).
 */
export const observe = async (context: Context, run: Run): Promise<Look> => {
  if (isEnded(run.phase))
    throw new RefusedError('INTERNAL', `observing ${run.name}: its run has ended`)
  const look = await lookIn(context, run, run.phase)
  const recalling = { ...context, ports: context.recall.last(context.ports, run) }
  return { ...look, secret: await track(recalling, run, look.observation) }
}

const lookIn = async (context: Context, run: Run, phase: Active): Promise<Omit<Look, 'secret'>> => {
  switch (phase) {
    case 'Requested':
    case 'Proposed':
      return { ...(await observeBeforeMerge(context, run, phase)), tree: null }
    case 'Detaching':
      return { ...(await observeDetaching(context, run)), branch: null, checks: [] }
    case 'Detached':
    case 'Delivering':
    case 'Generating':
    case 'Verifying':
    case 'CleaningUp':
      return alone(await observeAfterDetach(context, run, phase))
  }
}

const alone = (observation: Observation): Omit<Look, 'secret'> => ({
  observation,
  branch: null,
  checks: [],
  tree: null,
})

/** For the report only: what cannot be read here is reported where it is needed. */
const track = async (
  context: Context,
  run: Run,
  observation: Observation,
): Promise<TrackedSecret | null> => {
  try {
    const { config, checkout } = await readBase(context)
    const { directory, seeds } = config
    const observed = await observeSecret(context, {
      config,
      tree: checkout.tree,
      base: '',
      image: run.request.image,
      run,
      onSeed:
        'seedSecret' in observation
          ? mapSeen(observation.seedSecret, () => true as const)
          : unknown('unreachable'),
      usedAt: lastUse(checkout.tree, { directory, seeds }),
    })
    return trackSecret(observed)
  } catch (error) {
    if (error instanceof SowerError) return null
    throw error
  }
}
