import type { ErrorCode } from '../../errors.ts'
import type { Effect, Instant, Order, Outcome, Phase, Run, Verb } from './run.ts'

/** The consequence of one look: the run as it is now, at most one act, and when to look again at the latest. */
export type Decision = Readonly<{ run: Run; effect: Effect | null; wakeAt: Instant | null }>

/** `at` moved by `seconds`. */
export const later = (at: Instant, seconds: number): Instant =>
  new Date(Date.parse(at) + seconds * 1000).toISOString()

/** Whole and broken seconds from `from` to `to`. */
export const secondsBetween = (from: Instant, to: Instant): number =>
  (Date.parse(to) - Date.parse(from)) / 1000

/** Look again, with nothing in the way. */
export const wait = (run: Run, wakeAt: Instant | null = null): Decision => ({
  run: run.blocked === null ? run : { ...run, blocked: null },
  effect: null,
  wakeAt,
})

/** Nothing was learnt, so nothing changes. */
export const stay = (run: Run): Decision => ({ run, effect: null, wakeAt: null })

/** Do one thing. What blocked the run stays written until the act has succeeded. */
export const act = (run: Run, effect: Effect): Decision => ({ run, effect, wakeAt: null })

/** Wait for a human; the time of the first such look is kept. */
export const block = (
  run: Run,
  { code, reason, fix }: Readonly<{ code: ErrorCode; reason: string; fix: string }>,
  now: Instant,
): Decision => {
  const since = run.blocked?.code === code ? run.blocked.since : now
  return {
    run: { ...run, blocked: { code, reason, fix, since } },
    effect: null,
    wakeAt: null,
  }
}

/** The fact that a run leaves its phase: when it had entered it. */
export const leaving = ({ phase, since, facts }: Run): Pick<Run['facts'], 'times'> => ({
  times: { ...facts.times, [phase]: since },
})

/** Go to another phase. */
export const enter = (
  run: Run,
  phase: Phase,
  now: Instant,
  facts: Partial<Run['facts']> = {},
): Decision => ({
  run: {
    ...run,
    phase,
    since: now,
    blocked: null,
    intent: null,
    facts: { ...run.facts, ...leaving(run), ...facts },
  },
  effect: null,
  wakeAt: now,
})

/** Go to CleaningUp, knowing how the run will end. */
export const finish = (
  run: Run,
  outcome: Outcome,
  now: Instant,
  facts: Partial<Run['facts']> = {},
): Decision => enter({ ...run, outcome }, 'CleaningUp', now, facts)

/** The oldest order with this verb. */
export const orderOf = (run: Run, verb: Verb): Order | undefined =>
  run.orders.find(order => order.verb === verb)

/** The run with that order obeyed: it is gone from the list. */
export const obey = (run: Run, order: Order): Run => ({
  ...run,
  orders: run.orders.filter(other => other.key !== order.key),
})

/** The run without orders to try again: they were obeyed, or fit nothing that it waits for. */
export const withoutRetries = (run: Run): Run => ({
  ...run,
  orders: run.orders.filter(({ verb }) => verb !== 'retry'),
})
