import { createHash } from 'node:crypto'

/** A value with its keys in order, so that equal values have equal texts. */
const ordered = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(ordered)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([key, item]) => [key, ordered(item)]),
  )
}

/** Twelve hexadecimal digits that stand for a value, whatever the order of its keys. */
export const contentHash = (value: unknown): string =>
  createHash('sha256')
    .update(JSON.stringify([ordered(value)]))
    .digest('hex')
    .slice(0, 12)
