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
  log: Log
  now: () => Date
}>

const minute = 60_000
/** Lists of GitHub's are behind by seconds, and its machines do not have one clock. */
const overlap = 2 * minute
/** How far a look goes back once an hour, and at a start that knows of no look before it. */
const hour = 60 * minute
/** How long after it was set or written something counts for the head of now. */
const patience = 2 * minute
const mostKnown = 10_000

/** Creates a poller; its first look goes back to where the last one before the start ended. */
export const createPoller = (options: PollerOptions): Poller => {
  const { feed, bookmark, forge, interval, accept, log, now } = options
  const repository = { full_name: options.repository }
  let readTo = bookmark.read()
  let dueAt = 0
  let sweptAt = -Infinity
  /** What was accepted, or is nothing for Sower. The inbox knows too, and over restarts. */
  const known = new Set<string>()

  const take = async (happening: Happening, isFresh: boolean): Promise<void> => {
    const name = nameOf(happening)
    if (known.has(name)) return
    const incoming = await incomingOf(happening, isFresh)
    if (incoming) accept(incoming)
    known.add(name)
    const [oldest] = known
    if (oldest !== undefined && known.size > mostKnown) known.delete(oldest)
  }
  const incomingOf = async (happening: Happening, isFresh: boolean): Promise<Incoming | null> => {
    // Where nothing is known of what was done before, our own answer says that it was.
    if (isFresh && happening.what === 'comment' && happening.isAnswered) return null
    // Later than that, nobody knows which commits were there when it was written.
    const isLate = now().getTime() - Date.parse(happening.at) > patience
    const headSha = happening.what === 'opened' && !isLate ? happening.headSha : ''
    const event = eventOf(happening, repository, headSha)
    if (!event || event.isBot) return null
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
    return { ...event.incoming, headSha: isLate ? '' : read.value.headSha }
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
      if (at < dueAt) return
      dueAt = at + interval
      try {
        const last = readTo === null ? null : Date.parse(readTo)
        const isSweep = at - sweptAt >= hour
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

/** What tells one happening from another; a comment that GitHub changed the time of, and nothing else, is the same. */
const nameOf = (happening: Happening): string => {
  const { what, pullRequest, at } = happening
  if (what === 'change') return `${what} ${pullRequest} ${at}`
  if (what === 'opened') return `${what} ${pullRequest}`
  return what === 'comment'
    ? `${what} ${happening.id} ${happening.body}`
    : `${what} ${happening.id}`
}
