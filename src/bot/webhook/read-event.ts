import { z } from 'zod'
import { isSeedLabel } from '../../core/command/seed-label.ts'
import { commandText } from '../../core/command/command-text.ts'
import type { Incoming } from '../../operations/ports/inbox.ts'
import { readComment } from './read-comment.ts'

/** An event that Sower reads, as the payload gives it. */
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
  label: z.looseObject({ name: z.string().refine(isSeedLabel) }),
  pull_request: z.looseObject({
    number,
    updated_at: z.string().max(100),
    body: z.string().nullish(),
    head: z.looseObject({ sha: z.string().max(100) }),
  }),
  ...about,
})
const pullRequest = z.looseObject({
  action: z.string(),
  pull_request: z.looseObject({ number }),
  ...about,
})
const mergeGroup = z.looseObject({
  merge_group: z.looseObject({ head_ref: z.string().max(1_000) }),
  ...about,
})
const from = z.looseObject(about)

/** Reads a payload of GitHub's by the name of its event; undefined: there is nothing in it for Sower. */
export const readEvent = (name: unknown, payload: unknown): Event | undefined => {
  const written = readComment(name, payload)
  const by = written && from.safeParse(payload).data
  if (written && by)
    return {
      incoming: { ...written, sender: by.sender.login },
      repository: by.repository,
      isBot: by.sender.type === 'Bot',
    }
  if (name === 'merge_group') return readMergeGroup(payload)
  return name === 'pull_request' ? readPullRequest(payload) : undefined
}

const readMergeGroup = (payload: unknown): Event | undefined => {
  const read = mergeGroup.safeParse(payload).data
  const at = Number(/\/pr-([1-9]\d{0,14})-[0-9a-f]+$/.exec(read?.merge_group.head_ref ?? '')?.[1])
  return read === undefined || Number.isNaN(at)
    ? undefined
    : {
        ...wakeOf(at, read.sender.login),
        repository: read.repository,
        isBot: read.sender.type === 'Bot',
      }
}

/** A wake carries nothing that is believed, so each may come again. */
const wakeOf = (pullRequest: number, sender: string): Pick<Event, 'incoming'> => ({
  incoming: { kind: 'wake', key: `#${pullRequest}/wake/${Date.now()}`, pullRequest, sender },
})

const readPullRequest = (payload: unknown): Event | undefined => {
  const label = labelled.safeParse(payload)
  if (label.success) {
    const { pull_request, sender, repository } = label.data
    const { number: at, head, body, updated_at: since } = pull_request
    return {
      incoming: {
        kind: 'label',
        // The same label set again later is another request.
        key: `#${at}/label/${head.sha}/${since}`,
        pullRequest: at,
        headSha: head.sha,
        described: commandText(body ?? '') ?? '',
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
    ...wakeOf(pull_request.number, sender.login),
    repository,
    isBot: sender.type === 'Bot',
  }
}
