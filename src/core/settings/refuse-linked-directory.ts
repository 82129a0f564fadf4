import { InputError } from '../../errors.ts'
import type { RepositoryTree } from '../repository-tree.ts'
import { configurationPath } from './nearest-configuration.ts'

/**
 * Refuses the `directory` of sower.yaml where the repository holds something else at that path: behind a symbolic link
 * it may lie outside. Throws InputError CONFIGURATION_INVALID.
 */
export const refuseLinkedDirectory = (tree: RepositoryTree, directory: string): void => {
  const kind = tree.entry(directory)
  if (kind === undefined || kind === 'directory') return
  throw new InputError(
    'CONFIGURATION_INVALID',
    `reading ${configurationPath}: directory: ${directory} is a ${kind}, or lies behind one`,
    { fix: 'name a plain directory of this repository, or one that is not there yet' },
  )
}
