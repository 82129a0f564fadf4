import type { Test } from 'tap'
import { startApi } from '../sandbox/start-api.ts'
import type { Peer } from './peer.ts'

/** The API of the sandbox's hub, as it serves before any definition is there. */
export const startSandboxPeer = async (t: Pick<Test, 'teardown'>): Promise<Peer> => {
  const { server } = await startApi(t)
  return {
    kubeconfig: server.kubeconfig,
    bookmarkAfter: 1,
    tokenOf: async (namespace, name) =>
      server.newToken(`system:serviceaccount:${namespace}:${name}`),
    restart: async () => {
      await server.setAvailable(false)
      await server.setAvailable(true)
    },
  }
}
