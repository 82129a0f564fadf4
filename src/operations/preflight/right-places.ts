import { onlyRendering } from '../../core/application/only-rendering.ts'
import type { Application } from '../../core/application/read-application.ts'
import { hubQueries, instancesOf } from '../../core/preflight/hub/hub-queries.ts'
import type { Answers } from '../../core/preflight/query.ts'
import type { RightPlaces } from '../../core/preflight/rights/needed-rights.ts'
import { isLifecycleAgent, seedQueries } from '../../core/preflight/seed/seed-queries.ts'
import type { Configuration } from '../../core/settings/configuration.ts'
import type { Seen } from '../../core/seen.ts'
import { hostRefsIn } from '../hub/read-detach-objects.ts'

type Known = Readonly<{
  cluster: string
  config: Pick<Configuration, 'argocd' | 'secret' | 'lifecycleAgent'>
  /** The hub namespace for the saved access. */
  access: string
  applications: Seen<readonly Application[]>
  /** The run adopts the seed as it is. */
  adopt?: boolean
  answers: Answers
}>

/** Where a run will read and write after the merge, as far as it is known before. */
export const rightPlaces = ({
  cluster,
  config,
  access,
  applications,
  answers,
  adopt = false,
}: Known): RightPlaces => {
  const { namespace: argocd, applicationNamespaces } = config.argocd
  const { namespace, name } = config.secret
  const application =
    applications.seen === 'present' ? onlyRendering(applications.value) : undefined
  const operators = answers(seedQueries.csvs)
  const agent =
    operators.seen === 'present'
      ? (operators.value.find(isLifecycleAgent)?.metadata.namespace ??
        config.lifecycleAgent.namespace)
      : null
  return {
    ...{ adopt, cluster, access, argocd, agent, secret: { namespace, name } },
    applicationNamespaces: [...new Set([argocd, ...applicationNamespaces])],
    application: application
      ? { namespace: application.namespace || argocd, name: application.name }
      : null,
    hostsElsewhere: hostRefsIn(instancesOf(answers(hubQueries.clusterInstances), cluster), cluster),
  }
}
