import './application/project.ts'
import './application/rules.ts'
import t from 'tap'
import { readApplication } from '../../src/core/application/read-application.ts'
import { applicationPlace, placedName } from '../../src/core/application/application-place.ts'
import { applicationSpec, sourcesOf } from '../../src/core/application/application-spec.ts'
import { followedBranches } from '../../src/core/application/followed-branches.ts'
import { readApplicationStatus } from '../../src/core/application/read-application-status.ts'
import {
  deleteOptionIn,
  pruneOptionIn,
  pruneOptionOf,
} from '../../src/core/application/prune-option-of.ts'
import { isSameRepository } from '../../src/core/application/is-same-repository.ts'

t.test('a repository is known by every spelling of its URL that Argo CD takes', t => {
  for (const url of [
    'https://github.com/example/site',
    'https://github.com/Example/Site.git',
    'https://github.com/example/site/',
    'https://github.com/example/site.git/',
    ' https://user@github.com/example/site.git ',
    'git@github.com:example/site.git',
    'github.com:example/site',
    'ssh://git@ssh.github.com:443/example/site.git',
    'git://mirror.example.com/github/example/site',
    'https://github.com/ex%61mple/./site',
    'https://github.com/example//site.git',
    'https://github.com/100%/../example/site',
  ])
    t.ok(isSameRepository(url, 'example/site'), url)
  for (const url of [
    'https://github.com/other/site.git',
    'https://github.com/an-example/site.git',
    'https://github.com/example/site-2.git',
    'https://github.com/example/site.git.git/more',
    'example/site',
    '',
  ])
    t.notOk(isSameRepository(url, 'example/site'), url)
  t.end()
})

t.test('the options that keep an object from being pruned are found wherever they stand', t => {
  t.equal(pruneOptionIn(['Validate=false', 'Prune=false']), 'Prune=false')
  t.equal(pruneOptionIn(['PruneLast=true, Prune=confirm']), 'Prune=confirm')
  t.equal(pruneOptionIn(['Prune=true', 'PruneLast=true', 'Delete=false']), null)
  t.equal(deleteOptionIn(['Prune=false,Delete=confirm']), 'Delete=confirm')
  t.equal(pruneOptionOf(undefined), null)
  const annotations = { 'argocd.argoproj.io/sync-options': 'Delete=false,Prune=false' }
  t.equal(pruneOptionOf(annotations), 'Prune=false')
  t.end()
})

const ours = { repoURL: 'https://github.com/example/site.git', path: 'clusters' }
const wanted = { repository: 'example/site', branch: 'main', roots: ['clusters', '.'] }
const read = (spec: unknown, more: object = {}): ReturnType<typeof readApplication> =>
  readApplication({ metadata: { name: 'site', namespace: 'argocd' }, spec, ...more }, wanted)

t.test('an Application counts when it renders a root from the base branch', t => {
  const cases: readonly (readonly [object, string | null])[] = [
    [ours, null],
    [{ ...ours, path: './clusters//' }, null],
    [{ ...ours, path: '.' }, null],
    [{ ...ours, targetRevision: 'HEAD' }, null],
    [{ ...ours, targetRevision: 'refs/heads/main' }, null],
    [{ ...ours, targetRevision: 'v1.2.0' }, 'follows v1.2.0, not main'],
    [{ ...ours, targetRevision: 'stage' }, 'follows stage, not main'],
    [{ ...ours, targetRevision: 'refs/tags/v1' }, 'is pinned to tag v1, and does not follow main'],
    [
      { ...ours, targetRevision: 'A'.repeat(40) },
      `is pinned to commit ${'A'.repeat(12)}, and does not follow main`,
    ],
    [{ ...ours, path: 'clusters/more' }, 'renders clusters/more'],
  ]
  for (const [source, mismatch] of cases)
    t.match(read({ source }), { mismatch }, JSON.stringify(source))
  const sourceHydrator = { drySource: ours, syncSource: { targetBranch: 'x' } }
  t.match(read({ source: ours, sourceHydrator }), { mismatch: /^is hydrated/ })
  const anywhere = { ...wanted, repository: null, branch: null }
  t.match(
    readApplication(
      {
        metadata: { name: 'site' },
        spec: { source: { ...ours, repoURL: 'https://x/y', targetRevision: 'z' } },
      },
      anywhere,
    ),
    { mismatch: null },
  )
  const onSide = { ...wanted, branch: 'side', isDefault: false }
  for (const targetRevision of ['', 'HEAD'])
    t.match(
      readApplication(
        { metadata: { name: 'site' }, spec: { source: { ...ours, targetRevision } } },
        onSide,
      ),
      { mismatch: 'follows HEAD, which is not side' },
    )
  for (const spec of [
    { source: { ...ours, repoURL: 'https://github.com/other/site.git' } },
    { source: { repoURL: ours.repoURL, chart: 'site' } },
    { source: null, sources: [] },
    { source: 'ours' },
    undefined,
  ])
    t.equal(read(spec), null, JSON.stringify(spec))
  t.end()
})

t.test('of several sources the one that renders it counts, with its own revision', t => {
  const other = { ...ours, path: 'policies' }
  const status = { sync: { revision: 'one', revisions: ['first', 'second', 'third'] } }
  const chart = { repoURL: 'https://charts.example.com', chart: 'x' }
  t.match(read({ source: other, sources: [chart, other, ours] }, { status }), {
    mismatch: null,
    revision: 'third',
  })
  t.match(read({ source: ours, sources: [other] }, { status }), { mismatch: 'renders policies' })
  t.match(read({ source: ours, sources: [] }, { status }), { mismatch: null, revision: 'one' })
  t.match(read({ sources: [ours] }), { revision: '' })
  t.strictSame(sourcesOf(applicationSpec.parse({ sources: [] })), [])
  t.end()
})

