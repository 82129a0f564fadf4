import { lstatSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { isAbsolute, join, relative } from 'node:path'
import type { RepositoryTree } from '../../core/repository-tree.ts'
import { messageOf, RefusedError } from '../../errors.ts'

/**
 * The files below a directory as a tree. A path with a symbolic link anywhere in it is a 'symlink'. Reading throws
 * RefusedError ENTRY_UNREADABLE where the system does not let us.
 */
export const directoryTree = (directory: string): RepositoryTree => ({
  entry: path => {
    const parts = path.split('/').filter(part => part !== '' && part !== '.')
    for (let length = 1; length < parts.length; length += 1) {
      const kind = kindOf(join(directory, ...parts.slice(0, length)))
      if (kind !== 'directory') return kind === 'symlink' ? 'symlink' : undefined
    }
    return kindOf(join(directory, ...parts))
  },
  size: path => reading(path, () => statSync(join(directory, path)).size),
  read: path => reading(path, () => readFileSync(join(directory, path))),
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

/** The same, where links lead to what they point to, as kustomize takes them, if that is below the directory. */
export const linkedTree = (directory: string): RepositoryTree => {
  const root = realpathSync(directory)
  return {
    ...directoryTree(root),
    real: path => {
      const target = relative(root, targetOf(join(root, path)))
      const isOutside = isAbsolute(target) || target === '..' || target.startsWith('../')
      return isOutside ? path : target || '.'
    },
  }
}

/** Where a path leads; the path itself where its link leads nowhere. */
const targetOf = (path: string): string => {
  try {
    return realpathSync.native(path)
  } catch {
    return path
  }
}

const kindOf = (path: string): 'file' | 'directory' | 'symlink' | undefined => {
  const stats = lstatSync(path, { throwIfNoEntry: false })
  if (stats?.isSymbolicLink()) return 'symlink'
  if (stats?.isDirectory()) return 'directory'
  return stats?.isFile() ? 'file' : undefined
}
