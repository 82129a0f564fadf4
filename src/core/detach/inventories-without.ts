import posix from 'node:path/posix'
import {
  readInventory,
  withCluster,
  withoutCluster,
  writeInventory,
  type DetachedCluster,
  type Inventory,
} from './inventory.ts'
import { inventoryName } from './inventory-in.ts'
import { everyPath } from '../kustomization/every-path.ts'
import { textAt, type RepositoryTree } from '../repository-tree.ts'
import type { Change } from '../change.ts'

/**
 * The inventories that list a cluster, as they become when it is detached. Throws RefusedError
 * INVENTORY_INVALID for one that names it and cannot be read.
 */
export const inventoriesWithout = (
  tree: RepositoryTree,
  detached: DetachedCluster,
): readonly Change[] =>
  changed(tree, detached.cluster, inventory => withoutCluster(inventory, detached))

/** The inventories that call a cluster detached, as they become when it is back. Throws the same. */
export const inventoriesWith = (tree: RepositoryTree, cluster: string): readonly Change[] =>
  changed(tree, cluster, inventory => withCluster(inventory, cluster))

const changed = (
  tree: RepositoryTree,
  cluster: string,
  change: (before: Inventory) => Inventory,
): readonly Change[] =>
  everyPath(tree)
    .filter(({ path, kind }) => kind === 'file' && posix.basename(path) === inventoryName)
    .filter(({ path }) => textAt(tree, path).includes(cluster))
    .flatMap(({ path }) => {
      const before = readInventory(tree, path)
      const after = change(before)
      return after === before ? [] : [{ path, content: writeInventory(after) }]
    })
