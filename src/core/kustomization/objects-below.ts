import { textAt } from '../repository-tree.ts'
import type { RepositoryView } from './repository-view.ts'
import { countObjects, unsafeReferences } from './unsafe-references.ts'

/**
 * Counts about how many objects a root may render, after a look at all that it would make kustomize load: nothing of
 * it may lie outside of the repository. Throws the RefusedError of what stands in the way.
 */
export const objectsBelow = (view: RepositoryView, root: string): number => {
  let objects = 0
  const { reached, troubles } = view.walk(root)
  const unsafe = reached.flatMap(({ kustomization }) => unsafeReferences(view, kustomization))
  const [first] = [...troubles, ...unsafe]
  if (first) throw first
  for (const { targets } of reached)
    for (const { path, kind } of targets)
      if (kind === 'file') objects += countObjects(textAt(view, path))
  return objects
}
