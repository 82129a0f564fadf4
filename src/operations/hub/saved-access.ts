import { secretsOf } from '../../core/secret/secrets-of.ts'
import { absent, present, type Seen } from '../../core/seen.ts'
import type { Context } from '../context.ts'
import type { KubernetesObject } from '../ports/cluster.ts'
import type { ObjectKey } from '../ports/cluster.ts'
import type { Ports } from '../ports/ports.ts'

/**
 * Where the assisted installer leaves the admin kubeconfig; it is owned by the ClusterDeployment and goes
 * with it (clusterdeployments_controller.go:681-706).
 */
export const originalAccess = (cluster: string): ObjectKey => ({
  apiVersion: 'v1',
  kind: 'Secret',
  namespace: cluster,
  name: `${cluster}-admin-kubeconfig`,
})

/** Where Sower saves it: out of the cluster's namespace, without an owner. */
export const savedAccess = (
  { settings }: Readonly<{ settings: Pick<Context['settings'], 'namespace'> }>,
  cluster: string,
): ObjectKey => ({
  apiVersion: 'v1',
  kind: 'Secret',
  namespace: settings.namespace,
  name: `${cluster}-access`,
})

/** Reads the kubeconfig in a Secret of the hub, and registers it with all its keys before anybody looks into it. */
export const readKubeconfig = async (
  { hub, conceal }: Pick<Ports, 'hub' | 'conceal'>,
  key: ObjectKey,
): Promise<Seen<string>> => {
  const found = kubeconfigOf(await hub.read(key))
  if (found.seen === 'present') for (const secret of secretsOf(found.value)) conceal(secret)
  return found
}

/** The kubeconfig in a Secret; a Secret without one counts as absent. */
export const kubeconfigOf = (secret: Seen<KubernetesObject>): Seen<string> => {
  if (secret.seen !== 'present') return secret
  const encoded = secret.value.data?.['kubeconfig']
  return encoded === undefined ? absent : present(Buffer.from(encoded, 'base64').toString('utf8'))
}
