import { type ErrorCode, RefusedError } from '../../../errors.ts'

/** The refusal of an authfile. */
export const refusedAuthfile = (code: ErrorCode, reason: string, fix: string): RefusedError =>
  new RefusedError(code, `reading the authfile: ${reason}`, { fix })
