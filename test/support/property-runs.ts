import fc from 'fast-check'

const limit = process.env['SOWER_PROPERTY_RUNS'] ?? '200'
const seed = process.env['SOWER_PROPERTY_SEED'] ?? ''

// The same commit tries the same inputs, so that a run which failed can be played again; another commit tries others.
if (seed !== '') {
  if (!/^\d+$/.test(seed)) throw new Error(`SOWER_PROPERTY_SEED is ${seed}`)
  fc.configureGlobal({ seed: Number(seed) })
}

/**
 * How often a property is tried: `full` times where SOWER_PROPERTY_RUNS is `full`, as in CI, and otherwise
 * at most as often as that variable says, 200 times without it.
 */
export const propertyRuns = (full: number): number => {
  if (limit === 'full') return full
  if (!/^[1-9]\d*$/.test(limit)) throw new Error(`SOWER_PROPERTY_RUNS is ${limit}`)
  return Math.min(full, Number(limit))
}
