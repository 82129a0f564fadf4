import { isEnded, type Run } from '../core/run/run.ts'
import { createRetention, type Retention } from '../operations/access/create-retention.ts'
import { createReconcile, type Pass, type Reconcile } from '../operations/create-reconcile.ts'
import { unreadBecause } from '../operations/intake/open-pull-request.ts'
import type { Look } from '../operations/observe/observe.ts'
import { createIntake, type Looping } from './create-intake.ts'
import { errorFields } from './log.ts'
import { createProjection, type Projection } from './projection.ts'
import { setRunAside } from './set-run-aside.ts'

/** Takes what waits in the inbox, then passes over every run once. */
export type Turn = Readonly<{
  /**
   * Resolves to when the earliest run wants another look, in epoch milliseconds; null: at the usual interval. Where no
   * look is due, all runs are passed over only after an order that counts, else those of `woken`; undefined: none was.
   */
  take: (isDue?: boolean, woken?: ReadonlySet<string>) => Promise<number | null | undefined>
  /** Tells whether a pull request is one of a run that is under way; before the first pass any may be. */
  concerns: (pullRequest: number) => boolean
  /** When the first order that has to wait is tried again, in epoch milliseconds; null: none waits. */
  retryAt: () => number | null
  /** Resolves when all reports are written, or could not be. */
  settled: () => Promise<void>
}>

type Turning = Omit<Looping, 'inbox'> &
  Readonly<{
    projection: Projection
    isStopping: () => boolean
    reconcile: Reconcile
    retention: Retention
    /** The last report of each run's trouble: it is said once, not at every look. */
    said: Map<string, string>
    /** The pull requests of runs that are under way. */
    concerned: { pullRequests: ReadonlySet<number> | null }
  }>

/** Creates the turn of the bot's loop. A turn never throws: what goes wrong is logged, and the next one comes. */
export const createTurn = (options: Looping): Turn => {
  const { context, inbox, attempts, log, watch, pollInterval = null } = options
  const { forge, clean } = context.ports
  const unwritten = new Map<string, string>()
  const failed = (run: string, error: unknown): void => {
    if (unwritten.get(run) === String(error)) return
    unwritten.set(run, String(error))
    log.warn(errorFields(error, { run }), 'could not write the report')
  }
  const rhythm = options.once ? 'round' : pollInterval && Math.ceil(pollInterval / 1000)
  const projection = createProjection(forge, failed, clean, rhythm, context.now)
  const { isStopping = () => false } = options
  const intake = createIntake({ context, inbox, attempts, log, projection, isStopping })
  const turning: Turning = {
    ...{ context, attempts, log, watch: watch ?? null, projection, isStopping },
    reconcile: createReconcile(context),
    retention: createRetention(context),
    said: new Map(),
    concerned: { pullRequests: null },
  }
  return {
    take: async (isDue = true, woken = new Set()) => {
      const failed = (error: unknown): null => {
        log.warn(errorFields(error, {}), 'a turn failed')
        return null
      }
      // An inbox that cannot be read does not keep the runs from going on.
      const isObeyed = await intake.take().catch(failed)
      if (isDue || isObeyed) return passOverRuns(turning, null).catch(failed)
      return woken.size > 0 ? passOverRuns(turning, woken).catch(failed) : undefined
    },
    concerns: pullRequest => turning.concerned.pullRequests?.has(pullRequest) ?? true,
    retryAt: intake.retryAt,
    settled: async () => {
      await intake.settled()
      await projection.settled()
    },
  }
}

/**
 * One pass over every run, or over those of these names; returns when the earliest of them wants to be looked at again, in
 * epoch milliseconds.
 */
