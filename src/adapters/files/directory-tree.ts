import { lstatSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { isAbsolute, join, relative } from 'node:path'
import type { RepositoryTree } from '../../core/repository-tree.ts'

/** The files below a directory as a tree. A path with a symbolic link anywhere in it is a 'symlink'. */
export const directoryTree = (directory: string): RepositoryTree => ({
  entry: path => {
    const parts = path.split('/').filter(part => part !== '' && part !== '.')
    for (let length = 1; length < parts.length; length += 1) {
      const kind = kindOf(join(directory, ...parts.slice(0, length)))
      if (kind !== 'directory') return kind === 'symlink' ? 'symlink' : undefined
    }
    return kindOf(join(directory, ...parts))
  },
  size: path => statSync(join(directory, path)).size,
  read: path => readFileSync(join(directory, path)),
  list: path =>
    readdirSync(join(directory, path))
      .filter(name => name !== '.git')
      .sort(),
})

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
