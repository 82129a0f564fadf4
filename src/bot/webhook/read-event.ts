import { z } from 'zod'
import { commandText } from '../../core/command/command-text.ts'
import type { Incoming } from '../../operations/ports/inbox.ts'

/** What a payload says of something that Sower reads. */
export type Event = Readonly<{
  incoming: Incoming
  repository: Readonly<{ id?: number | undefined; full_name: string }>
  isBot: boolean
}>

const number = z.int().positive()
const about = {
  repository: z.looseObject({ id: number.optional(), full_name: z.string() }),
  sender: z.looseObject({ login: z.string().min(1).max(100), type: z.string() }),
}
const labelled = z.looseObject({
  action: z.literal('labeled'),
  label: z.looseObject({ name: z.literal('seed') }),
  pull_request: z.looseObject({
    number,
    updated_at: z.string().max(100),
    head: z.looseObject({ sha: z.string().max(100) }),
  }),
  ...about,
})
const pullRequest = z.looseObject({
  action: z.string(),
  pull_request: z.looseObject({ number }),
  ...about,
})
const comment = z.looseObject({
  // An edited comment is not what was shown when it was written, so only new ones count.
  action: z.literal('created'),
  issue: z.looseObject({ number, pull_request: z.looseObject({}) }),
  comment: z.looseObject({
    id: number,
    body: z.string(),
    created_at: z.string().max(100).optional(),
  }),
  ...about,
})

/** Reads a payload of GitHub's by the name of its event; undefined: there is nothing in it for Sower. */
export const readEvent = (name: unknown, payload: unknown): Event | undefined => {
  if (name === 'pull_request') return readPullRequest(payload)
  const written = name === 'issue_comment' ? comment.safeParse(payload) : undefined
  if (!written?.success) return undefined
  const { issue, comment: text, sender, repository } = written.data
  const body = commandText(text.body)
  if (body === null) return undefined
  return {
    incoming: {
      kind: 'comment',
      key: `#${issue.number}/comment/${text.id}`,
      pullRequest: issue.number,
      commentId: text.id,
      body,
      sender: sender.login,
      at: text.created_at,
    },
    repository,
    isBot: sender.type === 'Bot',
  }
}

const readPullRequest = (payload: unknown): Event | undefined => {
  const label = labelled.safeParse(payload)
  if (label.success) {
    const { pull_request, sender, repository } = label.data
    const { number: at, head, updated_at: since } = pull_request
    return {
      incoming: {
        kind: 'label',
        // The same label set again later is another request.
        key: `#${at}/label/${head.sha}/${since}`,
        pullRequest: at,
        headSha: head.sha,
        sender: sender.login,
        at: since,
      },
      repository,
      isBot: sender.type === 'Bot',
    }
  }
  const other = pullRequest.safeParse(payload)
  if (!other.success) return undefined
  const { pull_request, sender, repository } = other.data
  return {
    // A wake carries nothing that is believed, so each may come again.
    incoming: {
      kind: 'wake',
      key: `#${pull_request.number}/wake/${Date.now()}`,
      pullRequest: pull_request.number,
      sender: sender.login,
    },
    repository,
    isBot: sender.type === 'Bot',
  }
}
