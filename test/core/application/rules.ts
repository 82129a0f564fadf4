import t from 'tap'
import { blockingRules } from '../../../src/core/application/blocking-rules.ts'
import { coversFile } from '../../../src/core/application/covers-file.ts'
import { argocdRules, hindrancesOf } from '../../../src/core/application/hindrances-of.ts'
import { onlyRendering } from '../../../src/core/application/only-rendering.ts'
import { readApplication } from '../../../src/core/application/read-application.ts'
import { deniedByWindow, firstOf, syncFactsOf } from '../../../src/core/application/sync-facts.ts'
import { warningRules } from '../../../src/core/application/warning-rules.ts'
import { absent, present, unknown } from '../../../src/core/seen.ts'
import { syncFacts } from '../../support/sync-facts.ts'

const applicationWith = (spec: object, more: object = {}) =>
  readApplication(
    {
      metadata: { name: 'site', namespace: 'openshift-gitops' },
      spec: {
        source: { repoURL: 'https://github.com/example/site.git', path: 'clusters' },
        project: 'ztp',
        destination: { name: 'in-cluster' },
        ...spec,
      },
      ...more,
    },
    { repository: 'example/site', branch: 'main', roots: ['clusters'] },
  )!
const policy = {
  automated: { prune: true },
  syncOptions: ['CreateNamespace=true', 'PrunePropagationPolicy=background'],
}
const withStatus = (status: object) =>
  syncFacts({ application: applicationWith({ syncPolicy: policy }, { status }) })
const withPolicy = (more: object) =>
  syncFacts({ application: applicationWith({ syncPolicy: { ...policy, ...more } }) })
const withAnnotations = (annotations: Record<string, string>, labels = {}) =>
  syncFacts({ instances: [{ metadata: { name: 'sno1', namespace: 'sno1', annotations, labels } }] })
const windows = (...syncWindows: readonly object[]) =>
  syncFacts({
    project: {
      name: 'ztp',
      spec: { ...syncFacts().project!.spec, syncWindows: syncWindows as [] },
    },
  })
const window = {
  ...{ kind: 'deny', schedule: '0 9 * * *', duration: '2h', timeZone: '', manualSync: false },
  ...{ applications: ['site'], andOperator: false },
}
const options = (value: string) => ({ 'argocd.argoproj.io/sync-options': value })
const named = (metadata: object) =>
  applicationWith({ syncPolicy: policy }, { metadata: { name: 'site', ...metadata } })
const running = { phase: 'Running', message: 'one failed', finishedAt: '2026-11-30T09:00:00Z' }

const cases: readonly (readonly [string, ReturnType<typeof syncFacts>, RegExp])[] = [
  ['argocd.automated', withPolicy({ automated: {} }), /^does not prune by itself$/],
  [
    'argocd.reconciled',
    withPolicy({ syncOptions: [...policy.syncOptions, 'Prune=false'] }),
    /Prune=false$/,
  ],
  ['argocd.prune-option', withAnnotations(options('Prune=confirm')), /annotated Prune=confirm$/],
  [
    'argocd.tracking',
    withAnnotations({ 'argocd.argoproj.io/tracking-id': 'other:g/k:n/n' }),
    /sno1: it is marked as of other$/,
  ],
  ['argocd.tracking', withAnnotations({}, { 'app.kubernetes.io/instance': 'twin' }), /of twin$/],
  ['argocd.project-exists', syncFacts({ project: null }), /of project ztp, which is not there$/],
  [
    'argocd.project-permits',
    syncFacts({ project: { name: 'ztp', spec: {} } }),
    /does not permit the source/,
  ],
  [
    'argocd.sync-window',
    windows(window),
    /^does not sync now: the deny window .* is open, until 2026-11-30T11:00Z$/,
  ],
  ['argocd.sync-window', windows({ ...window, schedule: 'x' }), /syncs nothing then$/],
  [
    'argocd.sync-window-soon',
    windows({ ...window, schedule: '30 11 * * *' }),
    /^does not sync any more in 2 hours: the deny window .* is open then$/,
  ],
  [
    'argocd.propagation-policy',
    withPolicy({ syncOptions: [] }),
    /^prunes in the foreground, which can/,
  ],
  [
    'argocd.propagation-policy',
    withPolicy({ syncOptions: ['PrunePropagationPolicy=orphan'] }),
    /^prunes in the orphan/,
  ],
  [
    'argocd.compares',
    withStatus({ conditions: [{ type: 'ComparisonError', message: 'no' }] }),
    /ComparisonError: no$/,
  ],
  [
    'argocd.generate-paths',
    syncFacts({
      application: named({
        annotations: { 'argocd.argoproj.io/manifest-generate-paths': '/policies' },
      }),
    }),
    /^does not look at clusters\/kustomization\.yaml: .* names \/policies$/,
  ],
  [
    'argocd.shared',
    withStatus({
      conditions: [
        {
          type: 'SharedResourceWarning',
          message: 'ClusterInstance/sno1 is part of applications a and b',
        },
      ],
    }),
    /^shares the ClusterInstance/,
  ],
  [
    'argocd.idle',
    withStatus({ operationState: running }),
    /^tries a failed sync again, of the commit that failed: one failed$/,
  ],
  [
    'argocd.idle',
    syncFacts({
      application: applicationWith(
        { syncPolicy: { ...policy, retry: { limit: -1 } } },
        { status: { operationState: running } },
      ),
    }),
    /^tries a failed sync again, for ever,/,
  ],
  [
    'argocd.last-sync',
    withStatus({ conditions: [{ type: 'SyncError', message: 'Failed last sync' }] }),
    /Failed last sync$/,
  ],
  [
    'argocd.delete-option',
    withPolicy({ syncOptions: [...policy.syncOptions, 'Delete=confirm'] }),
    /^is told Delete=confirm/,
  ],
  ['argocd.delete-option', withAnnotations(options('Delete=false')), /^is told Delete=false/],
  [
    'argocd.ignore-differences',
    syncFacts({
      application: applicationWith({
        syncPolicy: policy,
        ignoreDifferences: [{ group: '*', kind: '*' }],
      }),
    }),
    /^ignores differences/,
  ],
  [
    'argocd.application-set',
    syncFacts({
      application: named({ ownerReferences: [{ kind: 'ApplicationSet', name: 'all' }] }),
    }),
    /ApplicationSet all$/,
  ],
]

