import type { RestEndpointMethodTypes } from '@octokit/rest'

/** A pull request; GitHub's issue of the same number is another view of it. */
export type PullRequest = {
  readonly number: number
  readonly id: number
  readonly issueId: number
  readonly user: string
  title: string
  body: string | null
  state: 'open' | 'closed'
  draft: boolean
  /** Only those who may write comment on it. */
  locked: boolean
  /** `fork`: the account whose fork the branch lies in; null: this repository. */
  head: Readonly<{ branch: string; sha: string; fork: string | null }>
  /** The base branch and where it was when the pull request was opened or its head last moved. */
  base: Readonly<{ branch: string; sha: string }>
  labels: readonly string[]
  readonly createdAt: string
  updatedAt: string
  closedAt: string | null
  closedBy: string | null
  merged: Readonly<{ at: string; by: string; as: string }> | null
  /** The last test merge; void as soon as head or base are elsewhere. */
  tested: Readonly<{ head: string; base: string; commit: string | null }> | null
  /** How much it changes between these two commits, counted once. */
  measured: Readonly<{
    head: string
    base: string
    commits: number
    files: number
    additions: number
    deletions: number
  }> | null
}

/** The eight reactions that GitHub has. */
export const reactionContents = [
  '+1',
  '-1',
  'laugh',
  'confused',
  'heart',
  'hooray',
  'rocket',
  'eyes',
] as const

/** A reaction of one user to a comment or pull request. */
export type Reaction = Readonly<{
  id: number
  /** `comment/ID` or `issue/NUMBER`. */
  subject: string
  user: string
  content: (typeof reactionContents)[number]
  createdAt: string
}>

/** A comment on the conversation of a pull request. */
export type Comment = {
  readonly id: number
  readonly number: number
  readonly user: string
  readonly createdAt: string
  body: string
  updatedAt: string
}

/** A label of the repository. */
export type Label = { id: number; name: string; color: string; description: string | null }

/** Something that was done to a pull request, and by whom. */
export type IssueEvent = Readonly<{
  id: number
  number: number
  actor: string
  event: string
  commit: string | null
  label: string | null
  createdAt: string
}>

/** One status as it was set; newer ones of the same context hide older ones. */
export type Status = Readonly<{
  id: number
  sha: string
  state: 'error' | 'failure' | 'pending' | 'success'
  context: string
  description: string | null
  targetUrl: string | null
  creator: string
  createdAt: string
}>

/** One check run as it was written; newer ones of the same name hide older ones. No conclusion: it is in progress. */
export type CheckRun = Readonly<{
  id: number
  sha: string
  context: string
  conclusion: RestEndpointMethodTypes['checks']['create']['response']['data']['conclusion']
  title: string
  summary: string
  /** How many remarks it has. */
  annotations: number
  createdAt: string
}>

/** All that GitHub keeps beside git. */
export type GitHubState = Readonly<{
  pulls: Map<number, PullRequest>
  comments: Map<number, Comment>
  /** By lower-case name: GitHub's label names differ in more than case. */
  labels: Map<string, Label>
  reactions: Map<number, Reaction>
  events: IssueEvent[]
  statuses: Status[]
  checkRuns: CheckRun[]
  /** Branches that a ruleset lets nobody push to: what reaches them is merged. */
  protected: Set<string>
  /** The accounts that have a fork. */
  forks: Set<string>
  /** When a branch last moved; null before any did. */
  lastPush: { at: string | null }
  /** Nothing of an archived repository changes. */
  isArchived: { now: boolean }
}>

/** A repository that has just been created. */
export const createGitHubState = (): GitHubState => ({
  pulls: new Map(),
  comments: new Map(),
  labels: new Map(),
  reactions: new Map(),
  events: [],
  statuses: [],
  checkRuns: [],
  protected: new Set(),
  forks: new Set(),
  lastPush: { at: null },
  isArchived: { now: false },
})
