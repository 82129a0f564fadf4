/**
 * Lays a patch over a value: mappings are merged, all else is replaced. A list is replaced as a whole, also where a
 * strategic merge would join it by names: what comes out is compared with what comes out of the same rule elsewhere.
 */
export const mergePatch = (value: unknown, patch: unknown): unknown => {
  if (!isMapping(value) || !isMapping(patch)) return patch
  const merged = new Map(Object.entries(value))
  for (const [key, item] of Object.entries(patch))
    merged.set(key, mergePatch(merged.get(key), item))
  return Object.fromEntries(merged)
}

const isMapping = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
