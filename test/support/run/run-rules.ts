import t from 'tap'
import { decide } from '../../../src/core/run/decide.ts'
import type { ObservationOf } from '../../../src/core/run/observation.ts'
import type { Active, Effect, Phase } from '../../../src/core/run/run.ts'
import { errorCodes, type ErrorCode } from '../../../src/error-codes.ts'
import { aLook, aRun, at, type Change } from './run-scene.ts'

type More = Readonly<{
  /** What is not as usual in the run before. */
  run?: Change
  /** Seconds since the phase began; 60 when a test does not care. */
  now?: number
  /** What the run holds afterwards; facts and orders that are not named stay as they were. */
  then?: Change
  wakeAt?: string | null
}>

/**
 * One row: with this run and this look, `decide` answers an effect, another phase, a code that blocks, or
 * null: wait, or look again at once.
 */
export const rules =
  <P extends Active>(phase: P) =>
  (
    title: string,
    look: Partial<ObservationOf<P>>,
    expected: Effect | Phase | ErrorCode | null,
    { run: change = {}, now: seconds = 60, then = {}, wakeAt }: More = {},
  ): void => {
    t.test(`${phase}: ${title}`, async t => {
      const run = aRun(phase, change)
      const now = at(seconds)
      const decision = decide(run, aLook(phase, look), now)
      const code = errorCodes.find(known => known === expected) ?? null
      const effect = typeof expected === 'object' ? expected : null
      const next = effect === null && code === null && expected !== null ? expected : phase
      t.strictSame(decision.effect, effect)
      t.equal(decision.run.phase, next)
      // What blocked the run stays on show until an effect has succeeded.
      const keeps = effect !== null || then.blocked !== undefined
      t.equal(decision.run.blocked?.code ?? null, keeps ? (run.blocked?.code ?? null) : code)
      if (code) t.match(decision.run.blocked, { reason: /./, fix: /./, since: /./ })
      const { facts, orders = run.orders, ...others } = then
      const left = next === phase ? {} : { times: { ...run.facts.times, [phase]: run.since } }
      t.strictSame(decision.run.facts, { ...run.facts, ...left, ...facts })
      t.strictSame(decision.run.orders, orders)
      t.match(decision.run, { outcome: run.outcome, attempt: run.attempt, ...others })
      if (next !== phase) t.match(decision, { run: { since: now, intent: null }, wakeAt: now })
      if (wakeAt !== undefined) t.equal(decision.wakeAt, wakeAt)
    })
  }
