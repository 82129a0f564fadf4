import { FailedError, UnavailableError } from '../errors.ts'
import type { Context } from '../operations/context.ts'
import type { Answer } from '../operations/intake/sender.ts'
import { identifyLabel } from '../operations/intake/identify-label.ts'
import { takeIn } from '../operations/intake/take-in.ts'
import type { Attempts } from '../operations/ports/attempts.ts'
import type { Inbox, Waiting } from '../operations/ports/inbox.ts'
import { errorFields, type Log } from './log.ts'
import type { Projection } from './projection.ts'
import type { Watch } from './watch/watch.ts'

/** The parts that the loop works with. */
export type Looping = Readonly<{
  context: Context
  inbox: Inbox
  attempts: Attempts
  log: Log
  /** Hears of each pass. */
  watch?: Watch | null
  /** How long to wait between two looks at a run when nothing wakes the bot, in milliseconds. */
  pollInterval?: number
  /** True once the bot was asked to end: what is under way comes to its end, and nothing else is begun. */
  isStopping?: () => boolean
  /** Rounds that something else begins, in place of a loop. */
  once?: object | undefined
}>

/** Takes in what waits in the inbox, and answers beside the loop. */
export type Intake = Readonly<{
  /** Resolves to whether any of it counts. */
  take: () => Promise<boolean>
  /** When the first event or answer that has to wait is tried again, in epoch milliseconds; null: none waits. */
  retryAt: () => number | null
  /** Resolves when all answers are written, or could not be. */
  settled: () => Promise<void>
}>

/** `notBefore`: epoch milliseconds; null: at the next turn, whenever that is. */
type Unsaid = Readonly<{ event: Waiting; answers: readonly Answer[]; notBefore: number | null }>

/** Milliseconds that runs wait for the answers to what was taken in. */
const patience = 5_000

/** Milliseconds that anything waits at most: GitHub's longest limit, and some. */
const longest = 65 * 60_000

/** True for a time to wait for; one that is too far away was set by a clock that has been put back since. */
const isLater = (at: number, now: number): boolean => at > now && at - now <= longest

/** Creates an intake that has answered nothing yet. */
export const createIntake = ({
  context,
  inbox,
  attempts,
  log,
  projection,
  isStopping = () => false,
}: Looping & Readonly<{ projection: Projection }>): Intake => {
  let replying = Promise.resolve()
  // One a pull request: there is one comment for answers, and the newest is in it.
  const unsaid = new Map<number, Unsaid>()

  const reply = async (event: Waiting, answers: readonly Answer[]): Promise<void> => {
    if (answers.length === 0) return
    await projection.answer(event.pullRequest, answers)
    if (event.kind !== 'comment' || event.commentId === null) return
    const isRefused = answers.some(answer => answer !== null && answer.code !== null)
    const content = isRefused ? 'confused' : 'eyes'
    await context.ports.forge.react({ id: event.commentId, content })
  }
  const say = (event: Waiting, answers: readonly Answer[]): void => {
    unsaid.delete(event.pullRequest)
    replying = replying
      .then(() => reply(event, answers))
      .catch((error: unknown) => {
        log.warn(errorFields(error, { event: event.key }), 'could not answer an event')
        if (!(error instanceof UnavailableError) || unsaid.has(event.pullRequest)) return
        const notBefore = error.retryAt === undefined ? null : Date.parse(error.retryAt)
        unsaid.set(event.pullRequest, { event, answers, notBefore })
      })
  }
  const setAside = (event: Waiting): void => {
    inbox.setAside(event)
    const code = 'SET_ASIDE'
    const again = event.kind === 'label' ? 'set the label again' : 'write a new comment'
    const text = `The bot ended twice while it worked on this, and has set it aside. Look in its log for how it ended; to try again, ${again}.`
    log.warn({ event: event.key, by: event.sender, code, reason: text }, 'set an event aside')
    say(event, [{ text, code }])
  }
  // What follows an event may end the process: its answer is out by then, unless GitHub is slow.
  const repliedSoon = (): Promise<void> =>
    new Promise(resolve => {
      const timer = setTimeout(resolve, patience)
      void replying.then(() => {
        clearTimeout(timer)
        resolve()
      })
    })
  /** When each pull request's events are tried again that have to wait. */
  let later: ReadonlyMap<number, number> = new Map()
  let isObeyed = false
  /** Returns when an event is tried again that has to wait for it. */
  const takeOne = async (given: Waiting): Promise<number | null> => {
    let event = given
    const what = `event ${given.key}`
    try {
      if (!attempts.begin(what)) {
        setAside(event)
        return null
      }
      if (event.kind === 'label') {
        const key = await identifyLabel(context, event)
        // The same label, heard of in another way, was obeyed or refused before.
        if (key !== event.key && !inbox.rename(event, key)) return null
        event = { ...event, key }
      }
      const answers = await takeIn(context, event)
      isObeyed ||= answers.includes(null)
      // Done before it is answered: an answer that cannot be written must not bring an order back.
      inbox.done(event)
      const said = answers.map(answer => answer && { text: answer.text, code: answer.code })
      log.info({ event: event.key, by: event.sender, answers: said }, 'took in')
      say(event, answers)
    } catch (error) {
      log.warn(errorFields(error, { event: event.key }), 'could not take in an event')
      if (error instanceof FailedError) {
        // A definite no ends it; without an answer from outside it stays.
        inbox.done(event)
        if (!context.gate.mayAnswer(event.sender)) return null
        say(event, [{ text: `${error.message}. ${error.fix ?? ''}`.trim(), code: error.code }])
      } else if (error instanceof UnavailableError && error.retryAt !== undefined) {
        inbox.postpone(event, { at: error.retryAt, reason: error.message })
        return Date.parse(error.retryAt)
      }
    } finally {
      attempts.end(what)
    }
    return null
  }
  return {
    take: async () => {
      const now = context.now().getTime()
      for (const { event, answers, notBefore } of unsaid.values())
        if (!isLater(notBefore ?? now, now)) say(event, answers)
      isObeyed = false
      const waits = new Map<number, number>()
      for (const event of inbox.waiting()) {
        if (isStopping()) break
        // What was asked for later on the same pull request waits behind it.
        if (waits.has(event.pullRequest)) continue
        const retryAt = Date.parse(event.retry?.at ?? '')
        const at = isLater(retryAt, now) ? retryAt : await takeOne(event)
        if (at !== null) waits.set(event.pullRequest, at)
      }
      later = waits
      await repliedSoon()
      return isObeyed
    },
    retryAt: () => {
      const times = [...unsaid.values()].flatMap(({ notBefore }) => notBefore ?? [])
      const earliest = Math.min(...later.values(), ...times)
      return earliest === Infinity ? null : earliest
    },
    settled: () => replying,
  }
}
