import { refuseUnlessSeed } from '../../../core/settings/refuse-unless-seed.ts'
import type { Sha } from '../../../core/run/run.ts'
import type { Base } from '../../base.ts'
import type { Context } from '../../context.ts'
import { authorise } from '../authorise.ts'
import { openPullRequest } from '../open-pull-request.ts'
import type { Sender } from '../sender.ts'

/**
 * Takes a question about a seed from an open pull request: the base branch that it is judged by, and the head that was asked
 * on. Throws RefusedError for who may not ask, for another pull request and for what is not a seed.
 */
export const askAboutSeed = async (
  context: Context,
  from: Sender,
  { verb, cluster }: Readonly<{ verb: Parameters<typeof authorise>[2]; cluster: string }>,
): Promise<Readonly<{ base: Base; headSha: Sha }>> => {
  const base = await authorise(context, from, verb)
  const { headSha } = await openPullRequest(context, base.config, from.pullRequest)
  refuseUnlessSeed(base.config, cluster)
  return { base, headSha }
}