const passOverRuns = async (
  turning: Turning,
  names: ReadonlySet<string> | null,
): Promise<number | null> => {
  const { context, attempts, log, projection, concerned } = turning
  let earliest: number | null = null
  const runs = await context.ports.runs.list()
  const underWay = runs.filter(({ phase }) => !isEnded(phase))
  concerned.pullRequests = new Set(underWay.map(({ request }) => request.pullRequest))
  for (const run of runs) {
    if (turning.isStopping()) return null
    if (names !== null && !names.has(run.name)) continue
    if (isEnded(run.phase)) {
      await letGo(turning, run)
      projection.show(run, null)
      continue
    }
    const what = nameOf(run)
    // One that is aside stays so until a person says otherwise.
    const isTried = run.blocked?.code !== 'SET_ASIDE' && attempts.begin(what, stepOf(run))
    try {
      const wakeAt = isTried ? await passOver(turning, run) : await leaveAside(turning, run, what)
      if (wakeAt !== null) earliest = Math.min(earliest ?? Infinity, wakeAt)
    } catch (error) {
      log.warn(errorFields(error, { run: run.name }), 'pass failed')
    } finally {
      if (isTried) attempts.end(what)
    }
  }
  turning.watch?.looked(runs)
  return earliest
}

/** Deletes an ended run that was kept long enough; where that cannot be done, it is tried again. */
const letGo = async ({ retention, log }: Turning, run: Run): Promise<void> => {
  try {
    if (await retention(run))
      log.info({ run: run.name, phase: run.phase, since: run.since }, 'deleted an ended run')
  } catch (error) {
    log.warn(errorFields(error, { run: run.name }), 'could not delete an ended run')
  }
}

/**
 * The step that a run is at: a process that ends after each effect has not ended at the same step twice. Storing a run
 * is not a step, or a run that is stored at every attempt could end the process for ever.
 */
const stepOf = ({ phase, attempt, intent }: Run): string =>
  [phase, attempt, intent?.effect.do ?? 'between effects'].join(' ')

/** The name under which attempts at a run are counted: a later run of the same cluster has another one. */
const nameOf = (run: Run): string => `run ${run.name} ${run.request.key}`

const passOver = async (
  { attempts, log, watch, projection, reconcile, said }: Turning,
  run: Run,
): Promise<number | null> => {
  const pass = await reconcile(run)
  watch?.passed(run, pass)
  if (pass.effect && !pass.error) attempts.gotFurther(nameOf(run), pass.effect.do)
  if (pass.effect)
    log.info({ run: run.name, effect: pass.effect }, pass.error ? 'effect failed' : 'effect done')
  const reason = pass.error === null ? unreadIn(pass.look) : pass.error.message
  if (reason !== '' && said.get(run.name) !== reason) {
    const fields = errorFields(pass.error ?? reason, { run: run.name })
    if (isForPerson(pass.error)) log.info(fields, 'waits for a person')
    else log.warn(fields, 'could not do it')
  }
  said.set(run.name, reason)
  if (pass.run.phase !== run.phase)
    log.info({ run: run.name, from: run.phase, to: pass.run.phase, since: pass.run.since }, 'phase')
  log.debug({ run: run.name, observation: pass.look?.observation }, 'observed')
  projection.show(pass.run, pass.look)
  return pass.wakeAt === null ? null : Date.parse(pass.wakeAt)
}

/** True for what a person does by git: no trouble, and told where the run is shown. */
const isForPerson = (error: Pass['error']): boolean =>
  error?.code === 'PUSH_AWAITED' || error?.code === 'MERGE_AWAITED'

const leaveAside = async (
  { context, attempts, log, projection, said }: Turning,
  before: Run,
  what: string,
): Promise<number | null> => {
  const { run, isResumed } = await setRunAside(context, before)
  projection.show(run, null)
  if (isResumed) {
    attempts.end(what)
    log.info({ run: run.name, phase: run.phase }, 'took up a run again')
    return context.now().getTime()
  }
  const reason = run.blocked?.reason ?? ''
  if (said.get(run.name) !== reason)
    log.warn({ run: run.name, code: run.blocked?.code, reason }, 'set a run aside')
  said.set(run.name, reason)
  return null
}

/** Why the pull request of a run could not be read; nothing where it was. */
const unreadIn = (look: Look | null): string => {
  const observation = look?.observation
  return observation && 'pullRequest' in observation && observation.pullRequest.seen === 'unknown'
    ? `reading the pull request: ${unreadBecause(observation.pullRequest)}`
    : ''
}
