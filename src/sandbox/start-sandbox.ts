import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { installedOnHub } from './installed-on-seed.ts'
import { createClock } from './clock.ts'
import { startAcm } from './acm/start-acm.ts'
import { startArgoCd } from './argocd/start-argocd.ts'
import { describePluginFailure, runPlugin } from './argocd/run-plugin.ts'
import type { Render } from './argocd/render.ts'
import { startLifecycleAgent } from './lifecycle-agent/start-lifecycle-agent.ts'
import { startSealedSecrets } from './sealed-secrets/start-sealed-secrets.ts'
import { createSealingKey } from './sealed-secrets/sealing-key.ts'
import { startSiteconfig } from './siteconfig/start-siteconfig.ts'
import { startGitHub, type Account, type GitHub, type PushedCommit } from './github/start-github.ts'
import { createAuthority } from './kubernetes/authority.ts'
import {
  createObjectStore,
  keyOf,
  type ObjectStore,
  type StoredObject,
} from './kubernetes/object-store.ts'
import { hubResources } from './kubernetes/resource.ts'
import {
  startApiServer,
  type ApiServer,
  type ServedRequest,
} from './kubernetes/start-api-server.ts'
import { readManifestObjects } from './read-manifest-objects.ts'
import { startRegistry, type RegistryServer } from './registry/start-registry.ts'
import { startSeedCluster } from './start-seed-cluster.ts'
import type { SeedCluster, Tell, World } from './world.ts'

export type SandboxOptions = Readonly<{
  /** All that the sandbox keeps on disk is below it; `github/` holds the bare repositories. */
  directory: string
  /** owner/name of the one repository; it is empty until someone pushes to it. */
  repository: string
  accounts: readonly Account[]
  /** Clusters that get an API of their own, with their OpenShift versions. */
  seeds: Readonly<Record<string, string>>
  /** The account that may push to the registry. */
  credential: Readonly<{ username: string; password: string }>
  /** How many times as fast as ours the sandbox's time runs. */
  speed: number
  /** Directories with the manifests that are applied to the hub for Sower: its service account and its RBAC. */
  roles: readonly string[]
  /** The command that Argo CD's repo-server runs in an application's path: program and arguments. */
  plugin: readonly [string, ...string[]]
  /** Variables that the plugin gets beside the request's own, as a sidecar has them. */
  environment: Readonly<Record<string, string>>
  tell: Tell
  onPush: (commits: readonly PushedCommit[]) => void
}>

/** A running outside world. Everything in it is reached over sockets; the stores are for tests that look on. */
export type Sandbox = Readonly<{
  gitHub: GitHub
  /** The hub's kubeconfig for the service account `sower`. */
  hubKubeconfig: string
  /** Every request that the hub's API served, and for whom. */
  hubRequests: readonly ServedRequest[]
  /** Outages and troubles of the hub's API. */
  hubApi: Pick<ApiServer, 'setAvailable' | 'setTrouble' | 'endWatches'>
  registry: Pick<RegistryServer, 'host' | 'certificateAuthority' | 'setTrouble'>
  argocd: Readonly<{ url: string; token: string }>
  /** The Sealed Secrets controller's certificate, PEM. */
  sealingCertificate: string
  hub: ObjectStore
  seeds: ReadonlyMap<string, SeedCluster>
  /** Creates hub objects as a cluster administrator would. */
  apply: (objects: readonly StoredObject[]) => void
  stop: () => Promise<void>
}>

/** Lets the node of a seed trust the registry, as its administrator has to (additionalTrustedCA of Image/cluster). */
const trustRegistry = (
  { store }: SeedCluster,
  { host, certificateAuthority }: Sandbox['registry'],
): void => {
  const name = 'registry-authorities'
  store.create({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace: 'openshift-config' },
    data: { [host.replace(':', '..')]: certificateAuthority },
  })
  store.change({ apiVersion: 'config.openshift.io/v1', kind: 'Image', name: 'cluster' }, image => {
    image['spec'] = { additionalTrustedCA: { name } }
  })
}

const argocdToken = 'sandbox-argocd-token'

