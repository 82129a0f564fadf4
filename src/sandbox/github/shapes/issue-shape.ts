import type { RestEndpointMethodTypes } from '@octokit/rest'
import { reactionContents, type Comment, type PullRequest, type Reaction } from '../github-state.ts'
import { apiUrl, webUrl, type Host } from '../host.ts'
import { labelShape } from './label-shape.ts'
import { associationOf, nodeId, userShape } from './user-shape.ts'

type IssueData = RestEndpointMethodTypes['issues']['get']['response']['data']
type CommentData = RestEndpointMethodTypes['issues']['getComment']['response']['data']
type ReactionData =
  RestEndpointMethodTypes['reactions']['createForIssueComment']['response']['data']

const rollup = (
  host: Host,
  subject: string,
  url: string,
): NonNullable<CommentData['reactions']> => {
  const given = [...host.state.reactions.values()].filter(one => one.subject === subject)
  const count = (content: Reaction['content']): number =>
    given.filter(one => one.content === content).length
  const [plus, minus, laugh, confused, heart, hooray, rocket, eyes] = reactionContents
  return {
    url: `${url}/reactions`,
    total_count: given.length,
    '+1': count(plus),
    '-1': count(minus),
    laugh: count(laugh),
    confused: count(confused),
    heart: count(heart),
    hooray: count(hooray),
    rocket: count(rocket),
    eyes: count(eyes),
  }
}

/** A reaction of someone. */
export const reactionShape = (host: Host, reaction: Reaction): ReactionData => ({
  id: reaction.id,
  node_id: nodeId('REA', reaction.id),
  user: userShape(host, reaction.user),
  content: reaction.content,
  created_at: reaction.createdAt,
})

/** A comment on a pull request's conversation. */
export const commentShape = (host: Host, comment: Comment): CommentData => {
  const url = apiUrl(host, `/issues/comments/${comment.id}`)
  return {
    url,
    html_url: webUrl(host, `/pull/${comment.number}#issuecomment-${comment.id}`),
    issue_url: apiUrl(host, `/issues/${comment.number}`),
    id: comment.id,
    node_id: nodeId('IC', comment.id),
    user: userShape(host, comment.user),
    created_at: comment.createdAt,
    updated_at: comment.updatedAt,
    body: comment.body,
    author_association: associationOf(host, comment.user),
    reactions: rollup(host, `comment/${comment.id}`, url),
    performed_via_github_app: null,
  }
}

/** The pull request seen as an issue. */
export const issueShape = (host: Host, pull: PullRequest): IssueData => {
  const url = apiUrl(host, `/issues/${pull.number}`)
  const web = webUrl(host, `/pull/${pull.number}`)
  const comments = [...host.state.comments.values()].filter(one => one.number === pull.number)
  return {
    url,
    repository_url: apiUrl(host),
    labels_url: `${url}/labels{/name}`,
    comments_url: `${url}/comments`,
    events_url: `${url}/events`,
    timeline_url: `${url}/timeline`,
    html_url: web,
    id: pull.issueId,
    node_id: nodeId('PR', pull.id),
    number: pull.number,
    title: pull.title,
    user: userShape(host, pull.user),
    labels: pull.labels.map(name => labelShape(host, name)),
    state: pull.state,
    state_reason: null,
    locked: pull.locked,
    active_lock_reason: null,
    assignee: null,
    assignees: [],
    milestone: null,
    comments: comments.length,
    created_at: pull.createdAt,
    updated_at: pull.updatedAt,
    closed_at: pull.closedAt,
    closed_by: pull.closedBy === null ? null : userShape(host, pull.closedBy),
    author_association: associationOf(host, pull.user),
    draft: pull.draft,
    pull_request: {
      url: apiUrl(host, `/pulls/${pull.number}`),
      html_url: web,
      diff_url: `${web}.diff`,
      patch_url: `${web}.patch`,
      merged_at: pull.merged?.at ?? null,
    },
    body: pull.body,
    reactions: rollup(host, `issue/${pull.number}`, url),
    performed_via_github_app: null,
  }
}
