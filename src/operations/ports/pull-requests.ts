import type { Sha } from '../../core/run/run.ts'

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
  /**
   * Merges one whose head is that commit, or puts it into the merge queue. Null: it is merged; else why it is not (yet), in
   * a few words.
   */
  merge: (of: Readonly<{ number: number; head: Sha }>) => Promise<string | null>
  /** Sets a label, beside those that are there. */
  label: (number: number, label: string) => Promise<void>
}>

/** An open pull request, as far as a check of it needs. */
export type OpenChange = Readonly<{
  number: number
  branch: string
  headSha: Sha
  /** The branch lies in another repository, whose commits the clone does not have. */
  isFork: boolean
}>

/** A branch that GitHub's merge queue has made of pull requests, to be checked before it merges them. */
export type MergeGroup = Readonly<{
  branch: string
  headSha: Sha
  /** The pull requests that it would merge: its own, and those of the groups below it. */
  pullRequests: readonly number[]
}>

/**
 * The pull requests that wait to be merged. Throws UnavailableError GITHUB_FAILED without an answer, FailedError GITHUB_FAILED
 * for GitHub's no.
 */
export type OpenChanges = Readonly<{
  /** The head of a branch on GitHub, the open pull requests against it, and the groups of its merge queue. Asked again it costs nothing while both stay. */
  against: (
    branch: string,
  ) => Promise<
    Readonly<{ head: Sha; changes: readonly OpenChange[]; groups: readonly MergeGroup[] }>
  >
  /** The paths that a pull request changes, renames with both names; null: too many to list. */
  files: (number: number) => Promise<readonly string[] | null>
  /** Tells whether a branch takes nothing without a green status of this name. */
  requires: (branch: string, context: string) => Promise<boolean>
}>
