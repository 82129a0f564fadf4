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
import type { RepositoryView } from '../kustomization/repository-view.ts'
import { textAt } from '../repository-tree.ts'
import type { Change } from '../change.ts'

/**
 * The inventories that list a cluster, as they become when it is detached. Throws RefusedError
 * INVENTORY_INVALID for one that names it and cannot be read.
 */
export const inventoriesWithout = (
  view: RepositoryView,
  detached: DetachedCluster,
): readonly Change[] =>
  changed(view, detached.cluster, inventory => withoutCluster(inventory, detached))

/** The inventories that call a cluster detached, as they become when it is back. Throws the same. */
export const inventoriesWith = (view: RepositoryView, cluster: string): readonly Change[] =>
  changed(view, cluster, inventory => withCluster(inventory, cluster))

const changed = (
  view: RepositoryView,
  cluster: string,
  change: (before: Inventory) => Inventory,
): readonly Change[] =>
  view
    .paths()
    .filter(({ path, kind }) => kind === 'file' && posix.basename(path) === inventoryName)
    .filter(({ path }) => textAt(view, path).includes(cluster))
    .flatMap(({ path }) => {
      const before = readInventory(view, path)
      const after = change(before)
      return after === before ? [] : [{ path, content: writeInventory(after) }]
    })
