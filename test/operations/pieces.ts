import t from 'tap'
import { writeRecord } from '../../src/core/detach/seed-record.ts'
import type { Effect } from '../../src/core/run/run.ts'
import { seedGeneratorManifest } from '../../src/core/seedgen/seed-generator-manifest.ts'
import { present, unknown } from '../../src/core/seen.ts'
import { FailedError, UnavailableError } from '../../src/errors.ts'
import { rootsAt } from '../../src/operations/base.ts'
import { conditionsOf } from '../../src/operations/conditions-of.ts'
import { createContext } from '../../src/operations/context.ts'
import { createLeakFinder } from '../../src/operations/create-leak-finder.ts'
import { createProver } from '../../src/operations/create-prover.ts'
import { createReconcile } from '../../src/operations/create-reconcile.ts'
import { perform } from '../../src/operations/perform.ts'
import type { FileVersion } from '../../src/operations/ports/repository.ts'
import { prepareEdits } from '../../src/operations/prepare-edits.ts'
import { proveMerge } from '../../src/operations/prove-merge.ts'
import { fetchBase, readBase } from '../../src/operations/read-base.ts'
import { readSeedGeneratorAt } from '../../src/operations/read-seed-generator-at.ts'
import { runChecks } from '../../src/operations/run-checks.ts'
import { scanVersions } from '../../src/operations/scan-versions.ts'
import {
  askInSeven,
  configuration,
  fakeWorld,
  image,
  type FakeWorld,
} from '../support/fake-world.ts'
import { aRun } from '../support/run/run-scene.ts'
import { withDetachCommit } from '../support/run/with-detach-commit.ts'
import { savedWorld, silence } from '../support/saved-world.ts'

const write = (world: FakeWorld, path: string, content: string | null): string =>
  world.repository.write('main', 'Write', [{ path, content }])

t.test('the base is read from its branch as of the last fetch', async t => {
  const world = fakeWorld()
  const fetched: string[] = []
  world.faults.set('repository.fetch', () => {
    fetched.push('fetch')
    return undefined
  })
  const context = world.start()
  const sha = world.repository.branches.get('main')
  t.match(await readBase(context), { checkout: { sha }, config: { seeds: ['sno1', 'sno2'] } })
  t.strictSame(fetched, [])
  t.match(await fetchBase(context), { checkout: { sha } })
  t.strictSame(fetched, ['fetch'])
  write(world, 'sower.yaml', configuration.replace('roots: [clusters]\n', ''))
  t.strictSame((await readBase(context)).config.roots, ['clusters'], 'roots that are found')
})

t.test('a base without a branch or a configuration is none', async t => {
  const world = fakeWorld()
  write(world, 'sower.yaml', null)
  await t.rejects(readBase(world.start()), { code: 'CONFIGURATION_MISSING', fix: /./ })
  write(world, 'sower.yaml', 'seeds: 1\n')
  await t.rejects(readBase(world.start()), { name: 'InputError', code: 'CONFIGURATION_INVALID' })
  world.repository.branches.delete('main')
  await t.rejects(readBase(world.start()), {
    ...{ name: 'UnavailableError', code: 'GIT_FAILED' },
    message: 'reading branch main: it is not there',
  })
})

t.test('the roots of a detach are those of its record, or all that are configured', async t => {
  const detached = {
    ...{ edits: [], source: 'a/b.yaml', roots: ['a'] },
    clusterInstance: { namespace: 'sno1', name: 'sno1' },
  }
  const record = writeRecord({
    ...{ apiVersion: 'sower.dev/v1alpha1', kind: 'SeedRecord', cluster: 'sno1', image },
    ...{ status: 'detached', request: null, pullRequest: null, mergedAs: null, detached },
    ...{ digest: null, finishedAt: null },
  })
  const cases = [
    [record, ['a']],
    [record.replace(/^detached:\n(?: .*\n)*/m, 'detached: null\n'), ['clusters']],
    ['status: [\n', ['clusters']],
    [null, ['clusters']],
  ] as const
  for (const [content, roots] of cases) {
    const world = fakeWorld()
    write(world, 'seeds/sno1/record.yaml', content)
    const base = await readBase(world.start())
    t.strictSame(rootsAt(base, 'sno1'), roots, content ?? 'none')
    t.strictSame(rootsAt(base, 'sno2'), ['clusters'])
  }
})

