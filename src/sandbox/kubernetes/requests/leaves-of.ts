import { isDeepStrictEqual } from 'node:util'
import { isRecord } from './parse-object.ts'

/** The way to one field of an object. */
export type Path = readonly string[]

// Lists count as one value (listType atomic, the default of a CRD).
/** All fields that hold a value. */
export const leavesOf = (value: unknown, path: Path = []): Path[] =>
  isRecord(value) && Object.keys(value).length > 0
    ? Object.entries(value).flatMap(([field, child]) => leavesOf(child, [...path, field]))
    : [path]

/** Writes paths as `fieldsV1` does. */
export const fieldsOf = (paths: readonly Path[]): Record<string, unknown> => {
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

/** Reads the paths of `fieldsV1`. */
export const pathsOf = (fields: Readonly<Record<string, unknown>>): Path[] =>
  Object.keys(fields).length === 0
    ? []
    : leavesOf(fields).map(path => path.map(field => field.slice('f:'.length)))

/** Reads the field at a path. */
export const read = (value: unknown, path: Path): unknown =>
  path.reduce<unknown>((at, field) => (isRecord(at) ? at[field] : undefined), value)

/** True for a field that nobody owns, since it says which object this is. */
export const isIdentity = ([first, second]: Path): boolean =>
  first === 'apiVersion' ||
  first === 'kind' ||
  (first === 'metadata' &&
    (second === undefined ||
      [
        'name',
        'namespace',
        'uid',
        'resourceVersion',
        'creationTimestamp',
        'generation',
        'deletionTimestamp',
        'managedFields',
      ].includes(second)))

/** True if a path is one of these. */
export const includes = (paths: readonly Path[], path: Path): boolean =>
  paths.some(each => isDeepStrictEqual(each, path))
