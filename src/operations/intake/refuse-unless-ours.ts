import { pullRequestProblem } from '../../core/preflight/git/pull-request-problem.ts'
import type { Configuration } from '../../core/settings/configuration.ts'
import { RefusedError } from '../../errors.ts'
import type { Context } from '../context.ts'
import type { PullRequest } from '../ports/forge.ts'

/** Refuses a pull request that Sower may not work on, now. Throws RefusedError REQUEST_INVALID. */
export const refuseUnlessOurs = (
  { settings: { branch: base } }: Pick<Context, 'settings'>,
  { branchPrefix }: Pick<Configuration, 'branchPrefix'>,
  pullRequest: Pick<PullRequest, 'number' | 'base' | 'branch' | 'isFork' | 'isHeadGone'>,
): void => {
  const problem = pullRequestProblem(pullRequest, { base, branchPrefix })
  if (problem !== null) throw requestInvalid(pullRequest.number, problem, { base, branchPrefix })
}

/** Error that refuses a pull request and names those that Sower can work on. */
export const requestInvalid = (
  number: number,
  reason: string,
  { base, branchPrefix }: Readonly<{ base: string; branchPrefix?: string | undefined }>,
): RefusedError =>
  new RefusedError('REQUEST_INVALID', `reading #${number}: ${reason}`, {
    fix: `open a pull request against ${base} from a branch of this repository${branchPrefix === undefined ? '' : ` that begins with ${branchPrefix}`}`,
  })

/** Refuses a draft, which nobody can merge: nothing is committed to it yet. Throws RefusedError PULL_REQUEST_DRAFT. */
export const refuseDraft = ({ number, isDraft }: Pick<PullRequest, 'number' | 'isDraft'>): void => {
  if (isDraft !== true) return
  throw new RefusedError('PULL_REQUEST_DRAFT', `reading #${number}: it is a draft`, {
    fix: 'mark it as ready for review; the run then goes on by itself',
  })
}
