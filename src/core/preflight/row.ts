import { describeRight, rightWithRole, type Right } from '../right.ts'
import type { UnknownBecause } from '../seen.ts'
import type { Check } from './check.ts'
import type { Facts } from './facts.ts'
import { answer } from './judge.ts'
import { commandOf, describeQuery, type Answers, type Query, type ReadObject } from './query.ts'

/** One row of a table: a check as data. `check` is pure: it sees nothing but the answers and the facts. */
export type Row = Readonly<{
  /** `<place>.<name>`. */
  id: string
  level: Check['level']
  /** The kind of run that it is asked for; of every run where this is left out. */
  runs?: 'detach' | 'adopt'
  /** When it passes, in words, for docs/preflight.md. */
  passes: string
  /** The queries that `check` looks at; nothing else is read for it, and each object once a pass for all rows. */
  reads: readonly Query[]
  /** The ids of the lists that it answers, and the document, or the upstream file and line, that the rule comes from. */
  source: readonly string[]
  check: (answers: Answers, facts: Facts) => Check
}>

/** The finding of a test; a `level` here counts instead of the row's. */
export type Verdict = Readonly<{
  ok: boolean
  reason: string
  fix?: string
  level?: Check['level']
}>

type Tested = Omit<Row, 'check'> &
  Readonly<{
    fix: string
    /** Judges what was read; it is asked only when every read of the row was answered. */
    test: (found: (query: Query) => readonly ReadObject[], facts: Facts) => Verdict
  }>

/**
 * Makes a row of a test. What was not answered is no pass: the check is 'unknown' then, and says which read got no answer
 * and why. A kind that is not served counts as "none" only where the query is `optional`.
 */
export const row = ({ fix, test, ...about }: Tested): Row => ({
  ...about,
  check: (answers, facts) => {
    const { id, level, reads } = about
    for (const query of reads) {
      const read = answers(query)
      if (read.seen === 'unknown') return notAnswered({ id, level }, query, read)
    }
    const found = (query: Query): readonly ReadObject[] => {
      const read = answers(query)
      return read.seen === 'present' ? read.value : []
    }
    const verdict = test(found, facts)
    return answer(id, verdict.level ?? level, { fix, ...verdict })
  },
})

/** Rows that are asked only while the cluster is to be detached. */
export const ofDetach = (rows: readonly Row[]): readonly Row[] =>
  rows.map(one => ({ ...one, runs: 'detach' }))

/** A row that judges answers and their absence itself. */
export const customRow = (whole: Row): Row => whole

/** The check of a read without an answer. */
export const notAnswered = (
  { id, level }: Pick<Check, 'id' | 'level'>,
  query: Query,
  { why, denied }: Readonly<{ why: UnknownBecause; denied?: Right | undefined }>,
): Check => ({
  id,
  level,
  status: why === 'not-asked' ? 'not-asked' : 'unknown',
  reason:
    why === 'not-asked'
      ? `not asked: ${describeQuery(query)}`
      : `no answer: ${describeQuery(query)}: ${why}`,
  fix: denied
    ? `let the user ${query.on === 'hub' ? rightWithRole(denied) : describeRight(denied)}`
    : fixes[why](query),
})

const byHand = (query: Query): string => `ask by hand: \`${commandOf(query)}\``

const fixes: Readonly<Record<UnknownBecause, (query: Query) => string>> = {
  forbidden: ({ name, resource, group }) =>
    `let the user ${name === undefined ? 'list' : 'get'} ${resource}${group === '' ? '' : ` in ${group}`}`,
  'not-served': query => `install what brings this kind, or ask by hand: \`${commandOf(query)}\``,
  untrusted: () =>
    'add the certificate authority of the API server to the kubeconfig: its certificate does not verify with the one in it',
  unreachable: () => 'nothing, if it comes back: Sower asks again by itself',
  timeout: () => 'nothing, if it comes back: Sower asks again by itself',
  'untrusted-token-service': () => 'see docs/registry.md',
  limited: () => 'nothing: Sower asks again by itself',
  'not-asked': byHand,
  'too-large': byHand,
}
