import t from 'tap'
import { isEnded, type Run } from '../../../src/core/run/run.ts'
import { forbidden, present, unknown } from '../../../src/core/seen.ts'
import { observeAccessOf } from '../../../src/operations/observe/observe-access-of.ts'
import { observeAdoption } from '../../../src/operations/observe/observe-adoption.ts'
import { readBase } from '../../../src/operations/read-base.ts'
import { adoptedWorld, adoptInSeven } from '../../support/adopted-world.ts'
import { takeIn } from '../../../src/operations/intake/take-in.ts'
import { openPullRequest, reconcile, type FakeWorld } from '../../support/fake-world.ts'
import { alter, base64, places } from '../../support/saved-world.ts'

const runOf = (world: FakeWorld): Run => world.runs.get('sno1')!

/** Passes until the run has ended or waits for a person; whoever reads the report merges what is ready. */
const play = async (world: FakeWorld): Promise<readonly string[]> => {
  const effects: string[] = []
  const context = world.start()
  for (let pass = 0; pass < 40 && !isEnded(runOf(world).phase); pass += 1) {
    const { effect } = await reconcile(context, runOf(world))
    if (effect) effects.push(effect.do)
    world.turn()
    world.tick(31)
    const { phase, blocked } = runOf(world)
    if (blocked) break
    if (phase === 'Proposed' && world.pullRequests.get(7)!.state === 'open') world.merge(7)
  }
  return effects
}
const begin = async (name?: string): Promise<FakeWorld> => {
  const world = adoptedWorld(name)
  await adoptInSeven(world)
  return world
}
const klusterlet = {
  ...{ kind: 'CustomResourceDefinition' },
  metadata: { name: 'klusterlets.operator.open-cluster-management.io', uid: '' },
}
const managedCluster = { kind: 'ManagedCluster', metadata: { name: 'sno1', uid: 'uid-9' } }

t.test('an adopted run goes from its merge to the image, and asks nothing of Argo CD', async t => {
  const world = await begin()
  t.match(runOf(world).request, { adopt: true, cluster: 'sno1' })
  t.strictSame(await play(world), [
    'record-merge',
    'commit-seed-generator',
    'deliver-secret',
    'apply-seed-generator',
    'delete-seed-generator',
    'delete-secret',
    'commit-record',
    'delete-access',
  ])
  t.match(runOf(world), { phase: 'Completed', blocked: null, facts: { digest: 'sha256:new' } })
  t.strictSame(world.repository.log('seed-7').slice(0, 1), ['Ask in #7'], 'nothing is edited')
  t.notOk(world.acts.includes('hub.annotate'))
  t.match(world.repository.text('main', 'seeds/sno1/record.yaml'), /status: completed/)
  t.match(world.repository.text('main', 'seeds/sno1/record.yaml'), /^detached: null$/m)
})

const before: Readonly<
  Record<string, readonly [(world: FakeWorld) => void, code: string, reason: RegExp]>
> = {
  'a ManagedCluster': [
    ({ hub }) => {
      hub.add(managedCluster)
    },
    'PREFLIGHT_FAILED',
    /^hub\.not-managed: the hub has ManagedCluster sno1$/,
  ],
  'a ManagedCluster that Sower may not read': [
    ({ faults }) => {
      const denied = forbidden({
        verb: 'get',
        group: 'cluster.open-cluster-management.io',
        resource: 'managedclusters',
      })
      faults.set('hub.read', given =>
        (given as { kind: string }).kind === 'ManagedCluster' ? Promise.resolve(denied) : undefined,
      )
    },
    'PREFLIGHT_FAILED',
    /^hub\.not-managed: no answer: .*forbidden/,
  ],
  'a klusterlet': [
    ({ seed }) => {
      seed.add(klusterlet)
    },
    'PREFLIGHT_FAILED',
    /^seed\.klusterlet-gone: the CRD of the klusterlet is there$/,
  ],
  'a seed that says nothing of the klusterlet': [
    ({ faults }) => {
      faults.set('seed.read', given =>
        (given as { kind: string }).kind === 'CustomResourceDefinition'
          ? Promise.resolve(unknown('timeout'))
          : undefined,
      )
    },
    'PREFLIGHT_FAILED',
    /seed\.klusterlet-gone: no answer: .*timeout/,
  ],
  'no saved access': [
    ({ hub }) => {
      hub.objects.delete(places.saved)
      // What an installer left is not taken: nobody has said that it is of this cluster.
      const metadata = { name: 'sno1-admin-kubeconfig', uid: '' }
      hub.add({ kind: 'Secret', metadata, data: { kubeconfig: base64('x') } }, 'sno1')
    },
    'ACCESS_MISSING',
    /^no access to sno1 is saved on the hub$/,
  ],
  'access that is refused': [
    ({ faults }) => {
      faults.set('seed.may', async () => present(false))
    },
    'ACCESS_NOT_PROVEN',
    /not allowed to create a SeedGenerator/,
  ],
  'a render that brings it': [
    ({ repository }) => {
      const content = 'resources:\n  - sno1.yaml\n  - sno2.yaml\n'
      repository.write('main', 'Back', [{ path: 'clusters/kustomization.yaml', content }])
    },
    'NOT_DETACHED',
    /^adopting sno1: the base branch lists it$/,
  ],
}
for (const [what, [change, code, reason]] of Object.entries(before))
  t.test(`before the merge of an adopted run ${what} blocks it`, async t => {
    const world = await begin()
    change(world)
    t.strictSame(await play(world), [])
    t.match(runOf(world), { phase: 'Requested', blocked: { code, reason, fix: /\w{4}/ } })
    t.strictSame(world.acts, [], 'nothing is touched')
  })

