import { unknown, type Seen } from '../../core/seen.ts'
import { RefusedError } from '../../errors.ts'
import type { Context } from '../context.ts'
import type { Cluster } from '../ports/cluster.ts'
import { findKubeconfig } from './find-kubeconfig.ts'

/**
 * Connects to a seed with the saved access; `early`, before it is saved, also with what will be saved. Null where
 * there is none that can be used: proving the access reports that.
 */
export const connectSeed = async (
  context: Pick<Context, 'ports' | 'settings'>,
  cluster: string,
  { early = false }: Readonly<{ early?: boolean }> = {},
): Promise<Cluster | null> =>
  connectWith(context.ports, await findKubeconfig(context, cluster, { early }))

/** The same, with a kubeconfig that was looked for already. */
export const connectWith = (
  { connect }: Pick<Context['ports'], 'connect'>,
  found: Seen<string>,
): Cluster | null => {
  if (found.seen !== 'present') return null
  try {
    return connect(found.value)
  } catch (error) {
    if (error instanceof RefusedError) return null
    throw error
  }
}

/** Reads something on the seed; 'unreachable' where there is no access to read with. */
export const readOnSeed = async <T>(
  seed: Cluster | null,
  read: (seed: Cluster) => Promise<Seen<T>>,
): Promise<Seen<T>> => (seed === null ? unknown('unreachable') : read(seed))
