import t from 'tap'
import type { ObjectStore, StoredObject } from '../../../src/sandbox/kubernetes/object-store.ts'
import { keyFor, manifest, namespace, scene } from '../../support/sandbox/argocd-scene.ts'
import {
  drawBlocker,
  drawn,
  instanceKey,
  type Blocker,
} from '../../support/sandbox/detach-scene.ts'

const bareMetalHost = { apiVersion: 'metal3.io/v1alpha1', kind: 'BareMetalHost' }
const hostKey = { ...bareMetalHost, name: 'node1', namespace: 'sno1' }
const addon = { apiVersion: 'addon.open-cluster-management.io/v1alpha1' }
const clusterKey = {
  ...{ apiVersion: 'cluster.open-cluster-management.io/v1', kind: 'ManagedCluster' },
  name: 'sno1',
}
const namespaceKey = { apiVersion: 'v1', kind: 'Namespace', name: 'sno1' }
const annotate =
  (key: typeof hostKey | typeof namespaceKey, annotations: Record<string, string>) =>
  (hub: ObjectStore): void => {
    hub.change(key, object => {
      object.metadata.annotations = { ...object.metadata.annotations, ...annotations }
    })
  }
type Held = Readonly<{ apiVersion: string; kind: string; status: object }>

/** Another object in the namespace of the cluster, whose controller lets nothing go. */
const held =
  (...objects: readonly Held[]) =>
  (hub: ObjectStore): void => {
    for (const { apiVersion, kind, status } of objects) {
      const key = { apiVersion, kind, name: 'node1', namespace: 'sno1' }
      const { name, namespace } = key
      const finalizers = ['its-controller']
      hub.create({ apiVersion, kind, status, metadata: { name, namespace, finalizers } })
      hub.remove(key)
    }
  }
const isDeleted = (object: StoredObject | undefined): boolean =>
  object?.metadata.deletionTimestamp !== undefined
const hostGoes: Blocker['reached'] = ({ hub }) =>
  isDeleted(hub.get(hostKey)) &&
  JSON.stringify(hub.get(instanceKey)).includes('deletion-in-progress')
const clusterIsGone: Blocker['reached'] = ({ hub }) =>
  hub.get(clusterKey) === undefined && hub.get(instanceKey) === undefined

const blockers: Readonly<Record<string, Blocker>> = {
  'siteconfig waits for a host whose PreprovisioningImage stays': {
    faults: { stuckHosts: ['sno1'] },
    reached: input =>
      hostGoes(input) && JSON.stringify(input.hub.get(hostKey)).includes('PreprovisioningImage'),
    minutes: 15,
  },
  'siteconfig has given up after half an hour, and paused': {
    ...{ faults: { stuckHosts: ['sno1'] }, speed: 3000 },
    reached: ({ hub }) => hub.get(instanceKey)?.metadata.annotations !== undefined,
    minutes: 45,
  },
  'siteconfig is paused by hand': {
    before: annotate(instanceKey, {
      'clusterinstance.siteconfig.open-cluster-management.io/paused': '',
    }),
    reached: ({ hub }) => isDeleted(hub.get(instanceKey)),
    minutes: 1,
  },
  'the deletion of a host is delayed': {
    before: annotate(hostKey, {
      'baremetalhost.metal3.io/detached': '{"deleteAction":"delay"}',
    }),
    ...{ reached: hostGoes, minutes: 1 },
  },
  'a host in the namespace of another is held': {
    faults: { stuckHosts: ['hosts', 'sno1'] },
    before: hub => {
      hub.change(instanceKey, object => {
        const hostRef = { name: 'node2', namespace: 'hosts' }
        object['spec'] = {
          clusterName: 'sno1',
          nodes: [{ hostName: 'node1' }, { hostName: 'node2', hostRef }],
        }
      })
      const metadata = {
        name: 'node2',
        namespace: 'hosts',
        finalizers: ['baremetalhost.metal3.io'],
      }
      hub.create({ ...bareMetalHost, metadata })
      hub.remove({ ...bareMetalHost, name: 'node2', namespace: 'hosts' })
    },
    reached: input =>
      hostGoes(input) &&
      input.hub
        .list(bareMetalHost)
        .every(host => JSON.stringify(host['status'] ?? {}).includes('PreprovisioningImage')),
    minutes: 15,
  },
  'what an image-based installation brought is held': {
    before: held(
      {
        ...{ apiVersion: 'metal3.io/v1alpha1', kind: 'DataImage' },
        status: { error: { message: 'no boot' } },
      },
      {
        ...{ apiVersion: 'extensions.hive.openshift.io/v1alpha1', kind: 'ImageClusterInstall' },
        status: { conditions: [{ type: 'Failed', status: 'True', message: 'no image' }] },
      },
    ),
    reached: clusterIsGone,
    minutes: 15,
  },
  'an AgentClusterInstall is held': {
    before: held({
      ...{ apiVersion: 'extensions.hive.openshift.io/v1beta1', kind: 'AgentClusterInstall' },
      status: { debugInfo: { stateInfo: 'Cluster is installed' } },
    }),
    reached: clusterIsGone,
    minutes: 15,
  },
  'an add-on whose agent does not end holds the ManagedCluster': {
    faults: { stuckAddons: ['sno1'] },
    reached: ({ hub }) =>
      hub.list({ ...addon, kind: 'ManagedClusterAddOn' }).every(isDeleted) &&
      !JSON.stringify(hub.get(instanceKey)).includes('KlusterletAddonConfig') &&
      JSON.stringify(hub.get(clusterKey)).includes('remaining count'),
    minutes: 15,
  },
  'a forced detach has left the klusterlet': {
    faults: { notAvailable: ['sno1'] },
    reached: clusterIsGone,
    minutes: 1,
  },
  'the namespace does not end': {
    before: held({ apiVersion: 'v1', kind: 'ConfigMap', status: {} }),
    reached: input => clusterIsGone(input) && isDeleted(input.hub.get(namespaceKey)),
    // kubernetes pkg/controller/namespace/deletion/status_condition_utils.go
    after: hub => {
      hub.change(namespaceKey, object => {
        const message =
          'Some content in the namespace has finalizers remaining: its-controller in 1 resource instances'
        const type = 'NamespaceFinalizersRemaining'
        object['status'] = { phase: 'Terminating', conditions: [{ type, status: 'True', message }] }
      })
    },
    minutes: 15,
  },
  'the namespace is kept': {
    before: annotate(namespaceKey, { 'open-cluster-management.io/retain-namespace': '' }),
    reached: clusterIsGone,
    minutes: 1,
  },
}

