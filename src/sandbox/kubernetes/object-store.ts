import { randomUUID } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import { ApiError } from './api-error.ts'
import type { Clock } from '../clock.ts'
import { copyObject } from './copy-object.ts'
import { frozen } from './frozen.ts'
import { timestampOf } from './timestamp-of.ts'
import type { ManagedFields } from './managed-fields.ts'

export type OwnerReference = Readonly<{
  apiVersion: string
  kind: string
  name: string
  uid: string
}>

export type Metadata = {
  name: string
  namespace?: string
  uid?: string
  resourceVersion?: string
  generation?: number
  creationTimestamp?: string
  deletionTimestamp?: string
  labels?: Record<string, string>
  annotations?: Record<string, string>
  finalizers?: string[]
  ownerReferences?: OwnerReference[]
  /** The writers of each field; the API server keeps them. */
  managedFields?: ManagedFields[]
}

/** Any Kubernetes object. The store gives out the very objects that it keeps, frozen: copy one to change it. */
export type StoredObject = {
  apiVersion: string
  kind: string
  metadata: Metadata
  [field: string]: unknown
}

export type ObjectKey = Readonly<{
  apiVersion: string
  kind: string
  namespace?: string
  name: string
}>

export type WatchEvent = Readonly<{
  type: 'ADDED' | 'MODIFIED' | 'DELETED'
  object: StoredObject
  /** The object before the change. */
  previous?: StoredObject
}>

export type ObjectStore = Readonly<{
  get: (key: ObjectKey) => StoredObject | undefined
  /** All objects of a kind, by namespace and name. */
  list: (of: Readonly<{ apiVersion: string; kind: string; namespace?: string }>) => StoredObject[]
  /** Adds an object; 409 AlreadyExists when it is there. Returns it with the server's fields. */
  create: (object: StoredObject) => StoredObject
  /** Replaces an object, status included; 404 NotFound, 409 Conflict when a given resourceVersion is old. */
  replace: (object: StoredObject) => StoredObject
  /** Changes an object through a copy; returns undefined when it is gone. */
  change: (key: ObjectKey, edit: (object: StoredObject) => void) => StoredObject | undefined
  /**
   * Deletes: at once, or by a deletionTimestamp while finalizers are left. 404, or 409 when `uid` differs.
   * A namespace takes all that is in it along, and stays Terminating until the last of it is gone.
   */
  remove: (key: ObjectKey, precondition?: Readonly<{ uid?: string }>) => void
  /** Calls `listener` after every change until the returned function is called. */
  watch: (listener: (event: WatchEvent) => void) => () => void
  resourceVersion: () => string
}>

const pathOf = (key: ObjectKey): string =>
  [key.apiVersion, key.kind, key.namespace ?? '', key.name].join('|')

const kindOf = (of: Pick<ObjectKey, 'apiVersion' | 'kind'>): string => `${of.apiVersion}|${of.kind}`

export const keyOf = (object: StoredObject): ObjectKey => ({
  apiVersion: object.apiVersion,
  kind: object.kind,
  name: object.metadata.name,
  ...(object.metadata.namespace === undefined ? {} : { namespace: object.metadata.namespace }),
})

const isNamespace = (key: ObjectKey): boolean => kindOf(key) === 'v1|Namespace'

const notFound = (key: ObjectKey): ApiError =>
  new ApiError(404, 'NotFound', `${key.kind} "${key.name}" not found`)
const conflict = (message: string): ApiError => new ApiError(409, 'Conflict', message)

// Only custom resources and workloads count generations (a Secret, a Namespace, a Role do not).
const countsGenerations = ({ apiVersion }: StoredObject): boolean =>
  apiVersion !== 'v1' && !/^(?:coordination|rbac\.authorization)\.k8s\.io\//.test(apiVersion)

// Generation rises on everything but metadata and status, as with a status subresource.
const hasSameDesire = (a: StoredObject, b: StoredObject): boolean =>
  isDeepStrictEqual(
    { ...a, metadata: undefined, status: undefined },
    { ...b, metadata: undefined, status: undefined },
  )

