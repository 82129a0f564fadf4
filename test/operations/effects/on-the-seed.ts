import t from 'tap'
import type { ErrorCode } from '../../../src/errors.ts'
import { seedGeneratorManifest } from '../../../src/core/seedgen/seed-generator-manifest.ts'
import { applySeedGenerator } from '../../../src/operations/effects/apply-seed-generator.ts'
import {
  deleteSecret,
  deleteSeedGenerator,
} from '../../../src/operations/effects/delete-seed-generator.ts'
import { deliverSecret } from '../../../src/operations/effects/deliver-secret.ts'
import { configuration, image, type FakeWorld } from '../../support/fake-world.ts'
import { aRun } from '../../support/run/run-scene.ts'
import {
  alter,
  base64,
  connecting,
  places,
  savedWorld,
  silence,
} from '../../support/saved-world.ts'

const run = aRun('Delivering')
const namespace = 'openshift-lifecycle-agent'
const dropSaved = (world: FakeWorld): void => {
  world.hub.objects.delete(places.saved)
}

t.test(
  'deliver-secret creates seedgen with the value of the hub and nothing beside it',
  async t => {
    const world = savedWorld()
    const { context, used } = connecting(world)
    const read: unknown[] = []
    world.faults.set('seed.read', key => void read.push((key as { kind: string }).kind))
    await deliverSecret(context, run)
    t.equal(read.filter(kind => kind === 'ClusterVersion').length, 1)
    const { seedAuth } = world.hub.objects.get(places.unsealed)!.data!
    t.match(world.seed.objects.get(`Secret/${namespace}/seedgen`), {
      ...{ apiVersion: 'v1', kind: 'Secret', type: 'Opaque', data: { seedAuth } },
      metadata: { name: 'seedgen', namespace },
    })
    t.strictSame(used, ['the saved kubeconfig'])
    t.strictSame(world.acts, ['seed.create'])
  },
)

const undelivered: readonly (readonly [string, ErrorCode, (world: FakeWorld) => void])[] = [
  [
    'the hub does not show the Secret',
    'ACCESS_MISSING',
    world => {
      silence(world, 'hub.read', 'Secret')
    },
  ],
  [
    'the hub does not show the SealedSecret',
    'ACCESS_MISSING',
    world => {
      silence(world, 'hub.read', 'SealedSecret')
    },
  ],
  ['the access is not saved, though the original is there', 'ACCESS_MISSING', dropSaved],
  [
    'the Secret is not there',
    'SECRET_NOT_READY',
    world => void world.hub.objects.delete(places.unsealed),
  ],
  [
    'the Secret comes from no SealedSecret',
    'SECRET_NOT_READY',
    world => void world.hub.objects.delete(places.sealed),
  ],
  [
    'the SealedSecret was changed and not looked at since',
    'SECRET_NOT_READY',
    world => {
      alter(world.hub.objects, places.sealed, {
        metadata: { name: 'seedgen', namespace: 'sower-seeds', uid: '', generation: 2 },
      })
    },
  ],
  [
    'the Secret has another key',
    'SECRET_NOT_READY',
    world => {
      alter(world.hub.objects, places.unsealed, { data: { other: base64('{}') } })
    },
  ],
  [
    'the credential is for another registry',
    'SECRET_NOT_READY',
    world => {
      alter(world.hub.objects, places.unsealed, {
        data: {
          seedAuth: base64(JSON.stringify({ auths: { 'quay.io': { auth: base64('a:b') } } })),
        },
      })
    },
  ],
]
t.test('deliver-secret creates nothing where the value or the seed is not sure', async t => {
  for (const [what, code, arrange] of undelivered) {
    const world = savedWorld()
    arrange(world)
    const name = code === 'ACCESS_MISSING' ? 'UnavailableError' : 'RefusedError'
    await t.rejects(deliverSecret(world.start(), run), { name, code, message: /sno1/ }, what)
    t.strictSame(world.acts, [], what)
  }
})

t.test('deliver-secret replaces nothing that is there', async t => {
  const world = savedWorld()
  const data = { seedAuth: base64('what the Lifecycle Agent put back') }
  world.seed.add({ kind: 'Secret', metadata: { name: 'seedgen', uid: '' }, data }, namespace)
  const before = world.seed.find('Secret')
  await t.rejects(deliverSecret(world.start(), run), { code: 'OBJECT_CONFLICT' })
  t.equal(world.seed.find('Secret'), before)
})

/** A commit on the base branch with that SeedGenerator. */
const commits = (world: FakeWorld, content: string | null): string =>
  world.repository.write('main', 'Generate', [{ path: 'seeds/sno1/seedgenerator.yaml', content }])
const generator = seedGeneratorManifest({ cluster: 'sno1', image })

