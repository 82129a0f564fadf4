import { nothingShown, type Shown } from '../../../src/core/report/render-report.ts'
import type { Run } from '../../../src/core/run/run.ts'
import { aRun } from './run-scene.ts'

const run = aRun('Proposed')

/** A run before its merge, and what its comment shows, for the picture in the documentation. */
export const pictured: Readonly<{ run: Run; shown: Shown }> = {
  run: {
    ...run,
    name: 'seed-sno1',
    request: {
      ...run.request,
      cluster: 'seed-sno1',
      image: 'registry.example.com/ibu/seed-sno1:4.18.5',
      by: 'ada',
    },
  },
  shown: {
    ...nothingShown,
    checks: [
      {
        id: 'argocd.sync-window-soon',
        level: 'warn',
        status: 'fail',
        reason: 'a deny window begins in 40 minutes and lasts 2h',
        fix: 'merge well before that, or after it; Argo CD skips a sync in silence while a window denies it',
      },
      ...(
        [
          ['git.proof', 'exactly this ClusterInstance leaves the render'],
          ['git.base-writable', 'it is not protected'],
          ['hub.managed-cluster-available', 'Available and Joined'],
          ['hub.application-prunes', 'clusters-site-a prunes by itself'],
          ['seed.version', 'OpenShift 4.18.5'],
          ['registry.push', 'the registry let an upload begin'],
        ] as const
      ).map(([id, reason]) => ({ id, level: 'block', status: 'pass', reason, fix: '' }) as const),
    ],
    roots: [
      {
        path: 'clusters/site-a',
        isStatic: false,
        removed: ['siteconfig.open-cluster-management.io/ClusterInstance/seed-sno1/seed-sno1'],
        removedClusters: ['seed-sno1'],
        owned: [],
        ...{ prunedTooEarly: [], added: [], changed: [], orderKept: true, left: 7 },
      },
    ],
    kustomize: 'kustomize v5.5.0',
    secret: { state: 'Verified', fix: 'ready for a run' },
    diff: [
      'diff --git a/clusters/site-a/kustomization.yaml b/clusters/site-a/kustomization.yaml',
      '--- a/clusters/site-a/kustomization.yaml',
      '+++ b/clusters/site-a/kustomization.yaml',
      '@@ -6,7 +6,7 @@ kind: Kustomization',
      ' resources:',
      '   # the seed cluster: same hardware and profile as the targets',
      '-  - clusterinstance-seed-sno1.yaml',
      '+  #- clusterinstance-seed-sno1.yaml',
      '   # target clusters',
      '   - clusterinstance-target-sno2.yaml',
    ].join('\n'),
  },
}
