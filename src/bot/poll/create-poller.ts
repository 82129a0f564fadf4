import { createHash } from 'node:crypto'
import { commandText } from '../../core/command/command-text.ts'
import { patience } from '../../operations/intake/require-head.ts'
import { UnavailableError } from '../../errors.ts'
import type { Bookmark, Feed, Happening, Incoming } from '../../operations/ports/inbox.ts'
import type { Forge } from '../../operations/ports/forge.ts'
import { errorFields, type Log } from '../log.ts'
import { eventOf } from './event-of.ts'

/** Looks at GitHub for what no webhook reported. */
export type Poller = Readonly<{
  /** Looks, where it is time to; what was found is accepted by then. Never throws. */
  look: () => Promise<void>
  /** When the next look is due, in epoch milliseconds. */
  dueAt: () => number
}>

export type PollerOptions = Readonly<{
  feed: Feed
  bookmark: Bookmark
  forge: Pick<Forge, 'pullRequest'>
  /** owner/name */
  repository: string
  /** Between two looks, in milliseconds. */
  interval: number
  /** Keeps an event, as it keeps one that a webhook brought. */
  accept: (event: Incoming) => void
  /** True if an event with this key was accepted before, by whatever way. */
  knows: (key: string) => boolean
  log: Log
  now: () => Date
}>

const minute = 60_000
/** Lists of GitHub's are behind by seconds, and its machines do not have one clock. */
const overlap = 2 * minute
/** How far a look goes back once an hour, and at a start that knows of no look before it. */
const hour = 60 * minute
const mostKnown = 10_000

/** Creates a poller; its first look goes back to where the last one before the start ended. */
export const createPoller = (options: PollerOptions): Poller => {
  const { feed, bookmark, forge, interval, accept, knows, log, now } = options
  const repository = { full_name: options.repository }
  let readTo = bookmark.read()
  let dueAt = 0
  let lookedAt = -Infinity
  let sweptAt = -Infinity
  /** Happenings that were accepted, or are nothing for Sower. The inbox knows too, and over restarts. */
  const known = new Map<string, string>()

  const take = async (happening: Happening, isFresh: boolean): Promise<void> => {
    const [name, content] = [nameOf(happening), contentOf(happening)]
    const before = known.get(name)
    if (before === content) return
    const incoming = wasObeyed(happening, before) ? null : await incomingOf(happening, isFresh)
    if (incoming) accept(incoming)
    known.set(name, content)
    const [oldest] = known.keys()
    if (oldest !== undefined && known.size > mostKnown) known.delete(oldest)
  }
  /** A comment that counted when it was new, and was changed since: whether its commands were is not known any more. */
  const wasObeyed = (happening: Happening, before: string | undefined): boolean =>
    happening.what === 'comment' &&
    happening.editedAt !== null &&
    before === undefined &&
    knows(`#${happening.pullRequest}/comment/${happening.id}`)
  const incomingOf = async (happening: Happening, isFresh: boolean): Promise<Incoming | null> => {
    // Where nothing is known of what was done before, our own answer says that it was.
    if (isFresh && happening.what === 'comment' && happening.isAnswered) {
      log.info(
        { pullRequest: happening.pullRequest, comment: happening.id },
        'took a comment from before the start for answered, since it has a reaction',
      )
      return null
    }
    // Later than that, nobody knows which commits were there when it was written.
    const isLate = now().getTime() - Date.parse(happening.at) > patience
    const event = eventOf(happening, repository)
    if (!event || event.isBot) return null
    if (event.incoming.kind === 'comment') {
      // GitHub's lists do not say whether a review or a description was changed; a webhook's, under the same key, counts.
      const mayBeChanged =
        (happening.what === 'review' && isLate) ||
        (happening.what === 'opened' && (isLate || happening.headSha === ''))
      return mayBeChanged ? { ...event.incoming, unread: 'edited' } : event.incoming
    }
    if (event.incoming.kind !== 'label') return event.incoming
    // A label is bound to the head that is there when it is first seen.
    const read = await forge.pullRequest(happening.pullRequest)
    if (read.seen === 'unknown')
      throw new UnavailableError(
        'GITHUB_FAILED',
        `reading #${happening.pullRequest}: GitHub gave no answer (${read.why})`,
        { retryAt: read.retryAt },
      )
    if (read.seen === 'absent' || read.value.state !== 'open') return null
    const described = commandText(read.value.body) ?? ''
    return { ...event.incoming, described, headSha: isLate ? '' : read.value.headSha }
  }
  const lookSince = async (since: number, isFresh: boolean): Promise<void> => {
    const happenings = await feed.since(new Date(since).toISOString().replace(/\.\d{3}Z$/, 'Z'))
    let newest = readTo
    for (const happening of happenings) {
      await take(happening, isFresh)
      if (newest === null || Date.parse(happening.at) > Date.parse(newest)) newest = happening.at
    }
    // Not moved without need: the same question is answered with "as before".
    newest ??= new Date(since + overlap).toISOString()
    if (newest !== readTo) bookmark.write(newest)
    readTo = newest
  }
  return {
    dueAt: () => dueAt,
    look: async () => {
      const at = now().getTime()
      // A clock that was put back says nothing of when the last look was.
      if (at < dueAt && at >= lookedAt) return
      lookedAt = at
      dueAt = at + interval
      try {
        const last = readTo === null ? null : Date.parse(readTo)
        const isSweep = at - sweptAt >= hour || at < sweptAt
        const from = last === null ? at - hour : last - overlap
        await lookSince(isSweep ? Math.min(from, at - hour - overlap) : from, last === null)
        if (isSweep) sweptAt = at
      } catch (error) {
        if (error instanceof UnavailableError && error.retryAt !== undefined)
          dueAt = Math.max(dueAt, Date.parse(error.retryAt))
        log.warn(errorFields(error, {}), 'could not look for news on GitHub')
      }
    },
  }
}

/** The name that tells one happening from another. */
const nameOf = (happening: Happening): string => {
  const { what, pullRequest, at } = happening
  if (what === 'change') return `${what} ${pullRequest} ${at}`
  return what === 'opened' ? `${what} ${pullRequest}` : `${what} ${happening.id}`
}

/** The part of a comment that counts; it is the same where GitHub changed the time, or a person the rest. */
const contentOf = (happening: Happening): string =>
  happening.what === 'comment'
    ? createHash('sha256')
        .update(commandText(happening.body) ?? '')
        .digest('base64')
    : ''
