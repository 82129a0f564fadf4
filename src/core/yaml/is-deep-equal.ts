/** True if two plain values (as YAML or JSON give them) are equal; the order of keys does not matter. */
export const isDeepEqual = (a: unknown, b: unknown): boolean => {
  if (Object.is(a, b)) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (Array.isArray(a) || Array.isArray(b))
    return (
      Array.isArray(a) &&
      Array.isArray(b) &&
      a.length === b.length &&
      a.every((value, index) => isDeepEqual(value, b[index]))
    )
  const [mine, theirs] = [new Map(Object.entries(a)), new Map(Object.entries(b))]
  return (
    mine.size === theirs.size &&
    [...mine].every(([key, value]) => theirs.has(key) && isDeepEqual(value, theirs.get(key)))
  )
}
