import t from 'tap'
import { isEnded } from '../../../src/core/run/run.ts'
import { unknown } from '../../../src/core/seen.ts'
import { UnavailableError } from '../../../src/errors.ts'
import { ownBranch } from '../../../src/operations/effects/own-branch.ts'
import { reconcile } from '../../support/fake-world.ts'
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

for (const [how, settings] of [
  ['by pull request', 'commit: pull-request\n'],
  ['by push, which the server refuses', ''],
] as const)
  t.test(`a protected base branch gets all by merges alone: ${how}`, async t => {
    const world = await justMerged(settings)
    protect(world)
    const { headSha: merge } = world.pullRequests.get(7)!
    await playUntil(world, awaitsMerge)
    t.match(runOf(world), { phase: 'Detached', blocked: { code: 'MERGE_AWAITED' } })
    t.strictSame(stepsOf(world), ['record-merge', 'seed-generator'], 'the first is not waited for')
    t.equal(runOf(world).facts.recordMergeIn, numberOf(world, 0))
    t.equal(runOf(world).facts.generatorAs, null)
    t.equal(world.seed.find('SeedGenerator'), undefined)
    world.merge(numberOf(world, 1))
    await playUntil(world, ({ phase }) => phase === 'Delivering')
    world.merge(numberOf(world, 0))
    await playUntil(world, awaitsMerge)
    t.match(runOf(world), { phase: 'CleaningUp', facts: { recordMergeIn: null } })
    t.strictSame(stepsOf(world), ['record-merge', 'seed-generator', 'record'])
    world.merge(numberOf(world, 2))
    await playUntil(world, ({ phase }) => isEnded(phase))
    t.match(runOf(world), { phase: 'Completed', blocked: null })
    t.match(record(world), { status: 'completed', digest: 'sha256:new' })
    t.equal(world.repository.text('main', 'seeds/sno1/seedgenerator.yaml'), undefined)
    t.ok(await world.ports.repository.isAncestor(merge, world.repository.branches.get('main')!))
    t.equal(acts(world, 'pulls.create'), 3)
  })

t.test('a branch of its own says the run, the step and where Sower may write', t => {
  const request = { cluster: 'sno1', key: '#7/label/1' }
  const branch = ownBranch({}, request, 'record')
  t.match(branch, /^sower-sno1-record-[0-9a-f]{8}$/)
  t.equal(ownBranch({ branchPrefix: 'bots/' }, request, 'record'), `bots/${branch}`)
  t.not(ownBranch({}, { ...request, key: '#8/label/2' }, 'record'), branch)
  t.end()
})

t.test('a process that dies at any moment opens no second pull request', async t => {
  for (const [call, isDone] of [
    ['repository.push', false],
    ['repository.push', true],
    ['forge.setStatus', true],
    ['pulls.create', false],
    ['pulls.create', true],
  ] as const) {
    const world = await justMerged()
    await playUntil(world, ({ phase }) => phase === 'Detached')
    const before = acts(world, 'repository.push')
    const [system = '', method = ''] = call.split('.')
    world.faults.set(call, async (...given) => {
      world.faults.clear()
      const port = world.ports[system as 'forge'] as unknown as Record<
        string,
        (...of: readonly unknown[]) => Promise<unknown>
      >
      if (isDone) await port[method]!(...given)
      throw new UnavailableError('GITHUB_FAILED', 'the process died')
    })
    await step(world)
    t.equal(world.faults.size, 0, 'it died')
    await playUntil(world, awaitsMerge)
    t.strictSame(stepsOf(world), ['record-merge', 'seed-generator'], `${call} ${isDone}`)
    t.equal(acts(world, 'repository.push'), before + 1, 'and pushes once')
  }
})

t.test('what somebody else put onto its branch is not proposed in its name', async t => {
  const world = await justMerged()
  await playUntil(world, ({ phase }) => phase === 'Detached')
  const branch = ownBranch({}, runOf(world).request, 'seed-generator')
  world.repository.write(branch, 'Mine', [{ path: 'clusters/evil.yaml', content: 'x' }])
  const { error } = await reconcile(world.start(), runOf(world))
  t.match(error, { code: 'GIT_CONFLICT', fix: new RegExp(branch) })
  t.equal(stepsOf(world).length, 1)
  world.repository.branches.delete(branch)
  await playUntil(world, awaitsMerge)
  t.equal(stepsOf(world).length, 2)
})

t.test('a closed pull request is asked about, and made anew once its branch is gone', async t => {
  const world = await justMerged()
  await playUntil(world, awaitsMerge)
  const first = own(world)[1]!
  world.pullRequests.set(first.number, { ...first, state: 'closed' })
  await step(world)
  await step(world)
  t.match(runOf(world), { phase: 'Detached', blocked: { code: 'PULL_REQUEST_CLOSED' } })
  t.equal(own(world).length, 2)
  world.repository.branches.delete(first.branch)
  await playUntil(world, awaitsMerge)
  t.equal(own(world).length, 3)
  world.merge(numberOf(world, 2))
  await playUntil(world, ({ phase }) => phase === 'Delivering')
})

t.test('opens nothing where GitHub does not say whether it is open', async t => {
  for (const [why, error] of [
    ['forbidden', { name: 'FailedError' }],
    ['timeout', { name: 'UnavailableError' }],
  ] as const) {
    const world = await justMerged()
    await playUntil(world, ({ phase }) => phase === 'Detached')
    let looks = 0
    world.faults.set('forge.pullRequestFrom', async () => {
      looks += 1
      // The look that asks for the act still says that there is none.
      return looks === 1 ? { seen: 'absent' } : unknown(why)
    })
    const pass = await reconcile(world.start(), runOf(world))
    t.match(pass.error, { code: 'GITHUB_FAILED', ...error })
    t.equal(own(world).length, 1)
  }
})

t.test('a merge that git does not have yet, and one that was undone', async t => {
  const world = await justMerged()
  await playUntil(world, awaitsMerge)
  const found = own(world)[1]!
  const told = (mergedAs: string | null): void => {
    world.pullRequests.set(found.number, { ...found, state: 'merged', mergedAs })
  }
  told(null)
  await step(world)
  t.match(runOf(world), { phase: 'Detached', blocked: { code: 'MERGE_AWAITED' } })
  told(world.repository.branches.get('main')!)
  await step(world)
  t.match(runOf(world), { blocked: { code: 'PULL_REQUEST_CLOSED', reason: /any more/ } })
  t.equal(own(world).length, 2)
})
