import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import type { StoredObject } from '../kubernetes/object-store.ts'

const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration'

const fieldsSchema = z.record(z.string(), z.unknown())
type Fields = z.infer<typeof fieldsSchema>

const fieldsOf = (value: unknown): Fields | undefined =>
  Array.isArray(value) ? undefined : fieldsSchema.safeParse(value).data

// Lists are replaced whole, as for custom resources, which have no merge keys.
const merge = (last: Fields, target: Fields, live: Fields): Fields => {
  const merged = { ...live }
  for (const key of Object.keys(last)) if (!(key in target)) Reflect.deleteProperty(merged, key)
  for (const [key, value] of Object.entries(target)) {
    const wanted = fieldsOf(value)
    const present = fieldsOf(live[key])
    merged[key] = wanted && present ? merge(fieldsOf(last[key]) ?? {}, wanted, present) : value
  }
  return merged
}

const parseLastApplied = (live: StoredObject): Fields => {
  const text = live.metadata.annotations?.[lastApplied]
  if (text === undefined) return {}
  const parsed: unknown = JSON.parse(text)
  return fieldsOf(parsed) ?? {}
}

/** Adds the annotation by which the next apply knows what this one wrote, as `kubectl apply` does. */
export const withLastApplied = (target: StoredObject): StoredObject => ({
  ...target,
  metadata: {
    ...target.metadata,
    annotations: { ...target.metadata.annotations, [lastApplied]: JSON.stringify(target) },
  },
})

/**
 * Edits the live object to what a client-side apply of `target` makes of it: fields of Git win, fields
 * that left Git go, all else (status, finalizers, owners, what controllers wrote) stays.
 */
export const applyThreeWay = (target: StoredObject, live: StoredObject): void => {
  const merged = merge(parseLastApplied(live), withLastApplied(target), live)
  for (const key of Object.keys(live)) if (!(key in merged)) Reflect.deleteProperty(live, key)
  Object.assign(live, merged)
}

/** True if an apply of `target` would change nothing (the record of the apply aside). */
export const isInSync = (target: StoredObject, live: StoredObject): boolean =>
  isDeepStrictEqual(merge(parseLastApplied(live), target, live), { ...live })