/** Creates the etcd of one simulated cluster. */
export const createObjectStore = (clock: Clock): ObjectStore => {
  const objects = new Map<string, StoredObject>()
  // Also by kind: controllers list a kind at each turn of a fast clock.
  const kinds = new Map<string, Map<string, StoredObject>>()
  const put = (key: ObjectKey, object: StoredObject): void => {
    objects.set(pathOf(key), frozen(object))
    const same = kinds.get(kindOf(key)) ?? new Map<string, StoredObject>()
    kinds.set(kindOf(key), same.set(pathOf(key), object))
  }
  const listeners = new Set<(event: WatchEvent) => void>()
  let version = 1000

  // Listeners change objects themselves: their events wait until everybody has heard this one.
  const queue: WatchEvent[] = []
  let isEmitting = false
  const emit = (event: WatchEvent): void => {
    queue.push(event)
    if (isEmitting) return
    isEmitting = true
    try {
      for (let next = queue.shift(); next; next = queue.shift())
        for (const listener of [...listeners]) listener(next)
    } finally {
      isEmitting = false
    }
  }
  const stamp = (object: StoredObject): void => {
    version += 1
    object.metadata.resourceVersion = String(version)
  }
  const contentsOf = (namespace: string): StoredObject[] =>
    [...objects.values()].filter(object => object.metadata.namespace === namespace)
  const drop = (key: ObjectKey, object: StoredObject): void => {
    objects.delete(pathOf(key))
    kinds.get(kindOf(key))?.delete(pathOf(key))
    const last = copyObject(object)
    stamp(last)
    emit({ type: 'DELETED', object: frozen(last), previous: last })
    // Background garbage collection: what only this object owned goes too.
    for (const other of [...objects.values()]) {
      const owners = other.metadata.ownerReferences ?? []
      if (!owners.some(owner => owner.uid === object.metadata.uid)) continue
      const uids = new Set([...objects.values()].map(({ metadata }) => metadata.uid))
      if (!owners.some(owner => uids.has(owner.uid)) && objects.has(pathOf(keyOf(other))))
        remove(keyOf(other))
    }
    if (key.namespace !== undefined) finishNamespace(key.namespace)
  }
  const finishNamespace = (name: string): void => {
    const key = { apiVersion: 'v1', kind: 'Namespace', name }
    const namespace = objects.get(pathOf(key))
    if (namespace?.metadata.deletionTimestamp === undefined || contentsOf(name).length > 0) return
    if (!namespace.metadata.finalizers?.length) drop(key, namespace)
  }
  const save = (key: ObjectKey, next: StoredObject, previous: StoredObject): StoredObject => {
    stamp(next)
    const isDeleting = next.metadata.deletionTimestamp !== undefined
    const isHeld = isNamespace(key) && contentsOf(key.name).length > 0
    if (isDeleting && !isHeld && !next.metadata.finalizers?.length) drop(key, next)
    else {
      put(key, next)
      emit({ type: 'MODIFIED', object: next, previous })
    }
    return frozen(next)
  }
  const remove: ObjectStore['remove'] = (key, precondition = {}) => {
    const found = objects.get(pathOf(key))
    if (!found) throw notFound(key)
    if (precondition.uid !== undefined && precondition.uid !== found.metadata.uid)
      throw conflict(`the UID in the precondition does not match ${key.kind} ${key.name}`)
    if (found.metadata.deletionTimestamp !== undefined) return
    const contents = isNamespace(key) ? contentsOf(key.name) : []
    if (!found.metadata.finalizers?.length && contents.length === 0) {
      drop(key, found)
      return
    }
    const next = copyObject(found)
    next.metadata.deletionTimestamp = timestampOf(clock.now())
    if (isNamespace(key)) next['status'] = { phase: 'Terminating' }
    save(key, next, found)
    for (const object of contents) if (objects.has(pathOf(keyOf(object)))) remove(keyOf(object))
  }

  return {
    get: key => objects.get(pathOf(key)),
    list: ({ namespace, ...of }) =>
      [...(kinds.get(kindOf(of)) ?? [])]
        .filter(([, object]) => namespace === undefined || object.metadata.namespace === namespace)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([, object]) => object),
    create: object => {
      const key = keyOf(object)
      if (objects.has(pathOf(key)))
        throw new ApiError(409, 'AlreadyExists', `${key.kind} "${key.name}" already exists`)
      const next = copyObject(object)
      next.metadata.uid = randomUUID()
      delete next.metadata.generation
      if (countsGenerations(next)) next.metadata.generation = 1
      next.metadata.creationTimestamp = timestampOf(clock.now())
      delete next.metadata.deletionTimestamp
      stamp(next)
      put(key, next)
      emit({ type: 'ADDED', object: next })
      return next
    },
    replace: object => {
      const key = keyOf(object)
      const found = objects.get(pathOf(key))
      if (!found) throw notFound(key)
      const given = object.metadata.resourceVersion
      if (given !== undefined && given !== found.metadata.resourceVersion)
        throw conflict(
          `Operation cannot be fulfilled on ${key.kind} "${key.name}": the object has been modified`,
        )
      const next = copyObject(object)
      const { uid, creationTimestamp, deletionTimestamp, generation } = found.metadata
      Object.assign(next.metadata, { uid, creationTimestamp })
      if (generation === undefined) delete next.metadata.generation
      else next.metadata.generation = generation
      if (deletionTimestamp !== undefined) next.metadata.deletionTimestamp = deletionTimestamp
      next.metadata.resourceVersion = found.metadata.resourceVersion ?? ''
      if (isDeepStrictEqual(next, found)) return next
      if (generation !== undefined && !hasSameDesire(next, found))
        next.metadata.generation = generation + 1
      return save(key, next, found)
    },
    change: (key, edit) => {
      const found = objects.get(pathOf(key))
      if (!found) return undefined
      const next = copyObject(found)
      edit(next)
      if (isDeepStrictEqual(next, found)) return next
      const { generation } = found.metadata
      if (generation !== undefined && !hasSameDesire(next, found))
        next.metadata.generation = generation + 1
      return save(key, next, found)
    },
    remove,
    watch: listener => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    resourceVersion: () => String(version),
  }
}
