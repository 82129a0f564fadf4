import type { Access } from '../../core/run/observation.ts'
import { absent, mapSeen, present, unknown, type Seen } from '../../core/seen.ts'
import { RefusedError } from '../../errors.ts'
import type { Context } from '../context.ts'
import type { Cluster } from '../ports/cluster.ts'
import type { KubernetesObject } from '../ports/cluster.ts'
import type { ObjectKey } from '../ports/cluster.ts'

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
  { settings }: Pick<Context, 'settings'>,
  cluster: string,
): ObjectKey => ({
  apiVersion: 'v1',
  kind: 'Secret',
  namespace: settings.namespace,
  name: `${cluster}-access`,
})

/** The kubeconfig in a Secret; a Secret without one counts as absent. */
export const kubeconfigOf = (secret: Seen<KubernetesObject>): Seen<string> => {
  if (secret.seen !== 'present') return secret
  const encoded = secret.value.data?.['kubeconfig']
  return encoded === undefined ? absent : present(Buffer.from(encoded, 'base64').toString('utf8'))
}

/** Whether a kubeconfig works now: the API answers and lets its user create a SeedGenerator. */
export const proveAccess = async (
  { ports }: Context,
  kubeconfig: string,
): Promise<Seen<Access>> => {
  let seed: Cluster
  try {
    seed = ports.connect(kubeconfig)
  } catch (error) {
    if (error instanceof RefusedError) return present({ proven: false, reason: error.message })
    throw error
  }
  const ready = await seed.ready()
  if (ready.seen !== 'present')
    return present({
      proven: false,
      reason: `the seed's API gave no answer (${ready.seen === 'unknown' ? ready.why : 'not found'})`,
    })
  const may = await seed.may({
    verb: 'create',
    group: 'lca.openshift.io',
    resource: 'seedgenerators',
  })
  return mapSeen(may, allowed => ({
    proven: allowed,
    reason: allowed ? null : 'its user may not create a SeedGenerator on the seed',
  }))
}

/** The saved access of a cluster, tried out. */
export const observeAccess = async (context: Context, cluster: string): Promise<Seen<Access>> => {
  const saved = kubeconfigOf(await context.ports.hub.read(savedAccess(context, cluster)))
  return saved.seen === 'present' ? proveAccess(context, saved.value) : saved
}

/** The seed's API through the saved access; a cluster that answers nothing where there is none. */
export const connectSeed = async (context: Context, cluster: string): Promise<Cluster | null> => {
  const saved = kubeconfigOf(await context.ports.hub.read(savedAccess(context, cluster)))
  if (saved.seen !== 'present') return null
  try {
    return context.ports.connect(saved.value)
  } catch (error) {
    // An unusable kubeconfig is reported where access is proven; here it only gives no answers.
    if (error instanceof RefusedError) return null
    throw error
  }
}

/** One read on the seed; 'unreachable' where there is no saved access to read with. */
export const readOnSeed = async <T>(
  seed: Cluster | null,
  read: (seed: Cluster) => Promise<Seen<T>>,
): Promise<Seen<T>> => (seed === null ? unknown('unreachable') : read(seed))
