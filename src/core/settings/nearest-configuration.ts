import posix from 'node:path/posix'
import { foldersUp } from '../kustomization/folders-up.ts'
import type { RepositoryTree } from '../repository-tree.ts'

/** The name of the configuration file, and its path in a repository that has one. */
export const configurationPath = 'sower.yaml'

/** Lists the paths at or above a directory where `sower.yaml` may lie, the nearest first. */
export const configurationPlaces = (directory: string): readonly string[] =>
  foldersUp(posix.join(directory, configurationPath)).map(folder =>
    posix.join(folder, configurationPath),
  )

/** A `sower.yaml` in a tree. Only a plain file may be read: passing over anything else would drop its rules. */
export type NearestConfiguration = Readonly<{
  path: string
  /** Its directory, which its own paths are relative to; `.` for the root of the tree. */
  base: string
  kind: 'file' | 'directory' | 'symlink'
}>

/** Finds the nearest `sower.yaml` at or above a directory of a tree; null where there is none. */
export const nearestConfiguration = (
  tree: RepositoryTree,
  directory: string,
): NearestConfiguration | null => {
  for (const path of configurationPlaces(directory)) {
    const kind = tree.entry(path)
    if (kind !== undefined) return { path, base: posix.dirname(path), kind }
  }
  return null
}
