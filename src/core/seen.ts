import type { Right } from './right.ts'

/**
 * The result of one read of an outside system: there it is, it is not there (an explicit "not found"), or no
 * usable answer. A gate opens on 'absent' only. `retryAt`: ask again then, not before. `denied`: what an API server answered
 * that Sower may not do; this is definite.
 */
export type Seen<T> =
  | Readonly<{ seen: 'present'; value: T }>
  | Readonly<{ seen: 'absent' }>
  | Readonly<{ seen: 'unknown'; why: UnknownBecause; retryAt?: string; denied?: Right }>

/**
 * 'not-served': the API server does not know the kind, which proves nothing about the object. 'untrusted': its
 * certificate does not verify. 'not-asked': nobody let Sower ask.
 * 'too-large': its answer is larger than Sower reads.
 * 'limited': it answers, and says that it was asked too often.
 * 'untrusted-token-service': the operator must say whether it may see the credential (docs/registry.md).
 */
export type UnknownBecause =
  | 'forbidden'
  | 'unreachable'
  | 'timeout'
  | 'not-served'
  | 'untrusted'
  | 'not-asked'
  | 'too-large'
  | 'untrusted-token-service'
  | 'limited'

export const present = <T>(value: T): Seen<T> => ({ seen: 'present', value })
export const absent: Seen<never> = { seen: 'absent' }
export const unknown = (why: UnknownBecause, retryAt?: string): Seen<never> =>
  retryAt === undefined ? { seen: 'unknown', why } : { seen: 'unknown', why, retryAt }
/** An API server denied it: a person has to give Sower that right. */
export const forbidden = (denied: Right): Extract<Seen<never>, { seen: 'unknown' }> => ({
  ...{ seen: 'unknown', why: 'forbidden', denied },
})

/** True only when the read said so: present and satisfying `test`. */
export const holds = <T>(read: Seen<T>, test: (value: T) => boolean): boolean =>
  read.seen === 'present' && test(read.value)

/** Changes what is present and leaves the rest. */
export const mapSeen = <T, U>(read: Seen<T>, change: (value: T) => U): Seen<U> =>
  read.seen === 'present' ? present(change(read.value)) : read
