import t from 'tap'
import { rowsOf } from '../../../src/core/preflight/tables.ts'
import type { Run } from '../../../src/core/run/run.ts'
import { present, unknown } from '../../../src/core/seen.ts'
import { commitDetach } from '../../../src/operations/effects/commit-detach.ts'
import { asMerged } from '../../../src/operations/observe/as-merged.ts'
import { observeBeforeMerge } from '../../../src/operations/observe/observe-before-merge.ts'
import { readBase } from '../../../src/operations/read-base.ts'
import { askInSeven, openPullRequest, reconcile, type FakeWorld } from '../../support/fake-world.ts'
import { withDetachCommit } from '../../support/run/with-detach-commit.ts'
import { savedWorld } from '../../support/saved-world.ts'

const begin = async (): Promise<Readonly<{ world: FakeWorld; run: Run }>> => {
  const world = savedWorld()
  const run = await withDetachCommit(world, await askInSeven(world))
  return { world, run }
}
const edited = async (): ReturnType<typeof begin> => {
  const { world, run } = await begin()
  await commitDetach(world.start(), run, run.request.headSha)
  return { world, run }
}

const merges = {
  'a merge commit': ({ repository }: FakeWorld): void => {
    repository.merge('main', 'seed-7')
  },
  'a squash or a rebase': ({ repository }: FakeWorld): void => {
    const paths = ['clusters/kustomization.yaml', 'seeds/sno1/record.yaml']
    const changes = paths.map(path => ({ path, content: repository.text('seed-7', path)! }))
    repository.write('main', 'Detach sno1 (#7)', changes)
  },
}
for (const [how, merge] of Object.entries(merges))
  t.test(`waits for ${how} that was fetched before GitHub shows it`, async t => {
    const { world, run } = await edited()
    const before = await observeBeforeMerge(world.start(), run, 'Proposed')
    t.match(before, {
      observation: { proof: present({ allowed: true }) },
      checks: { length: rowsOf('detach').length },
    })
    merge(world)
    const unread = unknown('unreachable')
    for (const phase of ['Requested', 'Proposed'] as const) {
      const { observation, branch, checks } = await observeBeforeMerge(world.start(), run, phase)
      t.match(observation, {
        pullRequest: present({ state: 'merged', mergedAs: null }),
        ...{ detachHolds: unread, access: unread, managedCluster: unread },
      })
      // Nothing that a report would show in place of the proof before.
      t.strictSame(
        { branch, checks },
        { branch: { detach: unread, proof: null, diff: null }, checks: [] },
      )
    }
    const stored = { ...world.runs.get('sno1')!, phase: 'Proposed', facts: run.facts } as const
    world.runs.set('sno1', stored)
    const pass = await reconcile(world.start(), stored)
    t.match(pass, { run: { phase: 'Proposed', blocked: null }, effect: null, error: null })
    t.equal(world.runs.get('sno1'), stored, 'nothing is written')
  })

t.test('the merge of another pull request is none of this one', async t => {
  const { world, run } = await edited()
  openPullRequest(world, 8, { files: { 'notes.md': 'x' } })
  world.merge(8)
  const context = world.start()
  const seen = await context.ports.forge.pullRequest(7)
  if (seen.seen !== 'present') throw new Error('there is no #7')
  const pullRequest = seen.value
  const look = { base: await readBase(context), run, pullRequest }
  t.equal(await asMerged(context, look), pullRequest)
  const { observation } = await observeBeforeMerge(context, run, 'Proposed')
  t.match(observation, { proof: present({ allowed: true }) })
})

