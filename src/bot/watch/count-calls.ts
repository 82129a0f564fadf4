import { SowerError } from '../../errors.ts'

/** How a call ended: `ok`, `absent`, why there was no answer, or the code of the error. */
export type CallResult = string

/**
 * The same port, whose calls are told of as they end. A read that says "unknown" counts under its reason: no answer
 * is not an answer.
 */
export const countCalls = <Port extends object>(
  port: Port,
  tell: (result: CallResult) => void,
): Port =>
  new Proxy(port, {
    get: (target, name): unknown => {
      const member: unknown = Reflect.get(target, name)
      if (typeof member !== 'function') return member
      return (...given: readonly unknown[]): unknown => {
        const ended = (value: unknown): unknown => {
          tell(resultIn(value))
          return value
        }
        const failed = (error: unknown): never => {
          tell(error instanceof SowerError ? error.code : 'INTERNAL')
          throw error
        }
        let value: unknown
        try {
          value = Reflect.apply(member, target, given)
        } catch (error) {
          return failed(error)
        }
        return value instanceof Promise ? value.then(ended, failed) : ended(value)
      }
    },
  })

const resultIn = (value: unknown): CallResult => {
  if (typeof value !== 'object' || value === null || !('seen' in value)) return 'ok'
  if (value.seen === 'absent') return 'absent'
  return value.seen === 'unknown' && 'why' in value ? String(value.why) : 'ok'
}
