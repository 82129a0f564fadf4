import t from 'tap'
import { rowsOf } from '../../../src/core/preflight/tables.ts'
import { activePhases } from '../../../src/core/run/run.ts'
import type { Run } from '../../../src/core/run/run.ts'
import { absent, present, unknown, type Seen } from '../../../src/core/seen.ts'
import { UnavailableError } from '../../../src/errors.ts'
import { commitDetach } from '../../../src/operations/effects/commit-detach.ts'
import { observeAfterDetach } from '../../../src/operations/observe/observe-after-detach.ts'
import { observeBeforeMerge } from '../../../src/operations/observe/observe-before-merge.ts'
import {
  observeBranch,
  observeDetachHolds,
} from '../../../src/operations/observe/observe-branch.ts'
import { lookAtDetach } from '../../../src/operations/observe/look-at-detach.ts'
import { stuckIn } from '../../../src/core/waiting/waiting.ts'
import { observeDetaching } from '../../../src/operations/observe/observe-detaching.ts'
import { observe } from '../../../src/operations/observe/observe.ts'
import { readBase } from '../../../src/operations/read-base.ts'
import { withDetachCommit } from '../../support/run/with-detach-commit.ts'
import { askInSeven, type FakeWorld } from '../../support/fake-world.ts'
import { clusterInstance } from '../../support/memory-tree.ts'
import { places, savedWorld } from '../../support/saved-world.ts'

const asked = async (): Promise<Readonly<{ world: FakeWorld; run: Run }>> => {
  const world = savedWorld()
  return { world, run: await askInSeven(world) }
}
/** The same when the edit was pushed to the branch. */
const edited = async (): ReturnType<typeof asked> => {
  const { world, run: fresh } = await asked()
  const run = await withDetachCommit(world, fresh)
  await commitDetach(world.start(), run, run.request.headSha)
  return { world, run }
}
/** The same when it was merged. */
const merged = async (phase: Run['phase']): ReturnType<typeof asked> => {
  const { world, run } = await edited()
  world.merge(7)
  const { mergedAs } = world.pullRequests.get(7)!
  return { world, run: { ...run, phase, facts: { ...run.facts, mergedAs } } }
}
const breakList = (world: FakeWorld): void => {
  const broken = { path: 'clusters/kustomization.yaml', content: 'resources: [\n' }
  world.repository.write('main', 'Break it', [broken])
}
const looked = async ({ world, run }: Awaited<ReturnType<typeof asked>>) => {
  const context = world.start()
  const seen = await context.ports.forge.pullRequest(7)
  if (seen.seen !== 'present') throw new Error('there is no #7')
  return observeBranch(context, { base: await readBase(context), run, pullRequest: seen.value })
}

t.test('a branch can be detached, is detached, or says why not', async t => {
  const fresh = await asked()
  const before = await looked(fresh)
  t.match(before, { detach: present({ status: 'detachable' }), proof: { refusal: null } })
  t.strictSame(fresh.world.acts, [], 'the edit is made and pushed nowhere')
  const ready = await edited()
  const after = await looked(ready)
  t.match(after, { detach: present({ status: 'detached' }), proof: { refusal: null } })
  const { branches } = ready.world.repository
  const ends = [branches.get('main')!, branches.get('seed-7')!] as const
  t.equal(after.diff, await ready.world.repository.port.diff(...ends))
  t.match(after.diff, /^diff --git a\/clusters\/kustomization.yaml /)
  const another = { ...ready, run: { ...ready.run, request: { ...ready.run.request, key: 'x' } } }
  t.match(await looked(another), { detach: present({ status: 'detachable' }) }, 'of another run')
})

t.test('what a branch is refused for is a value, and no answer of git is none', async t => {
  const refusal = (code: string): object => ({
    ...{ proof: null, diff: null },
    detach: present({ status: 'refused', code, reason: /./, fix: /./ }),
  })
  const { world, run } = await edited()
  const request = { ...run.request, cluster: 'sno3' }
  t.match(await looked({ world, run: { ...run, request } }), refusal('NOT_A_SEED'))
  const path = 'seeds/sno1/record.yaml'
  world.repository.write('seed-7', 'Damage it', [{ path, content: 'status: [\n' }])
  t.match(await looked({ world, run }), refusal('RECORD_INVALID'))
  const silent = await asked()
  const trouble = new UnavailableError('GIT_FAILED', 'committing: no answer')
  silent.world.faults.set('repository.commit', () => {
    throw trouble
  })
  await t.rejects(looked(silent), trouble)
})

t.test('a detach holds while the base has its merge and does not list the cluster', async t => {
  const { world, run } = await merged('Detaching')
  const holdsFor = async (of: Run) => {
    const context = world.start()
    return observeDetachHolds(context, { base: await readBase(context), run: of })
  }
  const withMerge = (mergedAs: string | null): Run => ({
    ...run,
    facts: { ...run.facts, mergedAs },
  })
  t.strictSame(await holdsFor(run), present(true))
  t.strictSame(await holdsFor(withMerge(null)), present(false))
  const aside = world.repository.write('aside', 'Elsewhere', [{ path: 'x', content: 'x' }])
  t.strictSame(await holdsFor(withMerge(aside)), present(false))
  const listed = 'resources:\n  - sno1.yaml\n  - sno2.yaml\n'
  const path = 'clusters/kustomization.yaml'
  world.repository.write('main', 'Revert', [{ path, content: listed }])
  t.strictSame(await holdsFor(run), present(false))
})

