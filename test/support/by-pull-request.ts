import { readRecord } from '../../src/core/detach/seed-record.ts'
import type { Run } from '../../src/core/run/run.ts'
import { FailedError } from '../../src/errors.ts'
import type { PullRequest } from '../../src/operations/ports/forge.ts'
import { askInSeven, configuration, fakeWorld, reconcile, type FakeWorld } from './fake-world.ts'

/** Runs whose commits reach the base branch by pull requests of Sower's own. */
export const runOf = (world: FakeWorld): Run => world.runs.get('sno1')!
export const step = async (world: FakeWorld): Promise<void> => {
  await reconcile(world.start(), runOf(world))
  world.turn()
  world.tick(31)
}
export const playUntil = async (world: FakeWorld, until: (run: Run) => boolean): Promise<void> => {
  for (let steps = 0; !until(runOf(world)); steps += 1) {
    if (steps === 40) throw new Error(`stuck: ${JSON.stringify(runOf(world))}`)
    await step(world)
  }
}
export const awaitsMerge = ({ blocked }: Run): boolean => blocked?.code === 'MERGE_AWAITED'

/** A run whose pull request was merged this moment; `settings` are lines of sower.yaml. */
export const justMerged = async (settings = 'commit: pull-request\n'): Promise<FakeWorld> => {
  const world = fakeWorld()
  const content = `${configuration}${settings}`
  world.repository.write('main', 'Configure', [{ path: 'sower.yaml', content }])
  await askInSeven(world)
  await playUntil(world, ({ phase }) => phase === 'Proposed')
  world.merge(7)
  await playUntil(world, ({ phase }) => phase === 'Detaching')
  return world
}
/** Sower's own pull requests, in the order in which it opened them. */
export const own = (world: FakeWorld): readonly PullRequest[] =>
  [...world.pullRequests.values()].filter(({ number }) => number !== 7)
export const stepsOf = (world: FakeWorld): readonly string[] =>
  own(world).map(({ branch }) => branch.replace(/^sower-sno1-|-[0-9a-f]{8}$/g, ''))
export const numberOf = (world: FakeWorld, index: number): number => own(world)[index]!.number
export const acts = (world: FakeWorld, act: string): number =>
  world.acts.filter(one => one === act).length
export const record = (world: FakeWorld): unknown =>
  readRecord('record', world.repository.text('main', 'seeds/sno1/record.yaml')!)

/** The base branch takes no push but of a merge, as a protected one. */
export const protect = (world: FakeWorld): void => {
  world.faults.set('repository.push', (_sha, branch) => {
    if (branch === 'main')
      throw new FailedError('PUSH_REFUSED', 'pushing to main: the server refused it')
    return undefined
  })
}
