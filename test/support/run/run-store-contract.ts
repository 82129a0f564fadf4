import type { Test } from 'tap'
import type { Run } from '../../../src/core/run/run.ts'
import { ConflictError } from '../../../src/errors.ts'
import type { RunStore } from '../../../src/operations/ports/run-store.ts'
import { aRun, at, blockedBy, effects, order } from './run-scene.ts'

/** What every store of runs keeps to. `open` gives a new view of one and the same empty store. */
export const keepsToContract = async (
  t: Test,
  open: (t: Test) => Promise<() => RunStore>,
): Promise<void> => {
  await t.test('runs come back as they were stored, with every effect as an intent', async t => {
    const store = (await open(t))()
    t.strictSame(await store.list(), [])
    t.ok(await store.create(aRun('Requested')))
    for (const effect of effects) {
      const stored = (await store.get('sno1'))!
      const next: Run = {
        ...aRun('CleaningUp', {
          blocked: blockedBy('DETACH_SLOW'),
          orders: [order('retry'), order('abort')],
          intent: { effect, at: at(1) },
          facts: { goneSince: at(2), digestBefore: 'sha256:old', lastMessage: 'a "quoted"\nword' },
        }),
        version: stored.version,
      }
      const replaced = await store.replace(next)
      t.not(replaced.version, stored.version)
      t.strictSame(replaced, { ...next, version: replaced.version })
      t.strictSame(await store.get('sno1'), replaced, effect.do)
      t.strictSame(await store.list(), [replaced])
    }
    t.equal(await store.get('sno2'), undefined)
  })

  await t.test('creating is a lock: of many at once one succeeds and is kept', async t => {
    const view = await open(t)
    const { request } = aRun('Requested')
    const made = await Promise.all(
      ['a', 'b', 'c', 'd'].map(by =>
        view().create({ ...aRun('Requested'), request: { ...request, by } }),
      ),
    )
    t.strictSame(made.filter(Boolean), [true])
    t.equal((await view().get('sno1'))?.request.by, ['a', 'b', 'c', 'd'][made.indexOf(true)])
  })

  await t.test('of two changes of one version one is refused and changes nothing', async t => {
    const view = await open(t)
    const store = view()
    await store.create(aRun('Requested'))
    const run = (await store.get('sno1'))!
    const changes = ['Proposed', 'Cancelled'] as const
    const both = await Promise.allSettled(changes.map(phase => view().replace({ ...run, phase })))
    t.strictSame(both.map(({ status }) => status).sort(), ['fulfilled', 'rejected'])
    t.match(
      both.find(({ status }) => status === 'rejected'),
      { reason: ConflictError },
    )
    const kept = changes[both.findIndex(({ status }) => status === 'fulfilled')]
    t.equal((await store.get('sno1'))?.phase, kept)
    await t.rejects(store.replace(run), { code: 'RUN_CHANGED' })
    await t.rejects(store.replace(aRun('Requested', { name: 'sno2' })), { code: 'RUN_CHANGED' })
  })

  await t.test('a run that ended makes room for the next request of its cluster', async t => {
    const store = (await open(t))()
    await store.create(aRun('Requested'))
    const first = (await store.get('sno1'))!
    const ended = await store.replace({ ...first, phase: 'Cancelled' })
    const request = { ...first.request, key: '#8/label/2', pullRequest: 8 }
    const second = await store.replace({
      ...aRun('Requested', { since: at(60) }),
      ...{ request, version: ended.version },
    })
    t.strictSame(await store.get('sno1'), second)
    t.match(second, { phase: 'Requested', since: at(60), request })
    await t.rejects(store.replace(ended), { code: 'RUN_CHANGED' })
  })

  await t.test('a run is deleted in the version that is known, once', async t => {
    const view = await open(t)
    const store = view()
    await store.create(aRun('Requested'))
    const first = (await store.get('sno1'))!
    const ended = await store.replace({ ...first, phase: 'Completed' })
    await t.rejects(view().remove(first), { code: 'RUN_CHANGED' })
    t.strictSame(await store.get('sno1'), ended)
    await store.remove(ended)
    t.equal(await view().get('sno1'), undefined)
    t.strictSame(await store.list(), [])
    await t.resolves(store.remove(ended), 'one that is gone is deleted')
    t.ok(await store.create(aRun('Requested')), 'its cluster is free')
  })
}