t.test('a detach does not hold while a render brings the cluster by another way', async t => {
  const { world, run } = await merged('Detaching')
  const patch = '[{path: /spec/clusterName, value: sno1}]'
  const clusters = `resources:\n  - sno2.yaml\n  - base\npatches:\n  - patch: '${patch}'\n`
  world.repository.write('main', 'Bring it by an overlay', [
    { path: 'clusters/kustomization.yaml', content: clusters },
    { path: 'clusters/base/kustomization.yaml', content: 'resources: [ci.yaml]\n' },
    { path: 'clusters/base/ci.yaml', content: clusterInstance('placeholder') },
  ])
  const context = world.start()
  const looked = await observeDetachHolds(context, { base: await readBase(context), run })
  t.strictSame(looked, present(false))
})

t.test('before the merge looks at the branch, the access and every check', async t => {
  for (const [phase, set, expected] of [
    [
      'Requested',
      asked,
      { detachHolds: present(false), detach: { value: { status: 'detachable' } } },
    ],
    [
      'Proposed',
      edited,
      { detachHolds: present(true), proof: present({ allowed: true, left: 1 }) },
    ],
  ] as const) {
    const { world, run } = await set()
    const { observation, checks } = await observeBeforeMerge(world.start(), run, phase)
    const access = present({ proven: true, reason: null })
    const managedCluster = present({ uid: 'uid-1' })
    t.match(observation, { phase, access, managedCluster, checks, ...expected })
    t.strictSame(
      [checks.length, checks.filter(({ status }) => status !== 'pass')],
      [rowsOf('detach').length, []],
    )
  }
})

t.test('sees a merge also while git and hub give no answer', async t => {
  const { world, run } = await merged('Proposed')
  for (const system of ['repository', 'hub', 'seed', 'registry'])
    world.faults.set(system, () => {
      throw new UnavailableError('GIT_FAILED', 'no answer')
    })
  const unread = unknown('unreachable')
  for (const phase of ['Requested', 'Proposed'] as const) {
    const { observation, checks } = await observeBeforeMerge(world.start(), run, phase)
    t.match(observation, {
      ...{ phase, access: unread, managedCluster: unread, detachHolds: unread },
      pullRequest: present({ state: 'merged', mergedAs: run.facts.mergedAs }),
    })
    t.strictSame(checks, [])
  }
})

t.test('a Proposed branch that is refused is not allowed, with the reason', async t => {
  const { world, run } = await edited()
  const damaged = [{ path: 'seeds/sno1/record.yaml', content: 'status: [\n' }]
  world.repository.write('seed-7', 'Damage it', damaged)
  const { observation } = await observeBeforeMerge(world.start(), run, 'Proposed')
  t.match(observation, { proof: present({ allowed: false, reason: /record\.yaml/, left: 0 }) })
})

t.test('a token that may not sync is found out where a sync is needed, and only there', async t => {
  const { world, run } = await merged('Detaching')
  const asked: string[] = []
  const state: { allowed: Seen<boolean> } = { allowed: present(false) }
  const argocd = {
    may: async (action: string) => {
      asked.push(action)
      return state.allowed
    },
    syncWithPrune: async () => undefined,
  }
  const looked = async (): Promise<unknown> => {
    const context = world.start()
    const ports = { ...context.ports, argocd }
    const { observation } = await observeDetaching({ ...context, ports }, run)
    return Reflect.get(observation, 'canSync')
  }
  t.equal(await looked(), true)
  t.strictSame(asked, [])
  const application = world.hub.find('Application')!
  const message = 'Skipping sync attempt to [a]: auto-sync will wipe out all resources'
  const status = { conditions: [{ type: 'SyncError', message }] }
  world.hub.objects.set('Application/openshift-gitops/clusters', { ...application, status })
  t.equal(await looked(), false)
  t.strictSame(asked, ['get', 'sync'])
  for (const allowed of [present(true), unknown('timeout')]) {
    state.allowed = allowed
    t.equal(await looked(), true, allowed.seen)
  }
})

