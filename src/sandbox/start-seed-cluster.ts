import type { Clock } from './clock.ts'
import { createAuthority } from './kubernetes/authority.ts'
import { createObjectStore, type StoredObject } from './kubernetes/object-store.ts'
import { seedResources } from './kubernetes/resource.ts'
import { startApiServer, type ApiServer } from './kubernetes/start-api-server.ts'
import type { SeedCluster } from './world.ts'

/** A seed cluster with its API server, as installed: the Lifecycle Agent is there, nothing forbidden is. */
export const startSeedCluster = async (
  clock: Clock,
  { name, version }: Readonly<{ name: string; version: string }>,
): Promise<Readonly<{ seed: SeedCluster; api: ApiServer }>> => {
  const store = createObjectStore(clock)
  for (const object of installed(name, version)) store.create(object)
  const api = await startApiServer({
    store,
    clock,
    authority: await createAuthority({ name }),
    resources: seedResources,
    admins: ['system:admin'],
  })
  return {
    seed: {
      name,
      store,
      version,
      kubeconfig: await api.kubeconfig('system:admin'),
      setAvailable: api.setAvailable,
    },
    api,
  }
}

const installed = (name: string, version: string): readonly StoredObject[] => [
  ...['default', 'openshift-config', 'openshift-lifecycle-agent'].map(namespace => ({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: namespace },
  })),
  {
    apiVersion: 'config.openshift.io/v1',
    kind: 'ClusterVersion',
    metadata: { name: 'version' },
    spec: { clusterID: name },
    status: { history: [{ state: 'Completed', version }] },
  },
  {
    apiVersion: 'lca.openshift.io/v1',
    kind: 'ImageBasedUpgrade',
    metadata: { name: 'upgrade' },
    spec: { stage: 'Idle' },
    status: { conditions: [{ type: 'Idle', status: 'True', reason: 'Idle', message: 'Idle' }] },
  },
  {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name: `${name}.example.com`,
      labels: Object.fromEntries(
        ['control-plane', 'master', 'worker'].map(role => [`node-role.kubernetes.io/${role}`, '']),
      ),
    },
    status: {
      conditions: [{ type: 'Ready', status: 'True', reason: 'KubeletReady', message: '' }],
    },
  },
]
