import { textAt } from '../repository-tree.ts'
import type { RepositoryView } from './repository-view.ts'
import { refuseUnsafe } from './unsafe/refuse-unsafe.ts'
import { countObjects } from './unsafe/unsafe-references.ts'

/**
 * Counts about how many objects a root may render, where that is safe. Throws as refuseUnsafe does.
 */
export const objectsBelow = (view: RepositoryView, root: string): number => {
  let objects = 0
  for (const { targets } of refuseUnsafe(view, root))
    for (const { path, kind } of targets)
      if (kind === 'file') objects += countObjects(textAt(view, path))
  return objects
}
