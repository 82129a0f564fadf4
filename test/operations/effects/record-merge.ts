import t from 'tap'
import {
  readRecord,
  recordVersion,
  writeRecord,
  type SeedRecord,
} from '../../../src/core/detach/seed-record.ts'
import { isEnded, type Run } from '../../../src/core/run/run.ts'
import { FailedError } from '../../../src/errors.ts'
import type { Pass } from '../../../src/operations/create-reconcile.ts'
import {
  askInSeven,
  fakeWorld,
  type FakeWorld,
  image,
  reconcile,
} from '../../support/fake-world.ts'

const path = 'seeds/sno1/record.yaml'
const runOf = (world: FakeWorld): Run => world.runs.get('sno1')!
const textOf = (world: FakeWorld): string => world.repository.text('main', path)!
const recordOf = (world: FakeWorld): SeedRecord => readRecord(path, textOf(world))
const write = (world: FakeWorld, content: string | null, message = 'By hand'): void => {
  world.repository.write('main', message, [{ path, content }])
}
const step = async (world: FakeWorld): Promise<Pass> => {
  const pass = await reconcile(world.start(), runOf(world))
  world.turn()
  world.tick(31)
  return pass
}
const playUntil = async (world: FakeWorld, until: (run: Run) => boolean): Promise<void> => {
  for (let steps = 0; !until(runOf(world)); steps += 1) {
    if (steps === 40) throw new Error(`stuck: ${JSON.stringify(runOf(world))}`)
    await step(world)
  }
}
const toTheEnd = (world: FakeWorld): Promise<void> =>
  playUntil(world, ({ phase }) => isEnded(phase))
/** A run whose pull request was merged this moment. */
const justMerged = async (): Promise<FakeWorld> => {
  const world = fakeWorld()
  await askInSeven(world)
  await playUntil(world, ({ phase }) => phase === 'Proposed')
  world.merge(7)
  await playUntil(world, ({ phase }) => phase === 'Detaching')
  return world
}
const recordings = (world: FakeWorld): readonly string[] =>
  world.repository.log('main').filter(subject => subject === 'Record the merge of sno1')
const asks = (world: FakeWorld): readonly string[] =>
  world.acts.filter(act => act === 'hub.annotate')

t.test('one line of the record says the merge, and the branch of the request does not', async t => {
  const world = await justMerged()
  const before = textOf(world)
  t.equal(world.repository.text('seed-7', path), before)
  t.match(before, /^status: detached$[^]*^mergedAs: null$/m)
  const { effect } = await step(world)
  const { mergedAs } = runOf(world).facts
  t.strictSame(effect, { do: 'record-merge', mergedAs })
  t.equal(textOf(world), before.replace('mergedAs: null', `mergedAs: ${mergedAs}`))
  t.strictSame(asks(world), [], 'before anything is asked of Argo CD')
  await toTheEnd(world)
  t.match(recordOf(world), { status: 'completed', mergedAs, detached: { source: /sno1/ } })
  const { facts, request } = runOf(world)
  t.match(recordOf(world), {
    seedImageRef: { image: request.image.replace(/:[^:]*$/, '@sha256:new'), version: '4.18.5' },
    times: { Requested: /^2/, Generating: /^2/, CleaningUp: /^2/ },
    commits: { pushedAs: facts.pushedAs, generatorAs: facts.generatorAs },
    versions: { operators: [] },
  })
  t.equal(recordings(world).length, 1)
})

const another = (change: Partial<SeedRecord>): string =>
  writeRecord({
    ...{ apiVersion: 'sower.dev/v1alpha1', kind: 'SeedRecord', cluster: 'sno1', image: 'a/b:c' },
    ...{ status: 'detached', request: '#3', pullRequest: 3, mergedAs: '1'.repeat(40) },
    ...{ detached: null, digest: 'sha256:old', finishedAt: '2026-01-01T00:00:00.000Z' },
    ...change,
  })
for (const [what, content] of [
  ['is damaged', 'status: [\n'],
  ['was written before there was word of merges', another({}).replace(/^mergedAs.*\n/m, '')],
  ['is not there, as after a human merged too early', null],
  ['is of another request', another({})],
  ['is of another request that has ended', another({ status: 'completed' })],
  ['is of a detach by hand', another({ request: null, pullRequest: null, mergedAs: null })],
] as const)
  t.test(`a record that ${what} becomes that of the run`, async t => {
    const world = await justMerged()
    write(world, content)
    await step(world)
    const { request, facts } = runOf(world)
    const expected: SeedRecord = {
      ...{ apiVersion: recordVersion, kind: 'SeedRecord', cluster: 'sno1', image },
      ...{ status: 'detached', request: request.key, pullRequest: 7, mergedAs: facts.mergedAs },
      ...{ detached: null, digest: null, finishedAt: null },
    }
    t.strictSame(recordOf(world), expected)
    await toTheEnd(world)
    t.match(runOf(world), { phase: 'Completed', blocked: null })
    t.equal(recordings(world).length, 1)
  })