t.test('a refusal counts only while the pull request is still open after it was made', async t => {
  // A person's own edit, squashed: it brings no record, and the base does not list the cluster any more.
  const { world, run } = await begin()
  const path = 'clusters/kustomization.yaml'
  const change = [{ path, content: 'resources:\n  - sno2.yaml\n' }]
  world.repository.write('seed-7', 'By hand', change)
  world.repository.write('main', 'By hand (#7)', change)
  const refused = await observeBeforeMerge(world.start(), run, 'Requested')
  t.match(refused.observation, {
    ...{ pullRequest: present({ state: 'open' }), detach: present({ status: 'refused' }) },
  })
  const headSha = world.repository.branches.get('seed-7')!
  const open = { ...world.pullRequests.get(7)!, headSha }
  const mergedAs = world.repository.branches.get('main')!
  let reads = 0
  world.faults.set('forge.pullRequest', async () => {
    reads += 1
    return present(reads === 1 ? open : { ...open, state: 'merged', mergedAs })
  })
  const { observation, branch, checks } = await observeBeforeMerge(world.start(), run, 'Requested')
  t.match(observation, { pullRequest: present({ state: 'merged', mergedAs }) })
  t.strictSame([branch.proof, checks, reads], [null, [], 2])
})

t.test(
  'a pull request that is retargeted turns red, and green again when it is put back',
  async t => {
    const { world, run } = await edited()
    world.runs.set('sno1', { ...world.runs.get('sno1')!, phase: 'Proposed', facts: run.facts })
    const context = world.start()
    const pass = async () => (await reconcile(context, world.runs.get('sno1')!)).run
    t.match(await pass(), { phase: 'Proposed', blocked: null })
    world.pullRequests.set(7, { ...world.pullRequests.get(7)!, base: 'prod' })
    await pass()
    t.match(await pass(), {
      phase: 'Requested',
      blocked: { code: 'REQUEST_INVALID', reason: 'reading #7: its base is prod', fix: /main/ },
    })
    world.pullRequests.set(7, { ...world.pullRequests.get(7)!, base: 'main' })
    t.match(await pass(), { phase: 'Proposed', blocked: null })
  },
)

t.test('nothing is committed to a draft, and the run goes on once it is ready', async t => {
  const { world, run } = await begin()
  world.runs.set('sno1', { ...world.runs.get('sno1')!, facts: run.facts })
  const context = world.start()
  const draft = (isDraft: boolean): void => {
    world.pullRequests.set(7, { ...world.pullRequests.get(7)!, isDraft })
  }
  draft(true)
  const blocked = { code: 'PULL_REQUEST_DRAFT', reason: 'reading #7: it is a draft', fix: /ready/ }
  const pass = async () => (await reconcile(context, world.runs.get('sno1')!)).run
  t.match(await pass(), { phase: 'Requested', blocked })
  t.strictSame(world.acts, [])
  draft(false)
  for (let looks = 0; looks < 4; looks += 1) await pass()
  t.match(world.runs.get('sno1'), { phase: 'Proposed', blocked: null })
  draft(true)
  await pass()
  t.match(await pass(), { phase: 'Requested', blocked }, 'also where it becomes one later')
  draft(false)
  await pass()
  t.match(await pass(), { phase: 'Proposed', blocked: null })
})

t.test(
  'a commit that nobody has asked for turns the pull request red until it is taken',
  async t => {
    const { world, run } = await edited()
    world.runs.set('sno1', { ...world.runs.get('sno1')!, phase: 'Proposed', facts: run.facts })
    const context = world.start()
    const pass = async () => (await reconcile(context, world.runs.get('sno1')!)).run
    const more = [{ path: 'notes.md', content: 'x' }]
    const headSha = world.repository.write('seed-7', 'One more', more)
    const blocked = await pass()
    t.match(blocked, {
      phase: 'Proposed',
      blocked: { code: 'HEAD_MOVED', fix: /permissions\.detach/ },
    })
    const at = world.now().toISOString()
    const orders = [{ key: 'k', verb: 'retry', by: 'alice', at }] as const
    world.runs.set('sno1', { ...blocked, orders })
    t.match(await pass(), { request: { headSha }, orders: [] })
    t.match(await pass(), { phase: 'Proposed', blocked: null })
  },
)
