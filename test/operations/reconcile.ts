import t, { type Test } from 'tap'
import { isEnded, type Run } from '../../src/core/run/run.ts'
import { absent, present, unknown } from '../../src/core/seen.ts'
import { ConflictError, FailedError, RefusedError, UnavailableError } from '../../src/errors.ts'
import type { Context } from '../../src/operations/context.ts'
import type { Pass } from '../../src/operations/create-reconcile.ts'
import { askInSeven, fakeWorld, type FakeWorld, image, reconcile } from '../support/fake-world.ts'

const runOf = (world: FakeWorld): Run => world.runs.get('sno1')!

/** Passes until the run has ended, or `until` says so, with the world going on between; a human merges. */
const play = async (
  world: FakeWorld,
  until: (run: Run) => boolean = ({ phase }) => isEnded(phase),
  context: Context = world.start(),
): Promise<readonly Pass[]> => {
  const passes: Pass[] = []
  while (!until(runOf(world))) {
    if (passes.length === 60) throw new Error(`stuck: ${JSON.stringify(runOf(world))}`)
    passes.push(await reconcile(context, runOf(world)))
    world.turn()
    world.tick(31)
    const { phase, blocked } = runOf(world)
    const pullRequest = world.pullRequests.get(7)!
    if (phase === 'Proposed' && !blocked && pullRequest.state === 'open') world.merge(7)
  }
  return passes
}
const inPhase =
  (wanted: Run['phase']) =>
  ({ phase }: Run): boolean =>
    phase === wanted
const begin = async (until?: Run['phase']): Promise<FakeWorld> => {
  const world = fakeWorld()
  await askInSeven(world)
  if (until) await play(world, inPhase(until))
  return world
}
const effectsOf = (passes: readonly Pass[]): readonly string[] =>
  passes.flatMap(({ effect }) => effect?.do ?? [])

const wholeRun = [
  'save-access',
  'commit-detach',
  'record-merge',
  'refresh',
  'commit-seed-generator',
  'deliver-secret',
  'apply-seed-generator',
  'delete-seed-generator',
  'delete-secret',
  'commit-record',
  'delete-access',
]
const commits = [
  'Record the seed image of sno1: completed',
  'Generate the seed image of sno1',
  'Record the merge of sno1',
  'Merge',
  'Begin',
]

/** What every whole run leaves behind: each thing was made once. */
const isComplete = (t: Test, world: FakeWorld): void => {
  t.match(runOf(world), {
    phase: 'Completed',
    outcome: 'Completed',
    blocked: null,
    intent: null,
    facts: { digest: 'sha256:new', digestBefore: null, managedClusterUid: 'uid-1' },
  })
  t.strictSame(world.repository.log('main'), commits)
  t.strictSame(world.repository.log('seed-7'), ['Detach sno1', 'Ask in #7', 'Begin'])
  t.strictSame(world.seed.created, ['Secret', 'SeedGenerator'])
  t.strictSame(world.hub.created, ['Secret sno1-access'])
  t.equal(world.repository.text('main', 'seeds/sno1/seedgenerator.yaml'), undefined)
  t.match(world.repository.text('main', 'seeds/sno1/record.yaml'), /digest: sha256:new/)
  t.notOk(world.hub.objects.has('Secret/sower/sno1-access'))
  t.equal(world.seed.find('SeedGenerator'), undefined)
  t.notOk(world.seed.objects.has('Secret/openshift-lifecycle-agent/seedgen'))
}

t.test('goes from a request to a proven image, one effect a pass', async t => {
  const world = await begin()
  const passes = await play(world)
  t.strictSame(effectsOf(passes), wholeRun)
  t.ok(passes.every(({ error }) => error === null))
  isComplete(t, world)
  const recorded = JSON.stringify([...world.runs.values(), ...world.acts])
  t.notMatch(recorded, /secret-word|the kubeconfig/, 'no credential is in the run')
})