t.test('a committed SeedGenerator comes with the commit that brought it', async t => {
  const world = fakeWorld()
  const path = 'seeds/sno1/seedgenerator.yaml'
  const read = async (cluster = 'sno1') => {
    const context = world.start()
    return readSeedGeneratorAt(context, await readBase(context), { cluster, image })
  }
  t.match(await read(), { seen: 'absent' })
  const sha = write(world, path, seedGeneratorManifest({ cluster: 'sno1', image }))
  write(world, 'notes.md', 'x')
  t.strictSame(await read(), present({ sha, differs: null }))
  const recertImage = 'quay.io/other/recert:1'
  const foreign = write(world, path, seedGeneratorManifest({ cluster: 'sno1', image, recertImage }))
  t.strictSame(await read(), present({ sha: foreign, differs: 'spec.recertImage' }))
  t.match(await read('sno2'), { seen: 'absent' })
  write(world, path, seedGeneratorManifest({ cluster: 'sno2', image }))
  await t.rejects(read(), { name: 'RefusedError', code: 'SEED_GENERATOR_INVALID' })
})

t.test('reads the conditions of any object, and none where there is nothing to read', t => {
  const object = { apiVersion: 'v1', kind: 'X', metadata: { name: 'a', uid: '' } }
  const whole = { type: 'A', status: 'True', reason: 'B', message: 'c' }
  const cases = [
    [{ conditions: [whole] }, [whole]],
    [{ conditions: [{ type: 'A', status: 'True' }] }, [{ ...whole, reason: '', message: '' }]],
    [{ conditions: [{ type: 'A' }, whole] }, []],
    [{ conditions: 'x' }, []],
    [{}, []],
    [undefined, []],
    ['x', []],
  ] as const
  for (const [status, expected] of cases)
    t.strictSame(conditionsOf({ ...object, status }), expected)
  t.end()
})

t.test('a context begins with what it is given, and remembers nothing', t => {
  const { ports, now } = fakeWorld()
  const settings = { repository: 'a/b', branch: 'main', namespace: 'sower' }
  const [first, second] = [0, 1].map(() => createContext({ ports, settings, now }))
  t.match(first, { ports, settings, now })
  for (const own of ['prove', 'detachCommits', 'findLeaks'] as const)
    t.not(first?.[own], second?.[own], own)
  t.end()
})

t.test('what may pass by itself is told once it has lasted', async t => {
  const world = fakeWorld()
  const run = await askInSeven(world)
  world.faults.set('repository.fetch', () => {
    throw new UnavailableError('GIT_FAILED', 'fetching: no answer')
  })
  const reconcile = createReconcile(world.start())
  for (const [minutes, isTold] of [
    [0, false],
    [15, false],
    [1, true],
  ] as const) {
    world.tick(minutes * 60)
    const pass = await reconcile(run)
    t.match(pass, { effect: null, error: { code: 'GIT_FAILED' } })
    t.equal(pass.run.blocked?.code, isTold ? 'GIT_FAILED' : undefined, `after ${minutes} more`)
  }
})

t.test('every effect acts where its name says, and nowhere else', async t => {
  const expected: Readonly<Record<Effect['do'], readonly string[]>> = {
    'save-access': ['hub.putSecret'],
    'commit-detach': ['repository.push'],
    'record-merge': ['repository.push'],
    refresh: ['hub.annotate'],
    'hard-refresh': ['hub.annotate'],
    'sync-with-prune': [],
    'commit-seed-generator': ['repository.push'],
    'deliver-secret': ['seed.create'],
    'apply-seed-generator': ['seed.create'],
    'delete-seed-generator': ['seed.remove'],
    'delete-secret': ['seed.remove'],
    'commit-record': ['repository.push'],
    'delete-access': ['hub.remove'],
  }
  const versions = {
    ...{ openshift: '4.18.5', lifecycleAgent: '4.22.1' },
    operators: [
      { name: 'lifecycle-agent', version: '4.22.1' },
      { name: 'oadp-operator', version: '1.4.2' },
    ],
  }
  const list = 'clusters/kustomization.yaml'
  for (const [name, acts] of Object.entries(expected)) {
    const world = savedWorld()
    const { request } = await askInSeven(world)
    const from = write(
      world,
      'seeds/sno1/seedgenerator.yaml',
      seedGeneratorManifest({ cluster: 'sno1', image }),
    )
    if (name === 'record-merge') write(world, list, 'resources:\n  - sno2.yaml\n')
    const mergedAs = from
    const { facts } = await withDetachCommit(world, { ...aRun('Delivering'), request })
    const run = { ...aRun('Delivering', { facts: { ...facts, mergedAs } }), request }
    const effects: readonly Effect[] = [
      ...[{ do: 'save-access' } as const, { do: 'commit-detach', onto: request.headSha } as const],
      ...[{ do: 'record-merge', mergedAs } as const, { do: 'deliver-secret' } as const],
      ...[{ do: 'refresh', application: 'clusters' } as const],
      ...[{ do: 'hard-refresh', application: 'clusters' } as const],
      ...[{ do: 'sync-with-prune', application: 'clusters' } as const],
      ...[{ do: 'commit-seed-generator', image: `${image}-2` } as const],
      ...[{ do: 'apply-seed-generator', from } as const, { do: 'delete-secret' } as const],
      ...[{ do: 'delete-seed-generator', uid: 'uid' } as const, { do: 'delete-access' } as const],
      ...[{ do: 'commit-record', digest: null } as const],
    ]
    const effect = effects.find(({ do: one }) => one === name)
    if (!effect) throw new Error(`nobody does ${name}`)
    const context = world.start()
    const performed = perform(context, run, effect)
    if (name === 'sync-with-prune') await t.rejects(performed, { code: 'ARGOCD_FAILED' })
    else
      t.strictSame(
        await performed,
        ['record-merge', 'commit-seed-generator', 'commit-record'].includes(name)
          ? { sha: world.repository.branches.get('main') }
          : name === 'deliver-secret'
            ? {
                uses: {
                  ...{ clusterID: 'first-installation', sealedSecretDigest: null, versions },
                  traits: { hasFips: false },
                },
              }
            : {},
      )
    t.strictSame(world.acts, acts, name)
  }
})

