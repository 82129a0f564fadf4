import type { Clock } from './clock.ts'
import { installedOnSeed } from './installed-on-seed.ts'
import { createAuthority } from './kubernetes/authority.ts'
import { createObjectStore } from './kubernetes/object-store.ts'
import { seedResources } from './kubernetes/resource.ts'
import { startApiServer, type ApiServer } from './kubernetes/start-api-server.ts'
import type { SeedCluster } from './world.ts'

/** A seed cluster with its API server, as installed: the Lifecycle Agent is there, nothing forbidden is. */
export const startSeedCluster = async (
  clock: Clock,
  { name, version }: Readonly<{ name: string; version: string }>,
): Promise<Readonly<{ seed: SeedCluster; api: ApiServer }>> => {
  const store = createObjectStore(clock)
  for (const object of installedOnSeed(name, version)) store.create(object)
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
      setTrouble: api.setTrouble,
      endTokens: api.endTokens,
    },
    api,
  }
}
