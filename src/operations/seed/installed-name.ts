import { z } from 'zod'
import { absent, mapSeen, type Seen } from '../../core/seen.ts'
import { UnavailableError } from '../../errors.ts'
import type { Cluster } from '../ports/cluster.ts'

const infrastructure = z.looseObject({ apiServerURL: z.string() })

/**
 * Reads the name that a cluster was installed with: the API server of OpenShift is `api.<name>.<base domain>`. Absent where
 * its Infrastructure is not there or does not say so.
 */
export const readInstalledName = async (seed: Pick<Cluster, 'read'>): Promise<Seen<string>> => {
  const read = mapSeen(
    await seed.read({
      ...{ apiVersion: 'config.openshift.io/v1', kind: 'Infrastructure', name: 'cluster' },
    }),
    ({ status }) => {
      const url = infrastructure.safeParse(status).data?.apiServerURL
      return /^https:\/\/api\.(?<name>[a-z0-9-]+)\./.exec(url ?? '')?.groups?.['name'] ?? ''
    },
  )
  return read.seen === 'present' && read.value === '' ? absent : read
}

/** The same where an answer is needed; null where it does not say. Throws UnavailableError CLUSTER_UNAVAILABLE. */
export const installedName = async (seed: Pick<Cluster, 'read'>): Promise<string | null> => {
  const read = await readInstalledName(seed)
  if (read.seen === 'unknown')
    throw new UnavailableError(
      'CLUSTER_UNAVAILABLE',
      `reading which cluster the kubeconfig leads to: no answer (${read.why})`,
      { fix: 'try again when its API answers and lets this user read Infrastructure/cluster' },
    )
  return read.seen === 'present' ? read.value : null
}
