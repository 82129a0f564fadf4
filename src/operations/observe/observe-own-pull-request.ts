import type { OwnPullRequest } from '../../core/run/observation.ts'
import type { OwnStep } from '../../core/run/own/own-changes.ts'
import type { Run } from '../../core/run/run.ts'
import { absent, present, type Seen } from '../../core/seen.ts'
import type { Base } from '../base.ts'
import type { Context } from '../context.ts'
import { ownBranch } from '../effects/own-branch.ts'

/**
 * Looks for the pull request of Sower's own that brings a step to the base branch, which was fetched before. Absent also
 * for one that was closed and whose branch is deleted.
 */
export const observeOwnPullRequest = async (
  { ports: { forge, repository }, settings }: Context,
  { base: { checkout, config }, run, step }: Readonly<{ base: Base; run: Run; step: OwnStep }>,
): Promise<Seen<OwnPullRequest>> => {
  const branch = ownBranch(config, run.request, step)
  const found = await forge.pullRequestFrom({ branch, base: settings.branch })
  if (found.seen !== 'present') return found
  const { number, state, mergedAs } = found.value
  const head = await repository.branchHead(branch)
  const isForSower = config.merge === 'sower'
  const is = { number, branch, state, isForSower, conflicts: false, hasLanded: false }
  switch (state) {
    case 'open':
      return present({
        ...is,
        conflicts: head !== undefined && (await repository.merge(checkout.sha, head)) === undefined,
      })
    case 'closed':
      return head === undefined ? absent : present(is)
    case 'merged':
      // The merge may be younger than the fetch; git compares only commits that it has.
      await repository.fetch()
      return present({
        ...is,
        hasLanded: mergedAs !== null && (await repository.isAncestor(mergedAs, checkout.sha)),
      })
  }
}
