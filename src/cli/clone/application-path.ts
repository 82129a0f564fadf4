import { resolve } from 'node:path'
import { isDirectory } from '../../adapters/files/is-directory.ts'
import { InputError } from '../../errors.ts'
import type { Surroundings } from '../../surroundings.ts'

/** Resolves the directory of a kustomization that an argument names. Throws InputError FILE_UNREADABLE. */
export const applicationPath = (surroundings: Surroundings, argument: string): string => {
  const directory = resolve(surroundings.directory, argument)
  if (isDirectory(directory)) return directory
  throw new InputError('FILE_UNREADABLE', `rendering ${argument}: it is not a directory`, {
    fix: 'name the directory of a kustomization',
  })
}
