import type { Access } from '../../core/run/observation.ts'
import { type Seen, present, mapSeen } from '../../core/seen.ts'
import { RefusedError } from '../../errors.ts'
import type { Context } from '../context.ts'
import type { Cluster } from '../ports/cluster.ts'
import { readKubeconfig, savedAccess } from './saved-access.ts'

/** Proves that a kubeconfig works now: the API answers and lets its user create a SeedGenerator. */
export const proveAccess = async (
  { ports }: Readonly<{ ports: Pick<Context['ports'], 'connect'> }>,
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
    reason: allowed ? null : 'its user is not allowed to create a SeedGenerator on the seed',
  }))
}

/** The saved access of a cluster, tried out. */
export const observeAccess = async (context: Context, cluster: string): Promise<Seen<Access>> => {
  const saved = await readKubeconfig(context.ports, savedAccess(context, cluster))
  return saved.seen === 'present' ? proveAccess(context, saved.value) : saved
}
