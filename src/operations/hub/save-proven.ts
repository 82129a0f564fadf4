import { RefusedError } from '../../errors.ts'
import type { Context } from '../context.ts'
import type { Ports } from '../ports/ports.ts'
import { proveAccess } from './prove-access.ts'
import { savedAccess } from './saved-access.ts'

type Saving = Readonly<{
  ports: Pick<Ports, 'hub' | 'connect'>
  settings: Pick<Context['settings'], 'namespace'>
}>

/**
 * Writes a seed's admin kubeconfig into Sower's namespace on the hub, after it was proven to work with a client
 * certificate. Throws RefusedError ACCESS_NOT_PROVEN, and what the hub says to the write.
 */
export const saveProven = async (
  context: Saving,
  { cluster, kubeconfig }: Readonly<{ cluster: string; kubeconfig: string }>,
): Promise<void> => {
  const access = await proveAccess(context, kubeconfig)
  if (access.seen !== 'present' || !access.value.proven)
    throw new RefusedError(
      'ACCESS_NOT_PROVEN',
      `saving the access to ${cluster}: ${access.seen === 'present' ? (access.value.reason ?? '') : 'it could not be tried out'}`,
      { fix: 'make the seed reachable with its admin kubeconfig' },
    )
  const { name, namespace = '' } = savedAccess(context, cluster)
  await context.ports.hub.putSecret({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace, labels: { 'sower.dev/cluster': cluster } },
    type: 'Opaque',
    data: { kubeconfig: Buffer.from(kubeconfig).toString('base64') },
  })
}
