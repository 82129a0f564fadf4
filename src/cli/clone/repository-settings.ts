import { join, relative, resolve } from 'node:path'
import { directoryTree } from '../../adapters/files/directory-tree.ts'
import { isDirectory } from '../../adapters/files/is-directory.ts'
import { readText } from '../../core/repository-tree.ts'
import { sizeLimits } from '../../core/size-limits.ts'
import { readConfiguration, type Configuration } from '../../core/settings/configuration.ts'
import { InputError } from '../../errors.ts'
import { nearestConfiguration } from '../../core/settings/nearest-configuration.ts'

/** The configuration of the work tree that a command is called in. */
export type RepositorySettings = Readonly<{
  config: Configuration
  /** The file, relative to where the command is called. */
  from: string
}>

/**
 * Reads `sower.yaml` in a directory or above it, that `asked` names from where the command is called; null where there
 * is none. Throws InputError FILE_UNREADABLE for what is not a directory, and as reading the file does.
 */
export const repositorySettings = (called: string, asked: string): RepositorySettings | null => {
  const directory = resolve(called, asked)
  if (!isDirectory(directory))
    throw new InputError('FILE_UNREADABLE', `reading ${asked}: it is not a directory`, {
      fix: 'name a directory of the repository with -C',
    })
  const tree = directoryTree('/')
  const found = nearestConfiguration(tree, relative('/', directory) || '.')
  if (found === null) return null
  return {
    config: readConfiguration(readText(tree, found.path, sizeLimits.settings), () => []),
    from: relative(called, join('/', found.path)),
  }
}
