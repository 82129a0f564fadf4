import { ConflictError } from '../../errors.ts'
import type { ListedPullRequest, PullRequests } from '../ports/pull-requests.ts'
import type { Repository } from '../ports/repository.ts'
import { describePromotion } from './describe-promotion.ts'
import { titleOf, type PreparedPromotion } from './prepare-promotion.ts'

/**
 * Pushes the branch of a promotion and opens its pull request; one that is open already is found again. Nothing is pushed to
 * the base. Throws ConflictError GIT_CONFLICT where the branch holds something else, and what git and GitHub throw; what was
 * done until then is found again by the next try.
 */
export const openPromotion = async (
  {
    repository,
    pulls,
    base,
  }: Readonly<{
    repository: Pick<Repository, 'branchHead' | 'push' | 'diff'>
    pulls: Pick<PullRequests, 'open' | 'create'>
    /** The branch that Argo CD tracks. */
    base: string
  }>,
  prepared: PreparedPromotion,
  of: Readonly<{ cluster: string; recordPath: string }>,
): Promise<Readonly<{ pull: ListedPullRequest; isNew: boolean }>> => {
  const { branch, sha, seedImageRef } = prepared
  const open = (await pulls.open(base)).find(pull => pull.branch === branch)
  if (open) return { pull: open, isNew: false }
  const pushed = await repository.branchHead(branch)
  if (pushed === undefined) await repository.push(sha, branch)
  else if (pushed !== sha && (await repository.diff(sha, pushed)) !== '')
    throw new ConflictError('GIT_CONFLICT', `pushing ${branch}: that branch holds something else`, {
      fix: 'delete the branch on GitHub, then ask again',
    })
  const title = titleOf(of.cluster, seedImageRef)
  const body = describePromotion(prepared, of)
  return { pull: await pulls.create({ title, body, branch, base }), isNew: true }
}
