import posix from 'node:path/posix'
import type { RepositoryTree } from '../repository-tree.ts'

/** The name of an inventory; it stands beside the kustomization of an application path. */
export const inventoryName = 'sower-inventory.yaml'

/** The path of the inventory of an application path; undefined where there is none. */
export const inventoryIn = (tree: RepositoryTree, directory: string): string | undefined => {
  const path = posix.join(directory, inventoryName)
  return tree.entry(path) === undefined ? undefined : path
}
