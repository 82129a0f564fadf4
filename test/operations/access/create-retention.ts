import t from 'tap'
import { isEnded, type Run } from '../../../src/core/run/run.ts'
import { unknown } from '../../../src/core/seen.ts'
import { createRetention, type Retention } from '../../../src/operations/access/create-retention.ts'
import { askInSeven, fakeWorld, reconcile, type FakeWorld } from '../../support/fake-world.ts'

const days = (count: number): number => count * 86_400

/** A world in which the run of sno1 has just ended with a proven image. */
const ended = async (): Promise<{ world: FakeWorld; run: Run }> => {
  const world = fakeWorld()
  await askInSeven(world)
  const context = world.start()
  for (let passes = 0; passes < 60; passes += 1) {
    const { phase } = world.runs.get('sno1')!
    if (isEnded(phase)) break
    await reconcile(context, world.runs.get('sno1')!)
    world.turn()
    world.tick(31)
    if (phase === 'Proposed' && world.pullRequests.get(7)?.state === 'open') world.merge(7)
  }
  const run = world.runs.get('sno1')!
  t.equal(run.phase, 'Completed')
  return { world, run }
}
const keeping = (world: FakeWorld, keepRuns?: number): Retention => {
  const context = world.start()
  const settings = { ...context.settings, ...(keepRuns === undefined ? {} : { keepRuns }) }
  return createRetention({ ...context, settings })
}

t.test('a run goes when it ended long enough ago, and its record stays', async t => {
  const { world, run } = await ended()
  const retention = keeping(world, 30)
  world.tick(days(29))
  t.notOk(await retention(run))
  world.tick(days(1))
  t.ok(await retention(run))
  t.equal(world.runs.size, 0)
  t.match(world.repository.text('main', 'seeds/sno1/record.yaml'), /status: completed/)
})

t.test('without a limit, and while it is under way, a run is kept', async t => {
  const { world, run } = await ended()
  world.tick(days(4_000))
  t.notOk(await keeping(world)(run))
  t.notOk(await keeping(world, 0)(run))
  t.notOk(await keeping(world, 30)({ ...run, phase: 'Verifying' }))
  t.equal(world.runs.size, 1)
})

t.test('a run is kept while the access to its seed is, or may be', async t => {
  const { world, run } = await ended()
  world.tick(days(31))
  const facts = { ...run.facts, accessSince: run.since }
  t.notOk(await keeping(world, 30)({ ...run, facts }), 'the run says so')
  world.faults.set('hub.read', async () => unknown('unreachable'))
  const retention = keeping(world, 30)
  t.notOk(await retention(run), 'nobody knows')
  world.faults.clear()
  world.hub.add({ kind: 'Secret', metadata: { name: 'sno1-access', uid: '' } }, 'sower')
  world.tick(3_600)
  t.notOk(await retention(run), 'the hub says so')
  world.hub.drop('Secret')
  t.notOk(await retention(run), 'it is asked once an hour')
  world.tick(3_600)
  t.ok(await retention(run))
})

t.test('a merged run is kept while the base branch does not hold its record', async t => {
  const { world, run } = await ended()
  world.tick(days(31))
  const ofAnother = { ...run, request: { ...run.request, key: '#9/label/3' } }
  t.notOk(await keeping(world, 30)(ofAnother), 'it holds that of another run')
  world.repository.write('main', 'Lose it', [{ path: 'seeds/sno1/record.yaml', content: null }])
  t.notOk(await keeping(world, 30)(run), 'it holds none')
  const facts = { ...run.facts, mergedAs: null }
  t.ok(await keeping(world, 30)({ ...run, phase: 'Cancelled', facts }), 'one never merged has none')
})

t.test('a run that was asked for again meanwhile is not deleted', async t => {
  const { world, run } = await ended()
  world.tick(days(31))
  await world.ports.runs.replace({ ...run, phase: 'Requested' })
  await t.rejects(keeping(world, 30)(run), { code: 'RUN_CHANGED' })
  t.equal(world.runs.size, 1)
})
