import { act, secondsBetween, type Decision } from '../decision.ts'
import type { ApplicationState } from '../observation.ts'
import type { Instant, Run } from '../run.ts'

/** Argo CD looks at Git by itself every two minutes or so; under a ComparisonError it would only fail again. */
const refreshInterval = 60
const refreshIntervalFailing = 600

/**
 * Asks Argo CD to look at Git, once an interval. After three failed renders it repeats the last failure for an hour, and
 * says `(cached)`: then it is made to render once more (argo-cd reposerver/repository.go:977-1133).
 */
export const makeItLook = (
  run: Run,
  { name, isRefreshing, reason }: ApplicationState,
  now: Instant,
): Decision | undefined => {
  if (isRefreshing) return undefined
  const { refreshedAt, hardRefreshedAt } = run.facts
  const asked = (facts: Partial<Run['facts']>): Run => ({
    ...run,
    facts: { ...run.facts, ...facts, refreshedAt: now },
  })
  if (hardRefreshedAt === null && reason?.includes('(cached)'))
    return act(asked({ hardRefreshedAt: now }), { do: 'hard-refresh', application: name })
  const interval = reason?.startsWith('ComparisonError') ? refreshIntervalFailing : refreshInterval
  return refreshedAt === null || secondsBetween(refreshedAt, now) >= interval
    ? act(asked({}), { do: 'refresh', application: name })
    : undefined
}
