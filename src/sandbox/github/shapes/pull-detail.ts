import type { RestEndpointMethodTypes } from '@octokit/rest'
import { changedFiles, emptyTree } from '../git/changed-files.ts'
import { combinedState, requiredResult } from './combined-state.ts'
import { listCommits } from '../git/list-commits.ts'
import { apiUrl, webUrl, type Host } from '../host.ts'
import type { PullRequest } from '../github-state.ts'
import { labelShape } from './label-shape.ts'
import { mergeBase } from '../git/merged-tree.ts'
import { repositoryShape } from './repository-shape.ts'
import { associationOf, nodeId, userShape } from './user-shape.ts'

type Whole = RestEndpointMethodTypes['pulls']['get']['response']['data']
// The type says that the head has a repository; of a fork that was deleted GitHub answers null.
type Head = Omit<Whole['head'], 'repo'> & Readonly<{ repo: Whole['head']['repo'] | null }>
type Detail = Omit<Whole, 'head'> & Readonly<{ head: Head }>
// The type of lists says that a label's description is never null; GitHub's answers say otherwise.
type Shared = 'state' | 'user' | 'head' | 'base' | 'labels'
type Summary = Omit<RestEndpointMethodTypes['pulls']['list']['response']['data'][number], Shared> &
  Pick<Detail, Shared>

/** The fork of an account, for its shape alone. */
const forkHost = (host: Host, owner: string): Host => ({ ...host, owner, isFork: true })

/** A pull request as lists show it. */
export const pullSummary = (host: Host, pull: PullRequest): Summary => {
  const url = apiUrl(host, `/pulls/${pull.number}`)
  const web = webUrl(host, `/pull/${pull.number}`)
  const issue = apiUrl(host, `/issues/${pull.number}`)
  const statuses = apiUrl(host, `/statuses/${pull.head.sha}`)
  const side = ({ branch, sha }: PullRequest['base'], fork: string | null): Detail['base'] => ({
    label: `${fork ?? host.owner}:${branch}`,
    ref: branch,
    sha,
    user: userShape(host, fork ?? host.owner),
    repo: repositoryShape(fork === null ? host : forkHost(host, fork)),
  })
  const { fork } = pull.head
  const isGone = fork !== null && !host.state.forks.has(fork)
  return {
    url,
    id: pull.id,
    node_id: nodeId('PR', pull.id),
    html_url: web,
    diff_url: `${web}.diff`,
    patch_url: `${web}.patch`,
    issue_url: issue,
    number: pull.number,
    state: pull.state,
    locked: pull.locked,
    title: pull.title,
    user: userShape(host, pull.user),
    body: pull.body,
    created_at: pull.createdAt,
    updated_at: pull.updatedAt,
    closed_at: pull.closedAt,
    merged_at: pull.merged?.at ?? null,
    merge_commit_sha: pull.merged?.as ?? pull.tested?.commit ?? null,
    assignee: null,
    assignees: [],
    requested_reviewers: [],
    requested_teams: [],
    labels: pull.labels.map(name => labelShape(host, name)),
    milestone: null,
    draft: pull.draft,
    commits_url: `${url}/commits`,
    review_comments_url: `${url}/comments`,
    review_comment_url: apiUrl(host, '/pulls/comments{/number}'),
    comments_url: `${issue}/comments`,
    statuses_url: statuses,
    head: { ...side(pull.head, fork), ...(isGone ? { repo: null } : {}) },
    base: side(pull.base, null),
    _links: {
      self: { href: url },
      html: { href: web },
      issue: { href: issue },
      comments: { href: `${issue}/comments` },
      review_comments: { href: `${url}/comments` },
      review_comment: { href: apiUrl(host, '/pulls/comments{/number}') },
      commits: { href: `${url}/commits` },
      statuses: { href: statuses },
    },
    author_association: associationOf(host, pull.user),
    auto_merge: null,
    active_lock_reason: null,
  }
}

const mergeableState = (host: Host, pull: PullRequest, mergeable: boolean | null): string => {
  if (mergeable === null) return 'unknown'
  if (!mergeable) return 'dirty'
  if (pull.draft) return 'draft'
  const { state, statuses } = combinedState(host.state, pull.head.sha)
  const required = host.requiredStatus
  if (required !== null && requiredResult(host.state, pull.head.sha, required) !== 'success')
    return 'blocked'
  return statuses.length > 0 && state !== 'success' ? 'unstable' : 'clean'
}

/** The commit from which the pull request's own changes count. */
export const startOf = async (host: Host, pull: PullRequest): Promise<string> =>
  (await mergeBase(host.repository, pull.base.sha, pull.head.sha)) ?? emptyTree

/** Counts are a matter of two commits: they are taken once, however often clients look. */
const measure = async (
  host: Host,
  pull: PullRequest,
): Promise<NonNullable<PullRequest['measured']>> => {
  const head = pull.head.sha
  const base = pull.base.sha
  if (pull.measured?.head === head && pull.measured.base === base) return pull.measured
  const from = await startOf(host, pull)
  const [files, commits] = await Promise.all([
    changedFiles(host.repository, { from, to: head }),
    listCommits(host.repository, [head, `^${base}`]),
  ])
  pull.measured = {
    head,
    base,
    commits: commits.length,
    files: files.length,
    additions: files.reduce((sum, file) => sum + file.additions, 0),
    deletions: files.reduce((sum, file) => sum + file.deletions, 0),
  }
  return pull.measured
}

/** A pull request in full; `mergeable` is null until a test merge of the present head and base is known. */
export const pullDetail = async (host: Host, pull: PullRequest): Promise<Detail> => {
  const [measured, base] = await Promise.all([
    measure(host, pull),
    host.repository.resolve(`refs/heads/${pull.base.branch}`),
  ])
  const isTested = pull.tested?.head === pull.head.sha && pull.tested.base === base
  const mergeable = pull.state === 'open' && isTested ? pull.tested?.commit !== null : null
  return {
    ...pullSummary(host, pull),
    merged: pull.merged !== null,
    mergeable,
    rebaseable: mergeable,
    mergeable_state: mergeableState(host, pull, mergeable),
    merged_by: pull.merged ? userShape(host, pull.merged.by) : null,
    comments: [...host.state.comments.values()].filter(one => one.number === pull.number).length,
    review_comments: 0,
    maintainer_can_modify: false,
    commits: measured.commits,
    additions: measured.additions,
    deletions: measured.deletions,
    changed_files: measured.files,
  }
}
