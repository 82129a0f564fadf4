import { UnavailableError } from '../../errors.ts'
import { connectSeed } from '../seed/connect-seed.ts'
import { type Context } from '../context.ts'
import { readBase } from '../read-base.ts'
import type { Cluster } from '../ports/cluster.ts'
import { agentNamespace } from '../seed/agent-namespace.ts'
import { seedGeneratorKey, seedSecretKey } from '../seed/observe-seed-generator.ts'

type Seen = Readonly<{ uid: string; resourceVersion?: string | undefined }>

/** Deletes the SeedGenerator that was seen, as it was then: no other one, and none that the agent has gone on with. */
export const deleteSeedGenerator = async (
  context: Context,
  cluster: string,
  { uid, resourceVersion }: Seen,
): Promise<void> => {
  const seed = await requireSeed(context, cluster)
  await seed.remove(seedGeneratorKey, { uid, resourceVersion })
}

/** Deletes `seedgen` on the seed, which the Lifecycle Agent has put back (main.go:507-533). */
export const deleteSecret = async (context: Context, cluster: string): Promise<void> => {
  const { config } = await readBase(context)
  const seed = await requireSeed(context, cluster)
  const agent = await agentNamespace(seed, config)
  if (agent.seen !== 'present')
    throw new UnavailableError(
      'CLUSTER_UNAVAILABLE',
      `cleaning up on ${cluster}: the seed gave no answer`,
    )
  await seed.remove(seedSecretKey(agent.value))
}

const requireSeed = async (context: Context, cluster: string): Promise<Cluster> => {
  const seed = await connectSeed(context, cluster)
  if (seed) return seed
  throw new UnavailableError(
    'ACCESS_MISSING',
    `cleaning up on ${cluster}: there is no saved access`,
  )
}
