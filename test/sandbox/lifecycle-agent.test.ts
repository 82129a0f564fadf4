import './lifecycle-agent/every-text.ts'
import './lifecycle-agent/recreation.ts'
import './lifecycle-agent/releases.ts'
import t from 'tap'
import type { StoredObject } from '../../src/sandbox/kubernetes/object-store.ts'
import {
  authfile,
  generatorKey,
  namespace,
  read,
  registry,
  scene,
  secretKey,
} from '../support/sandbox/lifecycle-scene.ts'

t.test('a seed image is made, pushed and described, and the objects come back', async t => {
  const { store, until, ended, deliver, messages, conditions, availability } = scene(t)
  store.create({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: 'open-cluster-management-agent' },
  })
  const before = deliver('ibu/seed-sno1:4.18.9')
  await until('away', () => availability.length === 1)
  t.notOk(store.get(generatorKey), 'a genuine 404')
  t.notOk(store.get(secretKey))
  await until('ended', ended)
  t.same(availability, [false, true])
  t.same(messages, [
    'Waiting for system to stabilize',
    'Starting seed generation',
    'Pulling recert image',
    'Preparing for seed generation',
    'Cleaning cluster resources',
    'Launching imager container',
    'Finalizing seed generation',
    'Seed Generation completed',
  ])
  t.match(conditions(), [
    { type: 'SeedGenInProgress', status: 'False', reason: 'Completed' },
    { type: 'SeedGenCompleted', status: 'True', reason: 'Completed' },
  ])
  const after = store.get(generatorKey)!
  t.not(after.metadata.uid, before.metadata.uid)
  t.ok(store.get(secretKey), 'the Secret is back: somebody must remove it')
  t.notOk(store.get({ apiVersion: 'v1', kind: 'Namespace', name: 'open-cluster-management-agent' }))
  t.ok(store.get({ ...generatorKey, kind: 'ImageBasedUpgrade', name: 'upgrade' }))

  const manifest = JSON.parse((await read('ibu/seed-sno1/manifests/4.18.9')).body) as {
    config: { digest: string }
  }
  const { config } = JSON.parse(
    (await read(`ibu/seed-sno1/blobs/${manifest.config.digest}`)).body,
  ) as { config: { Labels: Record<string, string> } }
  t.equal(config.Labels['com.openshift.lifecycle-agent.seed_format_version'], '4')
  t.match(JSON.parse(config.Labels['com.openshift.lifecycle-agent.seed_cluster_info']!), {
    seed_cluster_ocp_version: '4.18.9',
    cluster_name: 'seed-sno1',
  })
})

t.test('a cluster that is not ready to be a seed is refused', async t => {
  const named = (apiVersion: string, kind: string, name: string): StoredObject => ({
    apiVersion,
    kind,
    metadata: { name },
  })
  const cases: [StoredObject, string][] = [
    [
      named(
        'apiextensions.k8s.io/v1',
        'CustomResourceDefinition',
        'klusterlets.operator.open-cluster-management.io',
      ),
      'Rejected: Cluster must be detached from hub prior to seed generation',
    ],
    [
      named('v1', 'Namespace', 'open-cluster-management-addon-observability'),
      'Rejected due to presence of ACM addon(s): open-cluster-management-addon-observability',
    ],
    [
      named('v1', 'PersistentVolume', 'pv'),
      'Rejected: Cluster must not have any Persistent Volumes configured',
    ],
  ]
  for (const [object, cause] of cases) {
    const { store, until, ended, deliver, conditions, availability } = scene(t)
    store.create(object)
    deliver('ibu/refused:1')
    await until('ended', ended)
    t.match(
      conditions(),
      [
        { type: 'SeedGenCompleted', reason: 'Failed', message: `Seed generation failed: ${cause}` },
        { type: 'SeedGenInProgress', status: 'False', reason: 'Failed', message: cause },
      ],
      cause,
    )
    t.same(availability, [])
  }
})

