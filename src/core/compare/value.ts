/** The value of one row on one side: lines that a person can read, such as `on` or `cpu.reserved: 0-1`. */
export type Value = readonly string[]

const mostNamed = 5

/** The lines as a sentence lists them; of many only the first. */
export const listed = (value: Value): string => {
  const more = value.length - mostNamed
  if (value.length === 0) return 'none'
  return [...value.slice(0, mostNamed), ...(more > 0 ? [`and ${more} more`] : [])].join(', ')
}

/** The lines of one side that the other does not have. */
export const without = (one: Value, other: Value): Value => {
  const known = new Set(other)
  return one.filter(line => !known.has(line))
}

/** Lines in order, each once. */
export const sorted = (lines: readonly string[]): Value => [...new Set(lines)].sort()
