import { existsSync } from 'node:fs'
import { dirname, join, sep } from 'node:path'
import { RefusedError } from '../../errors.ts'

/**
 * Finds the checkout that a directory belongs to: Argo CD says how deep the application path is, and often leaves
 * `.git` out; a person's clone has one. Throws RefusedError ENTRY_SYMLINK where the directory is not at that path.
 */
export const repositoryRoot = (directory: string, applicationPath: string | undefined): string => {
  const place = join(sep, applicationPath ?? '', sep).slice(0, -1)
  if (place !== '' && directory.endsWith(place)) return directory.slice(0, -place.length)
  // Argo CD starts us there, so a link on the way is the only reason: guards would look for files elsewhere.
  if (place !== '')
    throw new RefusedError(
      'ENTRY_SYMLINK',
      `rendering ${applicationPath ?? ''}: it lies behind a symbolic link`,
      { fix: 'name the place that the link points to as the path of the Application' },
    )
  for (let at = directory; ; at = dirname(at)) {
    if (existsSync(join(at, '.git'))) return at
    if (dirname(at) === at) return directory
  }
}
