import { isDeepStrictEqual } from 'node:util'
import { fieldsOf, includes, isIdentity, leavesOf, pathsOf, read, type Path } from './leaves-of.ts'
import { isRecord } from './parse-object.ts'
import type { ManagedFields } from '../managed-fields.ts'
import type { StoredObject } from '../object-store.ts'

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

/** The result of an apply: the merged object, or the fields that another applier holds with another value. */
export type Applied =
  | Readonly<{ is: 'merged'; object: StoredObject }>
  | Readonly<{ is: 'conflict'; manager: string; fields: readonly string[] }>

// An update is named with its version (apiserver fieldmanager internal/conflict.go).
const describe = ({ manager, operation, apiVersion }: ManagedFields): string =>
  operation === 'Update' ? `"${manager}" using ${apiVersion}` : `"${manager}"`

/**
 * Server-side apply between appliers: their fields are merged, what one of them no longer mentions
 * goes, and a field of another, an updater too, is taken by force only.
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
  const isOwn = ({ manager, operation }: ManagedFields): boolean =>
    manager === of.manager && operation === 'Apply'
  const others = entries.filter(entry => !isOwn(entry))
  const isTaken = (path: Path): boolean =>
    includes(paths, path) && !isDeepStrictEqual(read(of.live, path), read(of.applied, path))
  for (const other of others) {
    const taken = pathsOf(other.fieldsV1).filter(isTaken)
    if (taken.length > 0 && !of.force)
      return {
        is: 'conflict',
        manager: describe(other),
        fields: taken.map(path => `.${path.join('.')}`),
      }
  }
  const kept = others
    .map(entry => ({
      ...entry,
      fieldsV1: fieldsOf(pathsOf(entry.fieldsV1).filter(path => !isTaken(path))),
    }))
    .filter(entry => Object.keys(entry.fieldsV1).length > 0)
  const object = structuredClone(of.live)
  const before = entries.find(isOwn)
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
