import { ApiException } from '@kubernetes/client-node'
import { z } from 'zod'
import { absent, unknown, type Seen } from '../../core/seen.ts'
import { ConflictError, FailedError, UnavailableError } from '../../errors.ts'

const statusBody = z.looseObject({
  reason: z.string().default(''),
  message: z.string().default(''),
  details: z.looseObject({ name: z.string().default('') }).optional(),
})

/** Sorts an error of a read: only a NotFound that names the object says that it is not there. */
export const seenFrom = (error: unknown, name: string): Seen<never> => {
  if (error instanceof ApiException) {
    if (error.code === 401 || error.code === 403) return unknown('forbidden')
    if (error.code !== 404) return unknown('unreachable')
    const status = statusOf(error)
    return status.reason === 'NotFound' && status.details?.name === name && name !== ''
      ? absent
      : unknown('not-served')
  }
  const text = String(error)
  if (/Unrecognized API version and kind/.test(text)) return unknown('not-served')
  return unknown(/abort|timed? ?out/i.test(text) ? 'timeout' : 'unreachable')
}

const statusOf = (error: ApiException<unknown>): z.infer<typeof statusBody> => {
  try {
    const body: unknown = typeof error.body === 'string' ? JSON.parse(error.body) : error.body
    return statusBody.parse(body)
  } catch {
    return { reason: '', message: '' }
  }
}

/** Sorts an error of a write: someone else was first, a definite no, or nobody knows. */
export const writeError = (activity: string, error: unknown): Error => {
  if (error instanceof ApiException) {
    const { message } = statusOf(error)
    if (error.code === 409)
      return new ConflictError('OBJECT_CONFLICT', `${activity}: ${message}`, { cause: error })
    if (error.code >= 400 && error.code < 500 && error.code !== 408 && error.code !== 429)
      return new FailedError(
        'OBJECT_REFUSED',
        `${activity}: ${message || `the API server answered ${error.code}`}`,
      )
  }
  return new UnavailableError('CLUSTER_UNAVAILABLE', `${activity}: the API server gave no answer`)
}
