import { z } from 'zod'
import { findComment } from './comment-routes.ts'
import { findPull } from '../pulls/find-pull.ts'
import type { Host } from '../host.ts'
import { reactionContents, type Reaction } from '../github-state.ts'
import { reactionShape } from '../shapes/issue-shape.ts'
import { notFound, parseBody, requireWrite } from '../refusal.ts'
import type { Answer, Call, Route } from '../route.ts'

const NewReaction = z.object({ content: z.enum(reactionContents) })

const subjects = [
  {
    path: '/repo/issues/comments/:id/reactions',
    subjectOf: (host: Host, call: Call): string => `comment/${findComment(host, call).id}`,
  },
  {
    path: '/repo/issues/:number/reactions',
    subjectOf: (host: Host, call: Call): string => `issue/${findPull(host, call).number}`,
  },
] as const

const react = (host: Host, call: Call, subject: string): Answer => {
  const { content } = parseBody(NewReaction, call.body)
  const user = call.account.login
  const known = [...host.state.reactions.values()].find(
    one => one.subject === subject && one.user === user && one.content === content,
  )
  if (known) return { status: 200, body: reactionShape(host, known) }
  const reaction: Reaction = { id: host.nextId(), subject, user, content, createdAt: host.now() }
  host.state.reactions.set(reaction.id, reaction)
  return { status: 201, body: reactionShape(host, reaction) }
}

/** Reactions to comments and to pull requests. */
export const reactionRoutes = (host: Host): readonly Route[] =>
  subjects.flatMap(({ path, subjectOf }): readonly Route[] => [
    {
      method: 'GET',
      path,
      handle: call => {
        const subject = subjectOf(host, call)
        const content = call.query.get('content')
        const list = [...host.state.reactions.values()]
          .filter(one => one.subject === subject)
          .filter(one => content === null || one.content === content)
        return { status: 200, list: list.map(one => reactionShape(host, one)) }
      },
    },
    {
      method: 'POST',
      path,
      handle: call => react(host, call, subjectOf(host, call)),
    },
    {
      method: 'DELETE',
      path: `${path}/:reaction`,
      handle: call => {
        const reaction = host.state.reactions.get(call.numberOf('reaction'))
        if (reaction?.subject !== subjectOf(host, call)) throw notFound()
        if (reaction.user !== call.account.login) requireWrite(call.account)
        host.state.reactions.delete(reaction.id)
        return { status: 204 }
      },
    },
  ])
