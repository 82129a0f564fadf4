import t from 'tap'
import { readConfiguration } from '../../../src/core/settings/configuration.ts'
import { absent, present, unknown, type Seen } from '../../../src/core/seen.ts'
import { RefusedError } from '../../../src/errors.ts'
import {
  findApplications,
  observeApplication,
  stateOf,
} from '../../../src/operations/hub/find-applications.ts'
import {
  findClusterInstances,
  observeManagedCluster,
  observeRemaining,
} from '../../../src/operations/hub/observe-remaining.ts'
import { observeSight } from '../../../src/operations/hub/observe-sight.ts'
import { readDetachObjects } from '../../../src/operations/hub/read-detach-objects.ts'
import { observeAccess, proveAccess } from '../../../src/operations/hub/prove-access.ts'
import {
  kubeconfigOf,
  originalAccess,
  savedAccess,
} from '../../../src/operations/hub/saved-access.ts'
import type { KubernetesObject } from '../../../src/operations/ports/cluster.ts'
import { configuration, fakeWorld, type FakeWorld } from '../../support/fake-world.ts'
import { alter, base64, connecting, places, savedWorld } from '../../support/saved-world.ts'

t.test('the access is saved outside of the namespace that goes with the cluster', t => {
  const settings = { repository: 'example/site', branch: 'main', namespace: 'sower' }
  const secret = { apiVersion: 'v1', kind: 'Secret' }
  t.strictSame(originalAccess('sno1'), {
    ...{ ...secret, namespace: 'sno1', name: 'sno1-admin-kubeconfig' },
  })
  t.strictSame(savedAccess({ settings }, 'sno1'), {
    ...{ ...secret, namespace: 'sower', name: 'sno1-access' },
  })
  const holding = (data?: Record<string, string>): Seen<KubernetesObject> =>
    present({ ...secret, metadata: { name: 'a', uid: '' }, data })
  const cases = [
    [holding({ kubeconfig: base64('ünï') }), present('ünï')],
    [holding({ other: base64('x') }), absent],
    [holding(), absent],
    [absent, absent],
    [unknown('forbidden'), unknown('forbidden')],
  ] as const
  for (const [read, expected] of cases) t.strictSame(kubeconfigOf(read), expected)
  t.end()
})

t.test(
  'a kubeconfig of the hub is registered with its keys before anybody looks into it',
  async t => {
    const concealed: string[] = []
    const world = savedWorld()
    const kubeconfig = 'users: [{user: {client-key-data: a2V5LWNhbmFyeQ==}}]'
    alter(world.hub.objects, places.saved, { data: { kubeconfig: base64(kubeconfig) } })
    const ports = { ...world.ports, conceal: (secret: string) => void concealed.push(secret) }
    await observeAccess({ ...world.start(), ports }, 'sno1')
    t.strictSame(concealed, [kubeconfig, 'a2V5LWNhbmFyeQ==', 'key-canary'])
  },
)

const answers = [
  ['it works', {}, present({ proven: true, reason: null })],
  [
    'no answer',
    { 'seed.ready': unknown('timeout') },
    present({ proven: false, reason: "the seed's API gave no answer (timeout)" }),
  ],
  [
    'an answer of something else',
    { 'seed.ready': absent },
    present({ proven: false, reason: "the seed's API gave no answer (not found)" }),
  ],
  [
    'no right',
    { 'seed.may': present(false) },
    present({
      proven: false,
      reason: 'its user is not allowed to create a SeedGenerator on the seed',
    }),
  ],
  ['no word of the rights', { 'seed.may': unknown('forbidden') }, unknown('forbidden')],
  ['no such question', { 'seed.may': absent }, absent],
] as const
t.test('an access is proven by an answer and the right to create a SeedGenerator', async t => {
  for (const [what, faults, expected] of answers) {
    const world = savedWorld()
    for (const [call, answer] of Object.entries(faults)) world.faults.set(call, async () => answer)
    t.strictSame(await proveAccess(world.start(), 'x'), expected, what)
    t.strictSame(await observeAccess(world.start(), 'sno1'), expected, what)
  }
  const asked: unknown[] = []
  const world = savedWorld()
  world.faults.set('seed.may', act => {
    asked.push(act)
    return undefined
  })
  await proveAccess(world.start(), 'x')
  t.strictSame(asked, [{ verb: 'create', group: 'lca.openshift.io', resource: 'seedgenerators' }])
})

