import t from 'tap'
import { absent, present, unknown } from '../../../src/core/seen.ts'
import { ownBranch } from '../../../src/operations/effects/own-branch.ts'
import { observeOwnPullRequest } from '../../../src/operations/observe/observe-own-pull-request.ts'
import { readBase } from '../../../src/operations/read-base.ts'
import { askInSeven, configuration, fakeWorld, openPullRequest } from '../../support/fake-world.ts'

t.test('a pull request of its own is seen as the fetched base branch has it', async t => {
  const world = fakeWorld()
  const run = await askInSeven(world)
  const context = world.start()
  const branch = ownBranch({}, run.request, 'record')
  const look = async () =>
    observeOwnPullRequest(context, { base: await readBase(context), run, step: 'record' })
  t.strictSame(await look(), absent)
  world.repository.write(branch, 'Record', [{ path: 'a', content: 'b' }])
  const opened = {
    number: 9,
    branch,
    state: 'open',
    conflicts: false,
    hasLanded: false,
    isForSower: false,
  } as const
  openPullRequest(world, 9, { branch })
  t.strictSame(await look(), present(opened))
  const conflicting = {
    ...context,
    ports: {
      ...context.ports,
      repository: { ...context.ports.repository, merge: async () => undefined },
    },
  }
  const base = await readBase(context)
  t.strictSame(
    await observeOwnPullRequest(conflicting, { base, run, step: 'record' }),
    present({ ...opened, conflicts: true }),
  )
  const found = world.pullRequests.get(9)!
  world.pullRequests.set(9, { ...found, state: 'closed' })
  t.strictSame(await look(), present({ ...opened, state: 'closed' }))
  world.repository.branches.delete(branch)
  t.strictSame(await look(), absent, 'closed, and nobody wants it')
  const mergedAs = world.repository.branches.get('main')!
  world.pullRequests.set(9, { ...found, state: 'merged', mergedAs })
  const merged = { ...opened, state: 'merged' } as const
  t.strictSame(await look(), present({ ...merged, hasLanded: true }))
  world.pullRequests.set(9, { ...found, state: 'merged', mergedAs: null })
  t.strictSame(await look(), present(merged))
  const content = `${configuration}merge: sower\n`
  world.repository.write('main', 'Configure', [{ path: 'sower.yaml', content }])
  t.match(await look(), present({ isForSower: true }))
  world.faults.set('forge.pullRequestFrom', async () => unknown('timeout'))
  t.strictSame(await look(), unknown('timeout'))
})
