import t from 'tap'
import { absent, present, unknown, type Seen } from '../../../src/core/seen.ts'
import { FailedError, RefusedError, UnavailableError, type ErrorCode } from '../../../src/errors.ts'
import { refresh } from '../../../src/operations/effects/refresh.ts'
import { saveAccess } from '../../../src/operations/effects/save-access.ts'
import { syncWithPrune } from '../../../src/operations/effects/sync-with-prune.ts'
import type { ArgoCd } from '../../../src/operations/ports/argo-cd.ts'
import { configuration, fakeWorld, type FakeWorld } from '../../support/fake-world.ts'
import { aRun } from '../../support/run/run-scene.ts'
import { base64, connecting, places, silence } from '../../support/saved-world.ts'

t.test('save-access copies the kubeconfig out of the namespace that will go', async t => {
  const world = fakeWorld()
  const { context, used } = connecting(world)
  for (let times = 0; times < 2; times += 1) {
    await saveAccess(context, 'sno1')
    t.match(world.hub.objects.get(places.saved), {
      ...{ apiVersion: 'v1', kind: 'Secret', type: 'Opaque' },
      metadata: { labels: { 'sower.dev/cluster': 'sno1' }, ownerReferences: undefined },
      data: { kubeconfig: base64('the kubeconfig') },
    })
  }
  t.strictSame(used, ['the kubeconfig', 'the kubeconfig'], 'each time it was tried out')
  t.strictSame(world.acts, ['hub.putSecret', 'hub.putSecret'])
})

const answers =
  (call: string, answer: Seen<boolean>) =>
  (world: FakeWorld): void => {
    world.faults.set(call, async () => answer)
  }
const unsaved: readonly (readonly [string, ErrorCode, RegExp, (world: FakeWorld) => void])[] = [
  [
    'the hub gives no answer',
    'CLUSTER_UNAVAILABLE',
    /the hub gave no answer \(unreachable\)$/,
    world => {
      silence(world, 'hub.read', 'Secret')
    },
  ],
  [
    'there is no Secret',
    'ACCESS_MISSING',
    /Secret sno1\/sno1-admin-kubeconfig with key kubeconfig is not on the hub$/,
    world => void world.hub.objects.delete(places.original),
  ],
  [
    'the Secret has no kubeconfig',
    'ACCESS_MISSING',
    /is not on the hub$/,
    world => {
      const metadata = { name: 'sno1-admin-kubeconfig', uid: '' }
      world.hub.add({ kind: 'Secret', metadata, data: {} }, 'sno1')
    },
  ],
  [
    'the seed gives no answer',
    'ACCESS_NOT_PROVEN',
    /the seed's API gave no answer \(timeout\)$/,
    answers('seed.ready', unknown('timeout')),
  ],
  [
    'its user is not allowed to create a SeedGenerator',
    'ACCESS_NOT_PROVEN',
    /its user is not allowed to create a SeedGenerator on the seed$/,
    answers('seed.may', present(false)),
  ],
  [
    'nobody says what its user may',
    'ACCESS_NOT_PROVEN',
    /it could not be tried out$/,
    answers('seed.may', unknown('forbidden')),
  ],
  [
    'that question is not known',
    'ACCESS_NOT_PROVEN',
    /it could not be tried out$/,
    answers('seed.may', absent),
  ],
]
t.test('save-access saves nothing that was not tried out', async t => {
  for (const [what, code, reason, arrange] of unsaved) {
    const world = fakeWorld()
    arrange(world)
    const message = new RegExp(`^saving the access to sno1: .*${reason.source}`)
    await t.rejects(saveAccess(world.start(), 'sno1'), { code, message }, what)
    t.strictSame(world.acts, [], what)
  }
  const world = fakeWorld()
  const { context } = connecting(world, () => {
    throw new RefusedError('ACCESS_MISSING', 'reading the kubeconfig: it holds a token')
  })
  await t.rejects(saveAccess(context, 'sno1'), {
    ...{ name: 'RefusedError', code: 'ACCESS_NOT_PROVEN' },
    message: 'saving the access to sno1: reading the kubeconfig: it holds a token',
  })
  t.strictSame(world.acts, [])
})

t.test('save-access keeps the copy that is there when the original is gone', async t => {
  const world = fakeWorld()
  await saveAccess(world.start(), 'sno1')
  const saved = world.hub.objects.get(places.saved)
  world.hub.objects.delete(places.original)
  await t.rejects(saveAccess(world.start(), 'sno1'), { code: 'ACCESS_MISSING' })
  t.equal(world.hub.objects.get(places.saved), saved)
})

