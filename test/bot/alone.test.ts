import t from 'tap'
import './alone/by-git.ts'
import './alone/compose.ts'
import { driveAlone, type Alone, type DrivenAlone } from '../../src/bot/alone/drive-alone.ts'
import type { Phase, Run } from '../../src/core/run/run.ts'
import type { Happening } from '../../src/operations/ports/inbox.ts'
import type { ListedPullRequest } from '../../src/operations/ports/pull-requests.ts'
import { fakeWorld, requestFile, type FakeWorld } from '../support/fake-world.ts'
import { aRun } from '../support/run/run-scene.ts'

const happening = (pullRequest: number): Happening => ({
  ...{ what: 'change', pullRequest, at: '2026-11-22T10:00:00Z' },
})
const listed = (number: number, branch: string, labels = ['Seed']): ListedPullRequest => ({
  ...{ number, branch, labels, url: '' },
})
const drive = (
  world: FakeWorld,
  {
    open = [],
    pullRequest = null,
    show = () => undefined,
  }: Partial<Alone> & Readonly<{ open?: readonly ListedPullRequest[] }> = {},
): DrivenAlone => {
  const { runs, repository } = world.start().ports
  return driveAlone(
    { cluster: 'sno1', pullRequest, show },
    {
      ...{ runs, repository, branch: 'main' },
      feed: { since: async () => [7, 8, 9].map(happening) },
      pulls: { open: async () => open },
    },
  )
}
const heard = async ({ feed }: DrivenAlone): Promise<readonly number[]> =>
  (await feed.since('2026-11-22T09:00:00Z')).map(({ pullRequest }) => pullRequest)
const stored = (world: FakeWorld, phase: Phase, pullRequest: number): Run => {
  const run = aRun('Requested')
  const kept = { ...run, phase, version: '1', request: { ...run.request, pullRequest } }
  world.runs.set(kept.name, kept)
  return kept
}

t.test('hears of the pull request alone that asks for the cluster', async t => {
  const world = fakeWorld()
  for (const [branch, cluster] of [
    ['seed-8', 'sno2'],
    ['seed-9', 'sno1'],
  ] as const)
    world.repository.write(branch, 'Ask', [
      { path: `seeds/${cluster}/request.yaml`, content: requestFile(cluster) },
    ])
  const open = [listed(7, 'gone'), listed(8, 'seed-8'), listed(9, 'seed-9')]
  t.strictSame(await heard(drive(world, { open })), [9])
  t.strictSame(await heard(drive(world, { open: [listed(9, 'seed-9', [])] })), [], 'no label')
  t.strictSame(await heard(drive(world)), [], 'nobody asks')
  t.strictSame(await heard(drive(world, { open, pullRequest: 8 })), [8], 'as somebody said')
  stored(world, 'Generating', 7)
  t.strictSame(await heard(drive(world, { open, pullRequest: 8 })), [7], 'of the run under way')
  stored(world, 'Failed', 7)
  t.strictSame(await heard(drive(world, { open })), [9], 'of the next one, once it has ended')
})

t.test('sees the one run and starts no other', async t => {
  const world = fakeWorld()
  const { runs } = drive(world)
  const other = { ...aRun('Requested'), name: 'sno2' }
  await t.rejects(runs.create(other), { code: 'REQUEST_INVALID', fix: 'start `sower run sno2`' })
  world.runs.set('sno2', { ...other, version: '1' })
  await t.rejects(runs.replace({ ...other, version: '1' }), { code: 'REQUEST_INVALID' })
  t.strictSame(await runs.list(), [])
  t.equal(await runs.create(aRun('Requested')), true)
  t.match(await runs.list(), [{ name: 'sno1' }])
  t.match(await runs.replace({ ...aRun('Proposed'), version: '1' }), { version: '2' })
})

t.test('ends with the run, and not with an earlier one while another is asked for', async t => {
  const world = fakeWorld()
  const ended = stored(world, 'Completed', 7)
  const shown: string[] = []
  const show = ({ phase }: Run): void => void shown.push(phase)
  const first = drive(world, { show })
  const ends = { first: false, second: false }
  void first.ended.then(() => (ends.first = true))
  const pass = { look: null, effect: null, error: null, wakeAt: null }
  first.watch.passed(ended, { ...pass, run: { ...ended, phase: 'CleaningUp' } })
  t.strictSame(shown, ['CleaningUp'])
  first.watch.looked([])
  first.watch.looked([{ ...ended, phase: 'CleaningUp' }])
  await Promise.resolve()
  t.equal(ends.first, false)
  first.watch.looked([ended])
  t.strictSame(await first.ended, ended)

  const passing = drive(world)
  const failed = { ...ended, phase: 'Failed' as const }
  passing.watch.passed({ ...ended, phase: 'CleaningUp' }, { ...pass, run: failed })
  t.strictSame(await passing.ended, failed, 'in the pass in which it ends')

  const second = drive(world, { pullRequest: 9 })
  void second.ended.then(() => (ends.second = true))
  await heard(second)
  second.watch.looked([ended])
  await new Promise(resolve => setImmediate(resolve))
  t.equal(ends.second, false, '#9 asks for the next one')
  second.watch.looked([stored(world, 'Failed', 9)])
  t.match(await second.ended, { phase: 'Failed' })
})
