import type { Run, Sha } from '../../core/run/run.ts'
import { ConflictError } from '../../errors.ts'
import { type Context } from '../context.ts'
import { readBase } from '../read-base.ts'

/**
 * Pushes the proven detach commit to the pull request's branch. Throws ConflictError GIT_CONFLICT when the
 * branch is not at `onto` any more, and what making the commit throws.
 */
export const commitDetach = async (context: Context, run: Run, onto: Sha): Promise<void> => {
  const { repository, forge } = context.ports
  const base = await readBase(context)
  const pullRequest = await forge.pullRequest(run.request.pullRequest)
  if (
    pullRequest.seen !== 'present' ||
    // A branch that GitHub deleted with the merge would be made again.
    pullRequest.value.state !== 'open' ||
    pullRequest.value.headSha !== onto ||
    pullRequest.value.isFork
  )
    throw new ConflictError('GIT_CONFLICT', 'committing the detach: the branch moved meanwhile')
  const { sha } = await context.detachCommits(run.request, {
    onto: await repository.checkout(onto),
    base,
  })
  await repository.push(sha, pullRequest.value.branch)
}
