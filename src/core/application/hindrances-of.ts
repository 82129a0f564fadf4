import { blockingRules } from './blocking-rules.ts'
import type { ArgoCdRule, Hindrance, SyncFacts } from './sync-facts.ts'
import { warningRules } from './warning-rules.ts'

/** Every rule of Argo CD, in the order in which they are shown. */
export const argocdRules: readonly ArgoCdRule[] = [...blockingRules, ...warningRules]

/** What stands in the way of the prune of a cluster, in the order of the rules; what could not be read does not. */
export const hindrancesOf = (facts: SyncFacts): readonly Hindrance[] =>
  argocdRules.flatMap(({ id, level, test, fix }) => {
    const reason = test(facts)
    return reason === null ? [] : [{ id, level, reason, fix }]
  })
