import { ConflictError, FailedError } from '../errors.ts'

/** Sorts a failed push: the branch moved, the server said no, or it gave no answer. */
export const pushError = (branch: string, cause: unknown): unknown => {
  const text = String(cause)
  if (/non-fast-forward|fetch first|stale info|\[rejected\]|cannot lock ref/.test(text))
    return new ConflictError('GIT_CONFLICT', `pushing to ${branch}: the branch moved meanwhile`, {
      cause,
    })
  if (/\[remote rejected\]|returned error: 403|not allowed|protected branch/i.test(text))
    return new FailedError('GIT_FAILED', `pushing to ${branch}: the server refused it`, {
      fix: `let Sower's account push to ${branch} (a protected branch needs an exception for it)`,
      cause,
    })
  return cause
}

/** The first line of what git said. */
export const firstLine = (cause: unknown): string => {
  const text = cause instanceof Error ? cause.message : String(cause)
  return (
    text
      .split('\n')
      .find(line => line.trim() !== '')
      ?.trim() ?? 'no reason given'
  )
}
