import posix from 'node:path/posix'

/** The directory of a file and those above it, up to the repository's root. */
export const foldersUp = (file: string): readonly string[] => {
  const directory = posix.dirname(file)
  return directory === '.' ? ['.'] : [directory, ...foldersUp(directory)]
}
