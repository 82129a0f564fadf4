import t from 'tap'
import { readRecord } from '../../../src/core/detach/seed-record.ts'
import { RefusedError, UnavailableError } from '../../../src/errors.ts'
import type { Context } from '../../../src/operations/context.ts'
import { commitSeedGenerator } from '../../../src/operations/effects/commit-seed-generator.ts'
import { takeOutCompanions } from '../../../src/operations/effects/take-out-companions.ts'
import { readBase } from '../../../src/operations/read-base.ts'
import { configuration, fakeWorld, image, type FakeWorld } from '../../support/fake-world.ts'
import { aRun } from '../../support/run/run-scene.ts'
import { recorded } from '../../support/run/recorded.ts'

const namespace = 'apiVersion: v1\nkind: Namespace\nmetadata: { name: sno1 }\n'
const list = 'clusters/kustomization.yaml'

/** A base branch without sno1, whose namespace is still in Git. */
const detachedWorld = (
  files: Readonly<Record<string, string>> = {},
  record: string | null = recorded(),
): FakeWorld => {
  const world = fakeWorld()
  const all = {
    [list]: 'resources:\n  # - sno1.yaml\n  - sno1-ns.yaml\n  - sno2.yaml\n',
    'clusters/sno1-ns.yaml': namespace,
    ...(record === null ? {} : { 'seeds/sno1/record.yaml': record }),
    ...files,
  }
  const changes = Object.entries(all).map(([path, content]) => ({ path, content }))
  world.repository.write('main', 'Detach', changes)
  return world
}
const run = aRun('Detached')
const look = async (world: FakeWorld, of = run, more: Partial<Context> = {}) => {
  const context = { ...world.start(), ...more }
  return takeOutCompanions(context, await readBase(context), of)
}

t.test(
  'the commit of the SeedGenerator takes the companions out, and the record keeps how',
  async t => {
    const world = detachedWorld()
    const { sha } = await commitSeedGenerator(world.start(), run, image)
    t.equal(
      world.repository.text('main', list),
      'resources:\n  # - sno1.yaml\n  # - sno1-ns.yaml\n  - sno2.yaml\n',
    )
    t.match(
      (await look(detachedWorld())).detail,
      /Takes out what would break the sync .*Namespace.*sno1/,
    )
    const { detached } = readRecord(
      'record.yaml',
      world.repository.text('main', 'seeds/sno1/record.yaml')!,
    )
    t.match(detached?.edits, [{ file: list, key: 'resources' }], 'so that reattach brings it back')
    t.equal((await commitSeedGenerator(world.start(), run, image)).sha, sha, 'once')
  },
)

t.test('they go the same way by a pull request', async t => {
  const world = detachedWorld({ 'sower.yaml': `${configuration}commit: pull-request\n` })
  const { sha, own } = await commitSeedGenerator(world.start(), run, image)
  t.equal(sha, undefined)
  t.match(own, { step: 'seed-generator', head: /^[0-9a-f]{40}$/ }, 'its own push is known')
  t.match(world.repository.text('main', list), '  - sno1-ns.yaml\n', 'the base is untouched')
  const branch = [...world.repository.branches.keys()].find(name => name.startsWith('sower-sno1'))
  t.match(world.repository.text(branch!, list), '  # - sno1-ns.yaml\n')
  t.ok(world.repository.text(branch!, 'seeds/sno1/seedgenerator.yaml'))
})

t.test('they stay where something speaks against it, and that is said', async t => {
  const alone = 'resources:\n  # - sno1.yaml\n  - sno1-ns.yaml\n'
  const cases = [
    ['an empty root', detachedWorld({ [list]: alone }), /clusters would render nothing/],
    ['no record', detachedWorld({}, null), /no record of this detach/],
    [
      'a record of another run',
      detachedWorld({}, recorded({ request: '#3' })),
      /no record of this/,
    ],
  ] as const
  for (const [what, world, reason] of cases) {
    const { changes, detail } = await look(world)
    t.strictSame(changes, [], what)
    t.match(detail, reason, what)
  }
  const world = detachedWorld()
  const failing = async (): Promise<never> => {
    throw new RefusedError('RENDER_FAILED', 'rendering clusters: it does not build')
  }
  t.match(await look(world, run, { prove: failing }), {
    changes: [],
    detail: 'The companions of sno1 stay in Git: rendering clusters: it does not build',
  })
  const refusing = async () => ({
    ...{ roots: [], refusal: 'sno2 would leave, too', isStatic: false, kustomize: '' },
  })
  const refused = await look(world, run, { prove: refusing })
  t.match(refused, { changes: [], detail: /stay in Git: sno2 would leave, too$/ })
  const adopted = { ...run, request: { ...run.request, adopt: true } }
  t.strictSame(await look(world, adopted), { changes: [], detail: null }, 'of an adopted seed')
  t.strictSame(await look(fakeWorld()), { changes: [], detail: null }, 'there are none')
  world.faults.set('repository.commit', () => {
    throw new UnavailableError('GIT_FAILED', 'committing: no answer')
  })
  await t.rejects(look(world), { code: 'GIT_FAILED' }, 'is tried again')
})
