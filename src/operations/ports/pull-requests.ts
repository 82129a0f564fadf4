/** A pull request as its list shows it. */
export type ListedPullRequest = Readonly<{
  number: number
  branch: string
  url: string
  labels: readonly string[]
}>

/**
 * Pull requests, as far as somebody opens one. Throws FailedError GITHUB_FAILED for GitHub's no, and UnavailableError
 * GITHUB_FAILED for all that is no answer: then it may have been done.
 */
export type PullRequests = Readonly<{
  /** Those that are open against a base, from branches of this repository. */
  open: (base: string) => Promise<readonly ListedPullRequest[]>
  create: (
    request: Readonly<{ title: string; body: string; branch: string; base: string }>,
  ) => Promise<ListedPullRequest>
  /** Sets a label, beside those that are there. */
  label: (number: number, label: string) => Promise<void>
}>
