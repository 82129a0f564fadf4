import { blockingRules } from './blocking-rules.ts'
import type { ArgoCdRule, Hindrance, SyncFacts } from './sync-facts.ts'
import { warningRules } from './warning-rules.ts'

/** Every rule of Argo CD, in the order in which they are shown. */
export const argocdRules: readonly ArgoCdRule[] = [...blockingRules, ...warningRules]

/** The obstacles to the prune of a cluster, in the order of the rules; a fact that could not be read is none. */
export const hindrancesOf = (facts: SyncFacts): readonly Hindrance[] =>
  argocdRules.flatMap(({ id, level, test, fix }) => {
    const reason = test(facts)
    return reason === null ? [] : [{ id, level, reason, fix }]
  })
