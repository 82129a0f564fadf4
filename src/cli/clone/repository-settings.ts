import { join, relative } from 'node:path'
import { directoryTree } from '../../adapters/files/directory-tree.ts'
import { readText } from '../../core/repository-tree.ts'
import { sizeLimits } from '../../core/size-limits.ts'
import { readConfiguration, type Configuration } from '../../core/settings/configuration.ts'
import { nearestConfiguration } from '../../core/settings/nearest-configuration.ts'

/** The configuration of the work tree that a command is called in. */
export type RepositorySettings = Readonly<{
  config: Configuration
  /** The file, relative to where the command is called. */
  from: string
}>

/** Reads `sower.yaml` in a directory or above it; null where there is none. Throws as reading it does. */
export const repositorySettings = (directory: string): RepositorySettings | null => {
  const tree = directoryTree('/')
  const found = nearestConfiguration(tree, relative('/', directory) || '.')
  if (found === null) return null
  return {
    config: readConfiguration(readText(tree, found.path, sizeLimits.settings), () => []),
    from: relative(directory, join('/', found.path)),
  }
}