t.test('a kubeconfig that is refused is not proven, and any other trouble is told', async t => {
  const refusing = connecting(savedWorld(), () => {
    throw new RefusedError('ACCESS_MISSING', 'it holds a token')
  })
  const expected = present({ proven: false, reason: 'it holds a token' })
  t.strictSame(await proveAccess(refusing.context, 'x'), expected)
  const trouble = new TypeError('nobody foresaw this')
  const failing = connecting(savedWorld(), () => {
    throw trouble
  })
  await t.rejects(proveAccess(failing.context, 'x'), trouble)
})

t.test('only what is saved counts as the saved access', async t => {
  const world = savedWorld()
  world.hub.objects.delete(places.saved)
  const { context, used } = connecting(world)
  t.strictSame(await observeAccess(context, 'sno1'), absent)
  world.faults.set('hub.read', async () => unknown('unreachable'))
  t.strictSame(await observeAccess(context, 'sno1'), unknown('unreachable'))
  t.strictSame(used, [])
})

const config = readConfiguration(configuration, () => [])
const ours = { repoURL: 'https://github.com/example/site.git', path: 'clusters' }
/** A hub with that one Application. */
const withApplication = (
  { spec, ...more }: Partial<KubernetesObject>,
  world = fakeWorld(),
): FakeWorld => {
  world.hub.drop('Application')
  const metadata = { name: 'clusters', uid: '' }
  world.hub.add({ kind: 'Application', metadata, spec, ...more }, 'openshift-gitops')
  return world
}
const find = (world: FakeWorld): ReturnType<typeof findApplications> =>
  findApplications(world.start(), { config, roots: config.roots })

t.test('finds the Applications that render a root of this repository', async t => {
  const cases: readonly (readonly [object, readonly object[]])[] = [
    [{ source: ours }, [{ name: 'clusters', mismatch: null }]],
    [{ source: { ...ours, targetRevision: 'stage' } }, [{ mismatch: 'follows stage, not main' }]],
    [{ source: { ...ours, repoURL: 'https://github.com/other/site.git' } }, []],
  ]
  for (const [spec, expected] of cases) {
    const found = await find(withApplication({ spec }))
    t.match(found, present(expected), JSON.stringify(spec))
    t.equal(found.seen === 'present' && found.value.length, expected.length)
  }
  const silent = fakeWorld()
  silent.faults.set('hub.list', async () => unknown('not-served'))
  t.strictSame(await find(silent), unknown('not-served'))
})

t.test('an Application prunes by itself only where all of its policy says so', async t => {
  const cases = [
    [{ automated: { prune: true } }, true, false],
    [{ automated: { prune: true, enabled: true, allowEmpty: true } }, true, true],
    [{ automated: { prune: true, enabled: false } }, false, false],
    [{ automated: { prune: false } }, false, false],
    [{ automated: {} }, false, false],
    [{ automated: null }, false, false],
    [{}, false, false],
    [undefined, false, false],
  ] as const
  for (const [syncPolicy, prunes, allowsEmpty] of cases) {
    const found = await find(withApplication({ spec: { source: ours, syncPolicy } }))
    t.match(found, present([{ prunes, allowsEmpty }]), JSON.stringify(syncPolicy))
  }
})

