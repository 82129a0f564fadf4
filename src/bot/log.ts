import { SowerError, UnavailableError } from '../errors.ts'

/** The bot's log for its operator: one line an event, with fields. */
export type Log = Readonly<{
  debug: (fields: object, message: string) => void
  info: (fields: object, message: string) => void
  warn: (fields: object, message: string) => void
}>

/** Adds what a log line says of an error to its fields. */
export const errorFields = (error: unknown, fields: object): object =>
  error instanceof SowerError
    ? {
        ...{ ...fields, code: error.code, reason: error.message, cause: causeOf(error) },
        ...(error instanceof UnavailableError && error.retryAt !== undefined
          ? { retryAt: error.retryAt }
          : {}),
      }
    : { ...fields, reason: String(error) }

/** The class of the cause only: its text may quote anything. */
const causeOf = ({ cause }: SowerError): string | undefined =>
  cause instanceof Error
    ? `${cause.name}${'code' in cause ? ` ${String(cause.code)}` : ''}`
    : undefined
