import t from 'tap'
import { present, unknown, type Seen } from '../../../src/core/seen.ts'
import type { Cluster } from '../../../src/operations/ports/cluster.ts'
import { createRecall } from '../../../src/operations/preflight/create-recall.ts'
import { keepAnswers } from '../../../src/operations/preflight/keep-answers.ts'
import { createReconcile } from '../../../src/operations/create-reconcile.ts'
import { askInSeven, fakeWorld, type FakeWorld } from '../../support/fake-world.ts'
import { aRun } from '../../support/run/run-scene.ts'

const nodes = { apiVersion: 'v1', kind: 'Node' }
const applications = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Application' }

/** A world whose reads of hub, seed and registry are counted, by call. */
const counting = (): Readonly<{ world: FakeWorld; calls: string[] }> => {
  const world = fakeWorld()
  const calls: string[] = []
  const reads = ['read', 'list', 'may', 'ready', 'summary']
  for (const call of [
    ...reads.flatMap(name => [`hub.${name}`, `seed.${name}`]),
    ...['registry.mayPush', 'registry.digest', 'registry.inspect'],
    ...['forge.branchUse', 'forge.branchRules'],
  ])
    world.faults.set(call, (...given) => {
      calls.push(`${call} ${JSON.stringify(given)}`)
      return undefined
    })
  return { world, calls }
}

t.test(
  'an open pull request that nobody touches costs one round of reads in ten minutes',
  async t => {
    const { world, calls } = counting()
    const reconcile = createReconcile(world.start())
    await askInSeven(world)
    const look = async (): Promise<void> => {
      const run = world.runs.get('sno1')
      if (run) await reconcile(run)
    }
    for (let times = 0; times < 6; times += 1) {
      await look()
      world.tick(10)
    }
    t.match(world.runs.get('sno1'), { phase: 'Proposed', blocked: null })
    calls.length = 0
    for (let times = 0; times < 53; times += 1) {
      await look()
      world.tick(10)
    }
    t.strictSame(calls, [], 'nothing is asked for')
    for (let times = 0; times < 60; times += 1) {
      await look()
      world.tick(10)
    }
    t.not(calls.length, 0)
    t.equal(new Set(calls).size, calls.length, 'each read happened once')
  },
)

t.test('a base that moves asks Argo CD again and nothing else', async t => {
  const { world, calls } = counting()
  const recall = createRecall({ seconds: 600, now: world.now })
  const run = aRun('Proposed')
  const look = async (at: Parameters<typeof recall.portsFor>[2], of = run): Promise<string[]> => {
    calls.length = 0
    const { hub } = recall.portsFor(world.ports, of, at)
    await Promise.all([hub.list(nodes), hub.list(nodes), hub.list(applications)])
    return calls.map(call => call.replace(/^.*"kind":"(\w+)".*$/, '$1'))
  }
  t.strictSame(await look({ head: 'a', base: 'b' }), ['Node', 'Application'])
  t.strictSame(await look({ head: 'a', base: 'b' }), [])
  t.strictSame(await look({ head: 'a', base: 'c' }), ['Application'])
  t.strictSame(await look({ head: 'd', base: 'c' }), ['Node', 'Application'])
  const order = { key: 'k', verb: 'retry', by: 'alice', at: '2026-01-01' } as const
  const ordered = { ...run, orders: [order] }
  t.strictSame(await look({ head: 'd', base: 'c' }, ordered), ['Node', 'Application'])
  recall.forget(run.name)
  t.strictSame(await look({ head: 'd', base: 'c' }, ordered), ['Node', 'Application'])
  t.not(recall.last(world.ports, ordered), world.ports)
  t.equal(
    recall.last(world.ports, { ...run, phase: 'Detaching' }),
    world.ports,
    'after the merge all is asked',
  )
  t.equal(recall.last(world.ports, ordered), world.ports)
})

t.test('what was not answered is asked again earlier, then less and less often', async t => {
  const { world } = counting()
  const at: number[] = []
  const begin = world.now().getTime()
  const hub: Cluster = {
    ...world.ports.hub,
    list: async () => {
      at.push((world.now().getTime() - begin) / 60_000)
      return unknown('timeout')
    },
  }
  const keeping = { milliseconds: 600_000, now: world.now }
  const { ports } = keepAnswers({ ...world.ports, hub }, keeping)
  for (let minutes = 0; minutes <= 36; minutes += 0.5) {
    t.strictSame(await ports.hub.list(nodes), unknown('timeout'))
    world.tick(30)
  }
  t.strictSame(at, [0, 1, 3, 7, 15, 25, 35])
})

t.test('every read is kept, and nothing that acts', async t => {
  const { world, calls } = counting()
  const { ports } = keepAnswers(world.ports, { milliseconds: 600_000, now: world.now })
  const image = { registry: 'r', repository: 'a', tag: '1', text: 'r/a:1' }
  const credential = { key: 'r', username: 'u', password: 'p' }
  const key = { apiVersion: 'v1', kind: 'Node', name: 'a' }
  const act = { verb: 'create', group: 'g', resource: 'r' }
  const ask = async (): Promise<readonly Seen<unknown>[]> => {
    const seed = ports.connect('kubeconfig')
    return Promise.all([
      ...[ports.hub.read(key), ports.hub.list(nodes), ports.hub.may(act), ports.hub.ready()],
      ...[seed.read(key), seed.summary('node-1'), ports.forge.branchUse('main')],
      ports.forge.branchRules('main'),
      ...[ports.registry.mayPush(image, credential), ports.registry.digest(image, credential)],
    ])
  }
  t.strictSame(await ask(), await ask())
  t.equal(calls.length, 10)
  t.equal(new Set(calls).size, 10)
  t.strictSame(await ports.hub.may(act), present(true))
  const tokens: string[] = []
  const argocd = {
    may: async (action: string) => present(tokens.push(action) > 0),
    syncWithPrune: async () => undefined,
  }
  const kept = keepAnswers({ ...world.ports, argocd }, { milliseconds: 600_000, now: world.now })
  for (const action of ['get', 'sync', 'get'] as const) await kept.ports.argocd?.may(action, 'a/b')
  t.strictSame(tokens, ['get', 'sync'])
  await ports.hub.putSecret({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'a' } })
  t.strictSame(world.acts, ['hub.putSecret'])
})
