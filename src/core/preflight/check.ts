import type { ErrorCode } from '../../errors.ts'

/** One question asked before an effect, and its answer. */
export type Check = Readonly<{
  /** Stable name, such as `hub.managed-cluster-available`. */
  id: string
  /** A failed 'block' check, or one without an answer, stops the run; 'warn' is only shown. */
  level: 'block' | 'warn'
  /** 'not-asked': nobody let Sower ask; it is no pass either. */
  status: 'pass' | 'fail' | 'unknown' | 'not-asked'
  /** The code that a run is blocked with; without it PREFLIGHT_FAILED. */
  code?: ErrorCode
  /** The finding, in words. */
  reason: string
  /** The next step; empty when it passed. */
  fix: string
}>

/** The checks that stop a run: those that must pass and did not, an unanswered one included. */
export const blocking = (checks: readonly Check[]): readonly Check[] =>
  checks.filter(check => check.level === 'block' && check.status !== 'pass')
