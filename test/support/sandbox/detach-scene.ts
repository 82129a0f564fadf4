import type { Test } from 'tap'
import { parse } from 'yaml'
import { kubernetesCluster } from '../../../src/adapters/kubernetes/kubernetes-cluster.ts'
import { leftOf, renderTree } from '../../../src/core/waiting/render-tree.ts'
import type { Cluster } from '../../../src/operations/ports/cluster.ts'
import { lookAtDetach } from '../../../src/operations/observe/look-at-detach.ts'
import { startAcm } from '../../../src/sandbox/acm/start-acm.ts'
import { createClock, type Clock } from '../../../src/sandbox/clock.ts'
import { createAuthority } from '../../../src/sandbox/kubernetes/authority.ts'
import {
  createObjectStore,
  type ObjectStore,
  type StoredObject,
} from '../../../src/sandbox/kubernetes/object-store.ts'
import { hubResources, seedResources } from '../../../src/sandbox/kubernetes/resource.ts'
import { startApiServer } from '../../../src/sandbox/kubernetes/start-api-server.ts'
import { startSiteconfig } from '../../../src/sandbox/siteconfig/start-siteconfig.ts'

/** Waits for a state that lasts; names what never came. */
export const reach = async (what: string, isReached: () => boolean): Promise<void> => {
  const end = Date.now() + 30_000
  while (!isReached()) {
    if (Date.now() > end) throw new Error(`never: ${what}`)
    await new Promise(resolve => setTimeout(resolve, 5))
  }
}

const authorities = new Map<string, ReturnType<typeof createAuthority>>()

/** A simulated cluster behind its API, read with Sower's client over TLS. */
const served = async (
  t: Pick<Test, 'teardown'>,
  { store, clock, name }: Readonly<{ store: ObjectStore; clock: Clock; name: 'hub' | 'seed' }>,
): Promise<Cluster> => {
  const known = authorities.get(name) ?? createAuthority({ name })
  authorities.set(name, known)
  const authority = await known
  const resources = name === 'hub' ? hubResources : seedResources
  const server = await startApiServer({ store, clock, authority, resources, admins: ['admin'] })
  t.teardown(() => server.close())
  return kubernetesCluster(await server.kubeconfig('admin'))
}

type Place = Readonly<{ cluster: string; roots: readonly string[]; edited: readonly string[] }>

/**
 * What `sower status --watch` draws of a detach on simulated clusters, without the times: `minutes` after the last
 * deletion began. Colours and running ages are those of the terminal and have tests of their own.
 */
