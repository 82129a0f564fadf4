import { clusterName } from '../../../core/cluster/cluster-name.ts'
import { readRecordIfValid } from '../../../core/detach/read-record-at.ts'
import { secretsOf } from '../../../core/secret/secrets-of.ts'
import { present } from '../../../core/seen.ts'
import type { Waiting } from '../../../core/waiting/waiting.ts'
import { InputError } from '../../../errors.ts'
import { findKubeconfig } from '../../../operations/seed/find-kubeconfig.ts'
import { lookAtDetach } from '../../../operations/observe/look-at-detach.ts'
import type { Cluster } from '../../../operations/ports/cluster.ts'
import type { Surroundings } from '../../../surroundings.ts'
import { readInput } from '../../../adapters/files/read-input.ts'
import { openClone } from '../../clone/open-clone.ts'
import { requireConfiguration } from '../../clone/require-configuration.ts'
import { neededHub } from '../../hub-flags.ts'
import { hubFrom } from '../seal/sealing-key-from.ts'

/** Whose detach is watched, and with what. */
export type Watched = Readonly<{
  clusters: readonly string[]
  directory: string
  kubeconfig: string | null
  context?: string | undefined
  seedKubeconfig: string | null
  /** The hub namespace in which Sower saves the access to seeds. */
  namespace: string
}>

/**
 * Composes the look of `sower status --watch` and `sower wait`. The access to a seed is the file that is named, else what
 * Sower saved on the hub, else the admin kubeconfig of the cluster; it is kept once found, since it goes with the cluster.
 * Throws InputError.
 */
export const composeWatch = async (
  surroundings: Surroundings,
  { clusters, directory, kubeconfig, context, seedKubeconfig, namespace }: Watched,
): Promise<(now: string) => Promise<readonly Waiting[]>> => {
  const wrong = clusters.find(cluster => !clusterName.test(cluster))
  if (clusters.length === 0 || wrong !== undefined)
    throw new InputError(
      'ARGUMENT_INVALID',
      `reading [cluster...]: ${wrong === undefined ? 'no cluster is named' : `${wrong} is not a valid cluster name`}`,
      { fix: 'give each spec.clusterName: lower case letters, digits and dashes' },
    )
  const { cluster: hub } = await hubFrom(surroundings, neededHub(kubeconfig), context)
  const conceal = surroundings.conceal ?? (() => undefined)
  const { kubernetesCluster } = await import('../../../adapters/kubernetes/kubernetes-cluster.ts')
  const named =
    seedKubeconfig === null
      ? null
      : (await readInput(surroundings.directory, seedKubeconfig)).toString('utf8')
  if (named !== null) for (const secret of secretsOf(named)) conceal(secret)
  const seeds = new Map<string, Cluster>()
  const seedOf = async (cluster: string): Promise<Cluster | null> => {
    const kept = seeds.get(cluster)
    if (kept) return kept
    const settings = { repository: '', branch: '', namespace }
    const found =
      named === null
        ? await findKubeconfig({ ports: { hub, conceal }, settings }, cluster, { early: true })
        : present(named)
    if (found.seen !== 'present') return null
    const seed = kubernetesCluster(found.value)
    seeds.set(cluster, seed)
    return seed
  }
  const clone = await openClone(surroundings, { directory, roots: [] })
  try {
    const { checkout, roots } = clone
    const config = requireConfiguration(clone)
    const places = clusters.map(cluster => {
      const record = readRecordIfValid(checkout.tree, { directory: clone.directory, cluster })
      const detached = record?.detached
      return {
        ...{ cluster, config, roots: detached?.roots ?? roots },
        edited: detached?.edits.map(({ file }) => file) ?? [],
      }
    })
    return async now =>
      Promise.all(
        places.map(async place =>
          lookAtDetach({ hub, seed: await seedOf(place.cluster) }, { ...place, now }),
        ),
      )
  } finally {
    clone.close()
  }
}
