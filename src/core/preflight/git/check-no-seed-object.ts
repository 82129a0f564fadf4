import type { Seen } from '../../seen.ts'
import type { Check } from '../check.ts'
import { answer, unanswered } from '../judge.ts'

const mostNamed = 10

/**
 * Neither the base nor the pull request holds a SeedGenerator that the run would take for its own, and the pull request
 * brings no other push credential than the one that is checked.
 */
export const checkNoSeedObject = (found: Seen<readonly string[]>): Check => {
  const id = 'git.no-seed-object'
  if (found.seen !== 'present')
    return unanswered(id, 'block', found.seen === 'unknown' ? found.why : 'not looked for')
  const { value } = found
  const more = value.length - mostNamed
  return answer(id, 'block', {
    ok: value.length === 0,
    reason:
      value.length === 0
        ? 'no SeedGenerator and no seedgen Secret of others'
        : [...value.slice(0, mostNamed), ...(more > 0 ? [`and ${more} more`] : [])].join(', '),
    fix: 'take it out: Sower writes the SeedGenerator itself after the detach, and a sealed credential is a file of `sower seal` at the place that sower.yaml names, strict and for that name and namespace',
  })
}
