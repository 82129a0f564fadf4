import './access/create-retention.ts'
import t from 'tap'
import type { Run } from '../../src/core/run/run.ts'
import { unknown } from '../../src/core/seen.ts'
import { answerForget } from '../../src/operations/access/answer-forget.ts'
import { forgetAccess } from '../../src/operations/access/forget-access.ts'
import { takeIn } from '../../src/operations/intake/take-in.ts'
import type { FakeWorld } from '../support/fake-world.ts'
import { aRun } from '../support/run/run-scene.ts'
import { places, savedWorld } from '../support/saved-world.ts'

const since = '2026-11-20T10:00:00.000Z'
const withRun = (phase: Run['phase']): FakeWorld => {
  const world = savedWorld()
  const run = aRun(phase, { facts: { accessSince: since } })
  world.runs.set('sno1', { ...run, version: '1' })
  return world
}
const isKept = ({ hub }: FakeWorld): boolean => hub.objects.has(places.saved)

t.test('forgets the access of a run that has ended, and notes it', async t => {
  for (const phase of ['Completed', 'Failed', 'Cancelled'] as const) {
    const world = withRun(phase)
    t.strictSame(await forgetAccess(world.start(), 'sno1'), { wasThere: true, since }, phase)
    t.equal(isKept(world), false)
    t.equal(world.runs.get('sno1')?.facts.accessSince, null)
    t.strictSame(await forgetAccess(world.start(), 'sno1'), { wasThere: false, since: null })
  }
  const world = savedWorld()
  t.strictSame(await forgetAccess(world.start(), 'sno1'), { wasThere: true, since: null }, 'no run')
  t.ok(world.hub.objects.has(places.original), 'nothing else')
})

t.test('keeps what a run may still need, and what it cannot see', async t => {
  for (const phase of ['Requested', 'Detaching', 'Generating', 'CleaningUp'] as const) {
    const world = withRun(phase)
    await t.rejects(forgetAccess(world.start(), 'sno1'), {
      code: 'RUN_UNDER_WAY',
      message: `forgetting the access to sno1: its run is ${phase} and may need it`,
    })
    t.ok(isKept(world), phase)
  }
  const silent = withRun('Failed')
  silent.faults.set('hub.read', async () => unknown('timeout'))
  await t.rejects(forgetAccess(silent.start(), 'sno1'), { code: 'CLUSTER_UNAVAILABLE' })
  t.ok(isKept(silent))
  const changed = withRun('Failed')
  const { ports, settings } = changed.start()
  const removed = async (...given: Parameters<typeof ports.hub.remove>): Promise<void> => {
    await ports.hub.remove(...given)
    changed.runs.set('sno1', { ...changed.runs.get('sno1')!, version: '2' })
  }
  const racing = { ...ports, hub: { ...ports.hub, remove: removed } }
  await t.rejects(forgetAccess({ ports: racing, settings }, 'sno1'), { code: 'RUN_CHANGED' })
})

t.test('/seed forget is for whoever may abort, on the pull request of the run', async t => {
  const world = withRun('Failed')
  const say = (sender: string, pullRequest = 7) =>
    takeIn(world.start(), {
      ...{ kind: 'comment', key: `#${pullRequest}/comment/${sender}`, pullRequest, sender },
      ...{ commentId: 1, body: '/seed forget' },
    })
  t.match(await say('alice'), [{ code: 'PERMISSION_DENIED' }])
  t.ok(isKept(world))
  t.match(await say('root', 8), [{ code: 'REQUEST_INVALID' }])
  t.match(await say('root'), [{ text: /^The saved access to sno1 is deleted\./, code: null }])
  t.equal(isKept(world), false)
  const from = { key: 'x', pullRequest: 7, sender: 'root', permission: 'admin' } as const
  t.match(await answerForget(world.start(), from), { text: 'No access to sno1 is saved.' })
})
