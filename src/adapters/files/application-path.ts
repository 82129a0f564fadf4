import { resolve } from 'node:path'
import { InputError } from '../../errors.ts'
import { isDirectory } from './is-directory.ts'

/** Resolves the directory of a kustomization that an argument names. Throws InputError FILE_UNREADABLE. */
export const applicationPath = (from: string, argument: string): string => {
  const directory = resolve(from, argument)
  if (isDirectory(directory)) return directory
  throw new InputError('FILE_UNREADABLE', `rendering ${argument}: it is not a directory`, {
    fix: 'name the directory of a kustomization',
  })
}