t.test('looks for the saved access before all else while the cluster goes', async t => {
  const { world, run } = await merged('Detaching')
  const { observation: whole, tree } = await observeDetaching(world.start(), run)
  t.match(tree, { what: 'detach of sno1', state: 'there', parts: [{ state: 'gone' }, {}] })
  t.match(whole, {
    ...{ phase: 'Detaching', access: present({ proven: true }), detachHolds: present(true) },
    ...{ recordHoldsMerge: present(false), application: present({ name: 'clusters' }) },
    ...{ canSync: false, managedCluster: present({ uid: 'uid-1' }), klusterlet: present(true) },
    clusterInstance: absent,
    ...{ addonNamespaces: absent, remaining: [{}, { object: 'BareMetalHost host' }] },
  })
  world.hub.objects.delete(places.saved)
  world.faults.set('repository.fetch', () => {
    throw new UnavailableError('GIT_FAILED', 'fetching: no answer')
  })
  const unread = unknown('unreachable')
  const blind = await observeDetaching(world.start(), run)
  t.equal(blind.tree, null)
  t.strictSame(blind.observation, {
    ...{ phase: 'Detaching', access: absent, detachHolds: unread, recordHoldsMerge: unread },
    ...{
      application: unread,
      clusterInstance: unread,
      canSync: false,
      ...{ remaining: [], blockers: [] },
      managedCluster: unread,
    },
    ...{ klusterlet: unread, addonNamespaces: unread, ownPullRequest: unread },
  })
})

const after = ['Detached', 'Delivering', 'Generating', 'Verifying', 'CleaningUp'] as const
t.test('after the detach looks at what the phase needs, through the saved access', async t => {
  const gates = { managedCluster: present({ uid: 'uid-1' }), klusterlet: present(true) }
  const unread = unknown('unreachable')
  const expected = {
    Detached: { ...gates, generator: absent, ownPullRequest: absent },
    Delivering: {
      ...{ ...gates, hubSecret: present({ reason: null }), mayPush: present(true), tag: absent },
      ...{ seedSecret: absent, seedGenerator: absent, recreators: absent },
    },
    Generating: { seedGenerator: absent, image: absent, agent: unknown('not-asked') },
    Verifying: { image: absent, seedGenerator: absent },
    CleaningUp: {
      ...{ seedGenerator: absent, seedSecret: absent, record: absent, ownPullRequest: absent },
      access: present({ proven: true, reason: null }),
    },
  }
  for (const phase of after) {
    const { world, run } = await merged(phase)
    const detachHolds = present(true)
    const recordHoldsMerge = present(false)
    const whole = { phase, detachHolds, recordHoldsMerge, ...expected[phase] }
    t.strictSame(await observeAfterDetach(world.start(), run, phase), whole, phase)
    world.hub.objects.delete(places.saved)
    const { seedGenerator, access } = {
      ...{ seedGenerator: undefined, access: undefined },
      ...(await observeAfterDetach(world.start(), run, phase)),
    }
    if (phase !== 'Detached') t.strictSame(seedGenerator, unread, phase)
    if (phase === 'CleaningUp') t.strictSame(access, absent)
  }
})

t.test('a list that cannot be read stops all but the end of a run', async t => {
  for (const phase of after) {
    const { world, run } = await merged(phase)
    breakList(world)
    const look = observeAfterDetach(world.start(), run, phase)
    if (phase === 'CleaningUp') t.match(await look, { detachHolds: unknown('not-served') })
    else await t.rejects(look, { name: 'RefusedError', code: /^KUSTOMIZATION/ }, phase)
  }
})

t.test('a look is of the phase of its run, with what the report shows', async t => {
  for (const phase of activePhases) {
    const isBefore = phase === 'Requested' || phase === 'Proposed'
    const { world, run } = isBefore ? await edited() : await merged(phase)
    const look = await observe(world.start(), { ...run, phase })
    t.match(look, { observation: { phase }, secret: { state: /./ } })
    t.strictSame(
      [look.branch === null, look.checks.length],
      isBefore ? [false, rowsOf('detach').length] : [true, 0],
    )
    t.strictSame(world.acts, ['repository.push'], 'a look changes nothing')
  }
  const { world, run } = await merged('Requested')
  world.repository.write('main', 'Break it', [{ path: 'sower.yaml', content: 'seeds: 1\n' }])
  t.match(await observe(world.start(), run), { secret: null, observation: { phase: 'Requested' } })
})

t.test('a run that has ended is not looked at', async t => {
  const { world, run } = await asked()
  for (const phase of ['Completed', 'Failed', 'Cancelled'] as const)
    await t.rejects(observe(world.start(), { ...run, phase }), {
      ...{ name: 'RefusedError', code: 'INTERNAL' },
      message: 'observing sno1: its run has ended',
    })
})

t.test('a detach can be looked at without a run, whatever is not answered', async t => {
  const world = savedWorld()
  const { hub } = world.start().ports
  const of = {
    ...{ cluster: 'sno1', roots: ['clusters'], edited: [], now: '2026-11-30T10:00:00.000Z' },
    config: { argocd: { namespace: 'openshift-gitops', applicationNamespaces: [] } },
  }
  const tree = await lookAtDetach({ hub, seed: world.seed.port }, of)
  t.match(tree, { what: 'detach of sno1', parts: { length: 13 } })
  t.match(stuckIn(tree), [])
  world.faults.set('hub', async () => unknown('timeout'))
  const blind = await lookAtDetach({ hub, seed: null }, of)
  t.equal(blind.state, 'unknown')
})
