import { newRun, type Request, type Run } from '../../src/core/run/run.ts'
import { absent, mapSeen, present, type Seen } from '../../src/core/seen.ts'
import type { SeedImage } from '../../src/core/seedgen/prove-image.ts'
import { ConflictError } from '../../src/errors.ts'
import { createContext, type Context } from '../../src/operations/context.ts'
import {
  createReconcile,
  type Pass,
  type Reconcile,
} from '../../src/operations/create-reconcile.ts'
import { leadAlone } from '../../src/bot/hub/lead-alone.ts'
import type { Ports } from '../../src/operations/ports/ports.ts'
import type { RunStore } from '../../src/operations/ports/run-store.ts'
import type { Confirmation } from '../../src/operations/ports/inbox.ts'
import type { Permission } from '../../src/core/settings/roles.ts'
import type { PullRequest } from '../../src/operations/ports/forge.ts'
import type { ReadObject } from '../../src/core/preflight/query.ts'
import { healthyCluster, healthyHub, healthySeed } from './preflight/healthy.ts'
import { fakeCluster, type FakeCluster } from './fake-cluster.ts'
import { fakeRepository, type FakeRepository } from './fake-repository.ts'

const reconcilers = new WeakMap<Context, Reconcile>()

/** One pass over a run by the process of a context, which remembers what it met before. */
export const reconcile = (context: Context, run: Run): Promise<Pass> => {
  const known = reconcilers.get(context) ?? createReconcile(context)
  reconcilers.set(context, known)
  return known(run)
}

/** A world in memory behind the ports: what a run does to it can be counted, and any call can fail. */
export type FakeWorld = Readonly<{
  repository: FakeRepository
  hub: FakeCluster
  seed: FakeCluster
  runs: Map<string, Run>
  pullRequests: Map<number, PullRequest>
  permissions: Map<string, Permission>
  /** `team/login` for each member of a team. */
  teams: Set<string>
  comments: Map<string, string>
  /** Every act on the outside, in order: `hub.create`, `repository.push`, … */
  acts: string[]
  /** Replaces what one call answers, `hub.read` for example; it may throw. */
  faults: Map<string, (...given: readonly unknown[]) => unknown>
  ports: Ports
  /** A process that has just begun: nothing is remembered but what the world holds. */
  start: () => Context
  tick: (seconds: number) => void
  now: () => Date
  /** Argo CD, ACM and the Lifecycle Agent do what they do. */
  turn: () => void
  merge: (pullRequest: number) => void
}>

const clusterInstance = (name: string): string =>
  `apiVersion: siteconfig.open-cluster-management.io/v1alpha1
kind: ClusterInstance
metadata: { name: ${name}, namespace: ${name} }
spec: { clusterName: ${name} }
`
export const configuration = `apiVersion: sower.dev/v1alpha1
kind: Configuration
seeds: [sno1, sno2]
roots: [clusters]
image: registry.example.com/ibu/{cluster}:4.18.5
permissions: { abort: admin }
`
export const image = 'registry.example.com/ibu/sno1:4.18.5'
export const requestFile = (cluster: string): string => `apiVersion: sower.dev/v1alpha1
kind: SeedRequest
cluster: ${cluster}
image: registry.example.com/ibu/${cluster}:4.18.5
`
const authfile = JSON.stringify({
  auths: { 'registry.example.com': { auth: Buffer.from('robot:secret-word').toString('base64') } },
})

const rejected = async (error: unknown): Promise<never> => {
  throw error
}

