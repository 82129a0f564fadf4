import type { Check } from '../preflight/check.ts'
import { isAtLeast, version } from '../preflight/version.ts'
import { listed, without, type Value } from './value.ts'

/** The finding of a row where both sides are known. `agent` is the Lifecycle Agent's word on it. */
export type Judged = Readonly<{
  ok: boolean
  reason: string
  /** Counts instead of the row's. */
  level?: Check['level']
  agent?: string
}>

/** Compares what the seed has with what a target has. */
export type Judge = (seed: Value, target: Value) => Judged

/** Says in which lines two sides differ. */
const difference = (seed: Value, target: Value): string =>
  [
    ['only on the seed', without(seed, target)] as const,
    ['only on the target', without(target, seed)] as const,
  ]
    .flatMap(([where, lines]) => (lines.length === 0 ? [] : [`${where}: ${listed(lines)}`]))
    .join('; ')

/** Makes a judge that wants the same lines on both sides; `agent` gives the words of the Lifecycle Agent. */
export const same =
  (agent?: (seed: Value, target: Value) => string): Judge =>
  (seed, target) => {
    const reason = difference(seed, target)
    if (reason === '') return { ok: true, reason: `both: ${listed(seed)}` }
    return { ok: false, reason, ...(agent ? { agent: agent(seed, target) } : {}) }
  }

/** Wants a version on the seed that is newer (prep_handlers.go, validateSeedOcpVersion). */
export const newer: Judge = ([seed = ''], [target = '']) => {
  const [one, other] = [version(seed), version(target)]
  if (one && other && !isAtLeast(other, one)) return { ok: true, reason: `${seed} after ${target}` }
  return {
    ok: false,
    reason: `the seed has ${seed}, the target ${target}`,
    agent: `seed OCP version (${seed}) must be higher than current OCP version (${target})`,
  }
}

/** Wants on the seed whatever the target has; what the seed has beyond that is only shown. */
export const seedHasAll =
  (what: string): Judge =>
  (seed, target) => {
    const missing = without(target, seed)
    const extra = without(seed, target)
    if (missing.length > 0)
      return { ok: false, reason: `the seed has no ${what}: ${listed(missing)}` }
    if (extra.length === 0) return { ok: true, reason: `both: ${listed(seed)}` }
    return {
      ok: false,
      level: 'warn',
      reason: `the target has no ${what}: ${listed(extra)}`,
    }
  }
