import t from 'tap'
import { isEnded, type Effect, type Run } from '../../src/core/run/run.ts'
import { UnavailableError } from '../../src/errors.ts'
import { askInSeven, fakeWorld, reconcile } from '../support/fake-world.ts'

t.test('makes room for its own SeedGenerator when told to, and applies that once', async t => {
  const world = fakeWorld()
  await askInSeven(world)
  const { seed } = world
  const context = world.start()
  const run = (): Run => world.runs.get('sno1')!
  const look = async (): Promise<Effect | null> => {
    const { effect } = await reconcile(context, run())
    world.tick(31)
    return effect
  }
  /** Looks, with the world going on between; a human merges. */
  const play = async (until: () => boolean): Promise<readonly string[]> => {
    const acts: string[] = []
    for (let looks = 0; !until(); looks += 1) {
      if (looks === 60) throw new Error(`stuck: ${JSON.stringify(run())}`)
      acts.push((await look())?.do ?? 'waits')
      world.turn()
      if (run().phase === 'Proposed' && world.pullRequests.get(7)!.state === 'open') world.merge(7)
    }
    return acts.filter(act => act !== 'waits')
  }
  const tell = (): void => {
    const at = world.now().toISOString()
    const order = { key: `o/${at}`, verb: 'retry', by: 'alice', at } as const
    world.runs.set('sno1', { ...run(), orders: [order] })
  }
  const other = (reason: string, deletionTimestamp?: string): void => {
    const status = reason === 'InProgress' ? 'True' : 'False'
    seed.add({
      kind: 'SeedGenerator',
      metadata: { name: 'seedimage', uid: '', deletionTimestamp },
      spec: { seedImage: 'registry.example.com/other:1' },
      status: { conditions: [{ type: 'SeedGenInProgress', status, reason, message: 'so it is' }] },
    })
  }
  await play(() => run().phase === 'Delivering')

  other('InProgress')
  t.equal(await look(), null)
  const atWork = { code: 'SEED_GENERATOR_EXISTS', reason: /other:1.*may be at work.*so it is/ }
  t.match(run().blocked, atWork)
  tell()
  t.equal(await look(), null, 'not while the Lifecycle Agent may be at work')
  other('Failed')
  t.equal(await look(), null, 'nor later, by that order')
  t.match(run().blocked, { reason: /it is over.*so it is/, fix: /seed retry/ })

  const deletes = { do: 'delete-seed-generator', uid: seed.find('SeedGenerator')?.metadata.uid }
  world.faults.set('seed.remove', async () => {
    throw new UnavailableError('CLUSTER_UNAVAILABLE', 'deleting it: no answer')
  })
  tell()
  t.strictSame(await look(), deletes)
  t.strictSame(await look(), deletes, 'once more where there was no answer')
  world.faults.set('seed.remove', async () => {
    other('Failed', world.now().toISOString())
  })
  t.strictSame(await look(), deletes)
  t.equal(await look(), null, 'it is waited for')
  t.match(run(), { orders: [], blocked: { reason: /being deleted/ } })
  t.strictSame(seed.created, [], 'and nothing is delivered meanwhile')

  seed.drop('SeedGenerator')
  world.faults.clear()
  const acts = await play(() => isEnded(run().phase))
  t.strictSame(acts.slice(0, 2), ['deliver-secret', 'apply-seed-generator'])
  t.strictSame(seed.created, ['Secret', 'SeedGenerator'])
  t.equal(run().phase, 'Completed')
})