t.test('edits become a commit that is pushed nowhere, with what they change', async t => {
  const world = fakeWorld()
  const { repository, kustomize } = world.ports
  const before = new Map(world.repository.branches)
  const { checkout: onto } = await readBase(world.start())
  const { changes, after, diff, proof } = await prepareEdits(
    { repository, prove: createProver(kustomize) },
    {
      ...{ onto, edits: [], message: 'Nothing', roots: ['clusters'], acceptStatic: false },
      expected: { cluster: 'sno1', object: false, companions: false },
    },
  )
  t.strictSame([changes, diff, after.sha], [[], '', onto.sha])
  t.match(proof, { refusal: null, roots: [{ path: 'clusters', removed: [], left: 2 }] })
  t.strictSame(world.repository.branches, before)
})

t.test('a detach is proven on the merge, and a conflict is no merge', async t => {
  const world = fakeWorld()
  const { checkout: base, config } = await readBase(world.start())
  const { kustomize } = world.ports
  const content = 'resources:\n  - sno2.yaml\n'
  const list = { path: 'clusters/kustomization.yaml', content }
  const head = world.repository.write('ask', 'Detach', [list])
  const prove = createProver(kustomize)
  const of = { base, head, config, cluster: 'sno1' }
  const { port } = world.repository
  t.match(await proveMerge({ repository: port, prove }, of), { refusal: null })
  const another = await proveMerge({ repository: port, prove }, { ...of, cluster: 'sno2' })
  t.match(another, { refusal: /sno1/ })
  await t.rejects(
    proveMerge({ repository: { ...port, merge: async () => undefined }, prove }, of),
    {
      ...{ name: 'RefusedError', code: 'MERGE_CONFLICT' },
      message: `merging ${head.slice(0, 12)} into its base: the two conflict`,
    },
  )
})

const plain = 'apiVersion: v1\nkind: Secret\nmetadata: {name: seedgen}\nstringData: {seedAuth: x}\n'
const scan = async (
  versions: readonly Partial<FileVersion & Readonly<{ text: string }>>[],
  sealedPaths: readonly string[] = [],
) => {
  const each = async function* (): AsyncGenerator<FileVersion> {
    for (const { text = '', ...of } of versions)
      yield { commit: 'c', path: 'a.yaml', bytes: new TextEncoder().encode(text), ...of }
  }
  const of = { sealedPaths, versions: each() }
  const { found, scanned } = await scanVersions(of, { directory: 'seeds' })
  return { scanned, found: found.map(({ code, path, commit }) => [code, path, commit]) }
}

