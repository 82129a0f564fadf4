import { isEnded } from '../core/run/run.ts'
import { FailedError } from '../errors.ts'
import { createReconcile, type Reconcile } from '../operations/create-reconcile.ts'
import type { Context } from '../operations/context.ts'
import type { Answer } from '../operations/intake/sender.ts'
import { takeIn } from '../operations/intake/take-in.ts'
import type { Inbox, Incoming } from '../operations/ports/inbox.ts'
import { errorFields, type Log } from './log.ts'
import { createProjection, type Projection } from './projection.ts'

/** What the loop works with. */
export type Looping = Readonly<{ context: Context; inbox: Inbox; log: Log }>

/** Takes what waits in the inbox, then passes over every run once. */
export type Turn = Readonly<{
  /** Resolves to when the earliest run wants another look, in epoch milliseconds; null: at the usual interval. */
  take: () => Promise<number | null>
  /** Resolves when all reports are written, or could not be. */
  settled: () => Promise<void>
}>

type Turning = Looping &
  Readonly<{
    projection: Projection
    reconcile: Reconcile
    /** What was said last of each run's trouble: it is said once, not at every look. */
    said: Map<string, string>
  }>

/** Creates the turn of the bot's loop. A turn never throws: what goes wrong is logged, and the next one comes. */
export const createTurn = ({ context, inbox, log }: Looping): Turn => {
  const projection = createProjection(context.ports.forge, (run, error) => {
    log.warn(errorFields(error, { run }), 'could not write the report')
  })
  const turning: Turning = {
    ...{ context, inbox, log, projection },
    reconcile: createReconcile(context),
    said: new Map(),
  }
  return {
    take: async () => {
      try {
        await takeWaiting(turning)
        return await passOverRuns(turning)
      } catch (error) {
        log.warn(errorFields(error, {}), 'a turn failed')
        return null
      }
    },
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

const takeWaiting = async ({ context, inbox, log, projection }: Turning): Promise<void> => {
  for (const event of inbox.waiting()) {
    try {
      const answers = await takeIn(context, event)
      // Done before it is answered: an answer that cannot be written must not bring an order back.
      inbox.done(event)
      log.info({ event: event.key, by: event.sender, answers }, 'took in')
      await reply(context, event, { answers, projection })
    } catch (error) {
      // Without an answer from outside it stays in the inbox; what was answered with no is over.
      if (error instanceof FailedError) inbox.done(event)
      log.warn(errorFields(error, { event: event.key }), 'could not take in an event')
    }
  }
}

/** One pass over every run; returns when the earliest wants to be looked at again, in epoch milliseconds. */
const passOverRuns = async ({
  context,
  log,
  projection,
  reconcile,
  said,
}: Turning): Promise<number | null> => {
  let earliest: number | null = null
  for (const run of await context.ports.runs.list()) {
    try {
      if (isEnded(run.phase)) {
        projection.show(run, null)
        continue
      }
      const pass = await reconcile(run)
      if (pass.effect)
        log.info(
          { run: run.name, effect: pass.effect },
          pass.error ? 'effect failed' : 'effect done',
        )
      const reason = pass.error === null ? '' : pass.error.message
      if (pass.error && said.get(run.name) !== reason)
        log.warn(errorFields(pass.error, { run: run.name }), 'could not do it')
      said.set(run.name, reason)
      if (pass.run.phase !== run.phase)
        log.info(
          { run: run.name, from: run.phase, to: pass.run.phase, since: pass.run.since },
          'phase',
        )
      log.debug({ run: run.name, observation: pass.look?.observation }, 'observed')
      projection.show(pass.run, pass.look)
      if (pass.wakeAt !== null) earliest = Math.min(earliest ?? Infinity, Date.parse(pass.wakeAt))
    } catch (error) {
      log.warn(errorFields(error, { run: run.name }), 'pass failed')
    }
  }
  return earliest
}
