import type { Check } from '../preflight/check.ts'
import type { Seen, UnknownBecause } from '../seen.ts'

/** A problem, and its fix. */
export type Fault = Readonly<{ reason: string; fix: string }>

type Question<T> = Readonly<{
  id: string
  level?: Check['level']
  /** The source that was read, for people. */
  of: string
  read: Seen<T>
  /** True where GitHub is asked, with a token; else it is the hub. */
  isGitHub?: boolean
  whenAbsent: Fault
  /** The first fault of what is there; null where there is none. */
  judge: (value: T) => Fault | null
}>

/** Makes a check of one read: no answer is no pass, and "not there" is a fault of its own. */
export const checkOf = <T>({
  id,
  level = 'block',
  of,
  read,
  isGitHub = false,
  whenAbsent,
  judge,
}: Question<T>): Check => {
  if (read.seen === 'unknown')
    return {
      ...{ id, level, status: 'unknown', reason: `reading ${of}: no answer (${read.why})` },
      fix: isGitHub ? howToAsk(read.why) : howToRead(read.why),
    }
  const fault = read.seen === 'absent' ? whenAbsent : judge(read.value)
  return fault === null
    ? { id, level, status: 'pass', reason: `${of}: nothing is wrong`, fix: '' }
    : { id, level, status: 'fail', ...fault }
}

const howToRead = (why: UnknownBecause): string => {
  if (why === 'forbidden') return 'run it as a user who may read it'
  return why === 'not-served'
    ? 'name the kubeconfig of the hub, where that kind is installed'
    : 'ask again when the API server in the kubeconfig answers'
}

const howToAsk = (why: UnknownBecause): string =>
  why === 'forbidden' ? 'name a token that may read it' : 'ask again when GitHub answers'
