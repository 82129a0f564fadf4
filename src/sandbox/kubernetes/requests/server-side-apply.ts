import { isDeepStrictEqual } from 'node:util'
import { isRecord } from './parse-object.ts'
import type { ManagedFields } from '../managed-fields.ts'
import type { StoredObject } from '../object-store.ts'

type Path = readonly string[]

// Lists count as one value (listType atomic, the default of a CRD).
const leavesOf = (value: unknown, path: Path = []): Path[] =>
  isRecord(value) && Object.keys(value).length > 0
    ? Object.entries(value).flatMap(([field, child]) => leavesOf(child, [...path, field]))
    : [path]

const fieldsOf = (paths: readonly Path[]): Record<string, unknown> => {
  const fields: Record<string, unknown> = {}
  for (const path of paths) {
    let at = fields
    for (const segment of path) {
      const next = at[`f:${segment}`]
      const child = isRecord(next) ? next : {}
      at[`f:${segment}`] = child
      at = child
    }
  }
  return fields
}

const pathsOf = (fields: Readonly<Record<string, unknown>>): Path[] =>
  Object.keys(fields).length === 0
    ? []
    : leavesOf(fields).map(path => path.map(field => field.slice('f:'.length)))

const read = (value: unknown, path: Path): unknown =>
  path.reduce<unknown>((at, field) => (isRecord(at) ? at[field] : undefined), value)

const write = (value: Record<string, unknown>, path: Path, content: unknown): void => {
  const [field, ...rest] = path
  if (field === undefined) return
  if (rest.length === 0) {
    if (content === undefined) Reflect.deleteProperty(value, field)
    else value[field] = content
    return
  }
  const child = value[field]
  if (isRecord(child)) write(child, rest, content)
  else if (content !== undefined) {
    const created: Record<string, unknown> = {}
    value[field] = created
    write(created, rest, content)
  }
}

const isIdentity = ([first, second]: Path): boolean =>
  first === 'apiVersion' ||
  first === 'kind' ||
  (first === 'metadata' &&
    (second === undefined ||
      ['name', 'namespace', 'uid', 'resourceVersion', 'creationTimestamp'].includes(second)))

const includes = (paths: readonly Path[], path: Path): boolean =>
  paths.some(each => isDeepStrictEqual(each, path))

/** What an apply came to: the merged object, or the fields that another applier holds with another value. */
export type Applied =
  | Readonly<{ is: 'merged'; object: StoredObject }>
  | Readonly<{ is: 'conflict'; manager: string; fields: readonly string[] }>

/**
 * Server-side apply between appliers: their fields are merged, what one of them no longer mentions
 * goes, and a field of another is taken by force only. Ownership by plain updates is not kept.
 */
export const serverSideApply = (
  of: Readonly<{
    live: StoredObject
    applied: StoredObject
    manager: string
    force: boolean
    time: string
  }>,
): Applied => {
  const paths = leavesOf(of.applied).filter(path => !isIdentity(path))
  const entries = of.live.metadata.managedFields ?? []
  const others = entries.filter(entry => entry.manager !== of.manager)
  const isTaken = (path: Path): boolean =>
    includes(paths, path) && !isDeepStrictEqual(read(of.live, path), read(of.applied, path))
  for (const { manager, fieldsV1 } of others) {
    const taken = pathsOf(fieldsV1).filter(isTaken)
    if (taken.length > 0 && !of.force)
      return { is: 'conflict', manager, fields: taken.map(path => `.${path.join('.')}`) }
  }
  const kept = others
    .map(entry => ({
      ...entry,
      fieldsV1: fieldsOf(pathsOf(entry.fieldsV1).filter(path => !isTaken(path))),
    }))
    .filter(entry => Object.keys(entry.fieldsV1).length > 0)
  const object = structuredClone(of.live)
  const before = entries.find(entry => entry.manager === of.manager)
  for (const path of pathsOf(before?.fieldsV1 ?? {}))
    if (!includes(paths, path) && !kept.some(entry => includes(pathsOf(entry.fieldsV1), path)))
      write(object, path, undefined)
  for (const path of paths) write(object, path, read(of.applied, path))
  const fieldsV1 = fieldsOf(paths)
  const own: ManagedFields = {
    manager: of.manager,
    operation: 'Apply',
    apiVersion: of.applied.apiVersion,
    // An apply that changes nothing leaves the object as it is, time included.
    time: isDeepStrictEqual(before?.fieldsV1, fieldsV1) ? (before?.time ?? of.time) : of.time,
    fieldsType: 'FieldsV1',
    fieldsV1,
  }
  object.metadata.managedFields = [...kept, own]
  return { is: 'merged', object }
}
