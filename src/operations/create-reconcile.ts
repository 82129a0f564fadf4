import { decide, obeyAbort } from '../core/run/decide.ts'
import { cleanRun } from '../core/run/clean-run.ts'
import { block, type Decision } from '../core/run/decision.ts'
import { isAtMostOnce, type Effect, type Instant, type Run } from '../core/run/run.ts'
import { settle } from '../core/run/settle.ts'
import { ConflictError, FailedError, SowerError, type ErrorCode } from '../errors.ts'
import type { Context } from './context.ts'
import { observe, type Look } from './observe/observe.ts'
import { perform } from './perform.ts'

/** The result of one pass, for the log, the report and the time of the next one. */
export type Pass = Readonly<{
  run: Run
  /** The look at the world; null when nothing could be observed. */
  look: Look | null
  effect: Effect | null
  /** Why the observation or the effect did not succeed. */
  error: SowerError | null
  /** Look again at the latest then; null: at the usual interval. */
  wakeAt: Instant | null
}>

/**
 * One pass over one run: observe, decide, record the intent (compare-and-swap), act, settle. At most one
 * effect. Throws ConflictError RUN_CHANGED when another process has changed the run: then it did nothing.
 */
export type Reconcile = (run: Run) => Promise<Pass>

/** Creates a reconciler that remembers what trouble each run met at its last looks. */
export const createReconcile = (of: Context): Reconcile => {
  const context: Reconciling = { ...of, troubles: new Map() }
  return run => reconcile(context, run)
}

/** The context, and what a run met that may pass by itself, since when (epoch milliseconds). */
type Reconciling = Context &
  Readonly<{ troubles: Map<string, Readonly<{ code: ErrorCode; since: number }>> }>

const reconcile = async (context: Reconciling, run: Run): Promise<Pass> => {
  const { runs } = context.ports
  let look: Look
  try {
    look = await observe(context, run)
  } catch (error) {
    const known = asSowerError(error, `observing the run of ${run.name}`)
    // A world that cannot be looked at must not keep alive a run that a human wants to end.
    const aborted = obeyAbort(run, context.now().toISOString())
    if (aborted) {
      const saved = await save(context, run, aborted)
      return { run: saved, look: null, effect: null, error: known, wakeAt: aborted.wakeAt }
    }
    return {
      run: await blockOn(context, run, known),
      look: null,
      effect: null,
      error: known,
      wakeAt: null,
    }
  }
  const decided = decide(run, look.observation, context.now().toISOString())
  const decision = { ...decided, run: cleanRun(decided.run, context.ports.clean) }
  if (decision.effect === null) {
    const saved = await save(context, run, decision)
    return { run: saved, look, effect: null, error: null, wakeAt: decision.wakeAt }
  }
  return act(context, { decision, effect: decision.effect, look, runs })
}

const act = async (
  context: Reconciling,
  {
    decision,
    effect,
    look,
    runs,
  }: Readonly<{ decision: Decision; effect: Effect; look: Look; runs: Context['ports']['runs'] }>,
): Promise<Pass> => {
  requireLeadership(context, begunBy(effect, decision))
  const at = context.now().toISOString()
  const begun = await runs.replace({ ...decision.run, intent: { effect, at } })
  try {
    // Once more: this process may have been stopped while it wrote the intent, and another act by now.
    requireLeadership(context, begunBy(effect, decision))
    const result = await perform(context, begun, effect)
    // An act changes what was read: the access is saved, the branch moved.
    context.recall.forget(begun.name)
    context.troubles.delete(begun.name)
    const settled = await runs.replace(settle(begun, effect, result, context.now().toISOString()))
    const wakeAt = takesTime(effect) ? null : context.now().toISOString()
    return { run: settled, look, effect, error: null, wakeAt }
  } catch (error) {
    const known = asSowerError(error, `${effect.do} for ${begun.name}`)
    // Without an answer, an effect that may happen once keeps its intent: nobody knows whether it happened.
    const kept = isAtMostOnce(effect) && resultIsUnknown(known) ? begun : { ...begun, intent: null }
    const saved = await blockOn(context, await runs.replace(kept), known)
    return { run: saved, look, effect, error: known, wakeAt: null }
  }
}

const begunBy = (effect: Effect, { run }: Decision): string => `${effect.do} for ${run.name}`

/** Throws ConflictError LEADERSHIP_LOST: nothing was done. */
const requireLeadership = ({ ports }: Context, activity: string): void => {
  if (!ports.leadership.holds())
    throw new ConflictError('LEADERSHIP_LOST', `${activity}: another bot acts now`)
}

/** True for an effect that only asks for something: looking again at once would ask again. */
const takesTime = (effect: Effect): boolean =>
  effect.do.endsWith('refresh') ||
  effect.do === 'sync-with-prune' ||
  effect.do.startsWith('delete-')

/** Only these can follow a request that was sent; all others say that nothing happened. */
const resultIsUnknown = ({ code }: SowerError): boolean =>
  code === 'CLUSTER_UNAVAILABLE' || code === 'OBJECT_CONFLICT' || code === 'INTERNAL'

/** Writes what was decided, unless it is what is written already. */
const save = async (context: Context, run: Run, { run: next }: Decision): Promise<Run> =>
  JSON.stringify(run) === JSON.stringify(next) ? run : context.ports.runs.replace(next)

const troubleLimit = 15 * 60 * 1000

/** True if the same trouble has been met at every look for so long that a person should hear of it. */
const hasLasted = (
  { troubles, now }: Reconciling,
  { name }: Run,
  { code }: SowerError,
): boolean => {
  const known = troubles.get(name)
  const since = known?.code === code ? known.since : now().getTime()
  troubles.set(name, { code, since })
  return now().getTime() - since > troubleLimit
}

/** A refusal waits for a human and is shown; what may pass by itself is only tried again. */
const blockOn = async (context: Reconciling, run: Run, error: SowerError): Promise<Run> => {
  if (error.exitCode === 75 && !hasLasted(context, run, error)) return run
  const decision = block(
    run,
    {
      code: error.code,
      reason: context.ports.clean(error.message),
      fix:
        context.ports.clean(error.fix ?? '') ||
        'see the log of the bot; Sower tries again by itself',
    },
    context.now().toISOString(),
  )
  const stored = await context.ports.runs.get(run.name)
  return JSON.stringify(stored) === JSON.stringify(decision.run)
    ? decision.run
    : context.ports.runs.replace(decision.run)
}

const asSowerError = (error: unknown, activity: string): SowerError =>
  error instanceof SowerError
    ? error
    : // The message of an unknown error may quote anything, so it is kept as the cause and not shown.
      new FailedError('INTERNAL', `${activity}: an unexpected error`, { cause: error })
