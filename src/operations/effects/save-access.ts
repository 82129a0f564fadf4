import { RefusedError } from '../../errors.ts'
import { noAnswer } from '../hub/no-answer.ts'
import { originalAccess, readKubeconfig, savedAccess } from '../hub/saved-access.ts'
import { saveProven } from '../hub/save-proven.ts'
import type { Context } from '../context.ts'

/**
 * Copies the seed's admin kubeconfig out of the cluster's namespace, where it would go with the
 * ClusterDeployment, after it was proven to work with a client certificate. Throws RefusedError
 * ACCESS_MISSING, ACCESS_NOT_PROVEN, or what `noAnswer` makes.
 */
export const saveAccess = async (context: Context, cluster: string): Promise<void> => {
  const original = originalAccess(cluster)
  const found = await readKubeconfig(context.ports, original)
  const doing = `saving the access to ${cluster}`
  if (found.seen === 'unknown') throw noAnswer(doing, found)
  if (found.seen === 'absent')
    throw new RefusedError(
      'ACCESS_MISSING',
      `${doing}: Secret ${original.namespace ?? ''}/${original.name} with key kubeconfig is not on the hub`,
      {
        fix: `put the seed's admin kubeconfig into that Secret, or into ${context.settings.namespace}/${savedAccess(context, cluster).name}`,
      },
    )
  await saveProven(context, { cluster, kubeconfig: found.value })
}
