import posix from 'node:path/posix'
import { RefusedError } from '../errors.ts'
import { refuseLarger, sizeLimits } from './size-limits.ts'

/**
 * The one port through which core reads a repository: a commit or a work tree. Paths are relative to the
 * repository's root (`.`), with `/`, normalised, never absolute and never with `..`.
 */
export type RepositoryTree = Readonly<{
  /** 'symlink' also when a directory on the way is one; undefined for what is not there or is neither. */
  entry: (path: string) => 'file' | 'directory' | 'symlink' | undefined
  /** How many bytes a file has, without reading it. */
  size: (path: string) => number
  /** The bytes of a file. */
  read: (path: string) => Uint8Array
  /**
   * Where a path leads through symbolic links, as far as they stay in the repository; the path itself for others.
   * Without it no link is followed.
   */
  real?: (path: string) => string
  /** Where a path leads through symbolic links, followed or not; null out of the repository. Without it nobody knows. */
  target?: (path: string) => string | null
  /** The names in a directory, sorted, without `.git`. */
  list: (path: string) => readonly string[]
}>

/** Where a path leads in a tree that follows links; in any other it is the path. */
export const realPath = ({ real }: RepositoryTree, path: string): string => real?.(path) ?? path

// As many as Linux follows.
const mostLinks = 40

/**
 * Follows the symbolic links on a path, where `linkAt` gives what one holds and undefined for anything else. Gives null for a
 * path that leads out of the repository or in a circle; what an absolute link means depends on the place of the clone.
 */
export const followLinks = (
  path: string,
  linkAt: (path: string) => string | undefined,
): string | null => {
  let parts = path.split('/')
  let links = 0
  for (let length = 1; length <= parts.length; length += 1) {
    const at = parts.slice(0, length).join('/')
    const link = linkAt(at)
    if (link === undefined) continue
    links += 1
    const next = posix
      .join(posix.dirname(at), link, ...parts.slice(length))
      .replace(/(?<=.)\/$/, '')
    if (links > mostLinks || posix.isAbsolute(link) || /^\.\.(?:\/|$)/.test(next)) return null
    parts = next.split('/')
    length = 0
  }
  return parts.join('/')
}

/** The bytes of a file within a limit. Throws RefusedError FILE_TOO_LARGE before it reads any. */
export const bytesAt = (tree: RepositoryTree, path: string, limit: number): Uint8Array => {
  refuseLarger(path, tree.size(path), limit)
  return tree.read(path)
}

/**
 * A file as text, for looking into it; bytes that are no UTF-8 are replaced, so it is never written back. Throws
 * RefusedError FILE_TOO_LARGE.
 */
export const textAt = (
  tree: RepositoryTree,
  path: string,
  limit: number = sizeLimits.file,
): string => new TextDecoder().decode(bytesAt(tree, path, limit))

/**
 * The text of a plain file, with every byte kept. Throws RefusedError ENTRY_MISSING for anything else, and
 * FILE_TOO_LARGE.
 */
export const readText = (
  tree: RepositoryTree,
  path: string,
  limit: number = sizeLimits.file,
): string => {
  if (tree.entry(path) !== 'file')
    throw new RefusedError('ENTRY_MISSING', `reading ${path}: it is not a plain file`)
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytesAt(tree, path, limit))
}