export const drawn = async (
  t: Pick<Test, 'teardown'>,
  { hub, seed, clock }: Readonly<{ hub: ObjectStore; seed: ObjectStore; clock: Clock }>,
  { cluster, roots, edited, minutes }: Place & Readonly<{ minutes: number }>,
): Promise<string> => {
  const kinds = [...hubKinds, ...seedKinds]
  const begun = kinds.flatMap(kind =>
    [hub, seed].flatMap(store =>
      store.list(kind).flatMap(({ metadata }) => metadata.deletionTimestamp ?? []),
    ),
  )
  const last = Math.max(clock.now().getTime() * (begun.length ? 0 : 1), ...begun.map(Date.parse))
  const now = new Date(last + minutes * 60_000).toISOString()
  const [onHub, onSeed] = [
    await served(t, { store: hub, clock, name: 'hub' }),
    await served(t, { store: seed, clock, name: 'seed' }),
  ]
  const config = { argocd: { namespace: 'openshift-gitops', applicationNamespaces: [] } }
  const tree = await lookAtDetach(
    { hub: onHub, seed: onSeed },
    { cluster, roots, edited, config, now },
  )
  return renderTree(leftOf(tree), { now: null, isColoured: false })
    .join('\n')
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME')
    .replace(/\b[0-9a-f]{40}\b/g, 'SHA')
    .replace(/#\d at \d+:\d\d[AP]M/g, '#N at TIME')
}

const hubKinds = [
  {
    apiVersion: 'siteconfig.open-cluster-management.io/v1alpha1',
    kind: 'ClusterInstance',
  },
  { apiVersion: 'metal3.io/v1alpha1', kind: 'BareMetalHost' },
  { apiVersion: 'metal3.io/v1alpha1', kind: 'DataImage' },
  { apiVersion: 'cluster.open-cluster-management.io/v1', kind: 'ManagedCluster' },
  { apiVersion: 'addon.open-cluster-management.io/v1alpha1', kind: 'ManagedClusterAddOn' },
  { apiVersion: 'work.open-cluster-management.io/v1', kind: 'ManifestWork' },
]
const seedKinds = [{ apiVersion: 'v1', kind: 'Namespace' }]

const instance = parse(`
apiVersion: siteconfig.open-cluster-management.io/v1alpha1
kind: ClusterInstance
metadata: { name: sno1, namespace: sno1 }
spec: { clusterName: sno1, nodes: [{ hostName: node1 }] }
`) as StoredObject
export const instanceKey = {
  ...{ apiVersion: instance.apiVersion, kind: instance.kind },
  ...{ name: 'sno1', namespace: 'sno1' },
}

/** It has pruned the ClusterInstance, and is done. */
const application = parse(`
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: { name: clusters, namespace: openshift-gitops }
spec:
  source: { repoURL: 'https://git.example/ztp.git', path: site }
  destination: { server: 'https://kubernetes.default.svc' }
  syncPolicy: { automated: { prune: true }, syncOptions: [PrunePropagationPolicy=background] }
status: { sync: { status: Synced } }
`) as StoredObject

const definitionOf = (group: string, kind: string): StoredObject => {
  const plural = `${kind.toLowerCase()}s`
  return {
    ...{ apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition' },
    metadata: { name: `${plural}.${group}` },
    spec: {
      ...{ group, scope: 'Namespaced' },
      names: { kind, plural, singular: kind.toLowerCase(), listKind: `${kind}List` },
      versions: [{ name: 'v1alpha1', served: true, storage: true, subresources: { status: {} } }],
    },
  }
}

/** One blocker on the way from the deletion of a ClusterInstance to nothing. */
export type Blocker = Readonly<{
  faults?: Readonly<{
    stuckHosts?: readonly string[]
    notAvailable?: readonly string[]
    stuckAddons?: readonly string[]
  }>
  /** How many times as fast as ours its time runs; default 200. */
  speed?: number
  /** What differs before the deletion. */
  before?: (hub: ObjectStore) => void
  reached: (stores: Readonly<{ hub: ObjectStore; seed: ObjectStore }>) => boolean
  /** What a controller that is not simulated says then. */
  after?: (hub: ObjectStore) => void
  /** Minutes after the last deletion began. */
  minutes: number
}>

/** Attaches sno1 to a hub with siteconfig and ACM, deletes its ClusterInstance and draws where it stays. */
export const drawBlocker = async (
  t: Pick<Test, 'teardown'>,
  { faults = {}, speed = 200, before, reached, after, minutes }: Blocker,
): Promise<string> => {
  const clock = createClock(speed)
  const [hub, seed] = [createObjectStore(clock), createObjectStore(clock)]
  const sno1 = {
    ...{ name: 'sno1', store: seed, kubeconfig: 'x', version: '4.18.5' },
    setAvailable: async () => undefined,
  }
  const world = { clock, hub, seeds: new Map([['sno1', sno1]]), tell: () => undefined }
  const controllers = [startSiteconfig(world, faults), startAcm(world, faults)]
  t.teardown(async () => {
    clock.stop()
    for (const controller of controllers) await controller.stop()
  })
  for (const name of ['sno1', 'openshift-gitops'])
    hub.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })
  seed.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'default' } })
  hub.create(application)
  for (const [group, kind] of [
    ['metal3.io', 'DataImage'],
    ['extensions.hive.openshift.io', 'ImageClusterInstall'],
  ] as const)
    hub.create(definitionOf(group, kind))
  hub.create(instance)
  const work = { apiVersion: 'work.open-cluster-management.io/v1', kind: 'ManifestWork' }
  await reach('attached', () => hub.list(work).length === 2)
  before?.(hub)
  hub.remove(instanceKey)
  await reach('where it stays', () => reached({ hub, seed }))
  // From here on nothing moves: no half hour ends while it is drawn.
  for (const controller of controllers) await controller.stop()
  after?.(hub)
  return drawn(
    t,
    { hub, seed, clock },
    {
      ...{ cluster: 'sno1', roots: ['site'], edited: [], minutes },
    },
  )
}
