import { applicationPlace } from '../../core/application/application-place.ts'
import { clusterInstance } from '../../core/cluster/kinds.ts'
import type { Run } from '../../core/run/run.ts'
import { FailedError, InputError } from '../../errors.ts'
import { type Context } from '../context.ts'
import { readBase } from '../read-base.ts'
import { noAnswer } from '../hub/no-answer.ts'
import { findClusterInstances } from '../hub/observe-remaining.ts'

/**
 * Orders one sync with prune that names only the run's ClusterInstance, so that it can remove nothing
 * else; automated sync refuses to remove the last object.
 */
export const syncWithPrune = async (
  context: Context,
  run: Run,
  application: string,
): Promise<void> => {
  const { config } = await readBase(context)
  const { argocd } = context.ports
  if (!argocd)
    throw new InputError(
      'ARGOCD_FAILED',
      `ordering a sync of ${application}: there is no Argo CD token`,
      {
        fix: 'start the bot with --argocd-url and --argocd-token-file, or sync this one ClusterInstance with prune in Argo CD',
      },
    )
  const place = applicationPlace(application, config.argocd.namespace)
  const found = await findClusterInstances(context, run.request.cluster)
  if (found.seen === 'unknown') throw noAnswer(`ordering a sync of ${application}`, found)
  const waiting = found.seen === 'present' ? found.value : []
  for (const { metadata } of waiting.filter(
    object => object.metadata.deletionTimestamp === undefined,
  ))
    await argocd
      .syncWithPrune({
        application: place.name,
        namespace: place.namespace,
        resource: {
          group: clusterInstance.group,
          kind: clusterInstance.kind,
          name: metadata.name,
          namespace: metadata.namespace ?? '',
        },
      })
      .catch((error: unknown) => {
        // A definite no, such as the 403 of a token without `get` or `sync`: a person can do it in Argo CD.
        if (error instanceof FailedError)
          throw new FailedError(error.code, error.message, {
            cause: error,
            fix: `give the token \`get\` and \`sync\` on ${application}; or in Argo CD open ${application}, press Sync, select only ClusterInstance ${metadata.name}, tick Prune, press Synchronize`,
          })
        throw error
      })
}