t.test(
  'ends the same after a crash between an act and its record, whichever act it was',
  async t => {
    for (const effect of wholeRun) {
      const world = await begin()
      let crashes = 0
      // The process is gone from the moment at which the settled run was to be written.
      const crash = (next: unknown): undefined => {
        const begun = runOf(world).intent?.effect.do === effect
        if (crashes === 0 && begun && (next as Run).intent === null) crashes += 1
        else if (crashes !== 1) return undefined
        throw new Error('the process was killed')
      }
      world.faults.set('runs.replace', given => {
        crash(given)
      })
      const dies = async (): Promise<void> => {
        await play(world, ({ phase }) => isEnded(phase))
      }
      await t.rejects(dies(), { message: /killed/ }, effect)
      t.equal(runOf(world).intent?.effect.do, effect, 'the intent was recorded before')
      crashes = 2
      await play(world)
      isComplete(t, world)
    }
  },
)

for (const effect of ['deliver-secret', 'apply-seed-generator'] as const) {
  const kind = effect === 'deliver-secret' ? 'Secret' : 'SeedGenerator'
  const isIntended = ({ intent }: Run): boolean => intent?.effect.do === effect

  t.test(`does not repeat ${effect} when nobody knows whether it happened`, async t => {
    const world = await begin('Delivering')
    world.faults.set('seed.create', given => {
      if ((given as { kind: string }).kind !== kind) return undefined
      throw new UnavailableError('CLUSTER_UNAVAILABLE', 'creating it: no answer')
    })
    await play(world, isIntended)
    world.faults.clear()
    const before = [...world.seed.created]
    const context = world.start()
    for (let looks = 0; looks < 5; looks += 1) {
      const { effect: repeated } = await reconcile(context, runOf(world))
      t.equal(repeated, null)
      world.tick(600)
    }
    t.match(runOf(world), { phase: 'Delivering', blocked: { code: 'DELIVERY_UNKNOWN' } })
    t.strictSame(world.seed.created, before)
  })

  t.test(`goes on by itself when what ${effect} made is seen after all`, async t => {
    const world = await begin('Delivering')
    const { create } = world.seed.port
    world.faults.set('seed.create', given => {
      const manifest = given as Parameters<typeof create>[0]
      if (manifest.kind !== kind) return undefined
      return create(manifest).then(() => {
        throw new UnavailableError('CLUSTER_UNAVAILABLE', 'creating it: the answer was lost')
      })
    })
    await play(world, isIntended)
    world.faults.clear()
    await play(world)
    isComplete(t, world)
  })

  t.test(`does ${effect} again after a definite no`, async t => {
    const world = await begin('Delivering')
    world.faults.set('seed.create', given => {
      if ((given as { kind: string }).kind !== kind) return undefined
      throw new FailedError('OBJECT_REFUSED', 'creating it: quota')
    })
    await play(world, ({ blocked }) => blocked !== null)
    t.match(runOf(world), { intent: null, blocked: { code: 'OBJECT_REFUSED' } })
    world.faults.clear()
    await play(world)
    isComplete(t, world)
  })

  t.test(`does not repeat ${effect} after an error that nobody foresaw`, async t => {
    const world = await begin('Delivering')
    world.faults.set('seed.create', given => {
      if ((given as { kind: string }).kind !== kind) return undefined
      throw new TypeError('with the word secret-word in it')
    })
    await play(world, isIntended)
    t.match(runOf(world).blocked, { code: 'INTERNAL' })
    t.notMatch(JSON.stringify(runOf(world)), /secret-word/, 'and quotes none of it')
    world.faults.clear()
    const pass = await reconcile(world.start(), runOf(world))
    t.match(pass, { effect: null, run: { blocked: { code: 'DELIVERY_UNKNOWN' } } })
  })
}

