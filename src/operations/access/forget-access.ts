import { isEnded } from '../../core/run/run.ts'
import { RefusedError, UnavailableError } from '../../errors.ts'
import type { Context } from '../context.ts'
import { savedAccess } from '../hub/saved-access.ts'
import type { Ports } from '../ports/ports.ts'

/** The deletion of a saved access: whether it was there, and since when it was kept, where the run knows that. */
export type Forgotten = Readonly<{ wasThere: boolean; since: string | null }>

/**
 * Deletes the saved access to a seed, which nothing can be cleaned on the seed without, and notes that on its run. Throws
 * RefusedError RUN_UNDER_WAY while a run could still need it, UnavailableError CLUSTER_UNAVAILABLE where the hub gives no
 * answer, ConflictError RUN_CHANGED when another run has begun meanwhile, and what deleting throws.
 */
export const forgetAccess = async (
  {
    ports: { hub, runs },
    settings,
  }: Readonly<{
    ports: Pick<Ports, 'hub' | 'runs'>
    settings: Pick<Context['settings'], 'namespace'>
  }>,
  cluster: string,
): Promise<Forgotten> => {
  const doing = `forgetting the access to ${cluster}`
  const key = savedAccess({ settings }, cluster)
  const read = await hub.read(key)
  if (read.seen === 'unknown')
    throw new UnavailableError(
      'CLUSTER_UNAVAILABLE',
      `${doing}: the hub gave no answer (${read.why})`,
      {
        fix:
          read.why === 'forbidden'
            ? `it needs the right to read Secrets in namespace ${key.namespace}`
            : 'ask again when the hub answers',
      },
    )
  // Read after the Secret: a run that begins later saves another one, or is refused its change below.
  const run = await runs.get(cluster)
  if (run && !isEnded(run.phase))
    throw new RefusedError('RUN_UNDER_WAY', `${doing}: its run is ${run.phase} and may need it`, {
      fix: 'wait until the run has ended, or end it with `/seed abort`',
    })
  if (read.seen === 'present') await hub.remove(key, { uid: read.value.metadata.uid })
  const since = run?.facts.accessSince ?? null
  if (run && since !== null)
    await runs.replace({ ...run, facts: { ...run.facts, accessSince: null } })
  return { wasThere: read.seen === 'present', since }
}
