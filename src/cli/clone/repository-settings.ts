import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import {
  configurationPath,
  readConfiguration,
  type Configuration,
} from '../../core/settings/configuration.ts'

/** The configuration of the work tree that a command is called in. */
export type RepositorySettings = Readonly<{
  config: Configuration
  /** The file, relative to where the command is called. */
  from: string
}>

/** Reads `sower.yaml` in a directory or the next one above that has one; null where none has. */
export const repositorySettings = (directory: string): RepositorySettings | null => {
  for (let at = directory; ; at = dirname(at)) {
    const file = join(at, configurationPath)
    if (existsSync(file))
      return {
        config: readConfiguration(readFileSync(file, 'utf8'), () => []),
        from: relative(directory, file),
      }
    if (at === dirname(at)) return null
  }
}