t.test('a missing or incomplete Secret ends the run before the API goes', async t => {
  const { store, until, ended, deliver, conditions, availability } = scene(t)
  deliver('ibu/x:1')
  store.remove(secretKey)
  await until('ended', ended)
  t.match(
    conditions()[0]?.message,
    /failed: could not access secret seedgen in openshift-lifecycle-agent: /,
  )
  store.remove(generatorKey)
  store.create({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'seedgen', namespace },
    data: {},
  })
  store.create({ ...generatorKey, metadata: { name: 'seedimage' }, spec: { seedImage: 'a/b:c' } })
  await until('ended again', ended)
  t.match(conditions()[0]?.message, /could not find seedAuth in seedgen secret$/)
  t.same(availability, [])
})

t.test('a push that is denied shows as an exit code only, and can be tried again', async t => {
  const { store, until, ended, deliver, conditions, told } = scene(t)
  deliver('ibu/denied:1', authfile({ [registry.host]: 'puller:pw' }))
  await until('ended', ended)
  t.equal(
    conditions()[0]?.message,
    'Seed generation failed: Seed generation failed: imager container status check failed: expected container exit code 0, found: 1',
  )
  t.equal((await read('ibu/denied/manifests/1')).code, 404)
  t.ok(told.some(({ message }) => message.startsWith('failed to push')))
  t.notMatch(JSON.stringify(told), /puller|cHVsbGVy/, 'no credential is told')

  store.remove(generatorKey)
  store.remove(secretKey)
  deliver('ibu/denied:1')
  await until('completed', () => conditions().some(({ reason }) => reason === 'Completed'))
  t.equal((await read('ibu/denied/manifests/1')).code, 200)
})

t.test('a restoration that fails is a failed run that has pushed its image', async t => {
  const { until, ended, deliver, conditions } = scene(t, { restorationFails: true })
  deliver('ibu/restored:1')
  await until('ended', ended)
  t.equal(conditions()[0]?.reason, 'Failed')
  t.equal((await read('ibu/restored/manifests/1')).code, 200)
})

t.test('an unhealthy cluster waits for as long as it takes', async t => {
  let isSick = true
  const { store, until, ended, deliver, messages } = scene(t, {
    unhealthy: () => (isSick ? 'the moon is not ready' : undefined),
  })
  const operator = { apiVersion: 'config.openshift.io/v1', kind: 'ClusterOperator', name: 'etcd' }
  store.create({
    ...operator,
    metadata: { name: 'etcd' },
    status: { conditions: [{ type: 'Available', status: 'False' }] },
  })
  deliver('ibu/slow:1')
  const waiting = 'Waiting for system to stabilize: one or more health checks failed: '
  await until('waiting', () =>
    messages.includes(
      `${waiting}one or more ClusterOperators not yet ready: etcd\n  - the moon is not ready`,
    ),
  )
  store.change(operator, live => {
    live['status'] = { conditions: [{ type: 'Available', status: 'True' }] }
  })
  isSick = false
  await until('ended', ended)
})

t.test('whoever makes seedgen again too early has baked it into the image', async t => {
  const { store, until, ended, deliver, told, conditions } = scene(t)
  deliver('ibu/leaked:1')
  const again = store.get(secretKey)!
  // As a Sealed Secrets controller on the seed would.
  const unwatch = store.watch(({ type, object }) => {
    if (type === 'DELETED' && object.kind === 'Secret')
      queueMicrotask(() => {
        if (!store.get(secretKey)) store.create(again)
      })
  })
  await until('ended', ended)
  unwatch()
  t.match(
    told.find(({ message }) => message === 'baked the push credential into the image')?.details,
    { leaked: true, object: 'Secret/seedgen' },
  )
  t.ok(told.some(({ message }) => message === 'crashed: Secret "seedgen" already exists'))
  t.equal(conditions().at(-1)?.reason, 'Completed', 'in the end the agent wins')
})
