import './seed/recreators.ts'
import './seed/traits.ts'
import t from 'tap'
import { seedGeneratorManifest } from '../../src/core/seedgen/seed-generator-manifest.ts'
import { absent, present, unknown, type Seen } from '../../src/core/seen.ts'
import { RefusedError, UnavailableError } from '../../src/errors.ts'
import type { KubernetesObject } from '../../src/operations/ports/cluster.ts'
import { connectSeed, readOnSeed } from '../../src/operations/seed/connect-seed.ts'
import {
  observeAddonNamespaces,
  observeKlusterlet,
  observeSeedGenerator,
} from '../../src/operations/seed/observe-seed-generator.ts'
import { createSeedObjectFinder } from '../../src/operations/seed/create-seed-object-finder.ts'
import { agentNamespace } from '../../src/operations/seed/agent-namespace.ts'
import { installedName, readInstalledName } from '../../src/operations/seed/installed-name.ts'
import { findKubeconfig } from '../../src/operations/seed/find-kubeconfig.ts'
import {
  clusterIdIn,
  readSeedVersion,
  versionKey,
} from '../../src/operations/seed/read-seed-version.ts'
import { readVersions } from '../../src/operations/seed/read-versions.ts'
import { fakeCluster } from '../support/fake-cluster.ts'
import { fakeWorld, image, openPullRequest, type FakeWorld } from '../support/fake-world.ts'
import { readBase } from '../../src/operations/read-base.ts'
import { manifest } from '../support/secret/sealed-scene.ts'
import { alter, base64, connecting, places, savedWorld } from '../support/saved-world.ts'

const [saved, original] = ['the saved kubeconfig', 'the kubeconfig']

t.test('connects with the saved access, and only early with what will be saved', async t => {
  const gone = (place: string) => (objects: Map<string, KubernetesObject>) =>
    void objects.delete(place)
  const emptied = (objects: Map<string, KubernetesObject>): void => {
    alter(objects, places.saved, { data: { other: base64('x') } })
  }
  const cases = [
    ['both are there', () => undefined, saved, saved],
    ['the original is gone', gone(places.original), saved, saved],
    ['nothing is saved yet', gone(places.saved), null, original],
    ['what is saved is no kubeconfig', emptied, null, original],
  ] as const
  for (const [what, arrange, usual, early] of cases)
    for (const [options, expected] of [
      [undefined, usual],
      [{ early: false }, usual],
      [{ early: true }, early],
    ] as const) {
      const world = savedWorld()
      arrange(world.hub.objects)
      const { context, used } = connecting(world)
      const seed = await connectSeed(context, 'sno1', options)
      t.strictSame([...used], expected === null ? [] : [expected], what)
      t.equal(seed === null, expected === null, what)
    }
})

t.test('connects to no seed whose access the hub does not show', async t => {
  for (const read of [absent, unknown('unreachable'), unknown('forbidden')]) {
    const world = savedWorld()
    world.faults.set('hub.read', async () => read)
    const { context, used } = connecting(world)
    for (const early of [false, true]) t.equal(await connectSeed(context, 'sno1', { early }), null)
    t.strictSame(used, [])
  }
})

t.test('an access that cannot be used is none, and any other trouble is told', async t => {
  const refusal = new RefusedError('ACCESS_MISSING', 'reading the kubeconfig: it holds a token')
  const refusing = connecting(savedWorld(), () => {
    throw refusal
  })
  t.equal(await connectSeed(refusing.context, 'sno1', { early: true }), null)
  t.strictSame(refusing.used, [saved], 'what is saved is not passed over')
  const trouble = new TypeError('nobody foresaw this')
  const failing = connecting(savedWorld(), () => {
    throw trouble
  })
  await t.rejects(connectSeed(failing.context, 'sno1'), trouble)
})

