import type { Seen } from '../../seen.ts'
import type { Check } from '../check.ts'
import { unanswered } from '../judge.ts'

/** No SeedGenerator is on the seed yet: there can be one, and its spec never changes (types.go:30-38). */
export const checkNoSeedGenerator = (seedGenerator: Seen<unknown>): Check => {
  const id = 'seed.no-seed-generator'
  if (seedGenerator.seen === 'unknown')
    return unanswered(
      id,
      'block',
      seedGenerator.why === 'not-served'
        ? 'the seed does not know the kind SeedGenerator; install the Lifecycle Agent'
        : seedGenerator.why,
    )
  const isAbsent = seedGenerator.seen === 'absent'
  return {
    id,
    level: 'block',
    status: isAbsent ? 'pass' : 'fail',
    reason: isAbsent
      ? 'the Lifecycle Agent is there and idle'
      : 'a SeedGenerator is on the seed already',
    fix: isAbsent
      ? ''
      : 'delete it on the seed when it is not needed (`oc delete seedgenerator seedimage`)',
  }
}
