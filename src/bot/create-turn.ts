import { isEnded, type Run } from '../core/run/run.ts'
import { FailedError } from '../errors.ts'
import { createReconcile, type Reconcile } from '../operations/create-reconcile.ts'
import type { Context } from '../operations/context.ts'
import type { Answer } from '../operations/intake/sender.ts'
import { takeIn } from '../operations/intake/take-in.ts'
import type { Attempts } from '../operations/ports/attempts.ts'
import type { Inbox, Incoming } from '../operations/ports/inbox.ts'
import { errorFields, type Log } from './log.ts'
import { createProjection, type Projection } from './projection.ts'
import { setRunAside } from './set-run-aside.ts'

/** What the loop works with. */
export type Looping = Readonly<{
  context: Context
  inbox: Inbox
  attempts: Attempts
  log: Log
}>

/** Takes what waits in the inbox, then passes over every run once. */
export type Turn = Readonly<{
  /**
   * Resolves to when the earliest run wants another look, in epoch milliseconds; null: at the usual interval. Where no
   * look is due, the runs are passed over only after an order that counts; undefined: they were not.
   */
  take: (isDue?: boolean) => Promise<number | null | undefined>
  /** Tells whether a pull request is one of a run that is under way; before the first pass any may be. */
  concerns: (pullRequest: number) => boolean
  /** Resolves when all reports are written, or could not be. */
  settled: () => Promise<void>
}>

type Turning = Looping &
  Readonly<{
    projection: Projection
    reconcile: Reconcile
    /** What was said last of each run's trouble: it is said once, not at every look. */
    said: Map<string, string>
    /** The pull requests of runs that are under way. */
    concerned: { pullRequests: ReadonlySet<number> | null }
  }>

/** Creates the turn of the bot's loop. A turn never throws: what goes wrong is logged, and the next one comes. */
export const createTurn = ({ context, inbox, attempts, log }: Looping): Turn => {
  const projection = createProjection(context.ports.forge, (run, error) => {
    log.warn(errorFields(error, { run }), 'could not write the report')
  })
  const turning: Turning = {
    ...{ context, inbox, attempts, log, projection },
    reconcile: createReconcile(context),
    said: new Map(),
    concerned: { pullRequests: null },
  }
  return {
    take: async (isDue = true) => {
      const failed = (error: unknown): null => {
        log.warn(errorFields(error, {}), 'a turn failed')
        return null
      }
      // An inbox that cannot be read does not keep the runs from going on.
      const isObeyed = await takeWaiting(turning).catch(failed)
      return isDue || isObeyed ? passOverRuns(turning).catch(failed) : undefined
    },
    concerns: pullRequest => turning.concerned.pullRequests?.has(pullRequest) ?? true,
    settled: projection.settled,
  }
}

const reply = async (
  { ports }: Context,
  event: Incoming,
  { answers, projection }: Readonly<{ answers: readonly Answer[]; projection: Projection }>,
): Promise<void> => {
  if (answers.length === 0) return
  await projection.answer(event.pullRequest, answers)
  if (event.kind !== 'comment') return
  const isRefused = answers.some(answer => answer !== null && answer.code !== null)
  await ports.forge.react({ id: event.commentId, content: isRefused ? 'confused' : 'eyes' })
}

/** Takes in what waits; returns whether any of it counts. */
const takeWaiting = async (turning: Turning): Promise<boolean> => {
  const { context, inbox, attempts, log, projection } = turning
  let isObeyed = false
  for (const event of inbox.waiting()) {
    const what = `event ${event.key}`
    try {
      if (!attempts.begin(what)) {
        await setEventAside(turning, event)
        continue
      }
      const answers = await takeIn(context, event)
      isObeyed ||= answers.includes(null)
      // Done before it is answered: an answer that cannot be written must not bring an order back.
      inbox.done(event)
      log.info({ event: event.key, by: event.sender, answers }, 'took in')
      await reply(context, event, { answers, projection })
    } catch (error) {
      // Without an answer from outside it stays in the inbox; what was answered with no is over.
      if (error instanceof FailedError) inbox.done(event)
      log.warn(errorFields(error, { event: event.key }), 'could not take in an event')
    } finally {
      attempts.end(what)
    }
  }
  return isObeyed
}

const setEventAside = async (
  { context, inbox, log, projection }: Turning,
  event: Incoming,
): Promise<void> => {
  inbox.setAside(event)
  const code = 'SET_ASIDE'
  const again = event.kind === 'label' ? 'set the label again' : 'write a new comment'
  const text = `The bot ended twice while it worked on this, so it does so no more. Look in its log for how it ended; to try again, ${again}.`
  log.warn({ event: event.key, by: event.sender, code, reason: text }, 'set an event aside')
  await reply(context, event, { answers: [{ text, code }], projection })
}

/** One pass over every run; returns when the earliest wants to be looked at again, in epoch milliseconds. */
const passOverRuns = async (turning: Turning): Promise<number | null> => {
  const { context, attempts, log, projection, concerned } = turning
  let earliest: number | null = null
  const runs = await context.ports.runs.list()
  const underWay = runs.filter(({ phase }) => !isEnded(phase))
  concerned.pullRequests = new Set(underWay.map(({ request }) => request.pullRequest))
  for (const run of runs) {
    if (isEnded(run.phase)) {
      projection.show(run, null)
      continue
    }
    // A later run of the same cluster is another one.
    const what = `run ${run.name} ${run.request.key}`
    const isTried = attempts.begin(what)
    try {
      const wakeAt = isTried ? await passOver(turning, run) : await leaveAside(turning, run, what)
      if (wakeAt !== null) earliest = Math.min(earliest ?? Infinity, wakeAt)
    } catch (error) {
      log.warn(errorFields(error, { run: run.name }), 'pass failed')
    } finally {
      if (isTried) attempts.end(what)
    }
  }
  return earliest
}

const passOver = async (
  { log, projection, reconcile, said }: Turning,
  run: Run,
): Promise<number | null> => {
  const pass = await reconcile(run)
  if (pass.effect)
    log.info({ run: run.name, effect: pass.effect }, pass.error ? 'effect failed' : 'effect done')
  const reason = pass.error === null ? '' : pass.error.message
  if (pass.error && said.get(run.name) !== reason)
    log.warn(errorFields(pass.error, { run: run.name }), 'could not do it')
  said.set(run.name, reason)
  if (pass.run.phase !== run.phase)
    log.info({ run: run.name, from: run.phase, to: pass.run.phase, since: pass.run.since }, 'phase')
  log.debug({ run: run.name, observation: pass.look?.observation }, 'observed')
  projection.show(pass.run, pass.look)
  return pass.wakeAt === null ? null : Date.parse(pass.wakeAt)
}

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
