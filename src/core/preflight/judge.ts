import type { Seen } from '../seen.ts'
import type { Check } from './check.ts'

/** Makes a check of what was answered. */
export const answer = (
  id: string,
  level: Check['level'],
  { ok, reason, fix }: Readonly<{ ok: boolean; reason: string; fix: string }>,
): Check => ({ id, level, status: ok ? 'pass' : 'fail', reason, fix: ok ? '' : fix })
/** A check that could not be asked: it blocks like a failed one, and says why. */
export const unanswered = (id: string, level: Check['level'], why: string): Check =>
  why === 'not-asked'
    ? {
        id,
        level,
        status: 'not-asked',
        reason: 'not asked',
        fix: 'see docs/preflight.md for what it needs',
      }
    : {
        ...{ id, level, status: 'unknown', reason: `no answer: ${why}` },
        fix: 'nothing, if it comes back: Sower asks again by itself',
      }
/** Judges what was read: no answer is 'unknown', "not there" is `missing`, all else is for `test`. */
export const judge = <T>(
  id: string,
  level: Check['level'],
  read: Seen<T>,
  missing: Readonly<{ reason: string; fix: string }>,
  test: (value: T) => Readonly<{ ok: boolean; reason: string; fix: string }>,
): Check => {
  switch (read.seen) {
    case 'unknown':
      return unanswered(id, level, read.why)
    case 'absent':
      return answer(id, level, { ok: false, ...missing })
    case 'present':
      return answer(id, level, test(read.value))
  }
}
