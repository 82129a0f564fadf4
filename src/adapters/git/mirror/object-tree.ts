import posix from 'node:path/posix'
import { followLinks, type RepositoryTree } from '../../../core/repository-tree.ts'
import { RefusedError } from '../../../errors.ts'
import type { Blob, BlobReader } from './blob-reader.ts'
import type { ListedEntry } from './list-tree.ts'

/** More is checked out whole: the list of it would take more memory than what is saved. */
const mostEntries = 50_000

/** Attributes by which git writes other bytes than those of the object. */
const changing = /\b(?:eol|ident|filter|working-tree-encoding|crlf)\b|^\[attr\]/m

type Known = Blob & Readonly<{ kind: 'file' | 'directory' | 'symlink'; at: number }>

/**
 * The tree of a commit, read from git's objects; the same as its checkout would be. Null where it could be another one:
 * where `.gitattributes` change what git writes, names are no UTF-8, or there is too much of it. Reading throws
 * UnavailableError GIT_FAILED, and RefusedError ENTRY_UNREADABLE for what is not a file.
 */
export const objectTree = (
  listed: readonly ListedEntry[],
  read: BlobReader,
): RepositoryTree | null => {
  if (listed.length > mostEntries) return null
  const entries = new Map<string, Known>()
  const names = new Map<string, string[]>([['.', []]])
  const blobs: Known[] = []
  for (const { mode, id, size, path: raw } of listed) {
    const path = decoded(raw)
    if (path === null) return null
    const entry: Known = { id, size, kind: kindOf(mode), at: blobs.length }
    entries.set(path, entry)
    if (entry.kind === 'file') blobs.push(entry)
    if (entry.kind === 'directory') names.set(path, [])
    names.get(posix.dirname(path))?.push(posix.basename(path))
  }
  const bytesOf = ({ id, at }: Known): Uint8Array => read(id, () => following(blobs, at))
  const isChanging = [...entries].some(
    ([path, entry]) =>
      posix.basename(path) === '.gitattributes' &&
      (entry.kind !== 'file' || changing.test(new TextDecoder().decode(bytesOf(entry)))),
  )
  if (isChanging) return null
  const fileAt = (path: string): Known => {
    const entry = entries.get(normal(path))
    if (entry?.kind === 'file') return entry
    throw new RefusedError('ENTRY_UNREADABLE', `reading ${path}: it is not a plain file`)
  }
  return {
    entry: path => {
      const at = normal(path)
      if (at === '.') return 'directory'
      const known = entries.get(at)
      return known ? known.kind : linkAbove(entries, at)
    },
    size: path => fileAt(path).size,
    read: path => bytesOf(fileAt(path)),
    target: path =>
      followLinks(normal(path), at => {
        const known = entries.get(at)
        return known?.kind === 'symlink' ? new TextDecoder().decode(bytesOf(known)) : undefined
      }),
    list: path => {
      const found = names.get(normal(path))
      if (found) return [...found].sort()
      throw new RefusedError('ENTRY_UNREADABLE', `reading ${path}: it is not a directory`)
    },
  }
}

const normal = (path: string): string => posix.normalize(path).replace(/(?<=.)\/$/, '')

const following = function* (blobs: readonly Blob[], at: number): Generator<Blob> {
  for (let next = at + 1; next < blobs.length; next += 1) {
    const blob = blobs[next]
    if (blob) yield blob
  }
}

/** A submodule is an empty directory in a checkout. */
const kindOf = (mode: string): Known['kind'] => {
  if (mode === '120000') return 'symlink'
  return mode === '040000' || mode === '160000' ? 'directory' : 'file'
}

const linkAbove = (entries: ReadonlyMap<string, Known>, path: string): 'symlink' | undefined => {
  for (let above = posix.dirname(path); above !== '.'; above = posix.dirname(above)) {
    const known = entries.get(above)
    if (known) return known.kind === 'symlink' ? 'symlink' : undefined
  }
  return undefined
}

/** A path as UTF-8; null where its bytes are none. Each character stands for a byte. */
const decoded = (raw: string): string | null => {
  if (!/[\x80-\xff]/.test(raw)) return raw
  try {
    const bytes = Uint8Array.from(raw, character => character.charCodeAt(0))
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return null
  }
}
