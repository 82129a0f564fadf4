import type { RepositoryTree } from '../repository-tree.ts'
import { everyPath, type Place } from './every-path.ts'
import { pathOf } from './follow-entry.ts'
import { outside, readDirectory, walkFrom, type ReadDirectory, type Walk } from './walk.ts'

/** A repository's tree that keeps what was read: it parses each kustomization and follows each root once. */
export type RepositoryView = RepositoryTree &
  Readonly<{
    /** Reads the kustomization of a directory and resolves its entries. */
    reach: ReadDirectory
    /**
     * Follows `resources`, `generators`, `bases` and `components` from a root, a directory relative to the
     * repository. Throws nothing: what cannot be followed is among the walk's troubles.
     */
    walk: (root: string) => Walk
    /** Lists all files and symbolic links. */
    paths: () => readonly Place[]
  }>

/** The same view for one piece of work: each file is read for the first question about it, and kept for the others. */
export const readingOnce = (view: RepositoryView): RepositoryView => {
  const kept = new Map<string, Uint8Array>()
  return {
    ...view,
    read: path => {
      const bytes = kept.get(path) ?? view.read(path)
      kept.set(path, bytes)
      return bytes
    },
  }
}

/** Creates the view of a tree that no longer changes. */
export const repositoryView = (tree: RepositoryTree): RepositoryView => {
  const directories = new Map<string, ReturnType<ReadDirectory>>()
  const walks = new Map<string, Walk>()
  let places: readonly Place[] | undefined
  const reach: ReadDirectory = directory => {
    const result = directories.get(directory) ?? readDirectory(tree, directory)
    directories.set(directory, result)
    return result
  }
  return {
    ...tree,
    reach,
    walk: root => {
      const directory = pathOf('.', root)
      const walk =
        walks.get(root) ??
        (directory === null ? outside(root) : { root, ...walkFrom(reach, [directory]) })
      walks.set(root, walk)
      return walk
    },
    paths: () => (places ??= everyPath(tree)),
  }
}
