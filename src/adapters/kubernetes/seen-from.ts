import { ApiException } from '@kubernetes/client-node'
import { z } from 'zod'
import type { Right } from '../../core/right.ts'
import { absent, forbidden, unknown, type Seen } from '../../core/seen.ts'
import { ConflictError, FailedError, UnavailableError } from '../../errors.ts'

const statusBody = z.looseObject({
  reason: z.string().default(''),
  message: z.string().default(''),
  details: z.looseObject({ name: z.string().default('') }).optional(),
})

// authorization.k8s.io words a denial so for every authorizer (apiserver endpoints/handlers/responsewriters/errors.go).
const denial =
  /cannot (?<verb>\S+) resource "(?<resource>[^"]+)" in API group "(?<group>[^"]*)"(?: in the namespace "(?<namespace>[^"]+)")?/

/** The right that a 403 denies; undefined where it does not say so. */
const deniedBy = (error: ApiException<unknown>, name: string): Right | undefined => {
  const { verb, resource, group, namespace } = denial.exec(statusOf(error).message)?.groups ?? {}
  if (verb === undefined || resource === undefined || group === undefined) return undefined
  const place = namespace === undefined ? {} : { namespace }
  return { verb, group, resource, ...place, ...(name === '' ? {} : { name }) }
}

// Node's words for a certificate that does not verify (node:tls, OpenSSL's X509_V_ERR_*).
const mistrust =
  /self.signed certificate|unable to (?:verify|get) .{0,80}(?:certificate|issuer)|certificate has expired|certificate is not yet valid|altnames|ERR_TLS_CERT/i

/** Says that an answer was larger than Sower reads; the errors of both transports hold it. */
export const tooLarge = 'the answer is too large'

/** Sorts an error of a read: only a NotFound that names the object says that it is not there. */
export const seenFrom = (error: unknown, name: string): Seen<never> => {
  if (error instanceof ApiException) {
    const denied = error.code === 403 ? deniedBy(error, name) : undefined
    if (denied) return forbidden(denied)
    if (error.code === 401 || error.code === 403) return unknown('forbidden')
    if (error.code !== 404) return unknown('unreachable')
    const status = statusOf(error)
    return status.reason === 'NotFound' && status.details?.name === name && name !== ''
      ? absent
      : unknown('not-served')
  }
  const text = String(error)
  if (/Unrecognized API version and kind/.test(text)) return unknown('not-served')
  if (mistrust.test(text)) return unknown('untrusted')
  if (text.includes(tooLarge)) return unknown('too-large')
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
