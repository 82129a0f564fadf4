import { verdictOf } from '../../../core/preflight/verdict-of.ts'
import { refuseUnlessSeed } from '../../../core/settings/refuse-unless-seed.ts'
import type { Context } from '../../context.ts'
import { checkBeforeDetach } from '../../preflight/check-before-detach.ts'
import { authorise } from '../authorise.ts'
import { openPullRequest } from '../open-pull-request.ts'
import { imageAskedFor } from './image-asked-for.ts'
import type { Answer, Sender } from '../sender.ts'

/**
 * Answers `/seed preflight <cluster>` with every check that can be asked before the detach. Nothing is written: no run
 * begins, and no branch is touched. The image is that of the pull request's request file, else the template's. Throws
 * RefusedError for who may not ask, what is not a seed and what cannot be detached.
 */
export const answerPreflight = async (
  context: Context,
  from: Sender,
  cluster: string,
): Promise<Answer> => {
  const base = await authorise(context, from, 'preflight')
  const { headSha } = await openPullRequest(context, base.config, from.pullRequest)
  refuseUnlessSeed(base.config, cluster)
  const head = await context.ports.repository.checkout(headSha)
  const image = await imageAskedFor(context, { base, head, cluster })
  const checks = await checkBeforeDetach(context, { base, cluster, image })
  return { text: `${verdictOf(cluster, checks)}. Nothing was changed.`, code: null, checks }
}
