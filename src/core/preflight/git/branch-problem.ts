/** The other uses of a branch, as GitHub gives them. */
export type BranchUse = Readonly<{
  isDefault: boolean
  /** By a protection rule or a ruleset; GitHub says so for both in one field. */
  isProtected: boolean
  /** The open pull requests whose base it is. */
  baseOf: readonly number[]
}>

/**
 * Why Sower must not push to a branch, though it heads a pull request: a commit there would reach more than the pull
 * request. Null when it is the pull request's own. `trackers` are the Applications of Argo CD that render it.
 */
export const branchProblem = (
  { isDefault, isProtected, baseOf }: BranchUse,
  trackers: readonly string[],
): string | null => {
  if (isDefault) return 'it is the default branch'
  if (isProtected) return 'it is protected'
  if (baseOf.length) return `it is the base of ${baseOf.map(number => `#${number}`).join(', ')}`
  if (trackers.length) return `Argo CD renders it for ${trackers.join(', ')}`
  return null
}
