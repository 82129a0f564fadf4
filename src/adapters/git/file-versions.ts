import type { FileVersions } from '../../operations/ports/repository.ts'
import { listVersions, splitNul, type WhichVersions } from './list-versions.ts'
import { readVersions } from './read-versions.ts'
import { runGit, type GitPlace } from './run-git.ts'

/**
 * Reads the versions of files that are asked for, and which files mention a SealedSecret. The place is the top
 * level of a work tree, or a bare repository. Throws UnavailableError GIT_FAILED, also while versions are taken.
 */
export const fileVersions = async (
  place: GitPlace,
  which: WhichVersions,
): Promise<FileVersions> => {
  const reading = onlyReading(place)
  return {
    sealedPaths: await sealedPaths(reading, which),
    versions: readVersions(reading, await listVersions(reading, which)),
  }
}

/** Has git read objects as they were committed, and leave the index of a person alone. */
export const onlyReading = (place: GitPlace): GitPlace => ({
  ...place,
  environment: { ...place.environment, GIT_NO_REPLACE_OBJECTS: '1', GIT_OPTIONAL_LOCKS: '0' },
})

/** The files that mention a SealedSecret, in the commit that is looked at last. */
const sealedPaths = async (place: GitPlace, which: WhichVersions): Promise<readonly string[]> => {
  if (which.of === 'index' && which.head === null) return []
  const found = await runGit(
    place,
    [
      ...['grep', '-I', '-l', '-z', '-F', '-e', 'SealedSecret'],
      ...(which.of === 'index' ? ['--cached', '--'] : [which.head, '--']),
    ],
    { nothing: 1 },
  )
  return splitNul(found).map(path =>
    which.of === 'index' ? path : path.slice(path.indexOf(':') + 1),
  )
}
