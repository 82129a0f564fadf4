import posix from 'node:path/posix'
import { globMatch } from './project/glob-match.ts'

/**
 * Tells whether the annotation `argocd.argoproj.io/manifest-generate-paths` covers a file: paths parted by `;`, from the
 * root of the repository with a leading `/`, else from the Application's own path; a directory or a file with all below
 * it, or a pattern (util/app/path/path.go, AppFilesHaveChanged).
 */
export const coversFile = (
  paths: string,
  { file, path }: Readonly<{ file: string; path: string }>,
): boolean =>
  paths
    .split(';')
    .map(each => each.trim())
    .filter(each => each !== '')
    .map(each => (each.startsWith('/') ? posix.join('.', each.slice(1)) : posix.join(path, each)))
    .map(each => each.replace(/\/$/, ''))
    .some(
      each =>
        each === '.' ||
        file === each ||
        file.startsWith(`${each}/`) ||
        (/[*?[]/.test(each) && globMatch(each, file, '/')),
    )
