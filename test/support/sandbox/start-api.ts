import type { Test } from 'tap'
import { createClock } from '../../../src/sandbox/clock.ts'
import { createAuthority, type Authority } from '../../../src/sandbox/kubernetes/authority.ts'
import {
  createObjectStore,
  type ObjectStore,
} from '../../../src/sandbox/kubernetes/object-store.ts'
import { hubResources } from '../../../src/sandbox/kubernetes/resource.ts'
import { startApiServer, type ApiServer } from '../../../src/sandbox/kubernetes/start-api-server.ts'

/** The API of a simulated cluster with the namespaces `default` and `sower`, whose user `admin` may all. */
export const startApi = async (
  t: Pick<Test, 'teardown'>,
  resources = hubResources,
): Promise<Readonly<{ store: ObjectStore; authority: Authority; server: ApiServer }>> => {
  const clock = createClock(1)
  const store = createObjectStore(clock)
  for (const name of ['default', 'sower'])
    store.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })
  const authority = await createAuthority({ name: 'test' })
  const server = await startApiServer({ store, clock, authority, resources, admins: ['admin'] })
  t.teardown(async () => {
    clock.stop()
    await server.close()
  })
  return { store, authority, server }
}
