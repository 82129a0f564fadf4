import { inventoriesWith } from '../../../core/detach/inventories-without.ts'
import { readInventory, writeInventory } from '../../../core/detach/inventory.ts'
import { planRestore } from '../../../core/detach/plan-restore.ts'
import { readRecord, seedPaths } from '../../../core/detach/seed-record.ts'
import { repositoryView } from '../../../core/kustomization/repository-view.ts'
import { readText } from '../../../core/repository-tree.ts'
import { sizeLimits } from '../../../core/size-limits.ts'
import { RefusedError } from '../../../errors.ts'
import type { Clone } from '../../clone/clone.ts'
import type { Step } from '../../clone/finish.ts'

/** A detach that is in the work tree only, which no Argo CD has seen: the committed files come back. */
export const takeBack = (
  { workTree, checkout, directory }: Clone,
  cluster: string,
): readonly Step[] => {
  const path = seedPaths(directory, cluster).record
  const tree = repositoryView(workTree.tree)
  const record =
    tree.entry(path) === 'file'
      ? readRecord(path, readText(tree, path, sizeLimits.settings))
      : undefined
  const committed = checkout.tree.entry(path) === 'file' ? readText(checkout.tree, path) : null
  if (!record?.detached || committed === readText(tree, path)) return []
  const changes = planRestore(tree, record, cluster)
  const isCommitted = changes.every(
    change => change.content === readText(checkout.tree, change.path),
  )
  if (!isCommitted)
    throw new RefusedError(
      'UNCOMMITTED_CHANGES',
      `reattaching ${cluster}: its detach is not committed, and its files have other changes too`,
      { fix: 'take the changes back with git' },
    )
  const message = `Reattach ${cluster}`
  // What is committed comes back as it was, down to its comments; other changes of a person stay.
  const inventories = inventoriesWith(tree, cluster).map(change =>
    checkout.tree.entry(change.path) === 'file' &&
    writeInventory(readInventory(checkout.tree, change.path)) === change.content
      ? { ...change, content: readText(checkout.tree, change.path) }
      : change,
  )
  return [
    {
      message,
      changes: [...changes, { path, content: committed }, ...inventories],
      takesBack: true,
    },
  ]
}