t.test('reads how far the one Application of a detach is', async t => {
  const wiped = 'Skipping sync attempt: auto-sync will wipe out all resources'
  const conditions = [{ type: 'SyncError', message: wiped }]
  const before = { name: 'clusters', hasMerge: false, isRefreshing: false, refusesToEmpty: false }
  const reason = `SyncError: ${wiped}`
  const world = fakeWorld()
  const [first] = [world.repository.branches.get('main')!]
  const merged = world.repository.write('main', 'Merge', [{ path: 'x', content: 'x' }])
  const later = world.repository.write('main', 'Later', [{ path: 'x', content: 'y' }])
  const at = (revision: string): object => ({ status: { sync: { revision } } })
  const refreshing = { 'argocd.argoproj.io/refresh': 'normal' }
  const metadata = { name: 'clusters', uid: '', annotations: refreshing }
  const cases: readonly (readonly [string, object, object])[] = [
    ['nothing is compared yet', {}, { ...before, reason: null }],
    ['a commit before the merge', at(first), { hasMerge: false }],
    ['the merge', at(merged), { hasMerge: true }],
    ['a commit after it', at(later), { hasMerge: true }],
    ['a branch', at('main'), { hasMerge: false }],
    ['a commit that nobody knows', at('f'.repeat(40)), { hasMerge: false }],
    ['a refresh', { metadata }, { isRefreshing: true }],
    ['a refusal', { status: { conditions } }, { refusesToEmpty: true, reason }],
    [
      'a refusal while a sync is asked for',
      { status: { conditions }, operation: { sync: {} } },
      { refusesToEmpty: false, reason },
    ],
    [
      'a refusal while a sync is under way',
      { status: { conditions, operationState: { phase: 'Running' } } },
      { refusesToEmpty: false, reason },
    ],
    [
      'a warning',
      { status: { conditions: [{ type: 'OrphanedResourceWarning' }] } },
      { refusesToEmpty: false, reason: null },
    ],
  ]
  for (const [what, state, expected] of cases) {
    withApplication({ spec: { source: ours }, ...state }, world)
    const of = { config, roots: config.roots, mergedAs: merged }
    t.match(await observeApplication(world.start(), of), present(expected), what)
  }
  withApplication({ spec: { source: ours }, ...at(later) }, world)
  const of = { config, roots: config.roots, mergedAs: null }
  const unmerged = await observeApplication(world.start(), of)
  t.match(unmerged, present({ hasMerge: false }), 'where nothing was merged')
  const another = { kind: 'Application', metadata: { name: 'again', uid: '' } }
  world.hub.add({ ...another, spec: { source: ours } }, 'openshift-gitops')
  t.strictSame(await observeApplication(world.start(), of), absent, 'of two none is the one')
  world.hub.drop('Application')
  t.strictSame(await observeApplication(world.start(), of), absent)
})

t.test('knows a ManagedCluster by its uid', async t => {
  const world = fakeWorld()
  t.strictSame(await observeManagedCluster(world.start(), 'sno1'), present({ uid: 'uid-1' }))
  t.strictSame(await observeManagedCluster(world.start(), 'sno2'), absent)
})

t.test('finds ClusterInstances by the cluster that they name', async t => {
  const world = fakeWorld()
  // One without a spec stands there already.
  t.strictSame(await findClusterInstances(world.start(), 'sno1'), absent)
  for (const [name, clusterName] of [
    ['one', 'sno1'],
    ['sno1', 'sno2'],
  ] as const)
    world.hub.add(
      { kind: 'ClusterInstance', metadata: { name, uid: '' }, spec: { clusterName } },
      'x',
    )
  const found = await findClusterInstances(world.start(), 'sno1')
  t.match(found, present([{ metadata: { name: 'one', namespace: 'x' } }]))
})

t.test('lists all that remains, and what did not answer as not known to be gone', async t => {
  const world = fakeWorld()
  world.hub.drop('BareMetalHost')
  const required = ['ClusterInstance', 'BareMetalHost', 'ManagedClusterAddOn', 'ManifestWork']
  const optional = ['KlusterletAddonConfig', 'ClusterDeployment', 'AgentClusterInstall']
  const others = ['InfraEnv', 'NMStateConfig', 'ImageClusterInstall', 'DataImage']
  const all = [...required, ...optional, ...others]
  const remaining = () => observeRemaining(world.start(), 'sno1')
  const every = (kinds: readonly string[], read: unknown): readonly object[] =>
    kinds.map(kind => ({ object: `${kind} of sno1`, read }))
  t.strictSame(await remaining(), every(['ClusterInstance'], absent), 'nothing')
  for (const why of ['unreachable', 'forbidden'] as const) {
    world.faults.set('hub.list', async () => unknown(why))
    t.strictSame(await remaining(), every(all, unknown(why)), why)
  }
  // A hub without Hive serves none of its kinds; without the others it is no hub that is understood.
  world.faults.set('hub.list', async () => unknown('not-served'))
  t.strictSame(await remaining(), every(required, unknown('not-served')))
  world.faults.clear()
  const deletionTimestamp = '2026-11-22T10:00:00Z'
  world.hub.add({ kind: 'ManifestWork', metadata: { name: 'a', uid: '' } }, 'sno1')
  world.hub.add({ kind: 'InfraEnv', metadata: { name: 'b', uid: '', deletionTimestamp } }, 'sno1')
  world.hub.add({ kind: 'ManifestWork', metadata: { name: 'c', uid: '' } }, 'sno2')
  t.strictSame(
    (await remaining()).filter(({ read }) => read.seen === 'present'),
    [
      { object: 'ManifestWork a', read: present({ detail: 'not being deleted' }) },
      { object: 'InfraEnv b', read: present({ detail: 'being deleted' }) },
    ],
  )
})

