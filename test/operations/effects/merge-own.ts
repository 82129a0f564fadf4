import t from 'tap'
import '../../../src/operations/effects/merge-own.ts'
import { isEnded } from '../../../src/core/run/run.ts'
import { present } from '../../../src/core/seen.ts'
import type { PullRequest } from '../../../src/operations/ports/forge.ts'
import { configuration, type FakeWorld } from '../../support/fake-world.ts'
import {
  acts,
  awaitsMerge,
  justMerged,
  numberOf,
  own,
  playUntil,
  protect,
  record,
  runOf,
  step,
  stepsOf,
} from '../../support/by-pull-request.ts'

/** What becomes of the pull request with the SeedGenerator once something about it is changed. */
const afterChange = async (change: (world: FakeWorld, pull: PullRequest) => void) => {
  const world = await justMerged('commit: pull-request\nmerge: sower\n')
  await playUntil(world, () => stepsOf(world).includes('seed-generator'))
  change(world, own(world)[1]!)
  await step(world)
  await step(world)
  return world
}

t.test('with `merge: sower` a protected base branch gets all without a person', async t => {
  const world = await justMerged('commit: pull-request\nmerge: sower\n')
  protect(world)
  await playUntil(world, ({ phase }) => isEnded(phase))
  t.match(runOf(world), { phase: 'Completed', blocked: null, facts: { recordMergeIn: null } })
  t.strictSame(stepsOf(world), ['record-merge', 'seed-generator', 'record'])
  t.equal(acts(world, 'pulls.merge'), 3)
  t.equal(acts(world, 'pulls.create'), 3)
  t.match(record(world), { status: 'completed', digest: 'sha256:new' })
})

t.test('merges none that is not as it made it, and says which', async t => {
  for (const [change, reason] of [
    [
      (world, { branch }) => {
        world.repository.write(branch, 'Mine', [{ path: 'clusters/evil.yaml', content: 'x' }])
      },
      /does not know its head as its own last push/,
    ],
    [
      (world, pull) => {
        world.pullRequests.set(pull.number, { ...pull, by: 'mallory' })
      },
      /Sower did not open it/,
    ],
    [
      (world, pull) => {
        const others = Object.entries(pull).filter(([field]) => field !== 'by')
        world.pullRequests.set(pull.number, Object.fromEntries(others) as PullRequest)
      },
      /Sower did not open it/,
    ],
    [
      (world, pull) => {
        world.faults.set('forge.pullRequestFrom', async () => present({ ...pull, isFork: true }))
      },
      /not against the base branch/,
    ],
    [
      world => {
        const content = `${configuration}commit: pull-request\nmerge: sower\nrecertImage: quay.io/r:1\n`
        world.repository.write('main', 'Change', [{ path: 'sower.yaml', content }])
      },
      /something else than is planned now/,
    ],
    [
      world => {
        const run = runOf(world)
        world.runs.set('sno1', { ...run, facts: { ...run.facts, own: undefined } })
      },
      /does not know its head/,
    ],
  ] as const satisfies readonly (readonly [Parameters<typeof afterChange>[0], RegExp])[]) {
    const world = await afterChange(change)
    t.match(runOf(world), { phase: 'Detached', blocked: { code: 'MERGE_AWAITED', reason } })
    t.equal(acts(world, 'pulls.merge'), 1, 'that of the merge alone')
  }
})

t.test('asks again once a minute while GitHub refuses, and says why', async t => {
  const world = await justMerged('commit: pull-request\nmerge: sower\n')
  let asked = 0
  world.faults.set('pulls.merge', async () => {
    asked += 1
    return 'merging #91: GitHub answered 405: a review is required'
  })
  await playUntil(world, awaitsMerge)
  t.match(runOf(world).blocked, { reason: /is not merged: merging #91: .*a review is required/ })
  t.match(runOf(world), { facts: { recordMergeIn: numberOf(world, 0) } }, 'not waited for')
  const before = asked
  await step(world)
  t.equal(asked, before + 1)
  await step(world)
  t.equal(asked, before + 1, 'half a minute is too short')
  world.faults.clear()
  world.tick(60)
  await playUntil(world, ({ phase }) => phase === 'Delivering')
})

t.test('the configuration alone lets it merge', async t => {
  const world = await justMerged()
  await playUntil(world, awaitsMerge)
  t.equal(acts(world, 'pulls.merge'), 0)
})
