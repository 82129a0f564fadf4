const limit = process.env['SOWER_PROPERTY_RUNS'] ?? '200'

/**
 * How often a property is tried: `full` times where SOWER_PROPERTY_RUNS is `full`, as in CI, and otherwise
 * at most as often as that variable says, 200 times without it.
 */
export const propertyRuns = (full: number): number => {
  if (limit === 'full') return full
  if (!/^[1-9]\d*$/.test(limit)) throw new Error(`SOWER_PROPERTY_RUNS is ${limit}`)
  return Math.min(full, Number(limit))
}
