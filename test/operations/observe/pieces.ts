import t from 'tap'
import { readRecord, writeRecord, type SeedRecord } from '../../../src/core/detach/seed-record.ts'
import type { Run } from '../../../src/core/run/run.ts'
import { seedGeneratorManifest } from '../../../src/core/seedgen/seed-generator-manifest.ts'
import { readConfiguration } from '../../../src/core/settings/configuration.ts'
import { absent, present, unknown, type Seen } from '../../../src/core/seen.ts'
import {
  observeDelivery,
  observeImage,
  observeSeedSecret,
} from '../../../src/operations/observe/observe-delivery.ts'
import {
  observeRecordedEnd,
  observeRecordedMerge,
} from '../../../src/operations/observe/observe-recorded-merge.ts'
import { observeSecret, type ToObserve } from '../../../src/operations/observe/observe-secret.ts'
import type { KubernetesObject } from '../../../src/operations/ports/cluster.ts'
import { readBase } from '../../../src/operations/read-base.ts'
import { fakeCluster } from '../../support/fake-cluster.ts'
import { configuration, fakeWorld, image, type FakeWorld } from '../../support/fake-world.ts'
import { memoryTree } from '../../support/memory-tree.ts'
import { aRun, merge, newImage } from '../../support/run/run-scene.ts'
import { alter, places } from '../../support/saved-world.ts'
import { manifest, sealedFor, strict } from '../../support/secret/sealed-scene.ts'

const config = readConfiguration(configuration, () => [])
const namespace = 'openshift-lifecycle-agent'

t.test(
  'the Secret on the seed is ours only with the value, no owner and no SealedSecret',
  async t => {
    const owner = { ownerReferences: [{ uid: 'x' }] }
    const cases: readonly (readonly [string, string | null, Partial<KubernetesObject>, boolean])[] =
      [
        ['the value', 'dg==', { data: { seedAuth: 'dg==' } }, true],
        ['another value', 'dg==', { data: { seedAuth: 'dh==' } }, false],
        ['another key', 'dg==', { data: { other: 'dg==' } }, false],
        ['no value to compare', null, { data: { seedAuth: 'dg==' } }, false],
        [
          'an owner',
          'dg==',
          { data: { seedAuth: 'dg==' }, metadata: { name: 'seedgen', uid: '', ...owner } },
          false,
        ],
      ]
    for (const [what, value, secret, matches] of cases) {
      const { port, add } = fakeCluster()
      t.strictSame(await observeSeedSecret(port, { config, value }), absent)
      const metadata = { name: 'seedgen', uid: '' }
      add({ kind: 'Secret', metadata, ...secret }, namespace)
      t.strictSame(await observeSeedSecret(port, { config, value }), present({ matches }), what)
      const asked = async (read: Seen<never>): ReturnType<typeof observeSeedSecret> =>
        observeSeedSecret(
          { ...port, read: async key => (key.kind === 'Secret' ? port.read(key) : read) },
          { config, value },
        )
      // Without the kind no controller can put it back; without an answer one might.
      t.strictSame(await asked(unknown('not-served')), present({ matches }), what)
      t.strictSame(await asked(unknown('forbidden')), unknown('forbidden'), what)
      add({ kind: 'SealedSecret', metadata }, namespace)
      t.strictSame(
        await observeSeedSecret(port, { config, value }),
        present({ matches: false }),
        what,
      )
    }
    t.strictSame(await observeSeedSecret(null, { config, value: 'x' }), unknown('unreachable'))
  },
)

t.test('asks the registry with the credential of the hub, and not without one', async t => {
  const seed = fakeCluster().port
  const asked: unknown[] = []
  const world = fakeWorld()
  for (const call of ['registry.mayPush', 'registry.digest', 'registry.inspect'])
    world.faults.set(call, (reference, credential) => {
      asked.push([
        (reference as { text: string }).text,
        (credential as { username: string }).username,
      ])
      return call === 'registry.inspect' ? Promise.resolve(present(newImage)) : undefined
    })
  t.strictSame(await observeDelivery(world.start(), { config, image, seed }), {
    ...{ hubSecret: present({ reason: null }), mayPush: present(true) },
    ...{ tag: absent, seedSecret: absent },
  })
  t.strictSame(await observeImage(world.start(), { config, image }), present(newImage))
  t.strictSame(asked, [
    [image, 'robot'],
    [image, 'robot'],
    [image, 'robot'],
  ])
  const without = world.hub.objects
  without.delete(places.sealed)
  const unread = unknown('unreachable')
  const delivery = await observeDelivery(world.start(), { config, image, seed })
  t.match(delivery, { hubSecret: present({ reason: /./ }), mayPush: unread, tag: unread })
  t.strictSame(await observeImage(world.start(), { config, image }), unknown('forbidden'))
  without.delete(places.unsealed)
  t.match(await observeDelivery(world.start(), { config, image, seed }), { hubSecret: absent })
  t.equal(asked.length, 3)
})

const recorded = (change: Partial<SeedRecord> = {}): string =>
  writeRecord({
    ...{ apiVersion: 'sower.dev/v1alpha1', kind: 'SeedRecord', cluster: 'sno1', image },
    ...{ status: 'detached', request: '#7/label/1', pullRequest: 7, mergedAs: merge },
    ...{ detached: null, digest: null, finishedAt: null },
    ...change,
  })
