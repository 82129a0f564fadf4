import { randomUUID } from 'node:crypto'
import { parse } from 'yaml'
import { admit, isBuiltIn } from '../admit.ts'
import { jsonPatch, mergePatch } from './merge-patch.ts'
import { objectOf } from './object-of.ts'
import { serverSideApply } from './server-side-apply.ts'
import { apiVersionOf } from '../served-resources.ts'
import {
  badRequestError,
  conflictError,
  invalidError,
  notFoundError,
  StatusError,
} from '../status-error.ts'
import { timestampOf } from '../timestamp-of.ts'
import { trackUpdate } from './track-update.ts'
import type { Clock } from '../../clock.ts'
import type { ObjectKey, ObjectStore, StoredObject } from '../object-store.ts'
import type { Target } from './target.ts'

/** A request that writes. */
export type Write = Readonly<{
  store: ObjectStore
  clock: Clock
  target: Target
  query: URLSearchParams
  contentType: string
  /** Names the writer in `managedFields` where the request does not. */
  userAgent: string
  body: string
}>

/** The answer to a write. */
export type Written = Readonly<{ code: number; object: StoredObject }>

/** The key of the object that a path names. */
export const keyOfTarget = ({ resource, namespace, name }: Target): ObjectKey => ({
  apiVersion: apiVersionOf(resource),
  kind: resource.kind,
  name,
  ...(namespace === '' ? {} : { namespace }),
})

/** True when nothing may be kept. */
export const isDryRun = ({ query }: Write): boolean => query.get('dryRun') === 'All'

/** Parses the body; undefined when there is none. */
export const parseBody = ({ body, contentType }: Write): unknown => {
  if (body === '') return undefined
  try {
    const value: unknown = contentType.includes('yaml') ? parse(body) : JSON.parse(body)
    return value
  } catch (error) {
    throw badRequestError(`error decoding the body: ${String(error)}`)
  }
}

// apiserver pkg/endpoints/handlers/create.go, managerOrUserAgent.
const managerOf = ({ query, userAgent }: Write): string =>
  query.get('fieldManager') || (userAgent.split('/', 1)[0] ?? '').slice(0, 128)

const tracked = (
  write: Write,
  before: StoredObject | undefined,
  after: StoredObject,
): StoredObject => {
  const time = timestampOf(write.clock.now())
  const { subresource } = write.target
  const manager = managerOf(write)
  const managedFields = trackUpdate(before, after, { manager, time, subresource })
  if (managedFields.length > 0) after.metadata.managedFields = managedFields
  else delete after.metadata.managedFields
  return after
}

const insert = (write: Write, object: StoredObject, hasFields = false): Written => {
  const { resource } = write.target
  if (resource.status) delete object['status']
  if (object.metadata.resourceVersion)
    throw badRequestError('resourceVersion should not be set on objects to be created')
  if (object.metadata.name === '')
    throw invalidError(resource, '', {
      field: 'metadata.name',
      message: 'Required value: name or generateName is required',
    })
  admit({ ...write, resource, object })
  if (!hasFields) tracked(write, undefined, object)
  if (!isDryRun(write)) return { code: 201, object: write.store.create(object) }
  const creationTimestamp = timestampOf(write.clock.now())
  Object.assign(object.metadata, { uid: randomUUID(), creationTimestamp })
  return { code: 201, object }
}

// The main resource never writes the status, and `/status` nothing but it.
const update = (
  write: Write,
  live: StoredObject,
  wanted: StoredObject,
  hasFields = false,
): Written => {
  const { resource, subresource } = write.target
  const { name, uid, resourceVersion } = wanted.metadata
  if (uid !== undefined && uid !== live.metadata.uid)
    throw conflictError(
      resource,
      name,
      `StorageError: invalid object, Code: 4, Key: /kubernetes.io/${resource.plural}/${name}, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: ${uid}, UID in object meta: ${live.metadata.uid ?? ''}`,
    )
  if (resourceVersion !== undefined && resourceVersion !== live.metadata.resourceVersion)
    throw conflictError(resource, name)
  const next = structuredClone(subresource === 'status' ? live : wanted)
  const status = subresource === 'status' ? wanted['status'] : live['status']
  if (resource.status && status === undefined) delete next['status']
  else if (resource.status) next['status'] = status
  const managedFields = wanted.metadata.managedFields ?? live.metadata.managedFields
  if (managedFields) next.metadata.managedFields = managedFields
  admit({ ...write, resource, object: next, previous: live })
  if (!hasFields) tracked(write, live, next)
  return { code: 200, object: isDryRun(write) ? next : write.store.replace(next) }
}

