import type { Configuration } from '../../core/settings/configuration.ts'
import { absent, present, type Seen } from '../../core/seen.ts'
import type { Cluster, KubernetesObject } from '../ports/cluster.ts'

/**
 * The Applications of Argo CD's own namespace and of the others in which it takes some. One namespace that gives no
 * answer leaves all unknown: the Application that matters may be there.
 */
export const listApplications = async (
  hub: Pick<Cluster, 'list'>,
  {
    argocd: { namespace, applicationNamespaces = [] },
  }: Readonly<{ argocd: Readonly<Partial<Configuration['argocd']> & { namespace: string }> }>,
): Promise<Seen<readonly KubernetesObject[]>> => {
  const answers = await Promise.all(
    [...new Set([namespace, ...applicationNamespaces])].map(namespace =>
      hub.list({ apiVersion: 'argoproj.io/v1alpha1', kind: 'Application', namespace }),
    ),
  )
  const open = answers.find(({ seen }) => seen === 'unknown')
  if (open) return open
  const known = answers.flatMap(answer => (answer.seen === 'present' ? [answer.value] : []))
  return known.length === 0 ? absent : present(known.flat())
}
