import { onlyRendering } from '../../application/only-rendering.ts'
import { syncFactsOf, type ArgoCdRule } from '../../application/sync-facts.ts'
import type { Check } from '../check.ts'
import type { Facts } from '../facts.ts'
import { hubQueries, instancesOf } from '../hub/hub-queries.ts'
import { answer } from '../judge.ts'
import type { Answers } from '../query.ts'
import { notAnswered } from '../row.ts'

/** Judges one rule of Argo CD on the one Application that renders the kustomization. */
export const checkRule = (
  { id, level, needs, test, fix }: ArgoCdRule,
  answers: Answers,
  { argocd, cluster }: Facts,
): Check => {
  const { applications } = argocd
  const open = (status: 'unknown' | 'not-asked', reason: string, fix: string): Check => ({
    ...{ id, level, status, reason, fix },
  })
  if (applications.seen === 'unknown' && applications.why === 'not-asked')
    return open('not-asked', 'not asked: the Applications on the hub', 'name the hub')
  if (applications.seen === 'unknown')
    return open(
      'unknown',
      `no answer: the Applications on the hub: ${applications.why}`,
      'nothing, if it comes back: Sower asks again by itself',
    )
  const application =
    applications.seen === 'present' ? onlyRendering(applications.value) : undefined
  if (!application)
    return open(
      'not-asked',
      'not asked: there is not exactly one Application',
      'repair hub.application-prunes first',
    )
  const [projects, instances] = [
    answers(hubQueries.appProjects),
    instancesOf(answers(hubQueries.clusterInstances), cluster),
  ]
  const facts = syncFactsOf({ ...argocd, application, projects, instances })
  for (const part of needs) {
    const why = facts.unread[part]
    if (why !== undefined)
      return notAnswered(
        { id, level },
        part === 'project' ? hubQueries.appProjects : hubQueries.clusterInstances,
        { why },
      )
  }
  const reason = test(facts)
  return answer(id, level, {
    ok: reason === null,
    reason: `${application.name} ${reason ?? 'fits'}`,
    fix,
  })
}
