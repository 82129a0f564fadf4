import { z } from 'zod'
import { canWrite, type Account } from '../account.ts'
import { countCharacters } from './check-text.ts'
import { findPull } from '../pulls/find-pull.ts'
import type { Host } from '../host.ts'
import type { Comment } from '../github-state.ts'
import { commentShape, issueShape } from '../shapes/issue-shape.ts'
import { notFound, parseBody, Refusal, validationFailed } from '../refusal.ts'
import type { Call, Route } from '../route.ts'

const Body = z.object({ body: z.string() })
const ListQuery = z.object({
  since: z.string().optional(),
  sort: z.enum(['created', 'updated']).optional(),
  direction: z.enum(['asc', 'desc']).default('desc'),
})

const bodyOf = (call: Call): string => {
  const { body } = parseBody(Body, call.body)
  const refuse = (message: string): never => {
    throw validationFailed({
      resource: 'IssueComment',
      code: 'unprocessable',
      field: 'data',
      message,
    })
  }
  if (body.trim() === '') refuse("Body can't be blank")
  if (countCharacters(body) > 65_536) refuse('Body is too long (maximum is 65536 characters)')
  return body
}

const listComments = (host: Host, query: URLSearchParams, number?: number): readonly Comment[] => {
  const { since, sort, direction } = parseBody(ListQuery, Object.fromEntries(query))
  const earliest = since === undefined ? -Infinity : Date.parse(since)
  const key = (comment: Comment): string =>
    sort === 'updated' ? comment.updatedAt : comment.createdAt
  return [...host.state.comments.values()]
    .filter(comment => number === undefined || comment.number === number)
    .filter(comment => Date.parse(comment.updatedAt) >= earliest)
    .sort((a, b) => {
      // Without `sort`, and always within one pull request, comments come by ascending id.
      if (sort === undefined || number !== undefined) return a.id - b.id
      return (direction === 'asc' ? 1 : -1) * (key(a).localeCompare(key(b)) || a.id - b.id)
    })
}

const emitComment = (
  host: Host,
  comment: Comment,
  sent: Readonly<{ action: string; by: Account; changes?: unknown }>,
): void => {
  const { action, by, ...fields } = sent
  const pull = host.state.pulls.get(comment.number)
  if (!pull) return
  pull.updatedAt = host.now()
  host.emit('issue_comment', by, {
    action,
    issue: issueShape(host, pull),
    comment: commentShape(host, comment),
    ...fields,
  })
}

/** The comment that the path names; 404 when there is none. */
export const findComment = (host: Host, call: Call): Comment => {
  const comment = host.state.comments.get(call.numberOf('id'))
  if (!comment) throw notFound()
  return comment
}

const ownComment = (host: Host, call: Call): Comment => {
  const comment = findComment(host, call)
  if (comment.user !== call.account.login && !canWrite(call.account))
    throw new Refusal(403, 'Must have admin rights to Repository.')
  return comment
}

/** The conversation of pull requests. */
export const commentRoutes = (host: Host): readonly Route[] => [
  {
    method: 'GET',
    path: '/repo/issues/comments',
    handle: ({ query }) => ({
      status: 200,
      list: listComments(host, query).map(comment => commentShape(host, comment)),
    }),
  },
  {
    method: 'GET',
    path: '/repo/issues/:number/comments',
    handle: call => ({
      status: 200,
      list: listComments(host, call.query, findPull(host, call).number).map(comment =>
        commentShape(host, comment),
      ),
    }),
  },
  {
    method: 'POST',
    path: '/repo/issues/:number/comments',
    handle: call => {
      const { number, locked } = findPull(host, call)
      if (locked && !canWrite(call.account))
        throw new Refusal(403, 'Unable to create comment because issue is locked.')
      const comment = {
        id: host.nextId(),
        number,
        user: call.account.login,
        createdAt: host.now(),
        updatedAt: host.now(),
        body: bodyOf(call),
      }
      host.state.comments.set(comment.id, comment)
      const first = comment.body.split('\n')[0] ?? ''
      host.tell('github', `${comment.user} commented on pull request #${number}: ${first}`, {
        number,
        body: comment.body,
      })
      emitComment(host, comment, { action: 'created', by: call.account })
      return { status: 201, body: commentShape(host, comment) }
    },
  },
  {
    method: 'GET',
    path: '/repo/issues/comments/:id',
    handle: call => ({ status: 200, body: commentShape(host, findComment(host, call)) }),
  },
  {
    method: 'PATCH',
    path: '/repo/issues/comments/:id',
    handle: call => {
      const comment = ownComment(host, call)
      const body = bodyOf(call)
      const changes = { body: { from: comment.body } }
      if (body !== comment.body) {
        Object.assign(comment, { body, updatedAt: host.now() })
        emitComment(host, comment, { action: 'edited', by: call.account, changes })
      }
      return { status: 200, body: commentShape(host, comment) }
    },
  },
  {
    method: 'DELETE',
    path: '/repo/issues/comments/:id',
    handle: call => {
      const comment = ownComment(host, call)
      host.state.comments.delete(comment.id)
      emitComment(host, comment, { action: 'deleted', by: call.account })
      return { status: 204 }
    },
  },
]
