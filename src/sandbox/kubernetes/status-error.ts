import { ApiError } from './api-error.ts'
import { qualifiedNameOf } from './served-resources.ts'
import type { Resource } from './resource.ts'

/** One field that the server refuses, and why. */
export type Cause = Readonly<{ reason: string; message: string; field: string }>

type Details = Readonly<{
  name?: string
  group?: string
  kind?: string
  uid?: string
  causes?: readonly Cause[]
}>

/** An error answer with all that Kubernetes' Status object says about it. */
export class StatusError extends ApiError {
  readonly details: Details
  constructor(of: Readonly<{ code: number; reason: string; message: string; details?: Details }>) {
    super(of.code, of.reason, of.message)
    this.details = of.details ?? {}
  }
}

/** The body of an error answer. */
export const statusOf = (error: ApiError): Readonly<Record<string, unknown>> => {
  const details = error instanceof StatusError ? error.details : {}
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message: error.message,
    reason: error.reason,
    ...(Object.keys(details).length === 0 ? {} : { details }),
    code: error.status,
  }
}

/** `details` of a Status: the plural goes by the name of kind, and the core group is left out. */
export const detailsOf = (resource: Resource, name: string): Details => ({
  ...(name === '' ? {} : { name }),
  ...(resource.group === '' ? {} : { group: resource.group }),
  kind: resource.plural,
})

/** 404: the kind is known, the object is not there. */
export const notFoundError = (resource: Resource, name: string): StatusError =>
  new StatusError({
    code: 404,
    reason: 'NotFound',
    message: `${qualifiedNameOf(resource)} "${name}" not found`,
    details: detailsOf(resource, name),
  })

/** 409 AlreadyExists. */
export const alreadyExistsError = (resource: Resource, name: string): StatusError =>
  new StatusError({
    code: 409,
    reason: 'AlreadyExists',
    message: `${qualifiedNameOf(resource)} "${name}" already exists`,
    details: detailsOf(resource, name),
  })

/** 409 Conflict, by default that of an old resourceVersion. */
export const conflictError = (
  resource: Resource,
  name: string,
  why = 'the object has been modified; please apply your changes to the latest version and try again',
): StatusError =>
  new StatusError({
    code: 409,
    reason: 'Conflict',
    message: `Operation cannot be fulfilled on ${qualifiedNameOf(resource)} "${name}": ${why}`,
    details: detailsOf(resource, name),
  })

/** 403 of admission or authorization. */
export const forbiddenError = (resource: Resource, name: string, why: string): StatusError =>
  new StatusError({
    code: 403,
    reason: 'Forbidden',
    message: `${qualifiedNameOf(resource)} ${name === '' ? '' : `"${name}" `}is forbidden: ${why}`,
    details: detailsOf(resource, name),
  })

/** 422 Invalid; `kind` in the details is the kind itself, unlike in the other answers. */
export const invalidError = (
  resource: Resource,
  name: string,
  ...found: readonly Readonly<{ field: string; message: string; reason?: string }>[]
): StatusError => {
  const causes = found.map(cause => ({ reason: 'FieldValueInvalid', ...cause }))
  const listed = causes.map(({ field, message }) => `${field}: ${message}`)
  const why = listed.length > 1 ? `[${listed.join(', ')}]` : listed.join('')
  const { group, kind } = resource
  return new StatusError({
    code: 422,
    reason: 'Invalid',
    message: `${group === '' ? kind : `${kind}.${group}`} "${name}" is invalid: ${why}`,
    details: {
      name,
      ...(group === '' ? {} : { group }),
      kind,
      causes,
    },
  })
}

/** 400. */
export const badRequestError = (message: string): StatusError =>
  new StatusError({ code: 400, reason: 'BadRequest', message })

/** 405. */
export const methodNotAllowedError = (): StatusError =>
  new StatusError({
    code: 405,
    reason: 'MethodNotAllowed',
    message: 'the server does not allow this method on the requested resource',
  })
