import type { Check } from '../preflight/check.ts'
import type { SeedRow } from './rows/equal-row.ts'
import { objectsOf, type Side } from './side.ts'

/**
 * Judges the seed alone. Policies in Git prove what they bring, and nothing about what they do not: an absence is known
 * only from the cluster.
 */
export const compareSeed = (row: SeedRow, seed: Side): Check => {
  const { id, level, fix } = row
  const facts = new Map(row.reads.map(query => [query, objectsOf(query, seed)]))
  const { ok, reason } = row.test(query => {
    const fact = facts.get(query)
    return fact?.isKnown === true ? fact.value : []
  })
  const silent = [...facts.values()].find(fact => !fact.isKnown || fact.from === 'git')
  const isProven = silent === undefined || ok === isShownByObjects(row)
  if (isProven) return { id, level, status: ok ? 'pass' : 'fail', reason, fix: ok ? '' : fix }
  return {
    ...{ id, level, status: 'unknown' },
    reason: silent.isKnown ? 'Git shows only a part of what the seed has' : silent.reason,
    fix: silent.isKnown ? 'name a kubeconfig or a must-gather of the seed' : silent.fix,
  }
}

/** True if the presence of objects makes a row pass. */
const isShownByObjects = ({ test }: SeedRow): boolean => !test(() => []).ok
