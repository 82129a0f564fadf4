import type { Seen } from '../../seen.ts'
import { describeLeaks } from '../../scan/describe-leaks.ts'
import { printable } from '../../printable.ts'
import type { ScanFinding } from '../../scan/scan-finding.ts'
import type { Check } from '../check.ts'
import { unanswered } from '../judge.ts'

type Leak = ScanFinding & Readonly<{ commit: string | null }>

const id = 'git.no-credential'
const mostNamed = 10

/** No commit of the pull request brings a credential; a later one that removes it hides nothing. */
export const checkNoCredential = (leaks: Seen<readonly Leak[]>): Check => {
  if (leaks.seen !== 'present')
    return unanswered(id, 'block', leaks.seen === 'unknown' ? leaks.why : 'not scanned')
  const { value } = leaks
  if (value.length === 0)
    return { id, level: 'block', status: 'pass', reason: 'none in its commits', fix: '' }
  const named = value
    .slice(0, mostNamed)
    .map(
      ({ commit, path, line, code }) =>
        `${String(commit).slice(0, 12)} ${printable(path)}:${line} ${code}`,
    )
  const more = value.length - named.length
  return {
    id,
    level: 'block',
    status: 'fail',
    reason: [...named, ...(more > 0 ? [`and ${more} more`] : [])].join(', '),
    ...describeLeaks(value),
  }
}
