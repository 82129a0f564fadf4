import { readRecordIfValid } from '../../core/detach/read-record-at.ts'
import type { Run } from '../../core/run/run.ts'
import type { Base } from '../base.ts'
import type { Context } from '../context.ts'
import type { PullRequest } from '../ports/forge.ts'

/**
 * The pull request as the base branch shows it: what was read as open before the base was fetched may have been merged
 * since. Then it is merged by a commit that is not known yet, and is read again at the next look. A merge commit has the
 * head among its ancestors; a squash and a rebase bring the record of this very run, which is on no other branch.
 */
export const asMerged = async (
  { ports: { repository } }: Pick<Context, 'ports'>,
  {
    base: { checkout, config },
    run: { request },
    pullRequest,
  }: Readonly<{ base: Base; run: Run; pullRequest: PullRequest }>,
): Promise<PullRequest> => {
  const { directory } = config
  const { cluster, key } = request
  const isMerged =
    readRecordIfValid(checkout.tree, { directory, cluster })?.request === key ||
    (await repository.isAncestor(pullRequest.headSha, checkout.sha))
  return isMerged ? { ...pullRequest, state: 'merged', mergedAs: null } : pullRequest
}
