import type { Run } from '../../core/run/run.ts'
import { present } from '../../core/seen.ts'
import { RefusedError } from '../../errors.ts'
import type { Base } from '../base.ts'
import type { Context } from '../context.ts'
import { isListed } from '../names/is-listed.ts'
import type { PullRequest } from '../ports/forge.ts'
import { mergeConflict } from '../prove-merge.ts'
import type { BranchState } from './branch-state.ts'

/**
 * Looks at the branch of an adopted run: no root may render the cluster, on the base and on the merge with it, and the merge
 * changes no render. Throws RefusedError NOT_DETACHED and MERGE_CONFLICT, and what rendering throws.
 */
export const observeAdoption = async (
  context: Context,
  { base, run, pullRequest }: Readonly<{ base: Base; run: Run; pullRequest: PullRequest }>,
): Promise<BranchState> => {
  const { repository } = context.ports
  const { cluster } = run.request
  const { checkout: before, config } = base
  const after = await repository.merge(before.sha, pullRequest.headSha)
  if (!after) throw mergeConflict(pullRequest.headSha)
  for (const [where, checkout] of [
    ['the base branch', before],
    ['the merge', after],
  ] as const)
    if (await isListed(context, checkout, { config, cluster }))
      throw new RefusedError('NOT_DETACHED', `adopting ${cluster}: ${where} lists it`, {
        fix: 'ask without `adopt: true`, and Sower detaches the cluster; or take it out by hand, and wait until it is gone',
      })
  const proof = await context.prove({
    ...{ before, after, roots: config.roots, acceptStatic: config.acceptStaticProof },
    expected: { cluster, object: false, companions: false },
  })
  return {
    detach: present({ status: 'detached' }),
    proof,
    diff: await repository.diff(before.sha, after.sha),
  }
}