t.test('apply-seed-generator creates what was committed, not what a branch holds now', async t => {
  for (const recertImage of [undefined, 'quay.io/org/recert:1']) {
    const world = savedWorld()
    const more = recertImage === undefined ? '' : `recertImage: ${recertImage}\n`
    const content = `${configuration}${more}`
    world.repository.write('main', 'Configure', [{ path: 'sower.yaml', content }])
    const from = commits(world, seedGeneratorManifest({ cluster: 'sno1', image, recertImage }))
    commits(world, generator.replace(image, 'registry.example.com/other:1'))
    const { context, used } = connecting(world)
    await applySeedGenerator(context, run, from)
    t.match(world.seed.find('SeedGenerator'), {
      ...{ apiVersion: 'lca.openshift.io/v1', kind: 'SeedGenerator' },
      metadata: { name: 'seedimage' },
      spec: { seedImage: image, ...(recertImage === undefined ? {} : { recertImage }) },
    })
    t.strictSame(used, ['the saved kubeconfig'])
    t.strictSame(world.acts, ['seed.create'])
  }
})

t.test('hole 14: apply-seed-generator creates nothing that the run has not asked for', async t => {
  const cases: readonly (readonly [string, string | null, ErrorCode])[] = [
    [
      'another image',
      generator.replace(image, 'registry.example.com/other:1'),
      'SEED_GENERATOR_DIFFERS',
    ],
    [
      'an image of somebody that re-keys the cluster',
      seedGeneratorManifest({ cluster: 'sno1', image, recertImage: 'quay.io/evil:1' }),
      'SEED_GENERATOR_DIFFERS',
    ],
    [
      'an annotation more',
      generator.replace('annotations:', 'annotations:\n    more: x'),
      'SEED_GENERATOR_DIFFERS',
    ],
    [
      'a label',
      generator.replace('  name:', '  labels: { a: b }\n  name:'),
      'SEED_GENERATOR_DIFFERS',
    ],
    ['a status', `${generator}status: {}\n`, 'SEED_GENERATOR_DIFFERS'],
    ['another cluster', generator.replace(': sno1', ': sno2'), 'SEED_GENERATOR_INVALID'],
    ['a field more', `${generator}  more: x\n`, 'SEED_GENERATOR_INVALID'],
    ['no SeedGenerator', null, 'ENTRY_MISSING'],
  ]
  for (const [what, content, code] of cases) {
    const world = savedWorld()
    const from = commits(world, content)
    commits(world, generator)
    const applied = applySeedGenerator(world.start(), run, from)
    const fix = code === 'ENTRY_MISSING' ? undefined : /./
    await t.rejects(applied, { name: 'RefusedError', code, ...(fix && { fix }) }, what)
    t.strictSame(world.acts, [], what)
  }
})

t.test('apply-seed-generator needs the saved access, and a seed without one', async t => {
  const without = savedWorld()
  dropSaved(without)
  const from = commits(without, generator)
  await t.rejects(applySeedGenerator(without.start(), run, from), {
    ...{ name: 'UnavailableError', code: 'ACCESS_MISSING' },
    message: 'applying the SeedGenerator of sno1: there is no saved access',
  })
  t.strictSame(without.acts, [])
  const world = savedWorld()
  world.seed.add({ kind: 'SeedGenerator', metadata: { name: 'seedimage', uid: '' } })
  const before = world.seed.find('SeedGenerator')
  const again = applySeedGenerator(world.start(), run, commits(world, generator))
  await t.rejects(again, { code: 'OBJECT_CONFLICT' })
  t.equal(world.seed.find('SeedGenerator'), before)
})

t.test('deletes the SeedGenerator that was seen, and no later one', async t => {
  const world = savedWorld()
  world.seed.add({ kind: 'SeedGenerator', metadata: { name: 'seedimage', uid: '' } })
  const { uid } = world.seed.find('SeedGenerator')!.metadata
  await deleteSeedGenerator(world.start(), 'sno1', { uid: 'uid-of-an-earlier-one' })
  t.equal(world.seed.find('SeedGenerator')?.metadata.uid, uid)
  for (let times = 0; times < 2; times += 1)
    await deleteSeedGenerator(world.start(), 'sno1', { uid })
  t.equal(world.seed.find('SeedGenerator'), undefined)
})

t.test('deletes seedgen where a Lifecycle Agent without OLM reads it', async t => {
  const world = savedWorld()
  for (const kind of ['ClusterServiceVersion', 'Secret']) world.seed.drop(kind)
  const content = `${configuration}lifecycleAgent: {namespace: elsewhere}\n`
  world.repository.write('main', 'Move it', [{ path: 'sower.yaml', content }])
  for (const at of [namespace, 'elsewhere'])
    world.seed.add({ kind: 'Secret', metadata: { name: 'seedgen', uid: '' } }, at)
  await deleteSecret(world.start(), 'sno1')
  t.strictSame(
    [...world.seed.objects.keys()].filter(key => key.startsWith('Secret/')),
    [`Secret/${namespace}/seedgen`],
  )
})

t.test('deletes nothing on a seed without a saved access', async t => {
  const world = savedWorld()
  dropSaved(world)
  const refusal = {
    ...{ name: 'UnavailableError', code: 'ACCESS_MISSING' },
    message: 'cleaning up on sno1: there is no saved access',
  }
  await t.rejects(deleteSecret(world.start(), 'sno1'), refusal)
  await t.rejects(deleteSeedGenerator(world.start(), 'sno1', { uid: 'uid' }), refusal)
  t.strictSame(world.acts, [])
})
