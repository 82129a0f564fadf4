import type { Check } from '../preflight/check.ts'

/** The judgements about one cluster; the seed's own checks have no words of the Lifecycle Agent. */
export type Judged = Readonly<{
  cluster: string
  checks: readonly (Check & Readonly<{ agent?: string | null }>)[]
}>

/** One thing that was found, and all clusters of which it is true. */
export type SharedFinding = Pick<Check, 'id' | 'level' | 'status' | 'reason' | 'fix'> &
  Readonly<{ agent: string | null; clusters: readonly string[] }>

/** The findings: each once, that of most clusters first; passed checks are left out. */
export const sharedFindings = (judged: readonly Judged[]): readonly SharedFinding[] => {
  const found = new Map<string, SharedFinding & Readonly<{ clusters: string[] }>>()
  for (const { cluster, checks } of judged)
    for (const { id, level, status, reason, fix, agent = null } of checks) {
      if (status === 'pass') continue
      const key = JSON.stringify([id, level, status, reason])
      const known = found.get(key)
      if (known) known.clusters.push(cluster)
      else found.set(key, { id, level, status, reason, fix, agent, clusters: [cluster] })
    }
  return [...found.values()].sort(
    (one, other) => other.clusters.length - one.clusters.length || (one.id < other.id ? -1 : 1),
  )
}

/** The parts of a report in their order, the worst first. */
export const severities = [
  {
    title: 'would make the upgrade fail, or leave a target that does not work',
    ...({ level: 'block', status: 'fail' } as const),
  },
  { title: 'no answer', ...({ level: 'block', status: 'unknown' } as const) },
  {
    title: 'to be decided, or applied as an extra manifest',
    ...({ level: 'warn', status: 'fail' } as const),
  },
  { title: 'no answer, and no reason to stop', ...({ level: 'warn', status: 'unknown' } as const) },
] as const

/** The findings of one part. */
export const ofSeverity = (
  findings: readonly SharedFinding[],
  { level, status }: Pick<Check, 'level' | 'status'>,
): readonly SharedFinding[] => findings.filter(one => one.level === level && one.status === status)

/** `target-1, target-2 and 3 more`. */
export const fewOf = (clusters: readonly string[], most = 5): string => {
  const more = clusters.length - most
  return more > 0 ? `${clusters.slice(0, most).join(', ')} and ${more} more` : clusters.join(', ')
}
