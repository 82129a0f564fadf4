import { z } from 'zod'
import { commandText } from '../../core/command/command-text.ts'
import type { Incoming } from '../../operations/ports/inbox.ts'

/** A text that a person wrote, and where; the sender is read with it. */
export type Written = Omit<Extract<Incoming, { kind: 'comment' }>, 'sender'>

const number = z.int().positive()
const time = z.string().max(100).optional()
const text = z.string().nullish()
const changes = z.looseObject({ body: z.looseObject({ from: z.string() }).optional() }).optional()
const sha = z.string().max(100)

const comment = z.looseObject({
  action: z.enum(['created', 'edited']),
  issue: z.looseObject({ number, pull_request: z.looseObject({}) }),
  comment: z.looseObject({ id: number, body: z.string(), created_at: time, updated_at: time }),
  changes,
})
const review = z.looseObject({
  action: z.enum(['submitted', 'edited']),
  pull_request: z.looseObject({ number }),
  review: z.looseObject({ id: number, body: text, commit_id: sha.nullish(), submitted_at: time }),
  changes,
})
const reviewComment = z.looseObject({
  action: z.literal('created'),
  pull_request: z.looseObject({ number }),
  comment: z.looseObject({ id: number, body: z.string(), created_at: time }),
})
const description = z.looseObject({
  action: z.enum(['opened', 'edited']),
  pull_request: z.looseObject({
    ...{ number, body: text, created_at: time, updated_at: time },
    head: z.looseObject({ sha }),
  }),
  changes,
})

/**
 * Reads a comment, the text of a review, a comment on a line of code or the description of a pull request; undefined: it
 * holds nothing that begins like a command. Only what is new is obeyed; what is not is kept to be answered.
 */
export const readComment = (name: unknown, payload: unknown): Written | undefined => {
  if (name === 'issue_comment') {
    const read = comment.safeParse(payload).data
    if (!read) return undefined
    const { id, body, created_at: at, updated_at: since } = read.comment
    const isEdited = read.action === 'edited'
    return written(body, {
      pullRequest: read.issue.number,
      place: `comment/${id}`,
      commentId: id,
      ...{ at, edited: isEdited ? { since, from: read.changes?.body?.from } : null },
    })
  }
  if (name === 'pull_request_review') {
    const read = review.safeParse(payload).data
    if (!read) return undefined
    const { id, body, commit_id: headSha, submitted_at: at } = read.review
    return written(body, {
      pullRequest: read.pull_request.number,
      place: `review/${id}`,
      headSha,
      ...{
        at,
        edited: read.action === 'edited' ? { since: at, from: read.changes?.body?.from } : null,
      },
    })
  }
  if (name === 'pull_request_review_comment') {
    const read = reviewComment.safeParse(payload).data
    const place = `review-comment/${read?.comment.id}`
    return read === undefined
      ? undefined
      : written(read.comment.body, {
          ...{ pullRequest: read.pull_request.number, place, at: read.comment.created_at },
          ...{ edited: null, unread: 'on-code' },
        })
  }
  return name === 'pull_request' ? readDescription(payload) : undefined
}

const readDescription = (payload: unknown): Written | undefined => {
  const read = description.safeParse(payload).data
  if (!read) return undefined
  const { number: pullRequest, body, head, created_at: at, updated_at: since } = read.pull_request
  return written(body, {
    ...{ pullRequest, place: 'description', headSha: head.sha, at },
    edited: read.action === 'edited' ? { since, from: read.changes?.body?.from } : null,
  })
}

type Place = Readonly<{
  pullRequest: number
  place: string
  commentId?: number
  headSha?: string | null | undefined
  at: string | undefined
  /** The text that stood there before, and the time since when it does not. */
  edited: Readonly<{ since: string | undefined; from: string | undefined }> | null
  unread?: Written['unread']
}>

const written = (whole: string | null | undefined, about: Place): Written | undefined => {
  const body = commandText(whole ?? '')
  const { pullRequest, place, commentId, headSha, at, edited } = about
  // GitHub also says "edited" where nothing of the text is.
  const before = edited && commandText(edited.from ?? whole ?? '')
  if (body === null || before?.trim() === body.trim()) return undefined
  const unread = edited ? 'edited' : about.unread
  return {
    kind: 'comment',
    key: `#${pullRequest}/${place}${edited ? `/edited/${edited.since ?? ''}` : ''}`,
    ...{ pullRequest, commentId: commentId ?? null, body, at },
    ...(headSha === undefined || headSha === null ? {} : { headSha }),
    ...(unread === undefined ? {} : { unread }),
  }
}