/** `settings` are further lines of its sower.yaml. */
export const fakeWorld = (settings = ''): FakeWorld => {
  const repository = fakeRepository({
    'sower.yaml': `${configuration}${settings}`,
    'clusters/kustomization.yaml': 'resources:\n  - sno1.yaml\n  - sno2.yaml\n',
    'clusters/sno1.yaml': clusterInstance('sno1'),
    'clusters/sno2.yaml': clusterInstance('sno2'),
  })
  const [hub, seed] = [fakeCluster(), fakeCluster()]
  const runs = new Map<string, Run>()
  const pullRequests = new Map<number, PullRequest>()
  const permissions = new Map<string, Permission>([
    ['alice', 'write'],
    ['root', 'admin'],
  ])
  const teams = new Set<string>()
  const comments = new Map<string, string>()
  const confirmed: Confirmation[] = []
  const acts: string[] = []
  const faults: FakeWorld['faults'] = new Map()
  const registry = { tag: absent as Seen<SeedImage> }
  const clock = { at: Date.UTC(2026, 10, 22, 10) }
  const state = { isGenerating: false }

  const put = (cluster: FakeCluster, objects: readonly ReadObject[]): void => {
    for (const { metadata, ...object } of objects)
      cluster.add({ ...object, metadata: { ...metadata, uid: '' } }, metadata.namespace)
  }
  const ours = healthyCluster.filter(({ kind }) => /^(?:ManagedCluster|BareMetalHost)$/.test(kind))
  put(hub, [...ours, { kind: 'ClusterInstance', metadata: { name: 'sno1', namespace: 'sno1' } }])
  put(hub, healthyHub)
  put(seed, healthySeed)
  hub.add(
    {
      kind: 'Application',
      metadata: { name: 'clusters', uid: '' },
      spec: {
        source: { repoURL: 'https://github.com/example/site.git', path: 'clusters' },
        destination: { server: 'https://kubernetes.default.svc', namespace: 'clusters' },
        syncPolicy: {
          automated: { prune: true },
          syncOptions: ['PrunePropagationPolicy=background'],
        },
      },
    },
    'openshift-gitops',
  )
  hub.add(
    {
      kind: 'AppProject',
      metadata: { name: 'default', uid: '' },
      spec: {
        sourceRepos: ['*'],
        destinations: [{ server: '*', namespace: '*' }],
      },
    },
    'openshift-gitops',
  )
  const synced = { conditions: [{ type: 'Synced', status: 'True' }], observedGeneration: 1 }
  const sealed = { name: 'seedgen', uid: '', generation: 1 }
  hub.add({ kind: 'SealedSecret', metadata: sealed, status: synced }, 'sower-seeds')
  const auth = { seedAuth: Buffer.from(authfile).toString('base64') }
  hub.add({ kind: 'Secret', metadata: sealed, data: auth }, 'sower-seeds')
  const kubeconfig = { kubeconfig: Buffer.from('the kubeconfig').toString('base64') }
  const access = { name: 'sno1-admin-kubeconfig', uid: '' }
  hub.add({ kind: 'Secret', metadata: access, data: kubeconfig }, 'sno1')
  const klusterlet = 'klusterlets.operator.open-cluster-management.io'
  seed.add({ kind: 'CustomResourceDefinition', metadata: { name: klusterlet, uid: '' } })
  seed.add({ kind: 'Namespace', metadata: { name: 'default', uid: '' } })

  const store: RunStore = {
    get: async name => runs.get(name),
    list: async () => [...runs.values()],
    create: async run => {
      if (runs.has(run.name)) return false
      runs.set(run.name, { ...run, version: '1' })
      return true
    },
    replace: async run => {
      if (runs.get(run.name)?.version !== run.version)
        throw new ConflictError('RUN_CHANGED', `saving the run of ${run.name}: it was changed`)
      const next = { ...run, version: String(Number(run.version) + 1) }
      runs.set(run.name, next)
      return next
    },
    remove: async run => {
      if ((runs.get(run.name) ?? run).version !== run.version)
        throw new ConflictError('RUN_CHANGED', `deleting the run of ${run.name}: it was changed`)
      runs.delete(run.name)
    },
  }
  const acting = new Set(['push', 'create', 'putSecret', 'annotate', 'remove', 'syncWithPrune'])
  /** Every call of a port can be replaced by a fault; what acts is written down once it has happened. */
  const through = <T extends object>(system: string, port: T): T =>
    new Proxy(port, {
      get: (target, name: string) => {
        const method: unknown = Reflect.get(target, name)
        if (typeof method !== 'function') return method
        return (...given: readonly unknown[]): unknown => {
          const call = `${system}.${name}`
          const fault = faults.get(call) ?? faults.get(system)
          if (fault) {
            try {
              const answer = fault(...given)
              if (answer !== undefined) return answer
            } catch (error: unknown) {
              // Ports are asynchronous: what goes wrong in them is a rejection.
              return rejected(error)
            }
          }
          const result: unknown = Reflect.apply(method, target, given)
          const isAct = acting.has(name) && system !== 'runs'
          if (isAct || call === 'pulls.merge') acts.push(call)
          return result
        }
      },
    })
  const ports: Ports = {
    repository: through('repository', repository.port),
    kustomize: repository.kustomize,
    hub: through('hub', hub.port),
    connect: () => through('seed', seed.port),
    argocd: null,
    registry: through('registry', {
      mayPush: async () => present(true),
      digest: async () => mapSeen(registry.tag, ({ digest }) => digest),
      inspect: async () => registry.tag,
    }),
    runs: through('runs', store),
    leadership: leadAlone,
    confirmations: {
      list: () => confirmed,
      add: confirmation => void confirmed.push(confirmation),
    },
    conceal: () => undefined,
    clean: text => text,
    pulls: through('pulls', {
      open: async base =>
        [...pullRequests.values()].filter(one => one.base === base && one.state === 'open'),
      create: async ({ body, branch, base }) => {
        const number = 90 + pullRequests.size
        const headSha = repository.branches.get(branch)!
        const url = `https://github.com/example/site/pull/${number}`
        pullRequests.set(number, {
          ...{ number, state: 'open', headSha, mergedAs: null, branch, base, labels: [], body },
          ...{ baseSha: repository.branches.get(base)!, isFork: false, url, by: 'sower[bot]' },
        })
        return { number, branch, url, labels: [] }
      },
      merge: async ({ number, head }) => {
        const found = pullRequests.get(number)!
        if (found.state !== 'open') return 'it is not open'
        if (repository.branches.get(found.branch) !== head) return 'its head has moved'
        const mergedAs = repository.merge('main', found.branch)
        pullRequests.set(number, { ...found, state: 'merged', headSha: head, mergedAs })
        return null
      },
    }),
    forge: through('forge', {
      pullRequest: async (number: number) => {
        const found = pullRequests.get(number)
        if (!found) return absent
        return present({
          ...found,
          headSha: repository.branches.get(found.branch) ?? found.headSha,
        })
      },
      pullRequestFrom: async ({ branch, base }) => {
        const known = [...pullRequests.values()].reverse()
        const ours = known.filter(one => one.branch === branch && one.base === base)
        const found = ours.find(({ state }) => state === 'open') ?? ours[0]
        if (!found) return absent
        const headSha = repository.branches.get(branch) ?? found.headSha
        return present(found.state === 'open' ? { ...found, headSha } : found)
      },
      branchUse: async branch =>
        present({ isDefault: branch === 'main', isProtected: false, baseOf: [] }),
      branchRules: async () => present([]),
      permission: async (login: string) => permissions.get(login) ?? 'none',
      isTeamMember: async ({ team, login }: { team: string; login: string }) =>
        teams.has(`${team}/${login}`),
      repositoryId: async () => 4711,
      labelling: async ({ until }: { until: string }) => ({
        id: Date.parse(until) / 1000,
        at: until,
      }),
      upsertComment: async ({
        pullRequest,
        marker,
        body,
      }: {
        pullRequest: number
        marker: string
        body: string
      }) => {
        const key = `#${pullRequest} ${marker}`
        const end = comments.has(key) ? 'changed' : 'made'
        comments.set(key, body)
        return end
      },
      setStatus: async () => undefined,
      react: async () => undefined,
      login: async () => 'sower[bot]',
    }),
  }
  const now = (): Date => new Date(clock.at)
  const turnHub = (): void => {
    const application = hub.find('Application')!
    if (!application.metadata.annotations?.['argocd.argoproj.io/refresh']) return
    const revision = repository.branches.get('main')!
    const { metadata } = application
    hub.objects.set('Application/openshift-gitops/clusters', {
      ...application,
      metadata: { ...metadata, annotations: {} },
      status: { sync: { status: 'Synced', revision } },
    })
    if (/^ {2}- sno1/m.test(repository.text('main', 'clusters/kustomization.yaml') ?? '')) return
    for (const kind of ['ClusterInstance', 'BareMetalHost', 'ManagedCluster']) hub.drop(kind)
    hub.objects.delete('Secret/sno1/sno1-admin-kubeconfig')
    seed.drop('CustomResourceDefinition')
  }
  const turnSeed = (): void => {
    const generator = seed.find('SeedGenerator')
    if (!generator || generator.status !== undefined) return
    registry.tag = present({
      ...{ digest: 'sha256:new', format: '4', cluster: 'sno1', version: '4.18.5' },
      ...{ hasProxy: false, hasFips: false },
    })
    const conditions = [
      { type: 'SeedGenCompleted', status: 'True', message: 'Seed Generation completed' },
    ]
    seed.objects.set('SeedGenerator//seedimage', { ...generator, status: { conditions } })
  }
  return {
    repository,
    hub,
    seed,
    runs,
    pullRequests,
    permissions,
    teams,
    comments,
    acts,
    faults,
    ports,
    start: () =>
      createContext({
        ports,
        settings: { repository: 'example/site', branch: 'main', namespace: 'sower' },
        now,
      }),
    tick: seconds => {
      clock.at += seconds * 1000
    },
    now,
    turn: () => {
      turnHub()
      if (state.isGenerating) turnSeed()
      state.isGenerating = seed.find('SeedGenerator') !== undefined
    },
    merge: number => {
      const found = pullRequests.get(number)!
      const headSha = repository.branches.get(found.branch)!
      const mergedAs = repository.merge('main', found.branch)
      pullRequests.set(number, { ...found, state: 'merged', headSha, mergedAs })
    },
  }
}

