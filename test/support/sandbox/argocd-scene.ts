import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Test } from 'tap'
import { parse } from 'yaml'
import { createClock } from '../../../src/sandbox/clock.ts'
import { startArgoCd, type ArgoCd } from '../../../src/sandbox/argocd/start-argocd.ts'
import {
  createObjectStore,
  type ObjectKey,
  type StoredObject,
} from '../../../src/sandbox/kubernetes/object-store.ts'
import type { World } from '../../../src/sandbox/world.ts'

const gitUrl = 'http://git.example/ztp.git'
const source = { repoURL: gitUrl, targetRevision: 'main', plugin: { name: 'sower' } }
/** What the API asks for. */
export const token = 'an-api-token'

/** One namespaced object as JSON, which is YAML; its namespace is its name. */
export const manifest = (kind: string, name: string, more: object = {}): string =>
  JSON.stringify({
    apiVersion:
      kind === 'ClusterInstance' ? 'siteconfig.open-cluster-management.io/v1alpha1' : 'v1',
    kind,
    metadata: { name, namespace: name, ...more },
    ...(kind === 'ClusterInstance' ? { spec: { clusterName: name } } : {}),
  })
/** One Namespace as JSON. */
export const namespace = (name: string): string =>
  JSON.stringify({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })

type Resource = {
  kind: string
  name: string
  status: string
  message: string
  requiresPruning?: boolean
}
const nothing = {
  sync: { status: '', revision: '', revisions: [] as string[] },
  health: { status: '' },
  reconciledAt: '',
  conditions: [] as { type: string; message: string }[],
  resources: [] as Resource[],
  history: [] as object[],
  operationState: {
    phase: '',
    message: '',
    finishedAt: '',
    retryCount: 0,
    operation: {} as Record<string, unknown>,
    syncResult: { resources: [] as Resource[] },
  },
}
type Status = typeof nothing

type Scene = Readonly<{
  world: World
  argoCd: ArgoCd
  told: string[]
  renders: Readonly<Record<string, string>>[]
  commit: (files: Readonly<Record<string, string | null>>) => string
  status: () => Status
  object: (kind: string, name: string) => StoredObject | undefined
  until: (what: string, isTrue: () => unknown) => Promise<void>
  /** Through the API; the status that it answers with. */
  refresh: () => Promise<Status & { annotations: Record<string, string> | undefined }>
  call: (path: string, init?: RequestInit) => Promise<Response>
}>

const applicationKey = {
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'Application',
  namespace: 'openshift-gitops',
  name: 'clusters',
}
/** Names an object that `manifest` or `namespace` wrote. */
export const keyFor = (kind: string, name: string): ObjectKey =>
  kind === 'ClusterInstance'
    ? {
        apiVersion: 'siteconfig.open-cluster-management.io/v1alpha1',
        kind,
        name,
        namespace: name,
      }
    : kind === 'Namespace'
      ? { apiVersion: 'v1', kind, name }
      : { apiVersion: 'v1', kind, name, namespace: name }

