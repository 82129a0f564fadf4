import type { Run, Sha } from '../../core/run/run.ts'
import { ConflictError, FailedError, UnavailableError } from '../../errors.ts'
import { type Context } from '../context.ts'
import { refuseSharedBranch } from '../intake/refuse-shared-branch.ts'
import { refuseUnlessOurs } from '../intake/refuse-unless-ours.ts'
import { readBase } from '../read-base.ts'

/**
 * Pushes the proven detach commit to the pull request's branch, after a last look at both. Throws RefusedError
 * REQUEST_INVALID or BRANCH_SHARED, ConflictError REQUEST_INVALID when the pull request is not open any more, HEAD_MOVED
 * when it is not at `onto`, GIT_CONFLICT when the push comes too late, FailedError GITHUB_FAILED when Sower may not look,
 * UnavailableError GITHUB_FAILED or CLUSTER_UNAVAILABLE without an answer.
 */
export const commitDetach = async (context: Context, run: Run, onto: Sha): Promise<void> => {
  const { cluster, pullRequest: number } = run.request
  const { config } = await readBase(context)
  const read = await context.ports.forge.pullRequest(number)
  const doing = `committing the detach of ${cluster} to #${number}`
  if (read.seen === 'unknown' && read.why === 'forbidden')
    throw new FailedError('GITHUB_FAILED', `${doing}: GitHub forbids Sower to read it`, {
      fix: 'let the token read pull requests of this repository',
    })
  if (read.seen === 'unknown')
    throw new UnavailableError('GITHUB_FAILED', `${doing}: GitHub gave no answer (${read.why})`)
  // A branch that GitHub deleted with the merge would be made again.
  if (read.seen === 'absent' || read.value.state !== 'open')
    throw new ConflictError('REQUEST_INVALID', `${doing}: it is not open any more`)
  const { branch, headSha } = read.value
  refuseUnlessOurs(context, config, read.value)
  const { pushedAs } = run.facts
  if (headSha !== onto || pushedAs === null)
    throw new ConflictError('HEAD_MOVED', `${doing}: its branch moved to ${headSha} meanwhile`)
  const own = await refuseSharedBranch(context, config, branch)
  if (own.seen !== 'present')
    throw new UnavailableError(
      'CLUSTER_UNAVAILABLE',
      `${doing}: it is not known whether a push to ${branch} reaches more than that branch (${own.seen === 'unknown' ? own.why : 'no such branch'})`,
      { fix: 'let GitHub and the hub answer; Sower asks again by itself' },
    )
  await context.ports.repository.push(pushedAs, branch)
}