t.test('without an access nothing on the seed is known, least of all that it is gone', async t => {
  const unread = unknown('unreachable')
  t.strictSame(await readOnSeed(null, async () => absent), unread)
  for (const observe of [observeSeedGenerator, observeKlusterlet, observeAddonNamespaces])
    t.strictSame(await observe(null), unread)
  const { port } = fakeCluster()
  t.strictSame(await readOnSeed(port, async seed => present(seed === port)), present(true))
})

t.test('reads a SeedGenerator as the Lifecycle Agent left it', async t => {
  const image = 'quay.io/org/seed:4.18'
  const condition = (type: string, status: string, reason = ''): object => ({
    conditions: [{ type, status, reason, message: 'so it is' }],
  })
  const cases = [
    [undefined, { progress: 'none', message: null }],
    [condition('SeedGenInProgress', 'True'), { progress: 'running', message: 'so it is' }],
    [condition('SeedGenCompleted', 'True'), { progress: 'completed', message: 'so it is' }],
    [condition('SeedGenCompleted', 'False', 'Failed'), { progress: 'failed' }],
    [{ conditions: 'none' }, { progress: 'none', message: null }],
  ] as const
  for (const [status, expected] of cases)
    for (const [spec, shown] of [
      [{ seedImage: image }, image],
      [{ seedImage: 1 }, ''],
      [{}, ''],
    ] as const) {
      const { port, add } = fakeCluster()
      const metadata = { name: 'seedimage', uid: '' }
      add({ kind: 'SeedGenerator', metadata, spec, status })
      const seen = await observeSeedGenerator(port)
      t.match(seen, present({ uid: 'uid-1', image: shown, isBeingDeleted: false, ...expected }))
      t.match(seen, present({ isWanted: false }), 'nobody has compared it')
      for (const [wanted, isWanted] of [
        [spec, true],
        [{ ...spec, recertImage: 'quay.io/r:1' }, false],
      ] as const)
        t.match(await observeSeedGenerator(port, wanted), present({ isWanted }))
      add({ kind: 'SeedGenerator', metadata: { ...metadata, deletionTimestamp: '2026' }, spec })
      t.match(await observeSeedGenerator(port), present({ isBeingDeleted: true }))
    }
  const { port, add } = fakeCluster()
  add({ kind: 'SeedGenerator', metadata: { name: 'another', uid: '' } })
  t.strictSame(await observeSeedGenerator(port), absent)
})

t.test('sees the klusterlet by its CRD, and each namespace of an add-on', async t => {
  const name = 'klusterlets.operator.open-cluster-management.io'
  const { port, add } = fakeCluster()
  for (const namespace of ['default', 'open-cluster-management-agent'])
    add({ kind: 'Namespace', metadata: { name: namespace, uid: '' } })
  t.strictSame(await observeKlusterlet(port), absent)
  t.strictSame(await observeAddonNamespaces(port), absent)
  add({ kind: 'CustomResourceDefinition', metadata: { name, uid: '' } })
  const addons = ['open-cluster-management-addon-a', 'open-cluster-management-addon-b']
  for (const addon of addons) add({ kind: 'Namespace', metadata: { name: addon, uid: '' } })
  t.strictSame(await observeKlusterlet(port), present(true))
  t.strictSame(await observeAddonNamespaces(port), present(addons))
  // A list that is forbidden is no list without add-ons.
  const silent = { ...port, list: async (): Promise<Seen<never>> => unknown('forbidden') }
  t.strictSame(await observeAddonNamespaces(silent), unknown('forbidden'))
})

