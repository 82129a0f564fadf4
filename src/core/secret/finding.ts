import { RefusedError, type ErrorCode } from '../../errors.ts'

/** One thing that was found out about a secret; it never holds anything of the value. */
export type Finding = Readonly<{
  code: ErrorCode
  level: 'ok' | 'warn' | 'bad'
  /** A sentence without its full stop. */
  text: string
  /** What to do about it; null where there is nothing to do. */
  fix: string | null
}>

export const fine = (code: ErrorCode, text: string): Finding => ({
  code,
  level: 'ok',
  text,
  fix: null,
})

export const warning = (code: ErrorCode, text: string, fix: string): Finding => ({
  code,
  level: 'warn',
  text,
  fix,
})

export const mistake = (code: ErrorCode, text: string, fix: string): Finding => ({
  code,
  level: 'bad',
  text,
  fix,
})

/** The refusal of an authfile. */
export const refusedAuthfile = (code: ErrorCode, reason: string, fix: string): RefusedError =>
  new RefusedError(code, `reading the authfile: ${reason}`, { fix })
