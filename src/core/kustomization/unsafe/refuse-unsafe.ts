import type { RepositoryView } from '../repository-view.ts'
import { unsafeReferences } from './unsafe-references.ts'
import type { Reached } from '../walk.ts'

/**
 * Looks at all that kustomize would load for a root, before it starts: nothing of it may be fetched, lie outside of
 * the repository or be unreadable to Sower. Gives the kustomizations that the root reaches. Throws the first
 * RefusedError that stands in the way.
 */
export const refuseUnsafe = (view: RepositoryView, root: string): readonly Reached[] => {
  const { reached, troubles } = view.walk(root)
  // YAML in place of a path loads nothing by itself; what it names is among the references.
  const unsafe = troubles.filter(({ code }) => code !== 'ENTRY_INLINE')
  const [first] = [
    ...unsafe,
    ...reached.flatMap(({ kustomization }) => unsafeReferences(view, kustomization)),
  ]
  if (first) throw first
  return reached
}
