import { type ErrorCode } from '../errors.ts'

/** One thing that was found out about a secret; it never holds anything of the value. */
export type Finding = Readonly<{
  code: ErrorCode
  level: 'ok' | 'warn' | 'bad'
  /** A sentence without its full stop. */
  reason: string
  /** The next step for a person; null where there is nothing to do. */
  fix: string | null
}>

export const fine = (code: ErrorCode, reason: string): Finding => ({
  code,
  level: 'ok',
  reason,
  fix: null,
})

export const warning = (code: ErrorCode, reason: string, fix: string): Finding => ({
  code,
  level: 'warn',
  reason,
  fix,
})

export const mistake = (code: ErrorCode, reason: string, fix: string): Finding => ({
  code,
  level: 'bad',
  reason,
  fix,
})
