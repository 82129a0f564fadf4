/**
 * Why Sower must not work on a pull request: it is against another branch than the one that Argo CD tracks, its branch is
 * in a fork or in a repository that is gone, or is called otherwise than `branchPrefix` of `sower.yaml` says. Null when it may. A base can be changed at
 * any time, so this is asked at every look.
 */
export const pullRequestProblem = (
  {
    base,
    branch,
    isFork,
    isHeadGone,
  }: Readonly<{ base: string; branch: string; isFork: boolean; isHeadGone?: boolean }>,
  wanted: Readonly<{ base: string; branchPrefix?: string | undefined }>,
): string | null => {
  const { branchPrefix = '' } = wanted
  if (isHeadGone === true) return 'the repository of its branch is deleted'
  if (isFork) return 'its branch is in a fork, where Sower cannot write'
  if (base !== wanted.base) return `its base is ${base}`
  if (!branch.startsWith(branchPrefix))
    return `its branch ${branch} does not begin with ${branchPrefix}`
  return null
}
