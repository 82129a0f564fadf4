import { branchProblem } from '../../core/preflight/git/branch-problem.ts'
import type { Configuration } from '../../core/settings/configuration.ts'
import { present, type Seen } from '../../core/seen.ts'
import { RefusedError } from '../../errors.ts'
import type { Context } from '../context.ts'
import { findTrackers } from '../hub/find-trackers.ts'

/**
 * Refuses a branch to which a push would reach more than its pull request. Present when GitHub and the hub both say that
 * it is not such a one; unknown where one gave no answer; absent when there is no such branch. Throws RefusedError
 * BRANCH_SHARED.
 */
export const refuseSharedBranch = async (
  context: Context,
  config: Configuration,
  branch: string,
): Promise<Seen<true>> => {
  const [use, trackers] = await Promise.all([
    context.ports.forge.branchUse(branch),
    findTrackers(context, config, branch),
  ])
  const unused = { isDefault: false, isProtected: false, baseOf: [] }
  const problem = branchProblem(
    use.seen === 'present' ? use.value : unused,
    trackers.seen === 'present' ? trackers.value : [],
  )
  if (problem !== null)
    throw new RefusedError('BRANCH_SHARED', `looking at the branch ${branch}: ${problem}`, {
      fix: 'open the pull request from a branch of its own, to which a push reaches nothing else',
    })
  if (use.seen !== 'present') return use
  return trackers.seen === 'unknown' ? trackers : present(true)
}
