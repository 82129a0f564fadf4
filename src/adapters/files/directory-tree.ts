import {
  lstatSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  statSync,
  type Stats,
} from 'node:fs'
import { isAbsolute, join, relative } from 'node:path'
import posix from 'node:path/posix'
import { codeOf } from './read-input.ts'
import { followLinks, type RepositoryTree } from '../../core/repository-tree.ts'
import { messageOf, RefusedError } from '../../errors.ts'

/**
 * The files below a directory as a tree. A path with a symbolic link anywhere in it is a 'symlink'. Reading throws
 * RefusedError ENTRY_UNREADABLE where the system does not let us.
 */
export const directoryTree = (directory: string): RepositoryTree => ({
  entry: path => {
    const parts = partsOf(path)
    for (let length = 1; length < parts.length; length += 1) {
      const { kind } = statusOf(join(directory, ...parts.slice(0, length)))
      if (kind !== 'directory') return beyond(kind)
    }
    return statusOf(join(directory, ...parts)).kind
  },
  size: path => reading(path, () => statSync(join(directory, path)).size),
  read: path => reading(path, () => readFileSync(join(directory, path))),
  target: path =>
    followLinks(partsOf(path).join('/') || '.', at =>
      statusOf(join(directory, at)).kind === 'symlink'
        ? reading(at, () => readlinkSync(join(directory, at)))
        : undefined,
    ),
  list: path =>
    reading(path, () => readdirSync(join(directory, path)))
      .filter(name => name !== '.git')
      .sort(),
})

const reading = <T>(path: string, read: () => T): T => {
  try {
    return read()
  } catch (cause) {
    // Behind the comma stands the call, with a path of this machine.
    const [reason = ''] = messageOf(cause).split(', ')
    throw new RefusedError('ENTRY_UNREADABLE', `reading ${path}: ${reason}`, {
      fix: 'give the user that Sower runs as the right to read it',
      cause,
    })
  }
}

/**
 * The same for files that nothing changes while they are read, where links lead to what they point to, as kustomize
 * takes them, if that is below the directory. The system is asked once about each path.
 */
export const linkedTree = (directory: string): RepositoryTree => {
  const root = realpathSync(directory)
  const tree = directoryTree(root)
  const asked = new Map<string, Asked>([['.', { kind: 'directory', size: 0 }]])
  const ask = (path: string): Asked => {
    const known = asked.get(path)
    if (known !== undefined) return known
    const { kind } = ask(posix.dirname(path))
    const found =
      kind === 'directory' ? statusOf(join(root, path)) : { kind: beyond(kind), size: 0 }
    asked.set(path, found)
    return found
  }
  const askAt = (path: string): Asked => asked.get(path) ?? ask(partsOf(path).join('/') || '.')
  return {
    ...tree,
    entry: path => askAt(path).kind,
    size: path => {
      const { kind, size } = askAt(path)
      return kind === 'file' ? size : tree.size(path)
    },
    real: path => {
      const { kind } = askAt(path)
      if (kind === 'file' || kind === 'directory') return path
      const target = relative(root, targetOf(join(root, path)))
      const isOutside = isAbsolute(target) || target === '..' || target.startsWith('../')
      return isOutside ? path : target || '.'
    },
  }
}

const partsOf = (path: string): readonly string[] =>
  path.split('/').filter(part => part !== '' && part !== '.')

type Kind = 'file' | 'directory' | 'symlink' | undefined

/** The kind of a path, and the bytes of a file. */
type Asked = Readonly<{ kind: Kind; size: number }>

/** The kind of a path below something that is no directory. */
const beyond = (kind: Kind): Kind => (kind === 'symlink' ? 'symlink' : undefined)

/** Where a path leads; the path itself where its link leads nowhere. */
const targetOf = (path: string): string => {
  try {
    return realpathSync.native(path)
  } catch {
    return path
  }
}

const statusOf = (path: string): Asked => {
  const stats = statsOf(path)
  if (stats?.isSymbolicLink()) return { kind: 'symlink', size: 0 }
  if (stats?.isDirectory()) return { kind: 'directory', size: 0 }
  return stats?.isFile() ? { kind: 'file', size: stats.size } : { kind: undefined, size: 0 }
}

/** Asks the system about a path; undefined for one that no file can have: too long, with a NUL, or below a file. */
const statsOf = (path: string): Stats | undefined => {
  if (path.includes('\0')) return undefined
  try {
    return lstatSync(path, { throwIfNoEntry: false })
  } catch (error) {
    if (impossible.has(codeOf(error))) return undefined
    throw error
  }
}

const impossible: ReadonlySet<string | undefined> = new Set(['ENAMETOOLONG', 'ENOTDIR'])