t.test('an Application prunes by itself only where all of its policy says so', t => {
  for (const [automated, prunes, allowsEmpty] of [
    [{ prune: true }, true, false],
    [{ prune: true, enabled: false, allowEmpty: true }, false, true],
    [{ prune: false }, false, false],
    [null, false, false],
  ] as const)
    t.match(read({ source: ours, syncPolicy: { automated } }), { prunes, allowsEmpty })
  t.match(read({ source: ours, syncPolicy: null }), { prunes: false, allowsEmpty: false })
  t.end()
})

t.test('what keeps an Application from pruning is named', t => {
  const syncOptions = ['CreateNamespace=true', 'Prune=confirm']
  t.match(read({ source: ours, syncPolicy: { syncOptions } }), {
    hindrance: 'has the sync option Prune=confirm',
  })
  const annotations = { 'argocd.argoproj.io/skip-reconcile': 'true' }
  t.match(read({ source: ours }, { metadata: { name: 'site', annotations } }), {
    hindrance: 'is annotated argocd.argoproj.io/skip-reconcile',
    namespace: '',
  })
  t.match(read({ source: ours }), { hindrance: null })
  t.end()
})

t.test('a status of another shape is read as far as it can be', t => {
  const nothing = {
    ...{ sync: '', revision: '', revisions: [], reconciledAt: null, operation: null },
    ...{ conditions: [], resources: [] },
  }
  for (const status of [undefined, null, 'x', [], { conditions: null }, { operationState: [] }])
    t.strictSame(readApplicationStatus(status), nothing, JSON.stringify(status))
  for (const status of [
    { sync: 7, conditions: 'none', operationState: [] },
    { sync: { revision: null, revisions: 'x' }, conditions: null, operationState: { phase: 1 } },
  ])
    t.match(read({ source: ours }, { status }), { revision: '', isSyncing: false })
  const instance = { kind: 'ClusterInstance', name: 'sno1', namespace: 'sno1', status: 'OutOfSync' }
  t.match(
    readApplicationStatus({
      resources: [instance, { kind: 'Secret', name: 'x' }],
      conditions: [{ type: 'SyncError' }],
      operationState: { phase: 'Failed', syncResult: { resources: [instance] } },
    }),
    {
      resources: [{ ...instance, message: '', requiresPruning: false }],
      conditions: [{ type: 'SyncError', message: '', lastTransitionTime: null }],
      operation: { phase: 'Failed', retryCount: 0, resources: [{ name: 'sno1' }] },
    },
  )
  t.end()
})

t.test('what else decides over a prune is read', t => {
  const metadata = {
    name: 'site',
    annotations: { 'argocd.argoproj.io/manifest-generate-paths': '.' },
    ownerReferences: [
      1,
      null,
      { kind: 'Other', name: 'x' },
      { kind: 'ApplicationSet', name: 'set' },
    ],
  }
  const kind = { group: 'siteconfig.open-cluster-management.io', kind: 'ClusterInstance' }
  const spec = {
    source: ours,
    project: 'ztp',
    destination: { name: 'hub' },
    ignoreDifferences: [{ kind: 'Secret' }, kind],
    syncPolicy: { retry: { limit: -1 } },
  }
  t.match(read(spec, { metadata }), {
    ...{ applicationSet: 'set', generatePaths: '.', project: 'ztp', ignoresInstances: true },
    ...{ path: 'clusters', destination: { server: '', name: 'hub', namespace: '' } },
    retry: { limit: -1, refresh: false },
  })
  t.match(read({ source: ours, syncPolicy: { retry: 'x' }, ignoreDifferences: 'x' }), {
    ...{ applicationSet: null, generatePaths: null, project: 'default', ignoresInstances: false },
    ...{ retry: null, destination: { server: '', name: '', namespace: '' } },
  })
  t.end()
})

t.test('the branches that an Application follows are known, however it names them', t => {
  const of = (spec: unknown): unknown => followedBranches(spec, 'example/site')
  t.strictSame(of({ source: { ...ours, targetRevision: 'refs/heads/a' } }), ['a'])
  t.strictSame(of({ source: ours, sources: [{ ...ours, targetRevision: 'b' }] }), ['', 'b'])
  t.strictSame(of({ sources: [{ ...ours, repoURL: 'https://github.com/other/site' }] }), [])
  const hydrator = {
    drySource: { ...ours, targetRevision: 'dry' },
    syncSource: { targetBranch: 'wet' },
  }
  t.strictSame(of({ sourceHydrator: hydrator }), ['dry', 'wet', ''])
  t.strictSame(of({ sourceHydrator: { ...hydrator, hydrateTo: { targetBranch: 'next' } } }), [
    ...['dry', 'wet', 'next'],
  ])
  t.equal(of('x'), undefined)
  t.end()
})

t.test('an Application outside of the own namespace of Argo CD is named with its own', t => {
  for (const [namespace, placed] of [
    ['', 'site'],
    ['argocd', 'site'],
    ['team', 'team/site'],
  ] as const) {
    t.equal(placedName({ name: 'site', namespace }, 'argocd'), placed)
    t.strictSame(applicationPlace(placed, 'argocd'), {
      namespace: namespace || 'argocd',
      name: 'site',
    })
  }
  t.end()
})
