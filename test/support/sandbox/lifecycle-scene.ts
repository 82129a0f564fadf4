import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { request } from 'node:https'
import { buffer } from 'node:stream/consumers'
import t, { type Test } from 'tap'
import { createClock, type Clock } from '../../../src/sandbox/clock.ts'
import { installedOnSeed } from '../../../src/sandbox/installed-on-seed.ts'
import type { AgentReleaseName } from '../../../src/sandbox/lifecycle-agent/agent-release.ts'
import type { LifecycleAgentFaults } from '../../../src/sandbox/lifecycle-agent/lifecycle-agent-faults.ts'
import { startLifecycleAgent } from '../../../src/sandbox/lifecycle-agent/start-lifecycle-agent.ts'
import { createAuthority } from '../../../src/sandbox/kubernetes/authority.ts'
import {
  createObjectStore,
  type ObjectStore,
  type StoredObject,
} from '../../../src/sandbox/kubernetes/object-store.ts'
import { startRegistry } from '../../../src/sandbox/registry/start-registry.ts'
import type { SeedCluster, World } from '../../../src/sandbox/world.ts'

/** A registry where `pusher` may push to ibu. */
export const registry = await startRegistry({
  authority: await createAuthority({ name: 'registry' }),
  accounts: [
    { username: 'pusher', password: 'p:w', push: true, repositories: ['ibu'] },
    { username: 'puller', password: 'pw', push: false },
  ],
  tell: () => undefined,
})
t.teardown(() => registry.close())

/** What the registry has at a path below /v2/. */
export const read = async (
  path: string,
): Promise<{ code: number | undefined; body: string; bytes: Buffer }> => {
  const sent = request(`https://${registry.host}/v2/${path}`, {
    ca: registry.certificateAuthority,
    agent: false,
    auth: 'puller:pw',
  })
  sent.end()
  const [response] = (await once(sent, 'response')) as [IncomingMessage]
  const bytes = await buffer(response)
  return { code: response.statusCode, body: bytes.toString(), bytes }
}

export const namespace = 'openshift-lifecycle-agent'
export const generatorKey = {
  apiVersion: 'lca.openshift.io/v1',
  kind: 'SeedGenerator',
  name: 'seedimage',
}
export const secretKey = { apiVersion: 'v1', kind: 'Secret', namespace, name: 'seedgen' }
const auth = (credential: string): string => Buffer.from(credential).toString('base64')
/** An authfile with these credentials, `user:password` by registry. */
export const authfile = (entries: Record<string, string>): string =>
  JSON.stringify({
    auths: Object.fromEntries(
      Object.entries(entries).map(([key, credential]) => [key, { auth: auth(credential) }]),
    ),
  })
export const pushers = authfile({
  [registry.host]: 'puller:pw',
  [`${registry.host}/ibu`]: 'pusher:p:w',
})

type Condition = { type: string; status: string; reason: string; message: string }

type Scene = Readonly<{
  world: World
  store: ObjectStore
  told: readonly Readonly<{ message: string; details: unknown; at: Date }>[]
  messages: readonly string[]
  availability: readonly boolean[]
  conditions: () => readonly Condition[]
  deliver: (image: string, seedAuth?: string) => StoredObject
  until: (what: string, isTrue: () => unknown) => Promise<void>
  ended: () => boolean
}>

/** A Lifecycle Agent on a seed that is ready, two thousand times as fast. */
export const scene = (
  test: Test,
  faults: LifecycleAgentFaults = {},
  {
    clock = createClock(2000),
    endTokens = () => undefined,
    ...of
  }: Readonly<{
    release?: AgentReleaseName
    namespace?: string
    clock?: Clock
    endTokens?: () => void
  }> = {},
): Scene => {
  const store = createObjectStore(clock)
  for (const object of installedOnSeed('seed-sno1', '4.18.9')) store.create(object)
  const told: { message: string; details: unknown; at: Date }[] = []
  const availability: boolean[] = []
  const world: World = {
    clock,
    hub: createObjectStore(clock),
    seeds: new Map(),
    tell: (_, message, details) => told.push({ message, details, at: clock.now() }),
  }
  const seed: SeedCluster = {
    name: 'seed-sno1',
    store,
    kubeconfig: '',
    version: '4.18.9',
    endTokens,
    setAvailable: async isAvailable => {
      availability.push(isAvailable)
    },
  }
  const messages: string[] = []
  const conditions = (): Condition[] =>
    (store.get(generatorKey)?.['status'] as { conditions?: Condition[] } | undefined)?.conditions ??
    []
  store.watch(({ object }) => {
    if (object.kind !== 'SeedGenerator') return
    const last = conditions().find(({ type }) => type === 'SeedGenInProgress')?.message
    if (last !== undefined && messages.at(-1) !== last) messages.push(last)
  })
  const agent = startLifecycleAgent(world, seed, {
    registryAuthority: registry.certificateAuthority,
    faults,
    ...of,
  })
  test.teardown(async () => {
    clock.stop()
    await agent.stop()
  })
  return {
    world,
    store,
    told,
    messages,
    availability,
    conditions,
    deliver: (image: string, seedAuth = pushers): StoredObject => {
      store.create({
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: 'seedgen', namespace },
        data: { seedAuth: Buffer.from(seedAuth).toString('base64') },
      })
      return store.create({
        apiVersion: 'lca.openshift.io/v1',
        kind: 'SeedGenerator',
        metadata: { name: 'seedimage' },
        spec: { seedImage: `${registry.host}/${image}` },
      })
    },
    until: async (what: string, isTrue: () => unknown): Promise<void> => {
      const end = Date.now() + 8000
      while (!isTrue()) {
        if (Date.now() > end) throw new Error(`never: ${what}; ${JSON.stringify(conditions())}`)
        await new Promise(resolve => setTimeout(resolve, 1))
      }
    },
    ended: (): boolean => conditions().some(({ type }) => type === 'SeedGenCompleted'),
  }
}
