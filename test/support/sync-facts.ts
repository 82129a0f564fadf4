import { readApplication } from '../../src/core/application/read-application.ts'
import type { SyncFacts } from '../../src/core/application/sync-facts.ts'

/** An Application that prunes what is asked of it, in a project that permits all. */
const application = readApplication(
  {
    metadata: { name: 'site', namespace: 'openshift-gitops' },
    spec: {
      source: { repoURL: 'https://github.com/example/site.git', path: 'clusters' },
      project: 'ztp',
      destination: { name: 'in-cluster' },
      syncPolicy: {
        automated: { prune: true },
        syncOptions: ['PrunePropagationPolicy=background'],
      },
    },
  },
  { repository: 'example/site', branch: 'main', roots: ['clusters'] },
)!

/** Facts in which nothing stands in the way of a prune. */
export const syncFacts = (more: Partial<SyncFacts> = {}): SyncFacts => ({
  application,
  project: {
    name: 'ztp',
    spec: {
      sourceRepos: ['*'],
      destinations: [{ server: '*', name: '*', namespace: '*' }],
    },
  },
  instances: [{ metadata: { name: 'sno1', namespace: 'sno1' } }],
  unread: {},
  edited: ['clusters/kustomization.yaml'],
  controlPlane: 'openshift-gitops',
  now: '2026-11-30T10:00:00.000Z',
  ...more,
})
