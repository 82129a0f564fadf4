import { z } from 'zod'
import { RefusedError } from '../../errors.ts'
import { originalAccess, readKubeconfig } from '../hub/saved-access.ts'
import type { Context } from '../context.ts'
import type { Seen } from '../../core/seen.ts'
import type { KubernetesObject } from '../ports/cluster.ts'

const clusterVersion = z.looseObject({
  history: z.array(z.looseObject({ state: z.string(), version: z.string() })),
})

/** The one ClusterVersion. */
export const versionKey = {
  apiVersion: 'config.openshift.io/v1',
  kind: 'ClusterVersion',
  name: 'version',
}
const installed = z.looseObject({ clusterID: z.string() })

/** The ID of a seed's installation, `spec.clusterID` of its ClusterVersion; null where that does not say. */
export const clusterIdIn = (read: Seen<Pick<KubernetesObject, 'spec'>>): string | null =>
  read.seen === 'present' ? (installed.safeParse(read.value.spec).data?.clusterID ?? null) : null

/** The newest completed version of a ClusterVersion; undefined where it names none. */
export const versionIn = ({ status }: Pick<KubernetesObject, 'status'>): string | undefined =>
  clusterVersion.safeParse(status).data?.history.find(({ state }) => state === 'Completed')?.version

/**
 * The OpenShift version that a seed runs: the newest completed entry of its ClusterVersion. Throws
 * RefusedError ACCESS_MISSING when the seed cannot be asked.
 */
export const readSeedVersion = async (context: Context, cluster: string): Promise<string> => {
  const refuse = (reason: string): RefusedError =>
    new RefusedError('ACCESS_MISSING', `reading the OpenShift version of ${cluster}: ${reason}`, {
      fix: 'name the image in the request file of the cluster',
    })
  const kubeconfig = await readKubeconfig(context.ports, originalAccess(cluster))
  if (kubeconfig.seen !== 'present') throw refuse('its admin kubeconfig is not on the hub')
  const read = await context.ports.connect(kubeconfig.value).read(versionKey)
  if (read.seen !== 'present') throw refuse('the seed gave no answer')
  const version = versionIn(read.value)
  if (version === undefined) throw refuse('its ClusterVersion names no completed version')
  return version
}
