import t, { type Test } from 'tap'
import { parse } from 'yaml'
import { createClock } from '../../src/sandbox/clock.ts'
import { startAcm } from '../../src/sandbox/acm/start-acm.ts'
import { startSiteconfig } from '../../src/sandbox/siteconfig/start-siteconfig.ts'
import { createObjectStore, type StoredObject } from '../../src/sandbox/kubernetes/object-store.ts'

const until = async (condition: () => boolean): Promise<void> => {
  while (!condition()) await new Promise(resolve => setTimeout(resolve, 5))
}

const example = parse(`
apiVersion: siteconfig.open-cluster-management.io/v1alpha1
kind: ClusterInstance
metadata: { name: site, namespace: sno1 }
spec:
  clusterName: sno1
  extraLabels: { ManagedCluster: { common: true } }
  nodes: [{ hostName: host1 }]
`) as StoredObject
const hubKinds = {
  ClusterInstance: 'siteconfig.open-cluster-management.io/v1alpha1',
  ManagedCluster: 'cluster.open-cluster-management.io/v1',
  ManagedClusterAddOn: 'addon.open-cluster-management.io/v1alpha1',
  ManifestWork: 'work.open-cluster-management.io/v1',
  BareMetalHost: 'metal3.io/v1alpha1',
  Secret: 'v1',
}

const startHub = (t: Test, options: { stuckHosts?: string[]; notAvailable?: string[] } = {}) => {
  const fast = createClock(3000)
  const hub = createObjectStore(fast)
  const seedStore = createObjectStore(fast)
  const told: { actor: string; message: string; details: Record<string, unknown> | undefined }[] =
    []
  const deleted: string[] = []
  hub.watch(({ type, object }) => {
    if (type === 'DELETED') deleted.push(object.kind)
  })
  const seed = {
    name: 'sno1',
    store: seedStore,
    kubeconfig: 'the kubeconfig',
    version: '4.18.5',
    setAvailable: async () => undefined,
  }
  const world = {
    clock: fast,
    hub,
    seeds: new Map([['sno1', seed]]),
    tell: (actor: string, message: string, details?: Record<string, unknown>) => {
      told.push({ actor, message, details })
    },
  }
  const controllers = [startSiteconfig(world, options), startAcm(world, options)]
  t.teardown(async () => {
    fast.stop()
    for (const controller of controllers) await controller.stop()
  })
  hub.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'sno1' } })
  const list = (kind: keyof typeof hubKinds) => hub.list({ apiVersion: hubKinds[kind], kind })
  const key = { ...example.metadata, apiVersion: example.apiVersion, kind: example.kind }
  const crds = () =>
    seedStore.list({ apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition' })
  return { hub, told, deleted, list, key, crds }
}

t.test(
  'renders a ClusterInstance and takes it away in the order of the real operators',
  async t => {
    const { hub, told, deleted, list, key, crds } = startHub(t)
    hub.create(example)
    await until(() => list('ManagedClusterAddOn').length === 3 && list('ManifestWork').length === 2)
    const instance = hub.get(key)!
    t.match(instance['status'], {
      conditions: [{}, {}, {}, {}, { type: 'Provisioned', status: 'True' }],
    })
    t.match(list('ManagedCluster'), [
      {
        metadata: {
          labels: { common: 'true', 'siteconfig.open-cluster-management.io/owned-by': 'sno1_site' },
        },
        status: {
          conditions: [{}, {}, {}, { type: 'ManagedClusterConditionAvailable', status: 'True' }],
        },
      },
    ])
    t.match(list('BareMetalHost'), [{ status: { operationalStatus: 'detached' } }])
    const kubeconfig = list('Secret').find(
      ({ metadata }) => metadata.name === 'sno1-admin-kubeconfig',
    )
    t.equal(
      Buffer.from((kubeconfig?.['data'] as { kubeconfig: string }).kubeconfig, 'base64').toString(),
      'the kubeconfig',
    )
    t.equal(crds().length, 2)

    hub.remove(key)
    await until(() => deleted.includes('ClusterInstance') && deleted.includes('Namespace'))
    const order = [
      'BareMetalHost',
      'ManagedClusterAddOn',
      'ManifestWork',
      'ManagedCluster',
      'ClusterDeployment',
      'Secret',
    ]
    const seen = [...new Set(deleted)].filter(kind => order.includes(kind))
    t.same(seen, order)
    t.same(crds(), [])
    t.ok(told.some(({ message }) => message === 'removed the klusterlet CRDs from sno1'))

    hub.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'sno1' } })
    hub.create(example)
    await until(() => told.some(({ details }) => details?.['reinstalled'] === 'sno1'))
  },
)

t.test('a stuck host keeps all else, and pauses the deletion after half an hour', async t => {
  const { hub, list, key } = startHub(t, { stuckHosts: ['sno1'] })
  hub.create(example)
  await until(() => list('ManagedCluster').length === 1)
  hub.remove(key)
  await until(() => hub.get(key)?.metadata.annotations !== undefined)
  t.match(hub.get(key), {
    metadata: {
      annotations: { 'clusterinstance.siteconfig.open-cluster-management.io/paused': '' },
    },
    status: { paused: { reason: /Timed out waiting to delete object .*BareMetalHost/ } },
  })
  t.match(list('BareMetalHost'), [{ status: { errorMessage: /PreprovisioningImage/ } }])
  t.notOk(list('ManagedCluster')[0]?.metadata.deletionTimestamp)
})

t.test(
  'a cluster that is not available is detached by force, and keeps its klusterlet',
  async t => {
    const { hub, deleted, key, list, crds, told } = startHub(t, { notAvailable: ['sno1'] })
    hub.create(example)
    await until(() => list('ManifestWork').length === 2)
    hub.remove(key)
    await until(() => deleted.includes('ClusterInstance'))
    t.equal(list('ManagedCluster').length, 0)
    t.equal(crds().length, 2)
    t.ok(told.some(({ details }) => details?.['force'] === true))
  },
)