for (const [what, blocker] of Object.entries(blockers))
  t.test(`the sandbox shows where a detach stays: ${what}`, async t => {
    t.matchSnapshot(await drawBlocker(t, blocker), what)
  })

const projectKey = {
  ...{ apiVersion: 'argoproj.io/v1alpha1', kind: 'AppProject' },
  ...{ name: 'ztp', namespace: 'openshift-gitops' },
}
type Scene = Awaited<ReturnType<typeof scene>>
type Refusal = Readonly<{
  options?: Parameters<typeof scene>[1]
  /** Annotations of the ClusterInstance. */
  annotations?: Record<string, string>
  /** What Git holds of the cluster before, beside it; without it the Application holds nothing else. */
  isAlone?: boolean
  /** Windows of the project, since the cluster is there. */
  windows?: readonly object[]
  leaves: Readonly<Record<string, string>>
  reached: (scene: Scene) => boolean
}>

const gone = { 'seed.yaml': namespace('sno1') }
const automated = { prune: true }
const refusals: Readonly<Record<string, Refusal>> = {
  'Argo CD does not wipe out all': {
    isAlone: true,
    leaves: { 'kustomization.yaml': '{"resources":[]}' },
    reached: ({ status }) => status().conditions[0]?.message.includes('wipe out') === true,
  },
  'the render fails': {
    leaves: { 'kustomization.yaml': 'resources:\n#  - seed.yaml\n' },
    reached: ({ status }) => status().conditions[0]?.type === 'ComparisonError',
  },
  'the ClusterInstance says Prune=false': {
    annotations: { 'argocd.argoproj.io/sync-options': 'Prune=false' },
    leaves: gone,
    reached: ({ status }) =>
      status().operationState.syncResult.resources.some(({ status }) => status === 'PruneSkipped'),
  },
  'the Application does not sync by itself': {
    options: { syncPolicy: {} },
    leaves: gone,
    reached: ({ status }) => status().sync.status === 'OutOfSync',
  },
  'a window of the project denies the sync': {
    windows: [{ kind: 'deny', schedule: '* * * * *', duration: '1h', applications: ['*'] }],
    leaves: gone,
    reached: ({ status }) => status().sync.status === 'OutOfSync',
  },
  'an admission webhook denies the prune': {
    options: {
      syncPolicy: { automated, retry: { limit: 1 } },
      admission: ({ verb, object: { kind } }) =>
        verb === 'delete' && kind === 'ClusterInstance'
          ? 'admission webhook "no.example.com" denied the request: not today'
          : undefined,
    },
    leaves: gone,
    reached: ({ status }) =>
      status().conditions[0]?.message.startsWith('Failed last sync') === true,
  },
}

for (const [what, { options, annotations, isAlone, windows, leaves, reached }] of Object.entries(
  refusals,
))
  t.test(`the sandbox shows where a detach stays: ${what}`, async t => {
    const played = await scene(t, options)
    const { commit, until, object, status, refresh, call, world } = played
    const cluster = manifest('ClusterInstance', 'sno1', annotations ? { annotations } : {})
    commit({
      'kustomization.yaml': `{"resources":["seed.yaml"${isAlone ? '' : ',"other.yaml"'}]}`,
      'seed.yaml': `${namespace('sno1')}\n---\n${cluster}`,
      'other.yaml': namespace('other'),
    })
    if (options?.syncPolicy && !('automated' in options.syncPolicy)) {
      await refresh()
      const body = JSON.stringify({ prune: false })
      await call('/sync', { method: 'POST', body, headers: { 'content-type': 'application/json' } })
    }
    await until('synced', () => object('ClusterInstance', 'sno1') && status().history.length)
    world.hub.change(keyFor('ClusterInstance', 'sno1'), live => {
      live.metadata.finalizers = ['siteconfig/finalizer']
    })
    if (windows)
      world.hub.change(projectKey, project => {
        project['spec'] = { ...(project['spec'] as object), syncWindows: windows }
      })
    commit(leaves)
    await refresh()
    await until(what, () => reached(played))
    t.matchSnapshot(
      await drawn(
        t,
        { hub: world.hub, seed: world.hub, clock: world.clock },
        { cluster: 'sno1', roots: ['site'], edited: ['site/kustomization.yaml'], minutes: 1 },
      ),
      what,
    )
  })