const withFiles = async (files: Readonly<Record<string, string | null>>) => {
  const world = fakeWorld()
  const changes = Object.entries(files).map(([name, content]) => ({
    path: `seeds/sno1/${name}.yaml`,
    content,
  }))
  world.repository.write('main', 'Write', changes)
  const context = world.start()
  return { context, base: await readBase(context) }
}

t.test('a record is of this merge with its request, its commit and the state detached', async t => {
  const cases = [
    [recorded(), true],
    [recorded({ mergedAs: null }), false],
    [recorded({ mergedAs: '5'.repeat(40) }), false],
    [recorded({ request: '#3' }), false],
    [recorded({ status: 'reattached' }), false],
    [recorded({ status: 'completed' }), false],
    ['status: [\n', false],
    [null, false],
  ] as const
  for (const [record, expected] of cases) {
    const { base } = await withFiles({ record })
    t.strictSame(observeRecordedMerge(base, aRun('Detaching')), present(expected), record ?? 'none')
  }
  t.equal(readRecord('record', recorded()).mergedAs, aRun('Detaching').facts.mergedAs)
})

t.test(
  'the end of a run is recorded when its record says so and no SeedGenerator is left',
  async t => {
    const seedgenerator = seedGeneratorManifest({ cluster: 'sno1', image })
    const { digest } = aRun('CleaningUp').facts
    const cases = [
      [{ record: recorded({ status: 'completed', digest }) }, present(true)],
      [{ record: recorded({ status: 'failed', digest }) }, present(true)],
      [{ record: recorded({ status: 'reattached', digest }) }, present(true)],
      // The cluster came back before the end of the run was recorded.
      [{ record: recorded({ status: 'reattached' }) }, absent],
      [{ record: recorded() }, absent],
      [{ record: recorded({ status: 'completed', digest, request: '#3' }) }, absent],
      [{ record: recorded({ status: 'completed', digest }), seedgenerator }, absent],
      [{ record: recorded({ status: 'completed', digest }), seedgenerator: 'kind: [\n' }, absent],
      [{ record: 'status: [\n' }, absent],
      [{}, absent],
    ] as const
    for (const [files, expected] of cases) {
      const { base } = await withFiles(files)
      const seen = observeRecordedEnd(base, aRun('CleaningUp'))
      t.strictSame(seen, expected, JSON.stringify(files))
    }
  },
)

const file = 'seed-secret/sealedsecret.yaml'
const sealedAt = '2026-11-20T10:00:00.000Z'
const looked = (change: Partial<ToObserve> = {}, world: FakeWorld | null = null) =>
  observeSecret(world === null ? null : { ports: world.ports, now: world.now }, {
    ...{ config, base: '', image, run: null, onSeed: absent, usedAt: null },
    tree: memoryTree({ [file]: manifest() }),
    ...change,
  })

t.test('reads when the credential was sealed where the note is of this very value', async t => {
  const another = manifest().replace(/seedAuth: .*/, `seedAuth: ${sealedFor(strict)}`)
  const cases = [
    ['a note of it', '', { [file]: manifest() }, present({ sealedAt })],
    ['a note of another value', '', { [file]: another }, present({ sealedAt: null })],
    ['below the configuration', 'sub', { [`sub/${file}`]: manifest() }, present({ sealedAt })],
    ['beside the configuration', 'sub', { [file]: manifest() }, absent],
    ['something else', '', { [file]: 'kind: Secret\napiVersion: v1\n' }, absent],
    ['a link', '', { [file]: { link: 'x' } }, absent],
    ['nothing', '', {}, absent],
  ] as const
  for (const [what, base, files, inGit] of cases)
    t.strictSame((await looked({ base, tree: memoryTree(files) })).inGit, inGit, what)
})

t.test('without a hub nothing is known of what became of the credential', async t => {
  const unread = unknown('unreachable')
  t.match(await looked(), { onHub: unread, checked: unread, onSeed: absent, usedAt: null })
})

t.test('checks the credential where it is unsealed and an image is asked for', async t => {
  const world = fakeWorld()
  const unread = unknown('unreachable')
  const unsealed = present({ sealedAt: null, isUnsealed: true })
  const checked = present({ reason: null })
  t.match(await looked({}, world), { onHub: unsealed, checked })
  t.match(await looked({ image: null }, world), { onHub: unsealed, checked: unread })
  const stale = { conditions: [{ type: 'Synced', status: 'True' }], observedGeneration: 0 }
  alter(world.hub.objects, places.sealed, { status: stale })
  t.match(await looked({}, world), { onHub: present({ isUnsealed: false }), checked: unread })
  world.hub.objects.delete(places.sealed)
  t.match(await looked({}, world), { onHub: absent, checked: unread })
})

t.test(
  'tells from the phase of a run what the Lifecycle Agent does with the credential',
  async t => {
    const expected: Readonly<Record<Run['phase'], string>> = {
      ...{ Requested: 'none', Proposed: 'none', Detaching: 'none', Detached: 'none' },
      ...{ Delivering: 'none', Generating: 'under way', Verifying: 'over', CleaningUp: 'over' },
      ...{ Completed: 'none', Failed: 'none', Cancelled: 'none' },
    }
    for (const run of Object.keys(expected).map(phase => aRun(phase as Run['phase'])))
      t.equal((await looked({ run })).generation, expected[run.phase], run.phase)
    t.equal((await looked({ run: null })).generation, 'none')
  },
)
