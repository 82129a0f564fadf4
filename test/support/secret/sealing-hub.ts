import type { KeyObject } from 'node:crypto'
import type { Test } from 'tap'
import { parse } from 'yaml'
import { createClock } from '../../../src/sandbox/clock.ts'
import { startSealedSecrets } from '../../../src/sandbox/sealed-secrets/start-sealed-secrets.ts'
import { createAuthority } from '../../../src/sandbox/kubernetes/authority.ts'
import {
  createObjectStore,
  type ObjectStore,
} from '../../../src/sandbox/kubernetes/object-store.ts'
import { hubResources } from '../../../src/sandbox/kubernetes/resource.ts'
import { startApiServer } from '../../../src/sandbox/kubernetes/start-api-server.ts'

/** A hub with a Sealed Secrets controller. */
export type SealingHub = Readonly<{
  store: ObjectStore
  kubeconfig: (user: string) => Promise<string>
  /** Applies a SealedSecret (YAML) and waits until the controller has looked at it. */
  apply: (manifest: string) => Promise<void>
}>

/** Starts a hub that unseals with these keys; `admin` may do all, everyone else nothing. */
export const startHub = async (
  t: Pick<Test, 'teardown'>,
  privateKeys: readonly KeyObject[],
): Promise<SealingHub> => {
  const clock = createClock(600)
  const store = createObjectStore(clock)
  for (const name of ['default', 'sower-seeds'])
    store.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })
  const server = await startApiServer({
    store,
    clock,
    authority: await createAuthority({ name: 'hub' }),
    resources: hubResources,
    admins: ['admin'],
  })
  const controller = startSealedSecrets(
    { clock, hub: store, seeds: new Map(), tell: () => undefined },
    { privateKeys },
  )
  t.teardown(async () => {
    clock.stop()
    await controller.stop()
    await server.close()
  })
  return {
    store,
    kubeconfig: server.kubeconfig,
    apply: async manifest => {
      const object = parse(manifest) as Parameters<ObjectStore['create']>[0]
      const { name, namespace = '' } = object.metadata
      const key = { apiVersion: object.apiVersion, kind: object.kind, name, namespace }
      if (store.get(key)) store.remove(key)
      store.create(object)
      for (let waited = 0; store.get(key)?.['status'] === undefined; waited += 5) {
        if (waited > 5000) throw new Error('the controller did not look at it')
        await new Promise(resolve => setTimeout(resolve, 5))
      }
    },
  }
}
