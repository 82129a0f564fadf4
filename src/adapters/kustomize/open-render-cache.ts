import { createHash } from 'node:crypto'
import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
} from 'node:fs'
import { join } from 'node:path'
import { writeWhole } from '../files/write-whole.ts'

/** Texts by the key of what they were made from, kept over processes. Neither throws: what fails is a miss. */
export type RenderCache = Readonly<{
  read: (key: string) => string | null
  write: (key: string, text: string) => void
}>

/** The format is part of the name, so that another one begins an empty directory. */
const ownDirectory = 'sower-renders-1'

/** Writes for which the entries are counted once. */
const looksAt = 16

/** The head of an entry: its own key, so that none can stand for another, and the digest of its text. */
const headOf = (key: string, text: string): string =>
  `${key} ${createHash('sha256').update(key).update(text).digest('hex')}\n`

/**
 * Opens a cache in a directory that the operator names; null where it cannot be had. It lies in a directory below
 * that one which belongs to us alone: what others may write to is not believed. `most` is in bytes.
 */
export const openRenderCache = (
  directory: string,
  { most }: Readonly<{ most: number }>,
): RenderCache | null => {
  const own = join(directory, ownDirectory)
  if (!isOurs(own)) return null
  let writes = 0
  return {
    read: key => {
      try {
        return readEntry(own, key)
      } catch {
        return null
      }
    },
    write: (key, text) => {
      try {
        writeWhole(join(own, key), headOf(key, text) + text, { mode: 0o600 })
        if (writes % looksAt === 0) makeRoom(own, most)
        writes += 1
      } catch {
        // A full disk costs time only.
      }
    },
  }
}

const isOurs = (own: string): boolean => {
  try {
    try {
      mkdirSync(own, { mode: 0o700 })
    } catch {
      // It is there already, or looked at below.
    }
    const stats = lstatSync(own)
    return stats.isDirectory() && stats.uid === process.getuid?.() && (stats.mode & 0o077) === 0
  } catch {
    return false
  }
}

const readEntry = (own: string, key: string): string | null => {
  const file = join(own, key)
  // Of a pipe nothing is waited for, and no link is followed.
  const descriptor = openSync(
    file,
    constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK,
  )
  try {
    if (!fstatSync(descriptor).isFile()) return null
    const content = readFileSync(descriptor, 'utf8')
    const text = content.slice(content.indexOf('\n') + 1)
    if (content !== headOf(key, text) + text) {
      rmSync(file, { force: true })
      return null
    }
    // The least recently used goes first.
    utimesSync(file, new Date(), new Date())
    return text
  } finally {
    closeSync(descriptor)
  }
}

/** Removes the oldest entries, and what was left behind by a process that was killed, down to four fifths. */
const makeRoom = (own: string, most: number): void => {
  const entries = readdirSync(own)
    .map(name => ({ name, stats: lstatSync(join(own, name), { throwIfNoEntry: false }) }))
    .flatMap(({ name, stats }) => (stats ? [{ name, size: stats.size, time: stats.mtimeMs }] : []))
    .sort((one, other) => one.time - other.time)
  let size = entries.reduce((sum, entry) => sum + entry.size, 0)
  if (size <= most) return
  for (const entry of entries) {
    if (size <= most * 0.8) return
    rmSync(join(own, entry.name), { recursive: true, force: true })
    size -= entry.size
  }
}
