import { isAtLeast, version } from '../../preflight/version.ts'

/** The OpenShift minors for which a row counts, `4.18` to `4.21`; without an end, all before or after. */
export type Minors = Readonly<{ from?: string; to?: string }>

const first = [0, 0, 0] as const
const last = [Infinity, 0, 0] as const

/**
 * True if a row counts for a minor, such as `4.18`. Where none is known, the newest table counts: that is every row
 * without an end.
 */
export const isFor = ({ from = '', to = '' }: Minors, minor: string | null): boolean => {
  const one = version(minor ?? '')
  if (one === undefined) return to === ''
  return isAtLeast(one, version(from) ?? first) && isAtLeast(version(to) ?? last, one)
}

/** Says for which minors; empty for all. */
export const describeMinors = ({ from = '', to = '' }: Minors): string =>
  [from === '' ? '' : `from ${from}`, to === '' ? '' : `to ${to}`]
    .filter(part => part !== '')
    .join(' ')