t.test('each rule of Argo CD finds its own fault, and nothing else does', t => {
  t.strictSame(hindrancesOf(syncFacts()), [], 'nothing is wrong')
  for (const [id, facts, reason] of cases) {
    const found = hindrancesOf(facts)
    t.strictSame(
      found.map(({ id }) => id),
      [id],
    )
    t.match(found[0], { reason, fix: /./ }, id)
  }
  t.strictSame(
    [...new Set(cases.map(([id]) => id))].sort(),
    argocdRules.map(({ id }) => id).sort(),
    'every rule is tried',
  )
  t.strictSame(argocdRules, [...blockingRules, ...warningRules])
  t.ok(blockingRules.every(({ level }) => level === 'block'))
  t.ok(warningRules.every(({ level, source }) => level === 'warn' && source !== ''))
  t.end()
})

t.test('what is not so passes', t => {
  for (const facts of [
    withAnnotations({ 'argocd.argoproj.io/tracking-id': 'site:g/k:n/n' }),
    syncFacts({
      application: { ...syncFacts().application, namespace: 'team' },
      instances: [
        { metadata: { name: 'a', labels: { 'app.kubernetes.io/instance': 'team_site' } } },
      ],
    }),
    syncFacts({ application: { ...syncFacts().application, namespace: '' } }),
    syncFacts({ project: null, unread: { project: 'forbidden' } }),
    windows({ ...window, schedule: '0 1 * * *' }),
    syncFacts({ edited: [], application: { ...syncFacts().application, generatePaths: '/x' } }),
    syncFacts({ application: { ...syncFacts().application, generatePaths: '.' } }),
    withStatus({ operationState: { phase: 'Running' } }),
    withStatus({ operationState: { phase: 'Succeeded' } }),
    withStatus({ conditions: [{ type: 'SharedResourceWarning', message: 'Secret/x is' }] }),
  ])
    t.strictSame(hindrancesOf(facts), [])
  t.equal(deniedByWindow(syncFacts({ project: null }), 0), null)
  t.equal(
    firstOf([1, 2], value => (value > 1 ? String(value) : null)),
    '2',
  )
  t.end()
})

t.test('the annotation of paths covers what lies below them', t => {
  const file = 'clusters/site/kustomization.yaml'
  for (const [paths, expected] of [
    ['.', true],
    ['..', true],
    ['/', true],
    ['/policies;/clusters/', true],
    ['kustomization.yaml', true],
    ['/clusters/*/kustomization.yaml', true],
    ['/policies; more', false],
    ['/clusters/*.yaml', false],
    ['', false],
  ] as const)
    t.equal(coversFile(paths, { file, path: 'clusters/site' }), expected, paths)
  t.end()
})

t.test('the facts name what could not be read', t => {
  const { application, project, instances, edited, controlPlane, now } = syncFacts()
  const known = { application, edited, controlPlane, now }
  const object = { metadata: { name: 'ztp' }, spec: project!.spec }
  const of = (projects: Parameters<typeof syncFactsOf>[0]['projects']) =>
    syncFactsOf({ ...known, projects, instances: present(instances) })
  t.strictSame(of(present([object])), syncFacts())
  t.strictSame(of(present([])), syncFacts({ project: null }))
  t.strictSame(of(absent), syncFacts({ project: null }))
  for (const [projects, why] of [
    [unknown('forbidden'), 'forbidden'],
    [present([{ ...object, spec: { destinations: 'x' } }]), 'not-served'],
  ] as const)
    t.strictSame(of(projects), syncFacts({ project: null, unread: { project: why } }))
  t.strictSame(
    syncFactsOf({ ...known, projects: present([object]), instances: unknown('timeout') }),
    syncFacts({ instances: [], unread: { instances: 'timeout' } }),
  )
  t.end()
})

t.test('the one that renders is meant, and none where several do', t => {
  const [one, other, off] = [{ mismatch: null }, { mismatch: null }, { mismatch: 'another path' }]
  t.equal(onlyRendering([off, one]), one)
  t.equal(onlyRendering([one, other]), undefined)
  t.equal(onlyRendering([off]), undefined)
  t.end()
})