t.test('the version of a seed is the newest one that it has completed', async t => {
  const entry = (state: string, version: string): object => ({ state, version })
  const partial = entry('Partial', '4.19.0')
  const unnamed = 'its ClusterVersion names no completed version'
  const cases = [
    [{ history: [entry('Completed', '4.18.7'), entry('Completed', '4.18.5')] }, '4.18.7', null],
    [{ history: [partial, entry('Completed', '4.18.5')] }, '4.18.5', null],
    [{ history: [partial] }, null, unnamed],
    [{ history: [{ state: 'Completed' }] }, null, unnamed],
    [undefined, null, unnamed],
    [null, null, 'the seed gave no answer'],
  ] as const
  for (const [status, version, reason] of cases) {
    const world = fakeWorld()
    const metadata = { name: 'version', uid: '' }
    for (const key of [...world.seed.objects.keys()])
      if (key.startsWith('ClusterVersion/')) world.seed.objects.delete(key)
    if (status !== null) world.seed.add({ kind: 'ClusterVersion', metadata, status })
    const read = readSeedVersion(world.start(), 'sno1')
    if (reason === null) t.equal(await read, version)
    else
      await t.rejects(read, {
        ...{ name: 'RefusedError', code: 'ACCESS_MISSING' },
        message: `reading the OpenShift version of sno1: ${reason}`,
        fix: 'name the image in the request file of the cluster',
      })
  }
  const world = fakeWorld()
  world.hub.objects.delete(places.original)
  await t.rejects(readSeedVersion(world.start(), 'sno1'), {
    code: 'ACCESS_MISSING',
    message: /its admin kubeconfig is not on the hub$/,
  })
})

const generator = seedGeneratorManifest({ cluster: 'sno1', image })
const sealed = 'apiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\nmetadata: { name: seedgen }\n'
const finding = async (world: FakeWorld, head: string) => {
  const context = world.start()
  return context.findSeedObjects({ base: await readBase(context), head, cluster: 'sno1' })
}

t.test('finds the objects of a run that a pull request brings, wherever they lie', async t => {
  const files = {
    'seeds/sno1/seedgenerator.yaml': generator,
    'seeds/sno1/more/other.txt': `# x\n${generator.replace(': sno1', ': sno2')}`,
    'seeds/sno2/seedgenerator.yaml': generator.replace(': sno1', ': sno2'),
    'seeds/sno1/broken.yaml': 'kind: SeedGenerator\nmetadata: "\n',
    'policies/generator.yaml': generator,
    'secrets/sealed.yaml': sealed,
    'seeds/sno1/request.yaml': 'kind: SeedRequest\n',
    'docs/seeds.md': 'A SeedGenerator is made by Sower.\n',
  }
  const world = fakeWorld()
  const found = await finding(world, openPullRequest(world, 7, { files }))
  t.strictSame(found.seen === 'present' && [...found.value].sort(), [
    'policies/generator.yaml: SeedGenerator',
    'secrets/sealed.yaml: SealedSecret seedgen',
    'seeds/sno1/broken.yaml: SeedGenerator',
    'seeds/sno1/more/other.txt: SeedGenerator',
    'seeds/sno1/seedgenerator.yaml: SeedGenerator',
    'seeds/sno2/seedgenerator.yaml: SeedGenerator',
  ])
})

t.test('what a pull request does not bring, or takes back, is not its own', async t => {
  const world = fakeWorld()
  const path = 'seeds/sno2/seedgenerator.yaml'
  const own = generator.replace(': sno1', ': sno2')
  // The run of another cluster, which ends while this pull request is open.
  world.repository.write('main', 'Generate sno2', [
    { path, content: own },
    { path: 'seed-secret/sealedsecret.yaml', content: sealed },
  ])
  const head = openPullRequest(world, 7, { files: { 'notes.md': 'x', 'seeds/x.yaml': generator } })
  t.match(await finding(world, head), present(['seeds/x.yaml: SeedGenerator']))
  const back = world.repository.write('seed-7', 'Take it back', [
    { path: 'seeds/x.yaml', content: null },
  ])
  t.strictSame(await finding(world, back), present([]))
  world.repository.write('main', 'Record sno2', [{ path, content: null }])
  t.strictSame(await finding(world, back), present([]))
  const both = world.repository.write('seed-7', 'The same', [{ path: 'a.yaml', content: sealed }])
  world.repository.write('main', 'The same', [{ path: 'a.yaml', content: sealed }])
  t.strictSame(await finding(world, both), present([]))
})

