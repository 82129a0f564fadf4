import { argocdRules } from '../../application/hindrances-of.ts'
import { hubQueries, instancesOf } from '../hub/hub-queries.ts'
import { ofDetach, type Row } from '../row.ts'
import { checkApplication, checkEmpty } from './check-application.ts'
import { canSync, checkToken } from './check-token.ts'
import { checkRule } from './check-rule.ts'

/** Those that `hub.application-prunes` shows already. */
const shownElsewhere = ['argocd.automated', 'argocd.reconciled', 'argocd.prune-option']

/** The ids of upstream's lists that each rule answers. */
const answered: Readonly<Record<string, readonly string[]>> = {
  'argocd.compares': ['H1'],
  'argocd.propagation-policy': ['H4', 'A6'],
  'argocd.sync-window': ['A5'],
  'argocd.last-sync': ['A9'],
  'argocd.project-permits': ['A10'],
  'argocd.tracking': ['A11'],
  'argocd.shared': ['A12'],
  'argocd.generate-paths': ['A13'],
}

/** The checks of what Argo CD will do with the merge. */
export const argocdRows: readonly Row[] = ofDetach([
  {
    id: 'hub.application-prunes',
    level: 'block',
    passes:
      'exactly one Application renders the kustomization from the base branch, and it prunes by itself: neither it nor the live ClusterInstance says `Prune=false` or `Prune=confirm`, and it is reconciled',
    reads: [hubQueries.clusterInstances],
    source: ['H2', 'H5', 'A1', 'A4', 'A7', 'A8', 'argo-cd sync_context.go:473-500'],
    check: (answers, { argocd, cluster }) =>
      checkApplication(
        argocd.applications,
        instancesOf(answers(hubQueries.clusterInstances), cluster),
      ),
  },
  {
    id: 'hub.application-not-emptied',
    level: 'warn',
    passes: 'objects are left, or `allowEmpty` is set, or Sower may order the sync',
    reads: [],
    source: ['H3', 'G4', 'A3', 'argo-cd appcontroller.go:2631-2642'],
    check: (_answers, { argocd }) =>
      checkEmpty(argocd.applications, { left: argocd.left, canSync: canSync(argocd) }),
  },
  {
    id: 'argocd.token',
    level: 'warn',
    passes: "Argo CD lets Sower's token `get` and `sync` the Application, or Sower has none",
    reads: [],
    source: ['argo-cd server/account/account.go, CanI', 'server/application/application.go, Sync'],
    check: (_answers, { argocd }) => checkToken(argocd),
  },
  ...argocdRules
    .filter(({ id }) => !shownElsewhere.includes(id))
    .map((rule): Row => ({
      id: rule.id,
      level: rule.level,
      passes: rule.passes,
      reads: [hubQueries.appProjects, hubQueries.clusterInstances],
      source: [...(answered[rule.id] ?? []), `argo-cd ${rule.source}`],
      check: (answers, facts) => checkRule(rule, answers, facts),
    })),
])