t.test('does nothing when another process has changed the run', async t => {
  for (const phase of ['Requested', 'Detached', 'Delivering'] as const) {
    const world = await begin(phase)
    const stale = runOf(world)
    await world.ports.runs.replace({ ...stale, orders: [] })
    const acts = [...world.acts]
    await t.rejects(reconcile(world.start(), stale), ConflictError, phase)
    t.strictSame(world.acts, acts)
  }
})

t.test('of two processes at the same run only one acts', async t => {
  const world = await begin('Delivering')
  const run = runOf(world)
  const both = await Promise.allSettled([
    reconcile(world.start(), run),
    reconcile(world.start(), run),
  ])
  t.strictSame(both.map(({ status }) => status).sort(), ['fulfilled', 'rejected'])
  t.strictSame(world.seed.created, ['Secret'])
})

t.test('never deletes the access but at the very end of a success', async t => {
  const world = await begin()
  const phases: string[] = []
  world.faults.set('hub.remove', () => {
    phases.push(`${runOf(world).phase} ${runOf(world).outcome}`)
    return undefined
  })
  await play(world)
  t.strictSame(phases, ['CleaningUp Completed'])
})

t.test('keeps the access of a run that failed', async t => {
  const world = await begin('Generating')
  const order = { key: 'k', verb: 'abort', by: 'root', at: world.now().toISOString() } as const
  await world.ports.runs.replace({ ...runOf(world), orders: [order] })
  await play(world)
  t.equal(runOf(world).phase, 'Failed')
  t.ok(world.hub.objects.has('Secret/sower/sno1-access'))
  t.equal(world.seed.find('SeedGenerator'), undefined)
})

t.test('stops everything when the merge is reverted', async t => {
  for (const phase of ['Detaching', 'Detached', 'Delivering'] as const) {
    const world = await begin(phase)
    const listed = 'resources:\n  - sno1.yaml\n  - sno2.yaml\n'
    world.repository.write('main', 'Revert', [
      { path: 'clusters/kustomization.yaml', content: listed },
    ])
    const acts = [...world.acts]
    for (let looks = 0; looks < 4; looks += 1) {
      await reconcile(world.start(), runOf(world))
      world.tick(40)
    }
    t.match(runOf(world), { phase, blocked: { code: 'DETACH_REVERTED' } })
    t.strictSame(world.acts, acts)
  }
})

t.test('opens no gate to a world that gives no answer', async t => {
  const silent = { hub: ['hub.read', 'hub.list'], seed: ['seed.read', 'seed.list'] }
  for (const phase of ['Detaching', 'Detached', 'Delivering'] as const)
    for (const [side, calls] of Object.entries(silent)) {
      const world = await begin(phase)
      // All that could be done here has been done but what a gate holds back.
      if (phase === 'Detaching') await play(world, ({ facts }) => facts.goneSince !== null)
      for (const call of calls) world.faults.set(call, async () => unknown('unreachable'))
      const made = [...world.seed.created, ...world.repository.log('main')]
      for (let looks = 0; looks < 4; looks += 1) {
        await reconcile(world.start(), runOf(world))
        world.tick(40)
      }
      t.equal(runOf(world).phase, phase, `${phase} without ${side}`)
      t.strictSame([...world.seed.created, ...world.repository.log('main')], made)
    }
})

t.test('goes back, and makes nothing, when the ManagedCluster is there again', async t => {
  const world = await begin('Detached')
  world.hub.add({ kind: 'ManagedCluster' })
  const { effect, run } = await reconcile(world.start(), runOf(world))
  t.match({ effect, run }, { effect: null, run: { phase: 'Detaching' } })
})

t.test('does not push to a branch that moved after the look', async t => {
  const world = await begin()
  await play(world, () => world.hub.created.length > 0)
  const run = runOf(world)
  world.faults.set('runs.replace', () => {
    world.faults.clear()
    world.repository.write('seed-7', 'One more', [{ path: 'notes.md', content: 'x' }])
    return undefined
  })
  const { effect, error } = await reconcile(world.start(), run)
  t.match({ effect, error }, { effect: { do: 'commit-detach' }, error: { code: 'HEAD_MOVED' } })
  t.equal(world.repository.log('seed-7')[0], 'One more')
  await reconcile(world.start(), runOf(world))
  t.match(runOf(world), { phase: 'Requested', blocked: { code: 'HEAD_MOVED' } })
})

