import { lstatSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { RepositoryTree } from '../core/repository-tree.ts'

/** The files below a directory as a tree. A path with a symbolic link anywhere in it is a 'symlink'. */
export const directoryTree = (directory: string): RepositoryTree => ({
  entry: path => {
    const parts = path.split('/').filter(part => part !== '' && part !== '.')
    for (let length = 1; length < parts.length; length += 1)
      if (kindOf(join(directory, ...parts.slice(0, length))) !== 'directory')
        return kindOf(join(directory, ...parts.slice(0, length))) === 'symlink'
          ? 'symlink'
          : undefined
    return kindOf(join(directory, ...parts))
  },
  read: path => readFileSync(join(directory, path)),
})

const kindOf = (path: string): 'file' | 'directory' | 'symlink' | undefined => {
  const stats = lstatSync(path, { throwIfNoEntry: false })
  if (stats?.isSymbolicLink()) return 'symlink'
  if (stats?.isDirectory()) return 'directory'
  return stats?.isFile() ? 'file' : undefined
}
