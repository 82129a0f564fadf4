import { isDeepStrictEqual } from 'node:util'
import { fieldsOf, includes, isIdentity, leavesOf, pathsOf, read } from './leaves-of.ts'
import type { ManagedFields } from '../managed-fields.ts'
import type { StoredObject } from '../object-store.ts'

/**
 * Records who wrote what in a create, an update or a patch: what it changed is the writer's now, and no longer
 * anybody else's. Returns the `managedFields` of the object.
 */
export const trackUpdate = (
  before: StoredObject | undefined,
  after: StoredObject,
  { manager, time, subresource }: Readonly<{ manager: string; time: string; subresource: string }>,
): ManagedFields[] => {
  const leaves = leavesOf(after).filter(path => !isIdentity(path))
  const changed = leaves.filter(
    path => before === undefined || !isDeepStrictEqual(read(before, path), read(after, path)),
  )
  const entries = before?.metadata.managedFields ?? []
  if (changed.length === 0) return entries
  const isOwn = (entry: ManagedFields): boolean =>
    entry.manager === manager &&
    entry.operation === 'Update' &&
    (entry.subresource ?? '') === subresource
  const others = entries
    .filter(entry => !isOwn(entry))
    .map(entry => ({
      ...entry,
      fieldsV1: fieldsOf(pathsOf(entry.fieldsV1).filter(path => !includes(changed, path))),
    }))
    .filter(({ fieldsV1 }) => Object.keys(fieldsV1).length > 0)
  const held = pathsOf(entries.find(isOwn)?.fieldsV1 ?? {}).filter(path => includes(leaves, path))
  const { apiVersion } = after
  const fieldsV1 = fieldsOf([...held.filter(path => !includes(changed, path)), ...changed])
  const own = { manager, operation: 'Update', apiVersion, time, fieldsType: 'FieldsV1' } as const
  return [...others, { ...own, fieldsV1, ...(subresource === '' ? {} : { subresource }) }]
}
