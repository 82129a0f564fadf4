import posix from 'node:path/posix'
import type { RepositoryTree } from '../repository-tree.ts'

/** The names that kustomize looks for, one of them in a directory (konfig/general.go:11-17). */
export const kustomizationNames: readonly string[] = [
  'kustomization.yaml',
  'kustomization.yml',
  'Kustomization',
]

/** A path that is not a directory. */
export type Place = Readonly<{ path: string; kind: 'file' | 'symlink' }>

/** All files and symbolic links of a repository; links are not followed, so circles cannot be entered. */
export const everyPath = (tree: RepositoryTree): readonly Place[] => {
  const places: Place[] = []
  const open = ['.']
  for (let directory = open.pop(); directory !== undefined; directory = open.pop())
    for (const name of tree.list(directory)) {
      const path = posix.join(directory, name)
      const kind = tree.entry(path)
      if (kind === 'directory') open.push(path)
      else if (kind !== undefined) places.push({ path, kind })
    }
  return places
}

/** The directories, sorted, in which one of the paths is named like a kustomization. */
export const directoriesWithKustomization = (places: readonly Place[]): readonly string[] => {
  const named = places.filter(({ path }) => kustomizationNames.includes(posix.basename(path)))
  return [...new Set(named.map(({ path }) => posix.dirname(path)))].sort()
}