/** The object that the path names; throws the 404. */
export const liveOf = ({ store, target }: Write): StoredObject => {
  const live = store.get(keyOfTarget(target))
  if (!live) throw notFoundError(target.resource, target.name)
  return live
}

/** POST on a collection. */
export const createObject = (write: Write): Written =>
  insert(write, objectOf(write.target, parseBody(write)))

/** PUT on an object or its status. */
export const replaceObject = (write: Write): Written => {
  const wanted = objectOf(write.target, parseBody(write))
  const live = liveOf(write)
  const { resource } = write.target
  // Only the old core kinds allow an update without saying which version it changes.
  if (!wanted.metadata.resourceVersion && resource.group !== '')
    throw invalidError(resource, wanted.metadata.name, {
      field: 'metadata.resourceVersion',
      message: 'Invalid value: 0x0: must be specified for an update',
    })
  return update(write, live, wanted)
}

const applyObject = (write: Write): Written => {
  const { store, target, query } = write
  const manager = query.get('fieldManager') ?? ''
  if (manager === '')
    throw badRequestError(
      'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch',
    )
  const applied = objectOf(write.target, parseBody(write))
  if (applied.metadata.managedFields) throw badRequestError('metadata.managedFields must be nil')
  const found = store.get(keyOfTarget(target))
  const { apiVersion, kind, metadata } = applied
  const { name, namespace } = metadata
  const result = serverSideApply({
    live: found ?? {
      apiVersion,
      kind,
      metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
    },
    applied,
    manager,
    force: query.get('force') === 'true',
    time: timestampOf(write.clock.now()),
  })
  if (result.is === 'conflict')
    throw new StatusError({
      code: 409,
      reason: 'Conflict',
      message:
        result.fields.length === 1
          ? `Apply failed with 1 conflict: conflict with ${result.manager}: ${result.fields.join('')}`
          : `Apply failed with ${result.fields.length} conflicts: conflicts with ${result.manager}:${result.fields.map(field => `\n- ${field}`).join('')}`,
      details: {
        causes: result.fields.map(field => ({
          reason: 'FieldManagerConflict',
          message: `conflict with ${result.manager}`,
          field,
        })),
      },
    })
  return found ? update(write, found, result.object, true) : insert(write, result.object, true)
}

const strategic = 'application/strategic-merge-patch+json'
const apply = 'application/apply-patch+yaml'

const typeOf = (contentType: string): string => contentType.split(';')[0]?.trim() ?? ''

/** True for a server-side apply. */
export const isApply = (contentType: string): boolean => typeOf(contentType) === apply

/** PATCH on an object or its status. */
export const patchObject = (write: Write): Written => {
  const type = typeOf(write.contentType)
  const knowsAll = isBuiltIn(write.target.resource)
  const accepted = [
    'application/json-patch+json',
    'application/merge-patch+json',
    ...(knowsAll ? [strategic] : []),
    apply,
  ]
  // Before it looks for the object.
  if (!accepted.includes(type))
    throw new StatusError({
      code: 415,
      reason: 'UnsupportedMediaType',
      message: knowsAll
        ? '415: Unsupported Media Type'
        : `the body of the request was in an unknown format - accepted media types include: ${accepted.join(', ')}`,
    })
  if (type === apply) return applyObject(write)
  const live = liveOf(write)
  const patch = parseBody(write)
  const patched =
    type === 'application/json-patch+json' ? jsonPatch(live, patch) : mergePatch(live, patch)
  return update(write, live, objectOf(write.target, patched))
}