type Synced = Parameters<ArgoCd['syncWithPrune']>[0]
const may = async () => present(true)

/** A hub with ClusterInstances, as namespace/name, cluster and since when they are being deleted. */
const syncing = async (
  world: FakeWorld,
  instances: readonly (readonly [string, string, string?])[],
): Promise<readonly Synced[]> => {
  world.hub.drop('ClusterInstance')
  for (const [place, clusterName, deletionTimestamp] of instances) {
    const [namespace = '', name = ''] = place.split('/')
    const metadata = { name, uid: '', deletionTimestamp }
    world.hub.add({ kind: 'ClusterInstance', metadata, spec: { clusterName } }, namespace)
  }
  const synced: Synced[] = []
  const context = world.start()
  const argocd: ArgoCd = { may, syncWithPrune: async request => void synced.push(request) }
  const ports = { ...context.ports, argocd }
  await syncWithPrune({ ...context, ports }, aRun('Detaching'), 'clusters')
  return synced
}

t.test('sync-with-prune names the ClusterInstance of its run and nothing else', async t => {
  const now = '2026-11-22T10:00:00Z'
  const cases = [
    ['the usual one', [['sno1/sno1', 'sno1'] as const], ['sno1/sno1']],
    ['one with other names', [['site/one', 'sno1'] as const], ['site/one']],
    ['another with its name', [['sno1/sno1', 'sno2'] as const], []],
    ['one that goes already', [['sno1/sno1', 'sno1', now] as const], []],
    ['none', [], []],
    [
      'two, and others',
      [['a/a', 'sno1'] as const, ['b/b', 'sno1'] as const, ['c/c', 'sno2'] as const],
      ['a/a', 'b/b'],
    ],
  ] as const
  for (const [what, instances, expected] of cases) {
    const synced = await syncing(fakeWorld(), instances)
    t.strictSame(
      synced,
      expected.map(place => {
        const [namespace, name] = place.split('/')
        const group = 'siteconfig.open-cluster-management.io'
        return {
          ...{ application: 'clusters', namespace: 'openshift-gitops' },
          resource: { group, kind: 'ClusterInstance', name, namespace },
        }
      }),
      what,
    )
  }
})

t.test('sync-with-prune orders nothing without a token or an answer', async t => {
  const world = fakeWorld()
  await t.rejects(syncWithPrune(world.start(), aRun('Detaching'), 'clusters'), {
    ...{ name: 'InputError', code: 'ARGOCD_FAILED' },
    message: 'ordering a sync of clusters: there is no Argo CD token',
  })
  silence(world, 'hub.list', 'ClusterInstance')
  await t.rejects(syncing(world, [['sno1/sno1', 'sno1']]), {
    ...{ name: 'UnavailableError', code: 'CLUSTER_UNAVAILABLE' },
    message: 'ordering a sync of clusters: the hub gave no answer',
  })
})

t.test('a definite no of Argo CD says how a person orders the sync', async t => {
  const world = fakeWorld()
  const spec = { clusterName: 'sno1' }
  world.hub.add({ kind: 'ClusterInstance', metadata: { name: 'one', uid: '' }, spec }, 'sno1')
  const context = world.start()
  const ordered = (error: Error): Promise<void> => {
    const argocd: ArgoCd = { may, syncWithPrune: async () => Promise.reject(error) }
    const ports = { ...context.ports, argocd }
    return syncWithPrune({ ...context, ports }, aRun('Detaching'), 'clusters')
  }
  await t.rejects(ordered(new FailedError('ARGOCD_FAILED', 'Argo CD answered 403')), {
    ...{ name: 'FailedError', code: 'ARGOCD_FAILED', message: 'Argo CD answered 403' },
    fix: /`get` and `sync` on clusters; or .* select only ClusterInstance one, tick Prune/,
  })
  const silent = new UnavailableError('ARGOCD_FAILED', 'Argo CD gave no answer')
  await t.rejects(ordered(silent), silent)
})

t.test('refresh asks the Application of the configured namespace, at a time', async t => {
  const world = fakeWorld()
  const content = `${configuration}argocd: {namespace: argo}\n`
  world.repository.write('main', 'Move it', [{ path: 'sower.yaml', content }])
  world.hub.add({ kind: 'Application', metadata: { name: 'clusters', uid: '' } }, 'argo')
  await refresh(world.start(), 'clusters')
  t.strictSame(world.hub.objects.get('Application/argo/clusters')?.metadata.annotations, {
    'argocd.argoproj.io/refresh': 'normal',
    'argocd.argoproj.io/refresh-timestamp': '2026-11-22T10:00:00.000Z',
  })
  t.strictSame(world.acts, ['hub.annotate'])
})