t.test('what a detach changed is kept, whoever wrote it down, for a reattach', async t => {
  const world = await justMerged()
  const { detached } = recordOf(world)
  t.ok(detached)
  write(world, another({ detached, request: null, pullRequest: null }))
  await step(world)
  t.match(recordOf(world), { request: runOf(world).request.key, detached })
})

t.test('a record that is taken out or acknowledged meanwhile comes again', async t => {
  const world = await justMerged()
  await step(world)
  const recorded = textOf(world)
  for (const content of [null, recorded.replace('status: detached', 'status: reattached')]) {
    write(world, content)
    t.match(await step(world), { effect: { do: 'record-merge' } })
    t.match(recordOf(world), { status: 'detached', mergedAs: runOf(world).facts.mergedAs })
  }
  await toTheEnd(world)
  t.equal(runOf(world).phase, 'Completed')
})

/** Something is pushed by someone else just before a call. */
const justBefore = (world: FakeWorld, call: string, happens: () => void): void => {
  world.faults.set(call, () => {
    world.faults.clear()
    happens()
    return undefined
  })
}

t.test('fetches and plans again where the branch moved after the look', async t => {
  const world = await justMerged()
  justBefore(world, 'repository.push', () => {
    world.repository.write('main', 'One more', [{ path: 'notes.md', content: 'x' }])
  })
  t.match(await step(world), { effect: { do: 'record-merge' }, error: null })
  t.match(world.repository.log('main').slice(0, 2), [/^Record the merge/, 'One more'])
  t.equal(world.repository.text('main', 'notes.md'), 'x')
  await toTheEnd(world)
  t.equal(recordings(world).length, 1)
})

const listed = 'resources:\n  - sno1.yaml\n  - sno2.yaml\n'
for (const call of ['runs.replace', 'repository.push'])
  t.test(`records nothing over a revert that is quicker than ${call}`, async t => {
    const world = await justMerged()
    justBefore(world, call, () => {
      const reverted = { path: 'clusters/kustomization.yaml', content: listed }
      world.repository.write('main', 'Revert', [reverted, { path, content: null }])
    })
    t.match(await step(world), { effect: { do: 'record-merge' }, error: { code: 'GIT_CONFLICT' } })
    await step(world)
    t.match(runOf(world), { phase: 'Detaching', blocked: { code: 'DETACH_REVERTED' } })
    t.equal(world.repository.text('main', path), undefined)
    t.strictSame([...recordings(world), ...asks(world)], [])
  })

t.test('an abort before it has happened records the merge with the end of the run', async t => {
  const world = await justMerged()
  const order = { key: 'k', verb: 'abort', by: 'root', at: world.now().toISOString() } as const
  await world.ports.runs.replace({ ...runOf(world), orders: [order] })
  await toTheEnd(world)
  t.equal(runOf(world).phase, 'Failed')
  t.match(recordOf(world), { status: 'failed', mergedAs: runOf(world).facts.mergedAs })
  t.strictSame(recordings(world), [])
})

t.test('a server that takes no push blocks the run before Argo CD is asked', async t => {
  const world = await justMerged()
  world.faults.set('repository.push', () => {
    throw new FailedError('GIT_FAILED', 'pushing to main: the server refused it')
  })
  await step(world)
  await step(world)
  t.match(runOf(world), { phase: 'Detaching', intent: null, blocked: { code: 'GIT_FAILED' } })
  t.strictSame(asks(world), [])
  world.faults.clear()
  await toTheEnd(world)
  t.match(runOf(world), { phase: 'Completed', blocked: null })
})

t.test('the end of a run does not take back that a cluster was let come back', async t => {
  const world = await justMerged()
  await playUntil(world, ({ phase }) => phase === 'Delivering')
  const acknowledged = writeRecord({ ...recordOf(world), status: 'reattached', detached: null })
  world.repository.write('main', 'Reattach sno1', [
    { path: 'clusters/kustomization.yaml', content: listed },
    { path, content: acknowledged },
  ])
  await step(world)
  t.match(runOf(world), { blocked: { code: 'DETACH_REVERTED' } })
  const order = { key: 'k', verb: 'abort', by: 'root', at: world.now().toISOString() } as const
  await world.ports.runs.replace({ ...runOf(world), orders: [order] })
  await toTheEnd(world)
  t.equal(runOf(world).phase, 'Failed')
  t.equal(world.repository.text('main', 'seeds/sno1/seedgenerator.yaml'), undefined)
  t.match(recordOf(world), { status: 'reattached', finishedAt: /^2/ })
  t.equal(world.repository.log('main')[0], 'Record the seed image of sno1: failed')
})
