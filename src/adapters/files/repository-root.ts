import { existsSync, realpathSync } from 'node:fs'
import { dirname, join, sep } from 'node:path'
import { RefusedError } from '../../errors.ts'

/**
 * Finds the checkout that a directory belongs to: Argo CD says how deep the application path is, and often leaves
 * `.git` out; a person's clone has one. Throws RefusedError where the directory is not at that path: ENTRY_SYMLINK
 * where a link leads from there to it, else CHECKOUT_PARTIAL. With `--plugin-use-manifest-generate-paths` Argo CD sends
 * only the directory that the paths of an annotation have in common (reposerver/repository/repository.go,
 * util/app/path/path.go), and guards would look for files that are not there.
 */
export const repositoryRoot = (directory: string, applicationPath: string | undefined): string => {
  const place = join(sep, applicationPath ?? '', sep).slice(0, -1)
  if (place !== '' && directory.endsWith(place)) return directory.slice(0, -place.length)
  if (place !== '' && foldersAbove(directory).some(at => leadsTo(join(at, place), directory)))
    throw new RefusedError(
      'ENTRY_SYMLINK',
      `rendering ${applicationPath ?? ''}: it lies behind a symbolic link`,
      { fix: 'set the path of the Application to the target of the link' },
    )
  if (place !== '')
    throw new RefusedError(
      'CHECKOUT_PARTIAL',
      `rendering ${applicationPath ?? ''}: Argo CD gave the plugin a part of the repository only, since the annotation argocd.argoproj.io/manifest-generate-paths of the Application narrows it`,
      {
        fix: 'name /sower.yaml and /seeds in that annotation too, or take --plugin-use-manifest-generate-paths from the repo-server',
      },
    )
  for (let at = directory; ; at = dirname(at)) {
    if (existsSync(join(at, '.git'))) return at
    if (dirname(at) === at) return directory
  }
}

const foldersAbove = (directory: string): readonly string[] =>
  dirname(directory) === directory ? [directory] : [directory, ...foldersAbove(dirname(directory))]

const leadsTo = (path: string, directory: string): boolean => {
  try {
    return realpathSync(path) === realpathSync(directory)
  } catch {
    return false
  }
}