/** An Argo CD over a repository, with one Application. */
export const scene = async (
  test: Test,
  {
    syncPolicy = { automated: { prune: true, selfHeal: true } },
    whitelist = ['ClusterInstance', 'Secret'],
    policies = [
      ['get', 'ztp/*'],
      ['sync', 'ztp/*'],
    ],
    admission,
    sources,
  }: {
    syncPolicy?: object
    whitelist?: string[]
    policies?: (readonly [string, string])[]
    admission?: World['admission']
    /** In place of the one source, their paths. */
    sources?: string[]
  } = {},
): Promise<Scene> => {
  // Registered before the directory, so that it runs before the directory goes.
  let stop = async (): Promise<void> => {}
  test.teardown(() => stop())
  const root = test.testdir({ work: {} })
  const bareRepository = join(root, 'ztp.git')
  const clone = join(root, 'clone')
  const git = (...given: string[]): string =>
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.com', ...given], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim()
  git('init', '--bare', '-b', 'main', bareRepository)
  git('clone', bareRepository, clone)
  const commit: Scene['commit'] = files => {
    for (const [path, text] of Object.entries(files)) {
      const file = join(clone, 'site', path)
      if (text === null) rmSync(file)
      else {
        mkdirSync(dirname(file), { recursive: true })
        writeFileSync(file, text)
      }
    }
    git('-C', clone, 'add', '--all')
    git('-C', clone, 'commit', '-m', 'change', '--allow-empty')
    git('-C', clone, 'push', 'origin', 'HEAD:main')
    return git('-C', clone, 'rev-parse', 'HEAD')
  }
  const clock = createClock(600)
  const hub = createObjectStore(clock)
  const told: string[] = []
  const world: World = {
    clock,
    hub,
    seeds: new Map(),
    tell: (_, message) => told.push(message),
    ...(admission ? { admission } : {}),
  }
  hub.create({
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'AppProject',
    metadata: { name: 'ztp', namespace: 'openshift-gitops' },
    spec: {
      sourceRepos: ['*'],
      destinations: [{ server: '*', namespace: '*' }],
      clusterResourceWhitelist: [{ group: '', kind: 'Namespace' }],
      namespaceResourceWhitelist: whitelist.map(kind => ({ group: '*', kind })),
    },
  })
  hub.create({
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name: 'clusters', namespace: 'openshift-gitops' },
    spec: {
      project: 'ztp',
      ...(sources
        ? { sources: sources.map(path => ({ ...source, path })) }
        : { source: { ...source, path: 'site' } }),
      destination: { server: 'https://kubernetes.default.svc', namespace: 'clusters-sub' },
      syncPolicy,
    },
  })
  const renders: Readonly<Record<string, string>>[] = []
  commit({ 'kustomization.yaml': '{"resources":[]}' })
  const argoCd = await startArgoCd(world, {
    bareRepository,
    gitUrl,
    accounts: { [token]: { username: 'sower', policies } },
    workDirectory: join(root, 'work'),
    // As kustomize for what these tests need: the listed files, joined.
    render: async ({ directory, environment }) => {
      renders.push(environment)
      if (existsSync(join(directory, 'slow'))) return { timedOut: true }
      const { resources } = parse(readFileSync(join(directory, 'kustomization.yaml'), 'utf8')) as {
        resources?: string[] | null
      }
      if (!resources)
        return {
          failure: '`sower generate` failed exit status 1: Error: kustomization.yaml is empty',
        }
      const stdout = resources
        .map(path => readFileSync(join(directory, path), 'utf8'))
        .join('\n---\n')
      return { stdout }
    },
  })
  stop = async () => {
    clock.stop()
    await argoCd.stop()
  }
  const status = (): Status => ({
    ...nothing,
    ...(hub.get(applicationKey)?.['status'] as Partial<Status>),
  })
  const call: Scene['call'] = (path, init = {}) =>
    fetch(`${argoCd.url}/api/v1/applications/clusters${path}`, {
      ...init,
      headers: { authorization: `Bearer ${token}`, ...(init.headers as Record<string, string>) },
    })
  return {
    world,
    argoCd,
    told,
    renders,
    commit,
    status,
    call,
    object: (kind, name) => hub.get(keyFor(kind, name)),
    until: async (what, isTrue) => {
      const end = Date.now() + 8000
      while (!isTrue()) {
        if (Date.now() > end)
          throw new Error(`never: ${what}; ${JSON.stringify(status(), null, 1)}`)
        await new Promise(resolve => setTimeout(resolve, 3))
      }
    },
    refresh: async () => {
      const answer = (await (await call('?refresh=normal&project=ztp')).json()) as StoredObject
      return {
        ...nothing,
        ...(answer['status'] as Partial<Status>),
        annotations: answer.metadata.annotations,
      }
    },
  }
}
