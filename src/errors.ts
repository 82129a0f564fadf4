import type { ErrorCode } from './error-codes.ts'

export type { ErrorCode }

/** `fix` is what the reader can do about it, a sentence. */
type Details = Readonly<{ fix?: string; cause?: unknown }>

/** The base of all errors that Sower raises on purpose: a code, a chain of activities and a way out. */
export class SowerError extends Error {
  readonly code: ErrorCode
  readonly fix: string | undefined
  readonly exitCode: number = 1
  constructor(code: ErrorCode, message: string, { fix, cause }: Details = {}) {
    super(message, cause === undefined ? {} : { cause })
    this.name = new.target.name
    this.code = code
    this.fix = fix
  }
}

/** The caller's words or surroundings are wrong: argv, configuration, a missing program, a port in use. */
export class InputError extends SowerError {
  override readonly exitCode = 2
}

/** A check or guard says no; nothing was changed. */
export class RefusedError extends SowerError {
  override readonly exitCode = 3
}

/** The world moved under an act: observe again, then decide again. */
export class ConflictError extends SowerError {
  override readonly exitCode = 75
}

/** An outside system gave no answer: try later, and not before `retryAt` where it is known. */
export class UnavailableError extends SowerError {
  override readonly exitCode = 75
  readonly retryAt: string | undefined
  constructor(
    code: ErrorCode,
    message: string,
    { retryAt, ...details }: Details & Readonly<{ retryAt?: string | undefined }> = {},
  ) {
    super(code, message, details)
    this.retryAt = retryAt
  }
}

/** An outside system answered that the act cannot be done; trying again will not help. */
export class FailedError extends SowerError {}

/** The message of an error, whatever was thrown. */
export const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error)