/** Opens a pull request with files on a branch of its own; returns its head. */
export const openPullRequest = (
  world: FakeWorld,
  number: number,
  {
    files = {},
    ...change
  }: Partial<PullRequest> & Readonly<{ files?: Record<string, string> }> = {},
): string => {
  const branch = `seed-${number}`
  const changes = Object.entries(files).map(([path, content]) => ({ path, content }))
  const headSha = world.repository.write(branch, `Ask in #${number}`, changes)
  world.pullRequests.set(number, {
    number,
    state: 'open',
    headSha,
    mergedAs: null,
    branch,
    base: 'main',
    baseSha: world.repository.branches.get('main')!,
    isFork: false,
    labels: ['seed'],
    body: '',
    url: `https://github.com/example/site/pull/${number}`,
    ...change,
  })
  return headSha
}

/** Puts a fresh run into the store, asked for in #7 with a request file. */
export const askInSeven = async (world: FakeWorld): Promise<Run> => {
  const files = { 'seeds/sno1/request.yaml': requestFile('sno1') }
  const headSha = openPullRequest(world, 7, { files })
  const request: Request = {
    key: `#7/label/${headSha}`,
    cluster: 'sno1',
    image,
    repository: 'example/site',
    pullRequest: 7,
    by: 'alice',
    headSha,
  }
  await world.ports.runs.create(newRun(request, world.now().toISOString()))
  return world.runs.get('sno1')!
}
