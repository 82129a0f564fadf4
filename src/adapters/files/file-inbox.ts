import { createHash, randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { basename, join } from 'node:path'
import { z } from 'zod'
import type {
  Bookmark,
  Confirmations,
  Inbox,
  Incoming,
  Waiting,
} from '../../operations/ports/inbox.ts'
import { writeWhole } from './write-whole.ts'

const command = z.union([
  z.object({ verb: z.literal('detach'), cluster: z.string() }),
  z.object({ verb: z.enum(['status', 'retry', 'abort', 'help', 'unknown']) }),
])
/** A comment in words, where version 0.1.0 kept the commands that it had found. */
const wordsOf = (commands: readonly z.infer<typeof command>[]): string =>
  commands
    .map(each => ['/seed', ...(each.verb === 'unknown' ? [] : Object.values(each))].join(' '))
    .join('\n')
const from = {
  key: z.string(),
  pullRequest: z.number(),
  sender: z.string(),
  at: z.string().optional(),
  retry: z.object({ at: z.string(), reason: z.string() }).optional(),
}
const comment = {
  ...from,
  kind: z.literal('comment'),
  commentId: z.number().nullable(),
  headSha: z.string().optional(),
  unread: z.enum(['edited', 'on-code']).optional(),
}
const incoming: z.ZodType<Waiting> = z.union([
  z.object({
    ...from,
    kind: z.literal('label'),
    headSha: z.string(),
    described: z.string().optional(),
  }),
  z.object({ ...comment, body: z.string() }),
  z
    .object({ ...comment, commands: z.array(command) })
    .transform(({ commands, ...rest }) => ({ ...rest, body: wordsOf(commands) })),
  z.object({ ...from, kind: z.literal('wake') }),
])

/** Keeps events as files: written before GitHub hears "accepted", kept after they are done, so that none counts twice. */
export const fileInbox = (directory: string): Inbox => {
  const waiting = join(directory, 'waiting')
  const done = join(directory, 'done')
  const broken = join(directory, 'broken')
  const aside = join(directory, asideName)
  for (const place of [waiting, done, broken]) mkdirSync(place, { recursive: true, mode: 0o700 })
  let count = 0
  const nameOf = (key: string): string =>
    `${createHash('sha256').update(key).digest('hex').slice(0, 32)}.json`
  // The keys that wait, or have: a new one is known as such without a look at all that waits.
  const seen = new Set(readdirSync(waiting).map(file => file.slice(-nameOf('').length)))
  const filesOf = ({ key }: Pick<Incoming, 'key'>): readonly string[] => {
    const name = nameOf(key)
    return seen.has(name) ? readdirSync(waiting).filter(file => file.endsWith(name)) : []
  }
  const move = (event: Incoming, to: string): void => {
    for (const file of filesOf(event)) renameSync(join(waiting, file), join(to, nameOf(event.key)))
  }
  const isOver = (key: string): boolean =>
    [done, aside].some(place => existsSync(join(place, nameOf(key))))
  const knows = (key: string): boolean => isOver(key) || filesOf({ key }).length > 0
  return {
    knows,
    put: event => {
      if (knows(event.key)) return
      const name = nameOf(event.key)
      count += 1
      // Names sort in the order of arrival.
      const file = `${String(Date.now()).padStart(15, '0')}-${String(count).padStart(6, '0')}-${name}`
      const content = JSON.stringify(event)
      writeWhole(join(waiting, file), content, { aside: join(directory, file), mode: 0o600 })
      seen.add(name)
    },
    waiting: () =>
      readdirSync(waiting)
        .sort()
        .flatMap(file => {
          const event = readEvent(join(waiting, file))
          // One damaged file must not keep all others from being read.
          if (!event) renameSync(join(waiting, file), join(broken, file))
          return event ?? []
        }),
    postpone: (event, retry) => {
      for (const file of filesOf(event))
        writeWhole(join(waiting, file), JSON.stringify({ ...event, retry }), {
          aside: join(directory, `${randomUUID()}.new`),
          mode: 0o600,
        })
    },
    done: event => {
      move(event, done)
    },
    rename: (event, key) => {
      const [file] = filesOf(event)
      const isDone = isOver(key)
      if (file !== undefined && !isDone) {
        for (const other of filesOf({ ...event, key })) rmSync(join(waiting, other))
        seen.add(nameOf(key))
        writeWhole(
          join(waiting, file.replace(nameOf(event.key), nameOf(key))),
          JSON.stringify({ ...event, key }),
          { aside: join(directory, `${randomUUID()}.new`), mode: 0o600 },
        )
      }
      move(event, done)
      return !isDone
    },
    setAside: event => {
      mkdirSync(aside, { recursive: true, mode: 0o700 })
      move(event, aside)
    },
  }
}

const asideName = 'aside'

/** The events that were set aside in an inbox, which is only read. */
export const eventsAside = (directory: string): readonly Incoming[] => {
  const aside = join(directory, asideName)
  return existsSync(aside)
    ? readdirSync(aside).flatMap(file => readEvent(join(aside, file)) ?? [])
    : []
}

/** The events that wait in the inbox of another process, in the order of arrival; changes nothing. */
export const readWaiting = (directory: string): readonly Waiting[] => {
  const waiting = join(directory, 'waiting')
  if (!existsSync(waiting)) return []
  return readdirSync(waiting)
    .sort()
    .flatMap(file => readEvent(join(waiting, file)) ?? [])
}

const readEvent = (file: string): Waiting | undefined => {
  try {
    const event = incoming.parse(JSON.parse(readFileSync(file, 'utf8')))
    const arrived = /^(\d{15})-/.exec(basename(file))?.[1]
    return arrived === undefined
      ? event
      : { ...event, seen: new Date(Number(arrived)).toISOString() }
  } catch {
    return undefined
  }
}

const time = z.iso.datetime({ offset: true })

/** Keeps a time in a file. What cannot be read as one is none: then more is looked at than needed, never less. */
export const fileBookmark = (file: string): Bookmark => ({
  read: () => {
    try {
      return time.parse(readFileSync(file, 'utf8').trim())
    } catch {
      return null
    }
  },
  write: at => {
    writeWhole(file, `${at}\n`, { aside: `${file}.new`, mode: 0o600 })
  },
})

const confirmed = z.array(
  z.object({
    key: z.string(),
    pullRequest: z.number(),
    cluster: z.string(),
    headSha: z.string(),
    by: z.string(),
  }),
)
const mostConfirmed = 1000

/** Keeps confirmations in a file. One that cannot be read confirms nothing: whoever meant it says so again. */
export const fileConfirmations = (file: string): Confirmations => {
  const list: Confirmations['list'] = () => {
    try {
      return confirmed.parse(JSON.parse(readFileSync(file, 'utf8')))
    } catch {
      return []
    }
  }
  return {
    list,
    add: confirmation => {
      const all = [...list(), confirmation].slice(-mostConfirmed)
      writeWhole(file, `${JSON.stringify(all)}\n`, { aside: `${file}.new`, mode: 0o600 })
    },
  }
}
