import type { BranchUse } from '../../core/preflight/git/branch-problem.ts'
import type { PullRequestState } from '../../core/run/observation.ts'
import type { Sha } from '../../core/run/run.ts'
import type { Permission } from '../../core/settings/roles.ts'
import type { Seen } from '../../core/seen.ts'

export type PullRequest = PullRequestState &
  Readonly<{
    number: number
    branch: string
    base: string
    baseSha: Sha
    /** The branch lies in another repository: Sower cannot and must not push there. */
    isFork: boolean
    /** The repository of the branch is deleted. */
    isHeadGone?: boolean
    /** Nobody can merge it before it is marked as ready for review. */
    isDraft?: boolean
    labels: readonly string[]
    /** The account that opened it. */
    by?: string
    /** The description. */
    body: string
    url: string
  }>

/** A remark on a line of a file. */
export type Annotation = Readonly<{
  path: string
  line: number
  level: 'notice' | 'failure'
  message: string
}>

/** The status of a commit. */
export type Status = Readonly<{
  sha: Sha
  state: 'pending' | 'success' | 'failure'
  description: string
  /** The name of the status; default: `sower`, of a run. */
  context?: string
  /** Markdown and remarks on lines, for whom there is room. */
  detail?: Readonly<{ summary: string; annotations: readonly Annotation[] }>
}>

/**
 * GitHub, as far as a bot needs it. Throws FailedError GITHUB_FAILED for GitHub's no, and UnavailableError
 * GITHUB_FAILED, with the time of the next try, for all that is no answer: silence, limits, a refused token.
 */
export type Forge = Readonly<{
  pullRequest: (number: number) => Promise<Seen<PullRequest>>
  /** The other uses of a branch that heads a pull request; absent when there is no such branch. */
  branchUse: (branch: string) => Promise<Seen<BranchUse>>
  /**
   * The kinds of the rules that rulesets set for a branch of this name, such as `creation`, whether it is there or not;
   * absent where the server knows no rulesets. GitHub does not say whom they let pass.
   */
  branchRules: (branch: string) => Promise<Seen<readonly string[]>>
  permission: (login: string) => Promise<Permission>
  /** Tells whether somebody is in a team of the organization that owns the repository, by the team's slug. */
  isTeamMember: (of: Readonly<{ team: string; login: string }>) => Promise<boolean>
  /** The open pull request from a branch of this repository against a base, else the newest that is closed or merged. */
  pullRequestFrom: (of: Readonly<{ branch: string; base: string }>) => Promise<Seen<PullRequest>>
  /** Makes or changes the one comment of ours that begins with `marker`. */
  upsertComment: (
    comment: Readonly<{ pullRequest: number; marker: string; body: string }>,
  ) => Promise<'made' | 'changed'>
  /** Sets the status of a commit: as an App a check run, with its details; else a commit status, which has room for none. */
  setStatus: (status: Status) => Promise<void>
  /** Best effort: a missing reaction hurts nobody. */
  react: (comment: Readonly<{ id: number; content: 'eyes' | 'confused' }>) => Promise<void>
  /**
   * The event with which somebody set the label `seed` last, up to a time; null: GitHub knows of none (yet). Its number is
   * the same however Sower hears of it.
   */
  labelling: (
    label: Readonly<{ pullRequest: number; by: string; until: string }>,
  ) => Promise<Readonly<{ id: number; at: string }> | null>
  /** The number of the repository, which stays with it whatever it is called. */
  repositoryId: () => Promise<number>
  /** Our own login, whose comments are never commands. */
  login: () => Promise<string>
}>