t.test('saves the access first when a human merges before the edit is there', async t => {
  const world = await begin()
  world.merge(7)
  const context = world.start()
  await reconcile(context, runOf(world))
  t.equal(runOf(world).phase, 'Detaching')
  const { effect } = await reconcile(context, runOf(world))
  t.strictSame(effect, { do: 'save-access' })
})

t.test('can be aborted where the merged branch cannot be understood', async t => {
  const world = await begin('Detached')
  world.repository.write('main', 'Break it', [{ path: 'sower.yaml', content: 'seeds: 1\n' }])
  await reconcile(world.start(), runOf(world))
  t.match(runOf(world).blocked, { code: 'CONFIGURATION_INVALID' })
  const order = { key: 'k', verb: 'abort', by: 'root', at: world.now().toISOString() } as const
  await world.ports.runs.replace({ ...runOf(world), orders: [order] })
  const { run } = await reconcile(world.start(), runOf(world))
  t.match(run, { phase: 'CleaningUp', outcome: 'Failed', orders: [] })
})

t.test('only tries again while Git gives no answer, and shows a refusal once', async t => {
  const world = await begin()
  const run = runOf(world)
  world.faults.set('repository.fetch', () => {
    throw new UnavailableError('GIT_FAILED', 'fetching: no answer')
  })
  const tried = await reconcile(world.start(), run)
  t.match(tried, { look: null, effect: null, error: { code: 'GIT_FAILED' } })
  t.equal(runOf(world), run, 'nothing was written')
  world.faults.set('repository.fetch', () => {
    throw new RefusedError('GIT_FAILED', 'fetching: not allowed')
  })
  await reconcile(world.start(), runOf(world))
  const blocked = runOf(world)
  t.match(blocked.blocked, { code: 'GIT_FAILED', reason: 'fetching: not allowed' })
  await reconcile(world.start(), runOf(world))
  t.equal(runOf(world), blocked, 'the same refusal is written once')
})

t.test('an image that was there before is not taken for the result', async t => {
  const world = await begin()
  const old = present({ digest: 'sha256:old', format: '4', cluster: 'sno1' })
  world.faults.set('registry.inspect', async () => old)
  world.faults.set('registry.digest', async () => present('sha256:old'))
  await play(world, ({ blocked }) => blocked?.code === 'IMAGE_NOT_PROVEN')
  t.match(runOf(world), { phase: 'Verifying', facts: { digestBefore: 'sha256:old' } })
  world.faults.set('registry.inspect', async () => absent)
  await reconcile(world.start(), runOf(world))
  t.match(runOf(world).blocked, { code: 'IMAGE_NOT_PROVEN', reason: new RegExp(image) })
})

t.test('a seed whose API never comes back holds up its proven image by half an hour', async t => {
  const world = await begin('Generating')
  world.faults.set('seed', async () => unknown('unreachable'))
  world.turn()
  const pushedAt = world.now().getTime()
  const minutes = (): number => (world.now().getTime() - pushedAt) / 60_000
  const passes = [...(await play(world, inPhase('Verifying')))]
  t.ok(minutes() >= 10 && minutes() <= 15, `Verifying after ${minutes()} minutes`)
  passes.push(...(await play(world)))
  t.ok(minutes() <= 35, `ended after ${minutes()} minutes`)
  t.match(runOf(world), { phase: 'Completed', facts: { digest: /^sha256:/ } })
  t.strictSame(effectsOf(passes), ['commit-record'], 'nothing is deleted that nobody can see')
  t.ok(world.hub.objects.has('Secret/sower/sno1-access'), 'and the access is kept')
})