/** Starts the world: GitHub, hub and seeds with their controllers, and a registry. */
export const startSandbox = async (options: SandboxOptions): Promise<Sandbox> => {
  const { directory, tell } = options
  // Before anything is started that would have to be stopped.
  const roles = readManifestObjects(options.roles)
  const clock = createClock(options.speed)
  const hub = createObjectStore(clock)
  for (const name of ['default', 'openshift-gitops', 'sower', 'sower-seeds'])
    hub.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })
  for (const object of installedOnHub) hub.create(object)
  applyRoles(hub, roles)
  const authority = await createAuthority({ name: 'hub' })
  const clusters = await Promise.all(
    Object.entries(options.seeds).map(([name, version]) =>
      startSeedCluster(clock, { name, version }),
    ),
  )
  const seeds = new Map(clusters.map(({ seed }) => [seed.name, seed]))
  const world: World = { clock, hub, seeds, tell }

  const hubApi = await startApiServer({
    store: hub,
    clock,
    authority,
    resources: hubResources,
    admins: [],
  })
  const registry = await startRegistry({
    authority: await createAuthority({ name: 'registry' }),
    accounts: [{ ...options.credential, push: true }],
    tell,
  })
  for (const { seed } of clusters) trustRegistry(seed, registry)
  mkdirSync(join(directory, 'github'), { recursive: true })
  const gitHub = await startGitHub({
    directory: join(directory, 'github'),
    repository: options.repository,
    accounts: options.accounts,
    tell,
    onPush: options.onPush,
  })
  const workDirectory = join(directory, 'argocd')
  mkdirSync(workDirectory, { recursive: true })
  const argocd = await startArgoCd(world, {
    bareRepository: gitHub.bareRepository,
    gitUrl: gitHub.gitUrl,
    accounts: {
      [argocdToken]: {
        username: 'sower',
        policies: [
          ['get', '*/*'],
          ['sync', '*/*'],
        ],
      },
    },
    workDirectory,
    render: renderWith(options),
  })
  const sealing = await createSealingKey()
  const controllers = [
    argocd,
    startSiteconfig(world, {}),
    startAcm(world, {}),
    startSealedSecrets(world, { privateKeys: [sealing.privateKey] }),
    ...clusters.map(({ seed }) =>
      startLifecycleAgent(world, seed, { registryAuthority: registry.certificateAuthority }),
    ),
  ]
  return {
    gitHub,
    hubKubeconfig: await hubApi.kubeconfig('system:serviceaccount:sower:sower'),
    hubRequests: hubApi.requests,
    hubApi,
    registry,
    argocd: { url: argocd.url, token: argocdToken },
    sealingCertificate: sealing.certificate,
    hub,
    seeds,
    apply: objects => {
      for (const object of objects) hub.create(object)
    },
    stop: async () => {
      clock.stop()
      await Promise.all(controllers.map(({ stop }) => stop()))
      await Promise.all([
        gitHub.close(),
        registry.close(),
        hubApi.close(),
        ...clusters.map(({ api }) => api.close()),
      ])
    },
  }
}

// As `kubectl apply` does: an object whose namespace is not there fails all.
const applyRoles = (hub: ObjectStore, objects: readonly StoredObject[]): void => {
  for (const object of objects) {
    const { namespace } = object.metadata
    if (
      namespace !== undefined &&
      !hub.get({ apiVersion: 'v1', kind: 'Namespace', name: namespace })
    )
      throw new Error(`namespaces "${namespace}" not found`)
    if (!hub.get(keyOf(object))) hub.create(object)
  }
}

/** As cmp-server does it, with the repo-server's patience of a minute. */
const renderWith =
  ({ plugin: command, environment: sidecar }: SandboxOptions): Render =>
  async request => {
    // The repo-server waits for 60 seconds, cmp-server for 100 ms less (plugin.go:40, 220).
    const patience = { isOver: false }
    const deadline = new Promise<void>(resolve => {
      setTimeout(() => {
        patience.isOver = true
        resolve()
      }, 59_900).unref()
    })
    const result = await runPlugin({ command, sidecar, ...request, deadline })
    if (patience.isOver) return { timedOut: true }
    return result.exitCode === 0 ? result : { failure: describePluginFailure(command, result) }
  }