t.test('the kubeconfig of another cluster is no access to adopt with', async t => {
  const world = await begin('sno2')
  await play(world)
  t.match(runOf(world).blocked, {
    code: 'ACCESS_NOT_PROVEN',
    reason: /: the kubeconfig leads to the cluster sno2$/,
  })
  const access = () => observeAccessOf(world.start(), runOf(world))
  world.seed.drop('Infrastructure')
  t.match(await access(), present({ proven: false, reason: /does not say which one it is/ }))
  world.faults.set('seed.read', async () => unknown('timeout'))
  t.match(await access(), present({ proven: false, reason: /no answer \(timeout\)/ }))
  const { adopt, ...request } = runOf(world).request
  t.equal(adopt, true)
  t.match(await observeAccessOf(world.start(), { request }), present({ proven: true }))
})

t.test('a branch that would bring or take anything is not merged for an adopted run', async t => {
  for (const [content, refusal] of [
    ['resources: []\n', /lose/],
    ['resources:\n  - sno1.yaml\n  - sno2.yaml\n', /the merge lists it/],
  ] as const) {
    const world = await begin()
    const path = 'clusters/kustomization.yaml'
    world.repository.write('seed-7', 'More', [{ path, content }])
    const context = world.start()
    const base = await readBase(context)
    const pullRequest = {
      ...world.pullRequests.get(7)!,
      headSha: world.repository.branches.get('seed-7')!,
    }
    const looked = observeAdoption(context, { base, run: runOf(world), pullRequest })
    const said = await looked.then(
      ({ proof }) => proof?.refusal ?? '',
      (error: unknown) => String(error),
    )
    t.match(said, refusal)
  }
})

t.test('a cluster that comes back after the merge blocks an adopted run', async t => {
  for (const phase of ['Detaching', 'Detached', 'Delivering'] as const) {
    const world = await begin()
    const context = world.start()
    const pass = async () => {
      await reconcile(context, runOf(world))
      world.tick(31)
    }
    await pass()
    world.merge(7)
    for (let count = 0; count < 20 && runOf(world).phase !== phase; count += 1) await pass()
    world.hub.add(managedCluster)
    const acts = [...world.acts]
    await pass()
    await pass()
    if (phase === 'Detaching') await pass()
    t.match(runOf(world), {
      phase: 'Detaching',
      blocked: { code: 'NOT_DETACHED', reason: /there is: ManagedCluster sno1$/ },
    })
    t.strictSame(
      world.acts.filter(act => act !== 'repository.push'),
      acts.filter(act => act !== 'repository.push'),
    )
    world.hub.drop('ManagedCluster')
    t.match(await play(world), [/./], 'it goes on by itself')
    t.equal(runOf(world).phase, 'Completed', phase)
  }
})

t.test('the access is looked at again after the merge', async t => {
  const world = await begin()
  const context = world.start()
  await reconcile(context, runOf(world))
  world.merge(7)
  await reconcile(context, runOf(world))
  world.seed.drop('Infrastructure')
  world.seed.add({
    ...{ kind: 'Infrastructure', metadata: { name: 'cluster', uid: '' } },
    status: { apiServerURL: 'https://api.sno2.example.com:6443' },
  })
  await reconcile(context, runOf(world))
  t.match(runOf(world), { phase: 'Detaching', blocked: { code: 'ACCESS_NOT_PROVEN' } })
  alter(world.hub.objects, places.saved, { data: {} })
  await reconcile(context, runOf(world))
  t.match(runOf(world), { phase: 'Detaching', blocked: { code: 'ACCESS_MISSING' } })
})

t.test('a comment only says how a seed is adopted', async t => {
  const world = adoptedWorld()
  openPullRequest(world, 7)
  const take = (body: string) =>
    takeIn(world.start(), {
      ...{ kind: 'comment', key: '#7/comment/1', pullRequest: 7, commentId: 1 },
      ...{ sender: 'alice', body },
    })
  t.match(await take('/seed adopt sno1'), [
    {
      ...{ code: null, text: /Nothing was changed\.$/ },
      list: [/sower access save --seed-kubeconfig FILE sno1/, /`sower request sno1 --adopt`/],
    },
  ])
  t.match(await take('/seed adopt production'), [{ code: 'NOT_A_SEED' }])
  t.equal(world.runs.size, 0)
  t.strictSame(world.acts, [])
})