t.test('scans each version, and is strict where a credential is at home', async t => {
  const unreadable = { path: 'seeds/a.yaml', text: 'a: [\n' }
  const beside = { path: 'x/a.yaml', text: 'a: [\n' }
  const large = { path: 'seeds/a.yaml', bytes: null }
  const secret = ['SEEDGEN_SECRET_PLAIN', 'a.yaml', 'c']
  t.match(await scan([{ text: plain }, { text: 'a: 1\n' }]), { scanned: 2, found: [secret] })
  const [loose, strict] = [await scan([beside]), await scan([beside], ['x/sealed.yaml'])]
  t.notOk(loose.found.flat().includes('YAML_UNREADABLE'))
  t.match(strict.found, [['YAML_UNREADABLE', 'x/a.yaml']])
  t.match((await scan([unreadable])).found, [['YAML_UNREADABLE']])
  t.strictSame(await scan([large]), {
    scanned: 0,
    found: [['YAML_UNREADABLE', 'seeds/a.yaml', 'c']],
  })
  for (const path of ['a.yaml', 'seeds/a.png', 'seeds-2/a.yaml'])
    t.strictSame((await scan([{ ...large, path }])).found, [['NOT_SCANNED', path, 'c']])
})

t.test(
  'a credential that is removed is told of, and fails only where it is still there',
  async t => {
    const removed = { text: plain, isRemoved: true, commit: 'd' }
    t.strictSame(await scan([removed]), {
      scanned: 0,
      found: [['REMOVED_CREDENTIAL', 'a.yaml', 'd']],
    })
    const kept = await scan([removed, { text: plain }])
    t.strictSame(kept.found, [['SEEDGEN_SECRET_PLAIN', 'a.yaml', 'c']])
    t.strictSame(
      (await scan([{ text: 'a: [\n', path: 'seeds/a.yaml', isRemoved: true }])).found,
      [],
    )
  },
)

t.test('finds the leaks of a head once, and knows none where git gives no answer', async t => {
  const world = fakeWorld()
  const base = await readBase(world.start())
  const head = world.repository.write('ask', 'Leak', [{ path: 'a.yaml', content: plain }])
  const calls: string[] = []
  let trouble: Error | null = null
  const find = createLeakFinder({
    broughtBy: async (from, to) => {
      calls.push(to)
      if (trouble) throw trouble
      return world.repository.port.broughtBy(from, to)
    },
  })
  const leak = present([{ code: 'SEEDGEN_SECRET_PLAIN', path: 'a.yaml', commit: head }])
  for (let times = 0; times < 2; times += 1) t.match(await find({ base, head }), leak)
  t.strictSame(calls, [head])
  t.strictSame(await find({ base, head: base.checkout.sha }), present([]))
  trouble = new UnavailableError('GIT_FAILED', 'reading: no answer')
  t.strictSame(await find({ base, head: 'x' }), unknown('unreachable'))
  trouble = new FailedError('GIT_FAILED', 'reading: broken')
  await t.rejects(find({ base, head: 'y' }), trouble)
})

t.test('every check passes on a good day, and blocks where nothing is known', async t => {
  const check = async (world: FakeWorld, withProof = true) => {
    const run = await askInSeven(world)
    const context = world.start()
    const base = await readBase(context)
    const head = run.request.headSha
    const onto = await context.ports.repository.checkout(head)
    const { proof } = await context.detachCommits(run.request, { onto, base })
    const of = { base, run, proof: withProof ? proof : null, head }
    const checks = await runChecks(context, of)
    return checks.filter(({ status }) => status !== 'pass').map(({ id, status }) => [id, status])
  }
  t.strictSame(await check(fakeWorld()), [])
  t.match(await check(fakeWorld(), false), [
    ['git.proof', 'unknown'],
    ['hub.application-prunes', 'fail'],
  ])
  const blind = fakeWorld()
  silence(blind, 'hub.list', 'BareMetalHost')
  t.strictSame(await check(blind), [
    ['hub.hosts-detached', 'unknown'],
    ['hub.hosts-not-cleaned', 'unknown'],
  ])
  const name = 'baremetalhost.metal3.io/detached'
  const removes = 'bmac.agent-install.openshift.io/remove-agent-and-node-on-delete'
  const hosts = [
    [{ [name]: 'x' }, 'detached', true],
    [{ [name]: 'x' }, 'OK', false],
    [{}, 'detached', false],
    [{ [name]: '{"deleteAction":"delay"}' }, 'detached', false],
    [{ [name]: 'x', [removes]: 'true' }, 'detached', false],
  ] as const
  for (const [annotations, operationalStatus, passes] of hosts) {
    const world = fakeWorld()
    const metadata = { name: 'host', uid: '', annotations }
    world.hub.add({ kind: 'BareMetalHost', metadata, status: { operationalStatus } }, 'sno1')
    t.strictSame(await check(world), passes ? [] : [['hub.hosts-detached', 'fail']])
  }
})
