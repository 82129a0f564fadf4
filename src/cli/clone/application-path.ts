import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import { InputError } from '../../errors.ts'
import type { Surroundings } from '../../surroundings.ts'

/** The directory of a kustomization that an argument names. Throws InputError FILE_UNREADABLE. */
export const applicationPath = (surroundings: Surroundings, argument: string): string => {
  const directory = resolve(surroundings.directory, argument)
  if (statSync(directory, { throwIfNoEntry: false })?.isDirectory()) return directory
  throw new InputError('FILE_UNREADABLE', `rendering ${argument}: it is not a directory`, {
    fix: 'name the directory of a kustomization',
  })
}
