import t from 'tap'
import { leadAlone } from '../../src/bot/hub/lead-alone.ts'
import type { Context } from '../../src/operations/context.ts'
import { askInSeven, fakeWorld, reconcile, type FakeWorld } from '../support/fake-world.ts'

/** A bot that leads as long as `holds` says. */
const led = (world: FakeWorld, holds: () => boolean): Context => {
  const context = world.start()
  return { ...context, ports: { ...context.ports, leadership: { ...leadAlone, holds } } }
}

t.test('a bot that leads no more does nothing, and records nothing', async t => {
  const world = fakeWorld()
  await askInSeven(world)
  const before = world.runs.get('sno1')!
  await t.rejects(
    reconcile(
      led(world, () => false),
      before,
    ),
    { code: 'LEADERSHIP_LOST' },
  )
  t.strictSame(world.runs.get('sno1'), before)
  t.strictSame(world.acts, [])
})

t.test('one that was stopped after its intent takes the intent back and does not act', async t => {
  const world = fakeWorld()
  await askInSeven(world)
  const answers = [true, false]
  const context = led(world, () => answers.shift() ?? false)
  const pass = await reconcile(context, world.runs.get('sno1')!)
  t.match(pass, { effect: { do: 'save-access' }, error: { code: 'LEADERSHIP_LOST' } })
  t.match(world.runs.get('sno1'), { intent: null, blocked: null, phase: 'Requested' })
  t.strictSame(world.acts, [])
})

t.test('nor does it touch the run when another has taken it over meanwhile', async t => {
  const world = fakeWorld()
  await askInSeven(world)
  let asked = 0
  const context = led(world, () => {
    asked += 1
    if (asked === 1) return true
    const run = world.runs.get('sno1')!
    world.runs.set('sno1', { ...run, version: `${run.version}-other` })
    return false
  })
  await t.rejects(reconcile(context, world.runs.get('sno1')!), { code: 'RUN_CHANGED' })
  t.match(world.runs.get('sno1'), { intent: { effect: { do: 'save-access' } } })
  t.strictSame(world.acts, [])
})