t.test(
  'takes the sealed push credential at its place for no object of others, and nothing else',
  async t => {
    const own = manifest()
    const place = 'seed-secret/sealedsecret.yaml'
    const cases = [
      ['as it belongs there', place, own, true],
      ['elsewhere', 'secrets/sealed.yaml', own, false],
      ['for every name of the namespace', place, manifest({ scope: 'namespace-wide' }), false],
      ['for another namespace', place, own.replaceAll('sower-seeds', 'default'), false],
      [
        'for another name in its template',
        place,
        own.replace(/name: seedgen\n(?!.*metadata)/s, 'name: x\n'),
        false,
      ],
      ['with notes of another value', place, own.replace(/sha256: "./, 'sha256: "_'), false],
      ['with a second document', place, `${own}---\n${sealed}`, false],
      ['without a value', place, sealed, false],
      ['a plain Secret', place, own.replace('kind: SealedSecret', 'kind: Secret'), false],
    ] as const
    for (const [what, path, content, isTaken] of cases) {
      const world = fakeWorld()
      const found = await finding(world, openPullRequest(world, 7, { files: { [path]: content } }))
      t.equal(found.seen === 'present' && found.value.length === 0, isTaken, what)
    }
  },
)

t.test('finds the SeedGenerators on the base that no run has there at this time', async t => {
  const on = (path: string) => present([`${path} on the base branch: SeedGenerator`])
  const cases = [
    ['seeds/sno1/seedgenerator.yaml', generator, true],
    ['seeds/sno1/other.yaml', 'kind: SeedGenerator\nmetadata: "\n', true],
    ['seeds/all.yaml', generator, true],
    ['seeds/sno3/seedgenerator.yaml', generator, true],
    ['seeds/sno2/seedgenerator.yaml', generator, false],
    ['seeds/all.yaml', `a: "\n${generator}`, true],
    ['seeds/README.md', 'A SeedGenerator is made by Sower.\n', false],
    ['clusters/seedgenerator.yaml', generator, false],
  ] as const
  for (const [path, content, isFound] of cases) {
    const world = fakeWorld()
    world.repository.write('main', 'Add it', [{ path, content }])
    const head = openPullRequest(world, 7, { files: { 'notes.md': 'x' } })
    t.strictSame(await finding(world, head), isFound ? on(path) : present([]), path)
  }
})

t.test('looks at the same commits once, and says when git gives no answer', async t => {
  const world = fakeWorld()
  const head = openPullRequest(world, 7, { files: { 'notes.md': 'x' } })
  const context = world.start()
  const base = await readBase(context)
  let [asked, trouble]: [number, Error | null] = [
    0,
    new UnavailableError('GIT_FAILED', 'no answer'),
  ]
  const find = createSeedObjectFinder(
    {
      checkout: world.ports.repository.checkout,
      broughtBy: (...of) => {
        asked += 1
        return trouble ? Promise.reject(trouble) : world.ports.repository.broughtBy(...of)
      },
    },
    world.now,
  )
  const found = () => find({ base, head, cluster: 'sno1' })
  t.strictSame(await found(), unknown('unreachable'))
  trouble = new RangeError('a bug')
  await t.rejects(found(), trouble)
  trouble = null
  t.strictSame([await found(), await found()], [present([]), present([])])
  t.equal(asked, 3)
})

t.test('the Lifecycle Agent is where its ClusterServiceVersion was installed', async t => {
  const config = { lifecycleAgent: { namespace: 'configured' } }
  const csv = (name: string, namespace: string, labels = {}) => ({
    ...{ kind: 'ClusterServiceVersion', metadata: { name, namespace, labels, uid: '' } },
  })
  const copied = csv('lifecycle-agent.v5.0.0', 'default', { 'olm.copiedFrom': 'x' })
  const own = csv('lifecycle-agent.v5.0.0', 'openshift-operators')
  const cases = [
    [[copied, own], 'openshift-operators'],
    [[csv('other.v1.0.0', 'other')], 'configured'],
    [[], 'configured'],
  ] as const
  for (const [objects, namespace] of cases) {
    const seed = fakeCluster()
    for (const object of objects) seed.add(object, object.metadata.namespace)
    t.strictSame(await agentNamespace(seed.port, config), present(namespace))
  }
  const { port } = fakeCluster()
  const silent = (why: 'timeout' | 'not-served') => ({ ...port, list: async () => unknown(why) })
  t.strictSame(await agentNamespace(silent('timeout'), config), unknown('timeout'))
  t.strictSame(await agentNamespace(silent('not-served'), config), present('configured'))
  t.strictSame(await agentNamespace(null, config), unknown('unreachable'))
})

t.test('a kubeconfig is the saved one, and early also the original', async t => {
  const world = savedWorld()
  t.strictSame(await findKubeconfig(world.start(), 'sno1'), present(saved))
  world.hub.objects.delete(places.saved)
  t.strictSame(await findKubeconfig(world.start(), 'sno1'), absent)
  t.strictSame(await findKubeconfig(world.start(), 'sno1', { early: true }), present(original))
})

t.test('says once what runs on a seed, and leaves out what gives no answer', async t => {
  const { port, add } = fakeCluster()
  t.strictSame(await readVersions(port, absent), { operators: [] })
  const csv = (name: string, version: string, namespace = 'openshift-operators'): void => {
    const key = { apiVersion: 'operators.coreos.com/v1alpha1', kind: 'ClusterServiceVersion' }
    add({ ...key, metadata: { name, uid: '' }, spec: { version } }, namespace)
  }
  csv('sriov-network-operator.v4.18.0-202511', '4.18.0-202511')
  csv('lifecycle-agent.v4.18.1', '4.18.1', 'openshift-lifecycle-agent')
  csv('sriov-network-operator.v4.18.0-202511', '4.18.0-202511', 'copied')
  csv('nothing.v1', '')
  add({
    ...{ apiVersion: 'config.openshift.io/v1', kind: 'ClusterVersion' },
    metadata: { name: 'version', uid: '' },
    status: {
      history: [
        { state: 'Partial', version: '4.19.0' },
        { state: 'Completed', version: '4.18.5' },
      ],
    },
  })
  t.strictSame(await readVersions(port, await port.read(versionKey)), {
    ...{ openshift: '4.18.5', lifecycleAgent: '4.18.1' },
    operators: [
      { name: 'lifecycle-agent', version: '4.18.1' },
      { name: 'sriov-network-operator', version: '4.18.0-202511' },
    ],
  })
})

t.test('an installation is known by its clusterID', async t => {
  const { seed } = fakeWorld()
  t.equal(clusterIdIn(await seed.port.read(versionKey)), 'first-installation')
  t.equal(clusterIdIn(absent), null)
})

t.test('a cluster is called as its API server is', async t => {
  const metadata = { name: 'cluster', uid: '' }
  const named = async (status?: unknown): Promise<string | null> => {
    const seed = fakeCluster()
    if (status !== undefined) seed.add({ kind: 'Infrastructure', metadata, status })
    return installedName(seed.port)
  }
  t.equal(await named({ apiServerURL: 'https://api.sno-1.example.com:6443' }), 'sno-1')
  t.equal(await named({ apiServerURL: 'https://10.0.0.1:6443' }), null)
  t.equal(await named({}), null)
  t.equal(await named(), null)
  const silent = { read: async () => unknown('timeout') }
  await t.rejects(installedName(silent), { code: 'CLUSTER_UNAVAILABLE' }, 'no answer is no name')
  t.strictSame(await readInstalledName(silent), unknown('timeout'))
})