t.test('reads hosts where the nodes of the ClusterInstance say they are', async t => {
  const world = fakeWorld()
  world.hub.drop('BareMetalHost')
  const hostRef = { namespace: 'metal', name: 'node1' }
  const nodes = [{ hostRef }, { hostRef: { namespace: 'sno1', name: 'node2' } }, {}]
  const metadata = { name: 'one', uid: '' }
  const spec = { clusterName: 'sno1', nodes }
  world.hub.add({ kind: 'ClusterInstance', metadata, spec }, 'sno1')
  world.hub.add({ kind: 'BareMetalHost', metadata: { name: 'node1', uid: '' } }, 'metal')
  world.hub.add({ kind: 'BareMetalHost', metadata: { name: 'node2', uid: '' } }, 'sno1')
  const context = world.start()
  const { hub } = context.ports
  const read = () => readDetachObjects(hub, 'sno1', findClusterInstances(context, 'sno1'))
  const { hosts, others } = await read()
  t.match(hosts, present([{ metadata: { name: 'node2' } }, { metadata: { name: 'node1' } }]))
  t.equal(others.length, 7)
  world.hub.drop('BareMetalHost')
  t.strictSame((await read()).hosts, present([]))
  world.faults.set('hub.read', async () => unknown('timeout'))
  t.strictSame((await read()).hosts, unknown('timeout'))
  const nowhere = { list: async () => absent, read: async () => absent }
  t.strictSame((await readDetachObjects(nowhere, 'a', Promise.resolve(absent))).hosts, absent)
})

t.test('puts together what the tree of a detach shows', async t => {
  const world = fakeWorld()
  const context = world.start()
  const { hub } = context.ports
  const now = '2026-11-30T10:00:00.000Z'
  const look = async (more: object = {}) => {
    const instances = findClusterInstances(context, 'sno1')
    return observeSight(hub, config, {
      ...{ cluster: 'sno1', objects: await readDetachObjects(hub, 'sno1', instances) },
      applications: await find(world),
      ...{ hasMerge: true, managedCluster: absent, klusterlet: absent, addonNamespaces: absent },
      ...{ edited: [], now, ...more },
    })
  }
  t.match(await look(), {
    application: present({ hasMerge: true, isNeeded: false, facts: { project: {}, now } }),
    namespace: absent,
  })
  const metadata = { name: 'one', uid: '' }
  const spec = { clusterName: 'sno1' }
  world.hub.add({ kind: 'ClusterInstance', metadata, spec }, 'sno1')
  t.match(await look(), { application: present({ isNeeded: true }) })
  const deleted = { ...metadata, deletionTimestamp: now }
  world.hub.add({ kind: 'ClusterInstance', metadata: deleted, spec }, 'sno1')
  t.match(await look(), { application: present({ isNeeded: false }) })
  t.match(await look({ applications: unknown('timeout') }), { application: unknown('timeout') })
  for (const applications of [absent, present([])])
    t.match(await look({ applications }), { application: absent })
})

t.test('an Application of another namespace is named with it', async t => {
  const world = fakeWorld()
  const found = await find(world)
  const elsewhere = present(
    found.seen === 'present' ? found.value.map(each => ({ ...each, namespace: 'teams' })) : [],
  )
  const of = { mergedAs: null, controlPlane: 'openshift-gitops' }
  t.match(await stateOf(world.start(), elsewhere, of), present({ name: 'teams/clusters' }))
})
