import type { Octokit } from '@octokit/rest'
import type { BranchUse } from '../../core/preflight/branch-problem.ts'

/** Reads what a branch is used for. Throws what octokit throws. */
export const branchUse = async (
  { rest }: Pick<Octokit, 'rest'>,
  repository: Readonly<{ owner: string; repo: string }>,
  branch: string,
): Promise<BranchUse> => {
  // The branch first: a 404 of it means that there is none.
  const { data: found } = await rest.repos.getBranch({ ...repository, branch })
  const { data: of } = await rest.repos.get(repository)
  const open = { ...repository, state: 'open', base: branch, per_page: 100 } as const
  const { data: pulls } = await rest.pulls.list(open)
  return {
    isDefault: of.default_branch === branch,
    isProtected: found.protected,
    baseOf: pulls.map(({ number }) => number),
  }
}
